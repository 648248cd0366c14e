// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Errors} from "../../../contracts/libraries/Errors.sol";
import {ConsentSlot, Contest, Grant, HandOver, Revocation} from "../../../contracts/types/ConsentTypes.sol";
import {Base} from "../support/Base.sol";
import {Digests} from "../support/Digests.sol";

/// @title HandOverTest
/// @notice The whole protocol, and a provisional subject of its dataset whose code has a known key.
abstract contract HandOverTest is Base {
    uint256 internal constant CODE_KEY = 0xC0DE;
    uint256 internal constant PERSON_KEY = 0x9E5;
    uint256 internal constant THIEF_KEY = 0xBAD;
    uint40 internal constant STEP = 65_536; // 2^16

    address internal codeKey = vm.addr(CODE_KEY);
    address internal person = vm.addr(PERSON_KEY);
    address internal subject;

    function setUp() public virtual override {
        super.setUp();
        // As the design states it, written out: the last 20 bytes of a hash over dataset and code key.
        bytes32 name = keccak256("ProvisionalSubject(uint256 dataset,address codeKey)");
        subject = address(uint160(uint256(keccak256(abi.encode(name, dataset, codeKey)))));
    }

    /*//////////////////////////////////////////////////////////////
                               HAND-OVER
    //////////////////////////////////////////////////////////////*/

    function proposal(uint40 nonce) internal view returns (HandOver memory) {
        return HandOver(dataset, subject, person, nonce, uint40(block.timestamp + 1 hours));
    }

    function sign(HandOver memory h, uint256 key) internal view returns (bytes memory) {
        return signature(key, Digests.handOver(h, address(consent)));
    }

    function propose(HandOver memory h, uint256 withCode, uint256 withCustodian) internal {
        bytes memory code = sign(h, withCode);
        bytes memory custodian = sign(h, withCustodian);
        vm.prank(stranger);
        consent.handOver(h, vm.addr(withCode), code, custodian);
    }

    function propose(HandOver memory h) internal {
        propose(h, CODE_KEY, OPERATOR_KEY + 1);
    }

    function passDelay() internal {
        vm.warp(block.timestamp + HAND_OVER_DELAY);
    }

    function takeOver() internal {
        propose(proposal(0));
        passDelay();
    }

    /*//////////////////////////////////////////////////////////////
                                CONTEST
    //////////////////////////////////////////////////////////////*/

    function contestBy(uint256 key, uint40 nonce) internal {
        Contest memory c = Contest(dataset, subject, nonce);
        bytes memory signed_ = signature(key, Digests.contest(c, address(consent)));
        vm.prank(stranger);
        consent.contest(c, codeKey, signed_);
    }

    /*//////////////////////////////////////////////////////////////
                                 SLOTS
    //////////////////////////////////////////////////////////////*/

    function grantOf(uint40 nonce) internal view returns (Grant memory) {
        return Grant(dataset, subject, 6, uint40(block.timestamp + 365 days), 3, nonce);
    }

    function sign(Grant memory g, uint256 key) internal view returns (bytes memory) {
        return signature(key, Digests.grant(g, address(consent)));
    }

    function grantBy(uint256 key, uint40 nonce) internal {
        Grant memory g = grantOf(nonce);
        bytes memory signed_ = sign(g, key);
        consent.grantBySig(g, signed_);
    }

    function sign(Revocation memory r, uint256 key) internal view returns (bytes memory) {
        return signature(key, Digests.revocation(r, address(consent)));
    }

    function revokeProvisionalBy(uint256 key, uint40 maxNonce) internal {
        Revocation memory r = Revocation(dataset, subject, maxNonce);
        bytes memory signed_ = sign(r, key);
        vm.prank(stranger);
        consent.revokeProvisional(r, codeKey, signed_);
    }

    function slot() internal view returns (ConsentSlot memory) {
        return consent.slotOf(dataset, subject);
    }

    function assertDenied(uint40 nonce) internal view {
        ConsentSlot memory s = slot();
        assertEq(uint256(s.purposes) + s.expiry + s.modes, 0);
        assertEq(s.nonce, nonce);
        assertEq(s.changedAt, block.number);
    }

    function controller() internal view returns (address) {
        return consent.controllerOf(dataset, subject);
    }

    /*//////////////////////////////////////////////////////////////
                                 ERRORS
    //////////////////////////////////////////////////////////////*/

    function invalid(address who) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(Errors.ConsentRegistry_SignatureInvalid.selector, who);
    }

    function notCustodian() internal view returns (bytes memory) {
        return abi.encodeWithSelector(Errors.ConsentRegistry_NotCustodian.selector, dataset);
    }

    function notProvisional(address who, address key) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(Errors.ConsentRegistry_NotProvisional.selector, who, key);
    }

    function named(address who) internal view returns (bytes memory) {
        return abi.encodeWithSelector(Errors.ConsentRegistry_ControllerNamed.selector, subject, who);
    }

    function nothingToContest(uint40 nonce) internal view returns (bytes memory) {
        return abi.encodeWithSelector(Errors.ConsentRegistry_NothingToContest.selector, subject, nonce);
    }

    function nonceMismatch(uint40 expected, uint40 given) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(Errors.ConsentRegistry_NonceMismatch.selector, expected, given);
    }
}
