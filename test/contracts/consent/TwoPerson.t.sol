// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IConsentRegistry} from "../../../contracts/interfaces/IConsentRegistry.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Listing} from "../../../contracts/types/AssetTypes.sol";
import {Grant, Revocation, Speaker} from "../../../contracts/types/ConsentTypes.sol";
import {ContractAccount} from "../support/Doubles.sol";
import {HandOverTest} from "./HandOverTest.sol";

contract TwoPersonTest is HandOverTest {
    uint8 private constant BOTH = 1 | 8;

    function setUp() public override {
        super.setUp();
        subject = person;
    }

    function both(uint40 nonce) private view returns (Grant memory g) {
        g = grantOf(nonce);
        g.modes = BOTH;
    }

    function submit(Grant memory g, uint256 personKey, uint256 custodianKey) private {
        bytes memory persons = sign(g, personKey);
        bytes memory custodians = sign(g, custodianKey);
        vm.prank(stranger);
        consent.grantTwoPerson(g, persons, custodians);
    }

    function reverts(Grant memory g, uint256 personKey, uint256 custodianKey, bytes memory err) private {
        bytes memory persons = sign(g, personKey);
        bytes memory custodians = sign(g, custodianKey);
        expectError(err);
        vm.prank(stranger);
        consent.grantTwoPerson(g, persons, custodians);
    }

    function revokeByCustodian(uint256 key, uint40 maxNonce) private {
        Revocation memory r = Revocation(dataset, subject, maxNonce);
        bytes memory signed_ = sign(r, key);
        vm.prank(stranger);
        consent.revokeTwoPerson(r, signed_);
    }

    function revokeRefused(uint256 key, uint40 maxNonce, bytes memory err) private {
        Revocation memory r = Revocation(dataset, subject, maxNonce);
        bytes memory signed_ = sign(r, key);
        expectError(err);
        vm.prank(stranger);
        consent.revokeTwoPerson(r, signed_);
    }

    function notTwoPerson() private view returns (bytes memory) {
        return abi.encodeWithSelector(Errors.ConsentRegistry_NotTwoPerson.selector, subject);
    }

    /*//////////////////////////////////////////////////////////////
                                 GRANT
    //////////////////////////////////////////////////////////////*/

    function test_BothSign_AnyoneSends() public {
        Grant memory g = both(0);
        vm.expectEmit(address(consent));
        emit IConsentRegistry.ConsentChanged(
            dataset,
            subject,
            true,
            g.purposes,
            g.expiry,
            BOTH,
            1,
            uint40(block.number)
        );
        submit(g, PERSON_KEY, OPERATOR_KEY + 1);
        assertEq(slot().modes, BOTH);
        submit(both(1), PERSON_KEY, SIGNER_KEY + 1);
        assertEq(slot().nonce, 2);
    }

    function test_EitherSends() public {
        Grant memory g = both(0);
        bytes memory custodians = sign(g, OPERATOR_KEY + 1);
        vm.prank(person);
        consent.grantTwoPerson(g, "", custodians);
        g = both(1);
        bytes memory persons = sign(g, PERSON_KEY);
        vm.prank(operator(1));
        consent.grantTwoPerson(g, persons, "");
        assertEq(slot().nonce, 2);
    }

    function test_RevertWhen_OneOfThemIsMissing() public {
        reverts(both(0), PERSON_KEY, PERSON_KEY, notCustodian());
        reverts(both(0), OPERATOR_KEY + 1, OPERATOR_KEY + 1, invalid(subject));
        reverts(both(0), PERSON_KEY, OPERATOR_KEY + 2, notCustodian());
        reverts(both(0), PERSON_KEY, CURATOR_KEY, notCustodian());
        reverts(both(0), THIEF_KEY, OPERATOR_KEY + 1, invalid(subject));
        vm.prank(timelock);
        gateways.remove(1);
        reverts(both(0), PERSON_KEY, SIGNER_KEY + 1, notCustodian());
    }

    function test_RevertWhen_TheySignDifferentGrants() public {
        Grant memory g = both(0);
        Grant memory wider = both(0);
        wider.purposes = type(uint128).max;
        bytes memory persons = sign(g, PERSON_KEY);
        bytes memory custodians = sign(wider, OPERATOR_KEY + 1);
        expectError(notCustodian());
        consent.grantTwoPerson(g, persons, custodians);
        expectError(invalid(subject));
        consent.grantTwoPerson(wider, persons, custodians);
    }

    function test_RevertWhen_TheBitIsMissing() public {
        reverts(grantOf(0), PERSON_KEY, OPERATOR_KEY + 1, notTwoPerson());
    }

    function test_RevertWhen_NonceIsNotExact() public {
        submit(both(0), PERSON_KEY, OPERATOR_KEY + 1);
        reverts(both(0), PERSON_KEY, OPERATOR_KEY + 1, nonceMismatch(1, 0));
        reverts(both(2), PERSON_KEY, OPERATOR_KEY + 1, nonceMismatch(1, 2));
    }

    function test_RevertWhen_TheTwoAreOne() public {
        uint256[2] memory keys = [OPERATOR_KEY + 1, SIGNER_KEY + 1];
        for (uint256 i = 0; i < 2; ++i) {
            subject = vm.addr(keys[i]);
            reverts(
                both(0),
                keys[i],
                keys[i],
                abi.encodeWithSelector(Errors.ConsentRegistry_SamePerson.selector, subject)
            );
        }
    }

    function test_WhenThePersonIsAController() public {
        subject = consent.provisionalOf(dataset, codeKey);
        takeOver();
        submit(both(0), PERSON_KEY, OPERATOR_KEY + 1);
        assertEq(slot().modes, BOTH);
    }

    function test_WhenThePersonIsAContractAccount() public {
        subject = address(new ContractAccount(person));
        submit(both(0), PERSON_KEY, OPERATOR_KEY + 1);
        assertEq(slot().modes, BOTH);
    }

    /*//////////////////////////////////////////////////////////////
                                 REVOKE
    //////////////////////////////////////////////////////////////*/

    function test_CustodianAloneRevokes() public {
        submit(both(0), PERSON_KEY, OPERATOR_KEY + 1);
        vm.expectEmit(address(consent));
        emit IConsentRegistry.SpokenFor(dataset, subject, Speaker.Custodian, stranger, 1 + STEP + 1);
        revokeByCustodian(SIGNER_KEY + 1, 1 + STEP);
        assertDenied(1 + STEP + 1);
    }

    function test_PersonAloneRevokes_GivenOtherContractsAreBroken() public {
        submit(both(0), PERSON_KEY, OPERATOR_KEY + 1);
        vm.etch(address(assets), hex"fe");
        vm.etch(address(gateways), hex"fe");
        vm.prank(person);
        consent.revoke(dataset);
        assertDenied(1 + STEP);
    }

    function test_Revoke_RevertWhen_TheWordWasThePersonsAlone() public {
        grantBy(PERSON_KEY, 0);
        revokeRefused(OPERATOR_KEY + 1, STEP, notTwoPerson());
    }

    function test_Revoke_RevertWhen_AnyoneElse() public {
        submit(both(0), PERSON_KEY, OPERATOR_KEY + 1);
        uint256[5] memory keys = [THIEF_KEY, CURATOR_KEY, OPERATOR_KEY + 2, SIGNER_KEY + 2, PERSON_KEY];
        for (uint256 i = 0; i < keys.length; ++i) revokeRefused(keys[i], STEP, notCustodian());
    }

    function test_Revoke_RevertWhen_ReplayedAfterANewGrant() public {
        submit(both(0), PERSON_KEY, OPERATOR_KEY + 1);
        revokeByCustodian(OPERATOR_KEY + 1, 5);
        submit(both(6), PERSON_KEY, OPERATOR_KEY + 1);
        revokeRefused(
            OPERATOR_KEY + 1,
            5,
            abi.encodeWithSelector(Errors.ConsentRegistry_NonceOutOfReach.selector, uint40(7), uint40(5))
        );
    }

    function test_Revoke_LeafAndPendingGrantsOfATwoPersonDataset() public {
        Listing memory l = listing(bytes32("two persons"));
        l.modes = BOTH;
        dataset = listAs(curator, l, version());
        Grant memory pending = both(3);
        bytes memory persons = sign(pending, PERSON_KEY);
        bytes memory custodians = sign(pending, OPERATOR_KEY + 1);
        // Nothing was written yet: the custodian takes its part of the leaf's word back, and of what is under way.
        revokeByCustodian(OPERATOR_KEY + 1, STEP);
        assertDenied(STEP + 1);
        expectError(nonceMismatch(STEP + 1, 3));
        consent.grantTwoPerson(pending, persons, custodians);
    }
}
