// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {Errors} from "../libraries/Errors.sol";

/// @title SalusToken
/// @notice Votes. The supply is the published genesis allocation and what is issued against fees: its only minter, for
/// ever, is the contract that created it (`Issuance`).
contract SalusToken is ERC20, ERC20Permit, ERC20Votes {
    address public immutable minter;

    /// @param holders Genesis holders
    /// @param amounts Their tokens, in 10⁻¹⁸
    constructor(
        address[] memory holders,
        uint256[] memory amounts
    ) ERC20("Salus", "SALUS") ERC20Permit("Salus") {
        if (holders.length != amounts.length) {
            revert Errors.SalusToken_LengthMismatch(holders.length, amounts.length);
        }
        minter = msg.sender;
        for (uint256 i = 0; i < holders.length; ++i) _mint(holders[i], amounts[i]);
    }

    /// @notice Makes tokens. The minter only.
    function mint(address to, uint256 amount) external {
        if (msg.sender != minter) revert Errors.SalusToken_NotMinter(msg.sender);
        _mint(to, amount);
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
