// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {UsageChannel} from "../../../contracts/UsageChannel.sol";
import {Channel, ChannelState, ChannelStatus, Voucher} from "../../../contracts/types/ChannelTypes.sol";
import {Digests} from "../support/Digests.sol";
import {Models} from "../support/Models.sol";

/// @title ChannelTest
/// @notice A model, a clinic that prepays it, and what either signs.
abstract contract ChannelTest is Models {
    uint256 internal constant CLINIC_KEY = 0xC11;
    uint88 internal constant DEPOSIT = 100e6;
    uint32 internal constant CLOSE_WINDOW = 1 days;

    UsageChannel internal channels;
    uint256 internal model;
    address internal clinic = vm.addr(CLINIC_KEY);

    function setUp() public virtual override {
        super.setUp();
        model = publishModel();
        channels = new UsageChannel(assets, gateways, payouts, dataUse, commons, CLOSE_WINDOW);
        dollar.mint(clinic, 1_000e6);
        vm.prank(clinic);
        dollar.approve(address(channels), type(uint256).max);
    }

    function channel() internal view returns (Channel memory c) {
        c.payer = clinic;
        c.salt = bytes32("channel");
        c.asset = model;
        c.version = 1;
        c.uses = HEALTH;
        c.country = 276;
        c.project = keccak256("care");
        c.termsHash = keccak256(abi.encode(terms()));
        c.token = dollarIndex;
        c.price = MODEL_PRICE;
        c.feeBps = FEE_BPS;
        c.custodianBps = MODEL_CUSTODIAN_BPS;
        c.curatorBps = MODEL_CURATOR_BPS;
        c.custodian = 1;
        c.until = uint40(block.timestamp + 30 days);
        c.deposit = DEPOSIT;
    }

    function idOf(Channel memory c) internal view returns (bytes32) {
        return Digests.channel(c, address(channels));
    }

    function opened() internal returns (Channel memory c) {
        c = channel();
        open(c);
    }

    function open(Channel memory c) internal {
        vm.prank(c.payer);
        channels.open(c, terms(), "", "");
    }

    function voucher(Channel memory c, uint32 nonce, uint88 amount) internal view returns (Voucher memory) {
        return Voucher(idOf(c), nonce, amount);
    }

    function signedVoucher(Voucher memory v) internal view returns (bytes memory) {
        return signature(CLINIC_KEY, Digests.voucher(v, address(channels)));
    }

    function claim(Channel memory c, uint32 nonce, uint88 amount) internal {
        Voucher memory v = voucher(c, nonce, amount);
        bytes memory s = signedVoucher(v);
        vm.prank(operator(1));
        channels.claim(c, v, s);
    }

    function closing(Channel memory c, uint88 amount, uint256 key) internal view returns (bytes memory) {
        return signature(key, Digests.closing(idOf(c), amount, address(channels)));
    }

    function statusOf(Channel memory c) internal view returns (ChannelStatus memory) {
        return channels.statusOf(idOf(c));
    }

    function assertState(Channel memory c, ChannelState state) internal view {
        assertEq(uint256(statusOf(c).state), uint256(state));
    }

    function creditOf(address payee) internal view returns (uint256) {
        return payouts.creditOf(address(dollar), payee);
    }

    function potOfModel() internal view returns (uint256) {
        return payouts.potOf(address(dollar), bytes32(model));
    }
}
