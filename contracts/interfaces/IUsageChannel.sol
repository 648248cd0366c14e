// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {
    Channel,
    ChannelStatus,
    CloseRequest,
    Closing,
    UsageReceipt,
    Voucher
} from "../types/ChannelTypes.sol";
import {Terms} from "../types/DataUseTypes.sol";
import {PermitInput} from "../types/OrderTypes.sol";

/// @title IUsageChannel
/// @notice Prepaid use of a model: the payer deposits once, signs a voucher with each call, and the custodian claims the
/// latest one when it likes. What is claimed is split like an order's price: custodian, curator, the model's pot, and the
/// protocol fee on top. Nobody administers this contract.
/// @dev What a voucher has earned is owed until the channel is closed: the payer alone closes only after a window in
/// which the custodian can still claim; the custodian's agreement closes at once. Assumptions about tokens are those of
/// the escrow. A channel's fixed part is handed back by the caller at every step.
interface IUsageChannel {
    event ChannelOpened(bytes32 indexed id, address indexed payer, uint256 indexed asset, Channel channel);
    event ChannelToppedUp(bytes32 indexed id, address indexed from, uint256 amount, uint256 balance);
    /// @param amount All that vouchers have paid so far, without fees; the parts are those of this claim
    event VoucherClaimed(
        bytes32 indexed id,
        uint256 indexed asset,
        uint32 nonce,
        uint256 amount,
        uint256 pot,
        uint256 custodian,
        uint256 curator,
        uint256 fee,
        uint256 balance
    );
    event ChannelCloseRequested(bytes32 indexed id, uint40 closesAt);
    event ChannelClosed(bytes32 indexed id, uint256 claimed, uint256 refund);

    /// @notice Evidence that a channel was opened with, for whoever decides on a call.
    event ChannelEvidenced(bytes32 indexed id, bytes evidence);

    /// @notice Opens a channel from the payer's allowance.
    /// @param terms The model's terms, in full
    /// @param evidence What the terms ask to be shown, as for an order; may be empty
    /// @param payerSignature The payer's signature over the id; may be empty if the payer is the sender
    function open(
        Channel calldata channel,
        Terms calldata terms,
        bytes calldata evidence,
        bytes calldata payerSignature
    ) external returns (bytes32 id);

    /// @notice The same after an ERC-2612 permit of the payer. A permit that was already used does no harm.
    function openWithPermit(
        Channel calldata channel,
        Terms calldata terms,
        bytes calldata evidence,
        bytes calldata payerSignature,
        PermitInput calldata permit
    ) external returns (bytes32 id);

    /// @notice Adds to an open channel from the sender's allowance. What is not used goes back to the payer, whoever paid.
    function topUp(Channel calldata channel, uint88 amount) external;

    /// @notice The same after an ERC-2612 permit of the sender.
    function topUpWithPermit(Channel calldata channel, uint88 amount, PermitInput calldata permit) external;

    /// @notice The custodian, by operator or signer, takes what the latest voucher owes it and the others.
    function claim(
        Channel calldata channel,
        Voucher calldata voucher,
        bytes calldata payerSignature
    ) external;

    /// @notice Closes at once: the custodian agrees, as sender or by a signed `Closing`, that the voucher's amount is the
    /// last. An amount above what was claimed needs the payer's signature; anyone may pass both on.
    function close(
        Channel calldata channel,
        Voucher calldata voucher,
        bytes calldata payerSignature,
        bytes calldata custodianSignature
    ) external;

    /// @notice The payer, as sender or by a signed `CloseRequest`, opens the window at whose end the channel may be closed.
    function requestClose(Channel calldata channel, bytes calldata payerSignature) external;

    /// @notice Closes a channel whose window has ended. Anyone may call it.
    function finishClose(Channel calldata channel) external;

    function statusOf(bytes32 id) external view returns (ChannelStatus memory);

    /// @notice Seconds between the request to close and the close.
    function closeWindow() external view returns (uint32);

    function hashChannel(Channel calldata channel) external view returns (bytes32);

    function hashVoucher(Voucher calldata voucher) external view returns (bytes32);

    function hashClosing(Closing calldata closing) external view returns (bytes32);

    function hashCloseRequest(CloseRequest calldata request) external view returns (bytes32);

    function hashUsageReceipt(UsageReceipt calldata receipt) external view returns (bytes32);
}
