// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessEscrow} from "../../../contracts/interfaces/IAccessEscrow.sol";
import {ISlashing, Offence} from "../../../contracts/interfaces/ISlashing.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Receipt} from "../../../contracts/types/OrderTypes.sol";
import {SlashingTest} from "./SlashingTest.sol";

contract TwoReceiptsTest is SlashingTest {
    Receipt internal first;
    Receipt internal second;

    function setUp() public override {
        super.setUp();
        first = receipt(analysis());
        second = receipt(analysis());
        second.result = keccak256("another result");
    }

    function report(Receipt memory a, Receipt memory b, uint16 gateway, bytes memory err) private {
        (bytes memory x, bytes memory y) = (signedBy(gateway, a), signedBy(gateway, b));
        if (err.length != 0) expectError(err);
        vm.prank(stranger);
        slashing.reportTwoReceipts(escrow, gateway, a, x, b, y);
    }

    function test_Constructor_RevertWhen_SharesAreInvalid() public {
        bytes4 err = Errors.Slashing_SharesInvalid.selector;
        uint16[2][3] memory bad = [[uint16(0), 0], [uint16(10_001), 0], [uint16(1), 5_001]];
        for (uint256 i = 0; i < 3; ++i) {
            expectError(abi.encodeWithSelector(err, bad[i][0], bad[i][1]));
            newSlashing(bad[i][0], bad[i][1]);
        }
        newSlashing(10_000, 5_000);
    }

    function test_FalseAccusation_OfAnHonestRerunAtALaterBlock() public {
        second.consentBlock = first.consentBlock - 1;
        second.consentBlockHash = blockhash(second.consentBlock);
        report(first, second, 1, abi.encodeWithSelector(Errors.Slashing_NotOneBlock.selector));
        assertUnpunished();
    }

    function test_FalseAccusation_OfAnHonestRerunAfterAReorganisation() public {
        second.consentBlockHash = keccak256("the block of that number on another branch");
        report(first, second, 1, abi.encodeWithSelector(Errors.Slashing_NotOneBlock.selector));
    }

    function test_FalseAccusation_OfReceiptsForTwoOrders() public {
        second.order = keccak256("another order");
        report(first, second, 1, abi.encodeWithSelector(Errors.Slashing_NotOneBlock.selector));
    }

    function test_FalseAccusation_OfOneReceiptTwice() public {
        report(first, first, 1, abi.encodeWithSelector(Errors.Slashing_SameReceipt.selector));
    }

    function test_FalseAccusation_WithAnothersSignature() public {
        bytes memory err = abi.encodeWithSelector(Errors.Slashing_SignatureInvalid.selector, 1);
        (bytes memory own, bytes memory other) = (signedBy(1, first), signedBy(2, second));
        expectError(err);
        slashing.reportTwoReceipts(escrow, 1, first, own, second, other);
        (own, other) = (signedBy(1, second), signedBy(2, first));
        expectError(err);
        slashing.reportTwoReceipts(escrow, 1, first, other, second, own);
        report(first, second, 9, abi.encodeWithSelector(Errors.Slashing_SignatureInvalid.selector, 9));
    }

    function test_FalseAccusation_ByAnEscrowOfOnesOwn() public {
        IAccessEscrow own = newEscrow(FEE_BPS);
        (bytes memory x, bytes memory y) = (signedBy(1, first), signedBy(1, second));
        expectError(abi.encodeWithSelector(Errors.Slashing_NotEscrow.selector, address(own)));
        slashing.reportTwoReceipts(own, 1, first, x, second, y);
    }

    function test_ReportTwoReceipts_RevertGiven_Punished() public {
        report(first, second, 1, "");
        bytes32 id = offence(Offence.TwoReceipts, first);
        bytes memory err = abi.encodeWithSelector(Errors.Slashing_AlreadyPunished.selector, id);
        report(first, second, 1, err);
        report(second, first, 1, err);
        second.output = keccak256("a third");
        report(first, second, 1, err);
    }

    function test_ReportTwoReceipts_RevertGiven_NothingAtStake() public {
        bytes memory err = abi.encodeWithSelector(Errors.Slashing_NothingAtStake.selector, 2);
        report(first, second, 2, err);
        gateways.depositStake(2, 1);
        report(first, second, 2, "");
        assertEq(gateways.stakeOf(2).amount, 0);
    }

    function test_ReportTwoReceipts_GivenEscrowReplacedAndGatewayRemoved() public {
        address successor = address(newEscrow(FEE_BPS));
        vm.startPrank(timelock);
        assets.setEscrow(successor);
        gateways.remove(1);
        vm.stopPrank();
        report(first, second, 1, "");
        assertPunished(offence(Offence.TwoReceipts, first), stranger);
    }

    function test_ReportsTwoReceipts() public {
        bytes32 id = offence(Offence.TwoReceipts, first);
        vm.expectEmit(address(slashing));
        emit ISlashing.Slashed(1, Offence.TwoReceipts, id, stranger, 501, 100);
        report(first, second, 1, "");
        assertPunished(id, stranger);
    }

    /// @dev Whatever the stake and the shares: nothing is lost, nobody but reporter and commons gets any.
    function testFuzz_ReportTwoReceipts_SplitIsExact(uint128 stake, uint16 penalty, uint16 reward) public {
        stake = uint128(bound(stake, 1, type(uint128).max));
        penalty = uint16(bound(penalty, 1, 10_000));
        reward = uint16(bound(reward, 0, 5_000));
        slashing = newSlashing(penalty, reward);
        vm.prank(timelock);
        manager.grantRole(SLASHER, address(slashing), 0);
        dollar.mint(address(this), stake);
        gateways.depositStake(3, stake);
        report(first, second, 3, "");
        uint256 left = gateways.stakeOf(3).amount;
        uint256 taken = stake - left;
        assertTrue(taken * 10_000 >= uint256(stake) * penalty, "took too little");
        assertTrue((taken - 1) * 10_000 < uint256(stake) * penalty, "took too much");
        uint256 reporter = payouts.creditOf(address(dollar), stranger);
        assertEq(reporter, (taken * reward) / 10_000);
        assertEq(reporter + payouts.creditOf(address(dollar), commons), taken);
    }
}
