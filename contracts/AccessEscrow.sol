// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IAccessEscrow} from "./interfaces/IAccessEscrow.sol";
import {IAssetRegistry} from "./interfaces/IAssetRegistry.sol";
import {IDataUseAuthority} from "./interfaces/IDataUseAuthority.sol";
import {IGatewayRegistry} from "./interfaces/IGatewayRegistry.sol";
import {Credit, IPayouts} from "./interfaces/IPayouts.sol";
import {BlockHashes} from "./libraries/BlockHashes.sol";
import {DataUse} from "./libraries/DataUse.sol";
import {Errors} from "./libraries/Errors.sol";
import {BasisPoints} from "./libraries/BasisPoints.sol";
import {Modes} from "./libraries/Modes.sol";
import {PayBack} from "./libraries/PayBack.sol";
import {Pots} from "./libraries/Pots.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {TokensIn} from "./libraries/TokensIn.sol";
import {Mandates} from "./Mandates.sol";
import {AssetStatus, Cfg, Sale} from "./types/AssetTypes.sol";
import {Purpose, Terms} from "./types/DataUseTypes.sol";
import {
    Acceptance,
    Failure,
    GatewaySignature,
    Order,
    OrderKind,
    OrderState,
    OrderStatus,
    PermitInput,
    Receipt,
    ReleaseReport,
    Ruling
} from "./types/OrderTypes.sol";

