// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IAccessEscrow} from "./interfaces/IAccessEscrow.sol";
import {IAssetRegistry} from "./interfaces/IAssetRegistry.sol";
import {IMandates} from "./interfaces/IMandates.sol";
import {IPayouts} from "./interfaces/IPayouts.sol";
import {Errors} from "./libraries/Errors.sol";
import {BasisPoints} from "./libraries/BasisPoints.sol";
import {PayBack} from "./libraries/PayBack.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {TokensIn} from "./libraries/TokensIn.sol";
import {AssetStatus, Sale} from "./types/AssetTypes.sol";
import {Terms} from "./types/DataUseTypes.sol";
import {Cancellation, Mandate, MandateState, MandateStatus} from "./types/MandateTypes.sol";
import {Order, PermitInput} from "./types/OrderTypes.sol";

/// @title Mandates
/// @notice See `IMandates`, which holds the rules.
contract Mandates is IMandates, EIP712 {
    using SafeERC20 for IERC20;

    bytes32 public constant MANDATE_TYPEHASH = keccak256(
        "Mandate(address buyer,bytes32 salt,uint256 asset,uint16 afterVersion,uint8 kind,uint128 uses,uint16 country,bytes32 disease,bytes32 project,bytes32 job,bytes32 recipientKey,bytes32 termsHash,uint16 token,uint96 maxPrice,uint96 maxFee,uint64 privacyCap,address arbitrator,uint16 runs,uint32 interval,uint40 until)"
    );
    bytes32 public constant CANCELLATION_TYPEHASH = keccak256("Cancellation(bytes32 mandate)");

    IAccessEscrow public immutable escrow;
    IAssetRegistry public immutable assets;
    IPayouts public immutable payouts;

    mapping(bytes32 id => MandateStatus) private _status;

    constructor(
        IAccessEscrow escrow_,
        IAssetRegistry assets_,
        IPayouts payouts_
    ) EIP712("Salus Mandates", "1") {
        escrow = escrow_;
        assets = assets_;
        payouts = payouts_;
    }

    /*//////////////////////////////////////////////////////////////
                                 CREATE
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IMandates
    function create(Mandate calldata mandate, bytes calldata buyerSignature) external returns (bytes32 id) {
        return _create(mandate, buyerSignature, assets.saleOf(mandate.asset));
    }

    /// @inheritdoc IMandates
    function createWithPermit(
        Mandate calldata mandate,
        bytes calldata buyerSignature,
        PermitInput calldata permit
    ) external returns (bytes32 id) {
        Sale memory sale = assets.saleOf(mandate.asset);
        _checkListed(mandate, sale);
        TokensIn.permit(IERC20(sale.token), mandate.buyer, permit);
        return _create(mandate, buyerSignature, sale);
    }

    /*//////////////////////////////////////////////////////////////
                                  RUN
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IMandates
    function run(
        Mandate calldata mandate,
        Terms calldata terms,
        bytes calldata evidence
    ) external returns (bytes32 order) {
        // Check
        bytes32 id = hashMandate(mandate);
        MandateStatus storage status = _open(id);
        Sale memory sale = assets.saleOf(mandate.asset);
        _checkListed(mandate, sale);
        _checkTime(id, mandate, status);
        uint16 version = sale.cfg.versions;
        if (version <= status.version) revert Errors.Mandates_NoNewVersion(id, status.version);
        uint256 cost = _costOf(mandate, sale.cfg.price);
        // Effect: the run is booked before any token moves, so that one entered from a transfer finds it done.
        uint16 number = ++status.runs;
        status.version = version;
        status.ranAt = uint40(block.timestamp);
        uint256 rest = status.balance - cost;
        bool last = number == mandate.runs;
        status.balance = last ? 0 : uint128(rest);
        if (last) status.state = MandateState.Closed;
        // Interaction
        IERC20(sale.token).forceApprove(address(escrow), cost);
        order = escrow.fund(_orderOf(mandate, id, number, sale), terms, evidence, "");
        emit MandateRun(id, order, mandate.asset, number, version, cost);
        if (last) _return(id, mandate, sale.token, CloseReason.Completed, rest);
    }

    /*//////////////////////////////////////////////////////////////
                                 CLOSE
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IMandates
    function cancel(Mandate calldata mandate, bytes calldata buyerSignature) external {
        bytes32 id = hashMandate(mandate);
        MandateStatus storage status = _open(id);
        bool agreed =
            mandate.buyer == msg.sender ||
                Signatures.isValid(mandate.buyer, hashCancellation(Cancellation(id)), buyerSignature);
        if (!agreed) revert Errors.Mandates_NotBuyer(id);
        _close(id, status, mandate, CloseReason.Cancelled);
    }

    /// @inheritdoc IMandates
    function close(Mandate calldata mandate) external {
        bytes32 id = hashMandate(mandate);
        MandateStatus storage status = _open(id);
        if (block.timestamp > mandate.until) {
            _close(id, status, mandate, CloseReason.Expired);
        } else if (assets.cfgOf(mandate.asset).status == AssetStatus.Delisted) {
            _close(id, status, mandate, CloseReason.Delisted);
        } else {
            revert Errors.Mandates_TooEarly(id, uint256(mandate.until) + 1);
        }
    }

    /*//////////////////////////////////////////////////////////////
                                 VIEWS
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IMandates
    function statusOf(bytes32 id) external view returns (MandateStatus memory) {
        return _status[id];
    }

    /// @inheritdoc IMandates
    function hashMandate(Mandate calldata mandate) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(MANDATE_TYPEHASH, mandate)));
    }

    /// @inheritdoc IMandates
    function hashCancellation(Cancellation memory cancellation) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(CANCELLATION_TYPEHASH, cancellation)));
    }

    /*//////////////////////////////////////////////////////////////
                                INTERNAL
    //////////////////////////////////////////////////////////////*/

    function _create(
        Mandate calldata mandate,
        bytes calldata buyerSignature,
        Sale memory sale
    ) private returns (bytes32 id) {
        // Check
        id = hashMandate(mandate);
        if (mandate.buyer != msg.sender && !Signatures.isValid(mandate.buyer, id, buyerSignature)) {
            revert Errors.Mandates_NotBuyer(id);
        }
        MandateState state = _status[id].state;
        if (state != MandateState.None) revert Errors.Mandates_WrongState(id, state);
        _checkListed(mandate, sale);
        if (mandate.token != sale.cfg.token || mandate.termsHash != sale.termsHash) {
            revert Errors.Mandates_ConfigurationMismatch(mandate.asset);
        }
        if (mandate.runs == 0) revert Errors.Mandates_NoRuns();
        if (block.timestamp > mandate.until) revert Errors.Mandates_TooLate(id, mandate.until);
        // Effect
        uint256 prepaid = uint256(mandate.runs) * (uint256(mandate.maxPrice) + mandate.maxFee);
        _status[id] = MandateStatus(MandateState.Open, 0, mandate.afterVersion, 0, uint128(prepaid));
        emit MandateCreated(id, mandate.buyer, mandate.asset, mandate, prepaid);
        // Interaction
        _pull(IERC20(sale.token), mandate.buyer, prepaid);
    }

    function _open(bytes32 id) private view returns (MandateStatus storage status) {
        status = _status[id];
        if (status.state != MandateState.Open) revert Errors.Mandates_WrongState(id, status.state);
    }

    function _checkListed(Mandate calldata mandate, Sale memory sale) private pure {
        if (sale.cfg.status != AssetStatus.Listed) revert Errors.Mandates_AssetNotListed(mandate.asset);
    }

    function _checkTime(bytes32 id, Mandate calldata mandate, MandateStatus storage status) private view {
        if (block.timestamp > mandate.until) revert Errors.Mandates_TooLate(id, mandate.until);
        uint256 opensAt = uint256(status.ranAt) + mandate.interval;
        if (status.runs != 0 && block.timestamp < opensAt) revert Errors.Mandates_TooEarly(id, opensAt);
    }

    function _costOf(Mandate calldata mandate, uint256 price) private view returns (uint256) {
        if (price > mandate.maxPrice) revert Errors.Mandates_PriceAboveMaximum(price, mandate.maxPrice);
        uint256 fee = BasisPoints.part(price, escrow.feeBps());
        if (fee > mandate.maxFee) revert Errors.Mandates_FeeAboveMaximum(fee, mandate.maxFee);
        return price + fee;
    }

    /// @dev What the buyer agreed to comes from the mandate, how the asset is sold now from the registry.
    function _orderOf(
        Mandate calldata mandate,
        bytes32 id,
        uint16 number,
        Sale memory sale
    ) private view returns (Order memory order) {
        order.buyer = mandate.buyer;
        order.salt = keccak256(abi.encode(id, number, sale.cfg.versions));
        order.asset = mandate.asset;
        order.version = sale.cfg.versions;
        order.kind = mandate.kind;
        order.uses = mandate.uses;
        order.country = mandate.country;
        order.disease = mandate.disease;
        order.project = mandate.project;
        order.job = mandate.job;
        order.recipientKey = mandate.recipientKey;
        order.termsHash = mandate.termsHash;
        order.token = mandate.token;
        order.price = sale.cfg.price;
        order.maxFee = mandate.maxFee;
        order.privacyCap = mandate.privacyCap;
        order.custodianBps = sale.cfg.custodianBps;
        order.curatorBps = sale.cfg.curatorBps;
        order.gatewaySet = sale.cfg.gatewaySet;
        order.threshold = sale.threshold;
        order.custodian = sale.cfg.custodian;
        order.arbitrator = mandate.arbitrator;
        order.deliverBy = uint40(block.timestamp) + escrow.maxDelivery();
        order.disputeWindow = escrow.disputeWindow();
        order.reportWindow = escrow.reportWindow();
    }

    function _pull(IERC20 token, address buyer, uint256 amount) private {
        uint256 received = TokensIn.pull(token, buyer, amount);
        if (received != amount) revert Errors.Mandates_TokenDeltaMismatch(amount, received);
    }

    function _close(
        bytes32 id,
        MandateStatus storage status,
        Mandate calldata mandate,
        CloseReason reason
    ) private {
        uint256 rest = status.balance;
        status.state = MandateState.Closed;
        status.balance = 0;
        _return(id, mandate, assets.tokenAt(mandate.token), reason, rest);
    }

    function _return(
        bytes32 id,
        Mandate calldata mandate,
        address token,
        CloseReason reason,
        uint256 rest
    ) private {
        emit MandateClosed(id, mandate.asset, reason, rest);
        if (rest != 0) PayBack.to(mandate.buyer, IERC20(token), rest, payouts, id);
    }
}
