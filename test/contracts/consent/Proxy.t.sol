// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IConsentRegistry} from "../../../contracts/interfaces/IConsentRegistry.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {
    Proxy,
    ProxyGrant,
    ProxyNaming,
    ProxyRemoval,
    ProxyRevocation,
    Revocation,
    Speaker
} from "../../../contracts/types/ConsentTypes.sol";
import {Digests} from "../support/Digests.sol";
import {ContractAccount} from "../support/Doubles.sol";
import {ConsentTest} from "./ConsentTest.sol";

/// @notice No other contract of the protocol exists here: proxies depend on none.
contract ProxyTest is ConsentTest {
    uint256 private constant PROXY_KEY = 0x9A0;
    uint256 private constant OTHER_KEY = 0x0DD;
    uint8 private constant GRANT = 1;
    uint8 private constant REVOKE = 2;

    address private proxy = vm.addr(PROXY_KEY);
    uint40 private until = 1_800_000_000 + 30 days;

    function naming(uint8 rights, uint40 nonce) private view returns (ProxyNaming memory) {
        return ProxyNaming(DATASET, subject, proxy, rights, until, nonce);
    }

    function sign(ProxyNaming memory p, uint256 key) private view returns (bytes memory) {
        return signature(key, Digests.proxyNaming(p, address(registry)));
    }

    function name(uint8 rights, uint40 nonce) private {
        ProxyNaming memory p = naming(rights, nonce);
        bytes memory signed_ = sign(p, KEY);
        vm.prank(relayer);
        registry.nameProxy(p, signed_);
    }

    function removal(uint40 since) private view returns (ProxyRemoval memory) {
        return ProxyRemoval(DATASET, subject, proxy, since);
    }

    function sign(ProxyRemoval memory r, uint256 key) private view returns (bytes memory) {
        return signature(key, Digests.proxyRemoval(r, address(registry)));
    }

    function remove(uint40 since) private {
        bytes memory signed_ = sign(removal(since), KEY);
        vm.prank(relayer);
        registry.removeProxy(removal(since), signed_);
    }

    function grantWord(uint40 nonce, uint40 since) private view returns (ProxyGrant memory) {
        return ProxyGrant(DATASET, subject, 6, until, 3, nonce, proxy, since);
    }

    function sign(ProxyGrant memory p, uint256 key) private view returns (bytes memory) {
        return signature(key, Digests.proxyGrant(p, address(registry)));
    }

    function grantAsProxy(uint40 nonce, uint40 since) private {
        ProxyGrant memory p = grantWord(nonce, since);
        bytes memory signed_ = sign(p, PROXY_KEY);
        vm.prank(relayer);
        registry.grantByProxy(p, signed_);
    }

    function grantRefused(ProxyGrant memory p, uint256 key, bytes memory err) private {
        bytes memory signed_ = sign(p, key);
        expectError(err);
        vm.prank(relayer);
        registry.grantByProxy(p, signed_);
    }

    function revokeWord(uint40 maxNonce, uint40 since) private view returns (ProxyRevocation memory) {
        return ProxyRevocation(DATASET, subject, maxNonce, proxy, since);
    }

    function sign(ProxyRevocation memory p, uint256 key) private view returns (bytes memory) {
        return signature(key, Digests.proxyRevocation(p, address(registry)));
    }

    function revokeAsProxy(uint40 maxNonce, uint40 since) private {
        bytes memory signed_ = sign(revokeWord(maxNonce, since), PROXY_KEY);
        vm.prank(relayer);
        registry.revokeByProxy(revokeWord(maxNonce, since), signed_);
    }

    function revokeRefused(ProxyRevocation memory p, uint256 key, bytes memory err) private {
        bytes memory signed_ = sign(p, key);
        expectError(err);
        vm.prank(relayer);
        registry.revokeByProxy(p, signed_);
    }

    function notProxy() private view returns (bytes memory) {
        return abi.encodeWithSelector(Errors.ConsentRegistry_NotProxy.selector, subject, proxy);
    }

    /*//////////////////////////////////////////////////////////////
                                 NAMING
    //////////////////////////////////////////////////////////////*/

    function test_Named_BySignature() public {
        vm.expectEmit(address(registry));
        emit IConsentRegistry.ProxyNamed(DATASET, subject, proxy, 3, until, 0);
        name(3, 0);
        Proxy memory p = registry.proxyOf(DATASET, subject, proxy);
        assertEq(p.rights, 3);
        assertEq(p.expiry, until);
        assertEq(p.since, 0);
    }

    function test_Named_BySender() public {
        vm.prank(subject);
        registry.nameProxy(naming(GRANT, 0), "");
        grantAsProxy(1, 0);
        assertEq(slot().purposes, 6);
    }

    function test_Named_RaisesTheNonceAndChangesNoConsent() public {
        grantSigned(0);
        vm.roll(501);
        name(3, 1);
        assertEq(slot().nonce, 2);
        assertEq(slot().purposes, 6);
        assertEq(slot().changedAt, 500);
    }

    function test_Named_LeavesTheLeafItsWord() public {
        name(3, 0);
        // Nothing was granted or revoked: the slot counts as never written.
        assertEq(slot().changedAt, 0);
        assertEq(slot().nonce, 1);
    }

    function test_Named_EndsPendingGrants() public {
        bytes memory pending = sign(grantOf(0));
        name(GRANT, 0);
        expectError(nonceMismatch(1, 0));
        submit(grantOf(0), pending);
    }

    function test_Named_RevertWhen_NotThePerson() public {
        ProxyNaming memory p = naming(3, 0);
        uint256[2] memory keys = [PROXY_KEY, OTHER_KEY];
        for (uint256 i = 0; i < 2; ++i) {
            bytes memory signed_ = sign(p, keys[i]);
            expectError(invalid(subject));
            registry.nameProxy(p, signed_);
            expectError(invalid(subject));
            vm.prank(vm.addr(keys[i]));
            registry.nameProxy(p, "");
        }
    }

    function test_Named_RevertWhen_AProxyNamesAnother() public {
        name(3, 0);
        ProxyNaming memory p = naming(3, 1);
        p.proxy = vm.addr(OTHER_KEY);
        bytes memory signed_ = sign(p, PROXY_KEY);
        expectError(invalid(subject));
        registry.nameProxy(p, signed_);
        expectError(invalid(subject));
        vm.prank(proxy);
        registry.nameProxy(p, "");
        // Nor does it prolong or widen itself.
        p = naming(3, 1);
        p.expiry = type(uint40).max;
        signed_ = sign(p, PROXY_KEY);
        expectError(invalid(subject));
        registry.nameProxy(p, signed_);
    }

    function test_Named_RevertWhen_NonceIsNotExact() public {
        bytes memory signed_ = sign(naming(3, 0), KEY);
        name(3, 0);
        expectError(nonceMismatch(1, 0));
        registry.nameProxy(naming(3, 0), signed_);
        setNonce(LAST);
        signed_ = sign(naming(3, LAST), KEY);
        expectError(nonceMismatch(LAST, LAST));
        registry.nameProxy(naming(3, LAST), signed_);
    }

    function test_Named_RevertWhen_RightsAreNoneOrUnknown() public {
        uint8[3] memory rights = [0, 4, 255];
        for (uint256 i = 0; i < 3; ++i) {
            ProxyNaming memory p = naming(rights[i], 0);
            bytes memory signed_ = sign(p, KEY);
            expectError(abi.encodeWithSelector(Errors.ConsentRegistry_RightsInvalid.selector, rights[i]));
            registry.nameProxy(p, signed_);
        }
    }

    function test_Named_RevertWhen_ProxyIsNobodyOrThePerson() public {
        address[2] memory whos = [address(0), subject];
        for (uint256 i = 0; i < 2; ++i) {
            ProxyNaming memory p = naming(3, 0);
            p.proxy = whos[i];
            bytes memory signed_ = sign(p, KEY);
            expectError(abi.encodeWithSelector(Errors.ConsentRegistry_ProxyInvalid.selector, whos[i]));
            registry.nameProxy(p, signed_);
        }
    }

    /*//////////////////////////////////////////////////////////////
                                REMOVING
    //////////////////////////////////////////////////////////////*/

    function test_Removed_BySignature() public {
        name(3, 0);
        vm.expectEmit(address(registry));
        emit IConsentRegistry.ProxyRemoved(DATASET, subject, proxy, 2);
        remove(0);
        assertEq(registry.proxyOf(DATASET, subject, proxy).rights, 0);
        assertEq(slot().nonce, 2);
        assertEq(slot().changedAt, 0);
        grantRefused(grantWord(2, 0), PROXY_KEY, notProxy());
        revokeRefused(revokeWord(2, 0), PROXY_KEY, notProxy());
    }

    function test_Removed_BySender() public {
        name(3, 0);
        vm.prank(subject);
        registry.removeProxy(removal(0), "");
        grantRefused(grantWord(2, 0), PROXY_KEY, notProxy());
    }

    function test_Removed_GivenTheProxyHurries() public {
        name(3, 0);
        bytes memory signed_ = sign(removal(0), KEY);
        for (uint40 i = 1; i < 5; ++i) grantAsProxy(i, 0);
        registry.removeProxy(removal(0), signed_);
        grantRefused(grantWord(6, 0), PROXY_KEY, notProxy());
    }

    function test_Removed_GivenLastNonce() public {
        name(3, 0);
        setNonce(LAST);
        remove(0);
        assertEq(slot().nonce, LAST);
    }

    function test_Removed_RevertWhen_NotThePerson() public {
        name(3, 0);
        uint256[2] memory keys = [PROXY_KEY, OTHER_KEY];
        for (uint256 i = 0; i < 2; ++i) {
            bytes memory signed_ = sign(removal(0), keys[i]);
            expectError(invalid(subject));
            registry.removeProxy(removal(0), signed_);
        }
    }

    function test_Removed_RevertWhen_AnotherNaming() public {
        name(3, 0);
        bytes memory first = sign(removal(0), KEY);
        remove(0);
        expectError(notProxy());
        registry.removeProxy(removal(0), first);
        name(3, 2);
        // The word against the first naming says nothing against the second.
        expectError(notProxy());
        registry.removeProxy(removal(0), first);
        assertEq(registry.proxyOf(DATASET, subject, proxy).rights, 3);
    }

    /*//////////////////////////////////////////////////////////////
                                 GRANT
    //////////////////////////////////////////////////////////////*/

    function test_Grant_BySignature() public {
        name(GRANT, 0);
        vm.expectEmit(address(registry));
        emit IConsentRegistry.SpokenFor(DATASET, subject, Speaker.Proxy, proxy, 2);
        grantAsProxy(1, 0);
        assertEq(slot().purposes, 6);
        assertEq(slot().expiry, until);
        assertEq(slot().modes, 3);
        assertEq(slot().nonce, 2);
        assertEq(slot().changedAt, 500);
    }

    function test_Grant_BySender() public {
        name(GRANT, 0);
        vm.prank(proxy);
        registry.grantByProxy(grantWord(1, 0), "");
        assertEq(slot().purposes, 6);
    }

    function test_Grant_ByContractAccount() public {
        proxy = address(new ContractAccount(vm.addr(PROXY_KEY)));
        name(GRANT, 0);
        grantAsProxy(1, 0);
        assertEq(slot().purposes, 6);
    }

    function test_Grant_RevertWhen_AnotherKeySigns() public {
        name(GRANT, 0);
        grantRefused(grantWord(1, 0), OTHER_KEY, invalid(proxy));
        ProxyGrant memory p = grantWord(1, 0);
        p.proxy = vm.addr(OTHER_KEY);
        grantRefused(
            p,
            OTHER_KEY,
            abi.encodeWithSelector(Errors.ConsentRegistry_NotProxy.selector, subject, p.proxy)
        );
    }

    function test_Grant_RevertWhen_AnyValueIsChanged() public {
        name(GRANT, 0);
        bytes memory signed_ = sign(grantWord(1, 0), PROXY_KEY);
        ProxyGrant memory p = grantWord(1, 0);
        p.purposes = type(uint128).max;
        expectError(invalid(proxy));
        registry.grantByProxy(p, signed_);
        p = grantWord(1, 0);
        p.expiry = type(uint40).max;
        expectError(invalid(proxy));
        registry.grantByProxy(p, signed_);
        p = grantWord(1, 0);
        p.modes = 7;
        expectError(invalid(proxy));
        registry.grantByProxy(p, signed_);
    }

    function test_Grant_RevertWhen_RightIsMissing() public {
        name(REVOKE, 0);
        grantRefused(grantWord(1, 0), PROXY_KEY, notProxy());
    }

    function test_Grant_RevertWhen_ForAnotherDataset() public {
        name(3, 0);
        ProxyGrant memory p = grantWord(0, 0);
        p.dataset += 1;
        grantRefused(p, PROXY_KEY, notProxy());
    }

    function test_Grant_RevertWhen_Expired() public {
        name(3, 0);
        vm.warp(until - 1);
        grantAsProxy(1, 0);
        vm.warp(until);
        grantRefused(grantWord(2, 0), PROXY_KEY, notProxy());
        revokeRefused(revokeWord(2, 0), PROXY_KEY, notProxy());
    }

    function test_Grant_RevertWhen_TwoPersonBit() public {
        name(GRANT, 0);
        ProxyGrant memory p = grantWord(1, 0);
        p.modes = 8;
        bytes memory needed = abi.encodeWithSelector(Errors.ConsentRegistry_TwoPersonNeeded.selector);
        grantRefused(p, PROXY_KEY, needed);
    }

    function test_Grant_RevertWhen_NonceIsNotExact() public {
        name(3, 0);
        grantRefused(grantWord(2, 0), PROXY_KEY, nonceMismatch(1, 2));
        grantAsProxy(1, 0);
        grantRefused(grantWord(1, 0), PROXY_KEY, nonceMismatch(2, 1));
        setNonce(LAST);
        grantRefused(grantWord(LAST, 0), PROXY_KEY, nonceMismatch(LAST, LAST));
    }

    function test_Grant_RevertGiven_PersonRevokedSince() public {
        name(3, 0);
        bytes memory stale = sign(grantWord(1, 0), PROXY_KEY);
        revokeDirect();
        expectError(nonceMismatch(1 + STEP, 1));
        registry.grantByProxy(grantWord(1, 0), stale);
        assertDenied(1 + STEP);
    }

    function test_Regression_StaleProxyWordDoesNotReviveWhenNamedAgain() public {
        name(3, 0);
        // Signed ahead of time, for a nonce that comes only after the proxy was removed and named again.
        ProxyGrant memory ahead = grantWord(3, 0);
        bytes memory grants_ = sign(ahead, PROXY_KEY);
        bytes memory revokes = sign(revokeWord(200, 0), PROXY_KEY);
        remove(0);
        name(3, 2);
        assertEq(slot().nonce, 3);
        expectError(notProxy());
        registry.grantByProxy(ahead, grants_);
        expectError(notProxy());
        registry.revokeByProxy(revokeWord(200, 0), revokes);
        grantAsProxy(3, 2);
        assertEq(slot().purposes, 6);
    }

    function test_Regression_StaleProxyWordDoesNotReviveAfterExpiryAndRenewal() public {
        name(3, 0);
        ProxyGrant memory ahead = grantWord(2, 0);
        bytes memory signed_ = sign(ahead, PROXY_KEY);
        vm.warp(until);
        until += 30 days;
        name(3, 1);
        expectError(notProxy());
        registry.grantByProxy(ahead, signed_);
    }

    /*//////////////////////////////////////////////////////////////
                                 REVOKE
    //////////////////////////////////////////////////////////////*/

    function test_Revoke_BySignature() public {
        name(REVOKE, 0);
        grantSigned(1);
        vm.expectEmit(address(registry));
        emit IConsentRegistry.SpokenFor(DATASET, subject, Speaker.Proxy, proxy, 10);
        revokeAsProxy(9, 0);
        assertDenied(10);
    }

    function test_Revoke_BySender() public {
        name(REVOKE, 0);
        vm.prank(proxy);
        registry.revokeByProxy(revokeWord(1, 0), "");
        assertDenied(2);
    }

    function test_Revoke_RevertWhen_RightIsMissing() public {
        name(GRANT, 0);
        revokeRefused(revokeWord(1, 0), PROXY_KEY, notProxy());
    }

    function test_Revoke_RevertWhen_AnotherKeySigns() public {
        name(REVOKE, 0);
        revokeRefused(revokeWord(1, 0), OTHER_KEY, invalid(proxy));
    }

    function test_Revoke_RevertWhen_OutOfReach() public {
        name(REVOKE, 0);
        revokeRefused(revokeWord(0, 0), PROXY_KEY, outOfReach(1, 0));
        revokeRefused(revokeWord(1 + 257, 0), PROXY_KEY, outOfReach(1, 258));
        revokeAsProxy(1 + 256, 0);
        assertDenied(258);
    }

    function test_Regression_ProxyCannotOutrunThePersonsRevocation() public {
        name(3, 0);
        Revocation memory r = revocationOf(1 + STEP);
        bytes memory persons = sign(r);
        // A proxy that sees it coming revokes and grants as fast as it can.
        uint40 nonce = 1;
        for (uint256 i = 0; i < 20; ++i) {
            revokeAsProxy(nonce + 256, 0);
            nonce += 257;
            grantAsProxy(nonce++, 0);
        }
        submit(r, persons);
        assertDenied(1 + STEP + 1);
    }
}
