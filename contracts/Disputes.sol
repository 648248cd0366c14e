// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IAccessEscrow} from "./interfaces/IAccessEscrow.sol";
import {IArbitrator} from "./interfaces/IArbitrator.sol";
import {IAssetRegistry} from "./interfaces/IAssetRegistry.sol";
import {IConsentRegistry} from "./interfaces/IConsentRegistry.sol";
import {IDisputes} from "./interfaces/IDisputes.sol";
import {IGatewayRegistry} from "./interfaces/IGatewayRegistry.sol";
import {IPanels} from "./interfaces/IPanels.sol";
import {Credit, IPayouts} from "./interfaces/IPayouts.sol";
import {BasisPoints} from "./libraries/BasisPoints.sol";
import {Errors} from "./libraries/Errors.sol";
import {PayBack} from "./libraries/PayBack.sol";
import {Seats} from "./libraries/Seats.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {TokensIn} from "./libraries/TokensIn.sol";
import {
    Dispute,
    DisputeOpening,
    DisputeState,
    Membership,
    PanelState,
    PanelTerms,
    Party
} from "./types/DisputeTypes.sol";
import {Gateway} from "./types/GatewayTypes.sol";
import {Order, OrderState, PermitInput, Ruling} from "./types/OrderTypes.sol";

