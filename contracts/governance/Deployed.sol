// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

// OpenZeppelin contracts that are deployed as they are: compiled here so that their artifacts exist.
import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol"; // solhint-disable-line no-unused-import
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol"; // solhint-disable-line no-unused-import
