// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title BasisPoints
/// @notice Shares in basis points, rounded down: what rounding leaves is never charged.
library BasisPoints {
    uint256 internal constant WHOLE_BPS = 10_000;

    function part(uint256 amount, uint16 bps) internal pure returns (uint256) {
        return (amount * bps) / WHOLE_BPS;
    }
}
