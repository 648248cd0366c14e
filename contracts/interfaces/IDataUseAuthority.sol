// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {
    Attestation,
    AttestationRevocation,
    Evidence,
    Issuer,
    Purpose,
    Terms
} from "../types/DataUseTypes.sol";

/// @title IDataUseAuthority
/// @notice Who may attest what terms ask for (ethics approval, collaboration, credentials), what was withdrawn, and which
/// disease descends from which. Issuers and the closure of diseases are set by vote; a withdrawal is the issuer's alone:
/// nothing and nobody stands between an issuer and it.
/// @dev The closure's leaves are keccak256(keccak256(abi.encode(disease, ancestor))), so no inner node passes for one.
interface IDataUseAuthority {
    event IssuerChanged(address indexed issuer, uint128 kinds, uint40 until);
    event DiseaseClosureChanged(bytes32 root, bytes32 file);
    event AttestationRevoked(address indexed issuer, bytes32 indexed attestation);

    /// @notice Lists an issuer, changes what it may attest, or delists it. By vote only.
    /// @param kinds What it may attest, at the bits of the terms; zero delists it
    /// @param until Last second at which its attestations count
    function setIssuer(address issuer, uint128 kinds, uint40 until) external;

    /// @notice Sets which disease descends from which. By vote only.
    /// @param root Merkle root over (disease, ancestor), each pair of the transitive closure once
    /// @param file SHA-256 of the public file that holds the pairs (CIDv1 raw)
    function setDiseaseClosure(bytes32 root, bytes32 file) external;

    /// @notice The sender withdraws an attestation of theirs for the future. What was delivered before stays delivered.
    /// @param attestation Its digest; one that was never seen may be withdrawn as well
    function revoke(bytes32 attestation) external;

    /// @notice The same by the issuer's signature, sent by anyone.
    function revokeFor(AttestationRevocation calldata revocation, bytes calldata signature) external;

    /// @notice What evidence shows for a use, now. A part that is not good reverts with what is wrong with it.
    /// @param buyer Who uses
    /// @param dataset What is used
    /// @param purpose For what
    /// @param until When the use ends; every attestation must last until then
    /// @param terms The dataset's terms
    /// @param evidence ABI-encoded `Evidence`; may be empty
    /// @return shown At the bits of the terms: attested kinds, GS for a country in the set, DS for a descendant
    function shownBy(
        address buyer,
        uint256 dataset,
        Purpose calldata purpose,
        uint40 until,
        Terms calldata terms,
        bytes calldata evidence
    ) external view returns (uint128 shown);

    function issuerOf(address issuer) external view returns (Issuer memory);

    /// @notice When an issuer withdrew an attestation, in seconds; zero if never.
    function revokedAt(address issuer, bytes32 attestation) external view returns (uint40);

    function diseaseClosure() external view returns (bytes32);

    function hashAttestation(Attestation calldata attestation) external view returns (bytes32);

    function hashRevocation(AttestationRevocation calldata revocation) external view returns (bytes32);

    /// @notice Evidence as `shownBy` and the escrow take it.
    function encodeEvidence(Evidence calldata evidence) external pure returns (bytes memory);
}
