// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IssuedParts} from "../../../contracts/types/IssuanceTypes.sol";
import {Order, OrderKind} from "../../../contracts/types/OrderTypes.sol";
import {IssuanceTest} from "./IssuanceTest.sol";

/// @notice Random strategies of a coalition that trades with itself for tokens, on the real escrow and payouts; what it
/// costs is read from real balances. The model in sdk/src/issuance/wash.fixture.ts plays many more of them.
contract WashTest is IssuanceTest {
    uint256 private constant ORDERS = 6;

    struct Wash {
        Order order;
        bool byCoalition;
        uint32 epoch;
    }

    address private outsider = vm.addr(0x0B51DE);
    Wash[] private made;
    mapping(uint256 epoch => uint256) private feesOf;
    mapping(uint256 epoch => uint256) private tokensOf;

    function setUp() public override {
        super.setUp();
        fundAccount(outsider);
        dollar.mint(buyer, 1e15);
        dollar.mint(outsider, 1e15);
    }

    /// @dev The coalition is the buyer, the custodian, the curator and all the people of the dataset: whatever of the
    /// price comes back to it is not a cost. Others buy the same data, votes move fee and floor and empty the treasury.
    function testFuzz_CostsAtLeastItsValue(uint256 seed) public {
        uint256 cost = 0;
        for (uint256 i = 0; i < ORDERS; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            disturb(seed);
            cost += trade(seed >> 32, i);
        }
        assertEq(made.length, ORDERS);
        uint256 value = 0;
        for (uint256 i = 0; i < made.length; ++i) {
            Wash storage w = made[i];
            if (issuance.entitlementOf(idOf(w.order)).fee == 0) continue;
            vm.warp(begun + (w.epoch + 1) * MONTH + YEAR);
            IssuedParts memory p = issuance.mint(w.order);
            uint256 price = issuance.epochOf(w.epoch).price;
            // Rounded up, against the coalition's own argument.
            if (w.byCoalition) value += (sum(p) * price + 1e18 - 1) / 1e18;
            tokensOf[w.epoch] += sum(p);
            assertTrue(tokensOf[w.epoch] * price <= feesOf[w.epoch] * 1e18);
            assertTrue(tokensOf[w.epoch] * 100 <= salus.totalSupply());
        }
        assertTrue(value <= cost + ORDERS, "tokens worth more than they cost");
        assertEq(salus.balanceOf(buyer) + salus.balanceOf(outsider), 0);
    }

    /// @dev Half of the time nothing, else what may happen beside.
    function disturb(uint256 seed) private {
        uint256 what = seed % 8;
        if (what == 0) setFee(uint16((seed >> 8) % 1_001));
        if (what == 1) {
            vm.prank(timelock);
            issuance.setFloor(uint128(bound(seed >> 8, FLOOR, FLOOR * 1_000)));
        }
        if (what == 2) dollar.mint(commons, (seed >> 8) % 1e14);
        if (what == 3) drain();
        if (what == 4) vm.warp(block.timestamp + ((seed >> 8) % (2 * MONTH)));
    }

    function setFee(uint16 bps) private {
        vm.prank(timelock);
        escrow.setFee(bps);
    }

    function drain() private {
        uint256 all = dollar.balanceOf(commons);
        vm.prank(commons);
        dollar.transfer(address(0xDEAD), all);
        if (payouts.creditOf(address(dollar), commons) == 0) return;
        vm.prank(commons);
        payouts.withdraw(address(dollar), address(0xDEAD));
    }

    /// @return cost What left the coalition for good: its payment, less what it got back and what its payees were credited
    function trade(uint256 seed, uint256 i) private returns (uint256 cost) {
        price(uint80(seed % 2 == 0 ? (seed >> 8) % 1e6 : (seed >> 8) % 1e13));
        OrderKind kind = (seed >> 1) % 4 == 0 ? OrderKind.Download : OrderKind.Analysis;
        Order memory o = order(kind, bytes32(i));
        bool own = (seed >> 3) % 4 != 0;
        if (!own) o.buyer = outsider;
        uint256 before = wealth(o.buyer);
        fund(o);
        if ((seed >> 5) % 8 == 0) {
            fail(o);
        } else {
            deliver(o);
            if (kind == OrderKind.Download) report(o, uint32((seed >> 64) % (COHORT + 1)));
            passDispute();
            escrow.settle(o);
            register(o);
        }
        made.push(Wash(o, own, uint32((block.timestamp - begun) / MONTH)));
        return own ? before - wealth(o.buyer) : 0;
    }

    function register(Order memory o) private {
        uint256 before = issuance.epochOf(issuance.currentEpoch()).fees;
        try issuance.register(o) {
            uint256 epoch = (block.timestamp - begun) / MONTH;
            feesOf[epoch] += issuance.epochOf(uint32(epoch)).fees - before;
        } catch {
            // Nothing was released, or the fee is zero: then nothing is entitled either.
            assertEq(issuance.entitlementOf(idOf(o)).fee, 0);
        }
    }

    /// @dev A buyer's own money and, since the coalition is one purse, all that custodian, curator and people are owed.
    function wealth(address who) private view returns (uint256) {
        address token = address(dollar);
        return
            dollar.balanceOf(who) +
            payouts.creditOf(token, operator(1)) +
            payouts.creditOf(token, curator) +
            payouts.creditOf(token, who) +
            payouts.potOf(token, bytes32(dataset));
    }
}
