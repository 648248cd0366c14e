// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {Bounds} from "../libraries/Bounds.sol";

/// @title SalusTimelock
/// @notice OpenZeppelin's timelock, whose delay stays within constant bounds: no vote makes the next one take effect at
/// once, and none puts it off for ever. The governor alone queues, cancels and executes, so that nothing runs without
/// the governor's checks; anyone may ask the governor to.
contract SalusTimelock is TimelockController {
    uint256 public constant MIN_DELAY = 2 days;
    uint256 public constant MAX_DELAY = 30 days;

    /// @param admin The deployer, until it has named the governor and renounces
    constructor(
        uint256 delay,
        address admin
    ) TimelockController(delay, new address[](0), new address[](0), admin) {
        Bounds.checkPeriod(delay, MIN_DELAY, MAX_DELAY);
    }

    /// @inheritdoc TimelockController
    function updateDelay(uint256 newDelay) public override {
        super.updateDelay(newDelay);
        Bounds.checkPeriod(newDelay, MIN_DELAY, MAX_DELAY);
    }
}
