// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {UsageChannel} from "../../../contracts/UsageChannel.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Channel, ChannelState, Voucher} from "../../../contracts/types/ChannelTypes.sol";
import {Terms} from "../../../contracts/types/DataUseTypes.sol";
import {
    BlacklistToken,
    BonusToken,
    FalseToken,
    FeeToken,
    HookToken,
    ITokenHook,
    NoReturnToken,
    PlainToken
} from "../support/Tokens.sol";
import {ChannelTest} from "./ChannelTest.sol";

/// @notice Channels in tokens that behave otherwise than a plain one.
contract ChannelTokensTest is ChannelTest {
    address internal token;
    uint16 internal tokenIndex;

    /// @dev A model that is paid in `token_`, at 3 units a call.
    function paidIn(address token_) private {
        token = token_;
        vm.prank(timelock);
        tokenIndex = assets.allowToken(token_);
        model = publishModelIn(tokenIndex, 3);
        PlainToken(token_).mint(clinic, 1_000_000);
        vm.prank(clinic);
        (bool ok, ) = token_.call(
            abi.encodeWithSignature("approve(address,uint256)", address(channels), type(uint256).max)
        );
        assertTrue(ok);
    }

    function inToken(uint88 deposit) private view returns (Channel memory c) {
        c = channel();
        c.token = tokenIndex;
        c.price = 3;
        c.deposit = deposit;
    }

    function inexact(uint256 expected, uint256 received) private pure returns (bytes memory) {
        return abi.encodeWithSelector(Errors.UsageChannel_TokenDeltaMismatch.selector, expected, received);
    }

    function test_Regression_FeeOnTransferToken() public {
        paidIn(address(new FeeToken()));
        Channel memory c = inToken(1_000);
        expectError(inexact(1_000, 990));
        open(c);
        // A token that begins to keep a fee later cannot be topped up.
        FeeToken(token).setTaxed(false);
        open(c);
        FeeToken(token).setTaxed(true);
        expectError(inexact(100, 99));
        vm.prank(clinic);
        channels.topUp(c, 100);
    }

    function test_Open_RevertWhen_TheTokenAddsToTransfers() public {
        paidIn(address(new BonusToken()));
        Channel memory c = inToken(1_000);
        expectError(inexact(1_000, 1_001));
        open(c);
    }

    function test_Open_RevertWhen_TheTokenAnswersFalse() public {
        paidIn(address(new FalseToken()));
        Channel memory c = inToken(1_000);
        vm.expectPartialRevert(bytes4(keccak256("SafeERC20FailedOperation(address)")));
        open(c);
    }

    function test_Channel_InATokenThatAnswersNothing() public {
        paidIn(address(new NoReturnToken()));
        Channel memory c = inToken(1_000);
        open(c);
        claim(c, 1, 100);
        vm.prank(operator(1));
        channels.close(c, voucher(c, 1, 100), "", "");
        assertEq(NoReturnToken(token).balanceOf(address(channels)), 0);
        assertEq(NoReturnToken(token).balanceOf(address(payouts)), 102);
    }

    function test_Regression_BlacklistedPayer() public {
        paidIn(address(new BlacklistToken()));
        Channel memory c = inToken(1_000);
        open(c);
        claim(c, 1, 100);
        BlacklistToken(token).setBlacklisted(clinic, true);
        vm.prank(clinic);
        channels.requestClose(c, "");
        vm.warp(block.timestamp + CLOSE_WINDOW);
        // What was signed is still paid, and the rest waits for the payer.
        claim(c, 2, 200);
        channels.finishClose(c);
        assertState(c, ChannelState.Closed);
        assertEq(payouts.creditOf(token, clinic), 1_000 - 205);
        vm.prank(clinic);
        assertEq(payouts.withdraw(token, stranger), 795);
    }

    /// @dev A payee that a token refuses blocks nobody: its part waits in `Payouts` like everyone's.
    function test_Regression_BlacklistedPayee() public {
        paidIn(address(new BlacklistToken()));
        Channel memory c = inToken(1_000);
        open(c);
        BlacklistToken(token).setBlacklisted(operator(1), true);
        BlacklistToken(token).setBlacklisted(buyer, true);
        claim(c, 1, 100);
        assertEq(payouts.creditOf(token, operator(1)), 20);
        assertEq(payouts.creditOf(token, buyer), 30);
    }

    function test_Regression_HookOpensAnotherChannelInTheMiddle() public {
        HookToken hooks = new HookToken();
        paidIn(address(hooks));
        ReentrantPayer payer = new ReentrantPayer(channels, hooks);
        hooks.mint(address(payer), 10_000);
        Channel memory c = inToken(1_000);
        c.payer = address(payer);
        payer.prepare(c, terms());
        expectError(inexact(1_000, 2_000));
        payer.run();
        assertState(c, ChannelState.None);
        assertEq(hooks.balanceOf(address(channels)), 0);
    }

    /// @dev The payer is asked back in the middle of its refund and tries to be paid again.
    function test_Regression_HookClosesAgainInTheRefund() public {
        HookToken hooks = new HookToken();
        paidIn(address(hooks));
        open(inToken(5_000));
        ReentrantPayer payer = new ReentrantPayer(channels, hooks);
        hooks.mint(address(payer), 10_000);
        Channel memory c = inToken(1_000);
        c.payer = address(payer);
        payer.open(c, terms());
        payer.prepareToCloseAgain(c);
        vm.warp(block.timestamp + CLOSE_WINDOW);
        channels.finishClose(c);
        assertEq(payer.refused(), true);
        assertEq(hooks.balanceOf(address(payer)), 10_000);
        assertEq(hooks.balanceOf(address(channels)), 5_000);
    }

    /*//////////////////////////////////////////////////////////////
                               ROUNDING
    //////////////////////////////////////////////////////////////*/

    /// @dev Whole tokens only: of a claim of 1 each share rounds to nothing and the pot gets it; of a claim of 7 the
    /// custodian gets 1, the curator 2, the pot 4. The fee of 2.5 % is counted over all: nothing up to 39, one at 40.
    function test_Regression_RoundingWithZeroDecimals() public {
        paidIn(address(new PlainToken()));
        Channel memory c = inToken(100);
        open(c);
        claim(c, 1, 1);
        assertEq(payouts.potOf(token, bytes32(model)), 1);
        claim(c, 2, 8);
        assertEq(payouts.creditOf(token, operator(1)), 1);
        assertEq(payouts.creditOf(token, buyer), 2);
        assertEq(payouts.potOf(token, bytes32(model)), 5);
        claim(c, 3, 39);
        assertEq(payouts.creditOf(token, commons), 0);
        claim(c, 4, 40);
        assertEq(payouts.creditOf(token, commons), 1);
        assertEq(statusOf(c).balance, 59);
        assertEq(payouts.heldOf(token), 41);
    }

    /// @dev Six decimals: of 3.333333 the custodian gets 0.666666, the curator 0.999999, the pot 1.666668; fee 0.083333.
    function test_Regression_RoundingWithSixDecimals() public {
        Channel memory c = opened();
        (uint256 custodian, uint256 fees, uint256 pot) = (
            creditOf(operator(1)),
            creditOf(commons),
            potOfModel()
        );
        claim(c, 1, 3_333_333);
        assertEq(creditOf(operator(1)) - custodian, 666_666);
        assertEq(creditOf(buyer), 999_999);
        assertEq(potOfModel() - pot, 1_666_668);
        assertEq(creditOf(commons) - fees, 83_333);
    }
}

