// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessEscrow} from "../../../contracts/interfaces/IAccessEscrow.sol";
import {Listing} from "../../../contracts/types/AssetTypes.sol";
import {Order, OrderKind, OrderState, Receipt} from "../../../contracts/types/OrderTypes.sol";
import {EscrowTest} from "./EscrowTest.sol";

contract SettleTest is EscrowTest {
    function credit(address payee) private view returns (uint256) {
        return payouts.creditOf(address(dollar), payee);
    }

    function pot() private view returns (uint256) {
        return payouts.potOf(address(dollar), bytes32(dataset));
    }

    function settleReverts(Order memory o, bytes memory err) private {
        expectError(err);
        escrow.settle(o);
    }

    /*//////////////////////////////////////////////////////////////
                                 STATE
    //////////////////////////////////////////////////////////////*/

    function test_RevertGiven_Funded() public {
        Order memory o = funded(analysis());
        vm.warp(block.timestamp + 1_000);
        settleReverts(o, wrongState(o, OrderState.Funded));
    }

    function test_RevertGiven_DisputeWindowOpen() public {
        Order memory o = delivered(analysis());
        uint256 opens = block.timestamp + DISPUTE;
        vm.warp(opens - 1);
        settleReverts(o, tooEarly(o, opens));
        vm.warp(opens);
        escrow.settle(o);
        assertState(o, OrderState.Settled);
    }

    function test_RevertGiven_DownloadWithoutReport() public {
        Order memory o = delivered(download());
        passDispute();
        settleReverts(o, notReported(o));
        vm.warp(block.timestamp + REPORT + 1);
        settleReverts(o, notReported(o));
    }

    /// @dev Before its report the buyer could not know what was released, so nothing of the window is spent.
    function test_RevertGiven_DisputeWindowOfAReportOpen() public {
        Order memory o = delivered(download());
        vm.warp(block.timestamp + DISPUTE + 3);
        report(o, COHORT);
        uint256 opens = block.timestamp + DISPUTE;
        settleReverts(o, tooEarly(o, opens));
        vm.warp(opens - 1);
        settleReverts(o, tooEarly(o, opens));
        vm.warp(opens);
        escrow.settle(o);
        assertState(o, OrderState.Settled);
    }

    /*//////////////////////////////////////////////////////////////
                                 SPLIT
    //////////////////////////////////////////////////////////////*/

    function test_SplitsAnalysis() public {
        Order memory o = delivered(analysis());
        passDispute();
        // 100 dollars: 20 % custodian, 10 % curator, the rest to the people; 2.5 dollars on top to the commons.
        vm.expectEmit(address(escrow));
        emit IAccessEscrow.OrderSettled(idOf(o), dataset, 70e6, 20e6, 10e6, 2_500_000, 0);
        vm.prank(stranger);
        escrow.settle(o);
        assertEq(credit(operator(1)), 20e6);
        assertEq(credit(curator), 10e6);
        assertEq(credit(commons), 2_500_000);
        assertEq(pot(), 70e6);
        assertEq(dollar.balanceOf(address(payouts)), 102_500_000);
        assertEq(dollar.balanceOf(address(escrow)), 0);
        assertEq(escrow.statusOf(idOf(o)).changedAt, block.timestamp);
    }

    function test_SplitsDustToThePot() public {
        vm.prank(curator);
        assets.setPrice(dataset, 39);
        settled(analysis());
        // 39: floor(7.8) custodian, floor(3.9) curator, 29 to the pot; fee floor(0.975).
        assertEq(credit(operator(1)), 7);
        assertEq(credit(curator), 3);
        assertEq(pot(), 29);
        assertEq(credit(commons), 0);
    }

    function test_SplitsWholeDownload() public {
        settled(download());
        assertEq(pot(), 70e6);
        assertEq(credit(commons), 2_500_000);
        assertEq(dollar.balanceOf(buyer), 1_000_000e6 - 102_500_000);
    }

    function settledDownload(uint32 released) private returns (Order memory o) {
        o = delivered(download());
        report(o, released);
        passDispute();
        escrow.settle(o);
        assertState(o, OrderState.Settled);
        assertEq(dollar.balanceOf(address(escrow)), 0);
    }

    function test_SplitsDownloadProRata() public {
        vm.prank(curator);
        assets.setPrice(dataset, 1_000);
        settledDownload(31);
        // 31 of 90 records: floor(1000 · 31/90) = 344 of the price, floor(25 · 31/90) = 8 of the fee.
        // 344: floor(68.8) = 68 custodian, floor(34.4) = 34 curator, 242 pot; 673 back.
        assertEq(credit(operator(1)), 68);
        assertEq(credit(curator), 34);
        assertEq(pot(), 242);
        assertEq(credit(commons), 8);
        assertEq(dollar.balanceOf(buyer), 1_000_000e6 - 1_025 + 673);
    }

    function test_RefundsDownloadOfNothing() public {
        settledDownload(0);
        assertEq(dollar.balanceOf(buyer), 1_000_000e6);
        assertEq(payouts.heldOf(address(dollar)), 0);
    }

    function test_RefundsDownloadOfEmptyCohort() public {
        Order memory o = funded(download());
        Receipt memory r = receipt(o);
        r.cohort = 0;
        r.totalWeight = 0;
        escrow.deliver(o, r, signed(r, 1, 2));
        report(o, 0);
        passDispute();
        escrow.settle(o);
        assertEq(dollar.balanceOf(buyer), 1_000_000e6);
        assertEq(payouts.heldOf(address(dollar)), 0);
    }

    function testFuzz_SplitIsExact(
        uint80 price,
        uint16 custodianBps,
        uint16 curatorBps,
        uint16 feeBps,
        uint32 cohort,
        uint32 released
    ) public {
        price = uint80(bound(price, 0, 1e18));
        custodianBps = uint16(bound(custodianBps, 0, 10_000));
        curatorBps = uint16(bound(curatorBps, 0, 10_000 - custodianBps));
        feeBps = uint16(bound(feeBps, 0, 1_000));
        cohort = uint32(bound(cohort, 1, type(uint32).max));
        released = uint32(bound(released, 0, cohort));
        vm.prank(timelock);
        escrow.setFee(feeBps);
        dollar.mint(buyer, 2e18);
        Order memory o = deliveredDownload(price, custodianBps, curatorBps, cohort);
        report(o, released);
        passDispute();
        uint256 before = dollar.balanceOf(buyer);
        escrow.settle(o);
        uint256 due = (uint256(price) * released) / cohort;
        uint256 dueFee = (fee(price, feeBps) * released) / cohort;
        uint256 back = dollar.balanceOf(buyer) - before;
        uint256 potted = payouts.potOf(address(dollar), bytes32(o.asset));
        assertEq(credit(operator(1)), fee(due, custodianBps));
        assertEq(credit(curator), fee(due, curatorBps));
        assertEq(credit(commons), dueFee);
        assertEq(credit(operator(1)) + credit(curator) + potted, due);
        assertEq(due + dueFee + back, uint256(price) + fee(price, feeBps));
        assertEq(dollar.balanceOf(address(escrow)), 0);
        assertEq(dollar.balanceOf(address(payouts)), due + dueFee);
        // Pro rata never charges more than the share released.
        assertTrue((due + dueFee) * cohort <= (uint256(price) + fee(price, feeBps)) * released);
    }

    function deliveredDownload(
        uint80 price,
        uint16 custodianBps,
        uint16 curatorBps,
        uint32 cohort
    ) private returns (Order memory o) {
        Listing memory l = listing(bytes32("fuzzed"));
        l.price = price;
        l.custodianBps = custodianBps;
        l.curatorBps = curatorBps;
        o = funded(orderOf(listAs(curator, l, version()), OrderKind.Download, bytes32("fuzzed")));
        Receipt memory r = receipt(o);
        r.cohort = cohort;
        escrow.deliver(o, r, signed(r, 1, 2));
    }

    /*//////////////////////////////////////////////////////////////
                       WHAT HAPPENED IN BETWEEN
    //////////////////////////////////////////////////////////////*/

    function test_GivenFeeChanged() public {
        Order memory o = delivered(analysis());
        vm.prank(timelock);
        escrow.setFee(1_000);
        passDispute();
        escrow.settle(o);
        assertEq(credit(commons), 2_500_000);
        assertEq(dollar.balanceOf(address(escrow)), 0);
    }

    function test_GivenPriceChanged() public {
        Order memory o = delivered(analysis());
        vm.prank(curator);
        assets.setPrice(dataset, 1);
        passDispute();
        escrow.settle(o);
        assertEq(pot(), 70e6);
    }

    function test_GivenDelistedAndCustodianRemoved() public {
        Order memory o = delivered(analysis());
        vm.prank(curator);
        assets.delist(dataset);
        vm.prank(timelock);
        gateways.remove(1);
        passDispute();
        escrow.settle(o);
        assertEq(credit(operator(1)), 20e6);
    }

    function test_GivenEscrowReplaced() public {
        Order memory o = delivered(analysis());
        address other = address(newEscrow(0));
        vm.prank(timelock);
        assets.setEscrow(other);
        passDispute();
        escrow.settle(o);
        assertEq(pot(), 70e6);
    }

    function test_GivenTokenHandedOn() public {
        Order memory o = delivered(analysis());
        vm.prank(curator);
        assets.transferFrom(curator, stranger, dataset);
        passDispute();
        escrow.settle(o);
        // The curator's part goes to whoever is curator when the order settles.
        assertEq(credit(stranger), 10e6);
        assertEq(credit(curator), 0);
    }
}
