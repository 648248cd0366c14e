// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IGatewayRegistry} from "../../../contracts/interfaces/IGatewayRegistry.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Gateway, GatewayStatus} from "../../../contracts/types/GatewayTypes.sol";
import {Base} from "../support/Base.sol";

contract GatewayRegistryTest is Base {
    /*//////////////////////////////////////////////////////////////
                                 ADMIT
    //////////////////////////////////////////////////////////////*/

    function testFuzz_Admit_RevertWhen_CallerIsNotTheVote(address caller) public {
        vm.assume(caller != timelock);
        expectError(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
        vm.prank(caller);
        gateways.admit(operator(4), signer(4), keccak256("key"), "name", "url");
    }

    function zero(address operator_, address signer_, bytes32 key) private {
        expectError(abi.encodeWithSelector(Errors.GatewayRegistry_AddressZero.selector));
        vm.prank(timelock);
        gateways.admit(operator_, signer_, key, "name", "url");
    }

    function test_Admit_RevertWhen_AnythingIsZero() public {
        zero(address(0), signer(4), keccak256("key"));
        zero(operator(4), address(0), keccak256("key"));
        zero(operator(4), signer(4), 0);
    }

    function known(address signer_) private {
        expectError(abi.encodeWithSelector(Errors.GatewayRegistry_SignerKnown.selector, signer_));
        vm.prank(timelock);
        gateways.admit(operator(4), signer_, keccak256("key"), "name", "url");
    }

    function test_Admit_RevertWhen_SignerIsKnown() public {
        known(signer(2));
        vm.prank(timelock);
        gateways.remove(2);
        // A removed gateway does not come back under its old key.
        known(signer(2));
    }

    function test_Admits() public {
        vm.expectEmit(address(gateways));
        emit IGatewayRegistry.GatewayAdmitted(
            4,
            operator(4),
            signer(4),
            keccak256(abi.encode(uint16(4))),
            "name",
            "url"
        );
        vm.prank(timelock);
        assertEq(admit(4), 4);
        Gateway memory g = gateways.gatewayOf(4);
        assertEq(g.operator, operator(4));
        assertEq(g.signer, signer(4));
        assertEq(g.sealingKey, keccak256(abi.encode(uint16(4))));
        assertEq(uint256(g.status), uint256(GatewayStatus.Active));
        assertEq(gateways.activeSigner(4), signer(4));
        assertEq(gateways.gatewayCount(), 4);
    }

    /*//////////////////////////////////////////////////////////////
                                 REMOVE
    //////////////////////////////////////////////////////////////*/

    function test_Remove_RevertWhen_CallerIsNotTheVote() public {
        expectError(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, operator(1)));
        vm.prank(operator(1));
        gateways.remove(1);
    }

    function test_Remove_RevertGiven_NotActive() public {
        vm.startPrank(timelock);
        gateways.remove(1);
        expectError(abi.encodeWithSelector(Errors.GatewayRegistry_NotActive.selector, 1));
        gateways.remove(1);
        expectError(abi.encodeWithSelector(Errors.GatewayRegistry_NotActive.selector, 9));
        gateways.remove(9);
        vm.stopPrank();
    }

    function test_Removes() public {
        vm.expectEmit(address(gateways));
        emit IGatewayRegistry.GatewayRemoved(1);
        vm.prank(timelock);
        gateways.remove(1);
        assertEq(gateways.activeSigner(1), address(0));
        assertEq(uint256(gateways.gatewayOf(1).status), uint256(GatewayStatus.Removed));
        assertEq(gateways.isMember(gatewaySet, 1), true);
    }

    /*//////////////////////////////////////////////////////////////
                                  URL
    //////////////////////////////////////////////////////////////*/

    function test_SetUrl_RevertWhen_CallerIsNotTheOperator() public {
        expectError(abi.encodeWithSelector(Errors.GatewayRegistry_NotOperator.selector, 1, operator(2)));
        vm.prank(operator(2));
        gateways.setUrl(1, "https://elsewhere.example");
        // Not even the vote speaks for an institution.
        expectError(abi.encodeWithSelector(Errors.GatewayRegistry_NotOperator.selector, 1, timelock));
        vm.prank(timelock);
        gateways.setUrl(1, "https://elsewhere.example");
    }

    function test_SetUrl() public {
        vm.expectEmit(address(gateways));
        emit IGatewayRegistry.GatewayUrlChanged(1, "https://new.example");
        vm.prank(operator(1));
        gateways.setUrl(1, "https://new.example");
    }

    /*//////////////////////////////////////////////////////////////
                                  SETS
    //////////////////////////////////////////////////////////////*/

    function list(uint16 first, uint16 second) private pure returns (uint16[] memory l) {
        l = new uint16[](2);
        (l[0], l[1]) = (first, second);
    }

    function setReverts(uint16[] memory l, uint8 threshold, bytes memory err) private {
        expectError(err);
        gateways.createSet(l, threshold);
    }

    function test_CreateSet_RevertWhen_SizeIsInvalid() public {
        setReverts(
            new uint16[](0),
            1,
            abi.encodeWithSelector(Errors.GatewayRegistry_SetSizeInvalid.selector, 0)
        );
        setReverts(
            new uint16[](15),
            1,
            abi.encodeWithSelector(Errors.GatewayRegistry_SetSizeInvalid.selector, 15)
        );
    }

    function test_CreateSet_RevertWhen_ThresholdIsInvalid() public {
        setReverts(
            list(1, 2),
            0,
            abi.encodeWithSelector(Errors.GatewayRegistry_ThresholdInvalid.selector, 0, 2)
        );
        setReverts(
            list(1, 2),
            3,
            abi.encodeWithSelector(Errors.GatewayRegistry_ThresholdInvalid.selector, 3, 2)
        );
    }

    function test_CreateSet_RevertWhen_NotSorted() public {
        setReverts(list(2, 1), 1, abi.encodeWithSelector(Errors.GatewayRegistry_SetNotSorted.selector, 2, 1));
        setReverts(list(2, 2), 2, abi.encodeWithSelector(Errors.GatewayRegistry_SetNotSorted.selector, 2, 2));
        setReverts(list(0, 1), 1, abi.encodeWithSelector(Errors.GatewayRegistry_SetNotSorted.selector, 0, 0));
    }

    function test_CreateSet_RevertGiven_MemberNotActive() public {
        setReverts(list(1, 4), 1, abi.encodeWithSelector(Errors.GatewayRegistry_NotActive.selector, 4));
        vm.prank(timelock);
        gateways.remove(2);
        setReverts(list(1, 2), 1, abi.encodeWithSelector(Errors.GatewayRegistry_NotActive.selector, 2));
    }

    function test_CreateSet() public {
        vm.expectEmit(address(gateways));
        emit IGatewayRegistry.GatewaySetCreated(2, list(1, 3), 1);
        vm.prank(stranger);
        assertEq(gateways.createSet(list(1, 3), 1), 2);
        (uint16[] memory found, uint8 threshold) = gateways.setOf(2);
        assertEq(found.length, 2);
        assertEq(found[0], 1);
        assertEq(found[1], 3);
        assertEq(threshold, 1);
        assertEq(gateways.isMember(2, 2), false);
        assertEq(gateways.isMember(2, 0), false);
        assertEq(gateways.isMember(3, 1), false);
        assertEq(gateways.isMember(0, 0), false);
    }

    function test_ThresholdOf() public view {
        assertEq(gateways.thresholdOf(gatewaySet), 2);
        assertEq(gateways.thresholdOf(99), 0);
    }

    function assertSigner(uint24 set, uint16 gateway, bool isIn, address expected) private view {
        (bool member, address found) = gateways.signerIn(set, gateway);
        assertEq(member, isIn);
        assertEq(found, expected);
    }

    function test_SignerIn() public {
        assertSigner(gatewaySet, 2, true, signer(2));
        assertSigner(gatewaySet, 0, false, address(0));
        assertSigner(99, 2, false, address(0));
        vm.startPrank(timelock);
        admit(4);
        gateways.remove(2);
        vm.stopPrank();
        // Active but not of the set; of the set but removed.
        assertSigner(gatewaySet, 4, false, address(0));
        assertSigner(gatewaySet, 2, true, address(0));
    }

    function test_OperatorOf() public {
        assertEq(gateways.operatorOf(9), address(0));
        vm.prank(timelock);
        gateways.remove(2);
        assertEq(gateways.operatorOf(2), operator(2));
    }

    function test_SetOf_GivenUnknownSet() public view {
        (uint16[] memory found, uint8 threshold) = gateways.setOf(99);
        assertEq(found.length, 0);
        assertEq(threshold, 0);
    }

    /// @dev Fourteen members and the threshold read back from one slot, whatever their numbers.
    function testFuzz_CreateSet_KeepsMembers(uint256 seed, uint8 size, uint8 threshold) public {
        size = uint8(bound(size, 1, 14));
        threshold = uint8(bound(threshold, 1, size));
        vm.startPrank(timelock);
        for (uint16 i = 4; i <= 40; ++i) admit(i);
        vm.stopPrank();
        uint16[] memory chosen = new uint16[](size);
        uint16 next = 1;
        for (uint256 i = 0; i < size; ++i) {
            next += uint16(uint256(keccak256(abi.encode(seed, i))) % 2);
            chosen[i] = next++;
        }
        uint24 number = gateways.createSet(chosen, threshold);
        (uint16[] memory found, uint8 t) = gateways.setOf(number);
        assertEq(keccak256(abi.encode(found)), keccak256(abi.encode(chosen)));
        assertEq(t, threshold);
        uint256 count = 0;
        for (uint16 g = 0; g <= 41; ++g) if (gateways.isMember(number, g)) ++count;
        assertEq(count, size);
    }
}
