// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {VestingWallet} from "@openzeppelin/contracts/finance/VestingWallet.sol";

/// @title GenesisLock
/// @notice A locked part of the genesis allocation: OpenZeppelin's vesting wallet, whose first day is counted from the
/// deployment, so that no clock but the chain's decides. It delegates to nobody: what is locked in it does not vote.
contract GenesisLock is VestingWallet {
    /// @param beneficiary Who gets what vests; anyone may call `release`
    /// @param delay Seconds in which nothing vests
    /// @param period Seconds after that in which the rest vests evenly
    constructor(
        address beneficiary,
        uint64 delay,
        uint64 period
    ) VestingWallet(beneficiary, uint64(block.timestamp) + delay, period) {}
}
