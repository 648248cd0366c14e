// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {
    ConsentSlot,
    Contest,
    Controller,
    Grant,
    HandOver,
    Proxy,
    ProxyGrant,
    ProxyNaming,
    ProxyRemoval,
    ProxyRevocation,
    Revocation,
    Speaker
} from "../types/ConsentTypes.sol";

/// @title IConsentRegistry
/// @notice One slot per (dataset, subject). No admin, no pause, no fee: nothing stands between a person and their revocation.
/// @dev While a slot's `changedAt` is zero, the leaf of the version's consent root speaks. Once written, the slot alone
/// decides, in every later version.
///
/// A *provisional subject* is an address without a key, made from the dataset and the key of a printed one-time code
/// (`provisionalOf`): showing that key proves it. Until a person takes it over, its custodian and the code's holder may
/// revoke, and nobody may grant. *Custodian* means the operator of the dataset's custodian, or its signer while active.
/// Where a function takes a party's signature, that party may also be the sender, with an empty signature. A signature
/// that is given speaks alone, whoever sends: a relayer's own rights add nothing to what it relays.
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

    /// @notice A provisional subject gets a controller from a time on, unless somebody contests before.
    event HandOverProposed(
        uint256 indexed dataset,
        address indexed subject,
        address indexed controller,
        address codeKey,
        uint40 nonce,
        uint40 inForceFrom
    );

    /// @notice A hand-over was contested in time: the subject is as it was before.
    event HandOverContested(
        uint256 indexed dataset,
        address indexed subject,
        address indexed controller,
        uint40 nonce,
        Speaker by
    );

    /// @notice Somebody else changed a subject's slot; follows the `ConsentChanged` with this nonce.
    /// @param by The proxy; for the custodian and the code whoever sent the transaction
    event SpokenFor(
        uint256 indexed dataset,
        address indexed subject,
        Speaker speaker,
        address by,
        uint40 nonce
    );

    /// @notice A proxy may speak for a subject until `expiry`. The slot's nonce is `since + 1`; its consent is unchanged.
    event ProxyNamed(
        uint256 indexed dataset,
        address indexed subject,
        address indexed proxy,
        uint8 rights,
        uint40 expiry,
        uint40 since
    );

    /// @notice A proxy's rights were taken back. The slot's nonce is `nonce`; its consent is unchanged.
    event ProxyRemoved(uint256 indexed dataset, address indexed subject, address indexed proxy, uint40 nonce);

    /// @notice The sender grants, as subject or its controller. The nonce must be the slot's; it rises by one.
    function grant(Grant calldata g) external;

    /// @notice Anyone submits a grant signed by the subject or its controller (EOA or ERC-1271).
    function grantBySig(Grant calldata g, bytes calldata signature) external;

    /// @notice Several signed grants; bad items are skipped and reported. A contract account gets `ACCOUNT_GAS` to answer.
    function grantBatch(Grant[] calldata grants, bytes[] calldata signatures) external;

    /// @notice The sender revokes. Raises the nonce by 2^16, above any grant that may be pending. Cannot fail.
    function revoke(uint256 dataset) external;

    /// @notice The same for a subject whose controller sends.
    function revokeFor(uint256 dataset, address subject) external;

    /// @notice Anyone submits a signed revocation. Sets the nonce to `maxNonce + 1`; accepted from the current nonce up
    /// to 2^20 above it, so that no pending grant can outrun it and no signature can exhaust the nonce.
    function revokeBySig(Revocation calldata r, bytes calldata signature) external;

    /// @notice Several signed revocations; bad items are skipped and reported.
    function revokeBatch(Revocation[] calldata revocations, bytes[] calldata signatures) external;

    /// @notice Proposes a controller for a provisional subject; in force after `handOverDelay`. Changes no consent.
    /// @param codeKey Address of the key of the subject's code
    /// @param codeSignature By that key, over the hand-over
    /// @param custodianSignature By the custodian, over the same
    function handOver(
        HandOver calldata h,
        address codeKey,
        bytes calldata codeSignature,
        bytes calldata custodianSignature
    ) external;

    /// @notice Ends a hand-over that is not in force yet. By the custodian or the code's key.
    function contest(Contest calldata c, address codeKey, bytes calldata signature) external;

    /// @notice Revokes for a provisional subject without a controller in force. By the custodian or the code's key; as
    /// `revokeBySig` otherwise. The code's key needs no other contract.
    function revokeProvisional(Revocation calldata r, address codeKey, bytes calldata signature) external;

    /// @notice The custodian, as sender, revokes for several provisional subjects, each as `revoke` does; those with a
    /// controller in force are skipped and reported.
    function revokeProvisionalBatch(uint256 dataset, address[] calldata codeKeys) external;

    /// @notice A grant with the bit `Modes.TWO_PERSON`, signed by the subject or its controller and by the custodian, who
    /// must be somebody else. No other function takes that bit. Raises the nonce by one.
    function grantTwoPerson(
        Grant calldata g,
        bytes calldata signature,
        bytes calldata custodianSignature
    ) external;

    /// @notice The custodian revokes what it granted together with a person: a slot with the bit `Modes.TWO_PERSON`, or
    /// any slot of a dataset whose modes have it. As `revokeBySig` otherwise.
    function revokeTwoPerson(Revocation calldata r, bytes calldata signature) external;

    /// @notice The person names a proxy, or names it anew with other rights. The nonce must be the slot's; it rises by one.
    function nameProxy(ProxyNaming calldata p, bytes calldata signature) external;

    /// @notice The person takes a proxy's rights back, whatever the slot's nonce is. It rises by one.
    function removeProxy(ProxyRemoval calldata r, bytes calldata signature) external;

    /// @notice A proxy with the right to grant does so, as `grantBySig` otherwise. Never with the two-person bit.
    function grantByProxy(ProxyGrant calldata p, bytes calldata signature) external;

    /// @notice A proxy with the right to revoke does so: up to 2^8 nonces above the slot's.
    function revokeByProxy(ProxyRevocation calldata p, bytes calldata signature) external;

    /// @notice A proxy's rights, expired ones included; zeros where there is none.
    function proxyOf(uint256 dataset, address subject, address key) external view returns (Proxy memory);

    /// @notice The provisional subject that belongs to a code's key in a dataset. Nobody has a key for it.
    function provisionalOf(uint256 dataset, address codeKey) external pure returns (address);

    /// @notice Who signs and claims for a subject: the subject itself; once shown to be provisional, its controller in
    /// force, and zero while there is none.
    function controllerOf(uint256 dataset, address subject) external view returns (address);

    /// @notice The last hand-over of a subject, zeros if there was none or it was contested (but for its nonce).
    function handOverOf(uint256 dataset, address subject) external view returns (Controller memory);

    /// @notice Seconds from a hand-over to its controller.
    function handOverDelay() external view returns (uint32);

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

    function hashHandOver(HandOver calldata h) external view returns (bytes32);

    function hashContest(Contest calldata c) external view returns (bytes32);

    function hashProxyNaming(ProxyNaming calldata p) external view returns (bytes32);

    function hashProxyRemoval(ProxyRemoval calldata r) external view returns (bytes32);

    function hashProxyGrant(ProxyGrant calldata p) external view returns (bytes32);

    function hashProxyRevocation(ProxyRevocation calldata p) external view returns (bytes32);
}
