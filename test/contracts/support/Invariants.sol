// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Test} from "./Test.sol";

/// @title Invariants
/// @notice A test whose own functions are the fuzzed steps, and a clock that survives from step to step.
abstract contract Invariants is Test {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    /// @notice What went against the model, in words; empty while nothing did.
    string[] internal violations;

    uint256 internal clock;
    uint256 internal height;

    /// @notice The steps that the runner may call.
    function steps() internal view virtual returns (bytes4[] memory);

    /// @dev Asked by the runner, which would otherwise call whatever has been deployed.
    function targetContracts() public view returns (address[] memory list) {
        list = new address[](1);
        list[0] = address(this);
    }

    /// @dev Asked by the runner.
    function targetSelectors() public view returns (FuzzSelector[] memory list) {
        list = new FuzzSelector[](1);
        list[0] = FuzzSelector(address(this), steps());
    }

    /// @dev Each step happens at the model's time, one block after the step before it.
    modifier step() {
        vm.warp(clock);
        vm.roll(++height);
        _;
    }

    function expect(bool condition, string memory rule) internal {
        if (!condition) violations.push(rule);
    }

    function assertNothingViolated() internal view {
        if (violations.length != 0) vm.assertEq(violations[0], "");
    }
}
