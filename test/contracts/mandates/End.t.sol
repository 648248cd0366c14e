// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IMandates} from "../../../contracts/interfaces/IMandates.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Listing} from "../../../contracts/types/AssetTypes.sol";
import {MandateState} from "../../../contracts/types/MandateTypes.sol";
import {Order, OrderState} from "../../../contracts/types/OrderTypes.sol";
import {Digests} from "../support/Digests.sol";
import {BlacklistToken, HookToken, ITokenHook, PlainToken} from "../support/Tokens.sol";
import {MandateTest} from "./MandateTest.sol";

contract EndMandateTest is MandateTest {
    /*//////////////////////////////////////////////////////////////
                                 CANCEL
    //////////////////////////////////////////////////////////////*/

    function cancelReverts(address sender, bytes memory signed_, bytes memory err) private {
        expectError(err);
        vm.prank(sender);
        mandates.cancel(m, signed_);
    }

    function cancellation(bytes32 id, address at) private view returns (bytes memory) {
        return signature(BUYER_KEY, Digests.cancellation(id, at));
    }

    function test_Cancel_RevertGiven_NotOpen() public {
        cancelReverts(buyer, "", wrongState(MandateState.None));
        create();
        vm.prank(buyer);
        mandates.cancel(m, "");
        cancelReverts(buyer, "", wrongState(MandateState.Closed));
    }

    function test_Cancel_RevertWhen_CallerIsNotTheBuyer() public {
        create();
        bytes memory err = abi.encodeWithSelector(Errors.Mandates_NotBuyer.selector, idOf(m));
        address[5] memory callers = [stranger, curator, operator(1), timelock, address(escrow)];
        for (uint256 i = 0; i < callers.length; ++i) cancelReverts(callers[i], "", err);
        // The signature that opened it does not end it, nor does one for another mandate or contract.
        cancelReverts(stranger, signature(BUYER_KEY, idOf(m)), err);
        cancelReverts(stranger, cancellation(keccak256("another"), address(mandates)), err);
        cancelReverts(stranger, cancellation(idOf(m), address(escrow)), err);
        cancelReverts(stranger, signature(0xBAD, Digests.cancellation(idOf(m), address(mandates))), err);
    }

    function test_Cancels() public {
        create();
        vm.expectEmit(address(mandates));
        emit IMandates.MandateClosed(idOf(m), dataset, IMandates.CloseReason.Cancelled, PREPAID);
        vm.prank(buyer);
        mandates.cancel(m, "");
        assertMandate(MandateState.Closed, 0, 0);
        assertEq(dollar.balanceOf(buyer), WEALTH);
    }

    function test_Cancel_WhenBuyerSignedAnyoneSends() public {
        create();
        bytes memory signed_ = cancellation(idOf(m), address(mandates));
        vm.prank(stranger);
        mandates.cancel(m, signed_);
        assertEq(dollar.balanceOf(buyer), WEALTH);
    }

    function test_Cancel_GivenARunUnderWay() public {
        create();
        nextVersion();
        Order memory child = childOf(1);
        run();
        vm.prank(buyer);
        mandates.cancel(m, "");
        assertEq(dollar.balanceOf(buyer), WEALTH - RUN);
        assertState(child, OrderState.Funded);
        deliver(child);
        assertState(child, OrderState.Delivered);
    }

    /*//////////////////////////////////////////////////////////////
                                 CLOSE
    //////////////////////////////////////////////////////////////*/

    function closeReverts(bytes memory err) private {
        address[5] memory callers = [stranger, buyer, operator(1), timelock, curator];
        for (uint256 i = 0; i < callers.length; ++i) {
            expectError(err);
            vm.prank(callers[i]);
            mandates.close(m);
        }
    }

    function closes(IMandates.CloseReason reason, uint256 rest) private {
        vm.expectEmit(address(mandates));
        emit IMandates.MandateClosed(idOf(m), dataset, reason, rest);
        vm.prank(stranger);
        mandates.close(m);
        assertMandate(MandateState.Closed, mandates.statusOf(idOf(m)).runs, 0);
        assertEq(dollar.balanceOf(address(mandates)), 0);
    }

    function test_Close_RevertGiven_NotOpen() public {
        closeReverts(wrongState(MandateState.None));
        create();
        delist();
        closes(IMandates.CloseReason.Delisted, PREPAID);
        closeReverts(wrongState(MandateState.Closed));
    }

    function test_Close_RevertGiven_TimeRuns() public {
        create();
        vm.warp(m.until);
        closeReverts(
            abi.encodeWithSelector(Errors.Mandates_TooEarly.selector, idOf(m), uint256(m.until) + 1)
        );
        vm.warp(uint256(m.until) + 1);
        closes(IMandates.CloseReason.Expired, PREPAID);
        assertEq(dollar.balanceOf(buyer), WEALTH);
    }

    function test_Close_GivenDelistedAfterARun() public {
        create();
        nextVersion();
        Order memory child = childOf(1);
        run();
        vm.prank(operator(1));
        assets.delist(dataset);
        closes(IMandates.CloseReason.Delisted, PREPAID - RUN);
        escrow.refund(child);
        assertEq(dollar.balanceOf(buyer), WEALTH);
    }

    /*//////////////////////////////////////////////////////////////
                                PAYBACK
    //////////////////////////////////////////////////////////////*/

    function payIn(PlainToken token) private {
        vm.prank(timelock);
        uint16 index = assets.allowToken(address(token));
        Listing memory l = listing(keccak256(abi.encode(token)));
        l.token = index;
        m.asset = listAs(curator, l, version());
        m.token = index;
        token.mint(m.buyer, WEALTH);
        vm.prank(m.buyer);
        token.approve(address(mandates), type(uint256).max);
    }

    function test_Payback_GivenBuyerBlocked() public {
        BlacklistToken token = new BlacklistToken();
        payIn(token);
        create();
        token.setBlacklisted(buyer, true);
        vm.warp(uint256(m.until) + 1);
        mandates.close(m);
        assertEq(payouts.creditOf(address(token), buyer), PREPAID);
        assertEq(token.balanceOf(address(mandates)), 0);
        token.setBlacklisted(buyer, false);
        vm.prank(buyer);
        payouts.withdraw(address(token), buyer);
        assertEq(token.balanceOf(buyer), WEALTH);
    }

    HookToken internal hookToken;
    uint256 internal attempts;
    uint256 internal successes;

    /// @dev Called by the token in the middle of a transfer to or from this contract, which is the buyer here.
    function tokensMoved(address, address to, uint256) external {
        if (to != address(this)) return;
        bytes[4] memory tries = [
            abi.encodeCall(mandates.cancel, (m, "")),
            abi.encodeCall(mandates.close, (m)),
            abi.encodeCall(mandates.run, (m, terms(), "")),
            abi.encodeCall(mandates.create, (m, ""))
        ];
        for (uint256 i = 0; i < tries.length; ++i) {
            ++attempts;
            (bool ok, ) = address(mandates).call(tries[i]);
            if (ok) ++successes;
        }
    }

    function hooked() private {
        hookToken = new HookToken();
        m.buyer = address(this);
        payIn(hookToken);
        hookToken.setHooked(true);
        // Another's mandate in the same token: money that is not this buyer's.
        hookToken.mint(address(mandates), 5_000e6);
        create();
    }

    function test_Payback_WhenCancelReenters() public {
        hooked();
        nextVersion();
        mandates.cancel(m, "");
        assertEq(attempts, 4);
        assertEq(successes, 0);
        assertEq(hookToken.balanceOf(address(this)), WEALTH);
        assertEq(hookToken.balanceOf(address(mandates)), 5_000e6);
    }

    function test_Payback_WhenTheLastRunReenters() public {
        m.runs = 1;
        hooked();
        nextVersion();
        run();
        assertEq(attempts, 4);
        assertEq(successes, 0);
        assertEq(hookToken.balanceOf(address(this)), WEALTH - RUN);
        assertEq(hookToken.balanceOf(address(mandates)), 5_000e6);
    }
}
