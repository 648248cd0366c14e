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
import {SumTree} from "./libraries/SumTree.sol";
import {RewardRoots} from "./rewards/RewardRoots.sol";
import {Claim, OwnClaim, RelayedClaim, RewardLeaf, RewardProof} from "./types/RewardTypes.sol";

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
            RewardProof calldata proof = c.proof;
            // Check
            address subject = proof.leaf.subject;
            // An address that sends has a key or code, so it is not a provisional subject and nobody else controls it.
            if (msg.sender != subject && consents.controllerOf(c.dataset, subject) != msg.sender) {
                revert Errors.ContributorRewards_NotController(subject, msg.sender);
            }
            Account storage account = _accounts[c.dataset][c.token];
            uint128 amount = _checkOwed(account, proof, type(uint128).max);
            // Effect
            _book(account, subject, amount);
            emit Claimed(c.dataset, c.token, subject, msg.sender, amount);
            // Interaction
            IERC20(c.token).safeTransfer(msg.sender, amount);
        }
    }

    /// @inheritdoc IContributorRewards
    function claimBySig(Claim calldata c, RewardProof calldata proof, bytes calldata signature) external {
        // Check
        if (block.timestamp > c.deadline) revert Errors.ContributorRewards_Expired(c.deadline);
        if (c.to == address(0)) revert Errors.ContributorRewards_AddressZero();
        if (proof.leaf.subject != c.subject) revert Errors.ContributorRewards_ProofInvalid(proof.index);
        Account storage account = _accounts[c.dataset][c.token];
        uint128 amount = _checkOwed(account, proof, c.upTo);
        if (!_isSigned(c.dataset, c.subject, hashClaim(c), signature, Signatures.ALL_GAS)) {
            revert Errors.ContributorRewards_SignatureInvalid(c.subject);
        }
        // Effect
        _book(account, c.subject, amount);
        emit Claimed(c.dataset, c.token, c.subject, c.to, amount);
        // Interaction
        IERC20(c.token).safeTransfer(c.to, amount);
    }

    /// @inheritdoc IContributorRewards
    function claimBatch(
        uint256 dataset,
        address token,
        bytes calldata tops,
        RelayedClaim[] calldata claims
    ) external {
        Account storage account = _accounts[dataset][token];
        Target memory target = _target(account);
        // Check: the upper nodes are the claimable root's. From here on the target's depth is that below them.
        if (!_isTop(target, tops)) revert Errors.ContributorRewards_TopsInvalid(dataset, token);
        for (uint256 i = 0; i < claims.length; ++i) {
            bytes4 reason =
                _isUnder(tops, target, claims[i])
                    ? _relay(account, target.total, dataset, token, claims[i])
                    : Errors.ContributorRewards_ProofInvalid.selector;
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
        Account storage account = _accounts[dataset][token];
        uint128 amount = _checkOwed(account, proof, proof.leaf.lapsed);
        // Effect
        _book(account, subject, amount);
        emit Swept(dataset, token, subject, amount);
        // Interaction
        IERC20(token).safeTransfer(commons, amount);
    }

    /*//////////////////////////////////////////////////////////////
                                 VIEWS
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IContributorRewards
    function claimedOf(uint256 dataset, address token, address subject) external view returns (uint256) {
        return _accounts[dataset][token].paid[subject];
    }

    /// @inheritdoc IContributorRewards
    function hashClaim(Claim calldata c) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(CLAIM_TYPEHASH, c)));
    }

    /*//////////////////////////////////////////////////////////////
                                INTERNAL
    //////////////////////////////////////////////////////////////*/

    /// @dev What a placed leaf has not been paid yet, up to a cumulative amount; reverts if there is nothing.
    function _checkOwed(
        Account storage account,
        RewardProof calldata proof,
        uint128 upTo
    ) private view returns (uint128 amount) {
        Target memory target = _target(account);
        if (!_isPlaced(target, proof)) revert Errors.ContributorRewards_ProofInvalid(proof.index);
        bytes4 reason;
        (amount, reason) = _owed(account, target.total, proof.leaf, upTo);
        if (reason == Errors.ContributorRewards_NothingToClaim.selector) {
            revert Errors.ContributorRewards_NothingToClaim(proof.leaf.subject);
        }
        if (reason != 0) revert Errors.ContributorRewards_TotalExceeded(proof.leaf.subject);
    }

    /// @dev What a leaf has not been paid yet, or the selector of the error that refuses it.
    function _owed(
        Account storage account,
        uint256 total,
        RewardLeaf calldata leaf,
        uint128 upTo
    ) private view returns (uint128, bytes4) {
        uint256 limit = leaf.cumulative < upTo ? leaf.cumulative : upTo;
        uint256 paid = account.paid[leaf.subject];
        if (limit <= paid) return (0, Errors.ContributorRewards_NothingToClaim.selector);
        // A tree with one subject in two places must not pay out more than it says in all.
        if (account.claimed + (limit - paid) > total) {
            return (0, Errors.ContributorRewards_TotalExceeded.selector);
        }
        return (uint128(limit - paid), 0);
    }

    /// @dev Pays one claim of a batch, or says why not. The leaf is placed.
    function _relay(
        Account storage account,
        uint256 total,
        uint256 dataset,
        address token,
        RelayedClaim calldata c
    ) private returns (bytes4) {
        // Check
        if (block.timestamp > c.deadline) return Errors.ContributorRewards_Expired.selector;
        if (c.to == address(0)) return Errors.ContributorRewards_AddressZero.selector;
        (uint128 amount, bytes4 reason) = _owed(account, total, c.leaf, c.upTo);
        if (reason != 0) return reason;
        address subject = c.leaf.subject;
        bytes32 digest = _hashTypedDataV4(
            keccak256(abi.encode(CLAIM_TYPEHASH, dataset, token, subject, c.to, c.upTo, c.deadline))
        );
        if (!_isSigned(dataset, subject, digest, c.signature, CONTRACT_SIGNATURE_GAS)) {
            return Errors.ContributorRewards_SignatureInvalid.selector;
        }
        // Effect
        _book(account, subject, amount);
        // Interaction: a token that refuses the receiver must not stop the others.
        if (IERC20(token).trySafeTransfer(c.to, amount)) {
            emit Claimed(dataset, token, subject, c.to, amount);
            return 0;
        }
        // Effect: as if it had not been tried.
        account.paid[subject] -= amount;
        account.claimed -= amount;
        return Errors.ContributorRewards_TransferRefused.selector;
    }

    /// @dev Whether the nodes are a level of the target's tree; then its depth becomes that below them.
    function _isTop(Target memory target, bytes calldata tops) private pure returns (bool) {
        (bytes32 hash, uint256 sum) = SumTree.fold(tops);
        uint256 above = SumTree.depthOf(tops.length / SumTree.NODE_BYTES);
        if (hash == 0 || hash != target.hash || sum != target.total || above > target.depth) return false;
        target.depth -= above;
        return true;
    }

    /// @dev Whether a claim's leaf stands under its node of the batch's upper nodes.
    function _isUnder(
        bytes calldata tops,
        Target memory target,
        RelayedClaim calldata c
    ) private pure returns (bool) {
        uint256 index = c.index;
        if (index >= target.count) return false;
        uint256 levels = target.depth;
        (bytes32 hash, uint256 sum) = SumTree.nodeAt(tops, index >> levels);
        return
            SumTree.verify(
                hash,
                sum,
                SumTree.hashLeaf(c.leaf),
                c.leaf.cumulative,
                index & ((1 << levels) - 1),
                levels,
                c.siblings
            );
    }

    /// @dev The subject's own key first: whoever signs with it has it, so the subject is not a provisional one and nobody
    /// else controls it.
    function _isSigned(
        uint256 dataset,
        address subject,
        bytes32 digest,
        bytes calldata signature,
        uint256 gasLimit
    ) private view returns (bool) {
        (address recovered, ECDSA.RecoverError failure, ) = ECDSA.tryRecoverCalldata(digest, signature);
        bool isKeys = failure == ECDSA.RecoverError.NoError;
        if (isKeys && recovered == subject) return true;
        address controller = consents.controllerOf(dataset, subject);
        if (controller == address(0)) return false;
        return
            (isKeys && recovered == controller) ||
            Signatures.isContracts(controller, digest, signature, gasLimit);
    }

    function _book(Account storage account, address subject, uint128 amount) private {
        account.paid[subject] += amount;
        account.claimed += amount;
    }
}
