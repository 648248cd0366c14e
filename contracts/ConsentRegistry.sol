// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {HandOvers} from "./consent/HandOvers.sol";
import {Proxies} from "./consent/Proxies.sol";
import {TwoPersons} from "./consent/TwoPersons.sol";
import {IAssetRegistry} from "./interfaces/IAssetRegistry.sol";
import {IConsentRegistry} from "./interfaces/IConsentRegistry.sol";
import {IGatewayRegistry} from "./interfaces/IGatewayRegistry.sol";
import {Errors} from "./libraries/Errors.sol";
import {Modes} from "./libraries/Modes.sol";
import {Grant, Revocation} from "./types/ConsentTypes.sol";

/// @title ConsentRegistry
/// @notice See `IConsentRegistry`, which holds the rules. Here: what people do themselves, singly and in batches.
contract ConsentRegistry is TwoPersons, Proxies {
    /// @notice Gas that one contract account may use of a batch to check its signature.
    uint256 public constant ACCOUNT_GAS = 100_000;

    constructor(
        IAssetRegistry assets,
        IGatewayRegistry gateways,
        uint32 handOverDelay
    ) EIP712("Salus ConsentRegistry", "1") HandOvers(assets, gateways, handOverDelay) {}

    /*//////////////////////////////////////////////////////////////
                                 GRANT
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IConsentRegistry
    function grant(Grant calldata g) external {
        _checkOnePerson(g);
        _checkSender(g.dataset, g.subject);
        _grant(g, _checkNonce(g));
    }

    /// @inheritdoc IConsentRegistry
    function grantBySig(Grant calldata g, bytes calldata signature) external {
        _checkOnePerson(g);
        uint40 nonce = _checkNonce(g);
        _checkPersons(g.dataset, g.subject, hashGrant(g), signature);
        _grant(g, nonce);
    }

    /// @inheritdoc IConsentRegistry
    function grantBatch(Grant[] calldata grants, bytes[] calldata signatures) external {
        _checkLengths(grants.length, signatures.length);
        for (uint256 i = 0; i < grants.length; ++i) {
            Grant calldata g = grants[i];
            uint40 nonce = _slots[g.dataset][g.subject].nonce;
            if (g.modes & Modes.TWO_PERSON != 0) {
                emit ItemSkipped(i, Errors.ConsentRegistry_TwoPersonNeeded.selector);
            } else if (!_isNext(nonce, g.nonce)) {
                emit ItemSkipped(i, Errors.ConsentRegistry_NonceMismatch.selector);
            } else if (!_isPersons(g.dataset, g.subject, hashGrant(g), signatures[i], ACCOUNT_GAS)) {
                emit ItemSkipped(i, Errors.ConsentRegistry_SignatureInvalid.selector);
            } else {
                _grant(g, nonce);
            }
        }
    }

    /*//////////////////////////////////////////////////////////////
                                 REVOKE
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IConsentRegistry
    function revoke(uint256 dataset) external {
        _deny(dataset, msg.sender, _above(_slots[dataset][msg.sender].nonce, REVOCATION_STEP));
    }

    /// @inheritdoc IConsentRegistry
    function revokeFor(uint256 dataset, address subject) external {
        _checkSender(dataset, subject);
        _deny(dataset, subject, _above(_slots[dataset][subject].nonce, REVOCATION_STEP));
    }

    /// @inheritdoc IConsentRegistry
    function revokeBySig(Revocation calldata r, bytes calldata signature) external {
        _checkReach(r);
        _checkPersons(r.dataset, r.subject, hashRevocation(r), signature);
        _deny(r.dataset, r.subject, _above(r.maxNonce, 1));
    }

    /// @inheritdoc IConsentRegistry
    function revokeBatch(Revocation[] calldata revocations, bytes[] calldata signatures) external {
        _checkLengths(revocations.length, signatures.length);
        for (uint256 i = 0; i < revocations.length; ++i) {
            Revocation calldata r = revocations[i];
            if (!_withinReach(_slots[r.dataset][r.subject].nonce, r.maxNonce)) {
                emit ItemSkipped(i, Errors.ConsentRegistry_NonceOutOfReach.selector);
            } else if (!_isPersons(r.dataset, r.subject, hashRevocation(r), signatures[i], ACCOUNT_GAS)) {
                emit ItemSkipped(i, Errors.ConsentRegistry_SignatureInvalid.selector);
            } else {
                _deny(r.dataset, r.subject, _above(r.maxNonce, 1));
            }
        }
    }

    /*//////////////////////////////////////////////////////////////
                                INTERNAL
    //////////////////////////////////////////////////////////////*/

    function _checkSender(uint256 dataset, address subject) private view {
        if (msg.sender != subject && msg.sender != _controllerInForce(dataset, subject)) {
            revert Errors.ConsentRegistry_NotSubject(subject, msg.sender);
        }
    }

    function _checkLengths(uint256 items, uint256 signatures) private pure {
        if (items != signatures) revert Errors.ConsentRegistry_LengthMismatch(items, signatures);
    }
}
