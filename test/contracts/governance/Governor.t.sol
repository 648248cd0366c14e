// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {Grant} from "../../../contracts/types/ConsentTypes.sol";
import {Order, OrderKind, OrderState} from "../../../contracts/types/OrderTypes.sol";
import {GovernanceTest} from "./GovernanceTest.sol";

contract GovernorTest is GovernanceTest {
    function test_VoteChangesTheFee_OfLaterOrdersOnly() public {
        Order memory earlier = order(OrderKind.Analysis, bytes32("earlier"));
        earlier.deliverBy = uint40(block.timestamp + MAX_DELIVERY);
        fund(earlier);
        uint256 id = proposeFee(700);
        assertStage(id, IGovernor.ProposalState.Pending);
        assertEq(governor.proposalNeedsQueuing(id), true);
        open();
        assertStage(id, IGovernor.ProposalState.Active);
        vote(ann, id, FOR);
        vote(ben, id, FOR);
        close();
        assertStage(id, IGovernor.ProposalState.Succeeded);
        queue();
        assertStage(id, IGovernor.ProposalState.Queued);
        assertEq(governor.proposalEta(id), block.timestamp + DELAY);
        assertEq(escrow.feeBps(), FEE_BPS);
        vm.warp(block.timestamp + DELAY);
        execute();
        assertStage(id, IGovernor.ProposalState.Executed);
        assertEq(escrow.feeBps(), 700);
        Order memory later = funded(order(OrderKind.Analysis, bytes32("later")));
        assertEq(escrow.statusOf(idOf(later)).feeBps, 700);
        assertEq(escrow.statusOf(idOf(earlier)).feeBps, FEE_BPS);
        deliver(earlier);
        passDispute();
        escrow.settle(earlier);
        assertEq(payouts.creditOf(address(dollar), commons), 2_500_000);
    }

    function test_ExecutionNeverTouchesOrdersCreditsConsents() public {
        settled(order(OrderKind.Analysis, bytes32("settled")));
        Order memory o = order(OrderKind.Analysis, bytes32("open"));
        o.deliverBy = uint40(block.timestamp + MAX_DELIVERY);
        fund(o);
        vm.prank(buyer);
        consent.grant(Grant(dataset, buyer, 2, type(uint40).max, 1, 0));
        bytes32 before = everything(o);
        enact(proposeFee(1_000));
        assertEq(everything(o), before);
        address next = address(newEscrow(0));
        proposal(address(assets), abi.encodeCall(assets.setEscrow, (next)));
        enact(propose(ann));
        assertEq(assets.escrow(), next);
        assertEq(everything(o), before);
    }

    function everything(Order memory o) private view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    escrow.statusOf(idOf(o)),
                    dollar.balanceOf(address(escrow)),
                    payouts.creditOf(address(dollar), curator),
                    payouts.potOf(address(dollar), bytes32(dataset)),
                    consent.slotOf(dataset, buyer)
                )
            );
    }

    function test_RevertWhen_ProposerHasTooFewVotes() public {
        proposal(address(escrow), abi.encodeCall(escrow.setFee, (0)));
        // Cat owns most tokens but delegated them to nobody.
        expectError(
            abi.encodeWithSelector(IGovernor.GovernorInsufficientProposerVotes.selector, cat, 0, 50_000e18)
        );
        propose(cat);
    }

    function defeated(uint256 id) private {
        close();
        assertStage(id, IGovernor.ProposalState.Defeated);
        vm.expectPartialRevert(IGovernor.GovernorUnexpectedProposalState.selector);
        queue();
    }

    function test_GivenQuorumMissed() public {
        // Ann's 300,000 of ten million are 3 %, below 4 %.
        uint256 id = proposeFee(0);
        open();
        vote(ann, id, FOR);
        defeated(id);
    }

    function test_GivenMoreAgainst() public {
        uint256 id = proposeFee(0);
        open();
        vote(ann, id, FOR);
        vote(ben, id, AGAINST);
        defeated(id);
    }

    function test_RevertWhen_ExecutedBeforeTheDelay() public {
        uint256 id = proposeFee(0);
        passed(id);
        queue();
        vm.warp(block.timestamp + DELAY - 1);
        vm.expectPartialRevert(TimelockController.TimelockUnexpectedOperationState.selector);
        execute();
    }

    function test_RevertWhen_AnotherCallIsExecuted() public {
        passed(proposeFee(100));
        queue();
        vm.warp(block.timestamp + DELAY);
        proposal(address(escrow), abi.encodeCall(escrow.setFee, (1_000)));
        vm.expectPartialRevert(IGovernor.GovernorNonexistentProposal.selector);
        execute();
    }

    function test_RevertWhen_FeeIsAboveTheBound() public {
        // Not even a vote takes more than a tenth.
        passed(proposeFee(1_001));
        queue();
        vm.warp(block.timestamp + DELAY);
        vm.expectPartialRevert(bytes4(keccak256("AccessEscrow_FeeTooHigh(uint16,uint16)")));
        execute();
    }

    function test_LateQuorumExtendsTheVote() public {
        uint256 id = proposeFee(0);
        uint256 deadline = governor.proposalDeadline(id);
        vm.warp(deadline - 1);
        vote(ben, id, FOR);
        assertEq(governor.proposalDeadline(id), deadline - 1 + EXTENSION);
        vm.warp(deadline + 1);
        vote(ann, id, AGAINST);
    }

    /*//////////////////////////////////////////////////////////////
                                GUARDIAN
    //////////////////////////////////////////////////////////////*/

    function test_Guardian_CancelsAtAnyStage() public {
        uint256 id = proposeFee(0);
        passed(id);
        queue();
        cancel(guardian);
        assertStage(id, IGovernor.ProposalState.Canceled);
        vm.warp(block.timestamp + DELAY);
        vm.expectPartialRevert(IGovernor.GovernorUnexpectedProposalState.selector);
        execute();
    }

    function cannotCancel(uint256 id, address who) private {
        expectError(abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, id, who));
        cancel(who);
    }

    function test_Guardian_OthersCannotCancel() public {
        uint256 id = proposeFee(0);
        open();
        cannotCancel(id, ann);
        cannotCancel(id, ben);
        cannotCancel(id, timelock);
    }

    function test_Guardian_ExpiresForGood() public {
        assertEq(governor.proposalGuardian(), guardian);
        vm.warp(guardianUntil - 1);
        assertEq(governor.proposalGuardian(), guardian);
        vm.warp(guardianUntil);
        assertEq(governor.proposalGuardian(), address(0));
        uint256 id = proposeFee(0);
        open();
        cannotCancel(id, guardian);
        // Naming another one by vote does not bring the office back.
        close();
        proposal(address(governor), abi.encodeWithSignature("setProposalGuardian(address)", guardian));
        enact(propose(ann));
        assertEq(governor.proposalGuardian(), address(0));
    }

    function test_Guardian_GivenNone_ProposersCancelTheirOwn() public {
        vm.warp(guardianUntil);
        uint256 id = proposeFee(0);
        passed(id);
        queue();
        cannotCancel(id, ben);
        cancel(ann);
        assertStage(id, IGovernor.ProposalState.Canceled);
    }

    function test_Guardian_NeverNamed() public {
        governor = newGovernor(address(0), 0);
        assertEq(governor.proposalGuardian(), address(0));
        assertEq(governor.guardianUntil(), 0);
        assertEq(governor.proposalThreshold(), 50_000e18);
    }
}
