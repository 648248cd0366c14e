// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title Seats
/// @notice Sets of a panel's members as bits: bit i is member i.
library Seats {
    /// @notice The seat of a person; no bit for somebody else.
    function bitOf(address[5] memory members, address person) internal pure returns (uint8) {
        for (uint256 i = 0; i < 5; ++i) if (members[i] == person) return uint8(1 << i);
        return 0;
    }

    /// @notice Number of members in a set.
    function count(uint8 set) internal pure returns (uint256 number) {
        for (; set != 0; set &= set - 1) ++number;
    }
}
