// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {
    Dispute,
    DisputeOpening,
    DisputeState,
    Membership,
    PanelTerms,
    Party
} from "../types/DisputeTypes.sol";
import {Order, PermitInput, Ruling} from "../types/OrderTypes.sol";
import {IArbitrator} from "./IArbitrator.sol";

/// @title IDisputes
/// @notice A panel of five that rules on disputes about the orders that name it. Members, stake, bonds and term are part of
/// the instance's code: nobody, a vote included, changes who rules on an order that was funded. Another panel is another
/// instance, for later orders.
///
/// A dispute asks for a refund. The buyer, the operator of the executing custodian, or a contributor (somebody who signs
/// for a subject in the receipt's contributors root) opens it within the order's dispute window with a bond in the
/// order's token and evidence by content id. Then: evidence for a part of the ruling window, votes for the rest of it.
/// An order is disputed once.
///
/// How it ends, each way without anybody's goodwill:
/// - three agree: their ruling. `Refund` gives the buyer everything back; `Pay` and `None` (no decision) settle per receipt;
/// - all who may vote did, and no three agree: per receipt;
/// - fewer than three are left after recusals: per receipt, at once;
/// - the ruling window passes: per receipt, by anyone's call of `close`.
///
/// The bond: of `FEE_BPS` of it those who voted get equal parts whenever all who were asked spoke or three agreed, however
/// they ruled; the rest goes to the commons after `Pay` and back to the opener in every other case. After silence and
/// after recusals all of it goes back. What rounding leaves is with the rest.
///
/// Stakes: a member who had a seat and did not vote until the window passed loses all of its stake: `VOTERS_BPS` of it to
/// those who voted, in equal parts, the rest (without voters all) to the commons. Without its full stake a member has no
/// seat in later disputes. What three who rule for a refund also find, that the executor lied, costs the executor's
/// gateway a bounded part of its stake, once for an order.
/// @dev Assumptions about tokens are the escrow's. Ids of disputes are those of their orders.
interface IDisputes is IArbitrator {
    event DisputeOpened(
        bytes32 indexed order,
        uint256 indexed asset,
        address indexed opener,
        Party party,
        address subject,
        address token,
        uint128 bond,
        uint8 seats,
        uint40 evidenceUntil,
        uint40 rulingUntil
    );
    /// @param digest SHA-256 of the document (CIDv1 raw)
    event EvidenceAdded(bytes32 indexed order, address indexed by, address subject, bytes32 digest);
    event MemberRecused(bytes32 indexed order, address indexed member, uint8 seats, string reason);
    event Voted(bytes32 indexed order, address indexed member, Ruling ruling, bool lied, string reason);
    /// @param ruling What was carried out: `Refund`, `Pay`, or `None` for per receipt without a decision
    /// @param lied Whether three found that the executor lied
    /// @param returned Of the bond to the opener
    /// @param fee Of the bond to each who voted
    /// @param forfeited Of the bond to the commons
    event DisputeEnded(
        bytes32 indexed order,
        uint256 indexed asset,
        DisputeState state,
        Ruling ruling,
        bool lied,
        uint256 returned,
        uint256 fee,
        uint256 forfeited
    );
    /// @notice The executor of an order paid for its lie.
    event ExecutorPunished(bytes32 indexed order, uint16 indexed gateway, uint256 amount);
    event StakeDeposited(address indexed member, address indexed from, uint256 amount);
    event StakeLost(bytes32 indexed order, address indexed member, uint256 amount);
    event StakeWithdrawn(address indexed member, address to, uint256 amount);

    /// @notice The buyer, or the operator of the executing custodian, opens a dispute from its allowance.
    /// @param evidence SHA-256 of the first evidence; zero for none yet
    function open(Order calldata order, bytes32 evidence) external;

    /// @notice The same after an ERC-2612 permit of the sender for the bond.
    function openWithPermit(Order calldata order, bytes32 evidence, PermitInput calldata permit) external;

    /// @notice A contributor opens a dispute. The bond is taken from whoever signs for the subject.
    /// @param signature EIP-712 `DisputeOpening` by whoever signs for the subject; may be empty if that is the sender
    /// @param permit ERC-2612 permit of the same for the bond; a deadline of zero for none
    function openAsContributor(
        Order calldata order,
        DisputeOpening calldata opening,
        Membership calldata membership,
        bytes calldata signature,
        PermitInput calldata permit
    ) external;

    /// @notice The buyer, the custodian's operator, the curator, the opener or a member adds evidence.
    function addEvidence(Order calldata order, bytes32 digest) external;

    /// @notice Whoever signs for a subject in the receipt adds evidence.
    function addEvidenceAsContributor(
        Order calldata order,
        Membership calldata membership,
        bytes32 digest
    ) external;

    /// @notice A member leaves its seat because of an interest, while evidence is taken.
    function recuse(Order calldata order, string calldata reason) external;

    /// @notice A member votes, once, with a reason, after evidence and within the ruling window.
    /// @param lied Whether the executor lied; with `Refund` only
    function vote(Order calldata order, Ruling ruling, bool lied, string calldata reason) external;

    /// @notice Ends a dispute whose ruling window has passed. Anyone may call it.
    function close(Order calldata order) external;

    /// @notice Punishes an executor whom a ruling found to have lied, where that could not be done with the ruling.
    function punish(Order calldata order) external;

    /// @notice Fills a member's stake up from the sender's allowance. Anyone may pay.
    function depositStake(address member) external returns (uint256 amount);

    /// @notice A member takes its stake: before the panel was appointed at any time; afterwards once it was retired, no
    /// order that names it can be disputed any more, and no dispute is open.
    function withdrawStake(address to) external returns (uint256 amount);

    function terms() external view returns (PanelTerms memory);

    function disputeOf(bytes32 order) external view returns (Dispute memory);

    function stakeOf(address member) external view returns (uint256);

    /// @notice Whether all five have their full stake.
    function isStaked() external view returns (bool);

    /// @notice Disputes that have not ended.
    function openDisputes() external view returns (uint256);

    /// @notice The bond that a dispute about an order asks for.
    function bondOf(Order calldata order, Party party) external view returns (uint128);

    /// @notice Members who would have a seat in a dispute about an order, opened now.
    function seatsFor(Order calldata order, address opener) external view returns (uint8 seats);

    function evidenceWindow() external view returns (uint32);

    function hashOpening(DisputeOpening memory opening) external view returns (bytes32);
}
