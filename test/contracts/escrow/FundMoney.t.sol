// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Listing} from "../../../contracts/types/AssetTypes.sol";
import {Order, OrderKind, OrderState, PermitInput} from "../../../contracts/types/OrderTypes.sol";
import {
    BonusToken,
    BlacklistToken,
    FalseToken,
    FeeToken,
    NoReturnToken,
    PlainToken
} from "../support/Tokens.sol";
import {EscrowTest} from "./EscrowTest.sol";

/// @notice The money side of `fund` and `fundWithPermit` (Fund.tree), and the tokens of this world.
contract FundMoneyTest is EscrowTest {
    uint256 private constant DUE = 102_500_000;

    /*//////////////////////////////////////////////////////////////
                                 TOKENS
    //////////////////////////////////////////////////////////////*/

    function orderIn(address token) private returns (Order memory) {
        vm.prank(timelock);
        uint16 index = assets.allowToken(token);
        Listing memory l = listing(keccak256(abi.encode(token)));
        l.token = index;
        uint256 asset = listAs(curator, l, version());
        PlainToken(token).mint(buyer, 10 * DUE);
        vm.prank(buyer);
        // Not through `IERC20`: one of the tokens returns nothing.
        (bool ok, ) = token.call(abi.encodeCall(IERC20.approve, (address(escrow), type(uint256).max)));
        assertTrue(ok);
        return orderOf(asset, OrderKind.Analysis, bytes32("token"));
    }

    function test_RevertWhen_AllowanceMissing() public {
        vm.prank(buyer);
        dollar.approve(address(escrow), DUE - 1);
        fundReverts(
            analysis(),
            abi.encodeWithSelector(
                IERC20Errors.ERC20InsufficientAllowance.selector,
                address(escrow),
                DUE - 1,
                DUE
            )
        );
    }

    function test_RevertWhen_TokenTakesAFee() public {
        Order memory o = orderIn(address(new FeeToken()));
        fundReverts(
            o,
            abi.encodeWithSelector(Errors.AccessEscrow_TokenDeltaMismatch.selector, DUE, DUE - DUE / 100)
        );
    }

    function test_RevertWhen_TokenAddsABonus() public {
        Order memory o = orderIn(address(new BonusToken()));
        fundReverts(o, abi.encodeWithSelector(Errors.AccessEscrow_TokenDeltaMismatch.selector, DUE, DUE + 1));
    }

    function test_RevertWhen_TokenAnswersFalse() public {
        FalseToken token = new FalseToken();
        Order memory o = orderIn(address(token));
        fundReverts(o, abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(token)));
    }

    function test_RevertWhen_BuyerIsBlacklisted() public {
        BlacklistToken token = new BlacklistToken();
        Order memory o = orderIn(address(token));
        token.setBlacklisted(buyer, true);
        fundReverts(o, abi.encodeWithSelector(BlacklistToken.Blacklisted.selector, buyer));
    }

    function test_WhenTokenReturnsNothing() public {
        NoReturnToken token = new NoReturnToken();
        Order memory o = settled(orderIn(address(token)));
        assertState(o, OrderState.Settled);
        assertEq(token.balanceOf(address(escrow)), 0);
        assertEq(token.balanceOf(address(payouts)), DUE);
    }

    function test_WhenPriceIsZero() public {
        vm.prank(curator);
        assets.setPrice(dataset, 0);
        Order memory o = settled(analysis());
        assertState(o, OrderState.Settled);
        assertEq(payouts.heldOf(address(dollar)), 0);
    }

    /*//////////////////////////////////////////////////////////////
                                 PERMIT
    //////////////////////////////////////////////////////////////*/

    function permitOf(uint256 value) private view returns (PermitInput memory p) {
        p.value = value;
        p.deadline = block.timestamp + 60;
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
                ),
                buyer,
                address(escrow),
                value,
                dollar.nonces(buyer),
                p.deadline
            )
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", dollar.DOMAIN_SEPARATOR(), structHash));
        (p.v, p.r, p.s) = vm.sign(BUYER_KEY, digest);
    }

    function withoutAllowance() private {
        vm.prank(buyer);
        dollar.approve(address(escrow), 0);
    }

    function test_WithPermit() public {
        withoutAllowance();
        Order memory o = analysis();
        PermitInput memory p = permitOf(DUE);
        vm.prank(buyer);
        escrow.fundWithPermit(o, terms(), "", "", p);
        assertState(o, OrderState.Funded);
        assertEq(dollar.allowance(buyer, address(escrow)), 0);
    }

    function test_WithPermitUsedBySomeoneFirst() public {
        withoutAllowance();
        Order memory o = analysis();
        PermitInput memory p = permitOf(DUE);
        vm.prank(stranger);
        dollar.permit(buyer, address(escrow), p.value, p.deadline, p.v, p.r, p.s);
        vm.prank(buyer);
        escrow.fundWithPermit(o, terms(), "", "", p);
        assertState(o, OrderState.Funded);
    }

    function test_RevertWhen_PermitIsBadAndNothingAllowed() public {
        withoutAllowance();
        Order memory o = analysis();
        PermitInput memory p = permitOf(DUE);
        p.s = bytes32(uint256(p.s) ^ 1);
        expectError(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(escrow), 0, DUE)
        );
        vm.prank(buyer);
        escrow.fundWithPermit(o, terms(), "", "", p);
    }

    function test_RevertWhen_StrangerHasOnlyThePermit() public {
        withoutAllowance();
        Order memory o = analysis();
        PermitInput memory p = permitOf(DUE);
        expectError(abi.encodeWithSelector(Errors.AccessEscrow_NotBuyer.selector, idOf(o)));
        vm.prank(stranger);
        escrow.fundWithPermit(o, terms(), "", "", p);
    }

    /// @dev The permit is asked of the asset's token, so a token that is not the asset's gets no call.
    function test_RevertWhen_TokenOfThePermitIsUnknown() public {
        Order memory o = analysis();
        o.token = 9;
        PermitInput memory p = permitOf(DUE);
        expectError(abi.encodeWithSelector(Errors.AccessEscrow_ConfigurationMismatch.selector, dataset));
        vm.prank(buyer);
        escrow.fundWithPermit(o, terms(), "", "", p);
    }

    function test_RevertWhen_AssetOfThePermitIsUnknown() public {
        Order memory o = analysis();
        o.asset = 5;
        PermitInput memory p = permitOf(DUE);
        expectError(abi.encodeWithSelector(Errors.AccessEscrow_AssetNotListed.selector, 5));
        vm.prank(buyer);
        escrow.fundWithPermit(o, terms(), "", "", p);
    }
}
