// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessEscrow} from "../../../contracts/interfaces/IAccessEscrow.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Listing} from "../../../contracts/types/AssetTypes.sol";
import {Order, OrderKind, OrderState, Ruling} from "../../../contracts/types/OrderTypes.sol";
import {Arbitrator, HostileArbitrator} from "../support/Arbitrators.sol";
import {HookToken} from "../support/Tokens.sol";
import {EscrowTest} from "./EscrowTest.sol";

/// @notice Disputes by an arbitrator's account, and what nobody else may do (Dispute.tree).
contract DisputeTest is EscrowTest {
    address internal judge = address(0x10D6E);
    uint256 private constant DUE = 102_500_000;

    function setUp() public override {
        super.setUp();
        appoint(judge);
    }

    function appoint(address arbitrator) private {
        vm.prank(timelock);
        escrow.setArbitrator(arbitrator);
    }

    function arbitrated(OrderKind kind) private view returns (Order memory o) {
        o = order(kind, bytes32("arbitrated"));
        o.arbitrator = judge;
    }

    function dispute(Order memory o) private {
        vm.prank(judge);
        escrow.dispute(o);
    }

    function disputed(OrderKind kind) private returns (Order memory o) {
        o = delivered(arbitrated(kind));
        if (kind == OrderKind.Download) report(o, 31);
        dispute(o);
    }

    function disputeReverts(Order memory o, address caller, bytes memory err) private {
        expectError(err);
        vm.prank(caller);
        escrow.dispute(o);
    }

    function ruleReverts(Order memory o, address caller, bytes memory err) private {
        for (uint8 ruling = 0; ruling < 3; ++ruling) {
            expectError(err);
            vm.prank(caller);
            escrow.rule(o, Ruling(ruling));
        }
    }

    function rule(Order memory o, Ruling ruling) private {
        vm.prank(judge);
        escrow.rule(o, ruling);
    }

    function notArbitrator(Order memory o, address caller) private view returns (bytes memory) {
        return abi.encodeWithSelector(Errors.AccessEscrow_NotArbitrator.selector, idOf(o), caller);
    }

    function credit(address payee) private view returns (uint256) {
        return payouts.creditOf(address(dollar), payee);
    }

    /*//////////////////////////////////////////////////////////////
                                DISPUTE
    //////////////////////////////////////////////////////////////*/

    function test_Dispute_RevertGiven_NotDelivered() public {
        Order memory o = arbitrated(OrderKind.Analysis);
        disputeReverts(o, judge, wrongState(o, OrderState.None));
        fund(o);
        disputeReverts(o, judge, wrongState(o, OrderState.Funded));
        fail(o);
        disputeReverts(o, judge, wrongState(o, OrderState.Refunded));
    }

    function test_Dispute_RevertGiven_SettledOrDisputed() public {
        Order memory o = disputed(OrderKind.Analysis);
        disputeReverts(o, judge, wrongState(o, OrderState.Disputed));
        rule(o, Ruling.Pay);
        disputeReverts(o, judge, wrongState(o, OrderState.Settled));
    }

    function test_Dispute_RevertGiven_NoArbitrator() public {
        Order memory o = delivered(analysis());
        address[5] memory callers = [judge, buyer, operator(1), timelock, address(escrow)];
        for (uint256 i = 0; i < callers.length; ++i) {
            disputeReverts(o, callers[i], notArbitrator(o, callers[i]));
        }
    }

    function test_Dispute_RevertWhen_CallerIsNotTheArbitrator() public {
        Order memory o = delivered(arbitrated(OrderKind.Analysis));
        appoint(stranger);
        address[5] memory callers = [stranger, buyer, operator(1), timelock, curator];
        for (uint256 i = 0; i < callers.length; ++i) {
            disputeReverts(o, callers[i], notArbitrator(o, callers[i]));
        }
    }

    function test_Dispute_RevertGiven_DownloadWithoutReport() public {
        Order memory o = delivered(arbitrated(OrderKind.Download));
        disputeReverts(o, judge, notReported(o));
        vm.warp(block.timestamp + REPORT);
        report(o, 1);
        dispute(o);
        assertState(o, OrderState.Disputed);
    }

    function test_Dispute_RevertGiven_WindowPassed() public {
        Order memory o = delivered(arbitrated(OrderKind.Analysis));
        uint256 last = block.timestamp + DISPUTE - 1;
        // Where the window ends, anyone may settle: the two never meet.
        vm.warp(last + 1);
        disputeReverts(o, judge, tooLate(o, last));
        vm.warp(last);
        dispute(o);
        assertState(o, OrderState.Disputed);
    }

    function test_Disputes() public {
        Order memory o = delivered(arbitrated(OrderKind.Analysis));
        vm.warp(block.timestamp + 2);
        vm.expectEmit(address(escrow));
        emit IAccessEscrow.OrderDisputed(idOf(o), dataset, judge, uint40(block.timestamp) + RULING);
        dispute(o);
        assertState(o, OrderState.Disputed);
        assertEq(escrow.statusOf(idOf(o)).changedAt, block.timestamp);
        assertEq(escrow.statusOf(idOf(o)).cohort, COHORT);
        assertEq(dollar.balanceOf(address(escrow)), DUE);
    }

    /*//////////////////////////////////////////////////////////////
                                  RULE
    //////////////////////////////////////////////////////////////*/

    function test_Rule_RevertGiven_NotDisputed() public {
        Order memory o = arbitrated(OrderKind.Analysis);
        ruleReverts(o, judge, wrongState(o, OrderState.None));
        fund(o);
        ruleReverts(o, judge, wrongState(o, OrderState.Funded));
        deliver(o);
        ruleReverts(o, judge, wrongState(o, OrderState.Delivered));
    }

    function test_Rule_RevertGiven_RuledBefore() public {
        Order memory o = disputed(OrderKind.Analysis);
        rule(o, Ruling.Refund);
        ruleReverts(o, judge, wrongState(o, OrderState.Refunded));
    }

    function test_Rule_RevertWhen_CallerIsNotTheArbitrator() public {
        Order memory o = disputed(OrderKind.Analysis);
        appoint(stranger);
        address[5] memory callers = [stranger, buyer, operator(1), timelock, curator];
        for (uint256 i = 0; i < callers.length; ++i) {
            ruleReverts(o, callers[i], notArbitrator(o, callers[i]));
        }
    }

    function test_Rule_RevertWhen_OrderNamesAnother() public {
        Order memory o = disputed(OrderKind.Analysis);
        // The same order under the caller's own name is another order, which does not exist.
        Order memory forged = o;
        forged.arbitrator = stranger;
        ruleReverts(forged, stranger, wrongState(forged, OrderState.None));
    }

    function test_Rule_RevertGiven_WindowPassed() public {
        Order memory o = disputed(OrderKind.Analysis);
        uint256 last = block.timestamp + RULING - 1;
        vm.warp(last + 1);
        ruleReverts(o, judge, tooLate(o, last));
        vm.warp(last);
        rule(o, Ruling.Refund);
        assertState(o, OrderState.Refunded);
    }

    function test_Rule_WhenToPay() public {
        Order memory o = disputed(OrderKind.Analysis);
        vm.expectEmit(address(escrow));
        emit IAccessEscrow.OrderRuled(idOf(o), dataset, judge, Ruling.Pay);
        vm.expectEmit(address(escrow));
        emit IAccessEscrow.OrderSettled(idOf(o), dataset, 70e6, 20e6, 10e6, 2_500_000, 0);
        rule(o, Ruling.Pay);
        assertState(o, OrderState.Settled);
        assertEq(credit(operator(1)), 20e6);
        assertEq(dollar.balanceOf(address(escrow)), 0);
    }

    function test_Rule_WhenToPayADownload() public {
        // 31 of 90 records of 100 dollars: floor(31/90) of price and of fee.
        Order memory o = disputed(OrderKind.Download);
        rule(o, Ruling.Pay);
        uint256 due = (uint256(100e6) * 31) / 90;
        uint256 dueFee = (uint256(2_500_000) * 31) / 90;
        assertEq(credit(commons), dueFee);
        assertEq(dollar.balanceOf(buyer), 1_000_000e6 - due - dueFee);
        assertEq(dollar.balanceOf(address(payouts)), due + dueFee);
    }

    function test_Rule_WhenToRefuse() public {
        Order memory o = disputed(OrderKind.Analysis);
        rule(o, Ruling.None);
        assertState(o, OrderState.Settled);
        assertEq(credit(operator(1)), 20e6);
    }

    function test_Rule_WhenToRefund() public {
        Order memory o = disputed(OrderKind.Download);
        vm.expectEmit(address(escrow));
        emit IAccessEscrow.OrderRuled(idOf(o), dataset, judge, Ruling.Refund);
        vm.expectEmit(address(escrow));
        emit IAccessEscrow.OrderRefunded(idOf(o), dataset, IAccessEscrow.RefundReason.Ruled, DUE);
        rule(o, Ruling.Refund);
        assertState(o, OrderState.Refunded);
        assertEq(dollar.balanceOf(buyer), 1_000_000e6);
        assertEq(payouts.heldOf(address(dollar)), 0);
    }

    /*//////////////////////////////////////////////////////////////
                                SILENCE
    //////////////////////////////////////////////////////////////*/

    function test_Silence_SettlesWhenTheWindowHasPassed() public {
        Order memory o = disputed(OrderKind.Analysis);
        uint256 end = block.timestamp + RULING;
        vm.warp(end - 1);
        expectError(tooEarly(o, end));
        escrow.settle(o);
        vm.warp(end);
        vm.prank(stranger);
        escrow.settle(o);
        assertState(o, OrderState.Settled);
        assertEq(credit(operator(1)), 20e6);
        ruleReverts(o, judge, wrongState(o, OrderState.Settled));
    }

    function test_Silence_SettlesADownloadPerReport() public {
        Order memory o = disputed(OrderKind.Download);
        vm.warp(block.timestamp + RULING);
        escrow.settle(o);
        assertEq(credit(commons), (uint256(2_500_000) * 31) / 90);
    }

    /*//////////////////////////////////////////////////////////////
                              THE BOUNDARY
    //////////////////////////////////////////////////////////////*/

    function test_Boundary_WithAnArbitratorOfErc792() public {
        Arbitrator court = new Arbitrator(escrow);
        appoint(address(court));
        Order memory o = analysis();
        o.arbitrator = address(court);
        delivered(o);
        vm.deal(buyer, 1 ether);
        vm.prank(buyer);
        uint256 number = court.createDispute{value: 1 ether}(2, abi.encode(o));
        assertState(o, OrderState.Disputed);
        expectError(bytes.concat(bytes4(keccak256("Error(string)")), abi.encode("not the owner")));
        vm.prank(buyer);
        court.rule(number, 2);
        court.rule(number, 2);
        assertState(o, OrderState.Refunded);
        assertEq(dollar.balanceOf(buyer), 1_000_000e6);
        // A second ruling, and one on a dispute that never was, change nothing.
        expectError(wrongState(o, OrderState.Refunded));
        court.rule(number, 1);
    }

    function test_Boundary_GivenAnArbitratorThatCannotBeCalled() public {
        // The registry has no such function: whatever is asked of this arbitrator reverts.
        judge = address(assets);
        appoint(judge);
        Order memory o = delivered(arbitrated(OrderKind.Analysis));
        passDispute();
        escrow.settle(o);
        assertState(o, OrderState.Settled);
    }

    function test_Boundary_GivenAnArbitratorThatReenters() public {
        HookToken token = new HookToken();
        HostileArbitrator hostile = new HostileArbitrator(escrow);
        vm.prank(timelock);
        uint16 index = assets.allowToken(address(token));
        appoint(address(hostile));
        Listing memory l = listing(bytes32("hooked"));
        l.token = index;
        Order memory o = orderOf(listAs(curator, l, version()), OrderKind.Analysis, bytes32("o"));
        o.buyer = address(hostile);
        o.arbitrator = address(hostile);
        token.mint(o.buyer, 10 * DUE);
        hostile.call(address(token), abi.encodeCall(token.approve, (address(escrow), 10 * DUE)));
        hostile.call(address(token), abi.encodeCall(token.setHooked, (true)));
        // Others' money lies in the escrow as well.
        token.mint(buyer, DUE);
        vm.prank(buyer);
        token.approve(address(escrow), DUE);
        fund(orderOf(o.asset, OrderKind.Analysis, bytes32("of another")));
        delivered(o);
        hostile.call(address(escrow), abi.encodeCall(escrow.dispute, (o)));
        hostile.attack(o);
        hostile.call(address(escrow), abi.encodeCall(escrow.rule, (o, Ruling.Refund)));
        assertEq(hostile.calls(), 1);
        assertEq(hostile.succeeded(), 0);
        assertEq(token.balanceOf(address(hostile)), 10 * DUE);
        assertEq(token.balanceOf(address(escrow)), DUE);
    }

    function test_Boundary_GivenANewerArbitrator() public {
        Order memory o = disputed(OrderKind.Analysis);
        appoint(stranger);
        ruleReverts(o, stranger, notArbitrator(o, stranger));
        rule(o, Ruling.Refund);
        assertState(o, OrderState.Refunded);
    }

    /*//////////////////////////////////////////////////////////////
                              APPOINTMENT
    //////////////////////////////////////////////////////////////*/

    function testFuzz_SetArbitrator_RevertWhen_CallerIsNotTheVote(address caller) public {
        vm.assume(caller != timelock);
        expectError(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
        vm.prank(caller);
        escrow.setArbitrator(caller);
    }

    function test_SetArbitrator() public {
        vm.expectEmit(address(escrow));
        emit IAccessEscrow.ArbitratorChanged(judge, stranger);
        appoint(stranger);
        assertEq(escrow.arbitrator(), stranger);
    }

    function test_Fund_RevertWhen_ArbitratorIsAnother() public {
        Order memory o = analysis();
        address[2] memory wrong = [stranger, buyer];
        for (uint256 i = 0; i < 2; ++i) {
            o.arbitrator = wrong[i];
            fundReverts(
                o,
                abi.encodeWithSelector(Errors.AccessEscrow_ArbitratorMismatch.selector, judge, wrong[i])
            );
        }
        o.arbitrator = address(0);
        fund(o);
        appoint(address(0));
        Order memory late = arbitrated(OrderKind.Analysis);
        fundReverts(
            late,
            abi.encodeWithSelector(Errors.AccessEscrow_ArbitratorMismatch.selector, address(0), judge)
        );
    }
}
