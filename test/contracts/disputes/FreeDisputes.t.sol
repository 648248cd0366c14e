// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessEscrow} from "../../../contracts/interfaces/IAccessEscrow.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Listing} from "../../../contracts/types/AssetTypes.sol";
import {Order, OrderKind, OrderState, Ruling} from "../../../contracts/types/OrderTypes.sol";
import {DisputesTest} from "./DisputesTest.sol";

/// @notice A panel that asks nobody who they are and what it is worth to them.
contract NaiveDisputes {
    IAccessEscrow private immutable _escrow;

    constructor(IAccessEscrow escrow) {
        _escrow = escrow;
    }

    function open(Order calldata order) external {
        _escrow.dispute(order);
    }
}

/// @notice The named attack "dispute opened by everyone for free": it works against the naive panel, and not here.
contract FreeDisputesTest is DisputesTest {
    uint256 private constant ORDERS = 8;
    NaiveDisputes private _naive;

    function many(address arbitrator) private returns (Order[] memory list) {
        list = new Order[](ORDERS);
        for (uint256 i = 0; i < ORDERS; ++i) {
            list[i] = order(OrderKind.Analysis, bytes32(i));
            list[i].arbitrator = arbitrator;
            delivered(list[i]);
        }
    }

    function test_Attack_DisputeOpenedByEveryoneForFree_AgainstTheNaivePanel() public {
        _naive = new NaiveDisputes(escrow);
        vm.prank(address(panels));
        escrow.setArbitrator(address(_naive));
        Order[] memory list = many(address(_naive));
        uint256 before = dollar.balanceOf(stranger);
        for (uint256 i = 0; i < ORDERS; ++i) {
            vm.prank(stranger);
            _naive.open(list[i]);
        }
        passDispute();
        for (uint256 i = 0; i < ORDERS; ++i) {
            // Everybody's pay is held up for the whole ruling window, and the attacker is none the poorer.
            expectError(
                err(Errors.AccessEscrow_TooEarly.selector, list[i], block.timestamp - DISPUTE + RULING)
            );
            escrow.settle(list[i]);
        }
        assertEq(dollar.balanceOf(stranger), before);
    }

    function test_Attack_DisputeOpenedByEveryoneForFree() public {
        Order[] memory list = many(address(panel));
        allow(stranger);
        for (uint256 i = 0; i < ORDERS; ++i) {
            openReverts(stranger, list[i], err(Errors.Disputes_NotParty.selector, list[i], stranger));
        }
        passDispute();
        for (uint256 i = 0; i < ORDERS; ++i) escrow.settle(list[i]);
        assertEq(credit(operator(1)), ORDERS * 20e6);
    }

    /// @dev Parties can dispute without a cause, and pay a tenth each time.
    function test_Attack_DisputeOpenedByEveryoneForFree_ByTheBuyerOfEachOrder() public {
        Order[] memory list = many(address(panel));
        uint256 before = dollar.balanceOf(buyer);
        for (uint256 i = 0; i < ORDERS; ++i) openAs(buyer, list[i]);
        passEvidence();
        for (uint256 i = 0; i < ORDERS; ++i) {
            for (uint256 m = 0; m < 3; ++m) vote(m, list[i], Ruling.Pay);
        }
        assertEq(before - dollar.balanceOf(buyer), ORDERS * BOND_BUYER);
        for (uint256 m = 0; m < 3; ++m) assertEq(credit(member(m)), ORDERS * 666_666);
        assertEq(credit(operator(1)), ORDERS * 20e6);
    }

    /// @dev An attacker who sells to itself for next to nothing still pays the least bond, so that what keeps five people
    /// from their day, and their stakes at risk, is paid for.
    function test_Attack_DisputeOpenedByEveryoneForFree_ByOrdersOfOneUnit() public {
        Listing memory l = listing(bytes32("cheap"));
        l.price = 1;
        Order memory o = orderOf(listAs(curator, l, version()), OrderKind.Analysis, bytes32("cheap"));
        o.arbitrator = address(panel);
        delivered(o);
        vm.prank(buyer);
        dollar.approve(address(panel), FLOOR - 1);
        bytes4 selector = bytes4(keccak256("ERC20InsufficientAllowance(address,uint256,uint256)"));
        openReverts(
            buyer,
            o,
            abi.encodeWithSelector(selector, address(panel), uint256(FLOOR - 1), uint256(FLOOR))
        );
        allow(buyer);
        openAs(buyer, o);
        passEvidence();
        for (uint256 m = 0; m < 3; ++m) vote(m, o, Ruling.Pay);
        // A fifth of 5,000,001 in three parts.
        assertEq(credit(member(0)), 333_333);
        assertState(o, OrderState.Settled);
    }
}
