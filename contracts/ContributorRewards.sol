// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IAssetRegistry} from "./interfaces/IAssetRegistry.sol";
import {IConsentRegistry} from "./interfaces/IConsentRegistry.sol";
import {IContributorRewards} from "./interfaces/IContributorRewards.sol";
import {IGatewayRegistry} from "./interfaces/IGatewayRegistry.sol";
import {Errors} from "./libraries/Errors.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {RewardRoots} from "./rewards/RewardRoots.sol";
import {Claim, HeldRoot, OwnClaim, RewardProof} from "./types/RewardTypes.sol";

/// @title ContributorRewards
/// @notice See `IContributorRewards`, which holds the rules.
contract ContributorRewards is RewardRoots {
    using SafeERC20 for IERC20;

    bytes32 public constant CLAIM_TYPEHASH = keccak256(
        "Claim(uint256 dataset,address token,address subject,address to,uint128 upTo,uint40 deadline)"
    );
    /// @notice Gas that a contract account gets to check its signature within a batch: one must not starve the others.
    uint256 public constant CONTRACT_SIGNATURE_GAS = 100_000;

    IConsentRegistry public immutable consents;
    /// @notice Where lapsed money goes.
    address public immutable commons;
    /// @notice Seconds after which money lapses that nobody controls. Gateways apply it when they build a root.
    uint32 public immutable lapsePeriod;

    mapping(uint256 dataset => mapping(address token => mapping(address subject => uint256)))
        private _claimed;

    constructor(
        IAssetRegistry assets_,
        IGatewayRegistry gateways_,
        IConsentRegistry consents_,
        address commons_,
        Windows memory windows
    ) EIP712("Salus ContributorRewards", "1") RewardRoots(assets_, gateways_, windows) {
        consents = consents_;
        commons = commons_;
        lapsePeriod = windows.lapse;
    }

    /*//////////////////////////////////////////////////////////////
                                 CLAIM
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IContributorRewards
    function claim(OwnClaim[] calldata claims) external {
        for (uint256 i = 0; i < claims.length; ++i) {
            OwnClaim calldata c = claims[i];
            // Check
            address subject = c.proof.leaf.subject;
            // An address that sends has a key or code, so it is not a provisional subject and nobody else controls it.
            if (msg.sender != subject && consents.controllerOf(c.dataset, subject) != msg.sender) {
                revert Errors.ContributorRewards_NotController(subject, msg.sender);
            }
            (uint128 amount, bytes4 reason) = _owed(c.dataset, c.token, c.proof, type(uint128).max);
            if (reason != 0) _refuse(reason, c.proof);
            // Effect
            _book(c.dataset, c.token, subject, msg.sender, amount);
            // Interaction
            IERC20(c.token).safeTransfer(msg.sender, amount);
        }
    }

    /// @inheritdoc IContributorRewards
    function claimBySig(Claim calldata c, RewardProof calldata proof, bytes calldata signature) external {
        // Check
        (uint128 amount, bytes4 reason) = _payable(c, proof, signature, Signatures.ALL_GAS);
        if (reason == Errors.ContributorRewards_Expired.selector) {
            revert Errors.ContributorRewards_Expired(c.deadline);
        }
        if (reason != 0) _refuse(reason, proof);
        // Effect
        _book(c.dataset, c.token, c.subject, c.to, amount);
        // Interaction
        IERC20(c.token).safeTransfer(c.to, amount);
    }

    /// @inheritdoc IContributorRewards
    function claimBatch(
        Claim[] calldata claims,
        RewardProof[] calldata proofs,
        bytes[] calldata signatures
    ) external {
        if (claims.length != proofs.length || claims.length != signatures.length) {
            revert Errors.ContributorRewards_LengthMismatch(claims.length, proofs.length, signatures.length);
        }
        for (uint256 i = 0; i < claims.length; ++i) {
            Claim calldata c = claims[i];
            (uint128 amount, bytes4 reason) = _payable(c, proofs[i], signatures[i], CONTRACT_SIGNATURE_GAS);
            if (reason == 0 && !_tryPay(c, amount)) {
                reason = Errors.ContributorRewards_TransferRefused.selector;
            }
            if (reason != 0) emit ClaimSkipped(i, reason);
        }
    }

    /*//////////////////////////////////////////////////////////////
                                 SWEEP
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IContributorRewards
    function sweep(uint256 dataset, address token, address codeKey, RewardProof calldata proof) external {
        // Check: nobody has a key for the subject, and nobody has taken it over or is about to.
        address subject = proof.leaf.subject;
        if (consents.provisionalOf(dataset, codeKey) != subject) {
            revert Errors.ContributorRewards_NotProvisional(subject, codeKey);
        }
        address controller = consents.handOverOf(dataset, subject).account;
        if (controller != address(0)) {
            revert Errors.ContributorRewards_ControllerNamed(subject, controller);
        }
        (uint128 amount, bytes4 reason) = _owed(dataset, token, proof, proof.leaf.lapsed);
        if (reason != 0) _refuse(reason, proof);
        // Effect
        _claimed[dataset][token][subject] += amount;
        _accounts[dataset][token].claimed += amount;
        emit Swept(dataset, token, subject, amount);
        // Interaction
        IERC20(token).safeTransfer(commons, amount);
    }

    /*//////////////////////////////////////////////////////////////
                                 VIEWS
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IContributorRewards
    function claimedOf(uint256 dataset, address token, address subject) external view returns (uint256) {
        return _claimed[dataset][token][subject];
    }

    /// @inheritdoc IContributorRewards
    function hashClaim(Claim calldata c) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(CLAIM_TYPEHASH, c)));
    }

    /*//////////////////////////////////////////////////////////////
                                INTERNAL
    //////////////////////////////////////////////////////////////*/

    /// @dev What a signed claim pays, or the selector of the error that refuses it.
    function _payable(
        Claim calldata c,
        RewardProof calldata proof,
        bytes calldata signature,
        uint256 gasLimit
    ) private view returns (uint128 amount, bytes4 reason) {
        if (block.timestamp > c.deadline) return (0, Errors.ContributorRewards_Expired.selector);
        if (c.to == address(0)) return (0, Errors.ContributorRewards_AddressZero.selector);
        if (proof.leaf.subject != c.subject) return (0, Errors.ContributorRewards_ProofInvalid.selector);
        (amount, reason) = _owed(c.dataset, c.token, proof, c.upTo);
        if (reason == 0 && !_isSigned(c, signature, gasLimit)) {
            reason = Errors.ContributorRewards_SignatureInvalid.selector;
        }
    }

    /// @dev What a subject has not been paid yet, up to a cumulative amount.
    function _owed(
        uint256 dataset,
        address token,
        RewardProof calldata proof,
        uint128 upTo
    ) private view returns (uint128, bytes4) {
        Account storage account = _accounts[dataset][token];
        HeldRoot memory root = _claimable(account);
        if (!_isPlaced(root, proof)) return (0, Errors.ContributorRewards_ProofInvalid.selector);
        uint256 limit = proof.leaf.cumulative < upTo ? proof.leaf.cumulative : upTo;
        uint256 claimed = _claimed[dataset][token][proof.leaf.subject];
        if (limit <= claimed) return (0, Errors.ContributorRewards_NothingToClaim.selector);
        // A tree with one subject in two places must not pay out more than it says in all.
        if (account.claimed + (limit - claimed) > root.total) {
            return (0, Errors.ContributorRewards_TotalExceeded.selector);
        }
        return (uint128(limit - claimed), 0);
    }

    /// @dev The subject's own key first: whoever signs with it has it, so the subject is not a provisional one and nobody
    /// else controls it.
    function _isSigned(
        Claim calldata c,
        bytes calldata signature,
        uint256 gasLimit
    ) private view returns (bool) {
        bytes32 digest = hashClaim(c);
        (address recovered, ECDSA.RecoverError failure, ) = ECDSA.tryRecoverCalldata(digest, signature);
        bool isKeys = failure == ECDSA.RecoverError.NoError;
        if (isKeys && recovered == c.subject) return true;
        address controller = consents.controllerOf(c.dataset, c.subject);
        if (controller == address(0)) return false;
        return
            (isKeys && recovered == controller) ||
            Signatures.isContracts(controller, digest, signature, gasLimit);
    }

    function _book(uint256 dataset, address token, address subject, address to, uint128 amount) private {
        _claimed[dataset][token][subject] += amount;
        _accounts[dataset][token].claimed += amount;
        emit Claimed(dataset, token, subject, to, amount);
    }

    /// @dev A token that refuses the receiver must not stop the others of a batch.
    function _tryPay(Claim calldata c, uint128 amount) private returns (bool paid) {
        // Effect
        _claimed[c.dataset][c.token][c.subject] += amount;
        _accounts[c.dataset][c.token].claimed += amount;
        // Interaction
        paid = IERC20(c.token).trySafeTransfer(c.to, amount);
        if (paid) {
            emit Claimed(c.dataset, c.token, c.subject, c.to, amount);
            return true;
        }
        // Effect: as if it had not been tried.
        _claimed[c.dataset][c.token][c.subject] -= amount;
        _accounts[c.dataset][c.token].claimed -= amount;
    }

    function _refuse(bytes4 reason, RewardProof calldata proof) private pure {
        address subject = proof.leaf.subject;
        if (reason == Errors.ContributorRewards_NothingToClaim.selector) {
            revert Errors.ContributorRewards_NothingToClaim(subject);
        }
        if (reason == Errors.ContributorRewards_SignatureInvalid.selector) {
            revert Errors.ContributorRewards_SignatureInvalid(subject);
        }
        if (reason == Errors.ContributorRewards_TotalExceeded.selector) {
            revert Errors.ContributorRewards_TotalExceeded(subject);
        }
        if (reason == Errors.ContributorRewards_AddressZero.selector) {
            revert Errors.ContributorRewards_AddressZero();
        }
        revert Errors.ContributorRewards_ProofInvalid(proof.index);
    }
}
