// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {LogCheckpoints} from "../../../contracts/LogCheckpoints.sol";
import {Checkpoint} from "../../../contracts/types/LogTypes.sol";
import {GatewaySignature} from "../../../contracts/types/OrderTypes.sol";
import {Base} from "./Base.sol";
import {Digests} from "./Digests.sol";
import {NaiveLog} from "./NaiveLog.sol";

/// @title Checkpoints
/// @notice Logs of known entries and their signed checkpoints.
abstract contract Checkpoints is Base {
    LogCheckpoints internal logs;

    function setUp() public virtual override {
        super.setUp();
        logs = new LogCheckpoints(gateways);
    }

    /// @dev The first `size` entries of the log called `name`.
    function entries(string memory name, uint256 size) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](size);
        for (uint256 i = 0; i < size; ++i) leaves[i] = NaiveLog.leaf(abi.encode(name, i));
    }

    function rootOf(string memory name, uint64 size) internal pure returns (bytes32) {
        return NaiveLog.root(entries(name, size), 0, size);
    }

    function checkpoint(
        uint16 gateway,
        string memory name,
        uint64 size
    ) internal pure returns (Checkpoint memory) {
        return Checkpoint(gateway, size, rootOf(name, size));
    }

    function proof(string memory name, uint64 from, uint64 to) internal pure returns (bytes32[] memory) {
        return from == 0 ? new bytes32[](0) : NaiveLog.proof(entries(name, to), from, to);
    }

    function signedBy(uint16 gateway, Checkpoint memory c) internal view returns (bytes memory) {
        return signature(SIGNER_KEY + gateway, Digests.checkpoint(c, address(logs)));
    }

    function signed(
        Checkpoint memory c,
        uint16 first,
        uint16 second
    ) internal view returns (GatewaySignature[] memory list) {
        list = new GatewaySignature[](2);
        list[0] = GatewaySignature(first, signedBy(first, c));
        list[1] = GatewaySignature(second, signedBy(second, c));
    }

    /// @dev Gateway 1 posts the first `to` entries of a log of which the first `from` are posted.
    function post(string memory name, uint64 from, uint64 to) internal {
        Checkpoint memory c = checkpoint(1, name, to);
        logs.post(c, signed(c, 1, 2), proof(name, from, to));
    }
}
