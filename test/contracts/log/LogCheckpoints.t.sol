// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {LogCheckpoints} from "../../../contracts/LogCheckpoints.sol";
import {ILogCheckpoints} from "../../../contracts/interfaces/ILogCheckpoints.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Checkpoint} from "../../../contracts/types/LogTypes.sol";
import {GatewaySignature} from "../../../contracts/types/OrderTypes.sol";
import {Checkpoints} from "../support/Checkpoints.sol";
import {Digests} from "../support/Digests.sol";

contract LogCheckpointsTest is Checkpoints {
    /*//////////////////////////////////////////////////////////////
                                  POST
    //////////////////////////////////////////////////////////////*/

    function refused(Checkpoint memory c, bytes32[] memory p, bytes memory err) private {
        GatewaySignature[] memory s = signed(c, 1, 2);
        expectError(err);
        logs.post(c, s, p);
    }

    function refusedSigners(GatewaySignature[] memory s, bytes memory err) private {
        Checkpoint memory c = checkpoint(1, "log", 3);
        expectError(err);
        logs.post(c, s, new bytes32[](0));
    }

    function inconsistent(uint64 from, uint64 to) private pure returns (bytes memory) {
        return abi.encodeWithSelector(Errors.LogCheckpoints_Inconsistent.selector, from, to);
    }

    function test_Post_RevertWhen_TheSizeIsZero() public {
        Checkpoint memory c = Checkpoint(1, 0, sha256(""));
        refused(c, new bytes32[](0), abi.encodeWithSelector(Errors.LogCheckpoints_Empty.selector));
    }

    function testFuzz_Post_RevertWhen_TheLogShrinks(uint64 size) public {
        post("log", 0, 20);
        size = uint64(bound(size, 1, 19));
        refused(
            checkpoint(1, "log", size),
            proof("log", size, 20),
            abi.encodeWithSelector(Errors.LogCheckpoints_Shrunk.selector, 20, size)
        );
    }

    function test_Post_RevertWhen_PostedBefore() public {
        post("log", 0, 7);
        bytes memory err = abi.encodeWithSelector(Errors.LogCheckpoints_AlreadyPosted.selector, 7);
        refused(checkpoint(1, "log", 7), new bytes32[](0), err);
    }

    function test_Post_RevertWhen_AnotherRootHasTheSameSize() public {
        post("log", 0, 7);
        Checkpoint memory c = checkpoint(1, "other", 7);
        bytes32 root = rootOf("log", 7);
        bytes memory err = abi.encodeWithSelector(Errors.LogCheckpoints_Forked.selector, 7, root, c.root);
        refused(c, new bytes32[](0), err);
    }

    function test_Post_RevertGiven_NoCheckpoint_When_AProofIsPassed() public {
        refused(checkpoint(1, "log", 7), proof("log", 3, 7), inconsistent(0, 7));
    }

    function testFuzz_Post_RevertWhen_TheLogIsAnother(uint64 from, uint64 to) public {
        from = uint64(bound(from, 1, 30));
        to = uint64(bound(to, from + 1, 40));
        post("log", 0, from);
        refused(checkpoint(1, "other", to), proof("other", from, to), inconsistent(from, to));
    }

    function test_Post_RevertWhen_TheProofHasAnotherLength() public {
        post("log", 0, 5);
        Checkpoint memory c = checkpoint(1, "log", 11);
        bytes32[] memory whole = proof("log", 5, 11);
        bytes32[] memory longer = new bytes32[](whole.length + 1);
        for (uint256 i = 0; i < whole.length; ++i) longer[i] = whole[i];
        refused(c, new bytes32[](0), inconsistent(5, 11));
        refused(c, longer, inconsistent(5, 11));
        assembly {
            mstore(whole, sub(mload(whole), 1))
        }
        refused(c, whole, inconsistent(5, 11));
    }

    function testFuzz_Post_RevertWhen_ABitOfTheProofDiffers(uint256 place, uint8 bit) public {
        post("log", 0, 5);
        Checkpoint memory c = checkpoint(1, "log", 23);
        bytes32[] memory p = proof("log", 5, 23);
        place = place % p.length;
        p[place] = bytes32(uint256(p[place]) ^ (uint256(1) << bit));
        refused(c, p, inconsistent(5, 23));
    }

    function count(uint256 given) private pure returns (bytes memory) {
        return abi.encodeWithSelector(Errors.LogCheckpoints_SignerCountInvalid.selector, 2, 14, given);
    }

    function test_Post_RevertWhen_TooFewOrTooManySign() public {
        Checkpoint memory c = checkpoint(1, "log", 3);
        GatewaySignature[] memory one = new GatewaySignature[](1);
        one[0] = GatewaySignature(1, signedBy(1, c));
        refusedSigners(new GatewaySignature[](0), count(0));
        refusedSigners(one, count(1));
        refusedSigners(new GatewaySignature[](15), count(15));
    }

    function notSorted(uint16 previous, uint16 next) private pure returns (bytes memory) {
        return abi.encodeWithSelector(Errors.LogCheckpoints_SignersNotSorted.selector, previous, next);
    }

    function test_Post_RevertWhen_SignersAreNotSorted() public {
        Checkpoint memory c = checkpoint(1, "log", 3);
        refusedSigners(signed(c, 2, 1), notSorted(2, 1));
        // One gateway's signature twice is not two gateways.
        refusedSigners(signed(c, 1, 1), notSorted(1, 1));
        refusedSigners(signed(c, 0, 1), notSorted(0, 0));
    }

    function test_Post_RevertWhen_OwnSignatureIsMissing() public {
        Checkpoint memory c = checkpoint(1, "log", 3);
        bytes memory err = abi.encodeWithSelector(Errors.LogCheckpoints_OwnSignatureMissing.selector, 1);
        refusedSigners(signed(c, 2, 3), err);
    }

    function invalid(uint16 gateway) private pure returns (bytes memory) {
        return abi.encodeWithSelector(Errors.LogCheckpoints_SignatureInvalid.selector, gateway);
    }

    function test_Post_RevertWhen_ASignatureIsAnothers() public {
        Checkpoint memory c = checkpoint(1, "log", 3);
        GatewaySignature[] memory s = signed(c, 1, 2);
        s[1].signature = signedBy(3, c);
        refusedSigners(s, invalid(2));
        s = signed(checkpoint(1, "other", 3), 1, 2);
        refusedSigners(s, invalid(1));
        // A gateway that was never admitted, by whatever key.
        s = signed(c, 1, 9);
        refusedSigners(s, invalid(9));
    }

    function test_Post_RevertWhen_SignedForAnotherChainOrContract() public {
        Checkpoint memory c = checkpoint(1, "log", 3);
        bytes memory elsewhere = signature(SIGNER_KEY + 2, Digests.checkpoint(c, address(0xBAD)));
        GatewaySignature[] memory s = signed(c, 1, 2);
        s[1].signature = elsewhere;
        refusedSigners(s, invalid(2));
        s = signed(c, 1, 2);
        vm.chainId(777);
        refusedSigners(s, invalid(1));
    }

    function test_Post_RevertGiven_ASignerWasRemoved() public {
        vm.prank(timelock);
        gateways.remove(2);
        refusedSigners(signed(checkpoint(1, "log", 3), 1, 2), invalid(2));
    }

    function signers(uint16 first, uint16 second) private pure returns (uint16[] memory list) {
        list = new uint16[](2);
        (list[0], list[1]) = (first, second);
    }

    function test_Posts() public {
        Checkpoint memory c = checkpoint(1, "log", 3);
        vm.expectEmit(address(logs));
        emit ILogCheckpoints.CheckpointPosted(1, 3, c.root, signers(1, 2));
        vm.prank(stranger);
        logs.post(c, signed(c, 1, 2), new bytes32[](0));
        (uint64 size, bytes32 root, uint40 postedAt) = logs.latestOf(1);
        assertEq(size, 3);
        assertEq(root, c.root);
        assertEq(postedAt, block.timestamp);
        vm.warp(block.timestamp + 60);
        post("log", 3, 10);
        (size, root, postedAt) = logs.latestOf(1);
        assertEq(size, 10);
        assertEq(root, rootOf("log", 10));
        assertEq(postedAt, block.timestamp);
        // Logs of other gateways are their own.
        (size, root, postedAt) = logs.latestOf(2);
        assertEq(size, 0);
        assertEq(root, 0);
        assertEq(postedAt, 0);
    }

    function test_Post_WithCosignersBelowAndAbove() public {
        Checkpoint memory c = checkpoint(2, "second", 4);
        GatewaySignature[] memory s = new GatewaySignature[](3);
        for (uint16 i = 1; i <= 3; ++i) s[i - 1] = GatewaySignature(i, signedBy(i, c));
        logs.post(c, s, new bytes32[](0));
        (uint64 size, , ) = logs.latestOf(2);
        assertEq(size, 4);
    }

    /*//////////////////////////////////////////////////////////////
                           EQUIVOCATION
    //////////////////////////////////////////////////////////////*/

    function prove(Checkpoint memory a, Checkpoint memory b, bytes memory err) private {
        (bytes memory first, bytes memory second) = (signedBy(1, a), signedBy(1, b));
        if (err.length != 0) expectError(err);
        logs.proveEquivocation(a, first, b, second, stranger);
    }

    function test_ProveEquivocation_RevertWhen_ReporterIsZero() public {
        Checkpoint memory a = checkpoint(1, "log", 3);
        Checkpoint memory b = checkpoint(1, "other", 3);
        (bytes memory first, bytes memory second) = (signedBy(1, a), signedBy(1, b));
        expectError(abi.encodeWithSelector(Errors.LogCheckpoints_AddressZero.selector));
        logs.proveEquivocation(a, first, b, second, address(0));
    }

    /// @dev Two states of one honest log are no fault, nor is one state twice, nor are two gateways' logs.
    function test_FalseAccusation_OfAnHonestLog() public {
        bytes memory err = abi.encodeWithSelector(Errors.LogCheckpoints_NotEquivocation.selector);
        prove(checkpoint(1, "log", 3), checkpoint(1, "log", 4), err);
        prove(checkpoint(1, "log", 3), checkpoint(1, "log", 3), err);
        prove(checkpoint(1, "log", 3), checkpoint(2, "other", 3), err);
    }

    function test_ProveEquivocation_RevertWhen_ASignatureIsNotTheGateways() public {
        Checkpoint memory a = checkpoint(1, "log", 3);
        Checkpoint memory b = checkpoint(1, "other", 3);
        (bytes memory own, bytes memory others) = (signedBy(1, a), signedBy(2, b));
        expectError(invalid(1));
        logs.proveEquivocation(a, own, b, others, stranger);
        expectError(invalid(1));
        logs.proveEquivocation(b, others, a, own, stranger);
    }

    function test_ProveEquivocation_RevertGiven_TheGatewayIsUnknown() public {
        Checkpoint memory a = checkpoint(9, "log", 3);
        Checkpoint memory b = checkpoint(9, "other", 3);
        (bytes memory first, bytes memory second) = (signedBy(9, a), signedBy(9, b));
        expectError(invalid(9));
        logs.proveEquivocation(a, first, b, second, stranger);
    }

    function test_ProveEquivocation_RevertGiven_ProvenBefore() public {
        prove(checkpoint(1, "log", 3), checkpoint(1, "other", 3), "");
        bytes memory err = abi.encodeWithSelector(Errors.LogCheckpoints_AlreadyProven.selector, 1, 3);
        prove(checkpoint(1, "other", 3), checkpoint(1, "third", 3), err);
    }

    function test_ProveEquivocation_GivenTheGatewayWasRemoved() public {
        vm.prank(timelock);
        gateways.remove(1);
        prove(checkpoint(1, "log", 3), checkpoint(1, "other", 3), "");
        assertEq(logs.equivocationOf(1, 3), stranger);
    }

    function test_ProvesEquivocation() public {
        post("log", 0, 3);
        Checkpoint memory a = checkpoint(1, "log", 3);
        Checkpoint memory b = checkpoint(1, "other", 3);
        assertEq(logs.equivocationOf(1, 3), address(0));
        vm.expectEmit(address(logs));
        emit ILogCheckpoints.EquivocationProven(1, 3, a.root, b.root, stranger);
        prove(a, b, "");
        assertEq(logs.equivocationOf(1, 3), stranger);
        assertEq(logs.equivocationOf(1, 4), address(0));
        assertEq(logs.equivocationOf(2, 3), address(0));
        (uint64 size, bytes32 root, ) = logs.latestOf(1);
        assertEq(size, 3);
        assertEq(root, a.root);
    }

    function test_HashCheckpoint_IsWhatAWalletSigns() public view {
        Checkpoint memory c = checkpoint(1, "log", 3);
        assertEq(logs.hashCheckpoint(c), Digests.checkpoint(c, address(logs)));
        bytes32 typed = vm.eip712HashStruct("Checkpoint", abi.encode(c));
        bytes32 domain = Digests.domain("Salus LogCheckpoints", address(logs));
        assertEq(logs.hashCheckpoint(c), Digests.typed(domain, typed));
        assertEq(address(LogCheckpoints(address(logs)).gateways()), address(gateways));
    }
}
