// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IAssetRegistry} from "./interfaces/IAssetRegistry.sol";
import {Credit, IPayouts} from "./interfaces/IPayouts.sol";
import {Errors} from "./libraries/Errors.sol";
import {Pots} from "./libraries/Pots.sol";
import {Parent} from "./types/AssetTypes.sol";

/// @title Payouts
/// @notice See `IPayouts`, which holds the rules.
contract Payouts is IPayouts {
    using SafeERC20 for IERC20;

    IAssetRegistry public immutable assets;

    mapping(address token => uint256) private _held;
    mapping(address token => mapping(address payee => uint256)) private _credits;
    mapping(address token => mapping(bytes32 pot => uint256)) private _pots;

    constructor(IAssetRegistry assets_) {
        assets = assets_;
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
        if (to == address(0)) revert Errors.Payouts_AddressZero();
        amount = _credits[token][msg.sender];
        if (amount == 0) revert Errors.Payouts_NothingToWithdraw(msg.sender);
        // Effect
        _credits[token][msg.sender] = 0;
        _held[token] -= amount;
        emit Withdrawn(token, msg.sender, to, amount);
        // Interaction
        IERC20(token).safeTransfer(to, amount);
    }

    /// @inheritdoc IPayouts
    function distribute(address token, uint256 asset, Parent[] calldata parents) external {
        if (parents.length == 0 || assets.lineageHashOf(asset) != keccak256(abi.encode(parents))) {
            revert Errors.Payouts_LineageMismatch(asset);
        }
        bytes32 own = Pots.key(asset, 0);
        uint256 amount = _pots[token][own];
        uint256 whole = 0;
        for (uint256 i = 0; i < parents.length; ++i) whole += parents[i].shareBps;
        if (whole == 0) revert Errors.Payouts_NothingToDistribute(asset);
        uint256 moved = 0;
        for (uint256 i = 0; i < parents.length; ++i) {
            uint256 part = (amount * parents[i].shareBps) / whole;
            if (part == 0) continue;
            bytes32 pot = Pots.key(parents[i].asset, parents[i].contributorsRoot);
            _pots[token][pot] += part;
            moved += part;
            emit Distributed(token, asset, parents[i].asset, pot, part);
        }
        if (moved == 0) revert Errors.Payouts_NothingToDistribute(asset);
        _pots[token][own] = amount - moved;
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
}
