// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IConsentRegistry} from "../../../contracts/interfaces/IConsentRegistry.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {ConsentSlot, Grant} from "../../../contracts/types/ConsentTypes.sol";
import {Digests} from "../support/Digests.sol";
import {ContractAccount} from "../support/Doubles.sol";
import {ConsentTest} from "./ConsentTest.sol";

contract GrantTest is ConsentTest {
    function reverts(Grant memory g, bytes memory sig, bytes memory err) private {
        expectError(err);
        submit(g, sig);
    }

    /*//////////////////////////////////////////////////////////////
                                 DIRECT
    //////////////////////////////////////////////////////////////*/

    function test_Direct_RevertWhen_SenderIsNotSubject() public {
        expectError(abi.encodeWithSelector(Errors.ConsentRegistry_NotSubject.selector, subject, relayer));
        vm.prank(relayer);
        registry.grant(grantOf(0));
    }

    function direct(uint40 nonce) private {
        vm.prank(subject);
        registry.grant(grantOf(nonce));
    }

    function test_Direct_RevertWhen_NonceIsNotExact() public {
        expectError(nonceMismatch(0, 1));
        direct(1);
        direct(0);
        expectError(nonceMismatch(1, 0));
        direct(0);
    }

    function test_Direct_RevertGiven_LastNonce() public {
        setNonce(LAST);
        expectError(nonceMismatch(LAST, LAST));
        direct(LAST);
    }

    function test_RevertWhen_OnePersonSetsTheTwoPersonBit() public {
        Grant memory g = grantOf(0);
        g.modes = 1 | 8;
        bytes memory needed = abi.encodeWithSelector(Errors.ConsentRegistry_TwoPersonNeeded.selector);
        expectError(needed);
        vm.prank(subject);
        registry.grant(g);
        reverts(g, sign(g), needed);
    }

    function test_Direct_Grants() public {
        Grant memory g = grantOf(0);
        vm.expectEmit(address(registry));
        emit IConsentRegistry.ConsentChanged(DATASET, subject, true, g.purposes, g.expiry, g.modes, 1, 500);
        direct(0);
        ConsentSlot memory s = slot();
        assertEq(s.purposes, 6);
        assertEq(s.expiry, 1_800_000_000 + 365 days);
        assertEq(s.modes, 3);
        assertEq(s.nonce, 1);
        assertEq(s.changedAt, 500);
    }

    function test_Direct_ReplacesTheEarlierGrant() public {
        direct(0);
        vm.roll(501);
        Grant memory g = grantOf(1);
        g.purposes = 1;
        g.modes = 4;
        vm.prank(subject);
        registry.grant(g);
        assertEq(slot().purposes, 1);
        assertEq(slot().modes, 4);
        assertEq(slot().nonce, 2);
        assertEq(slot().changedAt, 501);
    }

    /*//////////////////////////////////////////////////////////////
                                 SIGNED
    //////////////////////////////////////////////////////////////*/

    function test_Signed_AnyoneSends() public {
        grantSigned(0);
        assertEq(slot().purposes, 6);
        assertEq(slot().nonce, 1);
    }

    function test_Signed_RevertWhen_Replayed() public {
        grantSigned(0);
        reverts(grantOf(0), sign(grantOf(0)), nonceMismatch(1, 0));
    }

    function test_Signed_RevertWhen_RelayerReorders() public {
        // The later grant cannot go first, and the first stays usable: an order of its own is impossible.
        reverts(grantOf(1), sign(grantOf(1)), nonceMismatch(0, 1));
        grantSigned(0);
        grantSigned(1);
        reverts(grantOf(0), sign(grantOf(0)), nonceMismatch(2, 0));
    }

    function test_Signed_RevertGiven_DirectRevocationSince() public {
        Grant memory stale = grantOf(0);
        bytes memory sig = sign(stale);
        revokeDirect();
        reverts(stale, sig, nonceMismatch(STEP, 0));
        assertDenied(STEP);
    }

    function test_Signed_RevertGiven_SignedRevocationSince() public {
        Grant memory stale = grantOf(3);
        bytes memory sig = sign(stale);
        revokeSigned(3);
        // Its nonce is below, and no later grant raises the slot back to it.
        reverts(stale, sig, nonceMismatch(4, 3));
        grantSigned(4);
        reverts(stale, sig, nonceMismatch(5, 3));
    }

    function test_Signed_RevertGiven_LastNonce() public {
        setNonce(LAST);
        reverts(grantOf(LAST), sign(grantOf(LAST)), nonceMismatch(LAST, LAST));
    }

    function test_Signed_RevertWhen_SignedByAnother() public {
        Grant memory g = grantOf(0);
        reverts(g, signature(0xBAD, Digests.grant(g, address(registry))), invalid(subject));
        reverts(g, "", invalid(subject));
    }

    function test_Signed_RevertWhen_ForAnotherChain() public {
        vm.chainId(1);
        bytes memory sig = sign(grantOf(0));
        vm.chainId(31337);
        reverts(grantOf(0), sig, invalid(subject));
    }

    function test_Signed_RevertWhen_ForAnotherRegistry() public {
        Grant memory g = grantOf(0);
        bytes32 digest = Digests.grant(g, address(newRegistry()));
        reverts(g, signature(KEY, digest), invalid(subject));
    }

    function test_Signed_RevertWhen_ForAnotherSubject() public {
        Grant memory g = grantOf(0);
        bytes memory sig = sign(g);
        g.subject = vm.addr(0xBAD);
        reverts(g, sig, invalid(g.subject));
    }

    function test_Signed_RevertWhen_AnyValueIsChanged() public {
        bytes memory sig = sign(grantOf(0));
        Grant memory g = grantOf(0);
        g.dataset += 1;
        reverts(g, sig, invalid(subject));
        g = grantOf(0);
        g.purposes = type(uint128).max;
        reverts(g, sig, invalid(subject));
        g = grantOf(0);
        g.expiry += 1;
        reverts(g, sig, invalid(subject));
        g = grantOf(0);
        g.modes = 7;
        reverts(g, sig, invalid(subject));
        grantSigned(0);
        g = grantOf(1);
        reverts(g, sig, invalid(subject));
    }

    function test_Signed_RevertWhen_RevocationSignatureIsUsed() public {
        bytes memory sig = sign(revocationOf(0));
        reverts(grantOf(0), sig, invalid(subject));
    }

    function test_Signed_WhenSubjectIsContractAccount() public {
        subject = address(new ContractAccount(vm.addr(KEY)));
        Grant memory g = grantOf(0);
        reverts(g, signature(0xBAD, Digests.grant(g, address(registry))), invalid(subject));
        submit(g, sign(g));
        assertEq(slot().purposes, 6);
    }

    function test_DigestsAreAsTyped() public view {
        Grant memory g = grantOf(3);
        assertEq(registry.hashGrant(g), Digests.grant(g, address(registry)));
        assertEq(
            registry.hashRevocation(revocationOf(9)),
            Digests.revocation(revocationOf(9), address(registry))
        );
    }

    function testFuzz_Signed_KeepsWhatWasSigned(
        uint256 dataset,
        uint128 purposes,
        uint40 expiry,
        uint8 modes
    ) public {
        modes &= ~uint8(8); // bit 3 says that two persons signed
        Grant memory g = Grant(dataset, subject, purposes, expiry, modes, 0);
        submit(g, sign(g));
        ConsentSlot memory s = registry.slotOf(dataset, subject);
        assertEq(s.purposes, purposes);
        assertEq(s.expiry, expiry);
        assertEq(s.modes, modes);
        assertEq(s.nonce, 1);
    }
}
