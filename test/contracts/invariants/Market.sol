// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Mandate} from "../../../contracts/types/MandateTypes.sol";
import {Order, OrderKind, OrderState} from "../../../contracts/types/OrderTypes.sol";
import {Invariants} from "../support/Invariants.sol";
import {Orders} from "../support/Orders.sol";

/// @title Market
/// @notice What the model of the market remembers: orders as they ought to be, and where each unit of money ought to lie.
abstract contract Market is Orders, Invariants {
    struct Tracked {
        Order order;
        bytes32 id;
        OrderState state;
        bool reported;
        uint16 feeBps;
        uint256 changedAt;
        uint256 cohort;
        uint256 released;
    }

    /// @notice A mandate as it ought to be.
    struct Standing {
        Mandate mandate;
        bytes32 id;
        bool open;
        uint256 runs;
        uint256 version;
        uint256 ranAt;
        uint256 balance;
    }

    Standing[] internal standing;
    uint256 internal prepaid;
    Tracked[] internal tracked;
    uint256[] internal datasets;
    address[] internal payees;
    mapping(uint256 asset => bool) internal delisted;
    mapping(uint256 asset => uint256 until) internal frozen;
    mapping(uint256 asset => address) internal curatorOf;
    mapping(uint16 gateway => bool) internal removed;
    mapping(address payee => uint256) internal owed;
    mapping(uint256 asset => uint256) internal pots;

    uint256 internal open;
    uint256 internal paidIn;
    uint256 internal settledOut;
    uint256 internal refunded;
    uint256 internal withdrawn;
    uint256 internal salt;

    address[2] internal judges = [address(0x10D6E), address(0x20D6E)];
    address internal secondCurator = vm.addr(0xC1);

    function setUp() public virtual override {
        super.setUp();
        clock = block.timestamp;
        height = block.number;
        remember(dataset);
        remember(listDataset(bytes32("second")));
        payees.push(operator(1));
        payees.push(curator);
        payees.push(secondCurator);
        payees.push(commons);
        dollar.mint(buyer, 1e36);
        vm.prank(buyer);
        dollar.approve(address(mandates), type(uint256).max);
    }

    function remember(uint256 asset) internal {
        datasets.push(asset);
        curatorOf[asset] = curator;
    }

    function pick(uint256 seed) internal view returns (Tracked storage) {
        return tracked[seed % tracked.length];
    }

    function due(Tracked storage t) internal view returns (uint256) {
        return uint256(t.order.price) + fee(t.order.price, t.feeBps);
    }

    /*//////////////////////////////////////////////////////////////
                      WHAT THE MACHINE MUST ACCEPT
    //////////////////////////////////////////////////////////////*/

    function mayDeliver(Tracked storage t, uint256 cohort) internal view returns (bool) {
        return
            t.state == OrderState.Funded &&
            clock <= t.order.deliverBy &&
            (cohort != 0 || t.order.kind == OrderKind.Download) &&
            !removed[1] &&
            !removed[2];
    }

    function mayReport(Tracked storage t, uint256 count) internal view returns (bool) {
        return
            t.state == OrderState.Delivered &&
            t.order.kind == OrderKind.Download &&
            !t.reported &&
            clock <= t.changedAt + REPORT &&
            count <= t.cohort &&
            !removed[2] &&
            !removed[3];
    }

    function known(Tracked storage t) private view returns (bool) {
        return t.state == OrderState.Delivered && (t.order.kind != OrderKind.Download || t.reported);
    }

    function maySettle(Tracked storage t) internal view returns (bool) {
        if (t.state == OrderState.Disputed) return clock >= t.changedAt + RULING;
        return known(t) && clock >= t.changedAt + DISPUTE;
    }

    function mayAccept(Tracked storage t, address sender) internal view returns (bool) {
        return known(t) && sender == t.order.buyer;
    }

    function mayDispute(Tracked storage t, address sender) internal view returns (bool) {
        return known(t) && sender == t.order.arbitrator && clock < t.changedAt + DISPUTE;
    }

    function mayRule(Tracked storage t, address sender) internal view returns (bool) {
        return t.state == OrderState.Disputed && sender == t.order.arbitrator && clock < t.changedAt + RULING;
    }

    function mayFail(Tracked storage t) internal view returns (bool) {
        return t.state == OrderState.Funded && !removed[1];
    }

    function mayRefund(Tracked storage t) internal view returns (bool) {
        if (t.state == OrderState.Funded) return clock > t.order.deliverBy || delisted[t.order.asset];
        return
            t.state == OrderState.Delivered &&
            t.order.kind == OrderKind.Download &&
            !t.reported &&
            clock > t.changedAt + REPORT;
    }

    function onSale(uint256 asset) internal view returns (bool) {
        return !delisted[asset] && frozen[asset] == 0;
    }

    function mayRun(Standing storage s) internal view returns (bool) {
        uint256 price = cfg(s.mandate.asset).price;
        return
            s.open &&
            clock <= s.mandate.until &&
            (s.runs == 0 || clock >= s.ranAt + s.mandate.interval) &&
            onSale(s.mandate.asset) &&
            cfg(s.mandate.asset).versions > s.version &&
            price <= s.mandate.maxPrice &&
            fee(price, escrow.feeBps()) <= s.mandate.maxFee;
    }

    function mayClose(Standing storage s) internal view returns (bool) {
        return s.open && (clock > s.mandate.until || delisted[s.mandate.asset]);
    }

    /*//////////////////////////////////////////////////////////////
                        WHERE THE MONEY MUST GO
    //////////////////////////////////////////////////////////////*/

    function bookSettlement(Tracked storage t) internal {
        uint256 price = t.order.price;
        uint256 feeDue = fee(price, t.feeBps);
        if (t.order.kind == OrderKind.Download) {
            price = t.cohort == 0 ? 0 : (price * t.released) / t.cohort;
            feeDue = t.cohort == 0 ? 0 : (feeDue * t.released) / t.cohort;
        }
        uint256 custodianPart = (price * t.order.custodianBps) / 10_000;
        uint256 curatorPart = (price * t.order.curatorBps) / 10_000;
        owed[operator(1)] += custodianPart;
        owed[curatorOf[t.order.asset]] += curatorPart;
        owed[commons] += feeDue;
        pots[t.order.asset] += price - custodianPart - curatorPart;
        settledOut += price + feeDue;
        refunded += due(t) - price - feeDue;
        close(t, OrderState.Settled);
    }

    function bookRun(Standing storage s, uint256 cost) internal {
        s.balance -= cost;
        prepaid -= cost;
        s.version = cfg(s.mandate.asset).versions;
        s.ranAt = clock;
        if (++s.runs == s.mandate.runs) bookEnd(s);
    }

    function bookEnd(Standing storage s) internal {
        prepaid -= s.balance;
        refunded += s.balance;
        s.balance = 0;
        s.open = false;
    }

    function bookRefund(Tracked storage t) internal {
        refunded += due(t);
        close(t, OrderState.Refunded);
    }

    function close(Tracked storage t, OrderState end) private {
        open -= due(t);
        t.state = end;
        t.changedAt = clock;
    }
}
