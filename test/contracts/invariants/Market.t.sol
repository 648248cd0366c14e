// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Mandate, MandateState, MandateStatus} from "../../../contracts/types/MandateTypes.sol";
import {
    Failure,
    Order,
    OrderKind,
    OrderState,
    OrderStatus,
    Receipt,
    ReleaseReport,
    Ruling
} from "../../../contracts/types/OrderTypes.sol";
import {Market} from "./Market.sol";

/// @notice Orders and their money under random steps of everyone (README.md).
contract MarketInvariants is Market {
    function steps() internal pure override returns (bytes4[] memory s) {
        s = new bytes4[](22);
        s[0] = this.stepFund.selector;
        s[1] = this.stepDeliver.selector;
        s[2] = this.stepReport.selector;
        s[3] = this.stepSettle.selector;
        s[4] = this.stepFail.selector;
        s[5] = this.stepRefund.selector;
        s[6] = this.stepWait.selector;
        s[7] = this.stepWithdraw.selector;
        s[8] = this.stepReprice.selector;
        s[9] = this.stepHandOn.selector;
        s[10] = this.stepGovern.selector;
        s[11] = this.stepDelist.selector;
        // Twice, so that there is something to do.
        s[12] = this.stepFund.selector;
        s[13] = this.stepAccept.selector;
        s[14] = this.stepDispute.selector;
        s[15] = this.stepRule.selector;
        s[16] = this.stepTakeOver.selector;
        s[17] = this.stepMandate.selector;
        s[18] = this.stepRun.selector;
        s[19] = this.stepCancel.selector;
        s[20] = this.stepCloseMandate.selector;
        s[21] = this.stepVersion.selector;
    }

    /*//////////////////////////////////////////////////////////////
                                 STEPS
    //////////////////////////////////////////////////////////////*/

    function stepFund(uint256 seed, uint256 wait) external step {
        uint256 asset = datasets[seed % datasets.length];
        OrderKind kind = OrderKind(1 + ((seed >> 8) % 3));
        Order memory o = orderOf(asset, kind, bytes32(++salt));
        o.deliverBy = uint40(clock + bound(wait, MIN_DELIVERY, MAX_DELIVERY));
        // None, the arbitrator in office, or one that is not.
        if (seed % 4 != 0) o.arbitrator = judges[(seed >> 16) % 2];
        bool may =
            !delisted[asset] &&
                frozen[asset] == 0 &&
                (o.arbitrator == address(0) || o.arbitrator == escrow.arbitrator());
        vm.prank(buyer);
        try escrow.fund(o, terms(), "", "") returns (bytes32 id) {
            expect(may, "funded against the rules");
            tracked.push(Tracked(o, id, OrderState.Funded, false, escrow.feeBps(), clock, 0, 0));
            uint256 amount = due(tracked[tracked.length - 1]);
            open += amount;
            paidIn += amount;
        } catch {
            expect(!may, "refused to fund");
        }
    }

    function stepDeliver(uint256 seed, uint32 cohort) external step {
        if (tracked.length == 0) return;
        Tracked storage t = pick(seed);
        Receipt memory r = receipt(t.order);
        r.cohort = seed % 16 == 0 ? 0 : cohort % 1_000;
        r.privacyCost = 0;
        bool may = mayDeliver(t, r.cohort);
        try escrow.deliver(t.order, r, signed(r, 1, 2)) {
            expect(may, "delivered against the rules");
            t.state = OrderState.Delivered;
            t.changedAt = clock;
            t.cohort = r.cohort;
        } catch {
            expect(!may, "refused to deliver");
        }
    }

    function stepReport(uint256 seed, uint32 count) external step {
        if (tracked.length == 0) return;
        Tracked storage t = pick(seed);
        // One above the cohort now and then.
        ReleaseReport memory r = ReleaseReport(t.id, uint32(count % (t.cohort + 2)), keccak256("root"));
        bool may = mayReport(t, r.count);
        try escrow.report(t.order, r, signed(r, 2, 3)) {
            expect(may, "reported against the rules");
            t.reported = true;
            t.released = r.count;
            t.changedAt = clock;
        } catch {
            expect(!may, "refused to report");
        }
    }

    function stepSettle(uint256 seed) external step {
        if (tracked.length == 0) return;
        Tracked storage t = pick(seed);
        bool may = maySettle(t);
        try escrow.settle(t.order) {
            expect(may, "settled against the rules");
            bookSettlement(t);
        } catch {
            expect(!may, "refused to settle");
        }
    }

    function someone(Tracked storage t, uint256 seed) private view returns (address) {
        address[4] memory who = [t.order.buyer, judges[0], judges[1], stranger];
        return who[seed % 4];
    }

    function stepAccept(uint256 seed) external step {
        if (tracked.length == 0) return;
        Tracked storage t = pick(seed >> 8);
        address sender = someone(t, seed);
        bool may = mayAccept(t, sender);
        vm.prank(sender);
        try escrow.accept(t.order, "") {
            expect(may, "accepted against the rules");
            bookSettlement(t);
        } catch {
            expect(!may, "refused an acceptance");
        }
    }

    function stepDispute(uint256 seed) external step {
        if (tracked.length == 0) return;
        Tracked storage t = pick(seed >> 8);
        address sender = someone(t, seed);
        bool may = mayDispute(t, sender);
        vm.prank(sender);
        try escrow.dispute(t.order) {
            expect(may, "disputed against the rules");
            t.state = OrderState.Disputed;
            t.changedAt = clock;
        } catch {
            expect(!may, "refused a dispute");
        }
    }

    function stepRule(uint256 seed, uint8 ruling) external step {
        if (tracked.length == 0) return;
        Tracked storage t = pick(seed >> 8);
        address sender = someone(t, seed);
        bool may = mayRule(t, sender);
        vm.prank(sender);
        try escrow.rule(t.order, Ruling(ruling % 3)) {
            expect(may, "ruled against the rules");
            if (ruling % 3 == 2) bookRefund(t);
            else bookSettlement(t);
        } catch {
            expect(!may, "refused a ruling");
        }
    }

    function stepFail(uint256 seed) external step {
        if (tracked.length == 0) return;
        Tracked storage t = pick(seed);
        Failure memory f = Failure(t.id, 1, 0);
        bool may = mayFail(t);
        try escrow.fail(t.order, f, signed(f, 1, 0)) {
            expect(may, "failed against the rules");
            bookRefund(t);
        } catch {
            expect(!may, "refused a failure");
        }
    }

    function stepRefund(uint256 seed) external step {
        if (tracked.length == 0) return;
        Tracked storage t = pick(seed);
        bool may = mayRefund(t);
        try escrow.refund(t.order) {
            expect(may, "refunded against the rules");
            bookRefund(t);
        } catch {
            expect(!may, "refused a refund");
        }
    }

    function stepMandate(uint256 seed, uint96 maxPrice, uint96 maxFee) external step {
        uint256 asset = datasets[seed % datasets.length];
        Mandate memory m = mandate(bytes32(++salt));
        m.asset = asset;
        m.runs = uint16(1 + ((seed >> 8) % 4));
        m.maxPrice = seed % 2 == 0 ? maxPrice % 300 : maxPrice;
        m.maxFee = maxFee;
        m.interval = uint32((seed >> 16) % 60);
        m.until = uint40(clock + ((seed >> 24) % 400));
        m.afterVersion = uint16(cfg(asset).versions - ((seed >> 40) % 2));
        bool may = onSale(asset);
        vm.prank(buyer);
        try mandates.create(m, "") returns (bytes32 id) {
            expect(may, "opened a mandate against the rules");
            uint256 paid = uint256(m.runs) * (uint256(m.maxPrice) + m.maxFee);
            standing.push(Standing(m, id, true, 0, m.afterVersion, 0, paid));
            prepaid += paid;
            paidIn += paid;
        } catch {
            expect(!may, "refused a mandate");
        }
    }

    function stepRun(uint256 seed) external step {
        if (standing.length == 0) return;
        Standing storage s = standing[seed % standing.length];
        bool may = mayRun(s);
        vm.prank(stranger);
        try mandates.run(s.mandate, terms(), "") returns (bytes32 id) {
            expect(may, "ran against the rules");
            Order memory o = orderOf(
                s.mandate.asset,
                s.mandate.kind,
                keccak256(abi.encode(s.id, uint16(s.runs + 1), cfg(s.mandate.asset).versions))
            );
            o.job = s.mandate.job;
            o.maxFee = s.mandate.maxFee;
            o.deliverBy = uint40(clock + MAX_DELIVERY);
            expect(idOf(o) == id, "a run is not the order that its mandate says");
            tracked.push(Tracked(o, id, OrderState.Funded, false, escrow.feeBps(), clock, 0, 0));
            uint256 cost = due(tracked[tracked.length - 1]);
            open += cost;
            bookRun(s, cost);
        } catch {
            expect(!may, "refused a run");
        }
    }

    function stepCancel(uint256 seed) external step {
        if (standing.length == 0) return;
        Standing storage s = standing[(seed >> 8) % standing.length];
        address sender = seed % 3 == 0 ? buyer : (seed % 3 == 1 ? timelock : stranger);
        bool may = s.open && sender == buyer;
        vm.prank(sender);
        try mandates.cancel(s.mandate, "") {
            expect(may, "cancelled against the rules");
            bookEnd(s);
        } catch {
            expect(!may, "refused a cancellation");
        }
    }

    function stepCloseMandate(uint256 seed) external step {
        if (standing.length == 0) return;
        Standing storage s = standing[seed % standing.length];
        bool may = mayClose(s);
        try mandates.close(s.mandate) {
            expect(may, "closed a mandate against the rules");
            bookEnd(s);
        } catch {
            expect(!may, "refused to close a mandate");
        }
    }

    function stepVersion(uint256 seed) external step {
        uint256 asset = datasets[seed % datasets.length];
        if (!onSale(asset)) return;
        vm.prank(operator(1));
        assets.addVersion(asset, version());
    }

    function stepWait(uint256 seconds_) external step {
        clock += bound(seconds_, 1, 40);
    }

    function stepWithdraw(uint256 seed) external step {
        address payee = payees[seed % payees.length];
        bool may = owed[payee] != 0;
        vm.prank(payee);
        try payouts.withdraw(address(dollar), address(0xDEAD)) returns (uint256 amount) {
            expect(may && amount == owed[payee], "withdrew what was not owed");
            withdrawn += amount;
            owed[payee] = 0;
        } catch {
            expect(!may, "refused a withdrawal");
        }
    }

    function stepReprice(uint256 seed, uint80 price) external step {
        uint256 asset = datasets[seed % datasets.length];
        // Small prices show the floors, large ones the widths.
        price = seed % 2 == 0 ? price % 200 : uint80(bound(price, 0, 1e20));
        vm.prank(curatorOf[asset]);
        assets.setPrice(asset, price);
    }

    function stepHandOn(uint256 seed) external step {
        // Rarely, else everything is frozen all the time.
        if (seed % 4 != 0) return;
        uint256 asset = datasets[(seed >> 8) % datasets.length];
        address from = curatorOf[asset];
        address to = from == curator ? secondCurator : curator;
        vm.prank(from);
        assets.transferFrom(from, to, asset);
        curatorOf[asset] = to;
        if (!delisted[asset]) frozen[asset] = clock + NOTICE;
    }

    function stepTakeOver(uint256 seed) external step {
        uint256 asset = datasets[seed % datasets.length];
        bool may = frozen[asset] != 0 && clock >= frozen[asset];
        vm.prank(operator(1));
        try assets.accept(asset) {
            expect(may, "accepted a curator without notice");
            frozen[asset] = 0;
        } catch {
            expect(!may, "refused a curator");
        }
    }

    function stepGovern(uint256 seed, uint16 bps) external step {
        bytes32 before = everything();
        vm.startPrank(timelock);
        if (seed % 32 == 1) {
            // The deepest cut: from now on nothing can be delivered on the set.
            uint16 gateway = uint16(1 + ((seed >> 8) % 3));
            if (!removed[gateway]) gateways.remove(gateway);
            removed[gateway] = true;
        } else if (seed % 32 == 2) {
            assets.setEscrow(address(uint160(seed)));
        } else if (seed % 4 == 3) {
            escrow.setArbitrator(judges[(seed >> 8) % 2]);
        } else {
            escrow.setFee(bps % 1_001);
        }
        vm.stopPrank();
        expect(everything() == before, "governance changed an order, a credit or a pot");
    }

    function stepDelist(uint256 seed) external step {
        if (seed % 8 != 0) return;
        uint256 asset = datasets[datasets.length - 1];
        if (delisted[asset]) return;
        vm.prank(operator(1));
        assets.delist(asset);
        delisted[asset] = true;
        frozen[asset] = 0;
        if (!removed[1]) remember(listDataset(bytes32(++salt)));
    }

    /*//////////////////////////////////////////////////////////////
                               INVARIANTS
    //////////////////////////////////////////////////////////////*/

    function invariant_EscrowIsSolvent() public view {
        assertEq(dollar.balanceOf(address(escrow)), open);
    }

    function invariant_MandatesAreSolvent() public view {
        assertEq(dollar.balanceOf(address(mandates)), prepaid);
        for (uint256 i = 0; i < standing.length; ++i) {
            MandateStatus memory s = mandates.statusOf(standing[i].id);
            assertEq(s.balance, standing[i].balance);
            assertEq(s.runs, standing[i].runs);
            assertEq(s.state == MandateState.Open, standing[i].open);
        }
    }

    /// @dev Whatever the state of the market, its time ends any mandate, whoever calls, and all goes back.
    function invariant_EveryMandateCanEnd() public {
        if (standing.length == 0) return;
        Standing storage s = standing[height % standing.length];
        if (!s.open) return;
        uint256 before = dollar.balanceOf(buyer);
        vm.warp(uint256(s.mandate.until) + 1);
        vm.prank(stranger);
        mandates.close(s.mandate);
        assertEq(dollar.balanceOf(buyer), before + s.balance);
    }

    function invariant_PayoutsAreSolvent() public view {
        uint256 sum = 0;
        for (uint256 i = 0; i < payees.length; ++i) sum += payouts.creditOf(address(dollar), payees[i]);
        for (uint256 i = 0; i < datasets.length; ++i) {
            sum += payouts.potOf(address(dollar), bytes32(datasets[i]));
        }
        assertEq(payouts.heldOf(address(dollar)), sum);
        assertEq(dollar.balanceOf(address(payouts)), sum);
    }

    function invariant_SplitIsExact() public view {
        assertEq(paidIn, open + prepaid + settledOut + refunded);
        assertEq(payouts.heldOf(address(dollar)) + withdrawn, settledOut);
        for (uint256 i = 0; i < payees.length; ++i) {
            assertEq(payouts.creditOf(address(dollar), payees[i]), owed[payees[i]]);
        }
        for (uint256 i = 0; i < datasets.length; ++i) {
            assertEq(payouts.potOf(address(dollar), bytes32(datasets[i])), pots[datasets[i]]);
        }
    }

    function invariant_OrdersFollowTheMachine() public view {
        assertNothingViolated();
        for (uint256 i = 0; i < tracked.length; ++i) {
            Tracked storage t = tracked[i];
            OrderStatus memory s = escrow.statusOf(t.id);
            if (s.state != t.state) assertEq(uint256(s.state), uint256(t.state));
            if (s.changedAt != t.changedAt) assertEq(s.changedAt, t.changedAt);
        }
    }

    /// @dev Checked on one open order a step; what this does is thrown away.
    function invariant_EveryOrderCanExit() public {
        if (tracked.length == 0) return;
        Tracked storage t = tracked[height % tracked.length];
        if (t.state == OrderState.Settled || t.state == OrderState.Refunded) return;
        bool settles = t.state != OrderState.Funded && (t.order.kind != OrderKind.Download || t.reported);
        vm.warp(clock + 1_000);
        vm.prank(stranger);
        if (settles) escrow.settle(t.order);
        else escrow.refund(t.order);
        OrderState end = escrow.statusOf(t.id).state;
        assertEq(uint256(end), uint256(settles ? OrderState.Settled : OrderState.Refunded));
        assertEq(dollar.balanceOf(address(escrow)), open - due(t));
    }

    function invariant_GovernanceChangesNoOrder() public view {
        assertNothingViolated();
        for (uint256 i = 0; i < tracked.length; ++i) {
            uint16 bps = escrow.statusOf(tracked[i].id).feeBps;
            if (bps != tracked[i].feeBps) assertEq(bps, tracked[i].feeBps);
        }
    }

    function everything() private view returns (bytes32 digest) {
        for (uint256 i = 0; i < tracked.length; ++i) {
            digest = keccak256(abi.encode(digest, escrow.statusOf(tracked[i].id)));
        }
        for (uint256 i = 0; i < standing.length; ++i) {
            digest = keccak256(abi.encode(digest, mandates.statusOf(standing[i].id)));
        }
        for (uint256 i = 0; i < payees.length; ++i) {
            digest = keccak256(abi.encode(digest, payouts.creditOf(address(dollar), payees[i])));
        }
        for (uint256 i = 0; i < datasets.length; ++i) {
            digest = keccak256(abi.encode(digest, payouts.potOf(address(dollar), bytes32(datasets[i]))));
        }
        return
            keccak256(
                abi.encode(digest, dollar.balanceOf(address(escrow)), dollar.balanceOf(address(mandates)))
            );
    }
}
