// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Checkpoint} from "../types/LogTypes.sol";
import {GatewaySignature} from "../types/OrderTypes.sol";

/// @title ILogCheckpoints
/// @notice The latest state of each gateway's transparency log. A log can only grow: each checkpoint comes with an
/// RFC 6962 proof that the one before it is its beginning. Nobody administers this contract.
interface ILogCheckpoints {
    event CheckpointPosted(uint16 indexed gateway, uint64 size, bytes32 root, uint16[] signers);
    event EquivocationProven(
        uint16 indexed gateway,
        uint64 size,
        bytes32 firstRoot,
        bytes32 secondRoot,
        address indexed reporter
    );

    /// @notice Posts a checkpoint. Anyone may call it with the signatures.
    /// @param checkpoint Longer than the gateway's latest
    /// @param signatures The gateway's own and those of one or more other active gateways, rising by gateway
    /// @param proof Consistency proof from the latest checkpoint; empty for a gateway's first
    function post(
        Checkpoint calldata checkpoint,
        GatewaySignature[] calldata signatures,
        bytes32[] calldata proof
    ) external;

    /// @notice Records that a gateway signed two different logs of one size. Also against a removed gateway.
    /// @param reporter Who is to be rewarded if the gateway has a stake
    function proveEquivocation(
        Checkpoint calldata first,
        bytes calldata firstSignature,
        Checkpoint calldata second,
        bytes calldata secondSignature,
        address reporter
    ) external;

    /// @notice The latest checkpoint and the Unix time of its posting; zeros while there is none.
    function latestOf(uint16 gateway) external view returns (uint64 size, bytes32 root, uint40 postedAt);

    /// @notice Who proved that the gateway signed two logs of this size; zero while nobody did.
    function equivocationOf(uint16 gateway, uint64 size) external view returns (address reporter);

    function hashCheckpoint(Checkpoint calldata checkpoint) external view returns (bytes32);
}
