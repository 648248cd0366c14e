// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {GatewayStakes} from "./GatewayStakes.sol";
import {IGatewayRegistry} from "./interfaces/IGatewayRegistry.sol";
import {Errors} from "./libraries/Errors.sol";
import {Gateway, GatewayStatus} from "./types/GatewayTypes.sol";

/// @title GatewayRegistry
/// @notice See `IGatewayRegistry`, which holds the rules.
contract GatewayRegistry is IGatewayRegistry, GatewayStakes {
    uint256 public constant MAX_SET_SIZE = 14;

    uint16 public gatewayCount;
    uint24 public setCount;

    mapping(uint16 gateway => Gateway) private _gateways;
    /// @dev A key signs for one gateway only, for ever: else one signer could count as several of a threshold.
    mapping(address signer => bool) private _signers;
    /// @dev One slot a set: members as 14 × uint16 from the lowest bits, then size8 and threshold8.
    mapping(uint24 gatewaySet => uint256 packed) private _sets;

    constructor(
        address authority,
        address stakeToken,
        uint32 withdrawalDelay
    ) AccessManaged(authority) GatewayStakes(stakeToken, withdrawalDelay) {}

    /*//////////////////////////////////////////////////////////////
                               BY VOTE
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IGatewayRegistry
    function admit(
        address operator,
        address signer,
        bytes32 sealingKey,
        string calldata name,
        string calldata url
    ) external restricted returns (uint16 index) {
        if (operator == address(0) || signer == address(0) || sealingKey == 0) {
            revert Errors.GatewayRegistry_AddressZero();
        }
        if (_signers[signer]) revert Errors.GatewayRegistry_SignerKnown(signer);
        _signers[signer] = true;
        index = ++gatewayCount;
        _gateways[index] = Gateway(signer, GatewayStatus.Active, operator, sealingKey);
        emit GatewayAdmitted(index, operator, signer, sealingKey, name, url);
    }

    /// @inheritdoc IGatewayRegistry
    function remove(uint16 gateway) external restricted {
        if (_gateways[gateway].status != GatewayStatus.Active)
            revert Errors.GatewayRegistry_NotActive(gateway);
        _gateways[gateway].status = GatewayStatus.Removed;
        emit GatewayRemoved(gateway);
    }

    /*//////////////////////////////////////////////////////////////
                             BY OPERATORS
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IGatewayRegistry
    function setUrl(uint16 gateway, string calldata url) external {
        if (_gateways[gateway].operator != msg.sender) {
            revert Errors.GatewayRegistry_NotOperator(gateway, msg.sender);
        }
        emit GatewayUrlChanged(gateway, url);
    }

    /*//////////////////////////////////////////////////////////////
                                 SETS
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IGatewayRegistry
    function createSet(uint16[] calldata members, uint8 threshold) external returns (uint24 gatewaySet) {
        uint256 size = members.length;
        if (size == 0 || size > MAX_SET_SIZE) revert Errors.GatewayRegistry_SetSizeInvalid(size);
        if (threshold == 0 || threshold > size)
            revert Errors.GatewayRegistry_ThresholdInvalid(threshold, size);
        uint256 packed = (size << 224) | (uint256(threshold) << 232);
        uint16 previous = 0;
        for (uint256 i = 0; i < size; ++i) {
            uint16 member = members[i];
            if (member <= previous) revert Errors.GatewayRegistry_SetNotSorted(previous, member);
            if (_gateways[member].status != GatewayStatus.Active)
                revert Errors.GatewayRegistry_NotActive(member);
            _requireMinimumStake(member);
            packed |= uint256(member) << (16 * i);
            previous = member;
        }
        gatewaySet = ++setCount;
        _sets[gatewaySet] = packed;
        emit GatewaySetCreated(gatewaySet, members, threshold);
    }

    /*//////////////////////////////////////////////////////////////
                                 VIEWS
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IGatewayRegistry
    function gatewayOf(uint16 gateway) external view returns (Gateway memory) {
        return _gateways[gateway];
    }

    /// @inheritdoc IGatewayRegistry
    function activeSigner(uint16 gateway) public view returns (address) {
        Gateway storage found = _gateways[gateway];
        return found.status == GatewayStatus.Active ? found.signer : address(0);
    }

    /// @inheritdoc IGatewayRegistry
    function operatorOf(uint16 gateway) external view returns (address) {
        return _gateways[gateway].operator;
    }

    /// @inheritdoc IGatewayRegistry
    function setOf(uint24 gatewaySet) external view returns (uint16[] memory members, uint8 threshold) {
        uint256 packed = _sets[gatewaySet];
        members = new uint16[](uint8(packed >> 224));
        for (uint256 i = 0; i < members.length; ++i) members[i] = uint16(packed >> (16 * i));
        threshold = uint8(packed >> 232);
    }

    /// @inheritdoc IGatewayRegistry
    function thresholdOf(uint24 gatewaySet) external view returns (uint8) {
        return uint8(_sets[gatewaySet] >> 232);
    }

    /// @inheritdoc IGatewayRegistry
    function signerIn(uint24 gatewaySet, uint16 gateway) external view returns (bool member, address signer) {
        member = isMember(gatewaySet, gateway);
        if (member) signer = activeSigner(gateway);
    }

    /// @inheritdoc IGatewayRegistry
    function isMember(uint24 gatewaySet, uint16 gateway) public view returns (bool) {
        uint256 packed = _sets[gatewaySet];
        uint256 size = uint8(packed >> 224);
        for (uint256 i = 0; i < size; ++i) if (uint16(packed >> (16 * i)) == gateway) return true;
        return false;
    }

    /*//////////////////////////////////////////////////////////////
                                INTERNAL
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc GatewayStakes
    function _standingOf(uint16 gateway) internal view override returns (GatewayStatus, address operator) {
        Gateway storage found = _gateways[gateway];
        return (found.status, found.operator);
    }
}
