// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";
import {Errors} from "../libraries/Errors.sol";
import {Modes} from "../libraries/Modes.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {ConsentSlot, Controller, Grant, Revocation} from "../types/ConsentTypes.sol";

/// @title ConsentSlots
/// @notice The slots, their nonces, and whose word counts as the subject's own.
/// @dev Asks no other contract of the protocol: what a person writes themself depends on this storage alone.
abstract contract ConsentSlots is IConsentRegistry, EIP712 {
    bytes32 public constant GRANT_TYPEHASH = keccak256(
        "Grant(uint256 dataset,address subject,uint128 purposes,uint40 expiry,uint8 modes,uint40 nonce)"
    );
    bytes32 public constant REVOCATION_TYPEHASH = keccak256(
        "Revocation(uint256 dataset,address subject,uint40 maxNonce)"
    );

    /// @notice How far a direct revocation raises the nonce.
    uint40 public constant REVOCATION_STEP = 1 << 16;
    /// @notice How far above the current nonce a signed revocation may reach.
    uint40 public constant REVOCATION_REACH = 1 << 20;

    mapping(uint256 dataset => mapping(address subject => ConsentSlot)) internal _slots;
    mapping(uint256 dataset => mapping(address subject => Controller)) internal _controllers;

    /*//////////////////////////////////////////////////////////////
                                 VIEWS
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IConsentRegistry
    function slotOf(uint256 dataset, address subject) external view returns (ConsentSlot memory) {
        return _slots[dataset][subject];
    }

    /// @inheritdoc IConsentRegistry
    function slotsOf(
        uint256 dataset,
        address[] calldata subjects
    ) external view returns (ConsentSlot[] memory slots) {
        slots = new ConsentSlot[](subjects.length);
        for (uint256 i = 0; i < subjects.length; ++i) slots[i] = _slots[dataset][subjects[i]];
    }

    /// @inheritdoc IConsentRegistry
    function hashGrant(Grant calldata g) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(GRANT_TYPEHASH, g)));
    }

    /// @inheritdoc IConsentRegistry
    function hashRevocation(Revocation calldata r) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(REVOCATION_TYPEHASH, r)));
    }

    /*//////////////////////////////////////////////////////////////
                               WHOSE WORD
    //////////////////////////////////////////////////////////////*/

    /// @dev Zero while there is none in force.
    function _controllerInForce(uint256 dataset, address subject) internal view returns (address) {
        Controller storage controller = _controllers[dataset][subject];
        return block.timestamp < controller.inForceFrom ? address(0) : controller.account;
    }

    /// @dev Who signs for a subject: its controller, else itself.
    function _personOf(uint256 dataset, address subject) internal view returns (address) {
        address controller = _controllerInForce(dataset, subject);
        return controller == address(0) ? subject : controller;
    }

    /// @dev The subject's own key first: it has no controller then, and nothing more is read.
    function _isPersons(
        uint256 dataset,
        address subject,
        bytes32 digest,
        bytes calldata signature,
        uint256 gasLimit
    ) internal view returns (bool) {
        if (Signatures.isKeys(subject, digest, signature)) return true;
        address person = _personOf(dataset, subject);
        if (person != subject && Signatures.isKeys(person, digest, signature)) return true;
        return Signatures.isContracts(person, digest, signature, gasLimit);
    }

    function _checkPersons(
        uint256 dataset,
        address subject,
        bytes32 digest,
        bytes calldata signature
    ) internal view {
        if (!_isPersons(dataset, subject, digest, signature, Signatures.ALL_GAS)) {
            revert Errors.ConsentRegistry_SignatureInvalid(subject);
        }
    }

    /// @dev Whoever sends without a signature speaks for themself. With one, the signature speaks, whoever sends: so
    /// nobody takes a relayer, who may be a custodian, for the one who spoke.
    function _says(address who, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        return _isSender(who, signature) || Signatures.isValid(who, digest, signature);
    }

    function _isSender(address who, bytes calldata signature) internal view returns (bool) {
        return signature.length == 0 && msg.sender == who;
    }

    /*//////////////////////////////////////////////////////////////
                                 SLOTS
    //////////////////////////////////////////////////////////////*/

    function _grant(Grant calldata g, uint40 nonce) internal {
        _write(g.dataset, g.subject, g.purposes, g.expiry, g.modes, nonce + 1, true);
    }

    function _deny(uint256 dataset, address subject, uint40 nonce) internal {
        _write(dataset, subject, 0, 0, 0, nonce, false);
    }

    function _write(
        uint256 dataset,
        address subject,
        uint128 purposes,
        uint40 expiry,
        uint8 modes,
        uint40 nonce,
        bool granted
    ) internal {
        uint40 changedAt = uint40(block.number);
        _slots[dataset][subject] = ConsentSlot(purposes, expiry, modes, nonce, changedAt);
        emit ConsentChanged(dataset, subject, granted, purposes, expiry, modes, nonce, changedAt);
    }

    /// @dev What one person signs alone never says that two did.
    function _checkOnePerson(Grant calldata g) internal pure {
        if (g.modes & Modes.TWO_PERSON != 0) revert Errors.ConsentRegistry_TwoPersonNeeded();
    }

    /// @dev The exact nonce of the slot, which a grant must carry.
    function _checkNonce(Grant calldata g) internal view returns (uint40 nonce) {
        nonce = _slots[g.dataset][g.subject].nonce;
        if (!_isNext(nonce, g.nonce)) revert Errors.ConsentRegistry_NonceMismatch(nonce, g.nonce);
    }

    function _checkReach(Revocation calldata r) internal view {
        uint40 nonce = _slots[r.dataset][r.subject].nonce;
        if (!_withinReach(nonce, r.maxNonce)) {
            revert Errors.ConsentRegistry_NonceOutOfReach(nonce, r.maxNonce);
        }
    }

    /// @dev The last nonce takes no grant: it is where revocations end up that ran out of nonces.
    function _isNext(uint40 nonce, uint40 given) internal pure returns (bool) {
        return given == nonce && nonce != type(uint40).max;
    }

    /// @dev Stops at the last nonce instead of overflowing, so that a revocation never fails.
    function _above(uint40 nonce, uint40 step) internal pure returns (uint40) {
        return nonce > type(uint40).max - step ? type(uint40).max : nonce + step;
    }

    function _withinReach(uint40 nonce, uint40 maxNonce) internal pure returns (bool) {
        return maxNonce >= nonce && maxNonce - nonce <= REVOCATION_REACH;
    }
}
