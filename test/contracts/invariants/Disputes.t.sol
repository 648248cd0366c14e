// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Dispute, DisputeState} from "../../../contracts/types/DisputeTypes.sol";
import {Order, OrderState, Ruling} from "../../../contracts/types/OrderTypes.sol";
import {DisputesTest} from "../disputes/DisputesTest.sol";
import {Invariants} from "../support/Invariants.sol";

/// @notice Orders disputed, voted on, left, closed and settled in any order, with members who leave, return and stay
/// silent (README.md).
contract DisputesInvariants is DisputesTest, Invariants {
    uint256 private constant MOST = 10;

    Order[] private _orders;
    /// @dev What the model knows of each: its deadlines, who may vote and who did, and whether it ended.
    uint256[] private _openedAt;
    uint8[] private _seats;
    uint8[] private _voted;
    uint8[3][] private _for;
    bool[] private _ended;
    bool private _retired;
    uint256 private _retiredAt;

    function setUp() public override {
        super.setUp();
        clock = block.timestamp;
        height = block.number;
    }

    function steps() internal pure override returns (bytes4[] memory s) {
        s = new bytes4[](9);
        s[0] = this.stepOpen.selector;
        s[1] = this.stepVote.selector;
        s[2] = this.stepVoteTogether.selector;
        s[3] = this.stepRecuse.selector;
        s[4] = this.stepClose.selector;
        s[5] = this.stepSettle.selector;
        s[6] = this.stepStake.selector;
        s[7] = this.stepWait.selector;
        s[8] = this.stepLeave.selector;
    }

    function stepOpen(uint256 seed) external step {
        if (_orders.length == MOST) return;
        Order memory o = orderUnder(bytes32(_orders.length));
        if (_retired) return;
        delivered(o);
        uint8 seats = 0;
        for (uint256 i = 0; i < 5; ++i) if (panel.stakeOf(member(i)) == STAKE) seats |= uint8(1 << i);
        bool may = _count(seats) >= 3;
        vm.prank(seed & 1 == 0 ? buyer : operator(1));
        try panel.open(o, bytes32(seed)) {
            expect(may, "opened without three seats");
            _orders.push(o);
            _openedAt.push(clock);
            _seats.push(seats);
            _voted.push(0);
            _for.push([0, 0, 0]);
            _ended.push(false);
        } catch {
            expect(!may, "refused a dispute");
            vm.warp(clock + DISPUTE);
            escrow.settle(o);
            clock += DISPUTE;
        }
    }

    function stepVote(uint256 seed, uint8 ruling) external step {
        if (_orders.length == 0) return;
        _vote(seed % _orders.length, (seed >> 8) % 6, ruling % 3);
    }

    /// @dev So that some disputes are ruled on: members one after the other, of one mind.
    function stepVoteTogether(uint256 seed, uint8 ruling) external step {
        if (_orders.length == 0) return;
        for (uint256 m = 0; m < 3; ++m) _vote(seed % _orders.length, ((seed >> 8) + m) % 5, ruling % 3);
    }

    function _vote(uint256 at, uint256 m, uint8 ruling) private {
        // Member 5 is a stranger.
        uint8 seat = m == 5 ? 0 : uint8(1 << m);
        bool may =
            !_ended[at] &&
                _seats[at] & seat != 0 &&
                _voted[at] & seat == 0 &&
                clock >= _openedAt[at] + EVIDENCE &&
                clock < _openedAt[at] + RULING;
        vm.prank(m == 5 ? stranger : member(m));
        try panel.vote(_orders[at], Ruling(ruling), false, "because") {
            expect(may, "a vote that may not be");
            _voted[at] |= seat;
            ++_for[at][ruling];
            if (_for[at][ruling] == 3 || _voted[at] == _seats[at]) {
                _endOne(at);
                bool refunded = _for[at][2] == 3;
                expect(
                    stateOf(_orders[at]) == (refunded ? OrderState.Refunded : OrderState.Settled),
                    "another end than the ruling"
                );
            }
        } catch {
            expect(!may, "refused a vote");
        }
    }

    function stepRecuse(uint256 seed) external step {
        if (_orders.length == 0) return;
        (uint256 at, uint256 m) = (seed % _orders.length, (seed >> 8) % 5);
        uint8 seat = uint8(1 << m);
        bool may = !_ended[at] && _seats[at] & seat != 0 && clock < _openedAt[at] + EVIDENCE;
        vm.prank(member(m));
        try panel.recuse(_orders[at], "because") {
            expect(may, "a recusal that may not be");
            _seats[at] &= ~seat;
            if (_count(_seats[at]) < 3) _endOne(at);
        } catch {
            expect(!may, "refused a recusal");
        }
    }

    function stepClose(uint256 seed) external step {
        if (_orders.length == 0) return;
        uint256 at = seed % _orders.length;
        bool may = !_ended[at] && clock >= _openedAt[at] + RULING;
        try panel.close(_orders[at]) {
            expect(may, "closed before its time, or twice");
            _endOne(at);
            expect(stateOf(_orders[at]) == OrderState.Settled, "silence did not settle");
            for (uint256 m = 0; m < 5; ++m) {
                uint8 silent = _seats[at] & ~_voted[at];
                if (silent & (1 << m) != 0) expect(panel.stakeOf(member(m)) == 0, "silence for free");
            }
        } catch {
            expect(!may, "a dispute that cannot end");
        }
    }

    function stepSettle(uint256 seed) external step {
        if (_orders.length == 0) return;
        uint256 at = seed % _orders.length;
        bool may = stateOf(_orders[at]) == OrderState.Disputed && clock >= _openedAt[at] + RULING;
        try escrow.settle(_orders[at]) {
            expect(may, "settled before its time");
        } catch {
            expect(!may, "an order that cannot exit");
        }
    }

    function stepStake(uint256 seed) external step {
        address m = member(seed % 5);
        uint256 missing = STAKE - panel.stakeOf(m);
        dollar.mint(address(this), missing);
        dollar.approve(address(panel), missing);
        try panel.depositStake(m) {
            expect(!_retired && missing != 0, "a stake that may not be");
        } catch {
            expect(_retired || missing == 0, "refused a stake");
        }
    }

    function stepWait(uint256 seed) external step {
        clock += seed % RULING;
    }

    function stepLeave(uint256 seed) external step {
        if (!_retired && seed % 32 == 0) {
            (_retired, _retiredAt) = (true, clock);
            vm.prank(timelock);
            panels.retire(address(panel));
        }
        address m = member((seed >> 8) % 5);
        uint256 held = panel.stakeOf(m);
        bool may =
            _retired &&
                held != 0 &&
                _open() == 0 &&
                clock >= _retiredAt + MAX_DELIVERY + REPORT + DISPUTE + RULING;
        uint256 before = dollar.balanceOf(stranger);
        vm.prank(m);
        try panel.withdrawStake(stranger) {
            expect(may && dollar.balanceOf(stranger) - before == held, "a withdrawal that may not be");
        } catch {
            expect(!may, "refused a withdrawal");
        }
    }

    function _endOne(uint256 at) private {
        expect(!_ended[at], "ended twice");
        _ended[at] = true;
    }

    function _open() private view returns (uint256 open) {
        for (uint256 i = 0; i < _ended.length; ++i) if (!_ended[i]) ++open;
    }

    function _count(uint8 set) private pure returns (uint256 number) {
        for (uint256 i = 0; i < 5; ++i) if (set & (1 << i) != 0) ++number;
    }

    /// @dev Bonds of the open and stakes of the members are all that the panel holds, to the unit; each order's dispute
    /// ends once, and stays as it ended.
    function invariant_BondsAndStakesAreSolventAndEachDisputeEndsOnce() public view {
        assertNothingViolated();
        assertEq(dollar.balanceOf(address(panel)), stakes() + _open() * BOND_BUYER);
        assertEq(panel.openDisputes(), _open());
        for (uint256 i = 0; i < _orders.length; ++i) {
            Dispute memory d = dispute(_orders[i]);
            assertEq(d.state == DisputeState.Open, !_ended[i]);
            if (_ended[i]) assertTrue(stateOf(_orders[i]) != OrderState.Disputed);
        }
    }
}
