// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAssetRegistry} from "../../../contracts/interfaces/IAssetRegistry.sol";
import {IGatewayRegistry} from "../../../contracts/interfaces/IGatewayRegistry.sol";
import {ConsentSlot, Grant, Revocation} from "../../../contracts/types/ConsentTypes.sol";
import {ConsentRegistry} from "../../../contracts/ConsentRegistry.sol";
import {Digests} from "../support/Digests.sol";
import {Invariants} from "../support/Invariants.sol";

/// @notice Three people, two datasets, and a relayer that holds back, reorders and repeats what they signed (README.md).
contract ConsentInvariants is Invariants {
    uint256 private constant PEOPLE = 3;
    uint256 private constant DATASETS = 2;
    uint40 private constant STEP = 65_536;
    /// @dev As many grants as a person may have waiting at a relayer.
    uint256 private constant WAITING = 8;

    struct Model {
        uint128 purposes;
        uint40 expiry;
        uint8 modes;
        uint40 nonce;
        uint40 changedAt;
        // When the last revocation that counted had been signed; a direct one is signed as it is sent.
        uint256 revokedAt;
    }

    struct SignedGrant {
        Grant grant;
        bytes signature;
        uint256 signedAt;
    }

    struct SignedRevocation {
        Revocation revocation;
        bytes signature;
        uint256 signedAt;
    }

    ConsentRegistry private _registry;
    SignedGrant[] private _grants;
    SignedRevocation[] private _revocations;
    mapping(uint256 dataset => mapping(uint256 person => Model)) private _models;

    function setUp() public {
        clock = 1_800_000_000;
        height = 100;
        _registry = new ConsentRegistry(IAssetRegistry(address(0)), IGatewayRegistry(address(0)), 1);
    }

    function steps() internal pure override returns (bytes4[] memory s) {
        s = new bytes4[](7);
        s[0] = this.stepSignGrant.selector;
        s[1] = this.stepRelayGrant.selector;
        s[2] = this.stepSignRevocation.selector;
        s[3] = this.stepRelayRevocation.selector;
        s[4] = this.stepGrant.selector;
        s[5] = this.stepRevoke.selector;
        s[6] = this.stepRelayBatch.selector;
    }

    function keyOf(uint256 person) private pure returns (uint256) {
        return 0x7000 + person;
    }

    function subjectOf(uint256 person) private pure returns (address) {
        return vm.addr(keyOf(person));
    }

    function personOf(address subject) private pure returns (uint256 person) {
        while (subjectOf(person) != subject) ++person;
    }

    function modelOf(uint256 seed) private view returns (Model storage, uint256 dataset, uint256 person) {
        dataset = seed % DATASETS;
        person = (seed >> 8) % PEOPLE;
        return (_models[dataset][person], dataset, person);
    }

    function draw(
        uint256 seed,
        uint256 dataset,
        uint256 person,
        uint40 nonce
    ) private view returns (Grant memory) {
        bytes32 noise = keccak256(abi.encode(seed, nonce));
        return
            Grant(
                dataset,
                subjectOf(person),
                uint128(uint256(noise)),
                uint40(clock + (uint256(noise) % 1_000)),
                uint8(uint256(noise) >> 200) & 0xf7, // without the two-person bit
                nonce
            );
    }

    /*//////////////////////////////////////////////////////////////
                                 STEPS
    //////////////////////////////////////////////////////////////*/

    /// @dev A person signs the next grant, or one of a few in a row; the relayer keeps it.
    function stepSignGrant(uint256 seed) external step {
        (Model storage m, uint256 dataset, uint256 person) = modelOf(seed);
        Grant memory g = draw(seed, dataset, person, m.nonce + uint40((seed >> 16) % WAITING));
        bytes memory sig = signature(keyOf(person), Digests.grant(g, address(_registry)));
        _grants.push(SignedGrant(g, sig, height));
    }

    /// @dev Any grant that was ever signed, at any time, any number of times.
    function stepRelayGrant(uint256 seed) external step {
        if (_grants.length == 0) return;
        SignedGrant storage s = _grants[seed % _grants.length];
        Model storage m = _models[s.grant.dataset][personOf(s.grant.subject)];
        bool may = s.grant.nonce == m.nonce;
        try _registry.grantBySig(s.grant, s.signature) {
            expect(may, "took a grant out of turn");
            expect(s.signedAt > m.revokedAt, "revived a grant signed before a revocation");
            bookGrant(m, s.grant);
        } catch {
            expect(!may, "refused the next grant");
        }
    }

    function stepSignRevocation(uint256 seed) external step {
        (Model storage m, uint256 dataset, uint256 person) = modelOf(seed);
        Revocation memory r = Revocation(dataset, subjectOf(person), m.nonce + STEP);
        bytes memory sig = signature(keyOf(person), Digests.revocation(r, address(_registry)));
        _revocations.push(SignedRevocation(r, sig, height));
    }

    /// @dev Old ones included: they count while the slot has not passed them, and are refused afterwards.
    function stepRelayRevocation(uint256 seed) external step {
        if (_revocations.length == 0) return;
        SignedRevocation storage s = _revocations[seed % _revocations.length];
        Model storage m = _models[s.revocation.dataset][personOf(s.revocation.subject)];
        bool may = s.revocation.maxNonce >= m.nonce;
        try _registry.revokeBySig(s.revocation, s.signature) {
            expect(may, "took a spent revocation");
            bookRevocation(m, s.revocation.maxNonce + 1, s.signedAt);
        } catch {
            expect(!may, "refused a revocation");
        }
    }

    function stepGrant(uint256 seed) external step {
        (Model storage m, uint256 dataset, uint256 person) = modelOf(seed);
        Grant memory g = draw(seed, dataset, person, m.nonce + uint40((seed >> 16) % 2));
        bool may = g.nonce == m.nonce;
        vm.prank(g.subject);
        try _registry.grant(g) {
            expect(may, "took a direct grant out of turn");
            bookGrant(m, g);
        } catch {
            expect(!may, "refused a direct grant");
        }
    }

    function stepRevoke(uint256 seed) external step {
        (Model storage m, uint256 dataset, uint256 person) = modelOf(seed);
        vm.prank(subjectOf(person));
        _registry.revoke(dataset);
        bookRevocation(m, m.nonce + STEP, height);
    }

    /// @dev The same as the single steps, several at once; a bad item must not keep a good one out.
    function stepRelayBatch(uint256 seed) external step {
        uint256 size = _grants.length == 0 ? 0 : 1 + (seed % 5);
        Grant[] memory g = new Grant[](size);
        bytes[] memory s = new bytes[](size);
        for (uint256 i = 0; i < size; ++i) {
            SignedGrant storage from = _grants[uint256(keccak256(abi.encode(seed, i))) % _grants.length];
            (g[i], s[i]) = (from.grant, from.signature);
            Model storage m = _models[g[i].dataset][personOf(g[i].subject)];
            if (g[i].nonce != m.nonce) continue;
            expect(from.signedAt > m.revokedAt, "revived a grant in a batch");
            bookGrant(m, g[i]);
        }
        _registry.grantBatch(g, s);
    }

    function bookGrant(Model storage m, Grant memory g) private {
        (m.purposes, m.expiry, m.modes) = (g.purposes, g.expiry, g.modes);
        expect(g.nonce + 1 > m.nonce, "a nonce did not rise");
        m.nonce = g.nonce + 1;
        m.changedAt = uint40(height);
    }

    function bookRevocation(Model storage m, uint40 nonce, uint256 signedAt) private {
        (m.purposes, m.expiry, m.modes) = (0, 0, 0);
        expect(nonce > m.nonce, "a nonce did not rise");
        m.nonce = nonce;
        m.changedAt = uint40(height);
        if (signedAt > m.revokedAt) m.revokedAt = signedAt;
    }

    /*//////////////////////////////////////////////////////////////
                               INVARIANTS
    //////////////////////////////////////////////////////////////*/

    function invariant_SlotsFollowTheModel() public view {
        assertNothingViolated();
        for (uint256 d = 0; d < DATASETS; ++d) {
            for (uint256 p = 0; p < PEOPLE; ++p) {
                Model storage m = _models[d][p];
                ConsentSlot memory s = _registry.slotOf(d, subjectOf(p));
                assertEq(
                    keccak256(abi.encode(s)),
                    keccak256(abi.encode(m.purposes, m.expiry, m.modes, m.nonce, m.changedAt))
                );
            }
        }
    }

    /// @dev The model's nonces only rise (each booking says so), and the slots' are the model's.
    function invariant_NoncesRise() public view {
        assertNothingViolated();
        for (uint256 d = 0; d < DATASETS; ++d) {
            for (uint256 p = 0; p < PEOPLE; ++p) {
                assertEq(_registry.slotOf(d, subjectOf(p)).nonce, _models[d][p].nonce);
            }
        }
    }

    /// @dev Whatever is pending, a direct and a freshly signed revocation are taken. What this does is thrown away.
    function invariant_RevocationAlwaysSucceeds() public {
        (Model storage m, uint256 dataset, uint256 person) = modelOf(height * 257);
        address subject = subjectOf(person);
        Revocation memory r = Revocation(dataset, subject, m.nonce + STEP);
        _registry.revokeBySig(r, signature(keyOf(person), Digests.revocation(r, address(_registry))));
        vm.prank(subject);
        _registry.revoke(dataset);
        ConsentSlot memory s = _registry.slotOf(dataset, subject);
        assertEq(uint256(s.purposes) + s.expiry + s.modes, 0);
        assertEq(s.nonce, uint256(m.nonce) + STEP + 1 + STEP);
    }

    /// @dev After a revocation now, none of the last grants that were signed is taken. What this does is thrown away.
    function invariant_NothingSignedBeforeRevives() public {
        assertNothingViolated();
        if (_grants.length == 0) return;
        SignedGrant storage s = _grants[_grants.length - 1];
        vm.prank(s.grant.subject);
        _registry.revoke(s.grant.dataset);
        for (uint256 i = _grants.length; i > 0 && i + 4 > _grants.length; --i) {
            SignedGrant storage old = _grants[i - 1];
            if (old.grant.subject != s.grant.subject || old.grant.dataset != s.grant.dataset) continue;
            (bool ok, ) = address(_registry).call(
                abi.encodeCall(_registry.grantBySig, (old.grant, old.signature))
            );
            assertEq(ok, false);
        }
    }
}
