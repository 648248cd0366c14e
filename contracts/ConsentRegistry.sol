// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IConsentRegistry} from "./interfaces/IConsentRegistry.sol";
import {Errors} from "./libraries/Errors.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {ConsentSlot, Grant, Revocation} from "./types/ConsentTypes.sol";

/// @title ConsentRegistry
/// @notice See `IConsentRegistry`, which holds the rules.
contract ConsentRegistry is IConsentRegistry, EIP712 {
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

    mapping(uint256 dataset => mapping(address subject => ConsentSlot)) private _slots;

    constructor() EIP712("Salus ConsentRegistry", "1") {}

    /*//////////////////////////////////////////////////////////////
                                 GRANT
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IConsentRegistry
    function grant(Grant calldata g) external {
        if (msg.sender != g.subject) revert Errors.ConsentRegistry_NotSubject(g.subject, msg.sender);
        uint40 nonce = _slots[g.dataset][g.subject].nonce;
        if (!_isNext(nonce, g.nonce)) revert Errors.ConsentRegistry_NonceMismatch(nonce, g.nonce);
        _write(g.dataset, g.subject, g.purposes, g.expiry, g.modes, nonce + 1, true);
    }

    /// @inheritdoc IConsentRegistry
    function grantBySig(Grant calldata g, bytes calldata signature) external {
        uint40 nonce = _slots[g.dataset][g.subject].nonce;
        if (!_isNext(nonce, g.nonce)) revert Errors.ConsentRegistry_NonceMismatch(nonce, g.nonce);
        if (!_signed(g.subject, hashGrant(g), signature))
            revert Errors.ConsentRegistry_SignatureInvalid(g.subject);
        _write(g.dataset, g.subject, g.purposes, g.expiry, g.modes, nonce + 1, true);
    }

    /// @inheritdoc IConsentRegistry
    function grantBatch(Grant[] calldata grants, bytes[] calldata signatures) external {
        _checkLengths(grants.length, signatures.length);
        for (uint256 i = 0; i < grants.length; ++i) {
            Grant calldata g = grants[i];
            uint40 nonce = _slots[g.dataset][g.subject].nonce;
            if (!_isNext(nonce, g.nonce)) {
                emit ItemSkipped(i, Errors.ConsentRegistry_NonceMismatch.selector);
            } else if (!_signed(g.subject, hashGrant(g), signatures[i])) {
                emit ItemSkipped(i, Errors.ConsentRegistry_SignatureInvalid.selector);
            } else {
                _write(g.dataset, g.subject, g.purposes, g.expiry, g.modes, nonce + 1, true);
            }
        }
    }

    /*//////////////////////////////////////////////////////////////
                                 REVOKE
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IConsentRegistry
    function revoke(uint256 dataset) external {
        uint40 nonce = _slots[dataset][msg.sender].nonce;
        _write(dataset, msg.sender, 0, 0, 0, _above(nonce, REVOCATION_STEP), false);
    }

    /// @inheritdoc IConsentRegistry
    function revokeBySig(Revocation calldata r, bytes calldata signature) external {
        uint40 nonce = _slots[r.dataset][r.subject].nonce;
        if (!_withinReach(nonce, r.maxNonce))
            revert Errors.ConsentRegistry_NonceOutOfReach(nonce, r.maxNonce);
        if (!_signed(r.subject, hashRevocation(r), signature)) {
            revert Errors.ConsentRegistry_SignatureInvalid(r.subject);
        }
        _write(r.dataset, r.subject, 0, 0, 0, _above(r.maxNonce, 1), false);
    }

    /// @inheritdoc IConsentRegistry
    function revokeBatch(Revocation[] calldata revocations, bytes[] calldata signatures) external {
        _checkLengths(revocations.length, signatures.length);
        for (uint256 i = 0; i < revocations.length; ++i) {
            Revocation calldata r = revocations[i];
            if (!_withinReach(_slots[r.dataset][r.subject].nonce, r.maxNonce)) {
                emit ItemSkipped(i, Errors.ConsentRegistry_NonceOutOfReach.selector);
            } else if (!_signed(r.subject, hashRevocation(r), signatures[i])) {
                emit ItemSkipped(i, Errors.ConsentRegistry_SignatureInvalid.selector);
            } else {
                _write(r.dataset, r.subject, 0, 0, 0, _above(r.maxNonce, 1), false);
            }
        }
    }

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
                                INTERNAL
    //////////////////////////////////////////////////////////////*/

    function _write(
        uint256 dataset,
        address subject,
        uint128 purposes,
        uint40 expiry,
        uint8 modes,
        uint40 nonce,
        bool granted
    ) private {
        uint40 changedAt = uint40(block.number);
        _slots[dataset][subject] = ConsentSlot(purposes, expiry, modes, nonce, changedAt);
        emit ConsentChanged(dataset, subject, granted, purposes, expiry, modes, nonce, changedAt);
    }

    /// @dev The last nonce takes no grant: it is where revocations end up that ran out of nonces.
    function _isNext(uint40 nonce, uint40 given) private pure returns (bool) {
        return given == nonce && nonce != type(uint40).max;
    }

    /// @dev Stops at the last nonce instead of overflowing, so that a revocation never fails.
    function _above(uint40 nonce, uint40 step) private pure returns (uint40) {
        return nonce > type(uint40).max - step ? type(uint40).max : nonce + step;
    }

    function _withinReach(uint40 nonce, uint40 maxNonce) private pure returns (bool) {
        return maxNonce >= nonce && maxNonce - nonce <= REVOCATION_REACH;
    }

    function _signed(address subject, bytes32 digest, bytes calldata signature) private view returns (bool) {
        return Signatures.isValid(subject, digest, signature);
    }

    function _checkLengths(uint256 items, uint256 signatures) private pure {
        if (items != signatures) revert Errors.ConsentRegistry_LengthMismatch(items, signatures);
    }
}