/// @title Disputes
/// @notice See `IDisputes`, which holds the rules. Deployed once; every panel is a clone with its terms in its code.
contract Disputes is IDisputes, EIP712 {
    using SafeERC20 for IERC20;

    /// @dev Who opens a dispute, as whom, and with what.
    struct Opener {
        address account;
        Party party;
        address subject;
        uint128 bond;
        bytes32 evidence;
    }

    /// @dev What becomes of a bond: to the opener, to each who voted, to the commons.
    struct Shares {
        uint256 returned;
        uint256 fee;
        uint256 forfeited;
    }

    bytes32 public constant OPENING_TYPEHASH = keccak256(
        "DisputeOpening(bytes32 order,address subject,bytes32 evidence,uint128 maxBond)"
    );
    /// @notice Members who must agree.
    uint256 public constant AGREEING = 3;
    /// @notice The bond of a buyer or a custodian, as a part of the price.
    uint16 public constant BOND_BPS = 1_000;
    /// @notice Of a bond to those who voted.
    uint16 public constant FEE_BPS = 2_000;
    /// @notice Of what the silent lose to those who voted.
    uint16 public constant VOTERS_BPS = 5_000;
    /// @notice Evidence is taken for one part in so many of the ruling window; the rest is for votes.
    uint32 public constant EVIDENCE_PART = 4;
    uint256 public constant MAX_REASON_BYTES = 2_000;

    IAssetRegistry public immutable assets;
    IGatewayRegistry public immutable gateways;
    IConsentRegistry public immutable consents;
    IPayouts public immutable payouts;
    address public immutable commons;
    IERC20 public immutable stakeToken;
    IPanels public immutable panels;

    /// @inheritdoc IDisputes
    uint256 public openDisputes;
    /// @inheritdoc IDisputes
    mapping(address member => uint256) public stakeOf;
    mapping(bytes32 order => Dispute) private _disputes;

    constructor(
        IAssetRegistry assets_,
        IGatewayRegistry gateways_,
        IConsentRegistry consents_,
        IPayouts payouts_,
        address commons_,
        address stakeToken_
    ) EIP712("Salus Disputes", "1") {
        assets = assets_;
        gateways = gateways_;
        consents = consents_;
        payouts = payouts_;
        commons = commons_;
        stakeToken = IERC20(stakeToken_);
        panels = IPanels(msg.sender);
    }

    /*//////////////////////////////////////////////////////////////
                                  OPEN
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IDisputes
    function open(Order calldata order, bytes32 evidence) external {
        _openAsParty(order, evidence);
    }

    /// @inheritdoc IDisputes
    function openWithPermit(Order calldata order, bytes32 evidence, PermitInput calldata permit) external {
        TokensIn.permit(_tokenOf(order), msg.sender, permit);
        _openAsParty(order, evidence);
    }

    /// @inheritdoc IDisputes
    function openAsContributor(
        Order calldata order,
        DisputeOpening calldata opening,
        Membership calldata membership,
        bytes calldata signature,
        PermitInput calldata permit
    ) external {
        // Check
        PanelTerms memory t = terms();
        bytes32 id = _idOf(t, order);
        Opener memory opener = _asContributor(t, id, order, opening, membership);
        if (
            opener.account != msg.sender &&
            !Signatures.isValid(opener.account, hashOpening(opening), signature)
        ) revert Errors.Disputes_SignatureInvalid(opener.account);
        // Effect, interaction
        if (permit.deadline != 0) TokensIn.permit(_tokenOf(order), opener.account, permit);
        _open(t, id, order, opener);
    }

    /// @inheritdoc IArbitrator
    /// @dev `extraData` is the ABI-encoded order, which may be followed by a word of evidence.
    function createDispute(
        uint256 choices,
        bytes calldata extraData
    ) external payable returns (uint256 disputeID) {
        if (choices != 2 || msg.value != 0) revert Errors.Disputes_ChoicesInvalid(choices, msg.value);
        Order calldata order = _orderIn(extraData);
        bytes32 evidence = extraData.length < 0x340 ? bytes32(0) : bytes32(extraData[0x320:0x340]);
        return uint256(_openAsParty(order, evidence));
    }

    /*//////////////////////////////////////////////////////////////
                                EVIDENCE
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IDisputes
    function addEvidence(Order calldata order, bytes32 digest) external {
        PanelTerms memory t = terms();
        bytes32 id = _idOf(t, order);
        _takesEvidence(id);
        bool known =
            msg.sender == order.buyer ||
                msg.sender == _disputes[id].opener ||
                msg.sender == gateways.operatorOf(order.custodian) ||
                msg.sender == _curatorOf(order.asset) ||
                Seats.bitOf(t.members, msg.sender) != 0;
        if (!known) revert Errors.Disputes_NotParty(id, msg.sender);
        _addEvidence(id, address(0), digest);
    }

    /// @inheritdoc IDisputes
    function addEvidenceAsContributor(
        Order calldata order,
        Membership calldata membership,
        bytes32 digest
    ) external {
        PanelTerms memory t = terms();
        bytes32 id = _idOf(t, order);
        _takesEvidence(id);
        if (_contributorOf(t, id, order, membership) != msg.sender) {
            revert Errors.Disputes_NotParty(id, msg.sender);
        }
        _addEvidence(id, membership.contributor.subject, digest);
    }

    /*//////////////////////////////////////////////////////////////
                                 MEMBERS
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IDisputes
    function recuse(Order calldata order, string calldata reason) external {
        // Check
        PanelTerms memory t = terms();
        bytes32 id = _idOf(t, order);
        Dispute storage dispute = _takesEvidence(id);
        uint8 seat = _seatIn(t, id, dispute.seats);
        _checkReason(reason);
        // Effect
        uint8 seats = dispute.seats & ~seat;
        dispute.seats = seats;
        emit MemberRecused(id, msg.sender, seats, reason);
        // Interaction
        if (Seats.count(seats) < AGREEING) _end(t, id, order, DisputeState.TooFewLeft, Ruling.None);
    }

    /// @inheritdoc IDisputes
    function vote(Order calldata order, Ruling ruling, bool lied, string calldata reason) external {
        // Check
        PanelTerms memory t = terms();
        bytes32 id = _idOf(t, order);
        Dispute storage dispute = _openOne(id);
        uint8 seat = _seatIn(t, id, dispute.seats);
        if (_voted(dispute) & seat != 0) revert Errors.Disputes_AlreadyVoted(id, msg.sender);
        uint256 from = uint256(dispute.openedAt) + evidenceWindow();
        uint256 end = uint256(dispute.openedAt) + IAccessEscrow(t.escrow).rulingWindow();
        if (block.timestamp < from) revert Errors.Disputes_TooEarly(id, from);
        if (block.timestamp >= end) revert Errors.Disputes_TooLate(id, end - 1);
        if (lied && ruling != Ruling.Refund) revert Errors.Disputes_LieWithoutRefund(id);
        _checkReason(reason);
        // Effect
        if (ruling == Ruling.Refund) dispute.refund |= seat;
        else if (ruling == Ruling.Pay) dispute.pay |= seat;
        else dispute.none |= seat;
        if (lied) dispute.lied |= seat;
        emit Voted(id, msg.sender, ruling, lied, reason);
        // Interaction
        if (Seats.count(_votesFor(dispute, ruling)) == AGREEING) {
            _end(t, id, order, DisputeState.Ruled, ruling);
        } else if (_voted(dispute) == dispute.seats) {
            _end(t, id, order, DisputeState.Undecided, Ruling.None);
        }
    }

    /// @inheritdoc IDisputes
    function depositStake(address member) external returns (uint256 amount) {
        // Check
        PanelTerms memory t = terms();
        if (Seats.bitOf(t.members, member) == 0) revert Errors.Disputes_NotMember(member);
        if (panels.stateOf(address(this)) == PanelState.Retired) revert Errors.Disputes_Retired();
        uint256 before = stakeOf[member];
        amount = t.stake - before;
        if (amount == 0) revert Errors.Disputes_Staked(member);
        // Effect
        stakeOf[member] = t.stake;
        emit StakeDeposited(member, msg.sender, amount);
        // Interaction
        uint256 received = TokensIn.pull(stakeToken, msg.sender, amount);
        if (received != amount) revert Errors.Disputes_TokenDeltaMismatch(amount, received);
    }

    /// @inheritdoc IDisputes
    function withdrawStake(address to) external returns (uint256 amount) {
        // Check
        if (to == address(0)) revert Errors.Disputes_AddressZero();
        amount = stakeOf[msg.sender];
        if (amount == 0) revert Errors.Disputes_NothingToWithdraw(msg.sender);
        _checkReleased();
        // Effect
        stakeOf[msg.sender] = 0;
        emit StakeWithdrawn(msg.sender, to, amount);
        // Interaction
        stakeToken.safeTransfer(to, amount);
    }

    /*//////////////////////////////////////////////////////////////
                               BY ANYONE
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IDisputes
    function close(Order calldata order) external {
        PanelTerms memory t = terms();
        bytes32 id = _idOf(t, order);
        Dispute storage dispute = _openOne(id);
        uint256 end = uint256(dispute.openedAt) + IAccessEscrow(t.escrow).rulingWindow();
        if (block.timestamp < end) revert Errors.Disputes_TooEarly(id, end);
        _end(t, id, order, DisputeState.Silent, Ruling.None);
    }

    /// @inheritdoc IDisputes
    function punish(Order calldata order) external {
        bytes32 id = _idOf(terms(), order);
        Dispute storage dispute = _disputes[id];
        if (!_isLie(dispute) || dispute.punished) revert Errors.Disputes_NothingToPunish(id);
        dispute.punished = true;
        emit ExecutorPunished(id, order.custodian, panels.slash(order.custodian, id));
    }

    /*//////////////////////////////////////////////////////////////
                                 VIEWS
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IDisputes
    function terms() public view returns (PanelTerms memory) {
        return abi.decode(Clones.fetchCloneArgs(address(this)), (PanelTerms));
    }

    /// @inheritdoc IDisputes
    function disputeOf(bytes32 order) external view returns (Dispute memory) {
        return _disputes[order];
    }

    /// @inheritdoc IDisputes
    function isStaked() external view returns (bool) {
        PanelTerms memory t = terms();
        for (uint256 i = 0; i < 5; ++i) if (stakeOf[t.members[i]] < t.stake) return false;
        return true;
    }

    /// @inheritdoc IDisputes
    function bondOf(Order calldata order, Party party) external view returns (uint128) {
        return _bondOf(terms(), order, party);
    }

    /// @inheritdoc IDisputes
    function seatsFor(Order calldata order, address opener) external view returns (uint8) {
        return _seatsFor(terms(), order, opener);
    }

    /// @inheritdoc IDisputes
    function evidenceWindow() public view returns (uint32) {
        return IAccessEscrow(terms().escrow).rulingWindow() / EVIDENCE_PART;
    }

    /// @inheritdoc IDisputes
    function hashOpening(DisputeOpening memory opening) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(OPENING_TYPEHASH, opening)));
    }

    /// @inheritdoc IArbitrator
    function arbitrationCost(bytes calldata) external pure returns (uint256) {
        return 0;
    }

    /// @inheritdoc IArbitrator
    function disputeStatus(uint256 disputeID) external view returns (DisputeStatus) {
        DisputeState state = _disputes[bytes32(disputeID)].state;
        if (state == DisputeState.None) revert Errors.Disputes_WrongState(bytes32(disputeID), state);
        return state == DisputeState.Open ? DisputeStatus.Waiting : DisputeStatus.Solved;
    }

    /// @inheritdoc IArbitrator
    function currentRuling(uint256 disputeID) external view returns (uint256) {
        return uint256(_disputes[bytes32(disputeID)].ruling);
    }

    /*//////////////////////////////////////////////////////////////
                             INTERNAL: OPEN
    //////////////////////////////////////////////////////////////*/

    function _openAsParty(Order calldata order, bytes32 evidence) private returns (bytes32 id) {
        PanelTerms memory t = terms();
        id = _idOf(t, order);
        Opener memory opener;
        if (msg.sender == order.buyer) opener.party = Party.Buyer;
        else if (msg.sender == gateways.operatorOf(order.custodian)) opener.party = Party.Custodian;
        else revert Errors.Disputes_NotParty(id, msg.sender);
        (opener.account, opener.evidence) = (msg.sender, evidence);
        opener.bond = _bondOf(t, order, opener.party);
        _open(t, id, order, opener);
    }

    function _asContributor(
        PanelTerms memory t,
        bytes32 id,
        Order calldata order,
        DisputeOpening calldata opening,
        Membership calldata membership
    ) private view returns (Opener memory opener) {
        if (opening.order != id || opening.subject != membership.contributor.subject) {
            revert Errors.Disputes_OpeningMismatch(id);
        }
        opener.account = _contributorOf(t, id, order, membership);
        (opener.party, opener.subject) = (Party.Contributor, opening.subject);
        opener.evidence = opening.evidence;
        opener.bond = _bondOf(t, order, Party.Contributor);
        if (opener.bond > opening.maxBond) {
            revert Errors.Disputes_BondAboveMaximum(opener.bond, opening.maxBond);
        }
    }

    function _open(PanelTerms memory t, bytes32 id, Order calldata order, Opener memory opener) private {
        // Check
        Dispute storage dispute = _disputes[id];
        if (dispute.state != DisputeState.None) revert Errors.Disputes_WrongState(id, dispute.state);
        uint8 seats = _seatsFor(t, order, opener.account);
        if (Seats.count(seats) < AGREEING) revert Errors.Disputes_TooFewSeats(id, seats);
        // Effect
        (dispute.opener, dispute.party, dispute.state) = (opener.account, opener.party, DisputeState.Open);
        (dispute.openedAt, dispute.seats, dispute.bond) = (uint40(block.timestamp), seats, opener.bond);
        ++openDisputes;
        IERC20 token = _tokenOf(order);
        emit DisputeCreation(uint256(id), t.escrow);
        _emitOpened(t, id, order.asset, opener, token, seats);
        // Interaction: with the escrow, which checks the order's state, its window and that it names this panel
        IAccessEscrow(t.escrow).dispute(order);
        uint256 received = TokensIn.pull(token, opener.account, opener.bond);
        if (received != opener.bond) revert Errors.Disputes_TokenDeltaMismatch(opener.bond, received);
    }

    function _emitOpened(
        PanelTerms memory t,
        bytes32 id,
        uint256 asset,
        Opener memory opener,
        IERC20 token,
        uint8 seats
    ) private {
        uint32 window = IAccessEscrow(t.escrow).rulingWindow();
        emit DisputeOpened(
            id,
            asset,
            opener.account,
            opener.party,
            opener.subject,
            address(token),
            opener.bond,
            seats,
            uint40(block.timestamp) + window / EVIDENCE_PART,
            uint40(block.timestamp) + window
        );
        if (opener.evidence != 0) emit EvidenceAdded(id, opener.account, opener.subject, opener.evidence);
    }

    function _bondOf(
        PanelTerms memory t,
        Order calldata order,
        Party party
    ) private pure returns (uint128 bond) {
        for (uint256 i = 0; i < 4; ++i) {
            if (t.floors[i].token == order.token && t.floors[i].amount != 0) bond = t.floors[i].amount;
        }
        if (bond == 0) revert Errors.Disputes_TokenNotCovered(order.token);
        if (party == Party.Contributor) return bond;
        // Rounded up: never less than the part.
        uint256 part = (uint256(order.price) * BOND_BPS + BasisPoints.WHOLE_BPS - 1) / BasisPoints.WHOLE_BPS;
        if (part > bond) bond = uint128(part);
    }

    /// @dev A member has no seat where it is the buyer, opener, curator, operator or signer of the custodian, or the
    /// recipient that one of them named; and none without its full stake.
    function _seatsFor(
        PanelTerms memory t,
        Order calldata order,
        address opener
    ) private view returns (uint8 seats) {
        for (uint256 i = 0; i < 5; ++i) if (stakeOf[t.members[i]] >= t.stake) seats |= uint8(1 << i);
        Gateway memory custodian = gateways.gatewayOf(order.custodian);
        address curator = _curatorOf(order.asset);
        address[8] memory partial_ = [
            opener,
            order.buyer,
            curator,
            custodian.operator,
            custodian.signer,
            payouts.recipientOf(order.buyer),
            payouts.recipientOf(curator),
            payouts.recipientOf(custodian.operator)
        ];
        for (uint256 i = 0; i < 8; ++i) seats &= ~Seats.bitOf(t.members, partial_[i]);
    }

    /// @dev The executor's own signature shows the receipt, whoever hands it in: an executor who signs two of them for
    /// one order can be slashed by proof. A removed gateway's signature still counts.
    function _contributorOf(
        PanelTerms memory t,
        bytes32 id,
        Order calldata order,
        Membership calldata m
    ) private view returns (address person) {
        address signer = gateways.gatewayOf(order.custodian).signer;
        bytes32 digest = IAccessEscrow(t.escrow).hashReceipt(m.receipt);
        if (m.receipt.order != id || !Signatures.isValid(signer, digest, m.signature)) {
            revert Errors.Disputes_ReceiptMismatch(id);
        }
        address subject = m.contributor.subject;
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(m.contributor))));
        if (!MerkleProof.verifyCalldata(m.proof, m.receipt.contributorsRoot, leaf)) {
            revert Errors.Disputes_NotContributor(id, subject);
        }
        person = consents.controllerOf(order.asset, subject);
        if (person == address(0)) revert Errors.Disputes_NotContributor(id, subject);
    }

    /*//////////////////////////////////////////////////////////////
                              INTERNAL: END
    //////////////////////////////////////////////////////////////*/

    function _end(
        PanelTerms memory t,
        bytes32 id,
        Order calldata order,
        DisputeState state,
        Ruling ruling
    ) private {
        // Effect
        Dispute storage dispute = _disputes[id];
        (dispute.state, dispute.ruling) = (state, ruling);
        --openDisputes;
        uint8 voters = _voted(dispute);
        Shares memory shares = _sharesOf(dispute.bond, state, ruling, Seats.count(voters));
        bool lied = _isLie(dispute);
        emit DisputeEnded(
            id,
            order.asset,
            state,
            ruling,
            lied,
            shares.returned,
            shares.fee,
            shares.forfeited
        );
        uint256 lost = state == DisputeState.Silent ? _takeStakes(t, id, dispute.seats & ~voters) : 0;
        // Interaction
        _endOrder(IAccessEscrow(t.escrow), id, order, state, ruling);
        IERC20 token = _tokenOf(order);
        _credit(t, id, token, voters, shares.fee, shares.forfeited);
        if (shares.returned != 0) PayBack.to(dispute.opener, token, shares.returned, payouts, id);
        _shareLost(t, id, voters, lost);
        if (lied) _tryPunish(id, dispute, order.custodian);
    }

    function _sharesOf(
        uint256 bond,
        DisputeState state,
        Ruling ruling,
        uint256 voters
    ) private pure returns (Shares memory shares) {
        if (state == DisputeState.Ruled || state == DisputeState.Undecided) {
            shares.fee = BasisPoints.part(bond, FEE_BPS) / voters;
        }
        uint256 rest = bond - shares.fee * voters;
        if (ruling == Ruling.Pay) shares.forfeited = rest;
        else shares.returned = rest;
    }

    /// @dev After the ruling window anyone may have settled the order before.
    function _endOrder(
        IAccessEscrow escrow,
        bytes32 id,
        Order calldata order,
        DisputeState state,
        Ruling ruling
    ) private {
        if (state != DisputeState.Silent) escrow.rule(order, ruling);
        else if (escrow.statusOf(id).state == OrderState.Disputed) escrow.settle(order);
    }

    function _takeStakes(PanelTerms memory t, bytes32 id, uint8 silent) private returns (uint256 lost) {
        for (uint256 i = 0; i < 5; ++i) {
            if (silent & (1 << i) == 0) continue;
            uint256 amount = stakeOf[t.members[i]];
            if (amount == 0) continue;
            stakeOf[t.members[i]] = 0;
            lost += amount;
            emit StakeLost(id, t.members[i], amount);
        }
    }

    function _shareLost(PanelTerms memory t, bytes32 id, uint8 voters, uint256 lost) private {
        if (lost == 0) return;
        uint256 count = Seats.count(voters);
        uint256 part = count == 0 ? 0 : BasisPoints.part(lost, VOTERS_BPS) / count;
        _credit(t, id, stakeToken, voters, part, lost - part * count);
    }

    /// @dev Members withdraw what they earned: nobody's refusal to take it holds up an end.
    function _credit(
        PanelTerms memory t,
        bytes32 id,
        IERC20 token,
        uint8 voters,
        uint256 each,
        uint256 toCommons
    ) private {
        Credit[] memory credits = new Credit[](6);
        uint256 total = toCommons;
        credits[5] = Credit(commons, toCommons);
        for (uint256 i = 0; i < 5; ++i) {
            if (voters & (1 << i) == 0) continue;
            credits[i] = Credit(t.members[i], each);
            total += each;
        }
        if (total == 0) return;
        token.safeTransfer(address(payouts), total);
        payouts.deposit(address(token), credits, 0, 0, id);
    }

    /// @dev A ruling must not fail because a vote took away the panels' right to slash: then `punish` waits for it.
    function _tryPunish(bytes32 id, Dispute storage dispute, uint16 gateway) private {
        try panels.slash(gateway, id) returns (uint256 amount) {
            dispute.punished = true;
            emit ExecutorPunished(id, gateway, amount);
        } catch {} // solhint-disable-line no-empty-blocks
    }

    /*//////////////////////////////////////////////////////////////
                            INTERNAL: CHECKS
    //////////////////////////////////////////////////////////////*/

    function _idOf(PanelTerms memory t, Order calldata order) private view returns (bytes32) {
        return IAccessEscrow(t.escrow).hashOrder(order);
    }

    function _openOne(bytes32 id) private view returns (Dispute storage dispute) {
        dispute = _disputes[id];
        if (dispute.state != DisputeState.Open) revert Errors.Disputes_WrongState(id, dispute.state);
    }

    function _takesEvidence(bytes32 id) private view returns (Dispute storage dispute) {
        dispute = _openOne(id);
        uint256 end = uint256(dispute.openedAt) + evidenceWindow();
        if (block.timestamp >= end) revert Errors.Disputes_TooLate(id, end - 1);
    }

    function _addEvidence(bytes32 id, address subject, bytes32 digest) private {
        if (digest == 0) revert Errors.Disputes_EvidenceZero(id);
        emit EvidenceAdded(id, msg.sender, subject, digest);
    }

    function _seatIn(PanelTerms memory t, bytes32 id, uint8 seats) private view returns (uint8 seat) {
        seat = Seats.bitOf(t.members, msg.sender) & seats;
        if (seat == 0) revert Errors.Disputes_NoSeat(id, msg.sender);
    }

    function _checkReason(string calldata reason) private pure {
        uint256 length = bytes(reason).length;
        if (length == 0 || length > MAX_REASON_BYTES) {
            revert Errors.Disputes_ReasonInvalid(MAX_REASON_BYTES, length);
        }
    }

    /// @dev The last order that could name this panel was funded before it was retired.
    function _checkReleased() private view {
        PanelState state = panels.stateOf(address(this));
        if (state == PanelState.Elected) return;
        if (state != PanelState.Retired) revert Errors.Disputes_InOffice();
        IAccessEscrow escrow = IAccessEscrow(terms().escrow);
        uint256 from =
            uint256(panels.retiredAt(address(this))) +
                escrow.maxDelivery() +
                escrow.reportWindow() +
                escrow.disputeWindow() +
                escrow.rulingWindow();
        if (block.timestamp < from) revert Errors.Disputes_StakeBound(from);
        if (openDisputes != 0) revert Errors.Disputes_DisputesOpen(openDisputes);
    }

    function _voted(Dispute storage dispute) private view returns (uint8) {
        return dispute.none | dispute.pay | dispute.refund;
    }

    function _votesFor(Dispute storage dispute, Ruling ruling) private view returns (uint8) {
        if (ruling == Ruling.Refund) return dispute.refund;
        return ruling == Ruling.Pay ? dispute.pay : dispute.none;
    }

    /// @dev Only who ruled for a refund can have voted so.
    function _isLie(Dispute storage dispute) private view returns (bool) {
        return dispute.state == DisputeState.Ruled && Seats.count(dispute.lied) >= AGREEING;
    }

    function _tokenOf(Order calldata order) private view returns (IERC20) {
        return IERC20(assets.tokenAt(order.token));
    }

    function _curatorOf(uint256 asset) private view returns (address) {
        return IERC721(address(assets)).ownerOf(asset);
    }

    function _orderIn(bytes calldata extraData) private pure returns (Order calldata order) {
        if (extraData.length < 0x320) revert Errors.Disputes_OrderMissing(extraData.length);
        assembly ("memory-safe") {
            order := extraData.offset
        }
    }
}
