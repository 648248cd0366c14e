// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessEscrow} from "../../../contracts/interfaces/IAccessEscrow.sol";
import {DataUse} from "../../../contracts/libraries/DataUse.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Attestation, AttestationProof, Evidence} from "../../../contracts/types/DataUseTypes.sol";
import {Order, OrderKind, OrderState} from "../../../contracts/types/OrderTypes.sol";
import {DataUseAuthority} from "../../../contracts/DataUseAuthority.sol";
import {ContractAccount} from "../support/Doubles.sol";
import {EvidenceTest} from "./EvidenceTest.sol";

/// @notice What evidence shows (Evidence.tree), and orders that rest on it. Regressions: an attestation used for another
/// buyer, project, dataset, purpose, chain or contract; expired; withdrawn; of a delisted issuer; a 64-byte leaf.
contract EvidenceOfOrdersTest is EvidenceTest {
    function refuses(Order memory o, DataUse.Reason reason) private {
        fundReverts(o, "", abi.encodeWithSelector(Errors.AccessEscrow_PurposeNotPermitted.selector, reason));
    }

    function invalid(uint8 kind) private view returns (bytes memory) {
        return abi.encodeWithSelector(Errors.DataUseAuthority_AttestationInvalid.selector, kind, committee);
    }

    /*//////////////////////////////////////////////////////////////
                             ATTESTATIONS
    //////////////////////////////////////////////////////////////*/

    function test_WhenApprovedByAListedIssuer() public {
        listWith(GRU | IRB_BIT);
        Order memory o = ordered();
        refuses(o, DataUse.Reason.EthicsApprovalMissing);
        bytes memory evidence = approved(o);
        vm.expectEmit(address(escrow));
        emit IAccessEscrow.OrderEvidenced(idOf(o), evidence);
        fundWith(o, evidence);
        assertState(o, OrderState.Funded);
    }

    function test_EveryKindMeetsItsOwnTerm() public {
        uint8[6] memory kinds = [5, 10, 11, 15, 16, 17];
        DataUse.Reason[6] memory reasons = [
            DataUse.Reason.RestrictionNotAttested,
            DataUse.Reason.CollaborationNotAttested,
            DataUse.Reason.EthicsApprovalMissing,
            DataUse.Reason.UserNotAttested,
            DataUse.Reason.ProjectNotAttested,
            DataUse.Reason.InstitutionNotAttested
        ];
        for (uint256 i = 0; i < kinds.length; ++i) {
            listWith(GRU | (uint128(1) << kinds[i]));
            Order memory o = ordered();
            refuses(o, reasons[i]);
            // Another kind's attestation does not do.
            bytes memory other = evidenceOf(attestation(o, kinds[(i + 1) % 6]));
            fundReverts(
                o,
                other,
                abi.encodeWithSelector(Errors.AccessEscrow_PurposeNotPermitted.selector, reasons[i])
            );
            fundWith(o, evidenceOf(attestation(o, kinds[i])));
        }
    }

    function test_SeveralAttestationsAtOnce() public {
        listWith(GRU | ALL_KINDS);
        Order memory o = ordered();
        Evidence memory e;
        e.attestations = new AttestationProof[](6);
        uint8[6] memory kinds = [17, 16, 15, 11, 10, 5];
        for (uint256 i = 0; i < 6; ++i) e.attestations[i] = proofOf(attestation(o, kinds[i]));
        assertEq(shown(o, abi.encode(e)), ALL_KINDS);
        assertEq(dataUse.encodeEvidence(e), abi.encode(e));
        fundWith(o, abi.encode(e));
    }

    /// @dev Whatever is bound is taken from the order: an attestation for anything else is a bad signature.
    function replayed(Attestation memory a) private {
        Order memory o = ordered();
        fundReverts(o, evidenceOf(proofOf(a)), invalid(IRB));
    }

    function test_RevertWhen_AttestedForAnotherBuyer() public {
        listWith(GRU | IRB_BIT);
        Attestation memory a = attestation(ordered(), IRB);
        a.buyer = stranger;
        replayed(a);
    }

    function test_RevertWhen_AttestedForAnotherProject() public {
        listWith(GRU | IRB_BIT);
        Attestation memory a = attestation(ordered(), IRB);
        a.project = keccak256("another project");
        replayed(a);
    }

    function test_RevertWhen_AttestedForAnotherDataset() public {
        listWith(GRU | IRB_BIT);
        Attestation memory a = attestation(ordered(), IRB);
        a.dataset = dataset;
        replayed(a);
    }

    function test_RevertWhen_AttestedForAnotherPurpose() public {
        listWith(GRU | IRB_BIT);
        Attestation memory a = attestation(ordered(), IRB);
        a.uses |= 1 << 6;
        replayed(a);
        a = attestation(ordered(), IRB);
        a.country = 840;
        replayed(a);
        a = attestation(ordered(), IRB);
        a.disease = CANCER;
        replayed(a);
    }

    function test_RevertWhen_AttestedForAnotherKind() public {
        listWith(GRU | IRB_BIT);
        Attestation memory a = attestation(ordered(), 10);
        AttestationProof memory proof = proofOf(a);
        proof.kind = IRB;
        fundReverts(ordered(), evidenceOf(proof), invalid(IRB));
    }

    function test_RevertWhen_AttestedOnAnotherChain() public {
        listWith(GRU | IRB_BIT);
        Attestation memory a = attestation(ordered(), IRB);
        vm.chainId(1);
        bytes memory signed_ = signature(COMMITTEE_KEY, digestOf(a));
        vm.chainId(31337);
        fundReverts(ordered(), evidenceOf(proofOf(a, signed_)), invalid(IRB));
    }

    function test_RevertWhen_AttestedForAnotherContract() public {
        listWith(GRU | IRB_BIT);
        Attestation memory a = attestation(ordered(), IRB);
        DataUseAuthority other = new DataUseAuthority(address(manager));
        bytes32 digest = other.hashAttestation(a);
        assertTrue(digest != digestOf(a));
        bytes memory signed_ = signature(COMMITTEE_KEY, digest);
        fundReverts(ordered(), evidenceOf(proofOf(a, signed_)), invalid(IRB));
    }

    function test_RevertWhen_SignedBySomeoneElse() public {
        listWith(GRU | IRB_BIT);
        Attestation memory a = attestation(ordered(), IRB);
        fundReverts(ordered(), evidenceOf(proofOf(a, signature(BUYER_KEY, digestOf(a)))), invalid(IRB));
        fundReverts(ordered(), evidenceOf(proofOf(a, "")), invalid(IRB));
    }

    function test_RevertWhen_ItEndsBeforeTheUse() public {
        listWith(GRU | IRB_BIT);
        Order memory o = ordered();
        Attestation memory a = attestation(o, IRB);
        a.expiry = uint40(o.deliverBy - 1);
        fundReverts(
            o,
            evidenceOf(a),
            abi.encodeWithSelector(
                Errors.DataUseAuthority_AttestationExpired.selector,
                IRB,
                a.expiry,
                o.deliverBy
            )
        );
        a.expiry = uint40(o.deliverBy);
        fundWith(o, evidenceOf(a));
    }

    /// @dev The keys of a download leave until its release is reported: the approval must last as long.
    function test_RevertWhen_ItEndsBeforeADownloadIsReported() public {
        listWith(GRU | IRB_BIT);
        Order memory o = ordered(OrderKind.Download);
        Attestation memory a = attestation(o, IRB);
        fundReverts(
            o,
            evidenceOf(a),
            abi.encodeWithSelector(
                Errors.DataUseAuthority_AttestationExpired.selector,
                IRB,
                a.expiry,
                o.deliverBy + o.reportWindow
            )
        );
        a.expiry = uint40(o.deliverBy + o.reportWindow);
        fundWith(o, evidenceOf(a));
    }

    function revokedError() private view returns (bytes memory) {
        return abi.encodeWithSelector(Errors.DataUseAuthority_AttestationRevoked.selector, IRB, committee);
    }

    function test_RevertGiven_Withdrawn() public {
        listWith(GRU | IRB_BIT);
        Order memory o = ordered();
        bytes32 digest = digestOf(attestation(o, IRB));
        vm.prank(committee);
        dataUse.revoke(digest);
        fundReverts(o, approved(o), revokedError());
        // One with another salt is another attestation.
        Attestation memory again = attestation(o, IRB);
        again.salt = keccak256("second thoughts");
        fundWith(o, evidenceOf(again));
    }

    /// @dev For the future only: the order that rests on it stays as it is, and what a gateway asks now is refused.
    function test_WhenWithdrawnAfterFunding() public {
        listWith(GRU | IRB_BIT);
        Order memory o = ordered();
        bytes memory evidence = approved(o);
        fundWith(o, evidence);
        assertEq(shown(o, evidence), IRB_BIT);
        bytes32 digest = digestOf(attestation(o, IRB));
        vm.prank(committee);
        dataUse.revoke(digest);
        assertState(o, OrderState.Funded);
        expectError(revokedError());
        shown(o, evidence);
    }

    function test_RevertGiven_IssuerDelisted() public {
        listWith(GRU | IRB_BIT);
        Order memory o = ordered();
        bytes memory err = abi.encodeWithSelector(
            Errors.DataUseAuthority_IssuerNotListed.selector,
            IRB,
            committee
        );
        vm.prank(timelock);
        dataUse.setIssuer(committee, 0, type(uint40).max);
        fundReverts(o, approved(o), err);
        // Listed for another kind only.
        vm.prank(timelock);
        dataUse.setIssuer(committee, ALL_KINDS ^ IRB_BIT, type(uint40).max);
        fundReverts(o, approved(o), err);
        // Listed until now, and no longer.
        vm.prank(timelock);
        dataUse.setIssuer(committee, ALL_KINDS, uint40(block.timestamp - 1));
        fundReverts(o, approved(o), err);
        vm.prank(timelock);
        dataUse.setIssuer(committee, ALL_KINDS, uint40(block.timestamp));
        fundWith(o, approved(o));
    }

    function test_RevertWhen_KindCannotBeAttested() public {
        listWith(GRU | (1 << 12));
        asked.countries = 0;
        Order memory o = ordered();
        uint8[5] memory kinds = [0, 3, 12, 127, 255];
        for (uint256 i = 0; i < kinds.length; ++i) {
            fundReverts(
                o,
                evidenceOf(attestation(o, kinds[i])),
                abi.encodeWithSelector(Errors.DataUseAuthority_KindUnknown.selector, kinds[i])
            );
        }
    }

    function test_RevertWhen_TooManyAttestations() public {
        listWith(GRU | IRB_BIT);
        Order memory o = ordered();
        Evidence memory e;
        e.attestations = new AttestationProof[](13);
        for (uint256 i = 0; i < 13; ++i) e.attestations[i] = proofOf(attestation(o, IRB));
        fundReverts(
            o,
            abi.encode(e),
            abi.encodeWithSelector(Errors.DataUseAuthority_TooManyAttestations.selector, 13)
        );
    }

    function test_RevertWhen_EvidenceIsMalformed() public {
        listWith(GRU | IRB_BIT);
        Order memory o = ordered();
        vm.prank(o.buyer);
        (bool ok, ) = address(escrow).call(abi.encodeCall(escrow.fund, (o, asked, hex"01", "")));
        assertEq(ok, false);
    }

    function test_WhenIssuerIsAContractAccount() public {
        ContractAccount account = new ContractAccount(committee);
        vm.prank(timelock);
        dataUse.setIssuer(address(account), ALL_KINDS, type(uint40).max);
        listWith(GRU | IRB_BIT);
        Order memory o = ordered();
        Attestation memory a = attestation(o, IRB);
        a.issuer = address(account);
        assertEq(shown(o, evidenceOf(a)), IRB_BIT);
        AttestationProof memory bad = proofOf(a, signature(BUYER_KEY, digestOf(a)));
        fundReverts(
            o,
            evidenceOf(bad),
            abi.encodeWithSelector(Errors.DataUseAuthority_AttestationInvalid.selector, IRB, address(account))
        );
        fundWith(o, evidenceOf(a));
    }

    /*//////////////////////////////////////////////////////////////
                          DISEASES AND DESCENT
    //////////////////////////////////////////////////////////////*/

    function forDisease(bytes32 disease) private view returns (Order memory o) {
        o = ordered();
        o.uses = 1 << 2;
        o.disease = disease;
    }

    function listFor(bytes32 disease) private {
        asked.disease = disease;
        listWith(1 << 3);
    }

    function test_WhenDiseaseDescends() public {
        listFor(ENDOCRINE);
        refuses(forDisease(TYPE2), DataUse.Reason.OtherDisease);
        fundWith(forDisease(TYPE2), descentOf(path(leaf(0), leaf(2))));
        fundWith(forDisease(DIABETES), descentOf(path(node(leaf(0), leaf(1)))));
        // The terms' own disease needs no proof.
        fundWith(forDisease(ENDOCRINE), "");
    }

    function descentInvalid(bytes32 disease, bytes32 ancestor) private pure returns (bytes memory) {
        return abi.encodeWithSelector(Errors.DataUseAuthority_DescentInvalid.selector, disease, ancestor);
    }

    function test_RevertWhen_DiseaseDoesNotDescend() public {
        listFor(DIABETES);
        fundReverts(forDisease(CANCER), descentOf(path(leaf(1), leaf(2))), descentInvalid(CANCER, DIABETES));
        // Descent does not run upwards.
        fundReverts(
            forDisease(ENDOCRINE),
            descentOf(path(node(leaf(0), leaf(1)))),
            descentInvalid(ENDOCRINE, DIABETES)
        );
    }

    function test_RevertGiven_TheClosureChanged() public {
        listFor(ENDOCRINE);
        bytes memory evidence = descentOf(path(leaf(0), leaf(2)));
        assertEq(shown(forDisease(TYPE2), evidence), 1 << 3);
        vm.prank(timelock);
        dataUse.setDiseaseClosure(keccak256("another closure"), keccak256("another file"));
        fundReverts(forDisease(TYPE2), evidence, descentInvalid(TYPE2, ENDOCRINE));
    }

    /// @dev A pair of inner nodes is 64 bytes like a leaf's content. Hashed once it would be a node of the tree.
    function test_RevertWhen_AnInnerNodePassesForALeaf() public {
        (bytes32 low, bytes32 high) = leaf(0) < leaf(1) ? (leaf(0), leaf(1)) : (leaf(1), leaf(0));
        assertEq(keccak256(abi.encode(low, high)), node(leaf(0), leaf(1)));
        listFor(high);
        fundReverts(forDisease(low), descentOf(path(leaf(2))), descentInvalid(low, high));
    }

    function test_RevertWhen_TheProofIsTooLong() public {
        listFor(ENDOCRINE);
        fundReverts(forDisease(TYPE2), descentOf(new bytes32[](41)), descentInvalid(TYPE2, ENDOCRINE));
    }

    /*//////////////////////////////////////////////////////////////
                          COUNTRIES AND DATES
    //////////////////////////////////////////////////////////////*/

    /// @dev Bits of ISO 3166-1 numeric, ascending: Afghanistan (4) is the 1st, Germany (276) the 84th, Zambia (894) the
    /// last of 249.
    function test_CountriesAreCheckedOnChain() public {
        asked.countries = (1 << 83) | (1 << 248) | 1;
        listWith(GRU | (1 << 12));
        Order memory o = ordered();
        uint16[3] memory allowed = [uint16(276), 894, 4];
        for (uint256 i = 0; i < 3; ++i) {
            o.country = allowed[i];
            o.salt = bytes32(i);
            fundWith(o, "");
        }
        uint16[6] memory others = [uint16(840), 0, 5, 275, 895, type(uint16).max];
        for (uint256 i = 0; i < 6; ++i) {
            o.country = others[i];
            refuses(o, DataUse.Reason.CountryNotPermitted);
        }
    }

    function test_RevertGiven_NoCountryIsAllowed() public {
        listWith(GRU | (1 << 12));
        refuses(ordered(), DataUse.Reason.CountryNotPermitted);
    }

    function test_MoratoriumBindsUntilItEnds() public {
        asked.dates = uint80(block.timestamp + 1) << 40;
        listWith(GRU | (1 << 13));
        Order memory o = ordered();
        refuses(o, DataUse.Reason.MoratoriumNotAccepted);
        o.uses |= 1 << 12;
        fundWith(o, "");
        vm.warp(block.timestamp + 1);
        fundWith(ordered(), "");
    }

    function test_UseEndsBeforeTheTimeLimit() public {
        asked.dates = uint80(block.timestamp + 30);
        listWith(GRU | (1 << 14));
        Order memory o = ordered();
        fundWith(o, "");
        o.deliverBy += 1;
        refuses(o, DataUse.Reason.TimeLimitExceeded);
        // A download's use ends when its release is reported.
        o = ordered(OrderKind.Download);
        refuses(o, DataUse.Reason.TimeLimitExceeded);
        asked.dates = uint80(block.timestamp + 30 + REPORT);
        listWith(GRU | (1 << 14));
        fundWith(ordered(OrderKind.Download), "");
    }

    function test_UndertakingsMeetTheirTerms() public {
        listWith(GRU | (1 << 9) | (1 << 18));
        Order memory o = ordered();
        refuses(o, DataUse.Reason.PublicationNotPromised);
        o.uses |= 1 << 10;
        refuses(o, DataUse.Reason.ReturnNotPromised);
        o.uses |= 1 << 11;
        fundWith(o, "");
    }

    /*//////////////////////////////////////////////////////////////
                       WHAT IS NOT ENCODED CANONICALLY
    //////////////////////////////////////////////////////////////*/

    /// @dev Orders and terms are hashed as they came. Bits beyond a member's width must never make a second id, or
    /// terms that read otherwise than those that were listed.
    function test_RevertWhen_AMemberHasDirtyBits() public {
        Order memory o = analysis();
        for (uint256 word = 0; word < 31; ++word) {
            bytes memory call = abi.encodeCall(escrow.fund, (o, terms(), "", ""));
            uint256 at = 4 + 32 * word;
            // A full word: a digest, or the disease, which is zero here.
            if (call[at] != 0 || word == 7) continue;
            call[at] = 0x01;
            vm.prank(o.buyer);
            (bool ok, ) = address(escrow).call(call);
            assertEq(ok, false);
        }
        fund(o);
    }
}
