// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {LogCheckpoints} from "../../../contracts/LogCheckpoints.sol";
import {Slashing} from "../../../contracts/Slashing.sol";
import {Offence} from "../../../contracts/interfaces/ISlashing.sol";
import {Receipt} from "../../../contracts/types/OrderTypes.sol";
import {Digests} from "../support/Digests.sol";
import {Orders} from "../support/Orders.sol";

/// @title SlashingTest
/// @notice A slashing contract with its role, and a stake for gateway 1.
abstract contract SlashingTest is Orders {
    uint64 internal constant SLASHER = 1;
    uint16 internal constant PENALTY_BPS = 5_000;
    uint16 internal constant REWARD_BPS = 2_000;
    uint128 internal constant STAKE = 1_001;

    Slashing internal slashing;
    LogCheckpoints internal logs;

    function setUp() public virtual override {
        super.setUp();
        logs = new LogCheckpoints(gateways);
        slashing = newSlashing(PENALTY_BPS, REWARD_BPS);
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = gateways.slash.selector;
        vm.startPrank(timelock);
        manager.setTargetFunctionRole(address(gateways), selectors, SLASHER);
        manager.grantRole(SLASHER, address(slashing), 0);
        vm.stopPrank();
        dollar.mint(address(this), 1_000_000);
        dollar.approve(address(gateways), type(uint256).max);
        gateways.depositStake(1, STAKE);
    }

    function newSlashing(uint16 penaltyBps, uint16 rewardBps) internal returns (Slashing) {
        Slashing.Parts memory parts = Slashing.Parts(gateways, assets, consent, logs, payouts, commons);
        return new Slashing(parts, penaltyBps, rewardBps);
    }

    function signedBy(uint16 gateway, Receipt memory r) internal view returns (bytes memory) {
        return signature(SIGNER_KEY + gateway, Digests.receipt(r, address(escrow)));
    }

    /// @dev Half of 1,001 rounded up is 501; a fifth of it rounded down is 100.
    function assertPunished(bytes32 id, address reporter) internal view {
        assertEq(slashing.isPunished(id), true);
        assertEq(gateways.stakeOf(1).amount, 500);
        assertEq(payouts.creditOf(address(dollar), reporter), 100);
        assertEq(payouts.creditOf(address(dollar), commons), 401);
        assertEq(dollar.balanceOf(address(slashing)), 0);
    }

    function assertUnpunished() internal view {
        assertEq(gateways.stakeOf(1).amount, STAKE);
    }

    function offence(Offence kind, Receipt memory r) internal view returns (bytes32) {
        return slashing.orderOffenceId(kind, 1, r.order, r.consentBlockHash);
    }
}
