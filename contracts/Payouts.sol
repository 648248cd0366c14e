// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IAssetRegistry} from "./interfaces/IAssetRegistry.sol";
import {IContributorRewards} from "./interfaces/IContributorRewards.sol";
import {Credit, IPayouts} from "./interfaces/IPayouts.sol";
import {Errors} from "./libraries/Errors.sol";
import {Pots} from "./libraries/Pots.sol";
import {Parent} from "./types/AssetTypes.sol";

/// @title Payouts
/// @notice See `IPayouts`, which holds the rules.
contract Payouts is IPayouts {
    using SafeERC20 for IERC20;

    IAssetRegistry public immutable assets;
    IContributorRewards public immutable rewards;

    mapping(address token => uint256) private _held;
    mapping(address token => mapping(address payee => uint256)) private _credits;
    mapping(address token => mapping(bytes32 pot => uint256)) private _pots;
    /// @dev What a model's pot has held in all up to its last distribution.
    mapping(address token => mapping(uint256 asset => uint256)) private _distributed;
    mapping(address payee => address) private _recipients;

    constructor(IAssetRegistry assets_, IContributorRewards rewards_) {
        assets = assets_;
        rewards = rewards_;
    }

    /// @inheritdoc IPayouts
    function deposit(
        address token,
        Credit[] calldata credits,
        bytes32 pot,
        uint256 potAmount,
        bytes32 order
    ) external {
        uint256 total = potAmount;
        for (uint256 i = 0; i < credits.length; ++i) {
            Credit calldata credit = credits[i];
            if (credit.amount == 0) continue;
            total += credit.amount;
            _credits[token][credit.payee] += credit.amount;
            emit Credited(token, credit.payee, order, msg.sender, credit.amount);
        }
        if (potAmount != 0) {
            _pots[token][pot] += potAmount;
            emit PotCredited(token, pot, order, msg.sender, potAmount);
        }
        // Check: what is booked has arrived.
        uint256 held = _held[token];
        uint256 received = IERC20(token).balanceOf(address(this)) - held;
        if (received < total) revert Errors.Payouts_NotFunded(total, received);
        _held[token] = held + total;
    }

    /// @inheritdoc IPayouts
    function withdraw(address token, address to) external returns (uint256 amount) {
        return _withdraw(token, msg.sender, to);
    }

    /// @inheritdoc IPayouts
    function setRecipient(address recipient) external {
        _recipients[msg.sender] = recipient;
        emit RecipientSet(msg.sender, recipient);
    }

    /// @inheritdoc IPayouts
    function withdrawFor(address token, address payee) external returns (uint256 amount) {
        address recipient = _recipients[payee];
        if (recipient == address(0)) revert Errors.Payouts_NoRecipient(payee);
        return _withdraw(token, payee, recipient);
    }

    /// @inheritdoc IPayouts
    function distribute(address token, uint256 asset, Parent[] calldata parents) external {
        if (parents.length == 0 || assets.lineageHashOf(asset) != keccak256(abi.encode(parents))) {
            revert Errors.Payouts_LineageMismatch(asset);
        }
        uint256 whole = 0;
        for (uint256 i = 0; i < parents.length; ++i) whole += parents[i].shareBps;
        if (whole == 0) revert Errors.Payouts_NothingToDistribute(asset);
        // What the pot has held in all: what went up before, and what lies in it.
        uint256 before = _distributed[token][asset];
        uint256 sum = _pots[token][bytes32(asset)];
        for (uint256 i = 0; i < parents.length; ++i) sum += (before * parents[i].shareBps) / whole;
        uint256 moved = 0;
        for (uint256 i = 0; i < parents.length; ++i) {
            Parent calldata parent = parents[i];
            // Of the sum, not of what is new: so it does not matter how often anybody calls.
            uint256 part = (sum * parent.shareBps) / whole - (before * parent.shareBps) / whole;
            if (part == 0) continue;
            bytes32 pot = Pots.key(parent.asset, parent.contributorsRoot);
            _pots[token][pot] += part;
            moved += part;
            emit Distributed(token, asset, parent.asset, pot, part);
        }
        if (moved == 0) revert Errors.Payouts_NothingToDistribute(asset);
        _distributed[token][asset] = sum;
        _pots[token][bytes32(asset)] -= moved;
    }

    /// @inheritdoc IPayouts
    function collect(
        address token,
        uint256 dataset,
        bytes32[] calldata contributorsRoots
    ) external returns (uint256 amount) {
        // Check: a model's pot belongs to its parents.
        if (assets.lineageHashOf(dataset) != 0) revert Errors.Payouts_NotADataset(dataset);
        // Effect
        for (uint256 i = 0; i < contributorsRoots.length; ++i) {
            bytes32 pot = Pots.key(dataset, contributorsRoots[i]);
            uint256 part = _pots[token][pot];
            if (part == 0) continue;
            _pots[token][pot] = 0;
            amount += part;
            emit PotCollected(token, dataset, pot, part);
        }
        if (amount == 0) revert Errors.Payouts_NothingToCollect(dataset);
        _held[token] -= amount;
        // Interaction: with the rewards, which are ours, and which take the tokens.
        IERC20(token).forceApprove(address(rewards), amount);
        rewards.fund(dataset, token, amount);
    }

    /// @inheritdoc IPayouts
    function creditOf(address token, address payee) external view returns (uint256) {
        return _credits[token][payee];
    }

    /// @inheritdoc IPayouts
    function potOf(address token, bytes32 pot) external view returns (uint256) {
        return _pots[token][pot];
    }

    /// @inheritdoc IPayouts
    function heldOf(address token) external view returns (uint256) {
        return _held[token];
    }

    /// @inheritdoc IPayouts
    function recipientOf(address payee) external view returns (address) {
        return _recipients[payee];
    }

    function _withdraw(address token, address payee, address to) private returns (uint256 amount) {
        if (to == address(0)) revert Errors.Payouts_AddressZero();
        amount = _credits[token][payee];
        if (amount == 0) revert Errors.Payouts_NothingToWithdraw(payee);
        // Effect
        _credits[token][payee] = 0;
        _held[token] -= amount;
        emit Withdrawn(token, payee, to, amount);
        // Interaction
        IERC20(token).safeTransfer(to, amount);
    }
}