/// @notice A payer that is called by its token and uses the moment.
contract ReentrantPayer is ITokenHook {
    UsageChannel private immutable _channels;
    HookToken private immutable _token;
    Channel private _channel;
    Terms private _terms;
    bool private _closing;
    bool private _inside;
    bool public refused;

    constructor(UsageChannel channels, HookToken token) {
        _channels = channels;
        _token = token;
        token.approve(address(channels), type(uint256).max);
    }

    function open(Channel calldata channel, Terms calldata terms) external {
        _channels.open(channel, terms, "", "");
    }

    function prepare(Channel calldata channel, Terms calldata terms) external {
        (_channel, _terms) = (channel, terms);
        _token.setHooked(true);
    }

    function run() external {
        _channels.open(_channel, _terms, "", "");
    }

    function prepareToCloseAgain(Channel calldata channel) external {
        _channel = channel;
        _closing = true;
        _channels.requestClose(channel, "");
        _token.setHooked(true);
    }

    function tokensMoved(address, address, uint256) external {
        if (_inside) return;
        _inside = true;
        if (_closing) {
            try _channels.finishClose(_channel) {} catch {
                refused = true;
            }
        } else {
            Channel memory second = _channel;
            second.salt = bytes32("second");
            _channels.open(second, _terms, "", "");
        }
    }
}
