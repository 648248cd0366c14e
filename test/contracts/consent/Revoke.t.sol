// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IConsentRegistry} from "../../../contracts/interfaces/IConsentRegistry.sol";
import {Grant, Revocation} from "../../../contracts/types/ConsentTypes.sol";
import {Digests} from "../support/Digests.sol";
import {ContractAccount} from "../support/Doubles.sol";
import {ConsentTest} from "./ConsentTest.sol";

contract RevokeTest is ConsentTest {
    function reverts(Revocation memory r, bytes memory sig, bytes memory err) private {
        expectError(err);
        submit(r, sig);
    }

    /*//////////////////////////////////////////////////////////////
                                 DIRECT
    //////////////////////////////////////////////////////////////*/

    function test_Direct_GivenNothingGranted() public {
        vm.expectEmit(address(registry));
        emit IConsentRegistry.ConsentChanged(DATASET, subject, false, 0, 0, 0, STEP, 500);
        revokeDirect();
        assertDenied(STEP);
    }

    function test_Direct_GivenGrant() public {
        grantSigned(0);
        vm.roll(501);
        revokeDirect();
        assertDenied(STEP + 1);
    }

    function test_Direct_TwiceStillRaisesTheNonce() public {
        revokeDirect();
        revokeDirect();
        assertDenied(2 * STEP);
    }

    function test_Direct_GivenLastNonce() public {
        setNonce(LAST);
        revokeDirect();
        assertDenied(LAST);
        setNonce(LAST - 1);
        revokeDirect();
        assertDenied(LAST);
        setNonce(LAST - STEP);
        revokeDirect();
        assertDenied(LAST);
        expectError(nonceMismatch(LAST, LAST));
        vm.prank(subject);
        registry.grant(grantOf(LAST));
    }

    function test_Direct_OtherDatasetStays() public {
        grantSigned(0);
        vm.prank(subject);
        registry.revoke(DATASET + 1);
        assertEq(slot().purposes, 6);
        assertEq(slot().nonce, 1);
    }

    function test_Direct_OutrunsEveryPendingGrant() public {
        // The person signed several grants that a relayer holds back. One revocation voids them all.
        for (uint40 n = 0; n < 5; ++n) grantSigned(n);
        bytes memory next = sign(grantOf(5));
        bytes memory later = sign(grantOf(6));
        revokeDirect();
        expectError(nonceMismatch(5 + STEP, 5));
        submit(grantOf(5), next);
        expectError(nonceMismatch(5 + STEP, 6));
        submit(grantOf(6), later);
    }

    /*//////////////////////////////////////////////////////////////
                                 SIGNED
    //////////////////////////////////////////////////////////////*/

    function test_Signed_Revokes() public {
        grantSigned(0);
        vm.expectEmit(address(registry));
        emit IConsentRegistry.ConsentChanged(DATASET, subject, false, 0, 0, 0, 1 + STEP + 1, 500);
        revokeSigned(1 + STEP);
        assertDenied(1 + STEP + 1);
    }

    function test_Signed_RevertWhen_MaxNonceIsBelow() public {
        grantSigned(0);
        reverts(revocationOf(0), sign(revocationOf(0)), outOfReach(1, 0));
    }

    function test_Signed_RevertWhen_Replayed() public {
        Revocation memory r = revocationOf(STEP);
        bytes memory sig = sign(r);
        submit(r, sig);
        reverts(r, sig, outOfReach(STEP + 1, STEP));
        // The person shares again: yesterday's revocation does not end it.
        grantSigned(STEP + 1);
        reverts(r, sig, outOfReach(STEP + 2, STEP));
        assertEq(slot().purposes, 6);
    }

    function test_Signed_RevertWhen_BeyondReach() public {
        reverts(revocationOf(REACH + 1), sign(revocationOf(REACH + 1)), outOfReach(0, REACH + 1));
        reverts(revocationOf(LAST), sign(revocationOf(LAST)), outOfReach(0, LAST));
        revokeSigned(REACH);
        assertDenied(REACH + 1);
    }

    function test_Signed_AtTheCurrentNonce() public {
        grantSigned(0);
        revokeSigned(1);
        assertDenied(2);
    }

    function test_Signed_GivenLastNonce() public {
        setNonce(LAST);
        revokeSigned(LAST);
        assertDenied(LAST);
        setNonce(LAST - 1);
        revokeSigned(LAST);
        assertDenied(LAST);
    }

    function test_Signed_RevertWhen_SignedByAnother() public {
        Revocation memory r = revocationOf(0);
        reverts(r, signature(0xBAD, Digests.revocation(r, address(registry))), invalid(subject));
        reverts(r, hex"", invalid(subject));
    }

    function test_Signed_RevertWhen_ForAnotherChain() public {
        vm.chainId(1);
        bytes memory sig = sign(revocationOf(0));
        vm.chainId(31337);
        reverts(revocationOf(0), sig, invalid(subject));
    }

    function test_Signed_RevertWhen_ForAnotherRegistry() public {
        Revocation memory r = revocationOf(0);
        bytes32 digest = Digests.revocation(r, address(newRegistry()));
        reverts(r, signature(KEY, digest), invalid(subject));
    }

    function test_Signed_RevertWhen_ForAnotherDatasetOrNonce() public {
        bytes memory sig = sign(revocationOf(0));
        Revocation memory r = revocationOf(1);
        reverts(r, sig, invalid(subject));
        r = revocationOf(0);
        r.dataset += 1;
        reverts(r, sig, invalid(subject));
    }

    function test_Signed_WhenSubjectIsContractAccount() public {
        subject = address(new ContractAccount(vm.addr(KEY)));
        revokeSigned(0);
        assertDenied(1);
    }

    /// @dev However many grants arrive between signing and mining, a revocation signed as clients do is taken, and
    /// none of the grants signed before it can be used after it.
    function testFuzz_Signed_OutrunsPendingGrants(uint8 mined, uint8 pending) public {
        Revocation memory r = revocationOf(STEP);
        bytes memory sig = sign(r);
        for (uint40 n = 0; n < mined % 32; ++n) grantSigned(n);
        submit(r, sig);
        assertDenied(STEP + 1);
        Grant memory g = grantOf(uint40(mined % 32) + pending);
        bytes memory late = sign(g);
        expectError(nonceMismatch(STEP + 1, g.nonce));
        submit(g, late);
    }

    function testFuzz_Signed_TakesExactlyTheReach(uint40 nonce, uint40 maxNonce) public {
        setNonce(nonce);
        bool taken = maxNonce >= nonce && uint256(maxNonce) <= uint256(nonce) + 1_048_576;
        Revocation memory r = revocationOf(maxNonce);
        bytes memory sig = sign(r);
        if (!taken) expectError(outOfReach(nonce, maxNonce));
        submit(r, sig);
        if (taken) assertDenied(maxNonce == LAST ? LAST : maxNonce + 1);
    }

    function testFuzz_Signed_WithinReachIsTaken(uint40 nonce, uint40 above) public {
        setNonce(nonce);
        above = uint40(bound(above, 0, REACH));
        if (above > LAST - nonce) above = LAST - nonce;
        revokeSigned(nonce + above);
        assertEq(slot().purposes, 0);
        assertTrue(slot().nonce > nonce || nonce == LAST);
    }
}
