// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IAccessEscrow} from "./interfaces/IAccessEscrow.sol";
import {IAssetRegistry} from "./interfaces/IAssetRegistry.sol";
import {IDataUseAuthority} from "./interfaces/IDataUseAuthority.sol";
import {IGatewayRegistry} from "./interfaces/IGatewayRegistry.sol";
import {Credit, IPayouts} from "./interfaces/IPayouts.sol";
import {IUsageChannel} from "./interfaces/IUsageChannel.sol";
import {DataUse} from "./libraries/DataUse.sol";
import {Errors} from "./libraries/Errors.sol";
import {Modes} from "./libraries/Modes.sol";
import {Pots} from "./libraries/Pots.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {TokensIn} from "./libraries/TokensIn.sol";
import {AssetStatus, Cfg, Sale} from "./types/AssetTypes.sol";
import {
    Channel,
    ChannelState,
    ChannelStatus,
    CloseRequest,
    Closing,
    UsageReceipt,
    Voucher
} from "./types/ChannelTypes.sol";
import {Purpose, Terms} from "./types/DataUseTypes.sol";
import {Gateway} from "./types/GatewayTypes.sol";
import {PermitInput} from "./types/OrderTypes.sol";

/// @title UsageChannel
/// @notice See `IUsageChannel`, which holds the rules.
contract UsageChannel is IUsageChannel, EIP712 {
    using SafeERC20 for IERC20;

    /// @dev Where one claim's money goes.
    struct Split {
        uint256 pot;
        uint256 custodian;
        uint256 curator;
        uint256 fee;
    }

    bytes32 public constant CHANNEL_TYPEHASH = keccak256(
        "Channel(address payer,bytes32 salt,uint256 asset,uint16 version,uint128 uses,uint16 country,bytes32 disease,bytes32 project,bytes32 termsHash,uint16 token,uint80 price,uint16 feeBps,uint16 custodianBps,uint16 curatorBps,uint16 custodian,uint40 until,uint88 deposit)"
    );
    bytes32 public constant VOUCHER_TYPEHASH = keccak256(
        "Voucher(bytes32 channel,uint32 nonce,uint88 amount)"
    );
    bytes32 public constant CLOSING_TYPEHASH = keccak256("Closing(bytes32 channel,uint88 amount)");
    bytes32 public constant CLOSE_REQUEST_TYPEHASH = keccak256("CloseRequest(bytes32 channel)");
    bytes32 public constant USAGE_RECEIPT_TYPEHASH = keccak256(
        "UsageReceipt(bytes32 channel,uint32 nonce,bytes32 model,bytes32 input,bytes32 output)"
    );

    uint256 public constant WHOLE_BPS = 10_000;

    IAssetRegistry public immutable assets;
    IGatewayRegistry public immutable gateways;
    IPayouts public immutable payouts;
    IDataUseAuthority public immutable dataUse;
    /// @notice Where protocol fees go.
    address public immutable commons;
    /// @inheritdoc IUsageChannel
    uint32 public immutable closeWindow;

    mapping(bytes32 id => ChannelStatus) private _status;

    constructor(
        IAssetRegistry assets_,
        IGatewayRegistry gateways_,
        IPayouts payouts_,
        IDataUseAuthority dataUse_,
        address commons_,
        uint32 closeWindow_
    ) EIP712("Salus UsageChannel", "1") {
        assets = assets_;
        gateways = gateways_;
        payouts = payouts_;
        dataUse = dataUse_;
        commons = commons_;
        closeWindow = closeWindow_;
    }

    /*//////////////////////////////////////////////////////////////
                                 PAY IN
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IUsageChannel
    function open(
        Channel calldata channel,
        Terms calldata terms,
        bytes calldata evidence,
        bytes calldata payerSignature
    ) external returns (bytes32 id) {
        return _open(channel, terms, evidence, payerSignature, assets.saleOf(channel.asset));
    }

    /// @inheritdoc IUsageChannel
    function openWithPermit(
        Channel calldata channel,
        Terms calldata terms,
        bytes calldata evidence,
        bytes calldata payerSignature,
        PermitInput calldata permit
    ) external returns (bytes32 id) {
        Sale memory sale = assets.saleOf(channel.asset);
        TokensIn.permit(IERC20(sale.token), channel.payer, permit);
        return _open(channel, terms, evidence, payerSignature, sale);
    }

    /// @inheritdoc IUsageChannel
    function topUp(Channel calldata channel, uint88 amount) external {
        _topUp(channel, amount);
    }

    /// @inheritdoc IUsageChannel
    function topUpWithPermit(Channel calldata channel, uint88 amount, PermitInput calldata permit) external {
        TokensIn.permit(_tokenOf(channel), msg.sender, permit);
        _topUp(channel, amount);
    }

    /*//////////////////////////////////////////////////////////////
                                 CLAIM
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IUsageChannel
    /// @dev The custodian only: each claim rounds its shares down, so nobody else chooses how small a claim is.
    function claim(
        Channel calldata channel,
        Voucher calldata voucher,
        bytes calldata payerSignature
    ) external {
        bytes32 id = hashChannel(channel);
        ChannelStatus storage status = _opened(id);
        if (!_isCustodian(channel.custodian)) {
            revert Errors.UsageChannel_NotCustodian(channel.custodian, msg.sender);
        }
        _claim(id, channel, status, voucher, payerSignature);
    }

    /*//////////////////////////////////////////////////////////////
                                 CLOSE
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IUsageChannel
    function close(
        Channel calldata channel,
        Voucher calldata voucher,
        bytes calldata payerSignature,
        bytes calldata custodianSignature
    ) external {
        // Check
        bytes32 id = hashChannel(channel);
        ChannelStatus storage status = _opened(id);
        _checkAgreed(id, channel.custodian, voucher, custodianSignature);
        // Effect, interaction
        if (voucher.amount != status.claimed) _claim(id, channel, status, voucher, payerSignature);
        _close(id, channel, status);
    }

    /// @inheritdoc IUsageChannel
    function requestClose(Channel calldata channel, bytes calldata payerSignature) external {
        bytes32 id = hashChannel(channel);
        ChannelStatus storage status = _opened(id);
        if (msg.sender != channel.payer) {
            _checkSignature(channel.payer, hashCloseRequest(CloseRequest(id)), payerSignature);
        }
        if (status.closesAt != 0) revert Errors.UsageChannel_Closing(id, status.closesAt);
        status.closesAt = uint40(block.timestamp) + closeWindow;
        emit ChannelCloseRequested(id, status.closesAt);
    }

    /// @inheritdoc IUsageChannel
    function finishClose(Channel calldata channel) external {
        bytes32 id = hashChannel(channel);
        ChannelStatus storage status = _opened(id);
        if (status.closesAt == 0) revert Errors.UsageChannel_CloseNotRequested(id);
        if (block.timestamp < status.closesAt) revert Errors.UsageChannel_TooEarly(id, status.closesAt);
        _close(id, channel, status);
    }

    /*//////////////////////////////////////////////////////////////
                                 VIEWS
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IUsageChannel
    function statusOf(bytes32 id) external view returns (ChannelStatus memory) {
        return _status[id];
    }

    /// @inheritdoc IUsageChannel
    function hashChannel(Channel calldata channel) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(CHANNEL_TYPEHASH, channel)));
    }

    /// @inheritdoc IUsageChannel
    function hashVoucher(Voucher calldata voucher) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(VOUCHER_TYPEHASH, voucher)));
    }

    /// @inheritdoc IUsageChannel
    function hashClosing(Closing memory closing) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(CLOSING_TYPEHASH, closing)));
    }

    /// @inheritdoc IUsageChannel
    function hashCloseRequest(CloseRequest memory request) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(CLOSE_REQUEST_TYPEHASH, request)));
    }

    /// @inheritdoc IUsageChannel
    function hashUsageReceipt(UsageReceipt calldata receipt) external view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(USAGE_RECEIPT_TYPEHASH, receipt)));
    }

    /*//////////////////////////////////////////////////////////////
                                INTERNAL
    //////////////////////////////////////////////////////////////*/

    function _open(
        Channel calldata channel,
        Terms calldata terms,
        bytes calldata evidence,
        bytes calldata payerSignature,
        Sale memory sale
    ) private returns (bytes32 id) {
        // Check
        id = hashChannel(channel);
        if (msg.sender != channel.payer) _checkSignature(channel.payer, id, payerSignature);
        if (_status[id].state != ChannelState.None) {
            revert Errors.UsageChannel_WrongState(id, _status[id].state);
        }
        _checkSale(channel, sale);
        _checkPurpose(channel, terms, sale.termsHash, evidence);
        // Effect
        _status[id] = ChannelStatus(channel.deposit, 0, 0, 0, ChannelState.Open);
        emit ChannelOpened(id, channel.payer, channel.asset, channel);
        if (evidence.length != 0) emit ChannelEvidenced(id, evidence);
        // Interaction
        _pull(IERC20(sale.token), channel.payer, channel.deposit);
    }

    function _topUp(Channel calldata channel, uint88 amount) private {
        // Check
        bytes32 id = hashChannel(channel);
        ChannelStatus storage status = _opened(id);
        if (status.closesAt != 0) revert Errors.UsageChannel_Closing(id, status.closesAt);
        // Effect
        status.balance += amount;
        emit ChannelToppedUp(id, msg.sender, amount, status.balance);
        // Interaction
        _pull(_tokenOf(channel), msg.sender, amount);
    }

    function _claim(
        bytes32 id,
        Channel calldata channel,
        ChannelStatus storage status,
        Voucher calldata voucher,
        bytes calldata payerSignature
    ) private {
        // Check
        if (voucher.channel != id) revert Errors.UsageChannel_OtherChannel(id, voucher.channel);
        (uint88 claimed, uint88 balance) = (status.claimed, status.balance);
        if (voucher.amount <= claimed) revert Errors.UsageChannel_NothingNew(claimed, voucher.amount);
        if (voucher.nonce <= status.nonce) {
            revert Errors.UsageChannel_NonceNotRising(status.nonce, voucher.nonce);
        }
        _checkSignature(channel.payer, hashVoucher(voucher), payerSignature);
        uint256 price = voucher.amount - claimed;
        // Counted over all calls so far: what the payer owes does not depend on how often it is claimed.
        uint256 fee = _share(voucher.amount, channel.feeBps) - _share(claimed, channel.feeBps);
        if (price + fee > balance) revert Errors.UsageChannel_BalanceTooLow(balance, price + fee);
        // Effect
        balance -= uint88(price + fee);
        (status.balance, status.claimed, status.nonce) = (balance, voucher.amount, voucher.nonce);
        Split memory split = _split(channel, price, fee);
        emit VoucherClaimed(
            id,
            channel.asset,
            voucher.nonce,
            voucher.amount,
            split.pot,
            split.custodian,
            split.curator,
            fee,
            balance
        );
        // Interaction
        _pay(id, channel, split);
    }

    /// @dev As the escrow splits an order: shares are rounded down, what is left of the price goes to the model's pot.
    function _split(
        Channel calldata channel,
        uint256 price,
        uint256 fee
    ) private pure returns (Split memory split) {
        split.custodian = _share(price, channel.custodianBps);
        split.curator = _share(price, channel.curatorBps);
        split.pot = price - split.custodian - split.curator;
        split.fee = fee;
    }

    function _pay(bytes32 id, Channel calldata channel, Split memory split) private {
        Credit[] memory credits = new Credit[](3);
        credits[0] = Credit(gateways.operatorOf(channel.custodian), split.custodian);
        credits[1] = Credit(IERC721(address(assets)).ownerOf(channel.asset), split.curator);
        credits[2] = Credit(commons, split.fee);
        IERC20 token = _tokenOf(channel);
        token.safeTransfer(address(payouts), split.pot + split.custodian + split.curator + split.fee);
        payouts.deposit(address(token), credits, Pots.key(channel.asset, 0), split.pot, id);
    }

    function _close(bytes32 id, Channel calldata channel, ChannelStatus storage status) private {
        // Effect
        uint256 refund = status.balance;
        (status.balance, status.state) = (0, ChannelState.Closed);
        emit ChannelClosed(id, status.claimed, refund);
        // Interaction
        if (refund == 0) return;
        IERC20 token = _tokenOf(channel);
        if (token.trySafeTransfer(channel.payer, refund)) return;
        // A token may refuse the payer, as with a blocked account: then the rest waits for them in `Payouts`.
        Credit[] memory credits = new Credit[](1);
        credits[0] = Credit(channel.payer, refund);
        token.safeTransfer(address(payouts), refund);
        payouts.deposit(address(token), credits, 0, 0, id);
    }

    function _checkSale(Channel calldata channel, Sale memory sale) private view {
        Cfg memory cfg = sale.cfg;
        if (cfg.status != AssetStatus.Listed || cfg.modes & Modes.MODEL_USE == 0) {
            revert Errors.UsageChannel_NotForUse(channel.asset);
        }
        bool same =
            channel.version == cfg.versions &&
                channel.price == cfg.price &&
                channel.token == cfg.token &&
                channel.custodian == cfg.custodian &&
                channel.custodianBps == cfg.custodianBps &&
                channel.curatorBps == cfg.curatorBps;
        if (!same) revert Errors.UsageChannel_ConfigurationMismatch(channel.asset);
        uint16 feeBps = IAccessEscrow(assets.escrow()).feeBps();
        if (channel.feeBps != feeBps) revert Errors.UsageChannel_FeeMismatch(feeBps, channel.feeBps);
        if (channel.until <= block.timestamp) revert Errors.UsageChannel_EndPassed(channel.until);
    }

    /// @dev As the escrow decides on an order that is used until the channel's end.
    function _checkPurpose(
        Channel calldata channel,
        Terms calldata terms,
        bytes32 expected,
        bytes calldata evidence
    ) private view {
        if (keccak256(abi.encode(terms)) != expected || channel.termsHash != expected) {
            revert Errors.UsageChannel_TermsMismatch(expected, channel.termsHash);
        }
        Purpose memory purpose = Purpose(channel.uses, channel.country, channel.disease, channel.project);
        uint128 shown = 0;
        if (evidence.length != 0 || terms.duo & DataUse.GS != 0) {
            shown = dataUse.shownBy(channel.payer, channel.asset, purpose, channel.until, terms, evidence);
        }
        DataUse.Reason reason = DataUse.permits(
            terms.duo,
            terms.disease,
            terms.dates,
            purpose,
            shown,
            block.timestamp,
            channel.until
        );
        if (reason != DataUse.Reason.Permitted) revert Errors.UsageChannel_PurposeNotPermitted(reason);
    }

    function _checkAgreed(
        bytes32 id,
        uint16 custodian,
        Voucher calldata voucher,
        bytes calldata custodianSignature
    ) private view {
        if (_isCustodian(custodian)) return;
        bytes32 digest = hashClosing(Closing(id, voucher.amount));
        Gateway memory gateway = gateways.gatewayOf(custodian);
        if (Signatures.isValid(gateway.signer, digest, custodianSignature)) return;
        _checkSignature(gateway.operator, digest, custodianSignature);
    }

    function _isCustodian(uint16 custodian) private view returns (bool) {
        if (msg.sender == gateways.operatorOf(custodian)) return true;
        return msg.sender == gateways.gatewayOf(custodian).signer;
    }

    function _checkSignature(address signer, bytes32 digest, bytes calldata signature) private view {
        if (!Signatures.isValid(signer, digest, signature)) {
            revert Errors.UsageChannel_SignatureInvalid(signer);
        }
    }

    function _opened(bytes32 id) private view returns (ChannelStatus storage status) {
        status = _status[id];
        if (status.state != ChannelState.Open) revert Errors.UsageChannel_WrongState(id, status.state);
    }

    function _pull(IERC20 token, address from, uint256 amount) private {
        uint256 received = TokensIn.pull(token, from, amount);
        if (received != amount) revert Errors.UsageChannel_TokenDeltaMismatch(amount, received);
    }

    function _tokenOf(Channel calldata channel) private view returns (IERC20) {
        return IERC20(assets.tokenAt(channel.token));
    }

    function _share(uint256 amount, uint256 bps) private pure returns (uint256) {
        return (amount * bps) / WHOLE_BPS;
    }
}
