// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Parent} from "../types/AssetTypes.sol";

/// @notice An amount owed to a fixed payee.
struct Credit {
    address payee;
    uint256 amount;
}

/// @title IPayouts
/// @notice Settled money: credits of fixed payees, which they withdraw, and one pot per asset and token. A model's pot
/// goes up to its parents (`distribute`), a dataset's to the rewards of its contributors (`collect`); there is no other way
/// out of a pot.
/// @dev Dust: shares are rounded down, and what the floors leave stays in the pot it comes from, where it counts again. An
/// amount of zero is neither booked nor reported.
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

    event PotCollected(address indexed token, uint256 indexed dataset, bytes32 indexed pot, uint256 amount);
    event RecipientSet(address indexed payee, address recipient);

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

    /// @notice Names the address to which anyone may send the sender's credits; zero takes the name back.
    function setRecipient(address recipient) external;

    /// @notice Pays a payee's credit to the recipient that the payee named. Anyone may call it.
    function withdrawFor(address token, address payee) external returns (uint256 amount);

    /// @notice Moves a model's pot one hop up, to its parents' pots by their shares. Anyone may call it, and however
    /// often it is called, each parent has ⌊all that ever came in × share ÷ sum of shares⌋ after it.
    /// @param parents The model's parents, as published
    function distribute(address token, uint256 asset, Parent[] calldata parents) external;

    /// @notice Moves a dataset's pots to the rewards of its contributors. Anyone may call it.
    /// @param contributorsRoots Zero for the dataset's own pot, else the contributors of a training receipt
    function collect(
        address token,
        uint256 dataset,
        bytes32[] calldata contributorsRoots
    ) external returns (uint256 amount);

    function creditOf(address token, address payee) external view returns (uint256);

    function potOf(address token, bytes32 pot) external view returns (uint256);

    /// @notice Where anyone may send a payee's credits; zero if nowhere.
    function recipientOf(address payee) external view returns (address);

    /// @notice Sum of all credits and pots of a token.
    function heldOf(address token) external view returns (uint256);
}
