// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Credit, IPayouts} from "../interfaces/IPayouts.sol";

/// @title PayBack
/// @notice Gives a buyer money back, whatever the token says.
library PayBack {
    using SafeERC20 for IERC20;

    /// @dev A token may refuse the buyer, as with a blocked account. Then the amount waits for them in `Payouts`: nothing
    /// gets stuck, and nobody else's part with it.
    /// @param source Order or mandate that the money comes from
    function to(address buyer, IERC20 token, uint256 amount, IPayouts payouts, bytes32 source) internal {
        if (token.trySafeTransfer(buyer, amount)) return;
        Credit[] memory credits = new Credit[](1);
        credits[0] = Credit(buyer, amount);
        token.safeTransfer(address(payouts), amount);
        payouts.deposit(address(token), credits, 0, 0, source);
    }
}
