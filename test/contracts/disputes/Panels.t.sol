// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {Disputes} from "../../../contracts/Disputes.sol";
import {Panels} from "../../../contracts/Panels.sol";
import {IAccessEscrow} from "../../../contracts/interfaces/IAccessEscrow.sol";
import {IPanels} from "../../../contracts/interfaces/IPanels.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {BondFloor, PanelState, PanelTerms, Party} from "../../../contracts/types/DisputeTypes.sol";
import {Order, OrderState, Ruling} from "../../../contracts/types/OrderTypes.sol";
import {PlainToken} from "../support/Tokens.sol";
import {DisputesTest} from "./DisputesTest.sol";

/// @notice Election, office and end of panels (Panels.tree).
contract PanelsTest is DisputesTest {
    function electReverts(
        address at,
        address[5] memory members,
        uint128 each,
        BondFloor[4] memory list,
        bytes memory expected
    ) private {
        expectError(expected);
        vm.prank(timelock);
        panels.elect(at, members, each, list);
    }

    function assertPanel(Disputes p, PanelState state) private view {
        assertEq(uint256(panels.stateOf(address(p))), uint256(state));
    }

    function wrongPanel(address p, PanelState state) private pure returns (bytes memory) {
        return abi.encodeWithSelector(Errors.Panels_WrongState.selector, p, state);
    }

    function staked() private returns (Disputes next) {
        next = elect();
        for (uint256 i = 0; i < 5; ++i) stake(next, member(i));
    }

    function test_Constructor_RevertWhen_TermOrPenaltyIsInvalid() public {
        expectError(abi.encodeWithSelector(Errors.Panels_TermZero.selector));
        newPanels(0, 1);
        expectError(abi.encodeWithSelector(Errors.Panels_PenaltyTooHigh.selector, 5_000, 5_001));
        newPanels(1, 5_001);
        assertEq(newPanels(1, 5_000).penaltyBps(), 5_000);
    }

    function test_Elect() public {
        uint256 before = vm.snapshotState();
        Disputes next = elect();
        PanelTerms memory told = next.terms();
        vm.revertToState(before);
        vm.expectEmit(address(panels));
        emit IPanels.PanelElected(address(next), address(escrow), told);
        assertEq(address(elect()), address(next));
        assertPanel(next, PanelState.Elected);
        PanelTerms memory t = next.terms();
        assertEq(t.escrow, address(escrow));
        for (uint256 i = 0; i < 5; ++i) assertEq(t.members[i], member(i));
        assertEq(t.stake, STAKE);
        assertEq(t.termEnds, block.timestamp + TERM);
        assertEq(t.floors[1].amount, FLOOR);
        assertTrue(address(next) != address(panel));
    }

    function test_Elect_RevertWhen_MembersAreNotFivePeople() public {
        address[5] memory list = five();
        list[3] = list[1];
        bytes4 selector = Errors.Panels_MemberInvalid.selector;
        electReverts(address(escrow), list, 1, floors(), abi.encodeWithSelector(selector, list[1]));
        list[3] = address(0);
        electReverts(address(escrow), list, 1, floors(), abi.encodeWithSelector(selector, address(0)));
    }

    function test_Elect_RevertWhen_StakeOrEscrowIsInvalid() public {
        bytes memory zero = abi.encodeWithSelector(Errors.Panels_StakeZero.selector);
        electReverts(address(escrow), five(), 0, floors(), zero);
        bytes memory other = abi.encodeWithSelector(Errors.Panels_NotEscrow.selector, stranger);
        electReverts(stranger, five(), 1, floors(), other);
    }

    function test_Elect_RevertWhen_FloorsAreInvalid() public {
        BondFloor[4] memory list;
        bytes memory missing = abi.encodeWithSelector(Errors.Panels_FloorMissing.selector);
        electReverts(address(escrow), five(), 1, list, missing);
        list[0] = BondFloor(dollarIndex, 1);
        list[3] = BondFloor(dollarIndex, 2);
        bytes4 selector = Errors.Panels_FloorInvalid.selector;
        electReverts(address(escrow), five(), 1, list, abi.encodeWithSelector(selector, dollarIndex));
        // A token without an amount is no entry, and stands in no other's way.
        list[0].amount = 0;
        electAnd(list, 2);
        list[0] = BondFloor(otherToken(), 1);
        electAnd(list, 2);
        list[3] = BondFloor(99, 2);
        electReverts(address(escrow), five(), 1, list, abi.encodeWithSelector(selector, 99));
    }

    function otherToken() private returns (uint16) {
        PlainToken other = new PlainToken();
        vm.prank(timelock);
        return assets.allowToken(address(other));
    }

    /// @dev Elected, with so much as the least bond in dollars.
    function electAnd(BondFloor[4] memory list, uint256 floor) private {
        vm.prank(timelock);
        Disputes next = Disputes(panels.elect(address(escrow), five(), 1, list));
        Order memory o = ours();
        o.price = 0;
        assertEq(next.bondOf(o, Party.Buyer), floor);
    }

    function testFuzz_ByVoteOnly(address caller) public {
        vm.assume(caller != timelock);
        bytes memory denied = abi.encodeWithSelector(
            IAccessManaged.AccessManagedUnauthorized.selector,
            caller
        );
        vm.startPrank(caller);
        expectError(denied);
        panels.elect(address(escrow), five(), STAKE, floors());
        expectError(denied);
        panels.appoint(address(panel));
        expectError(denied);
        panels.retire(address(panel));
        vm.stopPrank();
    }

    function test_Appoint() public {
        Disputes next = staked();
        vm.expectEmit(address(panels));
        emit IPanels.PanelRetired(address(panel), address(escrow));
        vm.expectEmit(address(panels));
        emit IPanels.PanelAppointed(address(next), address(escrow));
        vm.expectEmit(address(escrow));
        emit IAccessEscrow.ArbitratorChanged(address(panel), address(next));
        vm.prank(timelock);
        panels.appoint(address(next));
        assertEq(escrow.arbitrator(), address(next));
        assertEq(panels.panelOf(address(escrow)), address(next));
        assertPanel(panel, PanelState.Retired);
        assertEq(panels.retiredAt(address(panel)), block.timestamp);
        assertPanel(next, PanelState.Appointed);
    }

    function test_Appoint_RevertGiven_NotStaked() public {
        Disputes next = elect();
        for (uint256 i = 0; i < 4; ++i) stake(next, member(i));
        bytes memory expected = abi.encodeWithSelector(Errors.Panels_NotStaked.selector, address(next));
        expectError(expected);
        vm.prank(timelock);
        panels.appoint(address(next));
        // A stake taken back between election and office counts as none.
        stake(next, member(4));
        vm.prank(member(0));
        next.withdrawStake(member(0));
        expectError(expected);
        vm.prank(timelock);
        panels.appoint(address(next));
    }

    function test_Appoint_RevertGiven_NotElected() public {
        address[3] memory bad = [address(panel), stranger, panels.implementation()];
        for (uint256 i = 0; i < 3; ++i) {
            expectError(wrongPanel(bad[i], i == 0 ? PanelState.Appointed : PanelState.None));
            vm.prank(timelock);
            panels.appoint(bad[i]);
        }
        vm.prank(timelock);
        panels.retire(address(panel));
        expectError(wrongPanel(address(panel), PanelState.Retired));
        vm.prank(timelock);
        panels.appoint(address(panel));
    }

    function test_Appoint_RevertGiven_TermIsOver() public {
        Disputes next = staked();
        uint256 ends = block.timestamp + TERM;
        vm.warp(ends);
        expectError(abi.encodeWithSelector(Errors.Panels_TermOver.selector, address(next), ends));
        vm.prank(timelock);
        panels.appoint(address(next));
    }

    function test_Retire() public {
        vm.prank(timelock);
        panels.retire(address(panel));
        assertEq(escrow.arbitrator(), address(0));
        assertEq(panels.panelOf(address(escrow)), address(0));
        assertPanel(panel, PanelState.Retired);
        expectError(wrongPanel(address(panel), PanelState.Retired));
        vm.prank(timelock);
        panels.retire(address(panel));
    }

    function test_EndTerm() public {
        uint256 ends = panel.terms().termEnds;
        vm.warp(ends - 1);
        expectError(abi.encodeWithSelector(Errors.Panels_TermRunning.selector, address(panel), ends));
        panels.endTerm(address(panel));
        vm.warp(ends);
        vm.prank(stranger);
        panels.endTerm(address(panel));
        assertEq(escrow.arbitrator(), address(0));
        expectError(wrongPanel(address(panel), PanelState.Retired));
        panels.endTerm(address(panel));
    }

    /// @dev "Arbitration of an open order cannot be changed by vote", whatever the vote does in between.
    function test_AVoteDoesNotChangeWhoRulesOnAnOpenOrder() public {
        Order memory o = delivered(ours());
        address[5] memory puppets;
        for (uint256 i = 0; i < 5; ++i) puppets[i] = vm.addr(0x900 + i);
        Disputes next = elect(puppets);
        for (uint256 i = 0; i < 5; ++i) stake(next, puppets[i]);
        vm.startPrank(timelock);
        panels.appoint(address(next));
        manager.revokeRole(APPOINTER, address(panels));
        manager.revokeRole(SLASHER, address(panels));
        vm.stopPrank();
        vm.prank(buyer);
        dollar.approve(address(next), type(uint256).max);
        expectError(
            abi.encodeWithSelector(Errors.AccessEscrow_NotArbitrator.selector, idOf(o), address(next))
        );
        vm.prank(buyer);
        next.open(o, 0);
        openAs(buyer, o);
        passEvidence();
        bytes memory noSeat = err(Errors.Disputes_NoSeat.selector, o, puppets[0]);
        voteReverts(puppets[0], o, Ruling.Pay, noSeat);
        for (uint256 i = 0; i < 3; ++i) vote(i, o, Ruling.Refund);
        assertState(o, OrderState.Refunded);
    }

    function test_Slash_RevertWhen_CallerWasNeverInOffice() public {
        Disputes next = staked();
        address[6] memory others = [stranger, timelock, member(0), operator(2), buyer, address(next)];
        for (uint256 i = 0; i < 6; ++i) {
            expectError(abi.encodeWithSelector(Errors.Panels_NotPanel.selector, others[i]));
            vm.prank(others[i]);
            panels.slash(1, 0);
        }
    }

    function test_Slash_IsBounded(uint96 held) public {
        held = uint96(bound(held, 1, type(uint96).max));
        dollar.mint(address(this), held);
        dollar.approve(address(gateways), held);
        gateways.depositStake(2, held);
        vm.prank(address(panel));
        uint256 amount = panels.slash(2, bytes32("order"));
        assertTrue(amount * 10_000 >= uint256(held) * PENALTY_BPS, "too little");
        assertTrue((amount - 1) * 10_000 < uint256(held) * PENALTY_BPS, "too much");
        assertEq(credit(commons), amount);
        assertEq(gateways.stakeOf(2).amount, held - amount);
    }

    function test_Slash_ByAPanelThatWasRetired() public {
        Order memory o = opened();
        vm.prank(timelock);
        panels.retire(address(panel));
        passEvidence();
        for (uint256 i = 0; i < 3; ++i) vote(i, o, Ruling.Refund, true);
        assertEq(gateways.stakeOf(1).amount, 3_000);
    }
}
