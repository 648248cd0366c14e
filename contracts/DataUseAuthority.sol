// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IDataUseAuthority} from "./interfaces/IDataUseAuthority.sol";
import {Countries} from "./libraries/Countries.sol";
import {DataUse} from "./libraries/DataUse.sol";
import {Errors} from "./libraries/Errors.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {
    Attestation,
    AttestationProof,
    AttestationRevocation,
    Evidence,
    Issuer,
    Purpose,
    Terms
} from "./types/DataUseTypes.sol";

/// @title DataUseAuthority
/// @notice See `IDataUseAuthority`, which holds the rules.
contract DataUseAuthority is IDataUseAuthority, EIP712, AccessManaged {
    bytes32 public constant ATTESTATION_TYPEHASH = keccak256(
        "Attestation(uint8 kind,address issuer,address buyer,uint256 dataset,uint128 uses,uint16 country,bytes32 disease,bytes32 project,uint40 expiry,bytes32 salt)"
    );
    bytes32 public constant REVOCATION_TYPEHASH = keccak256(
        "AttestationRevocation(address issuer,bytes32 attestation)"
    );
    /// @notice Bounds of what evidence may hold: two attestations a kind, and a closure of 2^40 pairs.
    uint256 public constant MAX_ATTESTATIONS = 12;
    uint256 public constant MAX_DESCENT = 40;

    /// @inheritdoc IDataUseAuthority
    bytes32 public diseaseClosure;

    mapping(address issuer => Issuer) private _issuers;
    mapping(address issuer => mapping(bytes32 attestation => uint40)) private _revokedAt;

    constructor(address authority) EIP712("Salus DataUseAuthority", "1") AccessManaged(authority) {}

    /*//////////////////////////////////////////////////////////////
                                BY VOTE
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IDataUseAuthority
    function setIssuer(address issuer, uint128 kinds, uint40 until) external restricted {
        if (issuer == address(0)) revert Errors.DataUseAuthority_AddressZero();
        if (kinds & ~DataUse.ATTESTED != 0) revert Errors.DataUseAuthority_KindsUnknown(kinds);
        _issuers[issuer] = Issuer(kinds, until);
        emit IssuerChanged(issuer, kinds, until);
    }

    /// @inheritdoc IDataUseAuthority
    function setDiseaseClosure(bytes32 root, bytes32 file) external restricted {
        diseaseClosure = root;
        emit DiseaseClosureChanged(root, file);
    }

    /*//////////////////////////////////////////////////////////////
                              BY ISSUERS
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IDataUseAuthority
    function revoke(bytes32 attestation) external {
        _revoke(msg.sender, attestation);
    }

    /// @inheritdoc IDataUseAuthority
    function revokeFor(AttestationRevocation calldata revocation, bytes calldata signature) external {
        if (!Signatures.isValid(revocation.issuer, hashRevocation(revocation), signature)) {
            revert Errors.DataUseAuthority_SignatureInvalid(revocation.issuer);
        }
        _revoke(revocation.issuer, revocation.attestation);
    }

    /*//////////////////////////////////////////////////////////////
                                 VIEWS
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IDataUseAuthority
    function shownBy(
        address buyer,
        uint256 dataset,
        Purpose calldata purpose,
        uint40 until,
        Terms calldata terms,
        bytes calldata evidence
    ) external view returns (uint128 shown) {
        if (Countries.contains(terms.countries, purpose.country)) shown |= DataUse.GS;
        if (evidence.length == 0) return shown;
        Evidence memory given = abi.decode(evidence, (Evidence));
        if (given.descent.length != 0) {
            _checkDescent(purpose.disease, terms.disease, given.descent);
            shown |= DataUse.DS;
        }
        uint256 count = given.attestations.length;
        if (count > MAX_ATTESTATIONS) revert Errors.DataUseAuthority_TooManyAttestations(count);
        Attestation memory a;
        (a.buyer, a.dataset, a.uses, a.country) = (buyer, dataset, purpose.uses, purpose.country);
        (a.disease, a.project) = (purpose.disease, purpose.project);
        for (uint256 i = 0; i < count; ++i) {
            AttestationProof memory proof = given.attestations[i];
            (a.kind, a.issuer, a.expiry, a.salt) = (proof.kind, proof.issuer, proof.expiry, proof.salt);
            shown |= _checkAttestation(a, until, proof.signature);
        }
    }

    /// @inheritdoc IDataUseAuthority
    function issuerOf(address issuer) external view returns (Issuer memory) {
        return _issuers[issuer];
    }

    /// @inheritdoc IDataUseAuthority
    function revokedAt(address issuer, bytes32 attestation) external view returns (uint40) {
        return _revokedAt[issuer][attestation];
    }

    /// @inheritdoc IDataUseAuthority
    function hashAttestation(Attestation calldata attestation) external view returns (bytes32) {
        return _hash(attestation);
    }

    /// @inheritdoc IDataUseAuthority
    function hashRevocation(AttestationRevocation calldata revocation) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(REVOCATION_TYPEHASH, revocation)));
    }

    /// @inheritdoc IDataUseAuthority
    function encodeEvidence(Evidence calldata evidence) external pure returns (bytes memory) {
        return abi.encode(evidence);
    }

    /*//////////////////////////////////////////////////////////////
                                INTERNAL
    //////////////////////////////////////////////////////////////*/

    /// @dev The first withdrawal's time stays: a later one cannot make it younger.
    function _revoke(address issuer, bytes32 attestation) private {
        if (_revokedAt[issuer][attestation] != 0) return;
        _revokedAt[issuer][attestation] = uint40(block.timestamp);
        emit AttestationRevoked(issuer, attestation);
    }

    /// @return kind The attested kind, as a bit of the terms
    function _checkAttestation(
        Attestation memory a,
        uint40 until,
        bytes memory signature
    ) private view returns (uint128 kind) {
        kind = a.kind < 128 ? uint128(1) << a.kind : 0;
        if (kind & DataUse.ATTESTED == 0) revert Errors.DataUseAuthority_KindUnknown(a.kind);
        Issuer memory issuer = _issuers[a.issuer];
        if (issuer.kinds & kind == 0 || block.timestamp > issuer.until) {
            revert Errors.DataUseAuthority_IssuerNotListed(a.kind, a.issuer);
        }
        bytes32 digest = _hash(a);
        if (_revokedAt[a.issuer][digest] != 0) {
            revert Errors.DataUseAuthority_AttestationRevoked(a.kind, a.issuer);
        }
        if (a.expiry < until) revert Errors.DataUseAuthority_AttestationExpired(a.kind, a.expiry, until);
        if (!Signatures.isValidFromMemory(a.issuer, digest, signature)) {
            revert Errors.DataUseAuthority_AttestationInvalid(a.kind, a.issuer);
        }
    }

    function _checkDescent(bytes32 disease, bytes32 ancestor, bytes32[] memory proof) private view {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(disease, ancestor))));
        if (proof.length > MAX_DESCENT || !MerkleProof.verify(proof, diseaseClosure, leaf)) {
            revert Errors.DataUseAuthority_DescentInvalid(disease, ancestor);
        }
    }

    function _hash(Attestation memory attestation) private view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(ATTESTATION_TYPEHASH, attestation)));
    }
}
