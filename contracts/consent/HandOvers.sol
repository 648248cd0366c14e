// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAssetRegistry} from "../interfaces/IAssetRegistry.sol";
import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";
import {IGatewayRegistry} from "../interfaces/IGatewayRegistry.sol";
import {Errors} from "../libraries/Errors.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {Contest, Controller, HandOver, Revocation, Speaker} from "../types/ConsentTypes.sol";
import {Gateway, GatewayStatus} from "../types/GatewayTypes.sol";
import {ConsentSlots} from "./ConsentSlots.sol";

/// @title HandOvers
/// @notice Provisional subjects: what their custodian and the holder of their code may do, and how a person takes over.
abstract contract HandOvers is ConsentSlots {
    bytes32 public constant HAND_OVER_TYPEHASH = keccak256(
        "HandOver(uint256 dataset,address subject,address controller,uint40 nonce,uint40 validUntil)"
    );
    bytes32 public constant CONTEST_TYPEHASH = keccak256(
        "Contest(uint256 dataset,address subject,uint40 nonce)"
    );
    bytes32 public constant PROVISIONAL_TYPEHASH = keccak256(
        "ProvisionalSubject(uint256 dataset,address codeKey)"
    );

    IAssetRegistry public immutable assets;
    IGatewayRegistry public immutable gateways;
    uint32 public immutable handOverDelay;

    constructor(IAssetRegistry assets_, IGatewayRegistry gateways_, uint32 handOverDelay_) {
        assets = assets_;
        gateways = gateways_;
        handOverDelay = handOverDelay_;
    }

    /// @inheritdoc IConsentRegistry
    function handOver(
        HandOver calldata h,
        address codeKey,
        bytes calldata codeSignature,
        bytes calldata custodianSignature
    ) external {
        // Check: a provisional subject without a controller, the next hand-over, in time.
        _checkProvisional(h.dataset, h.subject, codeKey);
        Controller storage controller = _controllers[h.dataset][h.subject];
        if (controller.account != address(0)) {
            revert Errors.ConsentRegistry_ControllerNamed(h.subject, controller.account);
        }
        if (h.nonce != controller.nonce) {
            revert Errors.ConsentRegistry_NonceMismatch(controller.nonce, h.nonce);
        }
        if (block.timestamp > h.validUntil) revert Errors.ConsentRegistry_TooLate(h.validUntil);
        // Check: both agree, and neither of them takes over: the letter is paper, the custodian somebody else.
        Gateway memory custodian = _custodianOf(h.dataset);
        if (
            h.controller == address(0) ||
            h.controller == codeKey ||
            h.controller == h.subject ||
            _isCustodians(custodian, h.controller)
        ) revert Errors.ConsentRegistry_ControllerInvalid(h.controller);
        bytes32 digest = hashHandOver(h);
        if (!_says(codeKey, digest, codeSignature)) revert Errors.ConsentRegistry_SignatureInvalid(codeKey);
        if (!_custodianSays(custodian, digest, custodianSignature)) {
            revert Errors.ConsentRegistry_NotCustodian(h.dataset);
        }
        // Effect
        uint40 inForceFrom = uint40(block.timestamp + handOverDelay);
        _controllers[h.dataset][h.subject] = Controller(h.controller, inForceFrom, h.nonce + 1, true);
        emit HandOverProposed(h.dataset, h.subject, h.controller, codeKey, h.nonce, inForceFrom);
    }

    /// @inheritdoc IConsentRegistry
    function contest(Contest calldata c, address codeKey, bytes calldata signature) external {
        // Check: this hand-over, not yet in force.
        Controller storage controller = _controllers[c.dataset][c.subject];
        address account = controller.account;
        if (
            account == address(0) ||
            block.timestamp >= controller.inForceFrom ||
            c.nonce != controller.nonce - 1
        ) {
            revert Errors.ConsentRegistry_NothingToContest(c.subject, c.nonce);
        }
        bytes32 digest = hashContest(c);
        Speaker speaker = _checkCodeOrCustodian(c.dataset, c.subject, codeKey, digest, signature);
        // Effect
        controller.account = address(0);
        controller.inForceFrom = 0;
        emit HandOverContested(c.dataset, c.subject, account, c.nonce, speaker);
    }

    /// @inheritdoc IConsentRegistry
    function revokeProvisional(Revocation calldata r, address codeKey, bytes calldata signature) external {
        // Check: nobody is there yet who decides for themself.
        address controller = _controllerInForce(r.dataset, r.subject);
        if (controller != address(0)) {
            revert Errors.ConsentRegistry_ControllerNamed(r.subject, controller);
        }
        _checkReach(r);
        bytes32 digest = hashRevocation(r);
        Speaker speaker = _checkCodeOrCustodian(r.dataset, r.subject, codeKey, digest, signature);
        // Effect
        _denyProvisional(r.dataset, r.subject, _above(r.maxNonce, 1), speaker);
    }

    /// @inheritdoc IConsentRegistry
    function revokeProvisionalBatch(uint256 dataset, address[] calldata codeKeys) external {
        if (!_isCustodians(_custodianOf(dataset), msg.sender)) {
            revert Errors.ConsentRegistry_NotCustodian(dataset);
        }
        for (uint256 i = 0; i < codeKeys.length; ++i) {
            address subject = provisionalOf(dataset, codeKeys[i]);
            if (_controllerInForce(dataset, subject) != address(0)) {
                emit ItemSkipped(i, Errors.ConsentRegistry_ControllerNamed.selector);
            } else {
                uint40 nonce = _above(_slots[dataset][subject].nonce, REVOCATION_STEP);
                _denyProvisional(dataset, subject, nonce, Speaker.Custodian);
            }
        }
    }

    /*//////////////////////////////////////////////////////////////
                                 VIEWS
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IConsentRegistry
    function provisionalOf(uint256 dataset, address codeKey) public pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode(PROVISIONAL_TYPEHASH, dataset, codeKey)))));
    }

    /// @inheritdoc IConsentRegistry
    function controllerOf(uint256 dataset, address subject) external view returns (address) {
        return _controllers[dataset][subject].proven ? _controllerInForce(dataset, subject) : subject;
    }

    /// @inheritdoc IConsentRegistry
    function handOverOf(uint256 dataset, address subject) external view returns (Controller memory) {
        return _controllers[dataset][subject];
    }

    /// @inheritdoc IConsentRegistry
    function hashHandOver(HandOver calldata h) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(HAND_OVER_TYPEHASH, h)));
    }

    /// @inheritdoc IConsentRegistry
    function hashContest(Contest calldata c) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(CONTEST_TYPEHASH, c)));
    }

    /*//////////////////////////////////////////////////////////////
                                INTERNAL
    //////////////////////////////////////////////////////////////*/

    function _denyProvisional(uint256 dataset, address subject, uint40 nonce, Speaker speaker) private {
        Controller storage controller = _controllers[dataset][subject];
        if (!controller.proven) controller.proven = true;
        _deny(dataset, subject, nonce);
        emit SpokenFor(dataset, subject, speaker, msg.sender, nonce);
    }

    /// @dev The code first: its holder depends on no other contract.
    function _checkCodeOrCustodian(
        uint256 dataset,
        address subject,
        address codeKey,
        bytes32 digest,
        bytes calldata signature
    ) private view returns (Speaker) {
        _checkProvisional(dataset, subject, codeKey);
        if (_isSender(codeKey, signature) || Signatures.isKeys(codeKey, digest, signature))
            return Speaker.Code;
        if (!_custodianSays(_custodianOf(dataset), digest, signature)) {
            revert Errors.ConsentRegistry_NotCustodian(dataset);
        }
        return Speaker.Custodian;
    }

    function _checkProvisional(uint256 dataset, address subject, address codeKey) private pure {
        if (provisionalOf(dataset, codeKey) != subject) {
            revert Errors.ConsentRegistry_NotProvisional(subject, codeKey);
        }
    }

    function _custodianOf(uint256 dataset) internal view returns (Gateway memory) {
        return gateways.gatewayOf(assets.cfgOf(dataset).custodian);
    }

    /// @dev A removed gateway's operator still speaks for what it keeps; its signer does not.
    function _isCustodians(Gateway memory custodian, address key) internal pure returns (bool) {
        if (key == custodian.operator) return true;
        return key == custodian.signer && custodian.status == GatewayStatus.Active;
    }

    function _custodianSays(
        Gateway memory custodian,
        bytes32 digest,
        bytes calldata signature
    ) internal view returns (bool) {
        if (_says(custodian.operator, digest, signature)) return true;
        return custodian.status == GatewayStatus.Active && _says(custodian.signer, digest, signature);
    }
}
