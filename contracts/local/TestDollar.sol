// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {Errors} from "../libraries/Errors.sol";

/// @title TestDollar
/// @notice A stablecoin with permit for local chains; anyone may mint. Refuses to exist on any other chain.
contract TestDollar is ERC20, ERC20Permit {
    uint256 internal constant LOCAL_CHAIN = 31337;

    constructor() ERC20("Test Dollar", "TUSD") ERC20Permit("Test Dollar") {
        if (block.chainid != LOCAL_CHAIN) revert Errors.TestDollar_OnlyLocal(block.chainid);
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }
}
