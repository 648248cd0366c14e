// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {VestingWallet} from "@openzeppelin/contracts/finance/VestingWallet.sol";
import {Treasury} from "../../../contracts/governance/Treasury.sol";
import {Credit, IPayouts} from "../../../contracts/interfaces/IPayouts.sol";
import {ITreasury, Payment} from "../../../contracts/interfaces/ITreasury.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Base} from "../support/Base.sol";
import {PlainToken} from "../support/Tokens.sol";

/// @notice A token that asks the treasury to carry out an announcement while it is moved.
contract CallingToken is PlainToken {
    Treasury private _treasury;
    Payment private _payment;

    function aim(Treasury treasury, Payment calldata payment) external {
        (_treasury, _payment) = (treasury, payment);
    }

    function _update(address from, address to, uint256 value) internal override {
        if (from == address(_treasury) && from != address(0)) _treasury.payAnnounced(_payment, 0);
        super._update(from, to, value);
    }
}

/// @notice A contract that takes itself for `Payouts` and pays nothing.
contract EmptyPayouts {
    function withdraw(address, address) external pure returns (uint256) {
        return 1e18;
    }
}

contract TreasuryTest is Base {
    uint16 private constant CAP = 500;
    uint32 private constant BUCKET = 1 days;
    uint32 private constant DELAY = 30 days;
    uint256 private constant WHOLE = 1_000_000;

    Treasury private treasury;
    PlainToken private coin;
    address private worker = address(0x30B);

    function setUp() public override {
        super.setUp();
        treasury = new Treasury(address(manager), CAP, BUCKET, DELAY);
        coin = new PlainToken();
        coin.mint(address(treasury), WHOLE);
    }

    function paid(uint256 amount) private view returns (Payment memory) {
        return Payment(address(coin), worker, amount, 0, 0);
    }

    function pay(Payment memory payment) private returns (address) {
        vm.prank(timelock);
        return treasury.pay(payment);
    }

    function announce(Payment memory payment) private returns (bytes32) {
        vm.prank(timelock);
        return treasury.announce(payment, 0);
    }

    function exceeds(uint256 amount, uint256 most) private {
        expectError(
            abi.encodeWithSelector(Errors.Treasury_CapExceeded.selector, address(coin), amount, most)
        );
    }

    function outside(uint256 value, uint256 least, uint256 most) private {
        expectError(abi.encodeWithSelector(Errors.Bounds_Exceeded.selector, value, least, most));
    }

    function test_Constructor_RevertWhen_OutsideBounds() public {
        vm.chainId(1);
        new Treasury(address(manager), 100, 1 days, 21 days);
        new Treasury(address(manager), 1_000, 7 days, 180 days);
        outside(99, 100, 1_000);
        new Treasury(address(manager), 99, 1 days, 21 days);
        outside(1_001, 100, 1_000);
        new Treasury(address(manager), 1_001, 1 days, 21 days);
        outside(86_399, 86_400, 604_800);
        new Treasury(address(manager), 100, 1 days - 1, 21 days);
        outside(604_801, 86_400, 604_800);
        new Treasury(address(manager), 100, 7 days + 1, 21 days);
        outside(1_814_399, 1_814_400, 15_552_000);
        new Treasury(address(manager), 100, 1 days, 21 days - 1);
        outside(15_552_001, 1_814_400, 15_552_000);
        new Treasury(address(manager), 100, 1 days, 180 days + 1);
    }

    /*//////////////////////////////////////////////////////////////
                                COLLECT
    //////////////////////////////////////////////////////////////*/

    function test_Collects_WhoeverCalls() public {
        Credit[] memory credits = new Credit[](1);
        credits[0] = Credit(address(treasury), 700);
        coin.mint(address(payouts), 700);
        payouts.deposit(address(coin), credits, 0, 0, 0);
        vm.expectEmit(address(treasury));
        emit ITreasury.Collected(address(coin), address(payouts), 700, WHOLE + 700);
        vm.prank(stranger);
        assertEq(treasury.collect(payouts, address(coin)), 700);
        assertEq(coin.balanceOf(address(treasury)), WHOLE + 700);
        expectError(abi.encodeWithSelector(Errors.Payouts_NothingToWithdraw.selector, address(treasury)));
        treasury.collect(payouts, address(coin));
    }

    function test_Collect_RevertGiven_NothingArrives() public {
        EmptyPayouts empty = new EmptyPayouts();
        expectError(abi.encodeWithSelector(Errors.Treasury_NothingCollected.selector, address(coin)));
        treasury.collect(IPayouts(address(empty)), address(coin));
    }

    /*//////////////////////////////////////////////////////////////
                                  PAY
    //////////////////////////////////////////////////////////////*/

    function testFuzz_RevertWhen_CallerIsNotTheVote(address caller) public {
        vm.assume(caller != timelock);
        bytes memory refusal = abi.encodeWithSelector(
            IAccessManaged.AccessManagedUnauthorized.selector,
            caller
        );
        vm.startPrank(caller);
        expectError(refusal);
        treasury.pay(paid(1));
        expectError(refusal);
        treasury.announce(paid(1), 0);
        expectError(refusal);
        treasury.revoke(0);
        expectError(refusal);
        treasury.setCap(100);
        vm.stopPrank();
    }

    function test_Pay_RevertWhen_PaymentIsInvalid() public {
        expectError(abi.encodeWithSelector(Errors.Treasury_AddressZero.selector));
        pay(Payment(address(coin), address(0), 1, 0, 0));
        expectError(abi.encodeWithSelector(Errors.Treasury_AmountZero.selector));
        pay(paid(0));
        uint256 longest = 3_650 days;
        outside(longest + 1, 0, longest);
        pay(Payment(address(coin), worker, 1, 0, uint64(longest) + 1));
        uint64 latest = uint64(block.timestamp + longest);
        outside(latest + 1, 0, latest);
        pay(Payment(address(coin), worker, 1, latest + 1, 1));
        outside(1, 0, 0);
        pay(Payment(address(coin), worker, 1, 1, 0));
        pay(Payment(address(coin), worker, 1, latest, uint64(longest)));
    }

    function test_Pays() public {
        vm.expectEmit(address(treasury));
        emit ITreasury.Paid(address(coin), worker, 0, 50_000, address(0), 0, 0, 950_000);
        assertEq(pay(paid(50_000)), address(0));
        assertEq(coin.balanceOf(worker), 50_000);
    }

    function test_Pays_AGrantThatVestsEvenly() public {
        uint64 start = uint64(block.timestamp + 10 days);
        VestingWallet wallet = VestingWallet(
            payable(pay(Payment(address(coin), worker, 40_000, start, 100 days)))
        );
        assertEq(coin.balanceOf(address(wallet)), 40_000);
        assertEq(wallet.owner(), worker);
        vm.warp(start);
        assertEq(wallet.releasable(address(coin)), 0);
        vm.warp(start + 25 days);
        wallet.release(address(coin));
        assertEq(coin.balanceOf(worker), 10_000);
        vm.warp(start + 100 days);
        wallet.release(address(coin));
        assertEq(coin.balanceOf(worker), 40_000);
    }

    function test_Pay_RevertWhen_MoreLeavesThanTheCap() public {
        // 5 % of a million; paying in parts gains nothing.
        exceeds(50_001, 50_000);
        pay(paid(50_001));
        pay(paid(30_000));
        exceeds(20_001, 20_000);
        pay(paid(20_001));
        pay(paid(20_000));
        (uint256 atOnce, uint256 inAll) = treasury.outflowOf(address(coin));
        assertEq(atOnce, 50_000);
        assertEq(inAll, 50_000);
        exceeds(1, 0);
        pay(paid(1));
    }

    function test_Pay_CountsBucketsWhole() public {
        // The last second of a bucket: it counts until thirty whole ones have passed.
        uint256 edge = (block.timestamp / BUCKET + 1) * BUCKET;
        vm.warp(edge - 1);
        pay(paid(50_000));
        vm.warp(edge - 1 + 30 days);
        exceeds(1, 0);
        pay(paid(1));
        vm.warp(edge + 30 days);
        (uint256 atOnce, ) = treasury.payableOf(address(coin));
        assertEq(atOnce, 47_500);
        exceeds(47_501, 47_500);
        pay(paid(47_501));
        pay(paid(47_500));
    }

    function test_Pay_CountsEachTokenByItself() public {
        pay(paid(50_000));
        PlainToken other = new PlainToken();
        other.mint(address(treasury), 200);
        pay(Payment(address(other), worker, 10, 0, 0));
        assertEq(other.balanceOf(worker), 10);
    }

    /*//////////////////////////////////////////////////////////////
                               ANNOUNCED
    //////////////////////////////////////////////////////////////*/

    function test_Announces() public {
        Payment memory p = paid(500_000);
        uint40 from = uint40(block.timestamp + DELAY);
        bytes32 id = treasury.announcementId(p, 0);
        assertEq(id, keccak256(abi.encode(p, bytes32(0))));
        vm.expectEmit(address(treasury));
        emit ITreasury.Announced(id, address(coin), worker, 500_000, 0, 0, 0, from, from + 30 days);
        announce(p);
        assertEq(treasury.payableFromOf(id), from);
        expectError(abi.encodeWithSelector(Errors.Treasury_AlreadyAnnounced.selector, id));
        announce(p);
        vm.prank(timelock);
        treasury.announce(p, bytes32("again"));
        expectError(abi.encodeWithSelector(Errors.Treasury_AmountZero.selector));
        announce(paid(0));
    }

    function test_PayAnnounced_InItsTimeOnly() public {
        Payment memory p = paid(500_000);
        bytes32 id = announce(p);
        uint256 from = block.timestamp + DELAY;
        vm.warp(from - 1);
        expectError(abi.encodeWithSelector(Errors.Treasury_TooEarly.selector, id, from));
        treasury.payAnnounced(p, 0);
        vm.warp(from + 30 days + 1);
        expectError(abi.encodeWithSelector(Errors.Treasury_TooLate.selector, id, from + 30 days));
        treasury.payAnnounced(p, 0);
        vm.warp(from + 30 days);
        vm.expectEmit(address(treasury));
        emit ITreasury.Paid(address(coin), worker, id, 500_000, address(0), 0, 0, 500_000);
        vm.prank(stranger);
        treasury.payAnnounced(p, 0);
        expectError(abi.encodeWithSelector(Errors.Treasury_NotAnnounced.selector, id));
        treasury.payAnnounced(p, 0);
    }

    function test_PayAnnounced_RevertWhen_AnotherPayment() public {
        announce(paid(400_000));
        vm.warp(block.timestamp + DELAY);
        Payment memory other = Payment(address(coin), stranger, 400_000, 0, 0);
        bytes32 id = treasury.announcementId(other, 0);
        expectError(abi.encodeWithSelector(Errors.Treasury_NotAnnounced.selector, id));
        treasury.payAnnounced(other, 0);
    }

    function test_Revokes() public {
        Payment memory p = paid(400_000);
        bytes32 id = announce(p);
        vm.expectEmit(address(treasury));
        emit ITreasury.AnnouncementRevoked(id);
        vm.prank(timelock);
        treasury.revoke(id);
        vm.warp(block.timestamp + DELAY);
        bytes memory unknown = abi.encodeWithSelector(Errors.Treasury_NotAnnounced.selector, id);
        expectError(unknown);
        treasury.payAnnounced(p, 0);
        expectError(unknown);
        vm.prank(timelock);
        treasury.revoke(id);
    }

    function test_PayAnnounced_RevertWhen_MoreThanHalfLeavesInAll() public {
        announce(paid(480_000));
        announce(paid(480_001));
        announce(paid(30_000));
        vm.warp(block.timestamp + DELAY);
        pay(paid(20_000));
        exceeds(480_001, 480_000);
        treasury.payAnnounced(paid(480_001), 0);
        treasury.payAnnounced(paid(480_000), 0);
        exceeds(30_000, 0);
        treasury.payAnnounced(paid(30_000), 0);
        // Half has left: nothing more at once either, whatever its own cap would leave.
        exceeds(1, 0);
        pay(paid(1));
        vm.warp(block.timestamp + 31 days);
        pay(paid(25_000));
    }

    function test_PayAnnounced_LeavesTheCapOfPaymentsAtOnceAlone() public {
        announce(paid(100_000));
        vm.warp(block.timestamp + DELAY);
        treasury.payAnnounced(paid(100_000), 0);
        (uint256 atOnce, uint256 inAll) = treasury.outflowOf(address(coin));
        assertEq(atOnce, 0);
        assertEq(inAll, 100_000);
        exceeds(45_001, 45_000);
        pay(paid(45_001));
        pay(paid(45_000));
    }

    /*//////////////////////////////////////////////////////////////
                                  CAP
    //////////////////////////////////////////////////////////////*/

    function setCap(uint16 bps) private {
        vm.prank(timelock);
        treasury.setCap(bps);
    }

    function test_SetsCap() public {
        vm.expectEmit(address(treasury));
        emit ITreasury.CapChanged(CAP, 1_000);
        setCap(1_000);
        exceeds(100_001, 100_000);
        pay(paid(100_001));
        pay(paid(100_000));
        // Lowered below what has left: nothing more, and nothing breaks.
        setCap(100);
        exceeds(1, 0);
        pay(paid(1));
        outside(99, 100, 1_000);
        setCap(99);
        outside(1_001, 100, 1_000);
        setCap(1_001);
    }

    function test_RevertWhen_TheTokenCallsBack() public {
        CallingToken caller = new CallingToken();
        caller.mint(address(treasury), WHOLE);
        Payment memory p = Payment(address(caller), worker, 400_000, 0, 0);
        announce(p);
        caller.aim(treasury, p);
        vm.warp(block.timestamp + DELAY);
        vm.expectPartialRevert(bytes4(keccak256("ReentrancyGuardReentrantCall()")));
        pay(Payment(address(caller), worker, 1, 0, 0));
    }

    /*//////////////////////////////////////////////////////////////
                             THE RING OF BUCKETS
    //////////////////////////////////////////////////////////////*/

    /// @dev Two rounds of the ring: whatever place it has, each bucket counts until thirty whole ones have passed.
    function test_OutflowOf_EveryPlaceOfTheRing() public {
        uint256 first = (block.timestamp / BUCKET + 1) * BUCKET;
        for (uint256 i = 0; i < 64; ++i) {
            vm.warp(first + i * BUCKET);
            pay(paid(i + 1));
            (uint256 atOnce, ) = treasury.outflowOf(address(coin));
            // The running bucket and the thirty before it: 1 + 2 + … + (i + 1), less those that are out.
            uint256 out = i > 30 ? i - 30 : 0;
            assertEq(atOnce, ((i + 1) * (i + 2)) / 2 - (out * (out + 1)) / 2);
        }
    }

    function test_TellsStartAndDurationOfAGrant() public {
        uint64 start = uint64(block.timestamp + 10 days);
        Payment memory p = Payment(address(coin), worker, 400_000, start, 100 days);
        bytes32 id = treasury.announcementId(p, 0);
        uint40 from = uint40(block.timestamp + DELAY);
        vm.expectEmit(address(treasury));
        emit ITreasury.Announced(
            id,
            address(coin),
            worker,
            400_000,
            start,
            100 days,
            0,
            from,
            from + 30 days
        );
        announce(p);
        vm.warp(from);
        uint256 snapshot = vm.snapshotState();
        address wallet = treasury.payAnnounced(p, 0);
        vm.revertToState(snapshot);
        vm.expectEmit(address(treasury));
        emit ITreasury.Paid(address(coin), worker, id, 400_000, wallet, start, 100 days, 600_000);
        treasury.payAnnounced(p, 0);
    }
}
