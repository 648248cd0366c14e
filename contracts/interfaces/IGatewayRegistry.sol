// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Gateway} from "../types/GatewayTypes.sol";

/// @title IGatewayRegistry
/// @notice Gateways, admitted by vote, and the sets of them that hold a dataset's key shares.
interface IGatewayRegistry {
    event GatewayAdmitted(
        uint16 indexed gateway,
        address indexed operator,
        address signer,
        bytes32 sealingKey,
        string name,
        string url
    );
    event GatewayRemoved(uint16 indexed gateway);
    event GatewayUrlChanged(uint16 indexed gateway, string url);
    event GatewaySetCreated(uint24 indexed gatewaySet, uint16[] members, uint8 threshold);

    /// @notice Admits a gateway. By vote only. Its signer must never have signed for another.
    /// @return index Its number, from 1
    function admit(
        address operator,
        address signer,
        bytes32 sealingKey,
        string calldata name,
        string calldata url
    ) external returns (uint16 index);

    /// @notice Removes a gateway; its signatures no longer count. By vote only. Sets keep their members.
    function remove(uint16 gateway) external;

    /// @notice The operator announces a new address.
    function setUrl(uint16 gateway, string calldata url) external;

    /// @notice Creates an immutable set: 1 to 14 active gateways in rising order, each with the minimum stake, of which
    /// `threshold` are needed.
    function createSet(uint16[] calldata members, uint8 threshold) external returns (uint24 gatewaySet);

    function gatewayOf(uint16 gateway) external view returns (Gateway memory);

    /// @notice The signer of an active gateway, else zero.
    function activeSigner(uint16 gateway) external view returns (address);

    /// @notice The operator of a gateway, removed or not; zero for an unknown one.
    function operatorOf(uint16 gateway) external view returns (address);

    /// @notice A set's members in rising order and its threshold; empty for an unknown set.
    function setOf(uint24 gatewaySet) external view returns (uint16[] memory members, uint8 threshold);

    /// @notice How many of a set must sign; zero for an unknown set.
    function thresholdOf(uint24 gatewaySet) external view returns (uint8);

    /// @notice Whether a gateway is in a set and, if it is and is active, its signer: one question for each signature.
    function signerIn(uint24 gatewaySet, uint16 gateway) external view returns (bool member, address signer);

    function isMember(uint24 gatewaySet, uint16 gateway) external view returns (bool);
}
