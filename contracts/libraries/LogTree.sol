// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title LogTree
/// @notice Whether a longer log holds a shorter one unchanged as its beginning (RFC 6962 §2.1.2, RFC 9162 §2.1.4.2).
library LogTree {
    /// @notice Verifies a consistency proof between two states of one log.
    /// @dev Reads at most one hash for each level of the longer tree: whatever is left over makes the proof invalid.
    /// @param first Entries of the shorter log, at least 1
    /// @param firstRoot Its Merkle tree hash
    /// @param second Entries of the longer log, more than `first`
    /// @param secondRoot Its Merkle tree hash
    /// @param proof Hashes in the order of RFC 6962
    function isConsistent(
        uint64 first,
        bytes32 firstRoot,
        uint64 second,
        bytes32 secondRoot,
        bytes32[] calldata proof
    ) internal pure returns (bool) {
        if (first == 0 || first >= second || proof.length == 0) return false;
        // A shorter log of 2^k entries is itself a node of the longer tree: the proof leaves it out.
        bool whole = first & (first - 1) == 0;
        uint256 node = first - 1;
        uint256 last = second - 1;
        while (node & 1 == 1) (node, last) = (node >> 1, last >> 1);
        bytes32 old = whole ? firstRoot : proof[0];
        bytes32 grown = old;
        for (uint256 i = whole ? 0 : 1; i < proof.length; ++i) {
            if (last == 0) return false;
            if (node & 1 == 1 || node == last) {
                old = _node(proof[i], old);
                grown = _node(proof[i], grown);
                // The last node of a level that has no sibling rises unhashed.
                while (node & 1 == 0 && node != 0) (node, last) = (node >> 1, last >> 1);
            } else {
                grown = _node(grown, proof[i]);
            }
            (node, last) = (node >> 1, last >> 1);
        }
        return old == firstRoot && grown == secondRoot && last == 0;
    }

    /// @dev An inner node: SHA-256(0x01 ‖ left ‖ right).
    function _node(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0x01), left, right));
    }
}
