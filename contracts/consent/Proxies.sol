// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";
import {Errors} from "../libraries/Errors.sol";
import {Modes} from "../libraries/Modes.sol";
import {ProxyRights} from "../libraries/ProxyRights.sol";
import {
    Proxy,
    ProxyGrant,
    ProxyNaming,
    ProxyRemoval,
    ProxyRevocation,
    Speaker
} from "../types/ConsentTypes.sol";
import {ConsentSlots} from "./ConsentSlots.sol";

/// @title Proxies
/// @notice Keys that a person lets speak for one subject, with rights and an end.
/// @dev What a proxy signs names the nonce at which it was named (`since`). Nonces only rise, so a proxy that is named
/// again is another one, and nothing that it signed before comes back.
abstract contract Proxies is ConsentSlots {
    bytes32 public constant PROXY_NAMING_TYPEHASH = keccak256(
        "ProxyNaming(uint256 dataset,address subject,address proxy,uint8 rights,uint40 expiry,uint40 nonce)"
    );
    bytes32 public constant PROXY_REMOVAL_TYPEHASH = keccak256(
        "ProxyRemoval(uint256 dataset,address subject,address proxy,uint40 since)"
    );
    bytes32 public constant PROXY_GRANT_TYPEHASH = keccak256(
        "ProxyGrant(uint256 dataset,address subject,uint128 purposes,uint40 expiry,uint8 modes,uint40 nonce,address proxy,uint40 since)"
    );
    bytes32 public constant PROXY_REVOCATION_TYPEHASH = keccak256(
        "ProxyRevocation(uint256 dataset,address subject,uint40 maxNonce,address proxy,uint40 since)"
    );

    /// @notice How far above the current nonce a proxy's revocation may reach: above what clients sign ahead, and far
    /// below a person's own revocation, which no proxy shall outrun.
    uint40 public constant PROXY_REACH = 1 << 8;

    mapping(uint256 dataset => mapping(address subject => mapping(address key => Proxy))) private _proxies;

    /*//////////////////////////////////////////////////////////////
                               BY PERSONS
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IConsentRegistry
    function nameProxy(ProxyNaming calldata p, bytes calldata signature) external {
        // Check
        uint40 nonce = _slots[p.dataset][p.subject].nonce;
        if (!_isNext(nonce, p.nonce)) revert Errors.ConsentRegistry_NonceMismatch(nonce, p.nonce);
        address person = _personOf(p.dataset, p.subject);
        if (p.proxy == address(0) || p.proxy == p.subject || p.proxy == person) {
            revert Errors.ConsentRegistry_ProxyInvalid(p.proxy);
        }
        if (p.rights == 0 || p.rights & ~ProxyRights.ALL != 0) {
            revert Errors.ConsentRegistry_RightsInvalid(p.rights);
        }
        _checkPerson(p.dataset, p.subject, person, hashProxyNaming(p), signature);
        // Effect: no consent changes, so `changedAt` stays.
        _slots[p.dataset][p.subject].nonce = nonce + 1;
        _proxies[p.dataset][p.subject][p.proxy] = Proxy(p.rights, p.expiry, nonce);
        emit ProxyNamed(p.dataset, p.subject, p.proxy, p.rights, p.expiry, nonce);
    }

    /// @inheritdoc IConsentRegistry
    function removeProxy(ProxyRemoval calldata r, bytes calldata signature) external {
        // Check: this naming stands. No nonce is asked for, so that the proxy cannot outrun its removal.
        Proxy storage proxy = _proxies[r.dataset][r.subject][r.proxy];
        if (proxy.rights == 0 || proxy.since != r.since) {
            revert Errors.ConsentRegistry_NotProxy(r.subject, r.proxy);
        }
        address person = _personOf(r.dataset, r.subject);
        _checkPerson(r.dataset, r.subject, person, hashProxyRemoval(r), signature);
        // Effect
        delete _proxies[r.dataset][r.subject][r.proxy];
        uint40 nonce = _above(_slots[r.dataset][r.subject].nonce, 1);
        _slots[r.dataset][r.subject].nonce = nonce;
        emit ProxyRemoved(r.dataset, r.subject, r.proxy, nonce);
    }

    /*//////////////////////////////////////////////////////////////
                               BY PROXIES
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IConsentRegistry
    function grantByProxy(ProxyGrant calldata p, bytes calldata signature) external {
        // Check
        if (p.modes & Modes.TWO_PERSON != 0) revert Errors.ConsentRegistry_TwoPersonNeeded();
        uint40 nonce = _slots[p.dataset][p.subject].nonce;
        if (!_isNext(nonce, p.nonce)) revert Errors.ConsentRegistry_NonceMismatch(nonce, p.nonce);
        _checkProxy(p.dataset, p.subject, p.proxy, p.since, ProxyRights.GRANT);
        if (!_says(p.proxy, hashProxyGrant(p), signature)) {
            revert Errors.ConsentRegistry_SignatureInvalid(p.proxy);
        }
        // Effect
        _write(p.dataset, p.subject, p.purposes, p.expiry, p.modes, nonce + 1, true);
        emit SpokenFor(p.dataset, p.subject, Speaker.Proxy, p.proxy, nonce + 1);
    }

    /// @inheritdoc IConsentRegistry
    function revokeByProxy(ProxyRevocation calldata p, bytes calldata signature) external {
        // Check
        uint40 nonce = _slots[p.dataset][p.subject].nonce;
        if (p.maxNonce < nonce || p.maxNonce - nonce > PROXY_REACH) {
            revert Errors.ConsentRegistry_NonceOutOfReach(nonce, p.maxNonce);
        }
        _checkProxy(p.dataset, p.subject, p.proxy, p.since, ProxyRights.REVOKE);
        if (!_says(p.proxy, hashProxyRevocation(p), signature)) {
            revert Errors.ConsentRegistry_SignatureInvalid(p.proxy);
        }
        // Effect
        nonce = _above(p.maxNonce, 1);
        _deny(p.dataset, p.subject, nonce);
        emit SpokenFor(p.dataset, p.subject, Speaker.Proxy, p.proxy, nonce);
    }

    /*//////////////////////////////////////////////////////////////
                                 VIEWS
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IConsentRegistry
    function proxyOf(uint256 dataset, address subject, address key) external view returns (Proxy memory) {
        return _proxies[dataset][subject][key];
    }

    /// @inheritdoc IConsentRegistry
    function hashProxyNaming(ProxyNaming calldata p) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(PROXY_NAMING_TYPEHASH, p)));
    }

    /// @inheritdoc IConsentRegistry
    function hashProxyRemoval(ProxyRemoval calldata r) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(PROXY_REMOVAL_TYPEHASH, r)));
    }

    /// @inheritdoc IConsentRegistry
    function hashProxyGrant(ProxyGrant calldata p) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(PROXY_GRANT_TYPEHASH, p)));
    }

    /// @inheritdoc IConsentRegistry
    function hashProxyRevocation(ProxyRevocation calldata p) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(PROXY_REVOCATION_TYPEHASH, p)));
    }

    /*//////////////////////////////////////////////////////////////
                                INTERNAL
    //////////////////////////////////////////////////////////////*/

    /// @dev Naming and removing are the person's alone: there is no right that lets a proxy do it.
    function _checkPerson(
        uint256 dataset,
        address subject,
        address person,
        bytes32 digest,
        bytes calldata signature
    ) private view {
        if (!_isSender(person, signature)) _checkPersons(dataset, subject, digest, signature);
    }

    function _checkProxy(
        uint256 dataset,
        address subject,
        address key,
        uint40 since,
        uint8 right
    ) private view {
        Proxy storage proxy = _proxies[dataset][subject][key];
        if (proxy.rights & right == 0 || proxy.since != since || block.timestamp >= proxy.expiry) {
            revert Errors.ConsentRegistry_NotProxy(subject, key);
        }
    }
}
