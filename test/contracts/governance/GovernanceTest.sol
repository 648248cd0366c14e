// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {SalusTimelock} from "../../../contracts/governance/SalusTimelock.sol";
import {SalusGovernor} from "../../../contracts/governance/SalusGovernor.sol";
import {SalusToken} from "../../../contracts/governance/SalusToken.sol";
import {Orders} from "../support/Orders.sol";

/// @title GovernanceTest
/// @notice The protocol under its real governance, handed over step by step as the deployment does.
abstract contract GovernanceTest is Orders {
    uint48 internal constant VOTING_DELAY = 3;
    uint32 internal constant VOTING_PERIOD = 20;
    uint48 internal constant EXTENSION = 5;
    uint48 internal constant HOLDING = 7;
    uint256 internal constant DELAY = 5;
    uint256 internal constant SUPPLY = 10_000_000e18;
    uint8 internal constant AGAINST = 0;
    uint8 internal constant FOR = 1;

    SalusToken internal token;
    SalusGovernor internal governor;
    SalusTimelock internal lock;
    address internal ann = vm.addr(0xA11);
    address internal ben = vm.addr(0xBE1);
    address internal cat = address(0xCA1);
    address internal guardian = address(0x64A);
    uint48 internal guardianUntil;

    address[] private targets;
    uint256[] private values;
    bytes[] private calls;

    function setUp() public virtual override {
        super.setUp();
        guardianUntil = uint48(block.timestamp + 1_000);
        token = new SalusToken(holders(), amounts());
        lock = new SalusTimelock(DELAY, address(this));
        governor = newGovernor(guardian, guardianUntil);
        lock.grantRole(lock.PROPOSER_ROLE(), address(governor));
        lock.grantRole(lock.CANCELLER_ROLE(), address(governor));
        lock.grantRole(lock.EXECUTOR_ROLE(), address(governor));
        lock.renounceRole(lock.DEFAULT_ADMIN_ROLE(), address(this));
        vm.startPrank(timelock);
        manager.grantRole(0, address(lock), 0);
        manager.renounceRole(0, timelock);
        vm.stopPrank();
        delegate(ann);
        delegate(ben);
        vm.warp(block.timestamp + HOLDING + 1);
    }

    function holders() private view returns (address[] memory list) {
        list = new address[](3);
        (list[0], list[1], list[2]) = (ann, ben, cat);
    }

    function amounts() private pure returns (uint256[] memory list) {
        list = new uint256[](3);
        (list[0], list[1], list[2]) = (300_000e18, 600_000e18, SUPPLY - 900_000e18);
    }

    function newGovernor(address guardian_, uint48 until) internal returns (SalusGovernor) {
        return new SalusGovernor(token, lock, settings(guardian_, until));
    }

    function settings(address guardian_, uint48 until) internal pure returns (SalusGovernor.Settings memory) {
        return
            SalusGovernor.Settings(VOTING_DELAY, VOTING_PERIOD, 50, 4, EXTENSION, HOLDING, guardian_, until);
    }

    function delegate(address holder) internal {
        vm.prank(holder);
        token.delegate(holder);
    }

    function proposal(address target, bytes memory call) internal {
        delete targets;
        delete values;
        delete calls;
        targets.push(target);
        values.push(0);
        calls.push(call);
    }

    function proposeFee(uint16 bps) internal returns (uint256) {
        proposal(address(escrow), abi.encodeCall(escrow.setFee, (bps)));
        return propose(ann);
    }

    function propose(address who) internal returns (uint256 id) {
        vm.prank(who);
        id = governor.propose(targets, values, calls, "why");
    }

    function vote(address who, uint256 id, uint8 support) internal {
        vm.prank(who);
        governor.castVoteWithReason(id, support, "because");
    }

    function open() internal {
        vm.warp(block.timestamp + VOTING_DELAY + 1);
    }

    function close() internal {
        vm.warp(block.timestamp + VOTING_PERIOD + EXTENSION + 1);
    }

    function passed(uint256 id) internal {
        open();
        vote(ann, id, FOR);
        vote(ben, id, FOR);
        close();
    }

    function queue() internal {
        governor.queue(targets, values, calls, keccak256("why"));
    }

    function execute() internal {
        governor.execute(targets, values, calls, keccak256("why"));
    }

    function _targets() internal view returns (address[] memory) {
        return targets;
    }

    function _values() internal view returns (uint256[] memory) {
        return values;
    }

    function _calls() internal view returns (bytes[] memory) {
        return calls;
    }

    function cancel(address who) internal {
        vm.prank(who);
        governor.cancel(targets, values, calls, keccak256("why"));
    }

    function enact(uint256 id) internal {
        passed(id);
        queue();
        vm.warp(block.timestamp + DELAY);
        execute();
    }

    function assertStage(uint256 id, IGovernor.ProposalState expected) internal view {
        assertEq(uint256(governor.state(id)), uint256(expected));
    }
}
