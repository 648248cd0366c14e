// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessEscrow} from "../../../contracts/interfaces/IAccessEscrow.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Order, OrderKind} from "../../../contracts/types/OrderTypes.sol";
import {EscrowTest} from "./EscrowTest.sol";

contract FeeTest is EscrowTest {
    function refused(address caller) private {
        expectError(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
        vm.prank(caller);
        escrow.setFee(0);
    }

    function test_RevertWhen_CallerIsNotTheVote() public {
        refused(address(this)); // the deployer
        refused(buyer);
        refused(curator);
        refused(operator(1));
        refused(signer(1));
        refused(commons);
        refused(address(manager));
        refused(address(assets));
        refused(stranger);
        assertEq(escrow.feeBps(), FEE_BPS);
    }

    function testFuzz_RevertWhen_CallerIsAnyone(address caller) public {
        vm.assume(caller != timelock);
        refused(caller);
    }

    function test_RevertWhen_AboveTheBound() public {
        expectError(abi.encodeWithSelector(Errors.AccessEscrow_FeeTooHigh.selector, 1_000, 1_001));
        vm.prank(timelock);
        escrow.setFee(1_001);
        expectError(abi.encodeWithSelector(Errors.AccessEscrow_FeeTooHigh.selector, 1_000, 1_001));
        newEscrow(1_001);
    }

    function test_TouchesLaterOrdersOnly() public {
        Order memory earlier = funded(order(OrderKind.Analysis, bytes32("earlier")));
        vm.expectEmit(address(escrow));
        emit IAccessEscrow.FeeChanged(FEE_BPS, 1_000);
        vm.prank(timelock);
        escrow.setFee(1_000);
        assertEq(escrow.feeBps(), 1_000);
        Order memory later = funded(order(OrderKind.Analysis, bytes32("later")));
        assertEq(escrow.statusOf(idOf(earlier)).feeBps, FEE_BPS);
        assertEq(escrow.statusOf(idOf(later)).feeBps, 1_000);
        // 2.5 dollars of the earlier, 10 of the later.
        assertEq(dollar.balanceOf(address(escrow)), 212_500_000);
        deliver(earlier);
        deliver(later);
        passDispute();
        escrow.settle(earlier);
        assertEq(payouts.creditOf(address(dollar), commons), 2_500_000);
        escrow.settle(later);
        assertEq(payouts.creditOf(address(dollar), commons), 12_500_000);
        assertEq(dollar.balanceOf(address(escrow)), 0);
    }
}
