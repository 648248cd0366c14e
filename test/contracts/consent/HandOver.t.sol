// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IConsentRegistry} from "../../../contracts/interfaces/IConsentRegistry.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Contest, Controller, HandOver, Revocation, Speaker} from "../../../contracts/types/ConsentTypes.sol";
import {Digests} from "../support/Digests.sol";
import {HandOverTest} from "./HandOverTest.sol";

contract HandOverProposalTest is HandOverTest {
    function reverts(HandOver memory h, uint256 withCode, uint256 withCustodian, bytes memory err) private {
        bytes memory code = sign(h, withCode);
        bytes memory custodian = sign(h, withCustodian);
        expectError(err);
        vm.prank(stranger);
        consent.handOver(h, codeKey, code, custodian);
    }

    function reverts(HandOver memory h, bytes memory err) private {
        reverts(h, CODE_KEY, OPERATOR_KEY + 1, err);
    }

    function invalidController(address who) private pure returns (bytes memory) {
        return abi.encodeWithSelector(Errors.ConsentRegistry_ControllerInvalid.selector, who);
    }

    /*//////////////////////////////////////////////////////////////
                               WHO PASSES
    //////////////////////////////////////////////////////////////*/

    function test_SubjectIsDerivedFromDatasetAndCodeKey() public view {
        assertEq(consent.provisionalOf(dataset, codeKey), subject);
        assertTrue(consent.provisionalOf(dataset + 1, codeKey) != subject);
        assertTrue(consent.provisionalOf(dataset, person) != subject);
    }

    function test_OperatorAndCodeSign_AnyoneSends() public {
        uint40 from = uint40(block.timestamp + 7 days);
        vm.expectEmit(address(consent));
        emit IConsentRegistry.HandOverProposed(dataset, subject, person, codeKey, 0, from);
        propose(proposal(0));
        Controller memory c = consent.handOverOf(dataset, subject);
        assertEq(c.account, person);
        assertEq(c.inForceFrom, from);
        assertEq(c.nonce, 1);
    }

    function test_ActiveSignerSigns() public {
        propose(proposal(0), CODE_KEY, SIGNER_KEY + 1);
        passDelay();
        assertEq(controller(), person);
    }

    function test_CustodianSendsWithoutSignature() public {
        HandOver memory h = proposal(0);
        bytes memory code = sign(h, CODE_KEY);
        vm.prank(operator(1));
        consent.handOver(h, codeKey, code, "");
        passDelay();
        assertEq(controller(), person);
    }

    function test_ChangesNoConsent() public {
        takeOver();
        assertEq(slot().nonce, 0);
        assertEq(slot().changedAt, 0);
    }

    /*//////////////////////////////////////////////////////////////
                            WHO DOES NOT PASS
    //////////////////////////////////////////////////////////////*/

    function test_RevertWhen_CodeIsMissing() public {
        // The custodian alone cannot take over, nor the person without the letter, nor a thief.
        reverts(proposal(0), OPERATOR_KEY + 1, OPERATOR_KEY + 1, invalid(codeKey));
        reverts(proposal(0), PERSON_KEY, OPERATOR_KEY + 1, invalid(codeKey));
        reverts(proposal(0), THIEF_KEY, OPERATOR_KEY + 1, invalid(codeKey));
    }

    function test_RevertWhen_CustodianIsMissing() public {
        // A stolen letter alone takes nothing over; nor do other gateways, the curator or the vote.
        reverts(proposal(0), CODE_KEY, CODE_KEY, notCustodian());
        reverts(proposal(0), CODE_KEY, PERSON_KEY, notCustodian());
        reverts(proposal(0), CODE_KEY, OPERATOR_KEY + 2, notCustodian());
        reverts(proposal(0), CODE_KEY, SIGNER_KEY + 2, notCustodian());
        reverts(proposal(0), CODE_KEY, CURATOR_KEY, notCustodian());
        HandOver memory h = proposal(0);
        bytes memory code = sign(h, CODE_KEY);
        expectError(notCustodian());
        vm.prank(timelock);
        consent.handOver(h, codeKey, code, "");
    }

    function test_Regression_CustodianThatRelaysDoesNotSpeak() public {
        // The custodian's operator also relays for people without gas: what it sends for others is not its own word.
        HandOver memory h = proposal(0);
        bytes memory code = sign(h, CODE_KEY);
        expectError(notCustodian());
        vm.prank(operator(1));
        consent.handOver(h, codeKey, code, code);
        propose(h);
        Contest memory c = Contest(dataset, subject, 0);
        bytes memory thiefs = signature(THIEF_KEY, Digests.contest(c, address(consent)));
        expectError(notCustodian());
        vm.prank(operator(1));
        consent.contest(c, codeKey, thiefs);
        Revocation memory r = Revocation(dataset, subject, STEP);
        thiefs = sign(r, THIEF_KEY);
        expectError(notCustodian());
        vm.prank(operator(1));
        consent.revokeProvisional(r, codeKey, thiefs);
    }

    function test_RevertWhen_CustodianOfAnotherDataset() public {
        // Gateway 2 keeps the other dataset, for which the same letter has no provisional subject of this name.
        uint256 first = dataset;
        dataset = 12345;
        HandOver memory h = HandOver(
            dataset,
            consent.provisionalOf(dataset, codeKey),
            person,
            0,
            type(uint40).max
        );
        reverts(h, notCustodian());
        dataset = first;
    }

    function test_SignerOfARemovedGatewayDoesNotCount_ItsOperatorDoes() public {
        vm.prank(timelock);
        gateways.remove(1);
        reverts(proposal(0), CODE_KEY, SIGNER_KEY + 1, notCustodian());
        // What it listed stays in its keeping: its people can still take over.
        propose(proposal(0), CODE_KEY, OPERATOR_KEY + 1);
        passDelay();
        assertEq(controller(), person);
    }

    function test_RevertWhen_SubjectHasAKey() public {
        HandOver memory h = proposal(0);
        h.subject = person;
        reverts(h, notProvisional(person, codeKey));
    }

    function test_RevertWhen_CodeIsAnothers() public {
        HandOver memory h = proposal(0);
        bytes memory code = sign(h, THIEF_KEY);
        bytes memory custodian = sign(h, OPERATOR_KEY + 1);
        expectError(notProvisional(subject, vm.addr(THIEF_KEY)));
        consent.handOver(h, vm.addr(THIEF_KEY), code, custodian);
    }

    function test_RevertWhen_ControllerIsNobodyOrAParty() public {
        HandOver memory h = proposal(0);
        address[5] memory parties = [address(0), codeKey, subject, operator(1), signer(1)];
        for (uint256 i = 0; i < parties.length; ++i) {
            h.controller = parties[i];
            reverts(h, invalidController(parties[i]));
        }
    }

    /*//////////////////////////////////////////////////////////////
                             WHAT IS SIGNED
    //////////////////////////////////////////////////////////////*/

    function test_RevertWhen_SignedForAnotherController() public {
        HandOver memory h = proposal(0);
        bytes memory code = sign(h, CODE_KEY);
        bytes memory custodian = sign(h, OPERATOR_KEY + 1);
        h.controller = vm.addr(THIEF_KEY);
        expectError(invalid(codeKey));
        consent.handOver(h, codeKey, code, custodian);
    }

    function test_RevertWhen_SignedForAnotherChain() public {
        HandOver memory h = proposal(0);
        vm.chainId(1);
        bytes memory code = sign(h, CODE_KEY);
        bytes memory custodian = sign(h, OPERATOR_KEY + 1);
        vm.chainId(31337);
        expectError(invalid(codeKey));
        consent.handOver(h, codeKey, code, custodian);
    }

    function test_RevertWhen_TooLate() public {
        HandOver memory h = proposal(0);
        vm.warp(h.validUntil);
        propose(h);
        contestBy(CODE_KEY, 0);
        h = proposal(1);
        vm.warp(uint256(h.validUntil) + 1);
        reverts(h, abi.encodeWithSelector(Errors.ConsentRegistry_TooLate.selector, h.validUntil));
    }

    function test_RevertWhen_NonceIsNotExact() public {
        reverts(proposal(1), nonceMismatch(0, 1));
    }

    function test_RevertGiven_OneIsPending() public {
        propose(proposal(0));
        HandOver memory h = proposal(1);
        h.controller = vm.addr(THIEF_KEY);
        reverts(h, named(person));
    }

    function test_RevertGiven_OneIsInForce() public {
        takeOver();
        HandOver memory h = proposal(1);
        h.controller = vm.addr(THIEF_KEY);
        reverts(h, named(person));
    }

    function test_RevertWhen_ReplayedAfterAContest() public {
        HandOver memory h = proposal(0);
        propose(h);
        contestBy(OPERATOR_KEY + 1, 0);
        reverts(h, nonceMismatch(1, 0));
    }

    /*//////////////////////////////////////////////////////////////
                              CONTROLLER OF
    //////////////////////////////////////////////////////////////*/

    function test_ControllerOf_FromStartToForce() public {
        // Not shown to be provisional: like any subject, itself.
        assertEq(controller(), subject);
        propose(proposal(0));
        assertEq(controller(), address(0));
        vm.warp(block.timestamp + HAND_OVER_DELAY - 1);
        assertEq(controller(), address(0));
        vm.warp(block.timestamp + 1);
        assertEq(controller(), person);
    }

    function test_ControllerOf_AfterAContest() public {
        propose(proposal(0));
        contestBy(CODE_KEY, 0);
        passDelay();
        assertEq(controller(), address(0));
        propose(proposal(1));
        passDelay();
        assertEq(controller(), person);
    }

    function test_ControllerOf_AfterTheCustodianRevoked() public {
        revokeProvisionalBy(OPERATOR_KEY + 1, STEP);
        assertEq(controller(), address(0));
        takeOver();
        assertEq(controller(), person);
    }

    function test_ControllerOf_SubjectWithAKey() public view {
        assertEq(consent.controllerOf(dataset, person), person);
    }

    function testFuzz_ControllerSpeaksFromTheDelayOn(uint32 wait) public {
        propose(proposal(0));
        vm.warp(block.timestamp + wait);
        assertEq(controller(), wait >= HAND_OVER_DELAY ? person : address(0));
    }
}

