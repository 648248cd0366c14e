// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IDataUseAuthority} from "../../../contracts/interfaces/IDataUseAuthority.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {AttestationRevocation, Issuer} from "../../../contracts/types/DataUseTypes.sol";
import {DataUseAuthority} from "../../../contracts/DataUseAuthority.sol";
import {Digests} from "../support/Digests.sol";
import {EvidenceTest} from "./EvidenceTest.sol";

/// @notice Issuers, the closure of diseases, and withdrawals (Evidence.tree).
contract AuthorityTest is EvidenceTest {
    function test_RevertWhen_NotTheVote() public {
        address[5] memory others = [curator, buyer, committee, operator(1), address(this)];
        for (uint256 i = 0; i < others.length; ++i) {
            bytes memory err = abi.encodeWithSelector(
                IAccessManaged.AccessManagedUnauthorized.selector,
                others[i]
            );
            expectError(err);
            vm.prank(others[i]);
            dataUse.setIssuer(committee, ALL_KINDS, type(uint40).max);
            expectError(err);
            vm.prank(others[i]);
            dataUse.setDiseaseClosure(bytes32(0), bytes32(0));
        }
    }

    function test_ListsIssuers() public {
        vm.expectEmit(address(dataUse));
        emit IDataUseAuthority.IssuerChanged(stranger, 1 << 11, 77);
        vm.prank(timelock);
        dataUse.setIssuer(stranger, 1 << 11, 77);
        Issuer memory issuer = dataUse.issuerOf(stranger);
        assertEq(issuer.kinds, 1 << 11);
        assertEq(issuer.until, 77);
    }

    function test_RevertWhen_IssuerIsZero() public {
        expectError(abi.encodeWithSelector(Errors.DataUseAuthority_AddressZero.selector));
        vm.prank(timelock);
        dataUse.setIssuer(address(0), ALL_KINDS, 1);
    }

    function testFuzz_RevertWhen_KindCannotBeAttested(uint128 kinds) public {
        kinds |= uint128(1) << (kinds % 5);
        expectError(abi.encodeWithSelector(Errors.DataUseAuthority_KindsUnknown.selector, kinds));
        vm.prank(timelock);
        dataUse.setIssuer(stranger, kinds, 1);
    }

    function test_SetsTheClosure() public {
        vm.expectEmit(address(dataUse));
        emit IDataUseAuthority.DiseaseClosureChanged(bytes32("root"), bytes32("file"));
        vm.prank(timelock);
        dataUse.setDiseaseClosure(bytes32("root"), bytes32("file"));
        assertEq(dataUse.diseaseClosure(), bytes32("root"));
    }

    /*//////////////////////////////////////////////////////////////
                              WITHDRAWALS
    //////////////////////////////////////////////////////////////*/

    function test_IssuerWithdraws() public {
        vm.expectEmit(address(dataUse));
        emit IDataUseAuthority.AttestationRevoked(committee, bytes32("a"));
        vm.prank(committee);
        dataUse.revoke(bytes32("a"));
        assertEq(dataUse.revokedAt(committee, bytes32("a")), block.timestamp);
        assertEq(dataUse.revokedAt(committee, bytes32("b")), 0);
    }

    function test_DelistedIssuerWithdraws() public {
        vm.prank(timelock);
        dataUse.setIssuer(committee, 0, 0);
        vm.prank(committee);
        dataUse.revoke(bytes32("a"));
        assertEq(dataUse.revokedAt(committee, bytes32("a")), block.timestamp);
    }

    function test_FirstWithdrawalStays() public {
        vm.prank(committee);
        dataUse.revoke(bytes32("a"));
        uint256 first = block.timestamp;
        vm.warp(first + 100);
        vm.prank(committee);
        dataUse.revoke(bytes32("a"));
        assertEq(dataUse.revokedAt(committee, bytes32("a")), first);
    }

    function test_AnotherIssuersWithdrawalChangesNothing() public {
        vm.prank(stranger);
        dataUse.revoke(bytes32("a"));
        assertEq(dataUse.revokedAt(committee, bytes32("a")), 0);
    }

    function signedBy(uint256 key, AttestationRevocation memory r) private view returns (bytes memory) {
        return signature(key, Digests.attestationRevocation(r, address(dataUse)));
    }

    function test_AnyoneSendsTheIssuersSignature() public {
        AttestationRevocation memory r = AttestationRevocation(committee, bytes32("a"));
        bytes memory signed_ = signedBy(COMMITTEE_KEY, r);
        vm.prank(stranger);
        dataUse.revokeFor(r, signed_);
        assertEq(dataUse.revokedAt(committee, bytes32("a")), block.timestamp);
    }

    function badSignature(AttestationRevocation memory r, bytes memory signed_) private {
        expectError(abi.encodeWithSelector(Errors.DataUseAuthority_SignatureInvalid.selector, r.issuer));
        dataUse.revokeFor(r, signed_);
    }

    function test_RevertWhen_WithdrawalIsNotTheIssuers() public {
        AttestationRevocation memory r = AttestationRevocation(committee, bytes32("a"));
        badSignature(r, signedBy(BUYER_KEY, r));
        badSignature(r, signedBy(COMMITTEE_KEY, AttestationRevocation(committee, bytes32("b"))));
        badSignature(r, "");
    }

    function test_RevertWhen_WithdrawalIsForAnotherChainOrContract() public {
        AttestationRevocation memory r = AttestationRevocation(committee, bytes32("a"));
        vm.chainId(1);
        bytes memory signed_ = signedBy(COMMITTEE_KEY, r);
        vm.chainId(31337);
        badSignature(r, signed_);
        DataUseAuthority other = new DataUseAuthority(address(manager));
        badSignature(r, signature(COMMITTEE_KEY, Digests.attestationRevocation(r, address(other))));
    }
}
