// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Cfg} from "../../../contracts/types/AssetTypes.sol";
import {Controller} from "../../../contracts/types/ConsentTypes.sol";

/// @notice What rewards ask of three registries, for one set of two gateways and nobody who has taken over: enough for
/// models that never look at the registries themselves.
contract RewardRegistries {
    address[3] private _signers;

    constructor(address first, address second) {
        (_signers[1], _signers[2]) = (first, second);
    }

    function cfgOf(uint256) external pure returns (Cfg memory cfg) {
        cfg.gatewaySet = 1;
    }

    function thresholdOf(uint24) external pure returns (uint8) {
        return 2;
    }

    function signerIn(uint24, uint16 gateway) external view returns (bool member, address signer) {
        member = gateway == 1 || gateway == 2;
        if (member) signer = _signers[gateway];
    }

    function controllerOf(uint256, address subject) external pure returns (address) {
        return subject;
    }

    function provisionalOf(uint256, address codeKey) external pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode(codeKey)))));
    }

    function handOverOf(uint256, address) external pure returns (Controller memory none) {}
}
