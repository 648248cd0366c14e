// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Order, Receipt} from "../types/OrderTypes.sol";
import {IAccessEscrow} from "./IAccessEscrow.sol";

/// @notice What a proof can show.
enum Offence {
    TwoReceipts,
    DeniedContributor,
    Equivocation
}

/// @notice A subject in a cohort: the leaf of a receipt's contributors root.
struct Contributor {
    address subject;
    uint32 weight;
}

/// @title ISlashing
/// @notice Takes a part of a gateway's stake for what a proof shows, and for nothing else. Anyone may report: a part of what
/// is taken is the reporter's, the rest goes to the commons; both wait in `Payouts`. Each offence counts once. Nobody
/// administers this contract; nobody decides here.
interface ISlashing {
    /// @param id Names the offence: the same wrong is not punished twice
    event Slashed(
        uint16 indexed gateway,
        Offence indexed offence,
        bytes32 indexed id,
        address reporter,
        uint256 amount,
        uint256 reward
    );

    /// @notice A gateway signed two different receipts for one order at one consent block. Signatures over blocks that
    /// carry one number and different hashes are no offence: a reorganisation lets an honest gateway sign again.
    /// @param escrow Where the order is or was
    function reportTwoReceipts(
        IAccessEscrow escrow,
        uint16 gateway,
        Receipt calldata first,
        bytes calldata firstSignature,
        Receipt calldata second,
        bytes calldata secondSignature
    ) external returns (uint256 amount);

    /// @notice A gateway signed a receipt that counts someone in whose slot said no at the consent block. It is shown by
    /// the slot of today, which must be no younger than that block; a slot that was never written proves nothing, since
    /// then the version's leaf speaks. The consent block must be on this chain: within reach of block hashes, or in a
    /// receipt whose hash the escrow holds.
    /// @param proof From the contributor up to the receipt's contributors root
    function reportDeniedContributor(
        IAccessEscrow escrow,
        uint16 gateway,
        Order calldata order,
        Receipt calldata receipt,
        bytes calldata signature,
        Contributor calldata contributor,
        bytes32[] calldata proof
    ) external returns (uint256 amount);

    /// @notice A gateway signed two logs of one size, as `LogCheckpoints` has recorded. The reward is that reporter's.
    function reportEquivocation(uint16 gateway, uint64 size) external returns (uint256 amount);

    /// @notice Whether an offence was punished.
    function isPunished(bytes32 id) external view returns (bool);

    /// @notice Name of an offence about an order: one for each gateway, order and consent block.
    function orderOffenceId(
        Offence offence,
        uint16 gateway,
        bytes32 order,
        bytes32 consentBlockHash
    ) external pure returns (bytes32);

    function equivocationId(uint16 gateway, uint64 size) external pure returns (bytes32);
}
