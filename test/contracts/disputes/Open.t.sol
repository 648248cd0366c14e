// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {Disputes} from "../../../contracts/Disputes.sol";
import {IArbitrator} from "../../../contracts/interfaces/IArbitrator.sol";
import {IDisputes} from "../../../contracts/interfaces/IDisputes.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Listing} from "../../../contracts/types/AssetTypes.sol";
import {BondFloor, Dispute, DisputeState, Party} from "../../../contracts/types/DisputeTypes.sol";
import {Order, OrderKind, OrderState, PermitInput, Ruling} from "../../../contracts/types/OrderTypes.sol";
import {BlacklistToken, FeeToken, PlainToken} from "../support/Tokens.sol";
import {DisputesTest} from "./DisputesTest.sol";

/// @notice Opening by buyer and custodian, bonds and seats (Disputes.tree).
contract OpenTest is DisputesTest {
    function test_Open_ByTheBuyer() public {
        Order memory o = delivered(ours());
        uint40 now_ = uint40(block.timestamp);
        vm.expectEmit(address(panel));
        emit IDisputes.DisputeOpened(
            idOf(o),
            dataset,
            buyer,
            Party.Buyer,
            address(0),
            address(dollar),
            BOND_BUYER,
            ALL,
            now_ + EVIDENCE,
            now_ + RULING
        );
        vm.expectEmit(address(panel));
        emit IDisputes.EvidenceAdded(idOf(o), buyer, address(0), keccak256("first"));
        openAs(buyer, o);
        assertState(o, OrderState.Disputed);
        Dispute memory d = dispute(o);
        assertEq(d.opener, buyer);
        assertEq(d.bond, BOND_BUYER);
        assertEq(panel.openDisputes(), 1);
        assertEq(dollar.balanceOf(address(panel)), 5 * STAKE + BOND_BUYER);
        assertEq(panel.bondOf(o, Party.Buyer), BOND_BUYER);
    }

    function test_Open_ByTheCustodian() public {
        Order memory o = delivered(ours());
        openAs(operator(1), o);
        assertEq(uint256(dispute(o).party), uint256(Party.Custodian));
        passEvidence();
        for (uint256 i = 0; i < 3; ++i) vote(i, o, Ruling.Refund);
        assertState(o, OrderState.Refunded);
        // The buyer has all back; the custodian a bond less a fifth, but for what its rounding leaves.
        assertEq(dollar.balanceOf(buyer), 2_000_000e6);
        assertEq(dollar.balanceOf(operator(1)), 1_000_000e6 - 1_999_998);
    }

    function test_Open_RevertWhen_CallerIsNoParty() public {
        Order memory o = delivered(ours());
        address[8] memory others = [
            curator,
            operator(2),
            signer(1),
            member(0),
            timelock,
            commons,
            patient,
            stranger
        ];
        for (uint256 i = 0; i < 8; ++i) {
            openReverts(others[i], o, err(Errors.Disputes_NotParty.selector, o, others[i]));
        }
    }

    function test_Open_RevertGiven_DisputedBefore() public {
        Order memory o = opened();
        openReverts(operator(1), o, wrongState(o, DisputeState.Open));
        passEvidence();
        for (uint256 i = 0; i < 3; ++i) vote(i, o, Ruling.Pay);
        openReverts(buyer, o, wrongState(o, DisputeState.Ruled));
    }

    function test_Open_RevertGiven_OrderNotDelivered() public {
        Order memory o = ours();
        bytes4 selector = Errors.AccessEscrow_WrongState.selector;
        openReverts(buyer, o, err(selector, o, uint256(OrderState.None)));
        fund(o);
        openReverts(buyer, o, err(selector, o, uint256(OrderState.Funded)));
        deliver(o);
        vm.prank(buyer);
        escrow.accept(o, "");
        openReverts(buyer, o, err(selector, o, uint256(OrderState.Settled)));
    }

    function test_Open_RevertGiven_WindowPassed() public {
        Order memory o = delivered(ours());
        passDispute();
        bytes4 selector = Errors.AccessEscrow_TooLate.selector;
        openReverts(buyer, o, err(selector, o, block.timestamp - 1));
    }

    function test_Open_RevertGiven_OrderNamesAnother() public {
        Order memory o = delivered(analysis());
        openReverts(buyer, o, err(Errors.AccessEscrow_NotArbitrator.selector, o, address(panel)));
    }

    function test_Open_RevertWhen_NoBondIsAllowed() public {
        Order memory o = delivered(ours());
        vm.prank(buyer);
        dollar.approve(address(panel), BOND_BUYER - 1);
        bytes4 selector = IERC20Errors.ERC20InsufficientAllowance.selector;
        openReverts(
            buyer,
            o,
            abi.encodeWithSelector(selector, address(panel), uint256(BOND_BUYER - 1), uint256(BOND_BUYER))
        );
        assertState(o, OrderState.Delivered);
    }

    function test_Open_RevertOn_TheImplementation() public {
        Disputes bare = Disputes(panels.implementation());
        Order memory o = delivered(ours());
        vm.prank(buyer);
        (bool ok, ) = address(bare).call(abi.encodeCall(bare.open, (o, 0)));
        assertEq(ok, false);
        (ok, ) = address(bare).call(abi.encodeCall(bare.depositStake, (member(0))));
        assertEq(ok, false);
    }

    /*//////////////////////////////////////////////////////////////
                                 PERMIT
    //////////////////////////////////////////////////////////////*/

    function test_OpenWithPermit() public {
        Order memory o = delivered(ours());
        vm.prank(buyer);
        dollar.approve(address(panel), 0);
        PermitInput memory p = permitOf(BUYER_KEY, BOND_BUYER);
        vm.prank(buyer);
        panel.openWithPermit(o, 0, p);
        assertState(o, OrderState.Disputed);
        assertEq(dollar.allowance(buyer, address(panel)), 0);
    }

    function test_OpenWithPermit_RevertWhen_SomebodyElseHasIt() public {
        Order memory o = delivered(ours());
        PermitInput memory p = permitOf(BUYER_KEY, BOND_BUYER);
        expectError(err(Errors.Disputes_NotParty.selector, o, stranger));
        vm.prank(stranger);
        panel.openWithPermit(o, 0, p);
    }

    /*//////////////////////////////////////////////////////////////
                                ERC-792
    //////////////////////////////////////////////////////////////*/

    function test_CreateDispute() public {
        Order memory o = delivered(ours());
        assertEq(panel.arbitrationCost(abi.encode(o)), 0);
        vm.expectEmit(address(panel));
        emit IArbitrator.DisputeCreation(uint256(idOf(o)), address(escrow));
        vm.prank(buyer);
        uint256 number = panel.createDispute(2, abi.encode(o));
        assertEq(number, uint256(idOf(o)));
        assertState(o, OrderState.Disputed);
    }

    function test_CreateDispute_WithEvidence() public {
        Order memory o = delivered(ours());
        vm.expectEmit(address(panel));
        emit IDisputes.EvidenceAdded(idOf(o), buyer, address(0), keccak256("first"));
        vm.prank(buyer);
        panel.createDispute(2, abi.encode(o, keccak256("first")));
    }

    function test_CreateDispute_RevertWhen_AskedOtherwise() public {
        Order memory o = delivered(ours());
        vm.deal(buyer, 1);
        vm.startPrank(buyer);
        expectError(abi.encodeWithSelector(Errors.Disputes_ChoicesInvalid.selector, 3, 0));
        panel.createDispute(3, abi.encode(o));
        expectError(abi.encodeWithSelector(Errors.Disputes_ChoicesInvalid.selector, 2, 1));
        panel.createDispute{value: 1}(2, abi.encode(o));
        expectError(abi.encodeWithSelector(Errors.Disputes_OrderMissing.selector, 3));
        panel.createDispute(2, "abc");
        vm.stopPrank();
    }

    function test_DisputeStatus_RevertGiven_NoDispute() public {
        expectError(abi.encodeWithSelector(Errors.Disputes_WrongState.selector, bytes32(uint256(7)), 0));
        panel.disputeStatus(7);
    }

    /*//////////////////////////////////////////////////////////////
                                 BONDS
    //////////////////////////////////////////////////////////////*/

    function testFuzz_BondOf(uint80 price) public view {
        Order memory o = ours();
        o.price = price;
        uint256 bond = panel.bondOf(o, Party.Buyer);
        assertTrue(bond * 10 >= price, "less than a tenth");
        assertTrue(bond >= FLOOR, "less than the least");
        assertTrue(bond == FLOOR || (bond - 1) * 10 < price, "more than both");
        assertEq(panel.bondOf(o, Party.Custodian), bond);
        assertEq(panel.bondOf(o, Party.Contributor), FLOOR);
    }

    function test_BondOf_RevertGiven_TokenIsNotCovered() public {
        Order memory o = ours();
        o.token = dollarIndex + 1;
        expectError(abi.encodeWithSelector(Errors.Disputes_TokenNotCovered.selector, o.token));
        panel.bondOf(o, Party.Buyer);
    }

    /// @dev A panel in another token, for orders of an asset sold in it.
    function inToken(address token) private returns (Order memory o) {
        vm.startPrank(timelock);
        uint16 index = assets.allowToken(token);
        BondFloor[4] memory list;
        list[0] = BondFloor(index, 1);
        panel = Disputes(panels.elect(address(escrow), five(), STAKE, list));
        vm.stopPrank();
        for (uint256 i = 0; i < 5; ++i) stake(panel, member(i));
        vm.prank(timelock);
        panels.appoint(address(panel));
        Listing memory l = listing(bytes32("other token"));
        l.token = index;
        o = orderOf(listAs(curator, l, version()), OrderKind.Analysis, bytes32("o"));
        o.arbitrator = address(panel);
        PlainToken(token).mint(buyer, 1_000e6);
        vm.startPrank(buyer);
        PlainToken(token).approve(address(escrow), type(uint256).max);
        PlainToken(token).approve(address(panel), type(uint256).max);
        vm.stopPrank();
    }

    function test_Open_RevertWhen_TheTokenKeepsAPart() public {
        FeeToken token = new FeeToken();
        Order memory o = inToken(address(token));
        token.setTaxed(false);
        delivered(o);
        token.setTaxed(true);
        openReverts(
            buyer,
            o,
            abi.encodeWithSelector(Errors.Disputes_TokenDeltaMismatch.selector, BOND_BUYER, 9_900_000)
        );
    }

    function test_Refund_GivenTheTokenRefusesTheBuyer() public {
        BlacklistToken token = new BlacklistToken();
        Order memory o = delivered(inToken(address(token)));
        openAs(buyer, o);
        token.setBlacklisted(buyer, true);
        passEvidence();
        for (uint256 i = 0; i < 3; ++i) vote(i, o, Ruling.Refund);
        // The order's 102.5 dollars and what is left of the bond wait in `Payouts`.
        assertEq(payouts.creditOf(address(token), buyer), 102_500_000 + 8_000_002);
        assertEq(token.balanceOf(address(panel)), 0);
    }

    /*//////////////////////////////////////////////////////////////
                                 SEATS
    //////////////////////////////////////////////////////////////*/

    /// @dev A panel whose five members stand near to an order: buyer, curator, operator, signer, and a recipient.
    function panelOf(address[5] memory members) private {
        panel = elect(members);
        for (uint256 i = 0; i < 5; ++i) stake(panel, members[i]);
        vm.prank(timelock);
        panels.appoint(address(panel));
        allow(buyer);
    }

    function test_SeatsFor_PartiesHaveNone() public {
        address[5] memory near = [buyer, curator, operator(1), signer(1), member(4)];
        panelOf(near);
        Order memory o = ours();
        assertEq(panel.seatsFor(o, buyer), 16);
        assertEq(panel.seatsFor(o, member(4)), 0);
        delivered(o);
        openReverts(buyer, o, err(Errors.Disputes_TooFewSeats.selector, o, 16));
    }

    function test_SeatsFor_RecipientsHaveNone() public {
        address[3] memory payees = [buyer, curator, operator(1)];
        for (uint256 i = 0; i < 3; ++i) {
            vm.prank(payees[i]);
            payouts.setRecipient(member(i));
            assertEq(panel.seatsFor(ours(), buyer), uint256(ALL) & (~uint256(7) | (7 & ~((2 << i) - 1))));
        }
        Order memory o = delivered(ours());
        openReverts(buyer, o, err(Errors.Disputes_TooFewSeats.selector, o, 24));
    }

    function test_SeatsFor_TheCuratorOfToday() public {
        vm.prank(curator);
        IERC721(address(assets)).transferFrom(curator, member(2), dataset);
        assertEq(panel.seatsFor(ours(), buyer), 27);
    }
}
