// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ConsentRegistry} from "../../../contracts/ConsentRegistry.sol";
import {IAssetRegistry} from "../../../contracts/interfaces/IAssetRegistry.sol";
import {IGatewayRegistry} from "../../../contracts/interfaces/IGatewayRegistry.sol";
import {
    ConsentSlot,
    Contest,
    Grant,
    HandOver,
    ProxyGrant,
    ProxyNaming,
    ProxyRemoval,
    Revocation
} from "../../../contracts/types/ConsentTypes.sol";
import {Digests} from "../support/Digests.sol";
import {Custody} from "../support/Doubles.sol";
import {Invariants} from "../support/Invariants.sol";

/// @notice One provisional subject, and five keys that all try everything: its custodian, the code, the person, a proxy
/// and a stranger. Every word is signed, for the current state or for one that was (README.md).
contract HandOverInvariants is Invariants {
    uint256 private constant CUSTODIAN = 0;
    uint256 private constant CODE = 1;
    uint256 private constant PERSON = 2;
    uint256 private constant PROXY = 3;
    uint256 private constant KEYS = 5;

    uint256 private constant DATASET = 7;
    uint32 private constant DELAY = 100;

    struct Model {
        address controller;
        uint256 inForceFrom;
        uint40 handOvers;
        bool proven;
        uint40 nonce;
        bool granted;
        bool proxyNamed;
        uint40 proxySince;
        uint256 proxyUntil;
    }

    ConsentRegistry private _registry;
    address private _subject;
    Model private _model;

    function setUp() public {
        clock = 1_800_000_000;
        height = 100;
        Custody custody = new Custody(addressOf(CUSTODIAN));
        _registry = new ConsentRegistry(
            IAssetRegistry(address(custody)),
            IGatewayRegistry(address(custody)),
            DELAY
        );
        _subject = _registry.provisionalOf(DATASET, addressOf(CODE));
    }

    function steps() internal pure override returns (bytes4[] memory s) {
        s = new bytes4[](9);
        s[0] = this.stepHandOver.selector;
        s[1] = this.stepContest.selector;
        s[2] = this.stepRevokeProvisional.selector;
        s[3] = this.stepGrant.selector;
        s[4] = this.stepRevoke.selector;
        s[5] = this.stepNameProxy.selector;
        s[6] = this.stepRemoveProxy.selector;
        s[7] = this.stepGrantByProxy.selector;
        s[8] = this.stepWait.selector;
    }

    function keyOf(uint256 who) private pure returns (uint256) {
        return 0x7700 + who;
    }

    function addressOf(uint256 who) private pure returns (address) {
        return vm.addr(keyOf(who));
    }

    function inForce() private view returns (bool) {
        return _model.controller != address(0) && clock >= _model.inForceFrom;
    }

    /// @dev Half of the time the exact nonce, else one beside it.
    function near(uint40 nonce, uint256 seed) private pure returns (uint40) {
        return nonce + uint40(seed % 4 == 1 ? 1 : 0) - uint40(seed % 4 == 2 && nonce > 0 ? 1 : 0);
    }

    /*//////////////////////////////////////////////////////////////
                                 STEPS
    //////////////////////////////////////////////////////////////*/

    function stepWait(uint256 seed) external step {
        clock += seed % (DELAY / 2);
    }

    function stepHandOver(uint256 seed) external step {
        (uint256 a, uint256 b) = (seed % KEYS, (seed >> 8) % KEYS);
        // Mostly the two who must agree, so that runs get beyond this step.
        if ((seed >> 16) % 2 == 0) (a, b) = (CODE, CUSTODIAN);
        HandOver memory h = HandOver(
            DATASET,
            _subject,
            addressOf(PERSON),
            near(_model.handOvers, seed >> 24),
            uint40(clock)
        );
        bytes32 digest = Digests.handOver(h, address(_registry));
        bool may =
            a == CODE && b == CUSTODIAN && _model.controller == address(0) && h.nonce == _model.handOvers;
        try _registry.handOver(h, addressOf(CODE), signature(keyOf(a), digest), signature(keyOf(b), digest)) {
            expect(may, "took a hand-over that not both agreed to, or not the next");
            (_model.controller, _model.inForceFrom) = (h.controller, clock + DELAY);
            (_model.handOvers, _model.proven) = (h.nonce + 1, true);
        } catch {
            expect(!may, "refused a hand-over that both agreed to");
        }
    }

    function stepContest(uint256 seed) external step {
        uint256 who = seed % KEYS;
        if (_model.handOvers == 0 || (seed >> 16) % 3 != 0) return;
        Contest memory c = Contest(DATASET, _subject, near(_model.handOvers - 1, seed >> 24));
        bool may =
            who <= CODE && _model.controller != address(0) && !inForce() && c.nonce + 1 == _model.handOvers;
        bytes32 digest = Digests.contest(c, address(_registry));
        try _registry.contest(c, addressOf(CODE), signature(keyOf(who), digest)) {
            expect(may, "took a contest of one who may not, or too late");
            _model.controller = address(0);
        } catch {
            expect(!may, "refused a contest");
        }
    }

    function stepRevokeProvisional(uint256 seed) external step {
        uint256 who = seed % KEYS;
        Revocation memory r = Revocation(DATASET, _subject, near(_model.nonce, seed >> 24));
        bool may = who <= CODE && !inForce() && r.maxNonce >= _model.nonce;
        bytes32 digest = Digests.revocation(r, address(_registry));
        try _registry.revokeProvisional(r, addressOf(CODE), signature(keyOf(who), digest)) {
            expect(may, "took a provisional revocation of one who may not");
            (_model.granted, _model.nonce, _model.proven) = (false, r.maxNonce + 1, true);
        } catch {
            expect(!may, "refused a provisional revocation");
        }
    }

    function stepGrant(uint256 seed) external step {
        uint256 who = seed % 2 == 0 ? PERSON : (seed >> 8) % KEYS;
        Grant memory g = Grant(DATASET, _subject, 1, type(uint40).max, 1, near(_model.nonce, seed >> 24));
        bool may = who == PERSON && inForce() && g.nonce == _model.nonce;
        bytes32 digest = Digests.grant(g, address(_registry));
        try _registry.grantBySig(g, signature(keyOf(who), digest)) {
            expect(may, "took a grant that is not the controller's");
            (_model.granted, _model.nonce) = (true, g.nonce + 1);
        } catch {
            expect(!may, "refused the controller's grant");
        }
    }

    function stepRevoke(uint256 seed) external step {
        uint256 who = seed % KEYS;
        bool may = who == PERSON && inForce();
        vm.prank(addressOf(who));
        try _registry.revokeFor(DATASET, _subject) {
            expect(may, "took a revocation that is not the controller's");
            (_model.granted, _model.nonce) = (false, _model.nonce + 65_536);
        } catch {
            expect(!may, "refused the controller's revocation");
        }
    }

    function stepNameProxy(uint256 seed) external step {
        uint256 who = seed % 2 == 0 ? PERSON : (seed >> 8) % KEYS;
        ProxyNaming memory p = ProxyNaming(
            DATASET,
            _subject,
            addressOf(PROXY),
            1,
            uint40(clock + ((seed >> 40) % 200)),
            near(_model.nonce, seed >> 24)
        );
        bool may = who == PERSON && inForce() && p.nonce == _model.nonce;
        bytes32 digest = Digests.proxyNaming(p, address(_registry));
        try _registry.nameProxy(p, signature(keyOf(who), digest)) {
            expect(may, "let another than the person name a proxy");
            (_model.proxyNamed, _model.proxySince, _model.proxyUntil) = (true, p.nonce, p.expiry);
            _model.nonce = p.nonce + 1;
        } catch {
            expect(!may, "refused the naming of a proxy");
        }
    }

    function stepRemoveProxy(uint256 seed) external step {
        uint256 who = seed % KEYS;
        ProxyRemoval memory r = ProxyRemoval(
            DATASET,
            _subject,
            addressOf(PROXY),
            near(_model.proxySince, seed >> 24)
        );
        bool may = who == PERSON && inForce() && _model.proxyNamed && r.since == _model.proxySince;
        bytes32 digest = Digests.proxyRemoval(r, address(_registry));
        try _registry.removeProxy(r, signature(keyOf(who), digest)) {
            expect(may, "let another than the person remove a proxy");
            (_model.proxyNamed, _model.nonce) = (false, _model.nonce + 1);
        } catch {
            expect(!may, "refused the removal of a proxy");
        }
    }

    function stepGrantByProxy(uint256 seed) external step {
        uint256 who = seed % 2 == 0 ? PROXY : (seed >> 8) % KEYS;
        ProxyGrant memory p = ProxyGrant(
            DATASET,
            _subject,
            1,
            type(uint40).max,
            1,
            near(_model.nonce, seed >> 24),
            addressOf(PROXY),
            near(_model.proxySince, seed >> 32)
        );
        bool may =
            who == PROXY &&
                _model.proxyNamed &&
                p.since == _model.proxySince &&
                clock < _model.proxyUntil &&
                p.nonce == _model.nonce;
        bytes32 digest = Digests.proxyGrant(p, address(_registry));
        try _registry.grantByProxy(p, signature(keyOf(who), digest)) {
            expect(may, "took a grant of one who is no proxy (any more)");
            (_model.granted, _model.nonce) = (true, p.nonce + 1);
        } catch {
            expect(!may, "refused a proxy's grant");
        }
    }

    /*//////////////////////////////////////////////////////////////
                               INVARIANTS
    //////////////////////////////////////////////////////////////*/

    function invariant_OnlyTheControllerWidens() public view {
        assertNothingViolated();
        ConsentSlot memory s = _registry.slotOf(DATASET, _subject);
        assertEq(s.purposes, _model.granted ? 1 : 0);
        assertEq(s.nonce, _model.nonce);
        // Before anybody was in force nothing can have been granted.
        if (_model.controller == address(0)) assertEq(s.purposes, 0);
    }

    function invariant_ControllerFollowsTheHandOvers() public {
        vm.warp(clock);
        address expected =
            inForce()
                ? _model.controller
                : _model.proven
                    ? address(0)
                    : _subject;
        assertEq(_registry.controllerOf(DATASET, _subject), expected);
    }

    /// @dev Whatever has happened, somebody can stop: the controller in force, else the code's holder. Thrown away.
    function invariant_SomebodyCanAlwaysStop() public {
        vm.warp(clock);
        vm.roll(height + 1);
        Revocation memory r = Revocation(DATASET, _subject, _model.nonce + 65_536);
        bytes32 digest = Digests.revocation(r, address(_registry));
        if (inForce()) _registry.revokeBySig(r, signature(keyOf(PERSON), digest));
        else _registry.revokeProvisional(r, addressOf(CODE), signature(keyOf(CODE), digest));
        assertEq(_registry.slotOf(DATASET, _subject).purposes, 0);
    }
}
