// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessEscrow} from "../../../contracts/interfaces/IAccessEscrow.sol";
import {IArbitrator} from "../../../contracts/interfaces/IArbitrator.sol";
import {IDisputes} from "../../../contracts/interfaces/IDisputes.sol";
import {IPanels} from "../../../contracts/interfaces/IPanels.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {DisputeState} from "../../../contracts/types/DisputeTypes.sol";
import {Order, OrderState, Ruling} from "../../../contracts/types/OrderTypes.sol";
import {DisputesTest} from "./DisputesTest.sol";

/// @notice Votes, rulings, bonds and the executor's penalty (Disputes.tree).
contract VoteTest is DisputesTest {
    /// @dev A fifth of 10 dollars in three parts, and what is left: 3 × 666,666 + 8,000,002 = 10,000,000.
    uint256 private constant FEE = 666_666;
    uint256 private constant REST = 8_000_002;

    function test_Vote_RevertGiven_NotOpen() public {
        Order memory o = delivered(ours());
        voteReverts(member(0), o, Ruling.Pay, wrongState(o, DisputeState.None));
        openAs(buyer, o);
        passRuling(o);
        panel.close(o);
        voteReverts(member(0), o, Ruling.Pay, wrongState(o, DisputeState.Silent));
    }

    function test_Vote_RevertWhen_CallerHasNoSeat() public {
        Order memory o = opened();
        passEvidence();
        address[7] memory others = [buyer, curator, operator(1), signer(1), timelock, commons, stranger];
        for (uint256 i = 0; i < 7; ++i) {
            voteReverts(others[i], o, Ruling.Refund, err(Errors.Disputes_NoSeat.selector, o, others[i]));
        }
    }

    function test_Vote_RevertWhen_VotingTwice() public {
        Order memory o = opened();
        passEvidence();
        vote(0, o, Ruling.Pay);
        bytes memory e = err(Errors.Disputes_AlreadyVoted.selector, o, member(0));
        voteReverts(member(0), o, Ruling.Pay, e);
        voteReverts(member(0), o, Ruling.Refund, e);
        voteReverts(member(0), o, Ruling.None, e);
    }

    function test_Vote_RevertGiven_EvidenceIsTaken() public {
        Order memory o = opened();
        uint256 from = block.timestamp + EVIDENCE;
        vm.warp(from - 1);
        voteReverts(member(0), o, Ruling.Pay, err(Errors.Disputes_TooEarly.selector, o, from));
        vm.warp(from);
        vote(0, o, Ruling.Pay);
    }

    function test_Vote_RevertGiven_WindowPassed() public {
        Order memory o = opened();
        uint256 end = block.timestamp + RULING;
        passEvidence();
        vote(0, o, Ruling.Refund);
        vote(1, o, Ruling.Refund);
        vm.warp(end);
        voteReverts(member(2), o, Ruling.Refund, err(Errors.Disputes_TooLate.selector, o, end - 1));
        vm.warp(end - 1);
        vote(2, o, Ruling.Refund);
        assertState(o, OrderState.Refunded);
    }

    function test_Vote_RevertWhen_LieWithoutRefund() public {
        Order memory o = opened();
        passEvidence();
        for (uint8 r = 0; r < 2; ++r) {
            expectError(err(Errors.Disputes_LieWithoutRefund.selector, o));
            vm.prank(member(0));
            panel.vote(o, Ruling(r), true, "because");
        }
    }

    function test_Vote_RevertWhen_ReasonIsEmptyOrLong() public {
        Order memory o = opened();
        passEvidence();
        uint256[2] memory bad = [uint256(0), 2_001];
        for (uint256 i = 0; i < 2; ++i) {
            expectError(abi.encodeWithSelector(Errors.Disputes_ReasonInvalid.selector, 2_000, bad[i]));
            vm.prank(member(0));
            panel.vote(o, Ruling.Pay, false, string(new bytes(bad[i])));
        }
        vm.prank(member(0));
        panel.vote(o, Ruling.Pay, false, string(new bytes(2_000)));
    }

    function test_Rule_Refund() public {
        Order memory o = opened();
        passEvidence();
        vm.expectEmit(address(panel));
        emit IDisputes.Voted(idOf(o), member(4), Ruling.Refund, false, "because");
        vote(4, o, Ruling.Refund);
        vote(1, o, Ruling.Pay);
        vote(0, o, Ruling.Refund);
        assertState(o, OrderState.Disputed);
        assertEq(uint256(panel.disputeStatus(uint256(idOf(o)))), uint256(IArbitrator.DisputeStatus.Waiting));
        // Four voted: a fifth of the bond in four parts of 500,000; the rest goes back to the buyer.
        vm.expectEmit(address(panel));
        emit IDisputes.DisputeEnded(
            idOf(o),
            dataset,
            DisputeState.Ruled,
            Ruling.Refund,
            false,
            8e6,
            500_000,
            0
        );
        vm.expectEmit(address(escrow));
        emit IAccessEscrow.OrderRuled(idOf(o), dataset, address(panel), Ruling.Refund);
        vote(3, o, Ruling.Refund);
        assertEnded(o, DisputeState.Ruled, Ruling.Refund);
        assertState(o, OrderState.Refunded);
        assertEq(dollar.balanceOf(buyer), 2_000_000e6 - 2e6);
        for (uint256 i = 0; i < 5; ++i) assertEq(credit(member(i)), i == 2 ? 0 : 500_000);
        assertEq(stakes(), 5 * STAKE);
        assertEq(gateways.stakeOf(1).amount, GATEWAY_STAKE);
        assertEq(panel.currentRuling(uint256(idOf(o))), 2);
        assertEq(uint256(panel.disputeStatus(uint256(idOf(o)))), uint256(IArbitrator.DisputeStatus.Solved));
        voteReverts(member(2), o, Ruling.Pay, wrongState(o, DisputeState.Ruled));
    }

    function test_Rule_Pay() public {
        Order memory o = opened();
        passEvidence();
        for (uint256 i = 1; i < 4; ++i) vote(i, o, Ruling.Pay);
        assertEnded(o, DisputeState.Ruled, Ruling.Pay);
        assertState(o, OrderState.Settled);
        // The escrow's fee of 2.5 dollars, and what is left of the bond.
        assertEq(credit(commons), 2_500_000 + REST);
        assertEq(credit(member(1)), FEE);
        assertEq(dollar.balanceOf(buyer), 2_000_000e6 - 102_500_000 - BOND_BUYER);
    }

    function test_Rule_None() public {
        Order memory o = opened();
        passEvidence();
        for (uint256 i = 0; i < 3; ++i) vote(i, o, Ruling.None);
        assertEnded(o, DisputeState.Ruled, Ruling.None);
        assertState(o, OrderState.Settled);
        assertEq(credit(commons), 2_500_000);
        assertEq(dollar.balanceOf(buyer), 2_000_000e6 - 102_500_000 - 3 * FEE);
    }

    function test_Rule_GivenAllVotedAndNoThreeAgree() public {
        Order memory o = opened();
        passEvidence();
        vote(0, o, Ruling.Refund);
        vote(1, o, Ruling.Refund);
        vote(2, o, Ruling.Pay);
        vote(3, o, Ruling.Pay);
        vote(4, o, Ruling.None);
        assertEnded(o, DisputeState.Undecided, Ruling.None);
        assertState(o, OrderState.Settled);
        for (uint256 i = 0; i < 5; ++i) assertEq(credit(member(i)), 400_000);
        assertEq(dollar.balanceOf(buyer), 2_000_000e6 - 102_500_000 - 2e6);
        assertEq(stakes(), 5 * STAKE);
    }

    /*//////////////////////////////////////////////////////////////
                              THE EXECUTOR
    //////////////////////////////////////////////////////////////*/

    function test_Lie_WhenThreeSaySo() public {
        Order memory o = opened();
        passEvidence();
        for (uint256 i = 0; i < 2; ++i) vote(i, o, Ruling.Refund, true);
        // A quarter of 4,001 rounded up.
        vm.expectEmit(address(panel));
        emit IDisputes.ExecutorPunished(idOf(o), 1, 1_001);
        vote(2, o, Ruling.Refund, true);
        assertEq(gateways.stakeOf(1).amount, 3_000);
        assertEq(credit(commons), 1_001);
        expectError(err(Errors.Disputes_NothingToPunish.selector, o));
        panel.punish(o);
    }

    function test_Lie_WhenFewerThanThreeSaySo() public {
        Order memory o = opened();
        passEvidence();
        vote(0, o, Ruling.Refund, true);
        vote(1, o, Ruling.Refund, true);
        vote(2, o, Ruling.Refund, false);
        assertEq(gateways.stakeOf(1).amount, GATEWAY_STAKE);
        expectError(err(Errors.Disputes_NothingToPunish.selector, o));
        panel.punish(o);
    }

    function test_Lie_GivenNothingAtStake() public {
        vm.startPrank(operator(1));
        gateways.requestStakeWithdrawal(1, GATEWAY_STAKE);
        vm.warp(block.timestamp + STAKE_DELAY);
        gateways.withdrawStake(1, stranger);
        vm.stopPrank();
        Order memory o = opened();
        passEvidence();
        for (uint256 i = 0; i < 3; ++i) vote(i, o, Ruling.Refund, true);
        assertState(o, OrderState.Refunded);
        assertEq(dispute(o).punished, true);
        assertEq(credit(commons), 0);
    }

    function test_Lie_GivenTheRightToSlashWasTakenAway() public {
        Order memory o = opened();
        vm.prank(timelock);
        manager.revokeRole(SLASHER, address(panels));
        passEvidence();
        for (uint256 i = 0; i < 3; ++i) vote(i, o, Ruling.Refund, true);
        // The ruling stands; the penalty waits.
        assertState(o, OrderState.Refunded);
        assertEq(dispute(o).punished, false);
        vm.prank(timelock);
        manager.grantRole(SLASHER, address(panels), 0);
        vm.expectEmit(address(panels));
        emit IPanels.GatewayPunished(address(panel), 1, idOf(o), 1_001);
        vm.prank(stranger);
        panel.punish(o);
        assertEq(gateways.stakeOf(1).amount, 3_000);
        expectError(err(Errors.Disputes_NothingToPunish.selector, o));
        panel.punish(o);
    }

    function test_Punish_RevertGiven_NoDispute() public {
        Order memory o = ours();
        expectError(err(Errors.Disputes_NothingToPunish.selector, o));
        panel.punish(o);
    }

    /// @dev Every way in which five may vote, in order: what ends it and what of the bond goes where.
    function testFuzz_Vote_EndsAndPaysExactly(uint256 seed) public {
        Order memory o = opened();
        passEvidence();
        uint256[3] memory counts;
        uint256 voted = 0;
        while (voted < 5 && counts[0] < 3 && counts[1] < 3 && counts[2] < 3) {
            uint256 r = (seed >> (8 * voted)) % 3;
            vote(voted, o, Ruling(r));
            ++counts[r];
            ++voted;
        }
        bool decided = counts[0] == 3 || counts[1] == 3 || counts[2] == 3;
        Ruling expected =
            counts[1] == 3
                ? Ruling.Pay
                : counts[2] == 3
                    ? Ruling.Refund
                    : Ruling.None;
        assertEnded(o, decided ? DisputeState.Ruled : DisputeState.Undecided, expected);
        uint256 each = uint256(2_000_000) / voted;
        for (uint256 i = 0; i < 5; ++i) assertEq(credit(member(i)), i < voted ? each : 0);
        uint256 rest = BOND_BUYER - each * voted;
        uint256 due = expected == Ruling.Refund ? 0 : 102_500_000;
        uint256 kept = expected == Ruling.Pay ? BOND_BUYER : each * voted;
        assertEq(dollar.balanceOf(buyer), 2_000_000e6 - due - kept);
        assertEq(credit(commons), (due == 0 ? 0 : 2_500_000) + (expected == Ruling.Pay ? rest : 0));
    }
}
