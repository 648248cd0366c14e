// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {OrderKind} from "./OrderTypes.sol";

enum MandateState {
    None,
    Open,
    Closed
}

/// @notice A standing order: what its runs have in common. Its EIP-712 digest is the mandate's id. All members are
/// static, so `abi.encode(TYPEHASH, mandate)` is EIP-712's `encodeData`.
/// @param afterVersion Runs are for versions above this one
/// @param job Job commitment of every run; the buyer hands the job in once
/// @param recipientKey Key to which every run's result is sealed
/// @param termsHash Runs are for versions under these terms only
/// @param token Index of the allow-listed token that was prepaid
/// @param maxPrice Most that one run may cost
/// @param maxFee Highest protocol fee of one run
/// @param privacyCap Largest privacy cost of one run
/// @param arbitrator Arbitrator of every run, or zero
/// @param runs How many runs are prepaid
/// @param interval Least seconds between two runs, so that nobody uses a mandate up by a burst of versions
/// @param until Last second at which a run may be funded
struct Mandate {
    address buyer;
    bytes32 salt;
    uint256 asset;
    uint16 afterVersion;
    OrderKind kind;
    uint128 uses;
    uint16 country;
    bytes32 disease;
    bytes32 project;
    bytes32 job;
    bytes32 recipientKey;
    bytes32 termsHash;
    uint16 token;
    uint96 maxPrice;
    uint96 maxFee;
    uint64 privacyCap;
    address arbitrator;
    uint16 runs;
    uint32 interval;
    uint40 until;
}

/// @notice What changes of a mandate, packed into one slot (208 of 256 bits).
/// @param runs Runs funded so far
/// @param version Version of the last run, or `afterVersion`
/// @param ranAt When the last run was funded
/// @param balance What is unspent, in the token's smallest unit
struct MandateStatus {
    MandateState state;
    uint16 runs;
    uint16 version;
    uint40 ranAt;
    uint128 balance;
}

/// @notice The buyer ends a mandate (EIP-712).
struct Cancellation {
    bytes32 mandate;
}
