// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Disputes} from "../../../contracts/Disputes.sol";
import {Panels} from "../../../contracts/Panels.sol";
import {IDisputes} from "../../../contracts/interfaces/IDisputes.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {DisputeState} from "../../../contracts/types/DisputeTypes.sol";
import {Order, OrderState, Ruling} from "../../../contracts/types/OrderTypes.sol";
import {FeeToken} from "../support/Tokens.sol";
import {DisputesTest} from "./DisputesTest.sol";

/// @notice Evidence, recusals and stakes (Disputes.tree).
contract MembersTest is DisputesTest {
    /*//////////////////////////////////////////////////////////////
                                EVIDENCE
    //////////////////////////////////////////////////////////////*/

    function test_AddEvidence_ByPartiesAndMembers() public {
        Order memory o = opened();
        address[5] memory by = [buyer, operator(1), curator, member(0), member(4)];
        for (uint256 i = 0; i < 5; ++i) {
            vm.expectEmit(address(panel));
            emit IDisputes.EvidenceAdded(idOf(o), by[i], address(0), bytes32(i + 1));
            vm.prank(by[i]);
            panel.addEvidence(o, bytes32(i + 1));
        }
    }

    function test_AddEvidence_RevertWhen_CallerIsNone() public {
        Order memory o = opened();
        address[5] memory others = [stranger, timelock, operator(2), signer(1), patient];
        for (uint256 i = 0; i < 5; ++i) {
            expectError(err(Errors.Disputes_NotParty.selector, o, others[i]));
            vm.prank(others[i]);
            panel.addEvidence(o, bytes32(i + 1));
        }
    }

    function test_AddEvidence_RevertWhen_EmptyEarlyOrLate() public {
        Order memory o = delivered(ours());
        expectError(wrongState(o, DisputeState.None));
        vm.prank(buyer);
        panel.addEvidence(o, keccak256("x"));
        openAs(buyer, o);
        expectError(err(Errors.Disputes_EvidenceZero.selector, o));
        vm.prank(buyer);
        panel.addEvidence(o, 0);
        uint256 last = block.timestamp + EVIDENCE - 1;
        vm.warp(last);
        vm.prank(buyer);
        panel.addEvidence(o, keccak256("x"));
        vm.warp(last + 1);
        expectError(err(Errors.Disputes_TooLate.selector, o, last));
        vm.prank(buyer);
        panel.addEvidence(o, keccak256("x"));
    }

    /*//////////////////////////////////////////////////////////////
                                RECUSAL
    //////////////////////////////////////////////////////////////*/

    function recuse(uint256 i, Order memory o) private {
        vm.prank(member(i));
        panel.recuse(o, "I know the buyer");
    }

    function test_Recuse_TheirPlaceFallsOut() public {
        Order memory o = opened();
        vm.expectEmit(address(panel));
        emit IDisputes.MemberRecused(idOf(o), member(1), 29, "I know the buyer");
        recuse(1, o);
        recuse(3, o);
        passEvidence();
        bytes memory noSeat = err(Errors.Disputes_NoSeat.selector, o, member(1));
        voteReverts(member(1), o, Ruling.Pay, noSeat);
        vote(0, o, Ruling.Refund);
        vote(2, o, Ruling.Refund);
        passRuling(o);
        panel.close(o);
        // Only member 4 was asked and silent.
        assertEq(panel.stakeOf(member(4)), 0);
        assertEq(stakes(), 4 * STAKE);
    }

    function test_Recuse_GivenTheLastThreeDoNotAgree() public {
        Order memory o = opened();
        recuse(1, o);
        recuse(3, o);
        passEvidence();
        vote(0, o, Ruling.Refund);
        vote(2, o, Ruling.Refund);
        vote(4, o, Ruling.Pay);
        assertEnded(o, DisputeState.Undecided, Ruling.None);
    }

    function test_Recuse_UntilFewerThanThreeAreLeft() public {
        Order memory o = opened();
        recuse(0, o);
        recuse(1, o);
        assertState(o, OrderState.Disputed);
        recuse(2, o);
        assertEnded(o, DisputeState.TooFewLeft, Ruling.None);
        assertState(o, OrderState.Settled);
        // All of the bond goes back, and nobody loses a stake.
        assertEq(dollar.balanceOf(buyer), 2_000_000e6 - 102_500_000);
        assertEq(stakes(), 5 * STAKE);
    }

    function test_Recuse_RevertWhen_NoSeatTwiceOrLate() public {
        Order memory o = opened();
        address[3] memory others = [buyer, operator(1), timelock];
        for (uint256 i = 0; i < 3; ++i) {
            expectError(err(Errors.Disputes_NoSeat.selector, o, others[i]));
            vm.prank(others[i]);
            panel.recuse(o, "because");
        }
        recuse(0, o);
        expectError(err(Errors.Disputes_NoSeat.selector, o, member(0)));
        recuse(0, o);
        expectError(abi.encodeWithSelector(Errors.Disputes_ReasonInvalid.selector, 2_000, 0));
        vm.prank(member(1));
        panel.recuse(o, "");
        uint256 last = block.timestamp + EVIDENCE - 1;
        vm.warp(last + 1);
        // So nobody steps aside to save a stake once it is time to vote.
        expectError(err(Errors.Disputes_TooLate.selector, o, last));
        recuse(1, o);
    }

    /*//////////////////////////////////////////////////////////////
                                 STAKES
    //////////////////////////////////////////////////////////////*/

    function withdraw(Disputes at, uint256 i) private {
        vm.prank(member(i));
        at.withdrawStake(stranger);
    }

    function test_DepositStake_ByAnyoneForAMember() public {
        Disputes next = elect();
        dollar.mint(stranger, STAKE);
        vm.startPrank(stranger);
        dollar.approve(address(next), STAKE);
        vm.expectEmit(address(next));
        emit IDisputes.StakeDeposited(member(2), stranger, STAKE);
        next.depositStake(member(2));
        expectError(abi.encodeWithSelector(Errors.Disputes_Staked.selector, member(2)));
        next.depositStake(member(2));
        expectError(abi.encodeWithSelector(Errors.Disputes_NotMember.selector, stranger));
        next.depositStake(stranger);
        vm.stopPrank();
        assertEq(next.stakeOf(member(2)), STAKE);
        assertEq(next.isStaked(), false);
    }

    function test_DepositStake_RevertWhen_TheTokenKeepsAPart() public {
        FeeToken token = new FeeToken();
        Panels.Parts memory parts = Panels.Parts(assets, gateways, consent, payouts, commons, address(token));
        panels = new Panels(address(manager), parts, TERM, PENALTY_BPS);
        assertEq(panels.stakeToken(), address(token));
        Disputes next = elect();
        token.mint(stranger, STAKE);
        vm.startPrank(stranger);
        token.approve(address(next), STAKE);
        uint256 arrives = STAKE - STAKE / 100;
        bytes4 less = Errors.Disputes_TokenDeltaMismatch.selector;
        expectError(abi.encodeWithSelector(less, STAKE, arrives));
        next.depositStake(member(0));
        vm.stopPrank();
    }

    function test_DepositStake_RevertGiven_Retired() public {
        vm.prank(timelock);
        panels.retire(address(panel));
        expectError(abi.encodeWithSelector(Errors.Disputes_Retired.selector));
        panel.depositStake(member(0));
    }

    function test_WithdrawStake_BeforeOffice() public {
        Disputes next = elect();
        stake(next, member(0));
        vm.expectEmit(address(next));
        emit IDisputes.StakeWithdrawn(member(0), stranger, STAKE);
        withdraw(next, 0);
        assertEq(dollar.balanceOf(stranger), STAKE);
        expectError(abi.encodeWithSelector(Errors.Disputes_NothingToWithdraw.selector, member(0)));
        withdraw(next, 0);
    }

    function test_WithdrawStake_RevertGiven_InOffice() public {
        vm.warp(block.timestamp + 10 * uint256(TERM));
        expectError(abi.encodeWithSelector(Errors.Disputes_InOffice.selector));
        withdraw(panel, 0);
        // Nobody's goodwill is needed to end a term.
        vm.prank(member(0));
        panels.endTerm(address(panel));
        vm.warp(block.timestamp + MAX_DELIVERY + REPORT + DISPUTE + RULING);
        withdraw(panel, 0);
        assertEq(dollar.balanceOf(stranger), STAKE);
    }

    function test_WithdrawStake_RevertGiven_OrdersMayStillBeDisputed() public {
        Order memory o = funded(ours());
        vm.prank(timelock);
        panels.retire(address(panel));
        uint256 from = block.timestamp + MAX_DELIVERY + REPORT + DISPUTE + RULING;
        deliver(o);
        openAs(buyer, o);
        passEvidence();
        for (uint256 i = 0; i < 3; ++i) vote(i, o, Ruling.Pay);
        vm.warp(from - 1);
        expectError(abi.encodeWithSelector(Errors.Disputes_StakeBound.selector, from));
        withdraw(panel, 0);
        vm.warp(from);
        for (uint256 i = 0; i < 5; ++i) withdraw(panel, i);
        assertEq(dollar.balanceOf(address(panel)), 0);
    }

    function test_WithdrawStake_RevertWhen_CallerHasNone() public {
        address[3] memory others = [stranger, timelock, buyer];
        for (uint256 i = 0; i < 3; ++i) {
            expectError(abi.encodeWithSelector(Errors.Disputes_NothingToWithdraw.selector, others[i]));
            vm.prank(others[i]);
            panel.withdrawStake(others[i]);
        }
        expectError(abi.encodeWithSelector(Errors.Disputes_AddressZero.selector));
        vm.prank(member(0));
        panel.withdrawStake(address(0));
    }
}
