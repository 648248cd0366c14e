// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Disputes} from "../../../contracts/Disputes.sol";
import {Panels} from "../../../contracts/Panels.sol";
import {Contributor} from "../../../contracts/interfaces/ISlashing.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {BondFloor, Dispute, DisputeState, Membership} from "../../../contracts/types/DisputeTypes.sol";
import {Order, OrderKind, PermitInput, Receipt, Ruling} from "../../../contracts/types/OrderTypes.sol";
import {Digests} from "../support/Digests.sol";
import {Orders} from "../support/Orders.sol";

/// @title DisputesTest
/// @notice A panel of five in office with its stakes, a stake for gateway 1, and orders that name the panel.
abstract contract DisputesTest is Orders {
    uint64 internal constant SLASHER = 1;
    uint64 internal constant APPOINTER = 2;
    uint256 internal constant MEMBER_KEY = 0x300;
    uint32 internal constant TERM = 365 days;
    uint16 internal constant PENALTY_BPS = 2_500;
    uint128 internal constant STAKE = 1_000_000_001;
    uint128 internal constant GATEWAY_STAKE = 4_001;
    uint96 internal constant FLOOR = 5_000_001;
    /// @dev A tenth of 100 dollars.
    uint128 internal constant BOND_BUYER = 10_000_000;
    uint32 internal constant EVIDENCE = 12;
    uint8 internal constant ALL = 31;

    address internal constant SECOND = address(0xA2);
    address internal constant SILENT = address(0xA3);
    uint256 internal constant PATIENT_KEY = 0xA1;
    address internal patient = vm.addr(PATIENT_KEY);

    Panels internal panels;
    Disputes internal panel;

    function setUp() public virtual override {
        super.setUp();
        panels = newPanels(TERM, PENALTY_BPS);
        giveRoles(address(panels));
        panel = elect();
        for (uint256 i = 0; i < 5; ++i) stake(panel, member(i));
        vm.prank(timelock);
        panels.appoint(address(panel));
        dollar.mint(address(this), GATEWAY_STAKE);
        dollar.approve(address(gateways), GATEWAY_STAKE);
        gateways.depositStake(1, GATEWAY_STAKE);
        allow(buyer);
        allow(operator(1));
    }

    function newPanels(uint32 term, uint16 penaltyBps) internal returns (Panels) {
        return
            new Panels(
                address(manager),
                Panels.Parts(assets, gateways, consent, payouts, commons, address(dollar)),
                term,
                penaltyBps
            );
    }

    function giveRoles(address to) internal {
        bytes4[] memory slash = new bytes4[](1);
        bytes4[] memory appoint = new bytes4[](1);
        (slash[0], appoint[0]) = (gateways.slash.selector, escrow.setArbitrator.selector);
        vm.startPrank(timelock);
        manager.setTargetFunctionRole(address(gateways), slash, SLASHER);
        manager.setTargetFunctionRole(address(escrow), appoint, APPOINTER);
        manager.grantRole(SLASHER, to, 0);
        manager.grantRole(APPOINTER, to, 0);
        vm.stopPrank();
    }

    function member(uint256 i) internal pure returns (address) {
        return vm.addr(MEMBER_KEY + i);
    }

    function five() internal pure returns (address[5] memory list) {
        for (uint256 i = 0; i < 5; ++i) list[i] = member(i);
    }

    function floors() internal view returns (BondFloor[4] memory list) {
        list[1] = BondFloor(dollarIndex, FLOOR);
    }

    function elect() internal returns (Disputes) {
        return elect(five());
    }

    function elect(address[5] memory members) internal returns (Disputes) {
        vm.prank(timelock);
        return Disputes(panels.elect(address(escrow), members, STAKE, floors()));
    }

    function stake(Disputes at, address of_) internal {
        dollar.mint(of_, STAKE);
        vm.startPrank(of_);
        dollar.approve(address(at), STAKE);
        at.depositStake(of_);
        vm.stopPrank();
    }

    function allow(address account) internal {
        dollar.mint(account, 1_000_000e6);
        vm.prank(account);
        dollar.approve(address(panel), type(uint256).max);
    }

    function orderUnder(bytes32 salt) internal view returns (Order memory o) {
        o = order(OrderKind.Analysis, salt);
        o.arbitrator = address(panel);
    }

    function ours() internal view returns (Order memory) {
        return orderUnder(bytes32("ours"));
    }

    function opened() internal returns (Order memory o) {
        o = delivered(ours());
        openAs(buyer, o);
    }

    function openAs(address who, Order memory o) internal {
        vm.prank(who);
        panel.open(o, keccak256("first"));
    }

    function openReverts(address who, Order memory o, bytes memory expected) internal {
        expectError(expected);
        openAs(who, o);
    }

    function passEvidence() internal {
        vm.warp(block.timestamp + EVIDENCE);
    }

    function passRuling(Order memory o) internal {
        vm.warp(uint256(dispute(o).openedAt) + RULING);
    }

    function vote(uint256 i, Order memory o, Ruling ruling, bool lied) internal {
        vm.prank(member(i));
        panel.vote(o, ruling, lied, "because");
    }

    function vote(uint256 i, Order memory o, Ruling ruling) internal {
        vote(i, o, ruling, false);
    }

    function voteReverts(address who, Order memory o, Ruling ruling, bytes memory expected) internal {
        expectError(expected);
        vm.prank(who);
        panel.vote(o, ruling, false, "because");
    }

    function dispute(Order memory o) internal view returns (Dispute memory) {
        return panel.disputeOf(idOf(o));
    }

    function assertEnded(Order memory o, DisputeState state, Ruling ruling) internal view {
        Dispute memory d = dispute(o);
        assertEq(uint256(d.state), uint256(state));
        assertEq(uint256(d.ruling), uint256(ruling));
        assertEq(panel.openDisputes(), 0);
        // No bond stays: what is left are the stakes.
        assertEq(dollar.balanceOf(address(panel)), stakes());
    }

    function stakes() internal view returns (uint256 sum) {
        for (uint256 i = 0; i < 5; ++i) sum += panel.stakeOf(member(i));
    }

    function credit(address payee) internal view returns (uint256) {
        return payouts.creditOf(address(dollar), payee);
    }

    /*//////////////////////////////////////////////////////////////
                                 ERRORS
    //////////////////////////////////////////////////////////////*/

    function err(bytes4 selector, Order memory o) internal view returns (bytes memory) {
        return abi.encodeWithSelector(selector, idOf(o));
    }

    function err(bytes4 selector, Order memory o, uint256 value) internal view returns (bytes memory) {
        return abi.encodeWithSelector(selector, idOf(o), value);
    }

    function err(bytes4 selector, Order memory o, address who) internal view returns (bytes memory) {
        return abi.encodeWithSelector(selector, idOf(o), who);
    }

    function wrongState(Order memory o, DisputeState state) internal view returns (bytes memory) {
        return err(Errors.Disputes_WrongState.selector, o, uint256(state));
    }

    /*//////////////////////////////////////////////////////////////
                              CONTRIBUTORS
    //////////////////////////////////////////////////////////////*/

    function leaf(address subject, uint32 weight) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(subject, weight))));
    }

    function node(bytes32 a, bytes32 b) internal pure returns (bytes32) {
        return a < b ? keccak256(abi.encodePacked(a, b)) : keccak256(abi.encodePacked(b, a));
    }

    /// @dev Three contributors, by hand: root = h(h(patient, second), silent).
    function withContributors(Order memory o) internal view returns (Receipt memory r) {
        r = receipt(o);
        r.contributorsRoot = node(node(leaf(patient, 1), leaf(SECOND, 2)), leaf(SILENT, 3));
    }

    function deliverTo(Order memory o) internal returns (Receipt memory r) {
        fund(o);
        r = withContributors(o);
        escrow.deliver(o, r, signed(r, 1, 2));
    }

    function membershipOf(Receipt memory r) internal view returns (Membership memory m) {
        m.receipt = r;
        m.signature = signature(SIGNER_KEY + 1, Digests.receipt(r, address(escrow)));
        m.contributor = Contributor(patient, 1);
        m.proof = new bytes32[](2);
        (m.proof[0], m.proof[1]) = (leaf(SECOND, 2), leaf(SILENT, 3));
    }

    function permitOf(uint256 key, uint256 value) internal view returns (PermitInput memory p) {
        (p.value, p.deadline) = (value, block.timestamp + 60);
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
                ),
                vm.addr(key),
                address(panel),
                value,
                dollar.nonces(vm.addr(key)),
                p.deadline
            )
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", dollar.DOMAIN_SEPARATOR(), structHash));
        (p.v, p.r, p.s) = vm.sign(key, digest);
    }
}
