// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAssetRegistry} from "../../../contracts/interfaces/IAssetRegistry.sol";
import {IGatewayRegistry} from "../../../contracts/interfaces/IGatewayRegistry.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {ConsentSlot, Grant, Revocation} from "../../../contracts/types/ConsentTypes.sol";
import {ConsentRegistry} from "../../../contracts/ConsentRegistry.sol";
import {Digests} from "../support/Digests.sol";
import {Test} from "../support/Test.sol";

/// @title ConsentTest
/// @notice One registry, one subject with a known key, one dataset.
abstract contract ConsentTest is Test {
    uint256 internal constant KEY = 0x5B1;
    uint256 internal constant DATASET = 77;
    uint40 internal constant STEP = 65_536; // 2^16
    uint40 internal constant REACH = 1_048_576; // 2^20
    uint40 internal constant LAST = type(uint40).max;

    ConsentRegistry internal registry;
    address internal subject = vm.addr(KEY);
    address internal relayer = address(0x4E1);

    function setUp() public virtual {
        vm.roll(500);
        vm.warp(1_800_000_000);
        registry = newRegistry();
    }

    /// @dev No other contract of the protocol is there, so a call of one reverts: what passes here depends on none.
    function newRegistry() internal returns (ConsentRegistry) {
        return
            new ConsentRegistry(IAssetRegistry(address(0xDEAD1)), IGatewayRegistry(address(0xDEAD2)), 7 days);
    }

    function grantOf(uint40 nonce) internal view returns (Grant memory) {
        return Grant(DATASET, subject, 6, uint40(block.timestamp + 365 days), 3, nonce);
    }

    function revocationOf(uint40 maxNonce) internal view returns (Revocation memory) {
        return Revocation(DATASET, subject, maxNonce);
    }

    function sign(Grant memory g) internal view returns (bytes memory) {
        return signature(KEY, Digests.grant(g, address(registry)));
    }

    function sign(Revocation memory r) internal view returns (bytes memory) {
        return signature(KEY, Digests.revocation(r, address(registry)));
    }

    function submit(Grant memory g, bytes memory sig) internal {
        vm.prank(relayer);
        registry.grantBySig(g, sig);
    }

    function submit(Revocation memory r, bytes memory sig) internal {
        vm.prank(relayer);
        registry.revokeBySig(r, sig);
    }

    function grantSigned(uint40 nonce) internal {
        Grant memory g = grantOf(nonce);
        submit(g, sign(g));
    }

    function revokeSigned(uint40 maxNonce) internal {
        Revocation memory r = revocationOf(maxNonce);
        submit(r, sign(r));
    }

    function revokeDirect() internal {
        vm.prank(subject);
        registry.revoke(DATASET);
    }

    function slot() internal view returns (ConsentSlot memory) {
        return registry.slotOf(DATASET, subject);
    }

    function setNonce(uint40 nonce) internal {
        // Straight into storage (slots 0 and 1 are EIP712.sol's): counting up to the last nonce would take 2^20 revocations.
        bytes32 place = keccak256(abi.encode(subject, keccak256(abi.encode(DATASET, uint256(2)))));
        vm.store(address(registry), place, bytes32(uint256(nonce) << (128 + 40 + 8)));
        assertEq(slot().nonce, nonce);
    }

    function nonceMismatch(uint40 expected, uint40 given) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(Errors.ConsentRegistry_NonceMismatch.selector, expected, given);
    }

    function outOfReach(uint40 current, uint40 given) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(Errors.ConsentRegistry_NonceOutOfReach.selector, current, given);
    }

    function invalid(address who) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(Errors.ConsentRegistry_SignatureInvalid.selector, who);
    }

    function assertDenied(uint40 nonce) internal view {
        ConsentSlot memory s = slot();
        assertEq(s.purposes, 0);
        assertEq(s.expiry, 0);
        assertEq(s.modes, 0);
        assertEq(s.nonce, nonce);
        assertEq(s.changedAt, block.number);
    }
}
