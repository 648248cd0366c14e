// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IMandates} from "../../../contracts/interfaces/IMandates.sol";
import {DataUse} from "../../../contracts/libraries/DataUse.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Terms} from "../../../contracts/types/DataUseTypes.sol";
import {Mandate, MandateState, MandateStatus} from "../../../contracts/types/MandateTypes.sol";
import {Order, OrderState} from "../../../contracts/types/OrderTypes.sol";
import {MandateTest} from "./MandateTest.sol";

contract RunMandateTest is MandateTest {
    function test_RevertGiven_NotOpen() public {
        nextVersion();
        runReverts(wrongState(MandateState.None));
        create();
        vm.prank(buyer);
        mandates.cancel(m, "");
        runReverts(wrongState(MandateState.Closed));
    }

    function noNewVersion(uint16 last) private {
        runReverts(abi.encodeWithSelector(Errors.Mandates_NoNewVersion.selector, idOf(m), last));
    }

    function test_RevertGiven_NoNewVersion() public {
        create();
        noNewVersion(1);
        nextVersion();
        run();
        noNewVersion(2);
    }

    function test_GivenCurrentVersionIncluded() public {
        m.afterVersion = 0;
        create();
        run();
        assertMandate(MandateState.Open, 1, PREPAID - RUN);
    }

    function test_GivenVersionsWereSkipped() public {
        create();
        nextVersion();
        nextVersion();
        run();
        assertEq(mandates.statusOf(idOf(m)).version, 3);
        noNewVersion(3);
    }

    function test_RevertGiven_TimeOver() public {
        create();
        nextVersion();
        vm.warp(uint256(m.until) + 1);
        runReverts(abi.encodeWithSelector(Errors.Mandates_TooLate.selector, idOf(m), m.until));
        vm.warp(m.until);
        run();
    }

    function test_RevertGiven_IntervalRuns() public {
        m.interval = 20;
        create();
        nextVersion();
        run();
        nextVersion();
        uint256 opensAt = block.timestamp + 20;
        vm.warp(opensAt - 1);
        runReverts(abi.encodeWithSelector(Errors.Mandates_TooEarly.selector, idOf(m), opensAt));
        vm.warp(opensAt);
        run();
        assertMandate(MandateState.Open, 2, PREPAID - 2 * RUN);
    }

    function test_RevertGiven_AssetNotListed() public {
        create();
        nextVersion();
        vm.prank(curator);
        assets.transferFrom(curator, stranger, dataset);
        runReverts(abi.encodeWithSelector(Errors.Mandates_AssetNotListed.selector, dataset));
        vm.warp(block.timestamp + NOTICE);
        vm.prank(operator(1));
        assets.accept(dataset);
        run();
        vm.prank(stranger);
        assets.delist(dataset);
        runReverts(abi.encodeWithSelector(Errors.Mandates_AssetNotListed.selector, dataset));
    }

    function test_RevertGiven_PriceAboveTheCap() public {
        create();
        nextVersion();
        vm.prank(curator);
        assets.setPrice(dataset, 200e6 + 1);
        runReverts(abi.encodeWithSelector(Errors.Mandates_PriceAboveMaximum.selector, 200e6 + 1, 200e6));
        vm.prank(curator);
        assets.setPrice(dataset, 200e6);
        run();
        assertMandate(MandateState.Open, 1, PREPAID - 205e6);
    }

    function test_RevertGiven_FeeAboveTheCap() public {
        create();
        nextVersion();
        vm.prank(timelock);
        escrow.setFee(1_000);
        // 10 % of 100 dollars is the cap itself.
        run();
        nextVersion();
        vm.prank(curator);
        assets.setPrice(dataset, 100e6 + 10);
        runReverts(abi.encodeWithSelector(Errors.Mandates_FeeAboveMaximum.selector, 10e6 + 1, 10e6));
    }

    /// @dev The id commits to every member: whoever changes one names a mandate that is not there.
    function testFuzz_RevertWhen_AnyWordIsChanged(uint256 member) public {
        create();
        nextVersion();
        bytes memory words = abi.encode(m);
        member = bound(member, 0, words.length / 32 - 1);
        uint256 offset = 32 + 32 * member;
        assembly ("memory-safe") {
            let place := add(words, offset)
            mstore(place, xor(mload(place), 1))
        }
        Mandate memory changed = abi.decode(words, (Mandate));
        expectError(
            abi.encodeWithSelector(
                Errors.Mandates_WrongState.selector,
                mandates.hashMandate(changed),
                MandateState.None
            )
        );
        mandates.run(changed, terms(), "");
    }

    function test_RevertWhen_TermsAreOthers() public {
        create();
        nextVersion();
        Terms memory others = terms();
        others.royaltyBps = 0;
        expectError(
            abi.encodeWithSelector(Errors.AccessEscrow_TermsMismatch.selector, m.termsHash, m.termsHash)
        );
        mandates.run(m, others, "");
        assertMandate(MandateState.Open, 0, PREPAID);
    }

    function test_RevertWhen_PurposeIsNotPermitted() public {
        m.uses |= 1 << 6; // for commercial ends
        create();
        nextVersion();
        runReverts(
            abi.encodeWithSelector(
                Errors.AccessEscrow_PurposeNotPermitted.selector,
                DataUse.Reason.CommercialUse
            )
        );
    }

    function test_RevertGiven_ArbitratorReplaced() public {
        vm.prank(timelock);
        escrow.setArbitrator(address(0xA));
        m.arbitrator = address(0xA);
        create();
        nextVersion();
        vm.prank(timelock);
        escrow.setArbitrator(address(0xB));
        runReverts(
            abi.encodeWithSelector(
                Errors.AccessEscrow_ArbitratorMismatch.selector,
                address(0xB),
                address(0xA)
            )
        );
    }

    /*//////////////////////////////////////////////////////////////
                                SUCCESS
    //////////////////////////////////////////////////////////////*/

    function test_Runs() public {
        create();
        uint16 second = nextVersion();
        vm.warp(block.timestamp + 7);
        Order memory child = childOf(1);
        bytes32 expected = idOf(child);
        vm.expectEmit(address(mandates));
        emit IMandates.MandateRun(idOf(m), expected, dataset, 1, second, RUN);
        assertEq(run(), expected);
        assertState(child, OrderState.Funded);
        MandateStatus memory s = mandates.statusOf(idOf(m));
        assertEq(s.version, 2);
        assertEq(s.ranAt, block.timestamp);
        assertMandate(MandateState.Open, 1, PREPAID - RUN);
        assertEq(dollar.balanceOf(address(mandates)), PREPAID - RUN);
        assertEq(dollar.balanceOf(address(escrow)), RUN);
        // The buyer's own allowance and balance are not touched again.
        assertEq(dollar.balanceOf(buyer), WEALTH - PREPAID);
        assertEq(dollar.allowance(address(mandates), address(escrow)), 0);
    }

    function test_ClosesWithTheLastRun() public {
        create();
        for (uint16 i = 1; i <= 3; ++i) {
            nextVersion();
            if (i == 3) {
                vm.expectEmit(address(mandates));
                emit IMandates.MandateClosed(
                    idOf(m),
                    dataset,
                    IMandates.CloseReason.Completed,
                    PREPAID - 3 * RUN
                );
            }
            run();
        }
        assertMandate(MandateState.Closed, 3, 0);
        assertEq(dollar.balanceOf(address(mandates)), 0);
        assertEq(dollar.balanceOf(address(escrow)), 3 * RUN);
        assertEq(dollar.balanceOf(buyer), WEALTH - 3 * RUN);
        nextVersion();
        runReverts(wrongState(MandateState.Closed));
    }

    function test_ClosesWithTheLastRunWithoutARest() public {
        m.maxPrice = PRICE;
        m.maxFee = 2_500_000;
        m.runs = 1;
        create();
        nextVersion();
        run();
        assertMandate(MandateState.Closed, 1, 0);
        assertEq(dollar.balanceOf(buyer), WEALTH - RUN);
    }

    /*//////////////////////////////////////////////////////////////
                            THE CHILD ORDER
    //////////////////////////////////////////////////////////////*/

    function test_ChildSettlesLikeAnyOrder() public {
        create();
        nextVersion();
        Order memory child = childOf(1);
        run();
        deliver(child);
        passDispute();
        escrow.settle(child);
        assertEq(payouts.potOf(address(dollar), bytes32(dataset)), 70e6);
        assertEq(payouts.creditOf(address(dollar), commons), 2_500_000);
    }

    function test_ChildThatFailsIsRefundedToTheBuyer() public {
        create();
        nextVersion();
        Order memory child = childOf(1);
        run();
        fail(child);
        assertEq(dollar.balanceOf(buyer), WEALTH - PREPAID + RUN);
        assertMandate(MandateState.Open, 1, PREPAID - RUN);
    }

    function test_ChildIsNotFundedByAnyoneElse() public {
        create();
        nextVersion();
        Order memory child = childOf(1);
        expectError(abi.encodeWithSelector(Errors.AccessEscrow_NotBuyer.selector, idOf(child)));
        vm.prank(stranger);
        escrow.fund(child, terms(), "", "");
        // Mandates of another escrow have no say over this one.
        address foreign = newEscrow(0).mandates();
        expectError(abi.encodeWithSelector(Errors.AccessEscrow_NotBuyer.selector, idOf(child)));
        vm.prank(foreign);
        escrow.fund(child, terms(), "", "");
        run();
        expectError(
            abi.encodeWithSelector(Errors.AccessEscrow_WrongState.selector, idOf(child), OrderState.Funded)
        );
        vm.prank(buyer);
        escrow.fund(child, terms(), "", "");
    }

    /// @dev The buyer may fund the very order of a run themselves; then the run is taken, and no money is stuck.
    function test_GivenTheBuyerFundedTheChildThemselves() public {
        create();
        nextVersion();
        Order memory child = childOf(1);
        fund(child);
        runReverts(
            abi.encodeWithSelector(Errors.AccessEscrow_WrongState.selector, idOf(child), OrderState.Funded)
        );
        // A second later the deadline, and with it the order, is another.
        vm.warp(block.timestamp + 1);
        run();
        assertMandate(MandateState.Open, 1, PREPAID - RUN);
    }
}
