// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {UsageChannel} from "../../../contracts/UsageChannel.sol";
import {Channel, ChannelState, ChannelStatus, Voucher} from "../../../contracts/types/ChannelTypes.sol";
import {Digests} from "../support/Digests.sol";
import {Invariants} from "../support/Invariants.sol";
import {Models} from "../support/Models.sol";

/// @notice Three channels are opened, topped up, claimed and closed in any order by whoever tries (README.md).
contract ChannelsInvariants is Models, Invariants {
    uint256 private constant CLINIC_KEY = 0xC11;
    uint32 private constant WINDOW = 1 days;
    uint256 private constant CHANNELS = 3;

    struct Model {
        ChannelState state;
        uint256 paidIn;
        uint256 claimed;
        uint256 nonce;
        uint256 closesAt;
        uint256 refunded;
    }

    UsageChannel private _channels;
    address private _clinic = vm.addr(CLINIC_KEY);
    uint256 private _asset;
    uint40 private _until;
    uint256 private _before;
    Model[CHANNELS] private _model;

    function setUp() public override {
        super.setUp();
        _asset = publishModel();
        clock = block.timestamp;
        height = block.number;
        _until = uint40(clock + 3650 days);
        _channels = new UsageChannel(assets, gateways, payouts, dataUse, commons, WINDOW);
        vm.prank(_clinic);
        dollar.approve(address(_channels), type(uint256).max);
        _before = payouts.heldOf(address(dollar));
    }

    function steps() internal pure override returns (bytes4[] memory s) {
        s = new bytes4[](7);
        s[0] = this.stepOpen.selector;
        s[1] = this.stepTopUp.selector;
        s[2] = this.stepClaim.selector;
        s[3] = this.stepClose.selector;
        s[4] = this.stepRequest.selector;
        s[5] = this.stepFinish.selector;
        s[6] = this.stepWait.selector;
    }

    function channel(uint256 i) private view returns (Channel memory c) {
        c.payer = _clinic;
        c.salt = bytes32(i);
        c.asset = _asset;
        c.version = 1;
        c.uses = HEALTH;
        c.country = 276;
        c.termsHash = keccak256(abi.encode(terms()));
        c.token = dollarIndex;
        c.price = MODEL_PRICE;
        c.feeBps = FEE_BPS;
        c.custodianBps = MODEL_CUSTODIAN_BPS;
        c.curatorBps = MODEL_CURATOR_BPS;
        c.custodian = 1;
        c.until = _until;
        c.deposit = uint88(1_000 * (i + 1));
    }

    function idOf(uint256 i) private view returns (bytes32) {
        return Digests.channel(channel(i), address(_channels));
    }

    function owed(uint256 amount) private pure returns (uint256) {
        return amount + (amount * FEE_BPS) / 10_000;
    }

    function left(uint256 i) private view returns (uint256) {
        return _model[i].paidIn - owed(_model[i].claimed) - _model[i].refunded;
    }

    function stepOpen(uint256 seed) external step {
        uint256 i = seed % CHANNELS;
        Channel memory c = channel(i);
        dollar.mint(_clinic, c.deposit);
        bool may = _model[i].state == ChannelState.None;
        vm.prank(_clinic);
        try _channels.open(c, terms(), "", "") {
            expect(may, "opened twice");
            _model[i].state = ChannelState.Open;
            _model[i].paidIn = c.deposit;
        } catch {
            expect(!may, "refused to open");
        }
    }

    function stepTopUp(uint256 seed, uint32 amount) external step {
        uint256 i = seed % CHANNELS;
        dollar.mint(_clinic, amount);
        bool may = _model[i].state == ChannelState.Open && _model[i].closesAt == 0;
        vm.prank(_clinic);
        try _channels.topUp(channel(i), amount) {
            expect(may, "topped up what is closing or closed");
            _model[i].paidIn += amount;
        } catch {
            expect(!may, "refused a top-up");
        }
    }

    /// @dev A voucher near what was claimed and what is left; sometimes of another channel, signer or caller.
    function stepClaim(uint256 seed, uint88 amount, uint32 nonce, uint8 fault) external step {
        uint256 i = seed % CHANNELS;
        Model storage m = _model[i];
        amount = uint88(bound(amount, m.claimed > 3 ? m.claimed - 3 : 0, m.claimed + left(i) + 3));
        nonce = uint32(bound(nonce, m.nonce > 1 ? m.nonce - 1 : 0, m.nonce + 5));
        Voucher memory v = Voucher(fault == 1 ? idOf((i + 1) % CHANNELS) : idOf(i), nonce, amount);
        bytes memory s = signature(
            fault == 2 ? BUYER_KEY : CLINIC_KEY,
            Digests.voucher(v, address(_channels))
        );
        bool may =
            m.state == ChannelState.Open &&
                amount > m.claimed &&
                nonce > m.nonce &&
                owed(amount) - owed(m.claimed) <= left(i) &&
                fault != 1 &&
                fault != 2 &&
                fault != 3;
        vm.prank(fault == 3 ? _clinic : operator(1));
        try _channels.claim(channel(i), v, s) {
            expect(may, "paid a voucher that does not count");
            (m.claimed, m.nonce) = (amount, nonce);
        } catch {
            expect(!may, "refused a good voucher");
        }
    }

    function stepClose(uint256 seed, bool agreed) external step {
        uint256 i = seed % CHANNELS;
        Model storage m = _model[i];
        bool may = m.state == ChannelState.Open && agreed;
        Voucher memory v = Voucher(idOf(i), 0, uint88(m.claimed));
        vm.prank(agreed ? operator(1) : stranger);
        try _channels.close(channel(i), v, "", "") {
            expect(may, "closed without agreement");
            closed(i);
        } catch {
            expect(!may, "refused an agreed close");
        }
    }

    function stepRequest(uint256 seed, bool byPayer) external step {
        uint256 i = seed % CHANNELS;
        Model storage m = _model[i];
        bool may = byPayer && m.state == ChannelState.Open && m.closesAt == 0;
        vm.prank(byPayer ? _clinic : operator(1));
        try _channels.requestClose(channel(i), "") {
            expect(may, "took a request that may not be");
            m.closesAt = clock + WINDOW;
        } catch {
            expect(!may, "refused a request");
        }
    }

    function stepFinish(uint256 seed) external step {
        uint256 i = seed % CHANNELS;
        Model storage m = _model[i];
        bool may = m.state == ChannelState.Open && m.closesAt != 0 && clock >= m.closesAt;
        vm.prank(stranger);
        try _channels.finishClose(channel(i)) {
            expect(may, "closed too early");
            closed(i);
        } catch {
            expect(!may, "refused to close after the window");
        }
    }

    function stepWait(uint32 time) external step {
        clock += time % (2 * WINDOW);
    }

    function closed(uint256 i) private {
        _model[i].state = ChannelState.Closed;
        _model[i].refunded = left(i);
    }

    function invariant_ChannelsAreSolvent() public view {
        assertNothingViolated();
        uint256 held = 0;
        uint256 paid = 0;
        for (uint256 i = 0; i < CHANNELS; ++i) {
            ChannelStatus memory s = _channels.statusOf(idOf(i));
            assertEq(s.balance, left(i));
            assertEq(s.claimed, _model[i].claimed);
            assertEq(uint256(s.state), uint256(_model[i].state));
            held += left(i);
            paid += owed(_model[i].claimed);
        }
        assertEq(dollar.balanceOf(address(_channels)), held);
        // Every unit that left by a voucher is somebody's in Payouts, and nobody else's is.
        assertEq(payouts.heldOf(address(dollar)) - _before, paid);
    }
}
