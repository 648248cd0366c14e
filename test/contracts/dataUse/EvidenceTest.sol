// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Listing} from "../../../contracts/types/AssetTypes.sol";
import {
    Attestation,
    AttestationProof,
    Evidence,
    Purpose,
    Terms
} from "../../../contracts/types/DataUseTypes.sol";
import {Order, OrderKind} from "../../../contracts/types/OrderTypes.sol";
import {Digests} from "../support/Digests.sol";
import {Orders} from "../support/Orders.sol";

/// @title EvidenceTest
/// @notice A committee listed by vote, a closure of four diseases, and a dataset with terms of the test's choice.
abstract contract EvidenceTest is Orders {
    uint256 internal constant COMMITTEE_KEY = 0xE7;
    uint8 internal constant IRB = 11;
    uint128 internal constant IRB_BIT = 1 << 11;
    uint128 internal constant ALL_KINDS =
        (1 << 5) | (1 << 10) | (1 << 11) | (1 << 15) | (1 << 16) | (1 << 17);
    uint128 internal constant GRU = 1 << 1;

    bytes32 internal constant ENDOCRINE = keccak256("endocrine disease");
    bytes32 internal constant DIABETES = keccak256("diabetes");
    bytes32 internal constant TYPE2 = keccak256("type 2 diabetes");
    bytes32 internal constant CANCER = keccak256("cancer");

    address internal committee = vm.addr(COMMITTEE_KEY);
    Terms internal asked;
    uint256 internal asset;

    function setUp() public virtual override {
        super.setUp();
        vm.startPrank(timelock);
        dataUse.setIssuer(committee, ALL_KINDS, uint40(block.timestamp + 1 days));
        dataUse.setDiseaseClosure(node(node(leaf(0), leaf(1)), leaf(2)), keccak256("file"));
        vm.stopPrank();
        asked = terms();
    }

    /// @dev A dataset under these terms, all else as usual.
    function listWith(uint128 duo) internal {
        asked.duo = duo;
        Listing memory l = listing(keccak256(abi.encode("asked", asked)));
        l.terms = asked;
        asset = listAs(curator, l, version());
    }

    function ordered(OrderKind kind) internal view returns (Order memory o) {
        o = orderOf(asset, kind, bytes32("evidenced"));
        o.termsHash = keccak256(abi.encode(asked));
    }

    function ordered() internal view returns (Order memory) {
        return ordered(OrderKind.Analysis);
    }

    function purposeOf(Order memory o) internal pure returns (Purpose memory) {
        return Purpose(o.uses, o.country, o.disease, o.project);
    }

    function attestation(Order memory o, uint8 kind) internal view returns (Attestation memory) {
        return
            Attestation({
                kind: kind,
                issuer: committee,
                buyer: o.buyer,
                dataset: o.asset,
                uses: o.uses,
                country: o.country,
                disease: o.disease,
                project: o.project,
                expiry: uint40(o.deliverBy),
                salt: keccak256("salt")
            });
    }

    function digestOf(Attestation memory a) internal view returns (bytes32) {
        return Digests.attestation(a, address(dataUse));
    }

    /// @dev The attestation as a buyer presents it, with the committee's signature over its digest.
    function proofOf(Attestation memory a) internal view returns (AttestationProof memory) {
        return proofOf(a, signature(COMMITTEE_KEY, digestOf(a)));
    }

    function proofOf(
        Attestation memory a,
        bytes memory signed_
    ) internal pure returns (AttestationProof memory) {
        return AttestationProof(a.kind, a.issuer, a.expiry, a.salt, signed_);
    }

    function evidenceOf(AttestationProof memory proof) internal pure returns (bytes memory) {
        Evidence memory e;
        e.attestations = new AttestationProof[](1);
        e.attestations[0] = proof;
        return abi.encode(e);
    }

    function evidenceOf(Attestation memory a) internal view returns (bytes memory) {
        return evidenceOf(proofOf(a));
    }

    function approved(Order memory o) internal view returns (bytes memory) {
        return evidenceOf(attestation(o, IRB));
    }

    function descentOf(bytes32[] memory proof) internal pure returns (bytes memory) {
        Evidence memory e;
        e.descent = proof;
        return abi.encode(e);
    }

    function fundWith(Order memory o, bytes memory evidence) internal returns (bytes32) {
        vm.prank(o.buyer);
        return escrow.fund(o, asked, evidence, "");
    }

    function fundReverts(Order memory o, bytes memory evidence, bytes memory err) internal {
        expectError(err);
        vm.prank(o.buyer);
        escrow.fund(o, asked, evidence, "");
    }

    function shown(Order memory o, bytes memory evidence) internal view returns (uint128) {
        return dataUse.shownBy(o.buyer, o.asset, purposeOf(o), uint40(o.deliverBy), asked, evidence);
    }

    /*//////////////////////////////////////////////////////////////
                             THE CLOSURE
    //////////////////////////////////////////////////////////////*/

    /// @dev Type 2 diabetes is a diabetes and an endocrine disease; so is diabetes.
    function leaf(uint256 i) internal pure returns (bytes32) {
        if (i == 0) return leafOf(TYPE2, DIABETES);
        return i == 1 ? leafOf(TYPE2, ENDOCRINE) : leafOf(DIABETES, ENDOCRINE);
    }

    function leafOf(bytes32 disease, bytes32 ancestor) internal pure returns (bytes32) {
        return keccak256(abi.encode(keccak256(abi.encode(disease, ancestor))));
    }

    function node(bytes32 a, bytes32 b) internal pure returns (bytes32) {
        return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }

    function path(bytes32 a, bytes32 b) internal pure returns (bytes32[] memory proof) {
        proof = new bytes32[](2);
        (proof[0], proof[1]) = (a, b);
    }

    function path(bytes32 a) internal pure returns (bytes32[] memory proof) {
        proof = new bytes32[](1);
        proof[0] = a;
    }
}
