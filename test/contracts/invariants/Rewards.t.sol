// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ContributorRewards} from "../../../contracts/ContributorRewards.sol";
import {IAssetRegistry} from "../../../contracts/interfaces/IAssetRegistry.sol";
import {IConsentRegistry} from "../../../contracts/interfaces/IConsentRegistry.sol";
import {IContributorRewards} from "../../../contracts/interfaces/IContributorRewards.sol";
import {IGatewayRegistry} from "../../../contracts/interfaces/IGatewayRegistry.sol";
import {GatewaySignature} from "../../../contracts/types/OrderTypes.sol";
import {Claim, HeldRoot, RewardLeaf, RewardProof, RewardRoot} from "../../../contracts/types/RewardTypes.sol";
import {Invariants} from "../support/Invariants.sol";
import {RewardRegistries} from "../support/RewardRegistries.sol";
import {SumTrees} from "../support/SumTrees.sol";
import {PlainToken} from "../support/Tokens.sol";

/// @notice Four people with keys and one without earn in two datasets of one token; a colluding set also posts wrong
/// roots (README.md).
contract RewardsInvariants is Invariants {
    uint256 private constant PEOPLE = 5;
    uint128 private constant BOND = 1 ether;
    address private constant CODE_KEY = address(0xC0DE);

    ContributorRewards private _rewards;
    PlainToken private _token;
    address private _commons = address(0xC033);

    address[PEOPLE] private _people;
    /// @dev Zero for the one without a key.
    uint256[PEOPLE] private _keys;

    uint256[2] private _funded;
    uint128[PEOPLE][2] private _earned;
    RewardLeaf[][2] private _active;
    RewardLeaf[][2] private _last;
    uint256[PEOPLE][2] private _paid;
    uint256 private _demands;

    function setUp() public {
        clock = 1_800_000_000;
        height = 1_000;
        RewardRegistries registries = new RewardRegistries(vm.addr(0x201), vm.addr(0x202));
        _token = new PlainToken();
        _rewards = new ContributorRewards(
            IAssetRegistry(address(registries)),
            IGatewayRegistry(address(registries)),
            IConsentRegistry(address(registries)),
            _commons,
            IContributorRewards.Windows(100, 50, 1, BOND)
        );
        _token.approve(address(_rewards), type(uint256).max);
        insert(0, registries.provisionalOf(0, CODE_KEY), 0);
        for (uint256 i = 1; i < PEOPLE; ++i) insert(i, vm.addr(0x5000 + i), 0x5000 + i);
    }

    function insert(uint256 count, address who, uint256 key) private {
        uint256 at = count;
        for (; at > 0 && _people[at - 1] > who; --at) {
            (_people[at], _keys[at]) = (_people[at - 1], _keys[at - 1]);
        }
        (_people[at], _keys[at]) = (who, key);
    }

    function steps() internal pure override returns (bytes4[] memory s) {
        s = new bytes4[](9);
        s[0] = this.stepFund.selector;
        s[1] = this.stepEarn.selector;
        s[2] = this.stepPost.selector;
        s[3] = this.stepPostWrong.selector;
        s[4] = this.stepClaim.selector;
        s[5] = this.stepSweep.selector;
        s[6] = this.stepDemand.selector;
        s[7] = this.stepAnswer.selector;
        s[8] = this.stepWait.selector;
    }

    /*//////////////////////////////////////////////////////////////
                                 MODEL
    //////////////////////////////////////////////////////////////*/

    function last(uint256 d) private view returns (HeldRoot memory) {
        return _rewards.lastRoot(d, address(_token));
    }

    function isPending(uint256 d) private view returns (bool) {
        HeldRoot memory r = last(d);
        return r.hash != 0 && (clock < r.claimableAt || r.challenges != 0);
    }

    /// @dev The leaves that pay now.
    function claimable(uint256 d) private view returns (RewardLeaf[] memory) {
        return last(d).hash != 0 && !isPending(d) ? _last[d] : _active[d];
    }

    function leavesOf(uint256 d) private view returns (RewardLeaf[] memory list) {
        uint256 count = 0;
        for (uint256 i = 0; i < PEOPLE; ++i) if (_earned[d][i] != 0) ++count;
        list = new RewardLeaf[](count);
        uint256 at = 0;
        for (uint256 i = 0; i < PEOPLE; ++i) {
            if (_earned[d][i] == 0) continue;
            // Half of what nobody can claim has lapsed.
            list[at++] = RewardLeaf(_people[i], _earned[d][i], _keys[i] == 0 ? _earned[d][i] / 2 : 0);
        }
    }

    function tryPost(uint256 d, RewardLeaf[] memory list) private returns (bool ok) {
        SumTrees.Node memory top = SumTrees.root(list);
        RewardRoot memory r = RewardRoot(
            d,
            address(_token),
            uint40(block.number - 1),
            top.hash,
            top.sum,
            uint32(list.length),
            0
        );
        GatewaySignature[] memory s = new GatewaySignature[](2);
        bytes32 said = _rewards.hashRoot(r);
        (s[0], s[1]) = (
            GatewaySignature(1, signature(0x201, said)),
            GatewaySignature(2, signature(0x202, said))
        );
        RewardLeaf[] memory old = claimable(d);
        (ok, ) = address(_rewards).call(abi.encodeCall(_rewards.postRoot, (r, s)));
        if (!ok) return false;
        copy(_active[d], old);
        copy(_last[d], list);
    }

    function copy(RewardLeaf[] storage to, RewardLeaf[] memory from) private {
        while (to.length != 0) to.pop();
        for (uint256 i = 0; i < from.length; ++i) to.push(from[i]);
    }

    function find(RewardLeaf[] memory list, address who) private pure returns (uint256) {
        for (uint256 i = 0; i < list.length; ++i) if (list[i].subject == who) return i;
        return type(uint256).max;
    }

    /*//////////////////////////////////////////////////////////////
                                 STEPS
    //////////////////////////////////////////////////////////////*/

    function stepFund(uint256 seed, uint64 amount) external step {
        if (amount == 0) return;
        _token.mint(address(this), amount);
        _rewards.fund(seed % 2, address(_token), amount);
        _funded[seed % 2] += amount;
    }

    function stepEarn(uint256 seed, uint64 amount) external step {
        uint256 d = seed % 2;
        uint256 spare = _funded[d];
        for (uint256 i = 0; i < PEOPLE; ++i) spare -= _earned[d][i];
        _earned[d][(seed >> 8) % PEOPLE] += uint128(bound(amount, 0, spare));
    }

    function stepPost(uint256 seed) external step {
        uint256 d = seed % 2;
        RewardLeaf[] memory list = leavesOf(d);
        if (list.length == 0) return;
        bool free = !isPending(d);
        expect(tryPost(d, list) == free, "a right root is taken exactly while none is pending");
    }

    /// @dev Two colluding gateways lower somebody, leave somebody out, or promise money that is not there.
    function stepPostWrong(uint256 seed, uint64 more) external step {
        uint256 d = seed % 2;
        RewardLeaf[] memory list = leavesOf(d);
        RewardLeaf[] memory before = claimable(d);
        if (list.length == 0 || isPending(d)) return;
        uint256 place = (seed >> 8) % list.length;
        if ((seed >> 16) % 3 == 0) {
            list[place].cumulative += uint128(_funded[d]) + more;
            expect(!tryPost(d, list), "an unfunded root was taken");
            return;
        }
        uint256 was = find(before, list[place].subject);
        if (was == type(uint256).max || list.length == 1) return;
        bool omit = (seed >> 16) % 3 == 1;
        uint128 gap = omit ? list[place].cumulative : 1 + list[place].cumulative - before[was].cumulative;
        uint256 taker = (place + 1) % list.length;
        list[taker].cumulative += gap;
        if (omit) list = without(list, place);
        else list[place].cumulative -= gap;
        if (!omit && list[place].lapsed > list[place].cumulative) list[place].lapsed = list[place].cumulative;
        if (!tryPost(d, list)) return expect(false, "a funded root was refused");
        bytes32 hash = _rewards.claimableRoot(d, address(_token)).hash;
        if (omit) challengeOmission(d, before, was, list, place);
        else {
            _rewards.challengeDecrease(
                d,
                address(_token),
                SumTrees.prove(before, was),
                SumTrees.prove(list, place)
            );
        }
        expect(last(d).hash == 0, "a root that takes from somebody stands");
        expect(_rewards.claimableRoot(d, address(_token)).hash == hash, "the old root does not pay any more");
    }

    function without(
        RewardLeaf[] memory list,
        uint256 place
    ) private pure returns (RewardLeaf[] memory rest) {
        rest = new RewardLeaf[](list.length - 1);
        for (uint256 i = 0; i < rest.length; ++i) rest[i] = list[i < place ? i : i + 1];
    }

    function challengeOmission(
        uint256 d,
        RewardLeaf[] memory before,
        uint256 was,
        RewardLeaf[] memory list,
        uint256 place
    ) private {
        bool edge = place == 0 || place == list.length;
        RewardProof[] memory beside = new RewardProof[](edge ? 1 : 2);
        beside[0] = SumTrees.prove(list, place == 0 ? 0 : place - 1);
        if (!edge) beside[1] = SumTrees.prove(list, place);
        _rewards.challengeOmission(d, address(_token), SumTrees.prove(before, was), beside);
    }

    function stepClaim(uint256 seed) external step {
        (uint256 d, uint256 who) = (seed % 2, (seed >> 8) % PEOPLE);
        RewardLeaf[] memory list = claimable(d);
        uint256 place = find(list, _people[who]);
        if (place == type(uint256).max || _keys[who] == 0) return;
        address to = address(uint160(0xF000 + who));
        Claim memory c = Claim(d, address(_token), _people[who], to, list[place].cumulative, uint40(clock));
        uint256 owed = list[place].cumulative - _paid[d][who];
        bytes memory s = signature(_keys[who], _rewards.hashClaim(c));
        uint256 before = _token.balanceOf(to);
        try _rewards.claimBySig(c, SumTrees.prove(list, place), s) {
            expect(owed != 0 && _token.balanceOf(to) - before == owed, "a claim paid what was not owed");
            _paid[d][who] += owed;
        } catch {
            expect(owed == 0, "a claim was refused");
        }
    }

    function stepSweep(uint256 seed) external step {
        (uint256 d, uint256 who) = (seed % 2, (seed >> 8) % PEOPLE);
        RewardLeaf[] memory list = claimable(d);
        uint256 place = find(list, _people[who]);
        if (place == type(uint256).max) return;
        bool due = _keys[who] == 0 && list[place].lapsed > _paid[d][who];
        try _rewards.sweep(d, address(_token), CODE_KEY, SumTrees.prove(list, place)) {
            expect(due, "what had not lapsed was swept");
            _paid[d][who] = list[place].lapsed;
        } catch {
            expect(!due, "what had lapsed was not swept");
        }
    }

    function stepDemand(uint256 seed) external step {
        uint256 d = seed % 2;
        HeldRoot memory r = last(d);
        if (r.hash == 0 || clock >= r.claimableAt) return;
        uint32 index = uint32((seed >> 8) % r.count);
        if (_rewards.demandOf(d, address(_token), r.epoch, index).answerBy != 0) return;
        vm.deal(address(this), BOND);
        _rewards.demandLeaf{value: BOND}(d, address(_token), index);
        ++_demands;
    }

    /// @dev Shown in time by whoever has the file, or voided by whoever waited.
    function stepAnswer(uint256 seed) external step {
        uint256 d = seed % 2;
        HeldRoot memory r = last(d);
        if (r.hash == 0) return;
        uint32 index = uint32((seed >> 8) % r.count);
        uint40 answerBy = _rewards.demandOf(d, address(_token), r.epoch, index).answerBy;
        bool waits = _rewards.demandOf(d, address(_token), r.epoch, index).challenger != address(0);
        try _rewards.showLeaf(d, address(_token), SumTrees.prove(_last[d], index)) {
            expect(waits && clock <= answerBy, "a leaf was shown that nobody waits for");
            --_demands;
        } catch {
            expect(!waits || clock > answerBy, "a leaf could not be shown in time");
            if (!waits) return;
            _rewards.voidUnshown(d, address(_token), index);
            --_demands;
        }
    }

    function stepWait(uint256 seed) external step {
        clock += seed % 120;
    }

    /*//////////////////////////////////////////////////////////////
                               INVARIANTS
    //////////////////////////////////////////////////////////////*/

    function invariant_RewardsAreSolvent() public view {
        assertNothingViolated();
        uint256 owed = 0;
        for (uint256 d = 0; d < 2; ++d) {
            (uint128 funded, uint128 claimed) = _rewards.accountOf(d, address(_token));
            assertEq(funded, _funded[d]);
            owed += funded - claimed;
        }
        assertEq(_token.balanceOf(address(_rewards)), owed);
        assertTrue(address(_rewards).balance >= _rewards.bondOf(address(this)) + _demands * BOND);
    }

    function invariant_ClaimedWithinLeafWithinPostedWithinFunded() public view {
        for (uint256 d = 0; d < 2; ++d) {
            (uint128 funded, uint128 claimed) = _rewards.accountOf(d, address(_token));
            HeldRoot memory r = _rewards.claimableRoot(d, address(_token));
            assertTrue(claimed <= r.total && r.total <= funded && last(d).total <= funded);
            RewardLeaf[] memory list = claimable(d);
            uint256 sum = 0;
            for (uint256 i = 0; i < PEOPLE; ++i) {
                uint256 paid = _rewards.claimedOf(d, address(_token), _people[i]);
                assertEq(paid, _paid[d][i]);
                sum += paid;
                if (paid == 0) continue;
                assertTrue(paid <= list[find(list, _people[i])].cumulative);
            }
            assertEq(claimed, sum);
        }
    }
}
