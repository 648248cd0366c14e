// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Terms} from "../types/DataUseTypes.sol";
import {
    Acceptance,
    Failure,
    GatewaySignature,
    Order,
    OrderStatus,
    PermitInput,
    Receipt,
    ReleaseReport,
    Ruling
} from "../types/OrderTypes.sol";

/// @title IAccessEscrow
/// @notice Orders and their money: `Funded → Delivered → Settled`, `Funded → Refunded`, for a download without a
/// release report `Delivered → Refunded`, and `Delivered → Disputed → Settled | Refunded` by a ruling or by silence.
/// @dev The buyer pays `price + fee` in an allow-listed token. Assumptions about tokens: transfers move the exact amount
/// or revert; a balance changes by transfers only. An order's fixed part is handed back by the caller at every step.
/// What a vote can do: set the fee and the arbitrator of orders that are funded later. It can refund no order, pay out
/// none and change none. A custodian or curator who delists refunds what is still funded; an arbitrator who rules ends a
/// dispute by the receipt or by a refund, never by another payment.
interface IAccessEscrow {
    /// @notice Why an order was refunded.
    enum RefundReason {
        Failed,
        Expired,
        Delisted,
        NotReported,
        Ruled
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
    event OrderAccepted(bytes32 indexed id, uint256 indexed asset, address indexed buyer);
    event OrderDisputed(
        bytes32 indexed id,
        uint256 indexed asset,
        address indexed arbitrator,
        uint40 rulingUntil
    );
    event OrderRuled(bytes32 indexed id, uint256 indexed asset, address indexed arbitrator, Ruling ruling);
    event FeeChanged(uint16 previousBps, uint16 feeBps);
    event ArbitratorChanged(address previous, address arbitrator);

    /// @notice Funds an order from the buyer's allowance. `Mandates` funds a run of a mandate that the buyer agreed to
    /// and paid for, from what it holds.
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

    /// @notice Pays out a delivered order after its dispute window, which for a download counts from its report, or a
    /// disputed one on which no ruling came in time. Anyone may call it.
    function settle(Order calldata order) external;

    /// @notice The buyer is content: pays out a delivered order at once; of a download once it is reported.
    /// @param buyerSignature EIP-712 `Acceptance` by the buyer; may be empty if the buyer is the sender
    function accept(Order calldata order, bytes calldata buyerSignature) external;

    /// @notice Opens a dispute within the dispute window; of a download once it is reported. Only the order's arbitrator
    /// may, on whatever terms it asks of the parties.
    function dispute(Order calldata order) external;

    /// @notice Ends a dispute within the ruling window: by the receipt, or by a refund. The order's arbitrator only.
    function rule(Order calldata order, Ruling ruling) external;

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

    /// @notice Sets the arbitrator that orders funded from now on may name; zero for none. By vote only.
    function setArbitrator(address arbitrator) external;

    /// @notice The arbitrator that a new order may name; it may also name none.
    function arbitrator() external view returns (address);

    /// @notice Where mandates are kept: the only payer besides the buyer.
    function mandates() external view returns (address);

    /// @notice Seconds, fixed at deployment: the longest time until delivery, and the windows of every order.
    function maxDelivery() external view returns (uint32);

    function disputeWindow() external view returns (uint32);

    function reportWindow() external view returns (uint32);

    function rulingWindow() external view returns (uint32);

    function feeBps() external view returns (uint16);

    function statusOf(bytes32 id) external view returns (OrderStatus memory);

    /// @notice keccak256 of the ABI-encoded receipt of a delivered training order, from which a model may be published;
    /// zero for every other order, whose receipt is in `OrderDelivered`.
    function receiptHashOf(bytes32 id) external view returns (bytes32);

    function hashOrder(Order calldata order) external view returns (bytes32);

    function hashReceipt(Receipt calldata receipt) external view returns (bytes32);

    function hashFailure(Failure calldata failure) external view returns (bytes32);

    function hashAcceptance(Acceptance memory acceptance) external view returns (bytes32);

    function hashReport(ReleaseReport calldata r) external view returns (bytes32);
}
