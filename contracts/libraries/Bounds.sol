// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Errors} from "./Errors.sol";

/// @title Bounds
/// @notice What a vote may set: a value between two constants. On a local chain, and there alone, periods may be short,
/// so that a vote runs to its end while one watches.
library Bounds {
    uint256 internal constant LOCAL_CHAIN_ID = 31337;

    /// @notice Reverts unless least ≤ value ≤ most.
    function check(uint256 value, uint256 least, uint256 most) internal pure {
        if (value < least || value > most) revert Errors.Bounds_Exceeded(value, least, most);
    }

    /// @notice The same for a period in seconds, of which one second is the least on a local chain.
    function checkPeriod(uint256 value, uint256 least, uint256 most) internal view {
        check(value, block.chainid == LOCAL_CHAIN_ID ? 1 : least, most);
    }
}
