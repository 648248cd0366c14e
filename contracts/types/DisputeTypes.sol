// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Contributor} from "../interfaces/ISlashing.sol";
import {Receipt, Ruling} from "./OrderTypes.sol";

/// @notice As whom somebody opened a dispute.
enum Party {
    None,
    Buyer,
    Custodian,
    Contributor
}

/// @notice `Open`, or how a dispute ended: three agreed; all spoke and no three agreed; too few were left to rule; the
/// ruling window passed. Only the first can refund.
enum DisputeState {
    None,
    Open,
    Ruled,
    Undecided,
    TooFewLeft,
    Silent
}

enum PanelState {
    None,
    Elected,
    Appointed,
    Retired
}

/// @notice The least bond of a dispute about an order in this token, in its smallest unit.
struct BondFloor {
    uint16 token;
    uint96 amount;
}

/// @notice What is fixed of a panel for its life: part of its code, in no storage.
/// @param escrow Whose orders it rules on
/// @param members Five people, in the order of their bits
/// @param stake What each must have at stake, in the stake token's smallest unit
/// @param termEnds Unix time from which anyone may retire the panel
/// @param floors Tokens of the orders it rules on; an amount of zero is no entry
struct PanelTerms {
    address escrow;
    address[5] members;
    uint128 stake;
    uint40 termEnds;
    BondFloor[4] floors;
}

/// @notice A dispute about one order, packed into two slots. Sets of members are bits: bit i is `members[i]`.
/// @param seats Members who may vote on it
/// @param ruling What three agreed on, once the state is `Ruled`
/// @param lied Members who voted that the executor lied
/// @param punished Whether the executor was punished for it
struct Dispute {
    address opener;
    Party party;
    DisputeState state;
    uint40 openedAt;
    uint8 seats;
    uint8 none;
    uint8 pay;
    uint8 refund;
    uint8 lied;
    Ruling ruling;
    bool punished;
    uint128 bond;
}

/// @notice Shows that a subject is counted in a receipt.
/// @param receipt The order's receipt
/// @param signature The executor's, over the receipt
/// @param contributor A leaf of the receipt's contributors root
/// @param proof From the leaf up to the root
struct Membership {
    Receipt receipt;
    bytes signature;
    Contributor contributor;
    bytes32[] proof;
}

/// @notice A contributor opens a dispute through somebody who sends it (EIP-712).
/// @param evidence SHA-256 of the first evidence
/// @param maxBond The highest bond that the contributor agrees to
struct DisputeOpening {
    bytes32 order;
    address subject;
    bytes32 evidence;
    uint128 maxBond;
}
