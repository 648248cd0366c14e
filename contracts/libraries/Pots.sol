// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title Pots
/// @notice Names of the pots that settled money goes to.
library Pots {
    /// @notice The pot of an asset, or of the people whose data trained a model.
    /// @param asset The asset
    /// @param contributorsRoot Contributors of the training receipt; zero for the asset's own pot
    function key(uint256 asset, bytes32 contributorsRoot) internal pure returns (bytes32) {
        return contributorsRoot == 0 ? bytes32(asset) : keccak256(abi.encode(asset, contributorsRoot));
    }
}
