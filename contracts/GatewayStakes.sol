// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IGatewayStakes, Stake} from "./interfaces/IGatewayStakes.sol";
import {Bounds} from "./libraries/Bounds.sol";
import {Errors} from "./libraries/Errors.sol";
import {TokensIn} from "./libraries/TokensIn.sol";
import {GatewayStatus} from "./types/GatewayTypes.sol";

/// @title GatewayStakes
/// @notice The part of the gateway registry that holds stakes. See `IGatewayStakes`, which holds the rules.
abstract contract GatewayStakes is IGatewayStakes, AccessManaged {
    using SafeERC20 for IERC20;

    /// @notice What no vote may ask of a gateway more than, in whole stake tokens.
    uint256 public constant MAX_MINIMUM_STAKE = 1_000_000;

    /// @inheritdoc IGatewayStakes
    address public immutable stakeToken;
    /// @inheritdoc IGatewayStakes
    uint128 public immutable maxMinimumStake;
    /// @inheritdoc IGatewayStakes
    uint32 public immutable withdrawalDelay;
    /// @inheritdoc IGatewayStakes
    uint128 public minimumStake;

    mapping(uint16 gateway => Stake) private _stakes;

    constructor(address stakeToken_, uint32 withdrawalDelay_) {
        if (stakeToken_ == address(0)) revert Errors.GatewayRegistry_AddressZero();
        stakeToken = stakeToken_;
        withdrawalDelay = withdrawalDelay_;
        maxMinimumStake = uint128(MAX_MINIMUM_STAKE * 10 ** IERC20Metadata(stakeToken_).decimals());
    }

    /// @inheritdoc IGatewayStakes
    function depositStake(uint16 gateway, uint128 amount) external {
        // Check
        (GatewayStatus status, ) = _standingOf(gateway);
        if (status != GatewayStatus.Active) revert Errors.GatewayRegistry_NotActive(gateway);
        // Effect
        uint128 total = _stakes[gateway].amount + amount;
        _stakes[gateway].amount = total;
        emit StakeDeposited(gateway, msg.sender, amount, total);
        // Interaction
        uint256 received = TokensIn.pull(IERC20(stakeToken), msg.sender, amount);
        if (received != amount) revert Errors.GatewayRegistry_TokenDeltaMismatch(amount, received);
    }

    /// @inheritdoc IGatewayStakes
    function requestStakeWithdrawal(uint16 gateway, uint128 amount) external {
        // Check
        GatewayStatus status = _onlyOperator(gateway);
        Stake storage stake = _stakes[gateway];
        uint128 kept = status == GatewayStatus.Active ? minimumStake : 0;
        if (amount != 0 && uint256(amount) + kept > stake.amount) {
            revert Errors.GatewayRegistry_StakeTooLow(gateway, uint256(amount) + kept, stake.amount);
        }
        // Effect
        stake.leaving = amount;
        stake.leavesAt = amount == 0 ? 0 : uint40(block.timestamp) + withdrawalDelay;
        emit StakeWithdrawalRequested(gateway, amount, stake.leavesAt);
    }

    /// @inheritdoc IGatewayStakes
    function withdrawStake(uint16 gateway, address to) external returns (uint256 amount) {
        // Check
        _onlyOperator(gateway);
        Stake storage stake = _stakes[gateway];
        amount = stake.leaving;
        if (to == address(0)) revert Errors.GatewayRegistry_AddressZero();
        if (amount == 0) revert Errors.GatewayRegistry_NothingToWithdraw(gateway);
        if (block.timestamp < stake.leavesAt) revert Errors.GatewayRegistry_TooEarly(gateway, stake.leavesAt);
        // Effect
        _reduce(stake, uint128(amount));
        emit StakeWithdrawn(gateway, to, amount, stake.amount);
        // Interaction
        IERC20(stakeToken).safeTransfer(to, amount);
    }

    /// @inheritdoc IGatewayStakes
    function slash(uint16 gateway, uint128 amount) external restricted {
        Stake storage stake = _stakes[gateway];
        if (amount == 0 || amount > stake.amount) {
            revert Errors.GatewayRegistry_StakeTooLow(gateway, amount, stake.amount);
        }
        _reduce(stake, amount);
        emit StakeSlashed(gateway, msg.sender, amount, stake.amount);
        IERC20(stakeToken).safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IGatewayStakes
    function setMinimumStake(uint128 minimum) external restricted {
        Bounds.check(minimum, 0, maxMinimumStake);
        emit MinimumStakeChanged(minimumStake, minimum);
        minimumStake = minimum;
    }

    /// @inheritdoc IGatewayStakes
    function stakeOf(uint16 gateway) external view returns (Stake memory) {
        return _stakes[gateway];
    }

    /// @dev For whoever admits a gateway to something new.
    function _requireMinimumStake(uint16 gateway) internal view {
        uint128 minimum = minimumStake;
        if (_stakes[gateway].amount < minimum) {
            revert Errors.GatewayRegistry_StakeTooLow(gateway, minimum, _stakes[gateway].amount);
        }
    }

    /// @dev The registry's answer: whether the gateway counts, and whose it is.
    function _standingOf(uint16 gateway) internal view virtual returns (GatewayStatus, address operator);

    function _onlyOperator(uint16 gateway) private view returns (GatewayStatus status) {
        address operator;
        (status, operator) = _standingOf(gateway);
        if (operator != msg.sender) revert Errors.GatewayRegistry_NotOperator(gateway, msg.sender);
    }

    function _reduce(Stake storage stake, uint128 amount) private {
        stake.amount -= amount;
        (stake.leaving, stake.leavesAt) = (0, 0);
    }
}
