// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {GovernanceTest} from "./GovernanceTest.sol";

/// @notice Who may do what once the deployment is over. This contract is the deployer.
contract RolesTest is GovernanceTest {
    function hasRole(address who) private view returns (bool has) {
        (has, ) = manager.hasRole(0, who);
    }

    function test_TimelockAloneAdministers() public view {
        assertEq(hasRole(address(lock)), true);
        assertEq(hasRole(address(this)), false);
        assertEq(hasRole(timelock), false);
        assertEq(hasRole(address(governor)), false);
        assertEq(hasRole(guardian), false);
        assertEq(lock.hasRole(lock.DEFAULT_ADMIN_ROLE(), address(lock)), true);
        assertEq(lock.hasRole(lock.DEFAULT_ADMIN_ROLE(), address(this)), false);
    }

    function test_OnlyTheGovernorProposesAndCancels() public view {
        assertEq(lock.hasRole(lock.PROPOSER_ROLE(), address(governor)), true);
        assertEq(lock.hasRole(lock.CANCELLER_ROLE(), address(governor)), true);
        assertEq(lock.hasRole(lock.PROPOSER_ROLE(), address(this)), false);
        assertEq(lock.hasRole(lock.CANCELLER_ROLE(), address(this)), false);
        // Only the governor executes, with its checks; anyone asks it to.
        assertEq(lock.hasRole(lock.EXECUTOR_ROLE(), address(governor)), true);
        assertEq(lock.hasRole(lock.EXECUTOR_ROLE(), address(0)), false);
    }

    function refused(address target, bytes memory call, bytes4 selector) private {
        vm.expectPartialRevert(selector);
        (bool ok, ) = target.call(call);
        assertTrue(ok); // `expectPartialRevert` turned the revert round
    }

    function test_DeployerCanCallNothingRestricted() public {
        bytes4 unauthorized = IAccessManaged.AccessManagedUnauthorized.selector;
        refused(address(escrow), abi.encodeCall(escrow.setFee, (0)), unauthorized);
        refused(address(assets), abi.encodeCall(assets.setEscrow, (address(this))), unauthorized);
        refused(address(assets), abi.encodeCall(assets.allowToken, (address(1))), unauthorized);
        refused(address(gateways), abi.encodeCall(gateways.remove, (1)), unauthorized);
        refused(address(dataUse), abi.encodeCall(dataUse.setIssuer, (address(1), 0, 0)), unauthorized);
        refused(address(dataUse), abi.encodeCall(dataUse.setDiseaseClosure, (0, 0)), unauthorized);
        refused(
            address(gateways),
            abi.encodeCall(gateways.admit, (address(1), address(2), bytes32("k"), "", "")),
            unauthorized
        );
        refused(
            address(manager),
            abi.encodeCall(manager.grantRole, (0, address(this), 0)),
            IAccessManager.AccessManagerUnauthorizedAccount.selector
        );
        refused(
            address(escrow),
            abi.encodeCall(escrow.setAuthority, (address(this))),
            IAccessManaged.AccessManagedUnauthorized.selector
        );
    }

    function test_EveryManagedContractObeysTheSameManager() public view {
        assertEq(escrow.authority(), address(manager));
        assertEq(assets.authority(), address(manager));
        assertEq(gateways.authority(), address(manager));
        assertEq(dataUse.authority(), address(manager));
    }

    function test_ConsentAndPayoutsHaveNoAdmin() public {
        bytes memory call = abi.encodeWithSignature("authority()");
        (bool ok, ) = address(consent).call(call);
        assertEq(ok, false);
        (ok, ) = address(payouts).call(call);
        assertEq(ok, false);
        call = abi.encodeWithSignature("owner()");
        (ok, ) = address(consent).call(call);
        assertEq(ok, false);
        (ok, ) = address(payouts).call(call);
        assertEq(ok, false);
    }
}
