// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {RewardLeaf, RewardProof} from "../../../contracts/types/RewardTypes.sol";

/// @title SumTrees
/// @notice Merkle-sum trees by their definition, halves of a power of two with empty nodes where nothing is: apart from
/// the contract's check and from the builder.
library SumTrees {
    struct Node {
        bytes32 hash;
        uint128 sum;
    }

    function leafNode(RewardLeaf memory leaf) internal pure returns (Node memory) {
        bytes32 once = keccak256(abi.encode(leaf.subject, uint256(leaf.cumulative), uint256(leaf.lapsed)));
        return Node(keccak256(abi.encodePacked(once)), leaf.cumulative);
    }

    function parent(Node memory left, Node memory right) internal pure returns (Node memory) {
        return Node(keccak256(children(left, right)), left.sum + right.sum);
    }

    function children(Node memory left, Node memory right) internal pure returns (bytes memory) {
        return abi.encodePacked(left.hash, left.sum, right.hash, right.sum);
    }

    function width(uint256 count) internal pure returns (uint256 size) {
        size = 1;
        while (size < count) size *= 2;
    }

    function subtree(
        RewardLeaf[] memory leaves,
        uint256 from,
        uint256 size
    ) internal pure returns (Node memory) {
        if (from >= leaves.length) return Node(0, 0);
        if (size == 1) return leafNode(leaves[from]);
        return parent(subtree(leaves, from, size / 2), subtree(leaves, from + size / 2, size / 2));
    }

    function root(RewardLeaf[] memory leaves) internal pure returns (Node memory) {
        return subtree(leaves, 0, width(leaves.length));
    }

    function prove(RewardLeaf[] memory leaves, uint256 index) internal pure returns (RewardProof memory) {
        bytes memory siblings;
        for (uint256 size = 1; size < width(leaves.length); size *= 2) {
            Node memory sibling = subtree(leaves, ((index / size) ^ 1) * size, size);
            siblings = abi.encodePacked(siblings, sibling.hash, sibling.sum);
        }
        return RewardProof(leaves[index], uint32(index), siblings);
    }
}
