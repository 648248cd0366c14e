// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {GatewaySignature} from "../types/OrderTypes.sol";
import {
    AvailabilityChallenge,
    Claim,
    HeldRoot,
    OwnClaim,
    RelayedClaim,
    RewardLeaf,
    RewardProof,
    RewardRoot,
    RootFault,
    SumFault
} from "../types/RewardTypes.sol";

/// @title IContributorRewards
/// @notice What the people of a dataset earned, per token: funded by its pots, stated by its gateways as one cumulative
/// root, claimed by each person with a proof. Nobody administers it: no owner, no pause, no way round a window.
/// @dev Per dataset and token: claimed ≤ total of the claimable root ≤ funded, and a subject's claims never exceed its
/// leaf. One root is pending at a time; meanwhile the one before it stays claimable. A pending root falls by a proof that
/// it lowers somebody (`challengeDecrease`), leaves somebody out (`challengeOmission`), stands out of order
/// (`challengeDisorder`) or does not add up (`challengeSum`); such a proof decides at once and needs no bond. A demand to
/// show a leaf costs a bond, which goes to who shows it; a leaf that is not shown in time voids the root.
interface IContributorRewards {
    /// @notice Periods in seconds, and the bond of an availability challenge in the chain's own coin.
    struct Windows {
        uint32 challenge;
        uint32 answer;
        uint32 lapse;
        uint128 bond;
    }

    event Funded(uint256 indexed dataset, address indexed token, address indexed from, uint256 amount);
    event RootPosted(
        uint256 indexed dataset,
        address indexed token,
        uint40 indexed epoch,
        bytes32 root,
        uint128 total,
        uint32 count,
        bytes32 leafFile,
        uint40 claimableAt,
        uint16[] signers
    );
    event RootVoided(
        uint256 indexed dataset,
        address indexed token,
        uint40 indexed epoch,
        RootFault fault,
        address challenger
    );
    event LeafDemanded(
        uint256 indexed dataset,
        address indexed token,
        uint40 indexed epoch,
        uint32 index,
        address challenger,
        uint40 answerBy
    );
    event LeafShown(
        uint256 indexed dataset,
        address indexed token,
        uint40 indexed epoch,
        uint32 index,
        address answerer,
        RewardLeaf leaf
    );
    event Claimed(
        uint256 indexed dataset,
        address indexed token,
        address indexed subject,
        address to,
        uint256 amount
    );
    event Swept(uint256 indexed dataset, address indexed token, address indexed subject, uint256 amount);
    event BondWithdrawn(address indexed account, address to, uint256 amount);

    /// @notice A claim of a batch was left out.
    /// @param index Its place in the batch
    /// @param reason Selector of the error that a single call would have given
    event ClaimSkipped(uint256 indexed index, bytes4 reason);

    /// @notice Adds the sender's tokens to what a dataset's contributors share. Anyone may.
    function fund(uint256 dataset, address token, uint256 amount) external;

    /// @notice Posts a root signed by at least the threshold of the dataset's gateway set; claimable after the window.
    function postRoot(RewardRoot calldata root, GatewaySignature[] calldata signatures) external;

    /// @notice Voids the pending root: a subject's cumulative or lapsed amount is less than in the claimable one.
    function challengeDecrease(
        uint256 dataset,
        address token,
        RewardProof calldata before,
        RewardProof calldata pending
    ) external;

    /// @notice Voids the pending root: a subject of the claimable one is not in it.
    /// @param neighbours Two adjacent leaves of the pending root between which it would stand; or its first or last alone
    function challengeOmission(
        uint256 dataset,
        address token,
        RewardProof calldata before,
        RewardProof[] calldata neighbours
    ) external;

    /// @notice Voids the pending root: of two adjacent leaves the second subject is not above the first.
    function challengeDisorder(
        uint256 dataset,
        address token,
        RewardProof calldata first,
        RewardProof calldata second
    ) external;

    /// @notice Voids the pending root: a node's sum is not that of its children, or a leaf's is not its own amount, or
    /// more of a leaf has lapsed than it has.
    function challengeSum(uint256 dataset, address token, SumFault calldata fault) external;

    /// @notice Demands that somebody shows a leaf of the pending root. Costs the bond.
    function demandLeaf(uint256 dataset, address token, uint32 index) external payable;

    /// @notice Shows a demanded leaf in time; the sender earns the bond.
    function showLeaf(uint256 dataset, address token, RewardProof calldata proof) external;

    /// @notice Voids the pending root for a demanded leaf that was not shown in time; the bond goes back.
    function voidUnshown(uint256 dataset, address token, uint32 index) external;

    /// @notice Gives back the bond of a demand whose root fell for another reason.
    function releaseBond(uint256 dataset, address token, uint40 epoch, uint32 index) external;

    /// @notice Pays the sender's bonds, own and earned.
    function withdrawBonds(address to) external returns (uint256 amount);

    /// @notice Pays the sender what the subjects they control have not claimed yet. All or none.
    function claim(OwnClaim[] calldata claims) external;

    /// @notice Pays a signed claim; anyone may submit it.
    function claimBySig(Claim calldata c, RewardProof calldata proof, bytes calldata signature) external;

    /// @notice Several signed claims on one dataset; bad ones are skipped and reported, also those whose receiver the
    /// token refuses.
    /// @param tops A whole level of the claimable root's tree, 2^k nodes of 48 bytes, which all proofs of the batch share:
    /// each of them ends there. One node is the root itself
    function claimBatch(
        uint256 dataset,
        address token,
        bytes calldata tops,
        RelayedClaim[] calldata claims
    ) external;

    /// @notice Pays what has lapsed to the commons. Anyone may, while the subject, shown to be provisional by the key of
    /// its code, has no controller and none that waits.
    function sweep(uint256 dataset, address token, address codeKey, RewardProof calldata proof) external;

    /// @notice Money that a dataset's contributors received in all, and what of it was claimed or swept.
    function accountOf(
        uint256 dataset,
        address token
    ) external view returns (uint128 funded, uint128 claimed);

    /// @notice The root against which claims are proven now.
    function claimableRoot(uint256 dataset, address token) external view returns (HeldRoot memory);

    /// @notice The last root posted; its hash is zero if it was voided.
    function lastRoot(uint256 dataset, address token) external view returns (HeldRoot memory);

    /// @notice What was claimed or swept of a subject's cumulative amount.
    function claimedOf(uint256 dataset, address token, address subject) external view returns (uint256);

    function demandOf(
        uint256 dataset,
        address token,
        uint40 epoch,
        uint32 index
    ) external view returns (AvailabilityChallenge memory);

    function bondOf(address account) external view returns (uint256);

    /// @notice EIP-712 digests: what gateways and claimants sign.
    function hashRoot(RewardRoot calldata root) external view returns (bytes32);

    function hashClaim(Claim calldata c) external view returns (bytes32);
}
