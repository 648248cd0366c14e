// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Terms} from "../types/DataUseTypes.sol";
import {
    Failure,
    GatewaySignature,
    Order,
    OrderStatus,
    PermitInput,
    Receipt,
    ReleaseReport
} from "../types/OrderTypes.sol";

/// @title IAccessEscrow
/// @notice Orders and their money: `Funded → Delivered → Settled`, `Funded → Refunded`, and for a download without a
/// release report `Delivered → Refunded`. `Disputed` is reserved for disputes.
/// @dev The buyer pays `price + fee` in an allow-listed token. Assumptions about tokens: transfers move the exact amount
/// or revert; a balance changes by transfers only. An order's fixed part is handed back by the caller at every step.
interface IAccessEscrow {
    /// @notice Why an order was refunded.
    enum RefundReason {
        Failed,
        Expired,
        Delisted,
        NotReported
    }

    event OrderFunded(
        bytes32 indexed id,
        address indexed buyer,
        uint256 indexed asset,
        Order order,
        uint16 feeBps,
        uint256 fee
    );
    /// @dev Evidence that came with an order: with it anyone can check again what the terms asked for.
    event OrderEvidenced(bytes32 indexed id, bytes evidence);
    event OrderDelivered(bytes32 indexed id, uint256 indexed asset, Receipt receipt, uint16[] signers);
    event OrderReported(bytes32 indexed id, uint32 count, bytes32 root, uint16[] signers);
    event OrderFailed(bytes32 indexed id, uint16 reason, bytes32 detail, uint16[] signers);
    event OrderSettled(
        bytes32 indexed id,
        uint256 indexed asset,
        uint256 pot,
        uint256 custodian,
        uint256 curator,
        uint256 fee,
        uint256 refund
    );
    event OrderRefunded(bytes32 indexed id, uint256 indexed asset, RefundReason reason, uint256 amount);
    event FeeChanged(uint16 previousBps, uint16 feeBps);

    /// @notice Funds an order from the buyer's allowance.
    /// @param order Its fixed part
    /// @param terms The dataset's terms, in full
    /// @param evidence ABI-encoded `Evidence` for what the terms ask to be shown; may be empty
    /// @param buyerSignature The buyer's signature over the id; may be empty if the buyer is the sender
    function fund(
        Order calldata order,
        Terms calldata terms,
        bytes calldata evidence,
        bytes calldata buyerSignature
    ) external returns (bytes32 id);

    /// @notice The same after an ERC-2612 permit of the buyer. A permit that was already used does no harm.
    function fundWithPermit(
        Order calldata order,
        Terms calldata terms,
        bytes calldata evidence,
        bytes calldata buyerSignature,
        PermitInput calldata permit
    ) external returns (bytes32 id);

    /// @notice Delivers on a receipt signed by the executor and in all by at least the threshold of the order's gateways.
    function deliver(
        Order calldata order,
        Receipt calldata receipt,
        GatewaySignature[] calldata signatures
    ) external;

    /// @notice For a delivered download: what was released, signed by at least the threshold of gateways.
    function report(
        Order calldata order,
        ReleaseReport calldata r,
        GatewaySignature[] calldata signatures
    ) external;

    /// @notice Pays out a delivered order after its dispute window. Anyone may call it.
    function settle(Order calldata order) external;

    /// @notice Refunds a funded order on a failure signed by the executor or by the threshold of gateways.
    function fail(
        Order calldata order,
        Failure calldata failure,
        GatewaySignature[] calldata signatures
    ) external;

    /// @notice Refunds an order that can no longer be delivered, or a download without a report. Anyone may call it.
    function refund(Order calldata order) external;

    /// @notice Sets the protocol fee of orders funded from now on. By vote only, within the bound.
    function setFee(uint16 feeBps) external;

    function feeBps() external view returns (uint16);

    function statusOf(bytes32 id) external view returns (OrderStatus memory);

    /// @notice keccak256 of the ABI-encoded receipt of a delivered training order, from which a model may be published;
    /// zero for every other order, whose receipt is in `OrderDelivered`.
    function receiptHashOf(bytes32 id) external view returns (bytes32);

    function hashOrder(Order calldata order) external view returns (bytes32);

    function hashReceipt(Receipt calldata receipt) external view returns (bytes32);

    function hashFailure(Failure calldata failure) external view returns (bytes32);

    function hashReport(ReleaseReport calldata r) external view returns (bytes32);
}
