// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IConsentRegistry} from "../../../contracts/interfaces/IConsentRegistry.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {ConsentSlot, Grant, Revocation} from "../../../contracts/types/ConsentTypes.sol";
import {Digests} from "../support/Digests.sol";
import {BurningAccount, ContractAccount, FloodingAccount} from "../support/Doubles.sol";
import {ConsentTest} from "./ConsentTest.sol";

contract BatchTest is ConsentTest {
    uint256 private constant SIZE = 50;
    /// @dev Bounds what a hostile account can burn should the registry's own bound fail.
    uint256 private constant AMPLE = 2_000_000;

    function keyOf(uint256 i) private pure returns (uint256) {
        return 0x9000 + i;
    }

    function subjectOf(uint256 i) private pure returns (address) {
        return vm.addr(keyOf(i));
    }

    function grants(uint256 size) private view returns (Grant[] memory g, bytes[] memory s) {
        g = new Grant[](size);
        s = new bytes[](size);
        for (uint256 i = 0; i < size; ++i) {
            g[i] = Grant(DATASET, subjectOf(i), 2, uint40(block.timestamp + 1 days), 1, 0);
            s[i] = signature(keyOf(i), Digests.grant(g[i], address(registry)));
        }
    }

    function revocations(uint256 size) private view returns (Revocation[] memory r, bytes[] memory s) {
        r = new Revocation[](size);
        s = new bytes[](size);
        for (uint256 i = 0; i < size; ++i) {
            uint40 nonce = registry.slotOf(DATASET, subjectOf(i)).nonce;
            r[i] = Revocation(DATASET, subjectOf(i), nonce + STEP);
            s[i] = signature(keyOf(i), Digests.revocation(r[i], address(registry)));
        }
    }

    function skipped(uint256 index, bytes4 reason) private {
        vm.expectEmit(address(registry));
        emit IConsentRegistry.ItemSkipped(index, reason);
    }

    function purposesOf(uint256 i) private view returns (uint256) {
        return registry.slotOf(DATASET, subjectOf(i)).purposes;
    }

    function test_Grants() public {
        (Grant[] memory g, bytes[] memory s) = grants(SIZE);
        vm.prank(relayer);
        registry.grantBatch(g, s);
        for (uint256 i = 0; i < SIZE; ++i) assertEq(purposesOf(i), 2);
    }

    function test_Grants_GivenBadItems() public {
        (Grant[] memory g, bytes[] memory s) = grants(4);
        g[0].nonce = 5;
        s[2] = s[1];
        skipped(0, Errors.ConsentRegistry_NonceMismatch.selector);
        skipped(2, Errors.ConsentRegistry_SignatureInvalid.selector);
        registry.grantBatch(g, s);
        assertEq(purposesOf(0), 0);
        assertEq(purposesOf(1), 2);
        assertEq(purposesOf(2), 0);
        assertEq(purposesOf(3), 2);
        assertEq(registry.slotOf(DATASET, subjectOf(0)).changedAt, 0);
    }

    function test_Grants_GivenRepeatedItem() public {
        (Grant[] memory g, bytes[] memory s) = grants(2);
        (g[1], s[1]) = (g[0], s[0]);
        skipped(1, Errors.ConsentRegistry_NonceMismatch.selector);
        registry.grantBatch(g, s);
        assertEq(registry.slotOf(DATASET, subjectOf(0)).nonce, 1);
    }

    function test_Grants_GivenTwoOfOneSubjectInOrder() public {
        (Grant[] memory g, bytes[] memory s) = grants(2);
        g[1] = Grant(DATASET, subjectOf(0), 4, g[0].expiry, 2, 1);
        s[1] = signature(keyOf(0), Digests.grant(g[1], address(registry)));
        registry.grantBatch(g, s);
        assertEq(purposesOf(0), 4);
        assertEq(registry.slotOf(DATASET, subjectOf(0)).nonce, 2);
    }

    function test_Grants_GivenLastNonce() public {
        (Grant[] memory g, bytes[] memory s) = grants(2);
        setNonce(LAST);
        g[0] = grantOf(LAST);
        s[0] = sign(g[0]);
        skipped(0, Errors.ConsentRegistry_NonceMismatch.selector);
        registry.grantBatch(g, s);
        assertEq(purposesOf(1), 2);
    }

    function test_Grants_RevertWhen_LengthsDiffer() public {
        (Grant[] memory g, ) = grants(2);
        expectError(abi.encodeWithSelector(Errors.ConsentRegistry_LengthMismatch.selector, 2, 1));
        registry.grantBatch(g, new bytes[](1));
    }

    function test_Revokes() public {
        (Grant[] memory g, bytes[] memory gs) = grants(SIZE);
        registry.grantBatch(g, gs);
        (Revocation[] memory r, bytes[] memory s) = revocations(SIZE);
        registry.revokeBatch(r, s);
        for (uint256 i = 0; i < SIZE; ++i) {
            assertEq(purposesOf(i), 0);
            assertEq(registry.slotOf(DATASET, subjectOf(i)).nonce, 1 + STEP + 1);
        }
    }

    function test_Revokes_GivenBadItems() public {
        (Revocation[] memory r, bytes[] memory s) = revocations(4);
        r[1].maxNonce = REACH + 1;
        s[2] = s[3];
        skipped(1, Errors.ConsentRegistry_NonceOutOfReach.selector);
        skipped(2, Errors.ConsentRegistry_SignatureInvalid.selector);
        registry.revokeBatch(r, s);
        address[] memory who = new address[](4);
        for (uint256 i = 0; i < 4; ++i) who[i] = subjectOf(i);
        ConsentSlot[] memory slots = registry.slotsOf(DATASET, who);
        assertEq(slots.length, 4);
        assertEq(slots[0].nonce, STEP + 1);
        assertEq(slots[1].nonce, 0);
        assertEq(slots[1].changedAt, 0);
        assertEq(slots[2].nonce, 0);
        assertEq(slots[3].nonce, STEP + 1);
    }

    function test_Revokes_GivenRepeatedItem() public {
        (Revocation[] memory r, bytes[] memory s) = revocations(2);
        (r[1], s[1]) = (r[0], s[0]);
        skipped(1, Errors.ConsentRegistry_NonceOutOfReach.selector);
        registry.revokeBatch(r, s);
    }

    function test_Revokes_GivenLastNonce() public {
        (Revocation[] memory r, bytes[] memory s) = revocations(2);
        setNonce(LAST);
        r[0] = revocationOf(LAST);
        s[0] = sign(r[0]);
        registry.revokeBatch(r, s);
        assertDenied(LAST);
        assertEq(registry.slotOf(DATASET, subjectOf(1)).nonce, STEP + 1);
    }

    function test_Revokes_RevertWhen_LengthsDiffer() public {
        expectError(abi.encodeWithSelector(Errors.ConsentRegistry_LengthMismatch.selector, 0, 3));
        registry.revokeBatch(new Revocation[](0), new bytes[](3));
    }

    function test_GivenNothing() public {
        registry.grantBatch(new Grant[](0), new bytes[](0));
        registry.revokeBatch(new Revocation[](0), new bytes[](0));
        assertEq(registry.slotsOf(DATASET, new address[](0)).length, 0);
    }

    /*//////////////////////////////////////////////////////////////
                           HOSTILE ACCOUNTS
    //////////////////////////////////////////////////////////////*/

    /// @dev The batch with one hostile account in its midst, and what that account cost.
    function withHostile(address account) private returns (uint256 cost) {
        (Grant[] memory g, bytes[] memory s) = grants(3);
        uint256 before = gasleft();
        uint256 state = vm.snapshotState();
        registry.grantBatch(g, s);
        uint256 honest = before - gasleft();
        vm.revertToState(state);
        g[1].subject = account;
        skipped(1, Errors.ConsentRegistry_SignatureInvalid.selector);
        before = gasleft();
        registry.grantBatch{gas: AMPLE}(g, s);
        cost = before - gasleft();
        cost = cost > honest ? cost - honest : 0;
        assertEq(purposesOf(0), 2);
        assertEq(purposesOf(2), 2);
        assertEq(registry.slotOf(DATASET, account).changedAt, 0);
    }

    function test_Regression_HostileAccountCannotBurnABatch() public {
        vm.assertLe(withHostile(address(new BurningAccount())), 120_000, "burning account");
    }

    function test_Regression_HostileAccountCannotFloodABatch() public {
        vm.assertLe(withHostile(address(new FloodingAccount())), 120_000, "flooding account");
    }

    function test_Regression_HostileAccountCannotBurnRevocations() public {
        (Revocation[] memory r, bytes[] memory s) = revocations(3);
        r[1].subject = address(new BurningAccount());
        skipped(1, Errors.ConsentRegistry_SignatureInvalid.selector);
        uint256 before = gasleft();
        registry.revokeBatch{gas: AMPLE}(r, s);
        vm.assertLe(before - gasleft(), 250_000, "batch with a burning account");
        assertEq(registry.slotOf(DATASET, subjectOf(0)).changedAt, block.number);
        assertEq(registry.slotOf(DATASET, subjectOf(2)).changedAt, block.number);
    }

    function test_ContractAccountsTakePartInBatches() public {
        (Grant[] memory g, bytes[] memory s) = grants(2);
        g[1].subject = address(new ContractAccount(subjectOf(1)));
        s[1] = signature(keyOf(1), Digests.grant(g[1], address(registry)));
        registry.grantBatch(g, s);
        assertEq(registry.slotOf(DATASET, g[1].subject).purposes, 2);
    }

    function test_Grants_GivenTwoPersonBit() public {
        (Grant[] memory g, bytes[] memory s) = grants(2);
        g[0].modes |= 8;
        s[0] = signature(keyOf(0), Digests.grant(g[0], address(registry)));
        skipped(0, Errors.ConsentRegistry_TwoPersonNeeded.selector);
        registry.grantBatch(g, s);
        assertEq(purposesOf(0), 0);
        assertEq(purposesOf(1), 2);
    }
}
