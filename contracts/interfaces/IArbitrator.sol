// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title IArbitrator
/// @notice The side of ERC-792 that an order's arbitrator shows to buyers and gateways. `AccessEscrow` is the arbitrable
/// side: it never calls its arbitrator, so one that reverts, lies or vanishes holds up no order.
/// @dev How the two map: `createDispute` with `abi.encode(order)` as extra data leads to `AccessEscrow.dispute(order)`,
/// called by the arbitrator; a decision to `AccessEscrow.rule(order, ruling)`, with ERC-792's 0 (refused to arbitrate) as
/// `Ruling.None`. Parties, bonds and appeals are the arbitrator's own.
interface IArbitrator {
    /// @notice As in ERC-792.
    enum DisputeStatus {
        Waiting,
        Appealable,
        Solved
    }

    event DisputeCreation(uint256 indexed disputeID, address indexed arbitrable);

    /// @notice Opens a dispute about an order of an escrow.
    /// @param choices Number of rulings to choose from besides 0; 2 for an order
    /// @param extraData ABI-encoded order
    function createDispute(
        uint256 choices,
        bytes calldata extraData
    ) external payable returns (uint256 disputeID);

    /// @notice What `createDispute` costs, in wei.
    function arbitrationCost(bytes calldata extraData) external view returns (uint256);

    function disputeStatus(uint256 disputeID) external view returns (DisputeStatus);

    function currentRuling(uint256 disputeID) external view returns (uint256);
}
