// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Treasury} from "../../../contracts/governance/Treasury.sol";
import {Payment} from "../../../contracts/interfaces/ITreasury.sol";
import {Invariants} from "../support/Invariants.sol";
import {PlainToken} from "../support/Tokens.sol";

/// @notice Money comes in, is paid at once, announced, revoked, paid later, under a cap that moves, over any time (README.md).
contract TreasuryInvariants is Invariants {
    uint32 private constant BUCKET = 1 days;
    uint32 private constant DELAY = 21 days;

    struct Outflow {
        uint256 time;
        uint256 amount;
        bool atOnce;
    }

    struct Announcement {
        uint256 time;
        Payment payment;
        bytes32 salt;
        bool open;
    }

    Treasury private _treasury;
    PlainToken private _token;
    uint256 private _in;
    uint256 private _out;
    uint16 private _cap = 500;
    Outflow[] private _outflows;
    Announcement[] private _announcements;

    function setUp() public {
        clock = 1_800_000_000;
        height = 100;
        _token = new PlainToken();
        _treasury = new Treasury(address(this), _cap, BUCKET, DELAY);
        _token.mint(address(_treasury), 1e12);
        _in = 1e12;
    }

    /// @dev Stands in for the access manager: this contract is the vote.
    function canCall(address caller, address, bytes4) external view returns (bool, uint32) {
        return (caller == address(this), 0);
    }

    function steps() internal pure override returns (bytes4[] memory s) {
        s = new bytes4[](7);
        s[0] = this.stepFund.selector;
        s[1] = this.stepPay.selector;
        s[2] = this.stepAnnounce.selector;
        s[3] = this.stepPayAnnounced.selector;
        s[4] = this.stepRevoke.selector;
        s[5] = this.stepCap.selector;
        s[6] = this.stepWait.selector;
    }

    function stepFund(uint64 amount) external step {
        _token.mint(address(_treasury), amount % 1e12);
        _in += amount % 1e12;
    }

    /// @dev What left since the start of a bucket, thirty before the running one, by the list and not by a ring.
    function counted(bool atOnce) private view returns (uint256 sum) {
        uint256 since = (clock / BUCKET - 30) * BUCKET;
        for (uint256 i = 0; i < _outflows.length; ++i) {
            Outflow storage o = _outflows[i];
            if (o.time >= since && (o.atOnce || !atOnce)) sum += o.amount;
        }
    }

    function fits(uint256 amount, bool atOnce, uint256 bps) private view returns (bool) {
        uint256 left = counted(atOnce);
        return left + amount <= ((_in - _out + left) * bps) / 10_000;
    }

    /// @dev Of the room that is left, a little less to a little more, so that both answers come up.
    function amountNear(uint256 seed, bool atOnce, uint256 bps) private view returns (uint256) {
        uint256 left = counted(atOnce);
        uint256 most = ((_in - _out + left) * bps) / 10_000;
        uint256 room = most > left ? most - left : 0;
        return 1 + (seed % (room + room / 4 + 4));
    }

    function left_(uint256 amount, bool atOnce) private {
        _outflows.push(Outflow(clock, amount, atOnce));
        _out += amount;
    }

    function payment(uint256 seed, uint256 amount) private view returns (Payment memory) {
        bool grant = seed & 1 == 0;
        return Payment(address(_token), address(0xBEEF), amount, grant ? uint64(clock) : 0, grant ? 9 : 0);
    }

    function stepPay(uint256 seed, bool byOther) external step {
        uint256 amount = amountNear(seed, true, _cap);
        bool may = !byOther && fits(amount, true, _cap) && fits(amount, false, 5_000);
        if (byOther) vm.prank(address(0xBAD));
        try _treasury.pay(payment(seed, amount)) {
            expect(may, "a payment that may not be");
            left_(amount, true);
        } catch {
            expect(!may, "refused a payment");
        }
    }

    function stepAnnounce(uint256 seed) external step {
        Payment memory p = payment(seed, amountNear(seed, false, 5_000));
        bytes32 salt = bytes32(_announcements.length);
        _treasury.announce(p, salt);
        _announcements.push(Announcement(clock, p, salt, true));
    }

    function stepPayAnnounced(uint256 seed) external step {
        if (_announcements.length == 0) return;
        Announcement storage a = _announcements[seed % _announcements.length];
        bool may = a.open && clock >= a.time + DELAY && clock <= a.time + DELAY + 30 days;
        may = may && fits(a.payment.amount, false, 5_000);
        try _treasury.payAnnounced(a.payment, a.salt) {
            expect(may, "an announced payment that may not be");
            a.open = false;
            left_(a.payment.amount, false);
        } catch {
            expect(!may, "refused an announced payment");
        }
    }

    function stepRevoke(uint256 seed) external step {
        if (_announcements.length == 0 || seed % 4 != 0) return;
        Announcement storage a = _announcements[seed % _announcements.length];
        try _treasury.revoke(_treasury.announcementId(a.payment, a.salt)) {
            expect(a.open, "revoked what was not announced");
            a.open = false;
        } catch {
            expect(!a.open, "refused to revoke");
        }
    }

    function stepCap(uint16 cap) external step {
        _cap = uint16(bound(cap, 100, 1_000));
        _treasury.setCap(_cap);
    }

    function stepWait(uint32 time) external step {
        clock += time % (12 days);
    }

    /// @dev Over any stretch of thirty days that ends with a payment; balances are what was there at its beginning, at most.
    function invariant_OutflowStaysBelowTheCap() public view {
        assertNothingViolated();
        uint256 last = _outflows.length;
        if (last == 0) return;
        uint256 end = _outflows[last - 1].time;
        uint256 atOnce = 0;
        uint256 inAll = 0;
        for (uint256 i = 0; i < last; ++i) {
            if (_outflows[i].time + 30 days <= end) continue;
            inAll += _outflows[i].amount;
            if (_outflows[i].atOnce) atOnce += _outflows[i].amount;
        }
        uint256 there = _in - _out;
        assertTrue(atOnce * 10 <= there + inAll, "more than a tenth left at once");
        assertTrue(inAll * 2 <= there + inAll, "more than half left");
    }

    function invariant_TreasuryIsSolvent() public view {
        assertEq(_token.balanceOf(address(_treasury)), _in - _out);
    }
}