contract HandOverContestTest is HandOverTest {
    function setUp() public override {
        super.setUp();
        propose(proposal(0));
    }

    function contested(uint256 key, Speaker by) private {
        vm.expectEmit(address(consent));
        emit IConsentRegistry.HandOverContested(dataset, subject, person, 0, by);
        contestBy(key, 0);
        passDelay();
        assertEq(controller(), address(0));
        assertEq(consent.handOverOf(dataset, subject).account, address(0));
    }

    function test_ByTheCodesHolder() public {
        contested(CODE_KEY, Speaker.Code);
    }

    function test_ByTheOperator() public {
        contested(OPERATOR_KEY + 1, Speaker.Custodian);
    }

    function test_ByTheSigner() public {
        contested(SIGNER_KEY + 1, Speaker.Custodian);
    }

    function test_ByTheCodesHolder_GivenOtherContractsAreBroken() public {
        vm.etch(address(assets), hex"fe");
        vm.etch(address(gateways), hex"fe");
        contested(CODE_KEY, Speaker.Code);
    }

    function test_RevertWhen_ByAnyoneElse() public {
        uint256[6] memory keys = [
            PERSON_KEY,
            THIEF_KEY,
            CURATOR_KEY,
            OPERATOR_KEY + 2,
            SIGNER_KEY + 3,
            BUYER_KEY
        ];
        for (uint256 i = 0; i < keys.length; ++i) {
            expectError(notCustodian());
            this.contestAs(keys[i], 0);
        }
    }

    function contestAs(uint256 key, uint40 nonce) external {
        contestBy(key, nonce);
    }

    function test_RevertWhen_InForce() public {
        passDelay();
        expectError(nothingToContest(0));
        this.contestAs(CODE_KEY, 0);
        expectError(nothingToContest(0));
        this.contestAs(OPERATOR_KEY + 1, 0);
        assertEq(controller(), person);
    }

    function test_InTheLastSecond() public {
        vm.warp(block.timestamp + HAND_OVER_DELAY - 1);
        contested(CODE_KEY, Speaker.Code);
    }

    function test_RevertWhen_AnotherHandOverIsNamed() public {
        expectError(nothingToContest(1));
        this.contestAs(CODE_KEY, 1);
        contestBy(CODE_KEY, 0);
        propose(proposal(1));
        // The word against the first says nothing against the second.
        expectError(nothingToContest(0));
        this.contestAs(CODE_KEY, 0);
    }

    function test_RevertGiven_None() public {
        contestBy(CODE_KEY, 0);
        expectError(nothingToContest(0));
        this.contestAs(CODE_KEY, 0);
    }
}
