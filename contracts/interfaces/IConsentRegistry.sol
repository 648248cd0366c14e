// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ConsentSlot, Grant, Revocation} from "../types/ConsentTypes.sol";

/// @title IConsentRegistry
/// @notice One slot per (dataset, subject). No admin, no pause, no fee: nothing stands between a person and their revocation.
/// @dev A slot that was never written is all zeros; then the leaf of the version's consent root speaks. Once written,
/// the slot alone decides, in every later version.
interface IConsentRegistry {
    /// @notice A slot changed; carries the whole slot.
    event ConsentChanged(
        uint256 indexed dataset,
        address indexed subject,
        bool granted,
        uint128 purposes,
        uint40 expiry,
        uint8 modes,
        uint40 nonce,
        uint40 changedAt
    );

    /// @notice An item of a batch was left out.
    /// @param index Its place in the batch
    /// @param reason Selector of the error that a single call would have given
    event ItemSkipped(uint256 indexed index, bytes4 reason);

    /// @notice The sender grants. The nonce must be the slot's; it rises by one.
    function grant(Grant calldata g) external;

    /// @notice Anyone submits a grant signed by the subject (EOA or ERC-1271).
    function grantBySig(Grant calldata g, bytes calldata signature) external;

    /// @notice Several signed grants; bad items are skipped and reported.
    function grantBatch(Grant[] calldata grants, bytes[] calldata signatures) external;

    /// @notice The sender revokes. Raises the nonce by 2^16, above any grant that may be pending. Cannot fail.
    function revoke(uint256 dataset) external;

    /// @notice Anyone submits a signed revocation. Sets the nonce to `maxNonce + 1`; accepted from the current nonce up
    /// to 2^20 above it, so that no pending grant can outrun it and no signature can exhaust the nonce.
    function revokeBySig(Revocation calldata r, bytes calldata signature) external;

    /// @notice Several signed revocations; bad items are skipped and reported.
    function revokeBatch(Revocation[] calldata revocations, bytes[] calldata signatures) external;

    /// @notice The slot of a subject in a dataset.
    function slotOf(uint256 dataset, address subject) external view returns (ConsentSlot memory);

    /// @notice The slots of several subjects, in their order.
    function slotsOf(
        uint256 dataset,
        address[] calldata subjects
    ) external view returns (ConsentSlot[] memory slots);

    /// @notice EIP-712 digests that subjects sign.
    function hashGrant(Grant calldata g) external view returns (bytes32);

    function hashRevocation(Revocation calldata r) external view returns (bytes32);
}
