// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IConsentRegistry} from "../../../contracts/interfaces/IConsentRegistry.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Grant, Revocation, Speaker} from "../../../contracts/types/ConsentTypes.sol";
import {ContractAccount} from "../support/Doubles.sol";
import {HandOverTest} from "./HandOverTest.sol";

/// @notice What may be written for a provisional subject, before and after it is taken over.
contract ProvisionalTest is HandOverTest {
    function grantAs(uint256 key, uint40 nonce) external {
        grantBy(key, nonce);
    }

    function revokeAs(uint256 key, uint40 maxNonce) external {
        revokeProvisionalBy(key, maxNonce);
    }

    /*//////////////////////////////////////////////////////////////
                            BEFORE HAND-OVER
    //////////////////////////////////////////////////////////////*/

    function test_CustodianRevokes() public {
        vm.expectEmit(address(consent));
        emit IConsentRegistry.SpokenFor(dataset, subject, Speaker.Custodian, stranger, STEP + 1);
        revokeProvisionalBy(OPERATOR_KEY + 1, STEP);
        assertDenied(STEP + 1);
        vm.roll(block.number + 1);
        revokeProvisionalBy(SIGNER_KEY + 1, STEP + 1);
        assertDenied(STEP + 2);
    }

    function test_CodesHolderRevokes() public {
        vm.expectEmit(address(consent));
        emit IConsentRegistry.SpokenFor(dataset, subject, Speaker.Code, stranger, STEP + 1);
        revokeProvisionalBy(CODE_KEY, STEP);
        assertDenied(STEP + 1);
    }

    function test_CodesHolderRevokes_GivenOtherContractsAreBroken() public {
        vm.etch(address(assets), hex"fe");
        vm.etch(address(gateways), hex"fe");
        revokeProvisionalBy(CODE_KEY, STEP);
        assertDenied(STEP + 1);
    }

    function test_RevertWhen_AnyoneElseRevokes() public {
        uint256[6] memory keys = [
            PERSON_KEY,
            THIEF_KEY,
            CURATOR_KEY,
            BUYER_KEY,
            OPERATOR_KEY + 2,
            SIGNER_KEY + 2
        ];
        for (uint256 i = 0; i < keys.length; ++i) {
            expectError(notCustodian());
            this.revokeAs(keys[i], STEP);
        }
        vm.prank(timelock);
        gateways.remove(1);
        expectError(notCustodian());
        this.revokeAs(SIGNER_KEY + 1, STEP);
        revokeProvisionalBy(OPERATOR_KEY + 1, STEP);
        assertDenied(STEP + 1);
    }

    function test_RevertWhen_ReplayedOrOutOfReach() public {
        revokeProvisionalBy(OPERATOR_KEY + 1, 5);
        expectError(
            abi.encodeWithSelector(Errors.ConsentRegistry_NonceOutOfReach.selector, uint40(6), uint40(5))
        );
        this.revokeAs(OPERATOR_KEY + 1, 5);
        uint40 far = 6 + (1 << 20) + 1;
        expectError(abi.encodeWithSelector(Errors.ConsentRegistry_NonceOutOfReach.selector, uint40(6), far));
        this.revokeAs(OPERATOR_KEY + 1, far);
    }

    function test_NobodyGrants() public {
        uint256[4] memory keys = [CODE_KEY, OPERATOR_KEY + 1, SIGNER_KEY + 1, PERSON_KEY];
        for (uint256 i = 0; i < keys.length; ++i) {
            expectError(invalid(subject));
            this.grantAs(keys[i], 0);
            Grant memory g = grantOf(0);
            expectError(
                abi.encodeWithSelector(Errors.ConsentRegistry_NotSubject.selector, subject, vm.addr(keys[i]))
            );
            vm.prank(vm.addr(keys[i]));
            consent.grant(g);
        }
    }

    function test_CustodianCannotTouchASubjectWithAKey() public {
        // Neither named as provisional, nor through the ordinary revocation.
        Revocation memory r = Revocation(dataset, person, STEP);
        bytes memory signed_ = sign(r, OPERATOR_KEY + 1);
        expectError(notProvisional(person, codeKey));
        consent.revokeProvisional(r, codeKey, signed_);
        expectError(notProvisional(person, person));
        consent.revokeProvisional(r, person, signed_);
        expectError(invalid(person));
        consent.revokeBySig(r, signed_);
        expectError(abi.encodeWithSelector(Errors.ConsentRegistry_NotSubject.selector, person, operator(1)));
        vm.prank(operator(1));
        consent.revokeFor(dataset, person);
    }

    /*//////////////////////////////////////////////////////////////
                                PENDING
    //////////////////////////////////////////////////////////////*/

    function test_GivenPending_PersonDoesNotSpeakYet() public {
        propose(proposal(0));
        expectError(invalid(subject));
        this.grantAs(PERSON_KEY, 0);
        expectError(abi.encodeWithSelector(Errors.ConsentRegistry_NotSubject.selector, subject, person));
        vm.prank(person);
        consent.revokeFor(dataset, subject);
    }

    function test_GivenPending_CodeAndCustodianStillRevoke() public {
        propose(proposal(0));
        revokeProvisionalBy(CODE_KEY, STEP);
        revokeProvisionalBy(OPERATOR_KEY + 1, STEP + 1);
        assertDenied(STEP + 2);
        passDelay();
        assertEq(controller(), person);
    }

    /*//////////////////////////////////////////////////////////////
                            AFTER HAND-OVER
    //////////////////////////////////////////////////////////////*/

    function test_GivenInForce_OnlyTheControllerSpeaks() public {
        Revocation memory early = Revocation(dataset, subject, STEP);
        bytes memory custodians = sign(early, OPERATOR_KEY + 1);
        bytes memory holders = sign(early, CODE_KEY);
        takeOver();
        grantBy(PERSON_KEY, 0);
        assertEq(slot().purposes, 6);
        // Neither anew nor with what they had signed before.
        expectError(named(person));
        consent.revokeProvisional(early, codeKey, custodians);
        expectError(named(person));
        consent.revokeProvisional(early, codeKey, holders);
        expectError(invalid(subject));
        consent.revokeBySig(early, custodians);
        expectError(invalid(subject));
        this.grantAs(OPERATOR_KEY + 1, 1);
        expectError(invalid(subject));
        this.grantAs(CODE_KEY, 1);
        assertEq(slot().nonce, 1);
    }

    function test_GivenInForce_ControllerSends() public {
        takeOver();
        Grant memory g = grantOf(0);
        vm.prank(person);
        consent.grant(g);
        assertEq(slot().modes, 3);
        vm.prank(person);
        consent.revokeFor(dataset, subject);
        assertDenied(1 + STEP);
    }

    function test_GivenInForce_ControllerRevokesBySignature_GivenOtherContractsAreBroken() public {
        takeOver();
        vm.etch(address(assets), hex"fe");
        vm.etch(address(gateways), hex"fe");
        Revocation memory r = Revocation(dataset, subject, STEP);
        consent.revokeBySig(r, sign(r, PERSON_KEY));
        assertDenied(STEP + 1);
        vm.prank(person);
        consent.revokeFor(dataset, subject);
        assertDenied(STEP + 1 + STEP);
    }

    function test_GivenInForce_ControllerInBatches() public {
        takeOver();
        Grant[] memory g = new Grant[](1);
        bytes[] memory s = new bytes[](1);
        g[0] = grantOf(0);
        s[0] = sign(g[0], PERSON_KEY);
        consent.grantBatch(g, s);
        assertEq(slot().purposes, 6);
        Revocation[] memory r = new Revocation[](1);
        r[0] = Revocation(dataset, subject, 1);
        s[0] = sign(r[0], PERSON_KEY);
        consent.revokeBatch(r, s);
        assertDenied(2);
    }

    function test_GivenInForce_ControllerIsContractAccount() public {
        person = address(new ContractAccount(vm.addr(PERSON_KEY)));
        takeOver();
        grantBy(PERSON_KEY, 0);
        assertEq(slot().purposes, 6);
    }

    function test_GivenInForce_ControllersOwnSlotIsUntouched() public {
        takeOver();
        vm.prank(person);
        consent.revokeFor(dataset, subject);
        assertEq(consent.slotOf(dataset, person).changedAt, 0);
    }

    /*//////////////////////////////////////////////////////////////
                                BATCHES
    //////////////////////////////////////////////////////////////*/

    function codes(uint256 size) private pure returns (address[] memory list) {
        list = new address[](size);
        for (uint256 i = 0; i < size; ++i) list[i] = vm.addr(0xC0DE + i);
    }

    function test_Batch_RevokesAndSkipsWhoWasTakenOver() public {
        takeOver();
        address[] memory list = codes(3);
        vm.expectEmit(address(consent));
        emit IConsentRegistry.ItemSkipped(0, Errors.ConsentRegistry_ControllerNamed.selector);
        vm.prank(operator(1));
        consent.revokeProvisionalBatch(dataset, list);
        assertEq(slot().changedAt, 0);
        for (uint256 i = 1; i < 3; ++i) {
            address who = consent.provisionalOf(dataset, list[i]);
            assertEq(consent.slotOf(dataset, who).nonce, STEP);
            assertEq(consent.slotOf(dataset, who).changedAt, block.number);
            assertEq(consent.controllerOf(dataset, who), address(0));
        }
    }

    function test_Batch_RevertWhen_NotTheCustodian() public {
        address[5] memory others = [codeKey, curator, operator(2), signer(2), timelock];
        for (uint256 i = 0; i < others.length; ++i) {
            expectError(notCustodian());
            vm.prank(others[i]);
            consent.revokeProvisionalBatch(dataset, codes(1));
        }
    }

    function testFuzz_NoKeyButTheControllersWidens(uint256 key, bool afterwards) public {
        key = bound(key, 1, type(uint128).max);
        if (afterwards) takeOver();
        bool may = afterwards && key == PERSON_KEY;
        if (!may) expectError(invalid(subject));
        this.grantAs(key, 0);
        assertEq(slot().purposes, may ? 6 : 0);
    }
}
