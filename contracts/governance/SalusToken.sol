// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {Errors} from "../libraries/Errors.sol";

/// @title SalusToken
/// @notice Votes. The whole supply is the published genesis allocation; nobody can mint.
contract SalusToken is ERC20, ERC20Permit, ERC20Votes {
    /// @param holders Genesis holders
    /// @param amounts Their tokens, in 10⁻¹⁸
    constructor(
        address[] memory holders,
        uint256[] memory amounts
    ) ERC20("Salus", "SALUS") ERC20Permit("Salus") {
        if (holders.length != amounts.length) {
            revert Errors.SalusToken_LengthMismatch(holders.length, amounts.length);
        }
        for (uint256 i = 0; i < holders.length; ++i) _mint(holders[i], amounts[i]);
    }

    /// @notice Votes are counted by time, not by block (ERC-6372).
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }

    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }
}
