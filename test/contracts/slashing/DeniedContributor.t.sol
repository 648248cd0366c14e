// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessEscrow} from "../../../contracts/AccessEscrow.sol";
import {Contributor, ISlashing, Offence} from "../../../contracts/interfaces/ISlashing.sol";
import {DataUse} from "../../../contracts/libraries/DataUse.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Grant} from "../../../contracts/types/ConsentTypes.sol";
import {Order, OrderKind, Receipt} from "../../../contracts/types/OrderTypes.sol";
import {SlashingTest} from "./SlashingTest.sol";

contract DeniedContributorTest is SlashingTest {
    address private constant FIRST = address(0xA1);
    address private constant SECOND = address(0xA2);
    address private constant SILENT = address(0xA3);

    Order internal o;
    /// @dev The two inner hashes of a tree over three contributors, by hand: root = h(h(first, second), silent).
    bytes32 internal pair;

    function setUp() public override {
        super.setUp();
        o = analysis();
    }

    function leaf(address subject, uint32 weight) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(subject, weight))));
    }

    function node(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return a < b ? keccak256(abi.encodePacked(a, b)) : keccak256(abi.encodePacked(b, a));
    }

    /// @dev A receipt over three contributors with the head as consent block.
    function withContributors() private view returns (Receipt memory r) {
        r = receipt(o);
        r.contributorsRoot = node(node(leaf(FIRST, 1), leaf(SECOND, 2)), leaf(SILENT, 3));
    }

    function proofOf(address subject) private pure returns (bytes32[] memory proof) {
        if (subject == SILENT) {
            proof = new bytes32[](1);
            proof[0] = node(leaf(FIRST, 1), leaf(SECOND, 2));
        } else {
            proof = new bytes32[](2);
            proof[0] = subject == FIRST ? leaf(SECOND, 2) : leaf(FIRST, 1);
            proof[1] = leaf(SILENT, 3);
        }
    }

    function weightOf(address subject) private pure returns (uint32) {
        return
            subject == FIRST
                ? 1
                : subject == SECOND
                    ? 2
                    : 3;
    }

    function say(address subject, uint128 purposes, uint8 modes) private {
        uint40 nonce = consent.slotOf(dataset, subject).nonce;
        vm.prank(subject);
        consent.grant(Grant(dataset, subject, purposes, type(uint40).max, modes, nonce));
    }

    function report(Receipt memory r, address subject, bytes memory err) private {
        bytes memory signed_ = signedBy(1, r);
        Contributor memory c = Contributor(subject, weightOf(subject));
        if (err.length != 0) expectError(err);
        vm.prank(stranger);
        slashing.reportDeniedContributor(escrow, 1, o, r, signed_, c, proofOf(subject));
    }

    function notDenied(address subject) private pure returns (bytes memory) {
        return abi.encodeWithSelector(Errors.Slashing_NotDenied.selector, subject);
    }

    /*//////////////////////////////////////////////////////////////
                           FALSE ACCUSATIONS
    //////////////////////////////////////////////////////////////*/

    /// @dev All zeros says nothing: the version's leaf speaks for this person.
    function test_FalseAccusation_OfASlotThatWasNeverWritten() public {
        report(withContributors(), SILENT, notDenied(SILENT));
    }

    function test_FalseAccusation_OfASlotThatPermits() public {
        say(FIRST, HEALTH, 1);
        vm.roll(block.number + 1);
        report(withContributors(), FIRST, notDenied(FIRST));
    }

    /// @dev What the buyer undertakes to do binds the buyer; no subject is asked for it.
    function test_FalseAccusation_OfAnUndertakingThatNobodyIsAskedFor() public {
        o.uses = HEALTH | DataUse.WILL_PUBLISH;
        say(FIRST, HEALTH, 1);
        vm.roll(block.number + 1);
        report(withContributors(), FIRST, notDenied(FIRST));
    }

    function test_FalseAccusation_OfARevocationAfterTheConsentBlock() public {
        say(FIRST, HEALTH, 1);
        vm.roll(block.number + 1);
        Receipt memory r = withContributors();
        // In the block after the consent block.
        vm.prank(FIRST);
        consent.revoke(dataset);
        assertEq(consent.slotOf(dataset, FIRST).changedAt, r.consentBlock + 1);
        report(r, FIRST, notDenied(FIRST));
        assertUnpunished();
    }

    function test_FalseAccusation_OfSomeoneWhoWasNotInTheCohort() public {
        vm.prank(address(0xA9));
        consent.revoke(dataset);
        vm.roll(block.number + 1);
        Receipt memory r = withContributors();
        bytes memory signed_ = signedBy(1, r);
        bytes memory err = abi.encodeWithSelector(Errors.Slashing_NotAContributor.selector, address(0xA9));
        expectError(err);
        slashing.reportDeniedContributor(
            escrow,
            1,
            o,
            r,
            signed_,
            Contributor(address(0xA9), 1),
            proofOf(FIRST)
        );
    }

    function test_FalseAccusation_WithAnotherWeightOrAnInnerNode() public {
        vm.prank(FIRST);
        consent.revoke(dataset);
        vm.roll(block.number + 1);
        Receipt memory r = withContributors();
        bytes memory signed_ = signedBy(1, r);
        expectError(abi.encodeWithSelector(Errors.Slashing_NotAContributor.selector, FIRST));
        slashing.reportDeniedContributor(escrow, 1, o, r, signed_, Contributor(FIRST, 9), proofOf(FIRST));
        // A proof that starts at an inner node: leaves are hashed twice, so no subject stands for one.
        bytes32[] memory short = new bytes32[](1);
        short[0] = leaf(SILENT, 3);
        expectError(abi.encodeWithSelector(Errors.Slashing_NotAContributor.selector, FIRST));
        slashing.reportDeniedContributor(escrow, 1, o, r, signed_, Contributor(FIRST, 1), short);
    }

    function test_FalseAccusation_OnAnotherBranchOfTheChain() public {
        vm.prank(FIRST);
        consent.revoke(dataset);
        vm.roll(block.number + 1);
        Receipt memory r = withContributors();
        r.consentBlockHash = keccak256("the block of that number on another branch");
        bytes4 err = Errors.Slashing_ConsentBlockUnknown.selector;
        report(r, FIRST, abi.encodeWithSelector(err, r.consentBlock));
    }

    function test_FalseAccusation_WithAnotherOrder() public {
        vm.prank(FIRST);
        consent.revoke(dataset);
        vm.roll(block.number + 1);
        Receipt memory r = withContributors();
        o.uses = 1 << 2;
        report(r, FIRST, abi.encodeWithSelector(Errors.Slashing_OrderMismatch.selector, r.order));
    }

    function test_FalseAccusation_WithAnothersSignature() public {
        vm.prank(FIRST);
        consent.revoke(dataset);
        vm.roll(block.number + 1);
        Receipt memory r = withContributors();
        bytes memory signed_ = signedBy(2, r);
        expectError(abi.encodeWithSelector(Errors.Slashing_SignatureInvalid.selector, 1));
        slashing.reportDeniedContributor(escrow, 1, o, r, signed_, Contributor(FIRST, 1), proofOf(FIRST));
    }

    /*//////////////////////////////////////////////////////////////
                                 PROVEN
    //////////////////////////////////////////////////////////////*/

    function test_ReportsDeniedContributor_GivenRevokedAtTheConsentBlock() public {
        vm.prank(FIRST);
        consent.revoke(dataset);
        uint40 changedAt = consent.slotOf(dataset, FIRST).changedAt;
        vm.roll(block.number + 1);
        Receipt memory r = withContributors();
        assertEq(changedAt, r.consentBlock);
        bytes32 id = offence(Offence.DeniedContributor, r);
        vm.expectEmit(address(slashing));
        emit ISlashing.Slashed(1, Offence.DeniedContributor, id, stranger, 501, 100);
        report(r, FIRST, "");
        assertPunished(id, stranger);
    }

    function test_ReportsDeniedContributor_GivenThePurposeWasDenied() public {
        say(SECOND, 1 << 3, 7);
        vm.roll(block.number + 5);
        Receipt memory r = withContributors();
        report(r, SECOND, "");
        assertPunished(offence(Offence.DeniedContributor, r), stranger);
    }

    function test_ReportsDeniedContributor_GivenTheModeWasDenied() public {
        say(SECOND, HEALTH, 2 | 4);
        vm.roll(block.number + 5);
        Receipt memory r = withContributors();
        report(r, SECOND, "");
        assertPunished(offence(Offence.DeniedContributor, r), stranger);
    }

    function test_ReportDeniedContributor_RevertGiven_Punished() public {
        vm.prank(FIRST);
        consent.revoke(dataset);
        vm.prank(SECOND);
        consent.revoke(dataset);
        vm.roll(block.number + 1);
        Receipt memory r = withContributors();
        report(r, FIRST, "");
        bytes32 id = offence(Offence.DeniedContributor, r);
        report(r, SECOND, abi.encodeWithSelector(Errors.Slashing_AlreadyPunished.selector, id));
    }

    /*//////////////////////////////////////////////////////////////
                          AFTER MANY BLOCKS
    //////////////////////////////////////////////////////////////*/

    function test_ReportDeniedContributor_RevertWhen_TheBlockIsOutOfReach() public {
        vm.prank(FIRST);
        consent.revoke(dataset);
        vm.roll(block.number + 1);
        Receipt memory r = withContributors();
        vm.roll(block.number + 10_000);
        bytes4 err = Errors.Slashing_ConsentBlockUnknown.selector;
        report(r, FIRST, abi.encodeWithSelector(err, r.consentBlock));
    }

    function test_ReportDeniedContributor_WhenOutOfReach_GivenTheEscrowHoldsTheReceipt() public {
        o = order(OrderKind.Training, bytes32("training"));
        vm.prank(FIRST);
        consent.revoke(dataset);
        vm.roll(block.number + 1);
        fund(o);
        Receipt memory r = withContributors();
        escrow.deliver(o, r, signed(r, 1, 2));
        vm.roll(block.number + 10_000);
        report(r, FIRST, "");
        assertPunished(offence(Offence.DeniedContributor, r), stranger);
    }
}
