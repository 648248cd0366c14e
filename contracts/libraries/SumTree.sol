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
    function hashLeaf(RewardLeaf calldata leaf) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(leaf))));
    }

    /// @notice Whether a node stands at its place under a root.
    /// @param total The root's sum
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
            // Scratch beyond the free memory pointer: the left node is written first, since its last word reaches into
            // the right one's place.
            let pair := mload(0x40)
            let fits := 1
            let end := add(siblings.offset, siblings.length)
            for {
                let at := siblings.offset
            } lt(at, end) {
                at := add(at, 48)
            } {
                let siblingSum := shr(128, calldataload(add(at, 32)))
                switch and(index, 1)
                case 0 {
                    mstore(pair, hash)
                    mstore(add(pair, 32), shl(128, sum))
                    mstore(add(pair, 48), calldataload(at))
                    mstore(add(pair, 80), shl(128, siblingSum))
                }
                default {
                    mstore(pair, calldataload(at))
                    mstore(add(pair, 32), shl(128, siblingSum))
                    mstore(add(pair, 48), hash)
                    mstore(add(pair, 80), shl(128, sum))
                }
                hash := keccak256(pair, 96)
                sum := add(sum, siblingSum)
                fits := and(fits, iszero(shr(128, sum)))
                index := shr(1, index)
            }
            valid := and(fits, and(eq(hash, root), eq(sum, total)))
        }
    }
}
