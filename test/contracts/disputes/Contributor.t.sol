// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IDisputes} from "../../../contracts/interfaces/IDisputes.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {HandOver} from "../../../contracts/types/ConsentTypes.sol";
import {Dispute, DisputeOpening, Membership, Party} from "../../../contracts/types/DisputeTypes.sol";
import {Order, OrderState, PermitInput, Receipt} from "../../../contracts/types/OrderTypes.sol";
import {Digests} from "../support/Digests.sol";
import {DisputesTest} from "./DisputesTest.sol";

/// @notice A person whose data was used opens a dispute or adds evidence (Disputes.tree).
contract ContributorTest is DisputesTest {
    Order internal o;
    Membership internal m;
    PermitInput internal none;

    function setUp() public override {
        super.setUp();
        allow(patient);
        o = ours();
        m = membershipOf(deliverTo(o));
    }

    function opening() private view returns (DisputeOpening memory) {
        return DisputeOpening(idOf(o), m.contributor.subject, keccak256("first"), FLOOR);
    }

    function digest(DisputeOpening memory d) private view returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("DisputeOpening(bytes32 order,address subject,bytes32 evidence,uint128 maxBond)"),
                d.order,
                d.subject,
                d.evidence,
                uint256(d.maxBond)
            )
        );
        return Digests.typed(Digests.domain("Salus Disputes", address(panel)), structHash);
    }

    function openReverts(address who, Membership memory membership, bytes memory expected) private {
        expectError(expected);
        vm.prank(who);
        panel.openAsContributor(o, opening(), membership, "", none);
    }

    function test_Open_ByThePersonThemself() public {
        vm.expectEmit(address(panel));
        emit IDisputes.EvidenceAdded(idOf(o), patient, patient, keccak256("first"));
        vm.prank(patient);
        panel.openAsContributor(o, opening(), m, "", none);
        Dispute memory d = dispute(o);
        assertEq(d.opener, patient);
        assertEq(uint256(d.party), uint256(Party.Contributor));
        assertEq(d.bond, FLOOR);
        assertEq(dollar.balanceOf(patient), 1_000_000e6 - FLOOR);
    }

    function test_Open_RelayedWithAPermit() public {
        vm.prank(patient);
        dollar.approve(address(panel), 0);
        PermitInput memory p = permitOf(PATIENT_KEY, FLOOR);
        DisputeOpening memory d = opening();
        assertEq(panel.hashOpening(d), digest(d));
        bytes memory signed_ = signature(PATIENT_KEY, digest(d));
        vm.prank(stranger);
        panel.openAsContributor(o, d, m, signed_, p);
        assertEq(dispute(o).opener, patient);
        assertEq(dollar.balanceOf(patient), 1_000_000e6 - FLOOR);
    }

    function test_Open_ByTheControllerOfAProvisionalSubject() public {
        uint256 codeKey = 0xC0DE;
        address subject = consent.provisionalOf(dataset, vm.addr(codeKey));
        Receipt memory r = receipt(o);
        r.contributorsRoot = node(leaf(subject, 9), leaf(SILENT, 3));
        m = membershipOf(r);
        m.contributor.subject = subject;
        m.contributor.weight = 9;
        m.proof = new bytes32[](1);
        m.proof[0] = leaf(SILENT, 3);
        // A second receipt of the executor's is enough here: what is shown is the controller.
        HandOver memory h = HandOver(dataset, subject, patient, 0, uint40(block.timestamp + 1 hours));
        bytes32 handOver = Digests.handOver(h, address(consent));
        bytes memory code = signature(codeKey, handOver);
        consent.handOver(h, vm.addr(codeKey), code, signature(OPERATOR_KEY + 1, handOver));
        openReverts(
            patient,
            m,
            abi.encodeWithSelector(Errors.Disputes_NotContributor.selector, idOf(o), subject)
        );
        uint256 deliveredAt = block.timestamp;
        vm.warp(deliveredAt + HAND_OVER_DELAY);
        // The order's window is long over by now; only that the person is known is looked at.
        bytes4 late = Errors.AccessEscrow_TooLate.selector;
        openReverts(patient, m, abi.encodeWithSelector(late, idOf(o), deliveredAt + DISPUTE - 1));
    }

    function test_Open_RevertWhen_OpeningIsForAnother() public {
        bytes memory expected = err(Errors.Disputes_OpeningMismatch.selector, o);
        DisputeOpening memory d = opening();
        d.order = keccak256("another");
        expectError(expected);
        vm.prank(patient);
        panel.openAsContributor(o, d, m, "", none);
        d = opening();
        d.subject = SECOND;
        expectError(expected);
        vm.prank(patient);
        panel.openAsContributor(o, d, m, "", none);
    }

    function test_Open_RevertWhen_NotSignedByThePerson() public {
        bytes memory expected = abi.encodeWithSelector(Errors.Disputes_SignatureInvalid.selector, patient);
        DisputeOpening memory d = opening();
        bytes memory other = signature(BUYER_KEY, digest(d));
        address[4] memory callers = [stranger, buyer, operator(1), SECOND];
        for (uint256 i = 0; i < 4; ++i) {
            expectError(expected);
            vm.prank(callers[i]);
            panel.openAsContributor(o, d, m, other, none);
        }
        // A signature over a lower bond does not allow a higher one.
        bytes memory low = signature(PATIENT_KEY, digest(d));
        d.maxBond += 1;
        expectError(expected);
        panel.openAsContributor(o, d, m, low, none);
    }

    function test_Open_RevertWhen_BondIsAboveTheirMaximum() public {
        DisputeOpening memory d = opening();
        d.maxBond = FLOOR - 1;
        expectError(abi.encodeWithSelector(Errors.Disputes_BondAboveMaximum.selector, FLOOR, FLOOR - 1));
        vm.prank(patient);
        panel.openAsContributor(o, d, m, "", none);
    }

    function test_Open_RevertWhen_ReceiptIsNotTheExecutors() public {
        bytes memory expected = err(Errors.Disputes_ReceiptMismatch.selector, o);
        Membership memory bad = m;
        bad.signature = signature(SIGNER_KEY + 2, Digests.receipt(bad.receipt, address(escrow)));
        openReverts(patient, bad, expected);
        bad = m;
        bad.receipt.totalWeight += 1;
        openReverts(patient, bad, expected);
        bad = m;
        bad.receipt.order = keccak256("another");
        bad.signature = signature(SIGNER_KEY + 1, Digests.receipt(bad.receipt, address(escrow)));
        openReverts(patient, bad, expected);
    }

    function test_Open_RevertWhen_NotInTheReceipt() public {
        bytes memory expected = abi.encodeWithSelector(
            Errors.Disputes_NotContributor.selector,
            idOf(o),
            patient
        );
        Membership memory bad = m;
        bad.contributor.weight = 2;
        openReverts(patient, bad, expected);
        bad = m;
        bad.proof[0] = leaf(SECOND, 3);
        openReverts(patient, bad, expected);
    }

    function test_Open_GivenTheGatewayWasRemoved() public {
        vm.prank(timelock);
        gateways.remove(1);
        vm.prank(patient);
        panel.openAsContributor(o, opening(), m, "", none);
        assertState(o, OrderState.Disputed);
    }

    function test_AddEvidence_ByTheBuyerAndByWhoOpened() public {
        vm.prank(patient);
        panel.openAsContributor(o, opening(), m, "", none);
        address[2] memory by = [buyer, patient];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectEmit(address(panel));
            emit IDisputes.EvidenceAdded(idOf(o), by[i], address(0), bytes32(i + 1));
            vm.prank(by[i]);
            panel.addEvidence(o, bytes32(i + 1));
        }
    }

    function test_AddEvidence_ByAContributor() public {
        openAs(buyer, o);
        bytes32 doc = keccak256("document");
        expectError(err(Errors.Disputes_NotParty.selector, o, stranger));
        vm.prank(stranger);
        panel.addEvidenceAsContributor(o, m, doc);
        expectError(err(Errors.Disputes_EvidenceZero.selector, o));
        vm.prank(patient);
        panel.addEvidenceAsContributor(o, m, 0);
        vm.prank(patient);
        panel.addEvidenceAsContributor(o, m, doc);
        uint256 last = block.timestamp + EVIDENCE - 1;
        vm.warp(last + 1);
        expectError(err(Errors.Disputes_TooLate.selector, o, last));
        vm.prank(patient);
        panel.addEvidenceAsContributor(o, m, doc);
    }
}