/// @title AccessEscrow
/// @notice See `IAccessEscrow`, which holds the rules.
contract AccessEscrow is IAccessEscrow, EIP712, AccessManaged {
    using SafeERC20 for IERC20;

    /// @notice Deadlines, in seconds, fixed for the life of the escrow.
    struct Windows {
        uint32 minDelivery;
        uint32 maxDelivery;
        uint32 dispute;
        uint32 report;
        uint32 ruling;
    }

    bytes32 public constant ORDER_TYPEHASH = keccak256(
        "Order(address buyer,bytes32 salt,uint256 asset,uint16 version,uint8 kind,uint128 uses,uint16 country,bytes32 disease,bytes32 project,bytes32 job,bytes32 recipientKey,bytes32 termsHash,uint16 token,uint96 price,uint96 maxFee,uint64 privacyCap,uint16 custodianBps,uint16 curatorBps,uint24 gatewaySet,uint8 threshold,uint16 custodian,address arbitrator,uint40 deliverBy,uint32 disputeWindow,uint32 reportWindow)"
    );
    bytes32 public constant RECEIPT_TYPEHASH = keccak256(
        "Receipt(bytes32 order,bytes32 job,bytes32 algorithm,bytes32 parameters,bytes32 output,bytes32 result,bytes32 inputRoot,bytes32 contributorsRoot,uint64 totalWeight,uint32 cohort,bytes32 excludedRoot,uint40 grantBlock,uint40 consentBlock,bytes32 consentBlockHash,uint64 privacyCost,bytes32 logs,uint8 attestation)"
    );
    bytes32 public constant FAILURE_TYPEHASH = keccak256(
        "Failure(bytes32 order,uint16 reason,bytes32 detail)"
    );
    bytes32 public constant REPORT_TYPEHASH = keccak256(
        "ReleaseReport(bytes32 order,uint32 count,bytes32 root)"
    );
    bytes32 public constant ACCEPTANCE_TYPEHASH = keccak256("Acceptance(bytes32 order)");

    uint16 public constant MAX_FEE_BPS = 1_000;

    IAssetRegistry public immutable assets;
    IGatewayRegistry public immutable gateways;
    IPayouts public immutable payouts;
    IDataUseAuthority public immutable dataUse;
    /// @notice Where protocol fees go.
    address public immutable commons;
    uint32 public immutable minDelivery;
    /// @inheritdoc IAccessEscrow
    uint32 public immutable maxDelivery;
    /// @inheritdoc IAccessEscrow
    uint32 public immutable disputeWindow;
    /// @inheritdoc IAccessEscrow
    uint32 public immutable reportWindow;
    /// @inheritdoc IAccessEscrow
    uint32 public immutable rulingWindow;
    /// @inheritdoc IAccessEscrow
    address public immutable mandates;

    /// @inheritdoc IAccessEscrow
    uint16 public feeBps;
    /// @inheritdoc IAccessEscrow
    address public arbitrator;

    mapping(bytes32 id => OrderStatus) private _status;
    mapping(bytes32 id => bytes32) private _receiptHashes;

    constructor(
        address authority,
        IAssetRegistry assets_,
        IGatewayRegistry gateways_,
        IPayouts payouts_,
        IDataUseAuthority dataUse_,
        address commons_,
        uint16 feeBps_,
        Windows memory windows
    ) EIP712("Salus AccessEscrow", "1") AccessManaged(authority) {
        assets = assets_;
        gateways = gateways_;
        payouts = payouts_;
        dataUse = dataUse_;
        commons = commons_;
        minDelivery = windows.minDelivery;
        maxDelivery = windows.maxDelivery;
        disputeWindow = windows.dispute;
        reportWindow = windows.report;
        rulingWindow = windows.ruling;
        // Made here and once, so that no vote and no key can ever name another contract that pays in a buyer's place.
        mandates = address(new Mandates(this, assets_, payouts_));
        _setFee(feeBps_);
    }

    /*//////////////////////////////////////////////////////////////
                                  FUND
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IAccessEscrow
    function fund(
        Order calldata order,
        Terms calldata terms,
        bytes calldata evidence,
        bytes calldata buyerSignature
    ) external returns (bytes32 id) {
        return _fund(order, terms, evidence, buyerSignature, _saleOf(order.asset));
    }

    /// @inheritdoc IAccessEscrow
    function fundWithPermit(
        Order calldata order,
        Terms calldata terms,
        bytes calldata evidence,
        bytes calldata buyerSignature,
        PermitInput calldata permit
    ) external returns (bytes32 id) {
        Sale memory sale = _saleOf(order.asset);
        TokensIn.permit(IERC20(sale.token), order.buyer, permit);
        return _fund(order, terms, evidence, buyerSignature, sale);
    }

    /*//////////////////////////////////////////////////////////////
                                DELIVER
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IAccessEscrow
    function deliver(
        Order calldata order,
        Receipt calldata receipt,
        GatewaySignature[] calldata signatures
    ) external {
        // Check
        bytes32 id = hashOrder(order);
        OrderStatus storage status = _inState(id, OrderState.Funded);
        if (block.timestamp > order.deliverBy) revert Errors.AccessEscrow_TooLate(id, order.deliverBy);
        if (receipt.order != id || receipt.job != order.job) revert Errors.AccessEscrow_ReceiptMismatch(id);
        if (receipt.cohort == 0 && (order.kind == OrderKind.Analysis || order.kind == OrderKind.Training)) {
            revert Errors.AccessEscrow_CohortEmpty(id);
        }
        _checkSnapshot(receipt);
        if (receipt.privacyCost > order.privacyCap) {
            revert Errors.AccessEscrow_PrivacyCostAboveCap(order.privacyCap, receipt.privacyCost);
        }
        (uint16[] memory signers, bool executor) = _checkSigners(order, hashReceipt(receipt), signatures);
        if (!executor) revert Errors.AccessEscrow_ExecutorMissing(order.custodian);
        if (signers.length < order.threshold) {
            revert Errors.AccessEscrow_TooFewSigners(order.threshold, signers.length);
        }
        // Effect
        status.state = OrderState.Delivered;
        status.changedAt = uint40(block.timestamp);
        status.cohort = receipt.cohort;
        // A model is published from its training receipt; every other receipt is proven by its event alone.
        if (order.kind == OrderKind.Training) _receiptHashes[id] = keccak256(abi.encode(receipt));
        emit OrderDelivered(id, order.asset, receipt, signers);
        // Interaction: with the registry, which is ours
        if (receipt.privacyCost != 0) assets.spendPrivacy(order.asset, receipt.privacyCost);
    }

    /// @inheritdoc IAccessEscrow
    function report(
        Order calldata order,
        ReleaseReport calldata r,
        GatewaySignature[] calldata signatures
    ) external {
        // Check
        bytes32 id = hashOrder(order);
        OrderStatus storage status = _inState(id, OrderState.Delivered);
        if (order.kind != OrderKind.Download) revert Errors.AccessEscrow_WrongKind(id, order.kind);
        if (r.order != id) revert Errors.AccessEscrow_ReceiptMismatch(id);
        if (status.reported) revert Errors.AccessEscrow_AlreadyReported(id);
        uint256 deadline = uint256(status.changedAt) + order.reportWindow;
        if (block.timestamp > deadline) revert Errors.AccessEscrow_TooLate(id, deadline);
        if (r.count > status.cohort) revert Errors.AccessEscrow_ReleaseAboveCohort(status.cohort, r.count);
        (uint16[] memory signers, ) = _checkSigners(order, hashReport(r), signatures);
        if (signers.length < order.threshold) {
            revert Errors.AccessEscrow_TooFewSigners(order.threshold, signers.length);
        }
        // Effect
        status.reported = true;
        // The dispute window counts from here: before, the buyer could not know what was released.
        status.changedAt = uint40(block.timestamp);
        status.released = r.count;
        emit OrderReported(id, r.count, r.root, signers);
    }

    /*//////////////////////////////////////////////////////////////
                                 SETTLE
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IAccessEscrow
    function settle(Order calldata order) external {
        // Check
        bytes32 id = hashOrder(order);
        OrderStatus storage status = _status[id];
        uint256 opensAt = status.changedAt;
        if (status.state == OrderState.Delivered) {
            _checkReported(id, status, order);
            opensAt += order.disputeWindow;
        } else if (status.state == OrderState.Disputed) {
            opensAt += rulingWindow;
        } else {
            revert Errors.AccessEscrow_WrongState(id, status.state);
        }
        if (block.timestamp < opensAt) revert Errors.AccessEscrow_TooEarly(id, opensAt);
        // Effect, interaction
        _settle(id, status, order);
    }

    /// @inheritdoc IAccessEscrow
    function accept(Order calldata order, bytes calldata buyerSignature) external {
        // Check
        bytes32 id = hashOrder(order);
        OrderStatus storage status = _inState(id, OrderState.Delivered);
        _checkReported(id, status, order);
        bool agreed =
            order.buyer == msg.sender ||
                Signatures.isValid(order.buyer, hashAcceptance(Acceptance(id)), buyerSignature);
        if (!agreed) revert Errors.AccessEscrow_NotBuyer(id);
        // Effect, interaction
        emit OrderAccepted(id, order.asset, order.buyer);
        _settle(id, status, order);
    }

    /*//////////////////////////////////////////////////////////////
                                DISPUTE
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IAccessEscrow
    function dispute(Order calldata order) external {
        // Check
        bytes32 id = hashOrder(order);
        OrderStatus storage status = _inState(id, OrderState.Delivered);
        _checkArbitrator(id, order);
        _checkReported(id, status, order);
        _checkBefore(id, uint256(status.changedAt) + order.disputeWindow);
        // Effect
        status.state = OrderState.Disputed;
        status.changedAt = uint40(block.timestamp);
        emit OrderDisputed(id, order.asset, msg.sender, uint40(block.timestamp) + rulingWindow);
    }

    /// @inheritdoc IAccessEscrow
    function rule(Order calldata order, Ruling ruling) external {
        // Check
        bytes32 id = hashOrder(order);
        OrderStatus storage status = _inState(id, OrderState.Disputed);
        _checkArbitrator(id, order);
        _checkBefore(id, uint256(status.changedAt) + rulingWindow);
        // Effect, interaction
        emit OrderRuled(id, order.asset, msg.sender, ruling);
        if (ruling == Ruling.Refund) _refund(id, status, order, RefundReason.Ruled);
        else _settle(id, status, order);
    }

    /*//////////////////////////////////////////////////////////////
                                 REFUND
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IAccessEscrow
    function fail(
        Order calldata order,
        Failure calldata failure,
        GatewaySignature[] calldata signatures
    ) external {
        // Check
        bytes32 id = hashOrder(order);
        OrderStatus storage status = _inState(id, OrderState.Funded);
        if (failure.order != id) revert Errors.AccessEscrow_ReceiptMismatch(id);
        (uint16[] memory signers, bool executor) = _checkSigners(order, hashFailure(failure), signatures);
        if (!executor && signers.length < order.threshold) {
            revert Errors.AccessEscrow_TooFewSigners(order.threshold, signers.length);
        }
        // Effect, interaction
        emit OrderFailed(id, failure.reason, failure.detail, signers);
        _refund(id, status, order, RefundReason.Failed);
    }

    /// @inheritdoc IAccessEscrow
    function refund(Order calldata order) external {
        bytes32 id = hashOrder(order);
        OrderStatus storage status = _status[id];
        if (status.state == OrderState.Funded) {
            if (block.timestamp > order.deliverBy) {
                _refund(id, status, order, RefundReason.Expired);
            } else if (assets.cfgOf(order.asset).status == AssetStatus.Delisted) {
                _refund(id, status, order, RefundReason.Delisted);
            } else {
                revert Errors.AccessEscrow_TooEarly(id, uint256(order.deliverBy) + 1);
            }
        } else if (
            status.state == OrderState.Delivered && order.kind == OrderKind.Download && !status.reported
        ) {
            uint256 deadline = uint256(status.changedAt) + order.reportWindow;
            if (block.timestamp <= deadline) revert Errors.AccessEscrow_TooEarly(id, deadline + 1);
            _refund(id, status, order, RefundReason.NotReported);
        } else {
            revert Errors.AccessEscrow_WrongState(id, status.state);
        }
    }

    /*//////////////////////////////////////////////////////////////
                                BY VOTE
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IAccessEscrow
    function setFee(uint16 feeBps_) external restricted {
        _setFee(feeBps_);
    }

    /// @inheritdoc IAccessEscrow
    function setArbitrator(address arbitrator_) external restricted {
        emit ArbitratorChanged(arbitrator, arbitrator_);
        arbitrator = arbitrator_;
    }

    /*//////////////////////////////////////////////////////////////
                                 VIEWS
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IAccessEscrow
    function statusOf(bytes32 id) external view returns (OrderStatus memory) {
        return _status[id];
    }

    /// @inheritdoc IAccessEscrow
    function receiptHashOf(bytes32 id) external view returns (bytes32) {
        return _receiptHashes[id];
    }

    /// @inheritdoc IAccessEscrow
    function hashOrder(Order calldata order) public view returns (bytes32) {
        bytes32 typeHash = ORDER_TYPEHASH;
        bytes32 structHash;
        // All members are static words, so calldata holds `encodeData` already. What is not encoded canonically gives
        // another hash, under which nothing was or can be funded.
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            calldatacopy(add(free, 0x20), order, 0x320) // 25 words
            structHash := keccak256(free, 0x340)
        }
        return _hashTypedDataV4(structHash);
    }

    /// @inheritdoc IAccessEscrow
    function hashReceipt(Receipt calldata receipt) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(RECEIPT_TYPEHASH, receipt)));
    }

    /// @inheritdoc IAccessEscrow
    function hashFailure(Failure calldata failure) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(FAILURE_TYPEHASH, failure)));
    }

    /// @inheritdoc IAccessEscrow
    function hashAcceptance(Acceptance memory acceptance) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(ACCEPTANCE_TYPEHASH, acceptance)));
    }

    /// @inheritdoc IAccessEscrow
    function hashReport(ReleaseReport calldata r) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(REPORT_TYPEHASH, r)));
    }

    /*//////////////////////////////////////////////////////////////
                                INTERNAL
    //////////////////////////////////////////////////////////////*/

    function _fund(
        Order calldata order,
        Terms calldata terms,
        bytes calldata evidence,
        bytes calldata buyerSignature,
        Sale memory sale
    ) private returns (bytes32 id) {
        // Check
        id = hashOrder(order);
        // A mandate's runs are what its buyer agreed to; whoever else sends shows the buyer's signature.
        address payer = msg.sender == mandates ? msg.sender : order.buyer;
        if (payer != msg.sender && !Signatures.isValid(order.buyer, id, buyerSignature)) {
            revert Errors.AccessEscrow_NotBuyer(id);
        }
        if (_status[id].state != OrderState.None) {
            revert Errors.AccessEscrow_WrongState(id, _status[id].state);
        }
        _checkSale(order, sale);
        _checkPurpose(order, terms, sale.termsHash, evidence);
        _checkDeadlines(order);
        if (order.arbitrator != address(0) && order.arbitrator != arbitrator) {
            revert Errors.AccessEscrow_ArbitratorMismatch(arbitrator, order.arbitrator);
        }
        uint16 bps = feeBps;
        uint256 fee = BasisPoints.part(order.price, bps);
        if (fee > order.maxFee) revert Errors.AccessEscrow_FeeAboveMaximum(fee, order.maxFee);
        // Effect
        _status[id] = OrderStatus(OrderState.Funded, false, bps, uint40(block.timestamp), 0, 0);
        emit OrderFunded(id, order.buyer, order.asset, order, bps, fee);
        if (evidence.length != 0) emit OrderEvidenced(id, evidence);
        // Interaction
        _pull(IERC20(sale.token), payer, order.price + fee);
    }

    function _saleOf(uint256 asset) private view returns (Sale memory sale) {
        sale = assets.saleOf(asset);
        if (sale.cfg.status != AssetStatus.Listed) revert Errors.AccessEscrow_AssetNotListed(asset);
    }

    function _checkSale(Order calldata order, Sale memory sale) private pure {
        Cfg memory cfg = sale.cfg;
        if (order.version != cfg.versions) {
            revert Errors.AccessEscrow_VersionNotCurrent(cfg.versions, order.version);
        }
        uint8 mode = Modes.needed(order.kind);
        if (mode == 0 || cfg.modes & mode == 0) revert Errors.AccessEscrow_ModeNotPermitted(cfg.modes, mode);
        if (order.price != cfg.price) revert Errors.AccessEscrow_PriceMismatch(cfg.price, order.price);
        bool same =
            order.token == cfg.token &&
                order.gatewaySet == cfg.gatewaySet &&
                order.threshold == sale.threshold &&
                order.custodian == cfg.custodian &&
                order.custodianBps == cfg.custodianBps &&
                order.curatorBps == cfg.curatorBps;
        if (!same) revert Errors.AccessEscrow_ConfigurationMismatch(order.asset);
    }

    /// @dev The terms are hashed as they came: only their canonical encoding gives the registry's hash. What surrounds
    /// the order is looked at only where there is evidence, or where the terms hold a rule that few do.
    function _checkPurpose(
        Order calldata order,
        Terms calldata terms,
        bytes32 expected,
        bytes calldata evidence
    ) private view {
        bytes32 termsHash;
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, terms, 0xc0) // six static words
            termsHash := keccak256(free, 0xc0)
        }
        if (termsHash != expected || order.termsHash != expected) {
            revert Errors.AccessEscrow_TermsMismatch(expected, order.termsHash);
        }
        Purpose memory purpose = Purpose(order.uses, order.country, order.disease, order.project);
        uint128 duo = terms.duo;
        uint40 until = 0;
        uint128 shown = 0;
        if (duo & DataUse.RARE != 0 || evidence.length != 0) {
            until = _endOf(order);
            if (duo & DataUse.GS != 0 || evidence.length != 0) {
                shown = dataUse.shownBy(order.buyer, order.asset, purpose, until, terms, evidence);
            }
        }
        DataUse.Reason reason = DataUse.permits(
            duo,
            terms.disease,
            terms.dates,
            purpose,
            shown,
            block.timestamp,
            until
        );
        if (reason != DataUse.Reason.Permitted) revert Errors.AccessEscrow_PurposeNotPermitted(reason);
    }

    /// @dev A use ends when it is delivered, a download when its release is reported.
    function _endOf(Order calldata order) private pure returns (uint40) {
        return order.kind == OrderKind.Download ? order.deliverBy + order.reportWindow : order.deliverBy;
    }

    function _checkDeadlines(Order calldata order) private view {
        uint256 earliest = block.timestamp + minDelivery;
        uint256 latest = block.timestamp + maxDelivery;
        if (order.deliverBy < earliest || order.deliverBy > latest) {
            revert Errors.AccessEscrow_DeadlineOutOfRange(order.deliverBy, earliest, latest);
        }
        if (order.disputeWindow != disputeWindow || order.reportWindow != reportWindow) {
            revert Errors.AccessEscrow_WindowMismatch();
        }
        if (order.recipientKey == 0) revert Errors.AccessEscrow_RecipientKeyZero();
    }

    function _checkSnapshot(Receipt calldata receipt) private view {
        if (receipt.grantBlock > receipt.consentBlock) {
            revert Errors.AccessEscrow_GrantBlockAfterConsentBlock(receipt.grantBlock, receipt.consentBlock);
        }
        bytes32 known = BlockHashes.get(receipt.consentBlock);
        if (known == 0 || known != receipt.consentBlockHash) {
            revert Errors.AccessEscrow_ConsentBlockUnknown(receipt.consentBlock);
        }
    }

    /// @dev Every signature must be good: a bad one is a fault of the submitter, not one signer fewer.
    function _checkSigners(
        Order calldata order,
        bytes32 digest,
        GatewaySignature[] calldata signatures
    ) private view returns (uint16[] memory signers, bool executor) {
        signers = new uint16[](signatures.length);
        uint16 previous = 0;
        for (uint256 i = 0; i < signatures.length; ++i) {
            uint16 gateway = signatures[i].gateway;
            if (gateway <= previous) revert Errors.AccessEscrow_SignersNotSorted(previous, gateway);
            (bool member, address signer) = gateways.signerIn(order.gatewaySet, gateway);
            if (!member) revert Errors.AccessEscrow_SignerOutsideSet(gateway);
            if (signer == address(0) || !Signatures.isValid(signer, digest, signatures[i].signature))
                revert Errors.AccessEscrow_SignatureInvalid(gateway);
            if (gateway == order.custodian) executor = true;
            signers[i] = gateway;
            previous = gateway;
        }
    }

    function _pull(IERC20 token, address payer, uint256 amount) private {
        uint256 received = TokensIn.pull(token, payer, amount);
        if (received != amount) revert Errors.AccessEscrow_TokenDeltaMismatch(amount, received);
    }

    function _checkArbitrator(bytes32 id, Order calldata order) private view {
        if (order.arbitrator != msg.sender) revert Errors.AccessEscrow_NotArbitrator(id, msg.sender);
    }

    /// @dev A window is open before its end; at its end begins what anyone may do.
    function _checkBefore(bytes32 id, uint256 end) private view {
        if (block.timestamp >= end) revert Errors.AccessEscrow_TooLate(id, end - 1);
    }

    /// @dev What a download owes is known from its report only.
    function _checkReported(bytes32 id, OrderStatus storage status, Order calldata order) private view {
        if (order.kind == OrderKind.Download && !status.reported) revert Errors.AccessEscrow_NotReported(id);
    }

    /// @dev Pays per receipt, and of a download per report.
    function _settle(bytes32 id, OrderStatus storage status, Order calldata order) private {
        uint256 fee = BasisPoints.part(order.price, status.feeBps);
        uint256 price = order.price;
        uint256 refunded = 0;
        if (order.kind == OrderKind.Download && (status.released < status.cohort || status.cohort == 0)) {
            // Pro rata, rounded down: the buyer never pays for what was not released. Of an empty cohort nothing was.
            uint256 cohort = status.cohort == 0 ? 1 : status.cohort;
            price = (price * status.released) / cohort;
            uint256 dueFee = (fee * status.released) / cohort;
            refunded = order.price - price + fee - dueFee;
            fee = dueFee;
        }
        status.state = OrderState.Settled;
        status.changedAt = uint40(block.timestamp);
        _pay(id, order, price, fee, refunded);
    }

    /// @dev Shares are rounded down; what is left of the price goes to the asset's pot.
    function _pay(bytes32 id, Order calldata order, uint256 price, uint256 fee, uint256 refunded) private {
        uint256 custodianPart = BasisPoints.part(price, order.custodianBps);
        uint256 curatorPart = BasisPoints.part(price, order.curatorBps);
        uint256 pot = price - custodianPart - curatorPart;
        emit OrderSettled(id, order.asset, pot, custodianPart, curatorPart, fee, refunded);
        IERC20 token = IERC20(assets.tokenAt(order.token));
        Credit[] memory credits = new Credit[](3);
        credits[0] = Credit(gateways.operatorOf(order.custodian), custodianPart);
        credits[1] = Credit(_curatorOf(order.asset), curatorPart);
        credits[2] = Credit(commons, fee);
        token.safeTransfer(address(payouts), price + fee);
        payouts.deposit(address(token), credits, Pots.key(order.asset, 0), pot, id);
        if (refunded != 0) PayBack.to(order.buyer, token, refunded, payouts, id);
    }

    function _refund(
        bytes32 id,
        OrderStatus storage status,
        Order calldata order,
        RefundReason reason
    ) private {
        uint256 amount = order.price + BasisPoints.part(order.price, status.feeBps);
        status.state = OrderState.Refunded;
        status.changedAt = uint40(block.timestamp);
        emit OrderRefunded(id, order.asset, reason, amount);
        PayBack.to(order.buyer, IERC20(assets.tokenAt(order.token)), amount, payouts, id);
    }

    function _inState(bytes32 id, OrderState needed) private view returns (OrderStatus storage status) {
        status = _status[id];
        if (status.state != needed) revert Errors.AccessEscrow_WrongState(id, status.state);
    }

    function _curatorOf(uint256 asset) private view returns (address) {
        return IERC721(address(assets)).ownerOf(asset);
    }

    function _setFee(uint16 feeBps_) private {
        if (feeBps_ > MAX_FEE_BPS) revert Errors.AccessEscrow_FeeTooHigh(MAX_FEE_BPS, feeBps_);
        emit FeeChanged(feeBps, feeBps_);
        feeBps = feeBps_;
    }
}
