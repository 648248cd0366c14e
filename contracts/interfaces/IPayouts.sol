// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Parent} from "../types/AssetTypes.sol";

/// @notice An amount owed to a fixed payee.
struct Credit {
    address payee;
    uint256 amount;
}

/// @title IPayouts
/// @notice Settled money: credits of fixed payees, which they withdraw, and one pot per asset and token.
/// @dev Anyone may deposit, since a deposit is backed by tokens that arrived with it; only deposits by an escrow count
/// as settlements to an indexer, which sees the depositor in the event.
interface IPayouts {
    event Credited(
        address indexed token,
        address indexed payee,
        bytes32 indexed order,
        address depositor,
        uint256 amount
    );
    event PotCredited(
        address indexed token,
        bytes32 indexed pot,
        bytes32 indexed order,
        address depositor,
        uint256 amount
    );
    event Withdrawn(address indexed token, address indexed payee, address to, uint256 amount);
    event Distributed(
        address indexed token,
        uint256 indexed asset,
        uint256 indexed parent,
        bytes32 pot,
        uint256 amount
    );

    /// @notice Books tokens that the caller transferred to this contract in the same transaction.
    /// @param token ERC-20 token
    /// @param credits Fixed payees and amounts
    /// @param pot Pot that receives `potAmount`
    /// @param order Order that was settled
    function deposit(
        address token,
        Credit[] calldata credits,
        bytes32 pot,
        uint256 potAmount,
        bytes32 order
    ) external;

    /// @notice Pays the sender's credit to an address of their choice.
    function withdraw(address token, address to) external returns (uint256 amount);

    /// @notice Moves a model's pot one hop up, to its parents' pots by their shares. Anyone may call it.
    /// @param parents The model's parents, as published
    function distribute(address token, uint256 asset, Parent[] calldata parents) external;

    function creditOf(address token, address payee) external view returns (uint256);

    function potOf(address token, bytes32 pot) external view returns (uint256);

    /// @notice Sum of all credits and pots of a token.
    function heldOf(address token) external view returns (uint256);
}
