// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {PermitInput} from "../types/OrderTypes.sol";

/// @title TokensIn
/// @notice Takes tokens from an account, and tells what really arrived.
library TokensIn {
    using SafeERC20 for IERC20;

    /// @notice Passes an owner's permit for this contract on (ERC-2612).
    /// @dev A permit seen in the mempool can be used by anyone first: its failure is none if the allowance is there.
    function permit(IERC20 token, address owner, PermitInput calldata p) internal {
        try
            IERC20Permit(address(token)).permit(owner, address(this), p.value, p.deadline, p.v, p.r, p.s)
        {} catch {} // solhint-disable-line no-empty-blocks
    }

    /// @notice Pulls an amount from an account that allowed it.
    /// @return received By how much this contract's balance rose: a token with a fee or a bonus gives another amount, and
    /// the caller refuses it
    function pull(IERC20 token, address from, uint256 amount) internal returns (uint256 received) {
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(from, address(this), amount);
        return token.balanceOf(address(this)) - before;
    }
}
