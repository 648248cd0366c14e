// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";
import {Errors} from "../libraries/Errors.sol";
import {Modes} from "../libraries/Modes.sol";
import {Cfg} from "../types/AssetTypes.sol";
import {Grant, Revocation, Speaker} from "../types/ConsentTypes.sol";
import {Gateway} from "../types/GatewayTypes.sol";
import {HandOvers} from "./HandOvers.sol";

/// @title TwoPersons
/// @notice Consent that subject and custodian give together, and that either takes back alone.
abstract contract TwoPersons is HandOvers {
    /// @inheritdoc IConsentRegistry
    function grantTwoPerson(
        Grant calldata g,
        bytes calldata signature,
        bytes calldata custodianSignature
    ) external {
        // Check: the bit that says so, the exact nonce, and two who are not one.
        if (g.modes & Modes.TWO_PERSON == 0) revert Errors.ConsentRegistry_NotTwoPerson(g.subject);
        uint40 nonce = _checkNonce(g);
        address person = _personOf(g.dataset, g.subject);
        Gateway memory custodian = _custodianOf(g.dataset);
        if (_isCustodians(custodian, person)) revert Errors.ConsentRegistry_SamePerson(person);
        // Check: both sign the same grant.
        bytes32 digest = hashGrant(g);
        if (!_isSender(person, signature)) _checkPersons(g.dataset, g.subject, digest, signature);
        if (!_custodianSays(custodian, digest, custodianSignature)) {
            revert Errors.ConsentRegistry_NotCustodian(g.dataset);
        }
        // Effect
        _grant(g, nonce);
    }

    /// @inheritdoc IConsentRegistry
    function revokeTwoPerson(Revocation calldata r, bytes calldata signature) external {
        // Check: a word that was the custodian's too, or a dataset in which every word is.
        Cfg memory cfg = assets.cfgOf(r.dataset);
        uint8 modes = cfg.modes | _slots[r.dataset][r.subject].modes;
        if (modes & Modes.TWO_PERSON == 0) revert Errors.ConsentRegistry_NotTwoPerson(r.subject);
        _checkReach(r);
        if (!_custodianSays(gateways.gatewayOf(cfg.custodian), hashRevocation(r), signature)) {
            revert Errors.ConsentRegistry_NotCustodian(r.dataset);
        }
        // Effect
        uint40 nonce = _above(r.maxNonce, 1);
        _deny(r.dataset, r.subject, nonce);
        emit SpokenFor(r.dataset, r.subject, Speaker.Custodian, msg.sender, nonce);
    }
}
