// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {LogTree} from "../../../contracts/libraries/LogTree.sol";
import {NaiveLog} from "../support/NaiveLog.sol";
import {Test} from "../support/Test.sol";

/// @notice The verifier against `vectors/log.ts` and the recursive definitions of RFC 6962, which were written apart from it.
contract LogTreeTest is Test {
    string internal json;

    function setUp() public {
        json = vm.readFile(string.concat(vm.projectRoot(), "/test/contracts/vectors/generated/log.json"));
    }

    /// @dev Takes the proof by calldata, as the contract does.
    function verify(
        uint256 first,
        bytes32 firstRoot,
        uint256 second,
        bytes32 secondRoot,
        bytes32[] calldata proof
    ) external pure returns (bool) {
        return LogTree.isConsistent(uint64(first), firstRoot, uint64(second), secondRoot, proof);
    }

    function word(bytes memory data, uint256 index) private pure returns (bytes32 value) {
        assembly {
            value := mload(add(add(data, 32), mul(index, 32)))
        }
    }

    function words(bytes memory data) private pure returns (bytes32[] memory list) {
        list = new bytes32[](data.length / 32);
        for (uint256 i = 0; i < list.length; ++i) list[i] = word(data, i);
    }

    function test_IsConsistent_VectorsOfTheOracle() public view {
        uint256[] memory first = vm.parseJsonUintArray(json, ".first");
        uint256[] memory second = vm.parseJsonUintArray(json, ".second");
        bytes[] memory proofs = vm.parseJsonBytesArray(json, ".proofs");
        bytes memory roots = vm.parseJsonBytesArray(json, ".roots")[0];
        assertEq(first.length, 351);
        for (uint256 i = 0; i < first.length; ++i) {
            (uint256 m, uint256 n) = (first[i], second[i]);
            bytes32[] memory proof = words(proofs[i]);
            (bytes32 a, bytes32 b) = (word(roots, m - 1), word(roots, n - 1));
            assertTrue(this.verify(m, a, n, b, proof), "an honest proof was refused");
            assertTrue(!this.verify(m, b, n, b, proof), "another beginning was accepted");
            assertTrue(!this.verify(m, a, n, a, proof), "another end was accepted");
            assertTrue(!this.verify(n, a, m, b, proof), "a shrinking log was accepted");
        }
    }

    /// @dev Published by the Certificate Transparency project: eight entries, proof from 1 to 8.
    function test_IsConsistent_PublishedVector() public view {
        bytes32[] memory proof = new bytes32[](3);
        proof[0] = 0x96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7;
        proof[1] = 0x5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e;
        proof[2] = 0x6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4;
        bytes32 one = 0x6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d;
        bytes32 eight = 0x5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328;
        assertTrue(this.verify(1, one, 8, eight, proof));
        assertTrue(!this.verify(1, one, 9, eight, proof));
    }

    function leaves(uint256 seed, uint256 size) private pure returns (bytes32[] memory list) {
        list = new bytes32[](size);
        for (uint256 i = 0; i < size; ++i) list[i] = NaiveLog.leaf(abi.encode(seed, i));
    }

    /// @dev Between any two sizes the definition's proof is accepted, and none with one bit changed.
    function testFuzz_IsConsistent(uint256 seed, uint256 m, uint256 n, uint256 place, uint8 bit) public view {
        n = bound(n, 2, 90);
        m = bound(m, 1, n - 1);
        bytes32[] memory list = leaves(seed, n);
        bytes32 a = NaiveLog.root(list, 0, m);
        bytes32 b = NaiveLog.root(list, 0, n);
        bytes32[] memory proof = NaiveLog.proof(list, m, n);
        assertTrue(this.verify(m, a, n, b, proof));
        place = place % proof.length;
        proof[place] = bytes32(uint256(proof[place]) ^ (uint256(1) << bit));
        assertTrue(!this.verify(m, a, n, b, proof), "a changed proof was accepted");
    }

    /// @dev A proof that is too short or too long is refused, whatever it is lengthened by.
    function testFuzz_IsConsistent_RefusesOtherLengths(uint256 m, uint256 n, bytes32 extra) public view {
        n = bound(n, 2, 90);
        m = bound(m, 1, n - 1);
        bytes32[] memory list = leaves(n, n);
        bytes32 a = NaiveLog.root(list, 0, m);
        bytes32 b = NaiveLog.root(list, 0, n);
        bytes32[] memory proof = NaiveLog.proof(list, m, n);
        bytes32[] memory longer = new bytes32[](proof.length + 1);
        for (uint256 i = 0; i < proof.length; ++i) longer[i] = proof[i];
        longer[proof.length] = extra;
        assertTrue(!this.verify(m, a, n, b, longer), "a lengthened proof was accepted");
        assembly {
            mstore(proof, sub(mload(proof), 1))
        }
        assertTrue(!this.verify(m, a, n, b, proof), "a shortened proof was accepted");
    }

    /// @dev A proof of one log never shows the growth of another.
    function testFuzz_IsConsistent_RefusesAFork(uint256 seed, uint256 m, uint256 n) public view {
        n = bound(n, 2, 60);
        m = bound(m, 1, n - 1);
        bytes32[] memory list = leaves(seed, n);
        bytes32[] memory other = leaves(seed, n);
        other[m - 1] = NaiveLog.leaf("forked");
        bytes32[] memory proof = NaiveLog.proof(other, m, n);
        bytes32 a = NaiveLog.root(list, 0, m);
        bytes32 b = NaiveLog.root(other, 0, n);
        assertTrue(!this.verify(m, a, n, b, proof));
    }

    function test_IsConsistent_RefusesSizesThatDoNotRise() public view {
        bytes32[] memory list = leaves(1, 4);
        bytes32 root = NaiveLog.root(list, 0, 4);
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = root;
        assertTrue(!this.verify(0, 0, 4, root, proof));
        assertTrue(!this.verify(4, root, 4, root, proof));
        assertTrue(!this.verify(4, root, 4, root, new bytes32[](0)));
        assertTrue(!this.verify(4, root, 3, root, proof));
    }
}
