// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Listing} from "../../../contracts/types/AssetTypes.sol";
import {Order, OrderKind, OrderState} from "../../../contracts/types/OrderTypes.sol";
import {BlacklistToken, HookToken, ITokenHook} from "../support/Tokens.sol";
import {EscrowTest} from "./EscrowTest.sol";

/// @notice A buyer whom the token refuses holds up nobody, and loses nothing (Exit.tree).
contract PaybackTest is EscrowTest {
    uint256 private constant DUE = 102_500_000;

    BlacklistToken internal token;
    uint256 internal asset;

    function setUp() public override {
        super.setUp();
        token = new BlacklistToken();
        vm.prank(timelock);
        uint16 index = assets.allowToken(address(token));
        Listing memory l = listing(bytes32("blocked"));
        l.token = index;
        asset = listAs(curator, l, version());
        token.mint(buyer, DUE);
        vm.prank(buyer);
        token.approve(address(escrow), DUE);
    }

    function withdraws() private {
        token.setBlacklisted(buyer, false);
        vm.prank(buyer);
        payouts.withdraw(address(token), buyer);
        assertEq(payouts.creditOf(address(token), buyer), 0);
    }

    function test_GivenBuyerBlockedAtRefund() public {
        Order memory o = funded(orderOf(asset, OrderKind.Analysis, bytes32("o")));
        token.setBlacklisted(buyer, true);
        vm.warp(o.deliverBy + 1);
        escrow.refund(o);
        assertState(o, OrderState.Refunded);
        assertEq(token.balanceOf(address(escrow)), 0);
        assertEq(payouts.creditOf(address(token), buyer), DUE);
        withdraws();
        assertEq(token.balanceOf(buyer), DUE);
    }

    function test_GivenBuyerBlockedAtFailure() public {
        Order memory o = funded(orderOf(asset, OrderKind.Analysis, bytes32("o")));
        token.setBlacklisted(buyer, true);
        fail(o);
        assertState(o, OrderState.Refunded);
        assertEq(payouts.creditOf(address(token), buyer), DUE);
    }

    function test_GivenBuyerBlockedAtProRataSettlement() public {
        Order memory o = delivered(orderOf(asset, OrderKind.Download, bytes32("o")));
        report(o, COHORT / 2);
        token.setBlacklisted(buyer, true);
        passDispute();
        escrow.settle(o);
        // Half of 100 dollars: 10 to the custodian. Half of price and fee waits for the buyer.
        assertEq(payouts.creditOf(address(token), operator(1)), 10e6);
        assertEq(payouts.creditOf(address(token), buyer), DUE / 2);
        assertEq(token.balanceOf(address(escrow)), 0);
        withdraws();
        assertEq(token.balanceOf(buyer), DUE / 2);
    }

    function test_GivenPayeeBlockedAtSettlement() public {
        Order memory o = delivered(orderOf(asset, OrderKind.Analysis, bytes32("o")));
        token.setBlacklisted(curator, true);
        token.setBlacklisted(operator(1), true);
        passDispute();
        escrow.settle(o);
        assertEq(payouts.creditOf(address(token), curator), 10e6);
        // A blocked payee names an account that is not.
        vm.prank(curator);
        payouts.withdraw(address(token), stranger);
        assertEq(token.balanceOf(stranger), 10e6);
    }
}

/// @notice A buyer whose token calls them back during every transfer, and who then tries each step once more.
contract HookedBuyer is ITokenHook {
    enum Try {
        Nothing,
        Refund,
        Settle,
        FundAgain,
        FundOther
    }

    PaybackHookTest private immutable _test;
    Try public what;
    bool public succeeded;
    uint256 public calls;

    constructor(PaybackHookTest test) {
        _test = test;
    }

    function set(Try what_) external {
        what = what_;
    }

    function tokensMoved(address, address, uint256) external {
        ++calls;
        Try now_ = what;
        if (now_ == Try.Nothing) return;
        what = Try.Nothing;
        (succeeded, ) = address(_test).call(abi.encodeCall(PaybackHookTest.retry, (now_)));
        what = now_;
    }
}

contract PaybackHookTest is EscrowTest {
    HookToken internal token;
    HookedBuyer internal hooked;
    Order internal o;
    Order internal other;

    function setUp() public override {
        super.setUp();
        token = new HookToken();
        hooked = new HookedBuyer(this);
        buyer = address(hooked);
        vm.prank(timelock);
        uint16 index = assets.allowToken(address(token));
        Listing memory l = listing(bytes32("hooked"));
        l.token = index;
        uint256 asset = listAs(curator, l, version());
        token.mint(buyer, 1_000e6);
        vm.startPrank(buyer);
        token.approve(address(escrow), type(uint256).max);
        token.setHooked(true);
        vm.stopPrank();
        o = orderOf(asset, OrderKind.Download, bytes32("o"));
        other = orderOf(asset, OrderKind.Download, bytes32("other"));
    }

    /// @dev Called by the hook, in the middle of a transfer.
    function retry(HookedBuyer.Try what) external {
        if (what == HookedBuyer.Try.Refund) return escrow.refund(o);
        if (what == HookedBuyer.Try.Settle) return escrow.settle(o);
        if (what == HookedBuyer.Try.FundAgain) fundUnpranked(o);
        if (what == HookedBuyer.Try.FundOther) fundUnpranked(other);
    }

    function fundUnpranked(Order memory x) private {
        vm.prank(buyer);
        escrow.fund(x, terms(), "", "");
    }

    function conserved(uint256 inEscrow) private view {
        assertEq(token.balanceOf(address(escrow)), inEscrow);
        assertEq(token.balanceOf(address(payouts)), payouts.heldOf(address(token)));
        assertEq(
            token.balanceOf(buyer) + token.balanceOf(address(escrow)) + token.balanceOf(address(payouts)),
            1_000e6
        );
    }

    function test_WhenRefundReentersRefund() public {
        fund(o);
        vm.warp(o.deliverBy + 1);
        hooked.set(HookedBuyer.Try.Refund);
        escrow.refund(o);
        assertTrue(hooked.calls() != 0);
        assertEq(hooked.succeeded(), false);
        conserved(0);
        assertEq(token.balanceOf(buyer), 1_000e6);
    }

    function test_WhenSettleReentersSettle() public {
        delivered(o);
        report(o, COHORT / 2);
        passDispute();
        hooked.set(HookedBuyer.Try.Settle);
        escrow.settle(o);
        assertTrue(hooked.calls() != 0);
        assertEq(hooked.succeeded(), false);
        conserved(0);
    }

    function test_WhenRefundReentersFund() public {
        fund(o);
        vm.warp(o.deliverBy + 1);
        hooked.set(HookedBuyer.Try.FundAgain);
        escrow.refund(o);
        assertEq(hooked.succeeded(), false);
        assertState(o, OrderState.Refunded);
        conserved(0);
    }

    function test_RevertWhen_FundReentersFund() public {
        hooked.set(HookedBuyer.Try.FundOther);
        // The inner order arrives in the middle of the outer one's measurement, which then refuses both.
        fundReverts(
            o,
            abi.encodeWithSelector(
                Errors.AccessEscrow_TokenDeltaMismatch.selector,
                102_500_000,
                2 * 102_500_000
            )
        );
        assertState(other, OrderState.None);
        conserved(0);
    }
}
