// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice The state of a gateway's transparency log at one moment, signed by the gateway (EIP-712).
/// @param gateway The gateway that writes the log
/// @param size Number of entries
/// @param root Merkle tree hash of the entries (RFC 6962 §2.1, SHA-256)
struct Checkpoint {
    uint16 gateway;
    uint64 size;
    bytes32 root;
}
