// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {AccessEscrow} from "../../../contracts/AccessEscrow.sol";
import {Issuance} from "../../../contracts/governance/Issuance.sol";
import {IIssuance} from "../../../contracts/interfaces/IIssuance.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {TestDollar} from "../../../contracts/local/TestDollar.sol";
import {Listing} from "../../../contracts/types/AssetTypes.sol";
import {Entitlement} from "../../../contracts/types/IssuanceTypes.sol";
import {Mandate} from "../../../contracts/types/MandateTypes.sol";
import {Order, OrderKind, OrderState, Receipt, Ruling} from "../../../contracts/types/OrderTypes.sol";
import {IssuanceTest} from "./IssuanceTest.sol";

contract RegisterTest is IssuanceTest {
    address private judge = address(0x70D6E);

    function registerReverts(Order memory o, bytes memory err) private {
        expectError(err);
        issuance.register(o);
    }

    function notSettled(Order memory o, OrderState s) private {
        registerReverts(o, abi.encodeWithSelector(Errors.Issuance_NotSettled.selector, idOf(o), s));
    }

    /// @dev Registers and says what was kept as fee.
    function feeOf(Order memory o) private returns (uint256) {
        issuance.register(o);
        return issuance.entitlementOf(idOf(o)).fee;
    }

    function credited() private view returns (uint256) {
        return payouts.creditOf(address(dollar), commons);
    }

    function test_Constructor_RevertWhen_FloorIsZero() public {
        expectError(
            abi.encodeWithSelector(Errors.Issuance_FloorOutOfRange.selector, 1, type(uint128).max, 0)
        );
        newIssuance(0);
    }

    function test_Constructor_RevertGiven_NoGenesis() public {
        (address[] memory holders, uint256[] memory amounts) = genesis(0);
        expectError(abi.encodeWithSelector(Errors.Issuance_SupplyZero.selector));
        new Issuance(address(manager), escrow, IERC20(address(dollar)), FLOOR, holders, amounts);
    }

    function test_KeepsFeePayeesAndEpoch() public {
        into(3, 5 days);
        Order memory o = paid("one");
        uint256 at = block.timestamp;
        vm.expectEmit(address(issuance));
        emit IIssuance.OrderRegistered(idOf(o), o.asset, 3, ORDER_FEE, operator(1), curator);
        vm.prank(stranger);
        bytes32 id = issuance.register(o);
        assertEq(id, idOf(o));
        Entitlement memory e = issuance.entitlementOf(id);
        assertEq(e.fee, ORDER_FEE);
        assertEq(e.custodian, operator(1));
        assertEq(e.curator, curator);
        assertEq(e.epoch, 3);
        assertEq(e.minted, false);
        assertEq(issuance.epochOf(3).fees, ORDER_FEE);
        assertEq(issuance.currentEpoch(), (at - begun) / MONTH);
        assertEq(issuance.endOf(3), begun + 4 * MONTH);
        assertEq(issuance.mintableAt(3), begun + 4 * MONTH + YEAR);
    }

    function test_RevertGiven_NotSettled() public {
        Order memory o = order(OrderKind.Analysis, "stages");
        notSettled(o, OrderState.None);
        fund(o);
        notSettled(o, OrderState.Funded);
        deliver(o);
        notSettled(o, OrderState.Delivered);
        Order memory lost = funded(order(OrderKind.Analysis, "lost"));
        fail(lost);
        notSettled(lost, OrderState.Refunded);
    }

    function test_RevertGiven_Changed() public {
        Order memory o = paid("changed");
        // Any other number in it is another order.
        o.price *= 2;
        notSettled(o, OrderState.None);
    }

    function disputed(bytes32 salt) private returns (Order memory o) {
        vm.prank(timelock);
        escrow.setArbitrator(judge);
        o = order(OrderKind.Analysis, salt);
        o.arbitrator = judge;
        delivered(o);
        vm.prank(judge);
        escrow.dispute(o);
    }

    function test_GivenRuledOrSilent() public {
        Order memory o = disputed("paid");
        notSettled(o, OrderState.Disputed);
        vm.prank(judge);
        escrow.rule(o, Ruling.Pay);
        assertEq(feeOf(o), credited());
        o = disputed("refunded");
        vm.prank(judge);
        escrow.rule(o, Ruling.Refund);
        notSettled(o, OrderState.Refunded);
        o = disputed("silence");
        vm.warp(block.timestamp + RULING);
        escrow.settle(o);
        uint256 before = issuance.epochOf(0).fees;
        assertEq(before + feeOf(o), credited());
    }

    function test_GivenAMandatesRun() public {
        Mandate memory m = mandate("standing");
        m.afterVersion = 0;
        vm.startPrank(buyer);
        dollar.approve(address(mandates), type(uint256).max);
        bytes32 id = mandates.create(m, "");
        vm.stopPrank();
        mandates.run(m, terms(), "");
        Order memory o = orderOf(m.asset, m.kind, keccak256(abi.encode(id, 1, cfg(m.asset).versions)));
        o.job = m.job;
        (o.maxFee, o.privacyCap) = (m.maxFee, m.privacyCap);
        o.deliverBy = uint40(block.timestamp + MAX_DELIVERY);
        deliver(o);
        passDispute();
        escrow.settle(o);
        assertEq(feeOf(o), credited());
        assertEq(credited(), ORDER_FEE);
    }

    function test_GivenAModelsUse() public {
        uint256 model = publishModel();
        uint256 before = credited();
        Order memory o = used(model);
        assertEq(feeOf(o), credited() - before);
        assertEq(issuance.entitlementOf(idOf(o)).curator, buyer);
    }

    function test_GivenPartlyReleased() public {
        Order memory o = delivered(download());
        report(o, COHORT / 3);
        passDispute();
        escrow.settle(o);
        assertEq(credited(), 833_333);
        assertEq(feeOf(o), 833_333);
    }

    function test_RevertGiven_NothingReleased() public {
        Order memory o = delivered(download());
        report(o, 0);
        passDispute();
        escrow.settle(o);
        registerReverts(o, abi.encodeWithSelector(Errors.Issuance_NoFee.selector, idOf(o)));
    }

    function test_RevertGiven_EmptyCohortDownloaded() public {
        Order memory o = funded(download());
        uint256 before = credited();
        deliverEmpty(o);
        report(o, 0);
        passDispute();
        escrow.settle(o);
        assertEq(credited(), before);
        registerReverts(o, abi.encodeWithSelector(Errors.Issuance_NoFee.selector, idOf(o)));
    }

    function test_RevertGiven_FeeIsZero() public {
        vm.prank(timelock);
        escrow.setFee(0);
        Order memory o = paid("free");
        registerReverts(o, abi.encodeWithSelector(Errors.Issuance_NoFee.selector, idOf(o)));
    }

    /// @dev The oracle is the money itself: what the commons' credit grew by.
    function testFuzz_FeeIsWhatTheCommonsGot(uint80 amount, uint16 bps, uint32 released, bool all) public {
        amount = uint80(bound(amount, 0, 1e11));
        vm.prank(timelock);
        escrow.setFee(bps % 1_001);
        price(amount);
        Order memory o = order(all ? OrderKind.Analysis : OrderKind.Download, "any");
        delivered(o);
        // A fee that changes while the order is open is not its fee.
        vm.prank(timelock);
        escrow.setFee(uint16((uint256(bps) * 7) % 1_001));
        if (!all) report(o, released % (COHORT + 1));
        passDispute();
        escrow.settle(o);
        if (credited() == 0) {
            registerReverts(o, abi.encodeWithSelector(Errors.Issuance_NoFee.selector, idOf(o)));
        } else {
            assertEq(feeOf(o), credited());
        }
    }

    function test_RevertGiven_OtherToken() public {
        TestDollar other = new TestDollar();
        other.mint(buyer, 1_000e6);
        vm.prank(buyer);
        other.approve(address(escrow), type(uint256).max);
        vm.prank(timelock);
        uint16 index = assets.allowToken(address(other));
        Listing memory l = listing("other");
        l.token = index;
        uint256 asset = listAs(curator, l, version());
        Order memory o = settled(orderOf(asset, OrderKind.Analysis, "other"));
        registerReverts(
            o,
            abi.encodeWithSelector(Errors.Issuance_OtherToken.selector, address(dollar), address(other))
        );
    }

    function test_RevertGiven_AnotherEscrow() public {
        AccessEscrow first = escrow;
        escrow = newEscrow(FEE_BPS);
        vm.prank(timelock);
        assets.setEscrow(address(escrow));
        vm.prank(buyer);
        dollar.approve(address(escrow), type(uint256).max);
        Order memory o = paid("elsewhere");
        assertState(o, OrderState.Settled);
        bytes32 there = first.hashOrder(o);
        registerReverts(
            o,
            abi.encodeWithSelector(Errors.Issuance_NotSettled.selector, there, OrderState.None)
        );
    }

    function test_RevertGiven_Registered() public {
        Order memory o = registered("twice");
        registerReverts(o, abi.encodeWithSelector(Errors.Issuance_AlreadyRegistered.selector, idOf(o)));
        assertEq(issuance.epochOf(0).fees, ORDER_FEE);
    }

    function test_RevertGiven_SettledBeforeTheStart() public {
        Order memory o = paid("early");
        begun = block.timestamp + 1;
        vm.warp(begun);
        issuance = newIssuance(FLOOR);
        registerReverts(o, abi.encodeWithSelector(Errors.Issuance_BeforeStart.selector, idOf(o), begun));
    }

    function test_LastInstantOfTheEpoch_AndOfItsRegistration() public {
        Order memory o = delivered(order(OrderKind.Analysis, "late"));
        // Settled in the last second of epoch 0.
        into(1, 0);
        vm.warp(block.timestamp - 1);
        escrow.settle(o);
        into(2, 0);
        registerReverts(
            o,
            abi.encodeWithSelector(Errors.Issuance_TooLate.selector, idOf(o), begun + 2 * MONTH - 1)
        );
        vm.warp(begun + 2 * MONTH - 1);
        issuance.register(o);
        assertEq(issuance.entitlementOf(idOf(o)).epoch, 0);
    }

    function test_ClosesTheEpochBefore() public {
        into(1, 1);
        registered("next");
        assertEq(issuance.epochOf(0).price, FLOOR);
        assertEq(issuance.epochOf(0).cap, HUNDREDTH);
        assertEq(issuance.epochOf(1).price, 0);
        // Once: what comes to the treasury later is the next epoch's.
        dollar.mint(commons, 50_000_000e6);
        registered("again");
        assertEq(issuance.epochOf(0).price, FLOOR);
    }

    function test_PayeesAreThoseOfTheRegistration() public {
        Order memory o = registered("sold");
        vm.prank(curator);
        assets.transferFrom(curator, stranger, dataset);
        mintAfterAYear(o, 0);
        assertEq(salus.balanceOf(curator), 25e18 / 10);
        assertEq(salus.balanceOf(stranger), 0);
    }

    function deliverEmpty(Order memory o) private {
        Receipt memory r = receipt(o);
        (r.cohort, r.totalWeight) = (0, 0);
        escrow.deliver(o, r, signed(r, 1, 2));
    }
}
