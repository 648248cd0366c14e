// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Cfg} from "../../../contracts/types/AssetTypes.sol";
import {Gateway, GatewayStatus} from "../../../contracts/types/GatewayTypes.sol";

/// @notice A contract account whose owner's key signs for it (ERC-1271).
contract ContractAccount is IERC1271 {
    address public immutable owner;

    constructor(address owner_) {
        owner = owner_;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        return ECDSA.recover(hash, signature) == owner ? IERC1271.isValidSignature.selector : bytes4(0);
    }

    function call(address target, bytes calldata data) external returns (bytes memory result) {
        bool ok;
        (ok, result) = target.call(data);
        require(ok, "call failed");
    }
}

/// @notice A contract account that burns whatever gas it is given instead of answering.
contract BurningAccount is IERC1271 {
    uint256 private _sink;

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        uint256 sum;
        while (true) sum += _sink + gasleft();
        return bytes4(uint32(sum));
    }
}

/// @notice A contract account that answers with as much data as its gas pays for.
contract FloodingAccount is IERC1271 {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        assembly {
            return(0, 100000)
        }
    }
}

/// @notice What the consent registry asks of the asset and gateway registries: one gateway keeps every dataset.
contract Custody {
    address private immutable _operator;

    constructor(address operator) {
        _operator = operator;
    }

    function cfgOf(uint256) external pure returns (Cfg memory cfg) {
        cfg.custodian = 1;
    }

    function gatewayOf(uint16) external view returns (Gateway memory gateway) {
        gateway.operator = _operator;
        gateway.status = GatewayStatus.Active;
    }
}
