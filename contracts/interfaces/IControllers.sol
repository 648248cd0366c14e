// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title IControllers
/// @notice What rewards ask of the consent registry: who speaks for a subject.
interface IControllers {
    /// @notice Who signs and claims for a subject: the subject itself; once shown to be provisional, its controller in
    /// force, and zero while there is none.
    function controllerOf(uint256 dataset, address subject) external view returns (address);

    /// @notice The provisional subject that belongs to a code's key in a dataset. Nobody has a key for it.
    function provisionalOf(uint256 dataset, address codeKey) external view returns (address);

    /// @notice The last hand-over of a subject, also while it waits; no account where there is none.
    function handOverOf(
        uint256 dataset,
        address subject
    ) external view returns (address account, uint40 inForceFrom, uint40 nonce, bool proven);
}
