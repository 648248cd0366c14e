// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {RewardLeaf} from "../types/RewardTypes.sol";

/// @title SumTree
/// @notice Checks places in a Merkle-sum tree whose nodes are `bytes32 hash ‖ uint128 sum`.
/// @dev A leaf's hash is hashed twice and an inner node's preimage is 96 bytes, so neither passes for the other. A level
/// with an odd number of nodes has an empty one (all zeros) to the right of the last. All places under one root add up to
/// the root's sum: what a proof takes from a sibling is part of the hash that the sibling's own leaves must lead to.
library SumTree {
    uint256 internal constant NODE_BYTES = 48;

    /// @notice Levels above the leaves.
    function depthOf(uint256 count) internal pure returns (uint256) {
        return count <= 1 ? 0 : Math.log2(count - 1) + 1;
    }

    /// @notice keccak256(keccak256(abi.encode(leaf))).
    /// @dev The three words as they came: one with dirty high bits is no leaf that a builder would make, and reading its
    /// member reverts.
    function hashLeaf(RewardLeaf calldata leaf) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let words := mload(0x40)
            calldatacopy(words, leaf, 96)
            mstore(0x00, keccak256(words, 96))
            hash := keccak256(0x00, 32)
        }
    }

    /// @notice Whether a node stands at its place under a root.
    /// @param total The root's sum, which fits 128 bits
    /// @param index The node's place in its level
    /// @param levels Levels from the node up to the root
    /// @param siblings One node for each level, from below
    function verify(
        bytes32 root,
        uint256 total,
        bytes32 hash,
        uint256 sum,
        uint256 index,
        uint256 levels,
        bytes calldata siblings
    ) internal pure returns (bool valid) {
        if (siblings.length != levels * NODE_BYTES || index >> levels != 0) return false;
        assembly ("memory-safe") {
            // Scratch beyond the free memory pointer. A sum beyond 128 bits would be cut in the preimage, but sums only
            // rise on the way, so it cannot end at the total, which fits.
            let pair := mload(0x40)
            let end := add(siblings.offset, siblings.length)
            for {
                let at := siblings.offset
            } lt(at, end) {
                at := add(at, 48)
            } {
                switch and(index, 1)
                case 0 {
                    mstore(pair, hash)
                    mstore(add(pair, 32), shl(128, sum))
                    calldatacopy(add(pair, 48), at, 48)
                }
                default {
                    calldatacopy(pair, at, 48)
                    mstore(add(pair, 48), hash)
                    mstore(add(pair, 80), shl(128, sum))
                }
                hash := keccak256(pair, 96)
                sum := add(sum, shr(128, calldataload(add(at, 32))))
                index := shr(1, index)
            }
            valid := and(eq(hash, root), eq(sum, total))
        }
    }

    /// @notice Node `place` of a level's nodes. The caller knows that it is there.
    function nodeAt(bytes calldata nodes, uint256 place) internal pure returns (bytes32 hash, uint256 sum) {
        assembly ("memory-safe") {
            let at := add(nodes.offset, mul(place, 48))
            hash := calldataload(at)
            sum := shr(128, calldataload(add(at, 32)))
        }
    }

    /// @notice The node above a whole level of 2^k nodes. Above two empty nodes stands an empty one.
    /// @param nodes The level's nodes, 48 bytes each
    /// @return hash Zero for a number of nodes that is no power of two, or a sum beyond 128 bits
    function fold(bytes calldata nodes) internal pure returns (bytes32 hash, uint256 sum) {
        uint256 count = nodes.length / NODE_BYTES;
        if (count == 0 || count & (count - 1) != 0 || nodes.length != count * NODE_BYTES) return (0, 0);
        bool fits = true;
        assembly ("memory-safe") {
            // Two words a node beyond the free memory pointer; a level's parents overwrite it from the left.
            let level := mload(0x40)
            let pair := add(level, mul(count, 64))
            for {
                let i := 0
            } lt(i, count) {
                i := add(i, 1)
            } {
                let at := add(nodes.offset, mul(i, 48))
                let node := add(level, mul(i, 64))
                mstore(node, calldataload(at))
                mstore(add(node, 32), shr(128, calldataload(add(at, 32))))
            }
            for {} gt(count, 1) {
                count := shr(1, count)
            } {
                for {
                    let i := 0
                } lt(i, count) {
                    i := add(i, 2)
                } {
                    let left := add(level, mul(i, 64))
                    hash := mload(left)
                    sum := mload(add(left, 32))
                    let right := mload(add(left, 64))
                    let rightSum := mload(add(left, 96))
                    if or(or(hash, sum), or(right, rightSum)) {
                        mstore(pair, hash)
                        mstore(add(pair, 32), shl(128, sum))
                        mstore(add(pair, 48), right)
                        mstore(add(pair, 80), shl(128, rightSum))
                        hash := keccak256(pair, 96)
                    }
                    sum := add(sum, rightSum)
                    fits := and(fits, iszero(shr(128, sum)))
                    let parent := add(level, mul(i, 32))
                    mstore(parent, hash)
                    mstore(add(parent, 32), sum)
                }
            }
            hash := mload(level)
            sum := mload(add(level, 32))
        }
        if (!fits) return (0, 0);
    }
}
