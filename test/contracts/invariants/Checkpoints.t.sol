// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {GatewayRegistry} from "../../../contracts/GatewayRegistry.sol";
import {LogCheckpoints} from "../../../contracts/LogCheckpoints.sol";
import {IGatewayRegistry} from "../../../contracts/interfaces/IGatewayRegistry.sol";
import {TestDollar} from "../../../contracts/local/TestDollar.sol";
import {Checkpoint} from "../../../contracts/types/LogTypes.sol";
import {GatewaySignature} from "../../../contracts/types/OrderTypes.sol";
import {Digests} from "../support/Digests.sol";
import {Invariants} from "../support/Invariants.sol";
import {NaiveLog} from "../support/NaiveLog.sol";

/// @notice Two gateways post honest states, forks and old states of their logs in any order (README.md).
contract CheckpointsInvariants is Invariants {
    uint256 private constant SIGNER_KEY = 0x200;
    uint256 private constant LONGEST = 24;

    LogCheckpoints private _logs;
    /// @dev The honest log of each gateway, as leaf hashes, and a fork of it that differs from its fifth entry on.
    bytes32[][3] private _honest;
    bytes32[][3] private _forked;
    uint64[3] private _posted;
    bool[3] private _onFork;
    mapping(uint16 gateway => mapping(uint64 size => bool)) private _proven;

    function setUp() public {
        clock = 1_800_000_000;
        height = 100;
        GatewayRegistry gateways = new GatewayRegistry(address(this), address(new TestDollar()), 0);
        for (uint16 i = 1; i <= 2; ++i) {
            gateways.admit(address(uint160(i)), vm.addr(SIGNER_KEY + i), bytes32(uint256(i)), "name", "url");
            for (uint256 n = 0; n < LONGEST; ++n) {
                _honest[i].push(NaiveLog.leaf(abi.encode(i, n)));
                _forked[i].push(NaiveLog.leaf(abi.encode(i, n, n < 4 ? "" : "forked")));
                if (n < 4) _forked[i][n] = _honest[i][n];
            }
        }
        _logs = new LogCheckpoints(IGatewayRegistry(address(gateways)));
    }

    /// @dev Stands in for the access manager of the registry: this contract is the vote.
    function canCall(address, address, bytes4) external pure returns (bool, uint32) {
        return (true, 0);
    }

    function steps() internal pure override returns (bytes4[] memory s) {
        s = new bytes4[](3);
        s[0] = this.stepPost.selector;
        s[1] = this.stepPostWithAnyProof.selector;
        s[2] = this.stepProveEquivocation.selector;
    }

    function list(uint16 gateway, bool fork) private view returns (bytes32[] memory) {
        return fork ? _forked[gateway] : _honest[gateway];
    }

    function state(uint16 gateway, bool fork, uint64 size) private view returns (Checkpoint memory) {
        return Checkpoint(gateway, size, NaiveLog.root(list(gateway, fork), 0, size));
    }

    function signedBy(uint16 gateway, Checkpoint memory c) private view returns (bytes memory) {
        return signature(SIGNER_KEY + gateway, Digests.checkpoint(c, address(_logs)));
    }

    function post(Checkpoint memory c, bytes32[] memory proof) private returns (bool accepted) {
        GatewaySignature[] memory s = new GatewaySignature[](2);
        s[0] = GatewaySignature(1, signedBy(1, c));
        s[1] = GatewaySignature(2, signedBy(2, c));
        try _logs.post(c, s, proof) {
            return true;
        } catch {
            return false;
        }
    }

    /// @dev A state of either branch with the proof that its branch has. Up to the fork the two are one log.
    function stepPost(bool second, bool fork, uint64 size) external step {
        uint16 gateway = second ? 2 : 1;
        size = uint64(bound(size, 1, LONGEST));
        uint64 from = _posted[gateway];
        bool grows = size > from;
        bool same = from <= 4 || fork == _onFork[gateway];
        bytes32[] memory proof =
            grows && from != 0 ? NaiveLog.proof(list(gateway, fork), from, size) : new bytes32[](0);
        bool accepted = post(state(gateway, fork, size), proof);
        expect(accepted == (grows && same), accepted ? "took a log that shrank or forked" : "refused growth");
        if (!accepted) return;
        _posted[gateway] = size;
        _onFork[gateway] = fork;
    }

    /// @dev The other branch's state with the proof that the posted branch would have.
    function stepPostWithAnyProof(bool second, uint64 size) external step {
        uint16 gateway = second ? 2 : 1;
        uint64 from = _posted[gateway];
        if (from < 5 || from >= LONGEST) return;
        size = uint64(bound(size, from + 1, LONGEST));
        bool fork = !_onFork[gateway];
        bytes32[] memory proof = NaiveLog.proof(list(gateway, !fork), from, size);
        expect(!post(state(gateway, fork, size), proof), "took a fork with another log's proof");
    }

    function stepProveEquivocation(bool second, uint64 size, uint64 other) external step {
        uint16 gateway = second ? 2 : 1;
        size = uint64(bound(size, 1, LONGEST));
        other = other % 4 == 0 ? uint64(bound(other, 1, LONGEST)) : size;
        Checkpoint memory a = state(gateway, false, size);
        Checkpoint memory b = state(gateway, true, other);
        bool guilty = size == other && size > 4 && !_proven[gateway][size];
        try _logs.proveEquivocation(a, signedBy(gateway, a), b, signedBy(gateway, b), address(0xBEEF)) {
            expect(guilty, "recorded what was no equivocation, or twice");
            _proven[gateway][size] = true;
        } catch {
            expect(!guilty, "refused a proven equivocation");
        }
    }

    function invariant_LogsOnlyGrow() public view {
        assertNothingViolated();
        for (uint16 g = 1; g <= 2; ++g) {
            (uint64 size, bytes32 root, ) = _logs.latestOf(g);
            assertEq(size, _posted[g]);
            if (size != 0) assertEq(root, NaiveLog.root(list(g, _onFork[g]), 0, size));
        }
    }
}
