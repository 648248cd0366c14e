// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IGatewayRegistry} from "./interfaces/IGatewayRegistry.sol";
import {ILogCheckpoints} from "./interfaces/ILogCheckpoints.sol";
import {Errors} from "./libraries/Errors.sol";
import {LogTree} from "./libraries/LogTree.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {Checkpoint} from "./types/LogTypes.sol";
import {GatewaySignature} from "./types/OrderTypes.sol";

/// @title LogCheckpoints
/// @notice See `ILogCheckpoints`, which holds the rules.
contract LogCheckpoints is ILogCheckpoints, EIP712 {
    struct Latest {
        bytes32 root;
        uint64 size;
        uint40 postedAt;
    }

    bytes32 public constant CHECKPOINT_TYPEHASH = keccak256(
        "Checkpoint(uint16 gateway,uint64 size,bytes32 root)"
    );
    /// @notice The gateway itself and one other.
    uint256 public constant MIN_SIGNERS = 2;
    /// @notice Bounds the work of one call; the size of the largest gateway set.
    uint256 public constant MAX_SIGNERS = 14;

    IGatewayRegistry public immutable gateways;

    mapping(uint16 gateway => Latest) private _latest;
    mapping(uint16 gateway => mapping(uint64 size => address reporter)) private _equivocations;

    constructor(IGatewayRegistry gateways_) EIP712("Salus LogCheckpoints", "1") {
        gateways = gateways_;
    }

    /// @inheritdoc ILogCheckpoints
    function post(
        Checkpoint calldata checkpoint,
        GatewaySignature[] calldata signatures,
        bytes32[] calldata proof
    ) external {
        // Check
        Latest storage latest = _latest[checkpoint.gateway];
        _checkGrowth(latest, checkpoint, proof);
        uint16[] memory signers = _checkSigners(checkpoint, signatures);
        // Effect
        latest.root = checkpoint.root;
        latest.size = checkpoint.size;
        latest.postedAt = uint40(block.timestamp);
        emit CheckpointPosted(checkpoint.gateway, checkpoint.size, checkpoint.root, signers);
    }

    /// @inheritdoc ILogCheckpoints
    function proveEquivocation(
        Checkpoint calldata first,
        bytes calldata firstSignature,
        Checkpoint calldata second,
        bytes calldata secondSignature,
        address reporter
    ) external {
        // Check
        uint16 gateway = first.gateway;
        uint64 size = first.size;
        if (reporter == address(0)) revert Errors.LogCheckpoints_AddressZero();
        if (second.gateway != gateway || second.size != size || second.root == first.root) {
            revert Errors.LogCheckpoints_NotEquivocation();
        }
        if (_equivocations[gateway][size] != address(0)) {
            revert Errors.LogCheckpoints_AlreadyProven(gateway, size);
        }
        // What a gateway signed stays its word after it was removed.
        address signer = gateways.gatewayOf(gateway).signer;
        _checkSignature(gateway, signer, first, firstSignature);
        _checkSignature(gateway, signer, second, secondSignature);
        // Effect
        _equivocations[gateway][size] = reporter;
        emit EquivocationProven(gateway, size, first.root, second.root, reporter);
    }

    /// @inheritdoc ILogCheckpoints
    function latestOf(uint16 gateway) external view returns (uint64 size, bytes32 root, uint40 postedAt) {
        Latest storage latest = _latest[gateway];
        return (latest.size, latest.root, latest.postedAt);
    }

    /// @inheritdoc ILogCheckpoints
    function equivocationOf(uint16 gateway, uint64 size) external view returns (address reporter) {
        return _equivocations[gateway][size];
    }

    /// @inheritdoc ILogCheckpoints
    function hashCheckpoint(Checkpoint calldata checkpoint) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(CHECKPOINT_TYPEHASH, checkpoint)));
    }

    function _checkGrowth(
        Latest storage latest,
        Checkpoint calldata checkpoint,
        bytes32[] calldata proof
    ) private view {
        uint64 size = latest.size;
        if (checkpoint.size == 0) revert Errors.LogCheckpoints_Empty();
        if (checkpoint.size < size) revert Errors.LogCheckpoints_Shrunk(size, checkpoint.size);
        if (checkpoint.size == size) {
            if (checkpoint.root == latest.root) revert Errors.LogCheckpoints_AlreadyPosted(size);
            revert Errors.LogCheckpoints_Forked(size, latest.root, checkpoint.root);
        }
        bool consistent =
            size == 0
                ? proof.length == 0
                : LogTree.isConsistent(size, latest.root, checkpoint.size, checkpoint.root, proof);
        if (!consistent) revert Errors.LogCheckpoints_Inconsistent(size, checkpoint.size);
    }

    /// @dev Every signature must be good, as in the escrow: a bad one is a fault of the submitter.
    function _checkSigners(
        Checkpoint calldata checkpoint,
        GatewaySignature[] calldata signatures
    ) private view returns (uint16[] memory signers) {
        uint256 count = signatures.length;
        if (count < MIN_SIGNERS || count > MAX_SIGNERS) {
            revert Errors.LogCheckpoints_SignerCountInvalid(MIN_SIGNERS, MAX_SIGNERS, count);
        }
        signers = new uint16[](count);
        uint16 previous = 0;
        bool own = false;
        for (uint256 i = 0; i < count; ++i) {
            uint16 gateway = signatures[i].gateway;
            if (gateway <= previous) revert Errors.LogCheckpoints_SignersNotSorted(previous, gateway);
            _checkSignature(gateway, gateways.activeSigner(gateway), checkpoint, signatures[i].signature);
            if (gateway == checkpoint.gateway) own = true;
            signers[i] = gateway;
            previous = gateway;
        }
        if (!own) revert Errors.LogCheckpoints_OwnSignatureMissing(checkpoint.gateway);
    }

    function _checkSignature(
        uint16 gateway,
        address signer,
        Checkpoint calldata checkpoint,
        bytes calldata signature
    ) private view {
        if (signer == address(0) || !Signatures.isValid(signer, hashCheckpoint(checkpoint), signature)) {
            revert Errors.LogCheckpoints_SignatureInvalid(gateway);
        }
    }
}
