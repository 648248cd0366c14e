// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IDisputes} from "../../../contracts/interfaces/IDisputes.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {DisputeState} from "../../../contracts/types/DisputeTypes.sol";
import {Order, OrderKind, OrderState, Ruling} from "../../../contracts/types/OrderTypes.sol";
import {DisputesTest} from "./DisputesTest.sol";

/// @notice Silence, and what it costs (Disputes.tree).
contract CloseTest is DisputesTest {
    function test_Close_RevertGiven_NotOpen() public {
        Order memory o = delivered(ours());
        expectError(wrongState(o, DisputeState.None));
        panel.close(o);
        openAs(buyer, o);
        passRuling(o);
        panel.close(o);
        expectError(wrongState(o, DisputeState.Silent));
        panel.close(o);
    }

    function test_Close_RevertGiven_WindowRuns() public {
        Order memory o = opened();
        uint256 end = block.timestamp + RULING;
        vm.warp(end - 1);
        expectError(err(Errors.Disputes_TooEarly.selector, o, end));
        panel.close(o);
        vm.warp(end);
        vm.prank(stranger);
        panel.close(o);
        assertEnded(o, DisputeState.Silent, Ruling.None);
    }

    function test_Silence_OfAll() public {
        Order memory o = opened();
        passRuling(o);
        vm.expectEmit(address(panel));
        emit IDisputes.DisputeEnded(
            idOf(o),
            dataset,
            DisputeState.Silent,
            Ruling.None,
            false,
            BOND_BUYER,
            0,
            0
        );
        panel.close(o);
        assertEnded(o, DisputeState.Silent, Ruling.None);
        assertState(o, OrderState.Settled);
        assertEq(stakes(), 0);
        assertEq(credit(commons), 2_500_000 + 5 * STAKE);
        assertEq(dollar.balanceOf(buyer), 2_000_000e6 - 102_500_000);
    }

    function test_Silence_OfThree() public {
        Order memory o = opened();
        passEvidence();
        vote(0, o, Ruling.Refund);
        vote(3, o, Ruling.Refund);
        passRuling(o);
        vm.expectEmit(address(panel));
        emit IDisputes.StakeLost(idOf(o), member(1), STAKE);
        panel.close(o);
        assertEnded(o, DisputeState.Silent, Ruling.None);
        // Per receipt, though two wanted a refund.
        assertState(o, OrderState.Settled);
        // Half of 3,000,000,003 is 1,500,000,001, a half of it 750,000,000.
        assertEq(credit(member(0)), 750_000_000);
        assertEq(credit(member(3)), 750_000_000);
        assertEq(credit(commons), 2_500_000 + 1_500_000_003);
        assertEq(panel.stakeOf(member(0)), STAKE);
        assertEq(panel.stakeOf(member(1)), 0);
        assertEq(dollar.balanceOf(buyer), 2_000_000e6 - 102_500_000);
    }

    function test_Silence_OfADownloadSettlesPerReport() public {
        Order memory o = download();
        o.arbitrator = address(panel);
        delivered(o);
        report(o, 31);
        openAs(buyer, o);
        passRuling(o);
        panel.close(o);
        uint256 due = (uint256(100e6) * 31) / 90;
        uint256 dueFee = (uint256(2_500_000) * 31) / 90;
        assertEq(dollar.balanceOf(buyer), 2_000_000e6 - due - dueFee);
    }

    function test_Silence_GivenTheOrderWasSettledBefore() public {
        Order memory o = opened();
        passRuling(o);
        escrow.settle(o);
        panel.close(o);
        assertEnded(o, DisputeState.Silent, Ruling.None);
        assertState(o, OrderState.Settled);
        assertEq(stakes(), 0);
    }

    function test_Silence_GivenTwoDisputesAtOnce() public {
        Order memory first = opened();
        Order memory second = delivered(orderUnder(bytes32("second")));
        openAs(operator(1), second);
        passEvidence();
        // Member 0 speaks in the second only: it loses its stake in the first, and nothing more.
        vote(0, second, Ruling.Pay);
        passRuling(first);
        panel.close(first);
        assertEq(panel.stakeOf(member(0)), 0);
        assertEq(panel.openDisputes(), 1);
        passRuling(second);
        panel.close(second);
        assertEnded(second, DisputeState.Silent, Ruling.None);
        assertEq(credit(commons), 5_000_000 + 5 * STAKE);
    }

    function test_Silence_LeavesNoSeatUntilStakedAnew() public {
        Order memory o = opened();
        Order memory later = delivered(orderUnder(bytes32("later")));
        passEvidence();
        vote(0, o, Ruling.Pay);
        vote(1, o, Ruling.Pay);
        passRuling(o);
        panel.close(o);
        later = orderUnder(bytes32("after"));
        delivered(later);
        openReverts(buyer, later, err(Errors.Disputes_TooFewSeats.selector, later, 3));
        stake(panel, member(4));
        assertEq(panel.seatsFor(later, buyer), 19);
        openAs(buyer, later);
        passEvidence();
        voteReverts(member(2), later, Ruling.Pay, err(Errors.Disputes_NoSeat.selector, later, member(2)));
        for (uint256 i = 0; i < 2; ++i) vote(i, later, Ruling.Refund);
        vote(4, later, Ruling.Refund);
        assertState(later, OrderState.Refunded);
    }

    function test_Silence_OfAMemberWhoTriesToLeaveFirst() public {
        Order memory o = opened();
        vm.prank(timelock);
        panels.retire(address(panel));
        vm.warp(block.timestamp + MAX_DELIVERY + REPORT + DISPUTE + RULING);
        expectError(abi.encodeWithSelector(Errors.Disputes_DisputesOpen.selector, 1));
        vm.prank(member(0));
        panel.withdrawStake(member(0));
        panel.close(o);
        expectError(abi.encodeWithSelector(Errors.Disputes_NothingToWithdraw.selector, member(0)));
        vm.prank(member(0));
        panel.withdrawStake(member(0));
    }
}
