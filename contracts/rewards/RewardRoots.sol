// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IAssetRegistry} from "../interfaces/IAssetRegistry.sol";
import {IContributorRewards} from "../interfaces/IContributorRewards.sol";
import {IGatewayRegistry} from "../interfaces/IGatewayRegistry.sol";
import {Errors} from "../libraries/Errors.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {SumTree} from "../libraries/SumTree.sol";
import {TokensIn} from "../libraries/TokensIn.sol";
import {GatewaySignature} from "../types/OrderTypes.sol";
import {
    AvailabilityChallenge,
    HeldRoot,
    RewardLeaf,
    RewardProof,
    RewardRoot,
    RootFault,
    SumFault
} from "../types/RewardTypes.sol";

/// @title RewardRoots
/// @notice The roots of `IContributorRewards`: funded, posted, challenged.
abstract contract RewardRoots is IContributorRewards, EIP712 {
    using SafeCast for uint256;

    bytes32 public constant ROOT_TYPEHASH = keccak256(
        "RewardRoot(uint256 dataset,address token,uint40 epoch,bytes32 root,uint128 total,uint32 count,bytes32 leafFile)"
    );

    /// @notice Money and roots of one dataset in one token.
    /// @param active The root before the last
    /// @param last The last root posted: pending, or claimable once its window has passed
    /// @param paid What was claimed or swept of each subject's cumulative amount
    struct Account {
        uint128 funded;
        uint128 claimed;
        HeldRoot active;
        HeldRoot last;
        mapping(address subject => uint256) paid;
    }

    /// @notice What proofs lead to.
    struct Target {
        bytes32 hash;
        uint256 total;
        uint256 count;
        uint256 depth;
    }

    IAssetRegistry public immutable assets;
    IGatewayRegistry public immutable gateways;
    uint32 public immutable challengeWindow;
    uint32 public immutable answerWindow;
    uint128 public immutable bond;

    mapping(uint256 dataset => mapping(address token => Account)) internal _accounts;
    mapping(bytes32 demand => AvailabilityChallenge) private _demands;
    mapping(address account => uint256) private _bonds;

    constructor(IAssetRegistry assets_, IGatewayRegistry gateways_, Windows memory windows) {
        assets = assets_;
        gateways = gateways_;
        challengeWindow = windows.challenge;
        answerWindow = windows.answer;
        bond = windows.bond;
    }

    /*//////////////////////////////////////////////////////////////
                                 FUND
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IContributorRewards
    function fund(uint256 dataset, address token, uint256 amount) external {
        if (amount == 0) revert Errors.ContributorRewards_AmountZero();
        // Effect: undone as a whole if the tokens do not come.
        Account storage account = _accounts[dataset][token];
        account.funded = (account.funded + amount).toUint128();
        emit Funded(dataset, token, msg.sender, amount);
        // Interaction
        uint256 received = TokensIn.pull(IERC20(token), msg.sender, amount);
        if (received != amount) revert Errors.ContributorRewards_TokenDeltaMismatch(amount, received);
    }

    /*//////////////////////////////////////////////////////////////
                                 POST
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IContributorRewards
    function postRoot(RewardRoot calldata r, GatewaySignature[] calldata signatures) external {
        Account storage account = _accounts[r.dataset][r.token];
        HeldRoot storage last = account.last;
        // Check: a new epoch of the past, after the last root's window.
        if (r.epoch <= last.epoch || r.epoch >= block.number) {
            revert Errors.ContributorRewards_EpochOutOfRange(last.epoch, block.number, r.epoch);
        }
        if (r.root == 0 || r.count == 0) revert Errors.ContributorRewards_RootEmpty();
        bool claimable = _isClaimable(last);
        if (last.hash != 0 && !claimable) {
            revert Errors.ContributorRewards_RootPending(last.epoch, last.claimableAt);
        }
        // Check: nothing that is not there, and not less than before.
        if (r.total > account.funded) revert Errors.ContributorRewards_NotFunded(account.funded, r.total);
        uint128 previous = claimable ? last.total : account.active.total;
        if (r.total < previous) revert Errors.ContributorRewards_TotalDecreased(previous, r.total);
        uint16[] memory signers = _checkSigners(r, signatures);
        // Effect
        if (claimable) account.active = last;
        uint40 claimableAt = uint40(block.timestamp) + challengeWindow;
        account.last = HeldRoot(r.root, r.total, r.count, r.epoch, claimableAt, 0);
        emit RootPosted(
            r.dataset,
            r.token,
            r.epoch,
            r.root,
            r.total,
            r.count,
            r.leafFile,
            claimableAt,
            signers
        );
    }

    /*//////////////////////////////////////////////////////////////
                         CHALLENGES BY PROOF
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IContributorRewards
    function challengeDecrease(
        uint256 dataset,
        address token,
        RewardProof calldata before,
        RewardProof calldata pending
    ) external {
        Account storage account = _accounts[dataset][token];
        HeldRoot memory last = _pending(dataset, token, account);
        _checkProof(account.active, before);
        _checkProof(last, pending);
        RewardLeaf calldata was = before.leaf;
        RewardLeaf calldata is_ = pending.leaf;
        bool lower = is_.cumulative < was.cumulative || is_.lapsed < was.lapsed;
        if (was.subject != is_.subject || !lower) revert Errors.ContributorRewards_FaultNotShown();
        _void(dataset, token, account, RootFault.Decrease);
    }

    /// @inheritdoc IContributorRewards
    function challengeOmission(
        uint256 dataset,
        address token,
        RewardProof calldata before,
        RewardProof[] calldata neighbours
    ) external {
        Account storage account = _accounts[dataset][token];
        HeldRoot memory last = _pending(dataset, token, account);
        _checkProof(account.active, before);
        address subject = before.leaf.subject;
        bool omitted;
        if (neighbours.length == 1) {
            RewardProof calldata only = neighbours[0];
            _checkProof(last, only);
            omitted =
                (only.index == 0 && subject < only.leaf.subject) ||
                (only.index == last.count - 1 && subject > only.leaf.subject);
        } else if (neighbours.length == 2) {
            _checkNeighbours(last, neighbours[0], neighbours[1]);
            omitted = neighbours[0].leaf.subject < subject && subject < neighbours[1].leaf.subject;
        }
        if (!omitted) revert Errors.ContributorRewards_FaultNotShown();
        _void(dataset, token, account, RootFault.Omission);
    }

    /// @inheritdoc IContributorRewards
    function challengeDisorder(
        uint256 dataset,
        address token,
        RewardProof calldata first,
        RewardProof calldata second
    ) external {
        Account storage account = _accounts[dataset][token];
        _checkNeighbours(_pending(dataset, token, account), first, second);
        if (first.leaf.subject < second.leaf.subject) revert Errors.ContributorRewards_FaultNotShown();
        _void(dataset, token, account, RootFault.Disorder);
    }

    /// @inheritdoc IContributorRewards
    function challengeSum(uint256 dataset, address token, SumFault calldata fault) external {
        Account storage account = _accounts[dataset][token];
        HeldRoot memory last = _pending(dataset, token, account);
        uint256 depth = SumTree.depthOf(last.count);
        bool placed =
            fault.level <= depth &&
                fault.preimage.length == 96 &&
                SumTree.verify(
                    last.hash,
                    last.total,
                    fault.hash,
                    fault.sum,
                    fault.index,
                    depth - fault.level,
                    fault.siblings
                );
        if (!placed) revert Errors.ContributorRewards_ProofInvalid(fault.index);
        if (!(fault.level == 0 ? _isWrongLeaf(fault) : _isWrongSum(fault))) {
            revert Errors.ContributorRewards_FaultNotShown();
        }
        _void(dataset, token, account, RootFault.WrongSum);
    }

    /*//////////////////////////////////////////////////////////////
                             AVAILABILITY
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IContributorRewards
    function demandLeaf(uint256 dataset, address token, uint32 index) external payable {
        // Check
        if (msg.value != bond) revert Errors.ContributorRewards_BondMismatch(bond, msg.value);
        HeldRoot storage last = _accounts[dataset][token].last;
        if (last.hash == 0) revert Errors.ContributorRewards_NothingPending(dataset, token);
        if (block.timestamp >= last.claimableAt) {
            revert Errors.ContributorRewards_TooLate(last.claimableAt);
        }
        if (index >= last.count) revert Errors.ContributorRewards_IndexOutside(last.count, index);
        AvailabilityChallenge storage demand = _demands[_key(dataset, token, last.epoch, index)];
        // A leaf that was shown once is public: it need not be shown again.
        if (demand.answerBy != 0) revert Errors.ContributorRewards_DemandKnown(index);
        // Effect
        last.challenges += 1;
        demand.challenger = msg.sender;
        demand.answerBy = uint40(block.timestamp) + answerWindow;
        emit LeafDemanded(dataset, token, last.epoch, index, msg.sender, demand.answerBy);
    }

    /// @inheritdoc IContributorRewards
    function showLeaf(uint256 dataset, address token, RewardProof calldata proof) external {
        HeldRoot storage last = _accounts[dataset][token].last;
        // Check
        AvailabilityChallenge storage demand = _openDemand(dataset, token, last.epoch, proof.index);
        if (block.timestamp > demand.answerBy) revert Errors.ContributorRewards_TooLate(demand.answerBy);
        _checkProof(last, proof);
        // Effect
        demand.challenger = address(0);
        last.challenges -= 1;
        _bonds[msg.sender] += bond;
        emit LeafShown(dataset, token, last.epoch, proof.index, msg.sender, proof.leaf);
    }

    /// @inheritdoc IContributorRewards
    function voidUnshown(uint256 dataset, address token, uint32 index) external {
        Account storage account = _accounts[dataset][token];
        // Check
        if (account.last.hash == 0) revert Errors.ContributorRewards_NothingPending(dataset, token);
        AvailabilityChallenge storage demand = _openDemand(dataset, token, account.last.epoch, index);
        if (block.timestamp <= demand.answerBy) {
            revert Errors.ContributorRewards_TooEarly(uint256(demand.answerBy) + 1);
        }
        // Effect
        _giveBack(demand);
        _void(dataset, token, account, RootFault.Unavailable);
    }

    /// @inheritdoc IContributorRewards
    function releaseBond(uint256 dataset, address token, uint40 epoch, uint32 index) external {
        HeldRoot storage last = _accounts[dataset][token].last;
        AvailabilityChallenge storage demand = _openDemand(dataset, token, epoch, index);
        // A demand of a standing root waits for its answer. No root becomes claimable, or makes place for another, while
        // one waits: so any other epoch's root has fallen.
        if (last.epoch == epoch && last.hash != 0) {
            revert Errors.ContributorRewards_RootPending(epoch, last.claimableAt);
        }
        _giveBack(demand);
    }

    /// @inheritdoc IContributorRewards
    function withdrawBonds(address to) external returns (uint256 amount) {
        amount = _bonds[msg.sender];
        if (amount == 0) revert Errors.ContributorRewards_NothingToWithdraw(msg.sender);
        // Effect
        _bonds[msg.sender] = 0;
        emit BondWithdrawn(msg.sender, to, amount);
        // Interaction
        Address.sendValue(payable(to), amount);
    }

    /*//////////////////////////////////////////////////////////////
                                 VIEWS
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IContributorRewards
    function accountOf(
        uint256 dataset,
        address token
    ) external view returns (uint128 funded, uint128 claimed) {
        Account storage account = _accounts[dataset][token];
        return (account.funded, account.claimed);
    }

    /// @inheritdoc IContributorRewards
    function claimableRoot(uint256 dataset, address token) external view returns (HeldRoot memory) {
        return _claimable(_accounts[dataset][token]);
    }

    /// @inheritdoc IContributorRewards
    function lastRoot(uint256 dataset, address token) external view returns (HeldRoot memory) {
        return _accounts[dataset][token].last;
    }

    /// @inheritdoc IContributorRewards
    function demandOf(
        uint256 dataset,
        address token,
        uint40 epoch,
        uint32 index
    ) external view returns (AvailabilityChallenge memory) {
        return _demands[_key(dataset, token, epoch, index)];
    }

    /// @inheritdoc IContributorRewards
    function bondOf(address account) external view returns (uint256) {
        return _bonds[account];
    }

    /// @inheritdoc IContributorRewards
    function hashRoot(RewardRoot calldata r) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(ROOT_TYPEHASH, r)));
    }

    /*//////////////////////////////////////////////////////////////
                                INTERNAL
    //////////////////////////////////////////////////////////////*/

    /// @dev A root becomes claimable by time alone; nobody has to say so.
    function _isClaimable(HeldRoot storage root) internal view returns (bool) {
        return root.hash != 0 && block.timestamp >= root.claimableAt && root.challenges == 0;
    }

    function _claimable(Account storage account) internal view returns (HeldRoot storage) {
        return _isClaimable(account.last) ? account.last : account.active;
    }

    /// @dev The claimable root, read once.
    function _target(Account storage account) internal view returns (Target memory) {
        HeldRoot storage root = _claimable(account);
        return Target(root.hash, root.total, root.count, SumTree.depthOf(root.count));
    }

    function _isPlaced(Target memory target, RewardProof calldata proof) internal pure returns (bool) {
        return
            proof.index < target.count &&
            SumTree.verify(
                target.hash,
                target.total,
                SumTree.hashLeaf(proof.leaf),
                proof.leaf.cumulative,
                proof.index,
                target.depth,
                proof.siblings
            );
    }

    /// @dev The root that can still be challenged.
    function _pending(
        uint256 dataset,
        address token,
        Account storage account
    ) private view returns (HeldRoot memory last) {
        last = account.last;
        if (last.hash == 0) revert Errors.ContributorRewards_NothingPending(dataset, token);
        if (_isClaimable(account.last)) revert Errors.ContributorRewards_TooLate(last.claimableAt);
    }

    function _checkProof(HeldRoot memory root, RewardProof calldata proof) private pure {
        Target memory target = Target(root.hash, root.total, root.count, SumTree.depthOf(root.count));
        if (!_isPlaced(target, proof)) revert Errors.ContributorRewards_ProofInvalid(proof.index);
    }

    function _checkNeighbours(
        HeldRoot memory root,
        RewardProof calldata first,
        RewardProof calldata second
    ) private pure {
        _checkProof(root, first);
        _checkProof(root, second);
        if (uint256(first.index) + 1 != second.index) {
            revert Errors.ContributorRewards_NotNeighbours(first.index, second.index);
        }
    }

    function _isWrongLeaf(SumFault calldata fault) private pure returns (bool) {
        bytes32 hash = keccak256(bytes.concat(keccak256(fault.preimage)));
        if (hash != fault.hash) revert Errors.ContributorRewards_ProofInvalid(fault.index);
        uint256 cumulative = uint256(bytes32(fault.preimage[32:64]));
        uint256 lapsed = uint256(bytes32(fault.preimage[64:96]));
        // A word that no leaf can hold is a fault as well: such a leaf could never be claimed.
        return
            cumulative != fault.sum ||
            lapsed > cumulative ||
            uint256(bytes32(fault.preimage[:32])) >> 160 != 0;
    }

    function _isWrongSum(SumFault calldata fault) private pure returns (bool) {
        if (keccak256(fault.preimage) != fault.hash) {
            revert Errors.ContributorRewards_ProofInvalid(fault.index);
        }
        uint256 left = uint128(bytes16(fault.preimage[32:48]));
        uint256 right = uint128(bytes16(fault.preimage[80:96]));
        return left + right != fault.sum;
    }

    function _openDemand(
        uint256 dataset,
        address token,
        uint40 epoch,
        uint32 index
    ) private view returns (AvailabilityChallenge storage demand) {
        demand = _demands[_key(dataset, token, epoch, index)];
        if (demand.challenger == address(0)) revert Errors.ContributorRewards_NotDemanded(index);
    }

    function _giveBack(AvailabilityChallenge storage demand) private {
        _bonds[demand.challenger] += bond;
        demand.challenger = address(0);
    }

    /// @dev The epoch stays, so that nobody posts it again.
    function _void(uint256 dataset, address token, Account storage account, RootFault fault) private {
        account.last.hash = 0;
        account.last.challenges = 0;
        emit RootVoided(dataset, token, account.last.epoch, fault, msg.sender);
    }

    /// @dev As for receipts, every signature must be good.
    function _checkSigners(
        RewardRoot calldata r,
        GatewaySignature[] calldata signatures
    ) private view returns (uint16[] memory signers) {
        bytes32 digest = hashRoot(r);
        uint24 gatewaySet = assets.cfgOf(r.dataset).gatewaySet;
        uint8 threshold = gateways.thresholdOf(gatewaySet);
        if (threshold == 0 || signatures.length < threshold) {
            revert Errors.ContributorRewards_TooFewSigners(threshold, signatures.length);
        }
        signers = new uint16[](signatures.length);
        uint16 previous = 0;
        for (uint256 i = 0; i < signatures.length; ++i) {
            uint16 gateway = signatures[i].gateway;
            if (gateway <= previous) {
                revert Errors.ContributorRewards_SignersNotSorted(previous, gateway);
            }
            (bool member, address signer) = gateways.signerIn(gatewaySet, gateway);
            if (!member) revert Errors.ContributorRewards_SignerOutsideSet(gateway);
            if (signer == address(0) || !Signatures.isValid(signer, digest, signatures[i].signature)) {
                revert Errors.ContributorRewards_GatewaySignatureInvalid(gateway);
            }
            signers[i] = gateway;
            previous = gateway;
        }
    }

    function _key(uint256 dataset, address token, uint40 epoch, uint32 index) private pure returns (bytes32) {
        return keccak256(abi.encode(dataset, token, epoch, index));
    }
}
