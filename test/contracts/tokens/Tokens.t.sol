// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Listing} from "../../../contracts/types/AssetTypes.sol";
import {Order, OrderKind, OrderState} from "../../../contracts/types/OrderTypes.sol";
import {EscrowTest} from "../escrow/EscrowTest.sol";
import {
    BlacklistToken,
    BonusToken,
    FalseToken,
    FeeToken,
    HookToken,
    NoReturnToken,
    PlainToken,
    RebasingToken,
    SixToken,
    WholeToken
} from "../support/Tokens.sol";

/// @notice Orders in every kind of token that is known to be awkward (Tokens.tree).
contract TokensTest is EscrowTest {
    /// @dev A price whose shares and fee are no whole numbers: 20 % are 201.4, 10 % are 100.7, the fee of 2.5 % is 25.175.
    uint80 private constant ODD_PRICE = 1_007;
    uint256 private constant ODD_FEE = 25;
    uint256 private constant DUE = ODD_PRICE + ODD_FEE;

    function orderIn(address token, uint80 price) private returns (Order memory o) {
        vm.prank(timelock);
        uint16 index = assets.allowToken(token);
        Listing memory l = listing(keccak256(abi.encode(token)));
        (l.token, l.price) = (index, price);
        uint256 asset = listAs(curator, l, version());
        o = orderOf(asset, OrderKind.Analysis, bytes32("token"));
        PlainToken(token).mint(buyer, 10 * DUE);
        vm.prank(buyer);
        // Not through `IERC20`: one of the tokens returns nothing.
        (bool ok, ) = token.call(abi.encodeCall(IERC20.approve, (address(escrow), type(uint256).max)));
        assertTrue(ok);
    }

    function balance(address token, address account) private view returns (uint256) {
        return IERC20(token).balanceOf(account);
    }

    function paysOutEveryUnit(address token) private {
        uint256 snapshot = vm.snapshotState();
        Order memory o = delivered(orderIn(token, ODD_PRICE));
        assertEq(balance(token, address(escrow)), DUE);
        passDispute();
        escrow.settle(o);
        assertEq(balance(token, address(escrow)), 0);
        assertEq(payouts.creditOf(token, operator(1)), 201);
        assertEq(payouts.creditOf(token, curator), 100);
        assertEq(payouts.creditOf(token, commons), 25);
        assertEq(payouts.potOf(token, bytes32(o.asset)), 1_007 - 201 - 100);
        assertEq(balance(token, address(payouts)), DUE);
        vm.prank(curator);
        payouts.withdraw(token, address(0xDEAD));
        assertEq(balance(token, address(0xDEAD)), 100);
        vm.revertToState(snapshot);
    }

    function refundsWhole(address token) private {
        Order memory o = funded(orderIn(token, ODD_PRICE));
        assertEq(balance(token, buyer), 9 * DUE);
        fail(o);
        assertState(o, OrderState.Refunded);
        assertEq(balance(token, buyer), 10 * DUE);
        assertEq(balance(token, address(escrow)), 0);
    }

    /*//////////////////////////////////////////////////////////////
                                 EXACT
    //////////////////////////////////////////////////////////////*/

    function test_WhenNothingIsReturned() public {
        address token = address(new NoReturnToken());
        paysOutEveryUnit(token);
        refundsWhole(token);
    }

    function test_WhenTransfersHaveHooks() public {
        address token = address(new HookToken());
        paysOutEveryUnit(token);
        refundsWhole(token);
    }

    function test_WhenAccountsCanBeBlocked() public {
        address token = address(new BlacklistToken());
        paysOutEveryUnit(token);
        refundsWhole(token);
    }

    function test_WhenItHasNoDecimals() public {
        address token = address(new WholeToken());
        paysOutEveryUnit(token);
        refundsWhole(token);
    }

    function test_WhenItHasSixDecimals() public {
        address token = address(new SixToken());
        paysOutEveryUnit(token);
        refundsWhole(token);
    }

    /// @dev Of one unit nothing can be shared: all of it is the pot's, and no fee is due.
    function test_WhenOneUnitIsTheWholePrice() public {
        address token = address(new WholeToken());
        Order memory o = delivered(orderIn(token, 1));
        passDispute();
        escrow.settle(o);
        assertEq(payouts.potOf(token, bytes32(o.asset)), 1);
        assertEq(payouts.heldOf(token), 1);
    }

    /*//////////////////////////////////////////////////////////////
                                REFUSED
    //////////////////////////////////////////////////////////////*/

    function deltaMismatch(uint256 received) private pure returns (bytes memory) {
        return abi.encodeWithSelector(Errors.AccessEscrow_TokenDeltaMismatch.selector, DUE, received);
    }

    function test_RevertWhen_ItTakesAFee() public {
        fundReverts(orderIn(address(new FeeToken()), ODD_PRICE), deltaMismatch(DUE - DUE / 100));
    }

    function test_RevertWhen_ItAddsABonus() public {
        fundReverts(orderIn(address(new BonusToken()), ODD_PRICE), deltaMismatch(DUE + 1));
    }

    /// @dev At an index of 3.5, 1,032 units are 294 whole shares, which show as 1,029.
    function test_RevertWhen_ItRebases() public {
        RebasingToken token = new RebasingToken();
        Order memory o = orderIn(address(token), ODD_PRICE);
        token.setIndex(3.5e18);
        fundReverts(o, deltaMismatch(1_029));
    }

    function test_RevertWhen_ItAnswersFalse() public {
        address token = address(new FalseToken());
        bytes memory err = abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, token);
        fundReverts(orderIn(token, ODD_PRICE), err);
    }

    function test_RevertWhen_ItIsNotOnTheList() public {
        Listing memory l = listing(bytes32("unlisted"));
        l.token = dollarIndex + 1;
        bytes memory signed = custody(curator, l, version());
        expectError(abi.encodeWithSelector(Errors.AssetRegistry_TokenNotAllowed.selector, l.token));
        vm.prank(curator);
        assets.list(l, version(), signed);
    }

    /*//////////////////////////////////////////////////////////////
                          CHANGED AFTER FUNDING
    //////////////////////////////////////////////////////////////*/

    function test_RevertGiven_AFeeSinceFunding() public {
        FeeToken token = new FeeToken();
        token.setTaxed(false);
        Order memory o = delivered(orderIn(address(token), ODD_PRICE));
        passDispute();
        token.setTaxed(true);
        expectError(
            abi.encodeWithSelector(Errors.Payouts_NotFunded.selector, uint256(DUE), uint256(DUE - DUE / 100))
        );
        escrow.settle(o);
        assertEq(token.balanceOf(address(escrow)), DUE);
        token.setTaxed(false);
        escrow.settle(o);
        assertEq(payouts.heldOf(address(token)), DUE);
    }

    /// @dev What an index adds is nobody's: no order gets more than was booked, none less.
    function test_GivenAnIndexThatRoseSinceFunding() public {
        RebasingToken token = new RebasingToken();
        Order memory o = funded(orderIn(address(token), ODD_PRICE));
        token.setIndex(2e18);
        assertEq(token.balanceOf(address(escrow)), 2 * DUE);
        deliver(o);
        passDispute();
        escrow.settle(o);
        assertEq(payouts.heldOf(address(token)), DUE);
        assertEq(token.balanceOf(address(payouts)), DUE);
        assertEq(token.balanceOf(address(escrow)), DUE);
    }
}
