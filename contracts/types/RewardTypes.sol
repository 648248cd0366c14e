// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice What a dataset's gateways state about everything its contributors ever earned in one token (EIP-712).
/// @param epoch Number of the block up to which events count
/// @param root Root hash of the Merkle-sum tree over the leaves
/// @param total Sum of the leaves' cumulative amounts
/// @param count Number of leaves
/// @param leafFile SHA-256 of the public file that holds them
struct RewardRoot {
    uint256 dataset;
    address token;
    uint40 epoch;
    bytes32 root;
    uint128 total;
    uint32 count;
    bytes32 leafFile;
}

/// @notice A leaf of the tree, sorted by subject.
/// @param cumulative Everything the subject ever earned, claimed or not
/// @param lapsed The part of it that nobody took over in time
struct RewardLeaf {
    address subject;
    uint128 cumulative;
    uint128 lapsed;
}

/// @notice A leaf with its place.
/// @param index Its place among the leaves, from 0
/// @param siblings For each level from the leaf up the sibling node, 48 bytes: `bytes32 hash ‖ uint128 sum`
struct RewardProof {
    RewardLeaf leaf;
    uint32 index;
    bytes siblings;
}

/// @notice One of the sender's own claims, paid to the sender.
struct OwnClaim {
    uint256 dataset;
    address token;
    RewardProof proof;
}

/// @notice A claim paid to any address; signed by the subject or who controls it (EIP-712).
/// @param to Receiver
/// @param upTo Cumulative amount up to which this signature pays; it pays each unit once
/// @param deadline Unix time after which it is void
struct Claim {
    uint256 dataset;
    address token;
    address subject;
    address to;
    uint128 upTo;
    uint40 deadline;
}

/// @notice A signed claim within a batch, with its proof up to the batch's upper nodes. Dataset and token are the batch's.
/// @param siblings Proof from the leaf up to the node of `tops` that it stands under
/// @param signature By the subject or who controls it, over the `Claim`
struct RelayedClaim {
    RewardLeaf leaf;
    uint32 index;
    address to;
    uint128 upTo;
    uint40 deadline;
    bytes siblings;
    bytes signature;
}

/// @notice A node of the tree that is not the sum of what lies below it.
/// @param level Its height above the leaves
/// @param index Its place in its level
/// @param hash Its hash, as the node above commits to it
/// @param sum Its sum, as the node above commits to it
/// @param siblings Proof from the node up
/// @param preimage At level 0 the leaf as `abi.encode(subject, cumulative, lapsed)`; else its two children, 48 bytes each
struct SumFault {
    uint8 level;
    uint32 index;
    bytes32 hash;
    uint128 sum;
    bytes siblings;
    bytes preimage;
}

/// @notice Why a root was voided.
enum RootFault {
    Decrease,
    Omission,
    Disorder,
    WrongSum,
    Unavailable
}

/// @notice A root as it is held, in two slots.
/// @param hash Root hash; zero where there is none
/// @param claimableAt Unix time at which the window for challenges ends
/// @param challenges Availability challenges that wait for an answer
struct HeldRoot {
    bytes32 hash;
    uint128 total;
    uint32 count;
    uint40 epoch;
    uint40 claimableAt;
    uint16 challenges;
}

/// @notice A demand to show one leaf.
/// @param challenger Who put up the bond; zero once answered
/// @param answerBy Unix time of the last answer
struct AvailabilityChallenge {
    address challenger;
    uint40 answerBy;
}
