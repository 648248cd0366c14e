// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {VestingWallet} from "@openzeppelin/contracts/finance/VestingWallet.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {IPayouts} from "../interfaces/IPayouts.sol";
import {ITreasury, Payment} from "../interfaces/ITreasury.sol";
import {BasisPoints} from "../libraries/BasisPoints.sol";
import {Bounds} from "../libraries/Bounds.sol";
import {Errors} from "../libraries/Errors.sol";

/// @title Treasury
/// @notice See `ITreasury`, which holds the rules.
contract Treasury is ITreasury, AccessManaged, ReentrancyGuard {
    using SafeERC20 for IERC20;

    /// @dev What left in one bucket of time; one slot.
    struct Bucket {
        uint32 number;
        uint112 atOnce;
        uint112 inAll;
    }

    /// @notice Buckets of a window.
    uint256 public constant BUCKETS = 30;
    uint256 public constant MIN_CAP_BPS = 100;
    uint256 public constant MAX_CAP_BPS = 1_000;
    /// @notice Of what there was, within a window, at once and announced together.
    uint16 public constant MAX_TOTAL_BPS = 5_000;
    uint256 public constant MIN_BUCKET = 1 days;
    uint256 public constant MAX_BUCKET = 7 days;
    uint256 public constant MIN_ANNOUNCEMENT_DELAY = 21 days;
    uint256 public constant MAX_ANNOUNCEMENT_DELAY = 180 days;
    /// @notice How long an announcement can be carried out once it is due; afterwards it takes a new vote.
    uint40 public constant ANNOUNCEMENT_LIFE = 30 days;
    /// @notice Longest vesting, and latest start of one from now.
    uint64 public constant MAX_VESTING = 3_650 days;

    /// @inheritdoc ITreasury
    uint32 public immutable bucketSeconds;
    /// @inheritdoc ITreasury
    uint32 public immutable announcementDelay;
    /// @inheritdoc ITreasury
    uint16 public capBps;

    /// @dev A ring: the running bucket and the thirty before it.
    mapping(address token => mapping(uint256 place => Bucket)) private _buckets;
    mapping(bytes32 id => uint40) private _payableFrom;

    constructor(
        address authority,
        uint16 capBps_,
        uint32 bucketSeconds_,
        uint32 announcementDelay_
    ) AccessManaged(authority) {
        Bounds.checkPeriod(bucketSeconds_, MIN_BUCKET, MAX_BUCKET);
        Bounds.checkPeriod(announcementDelay_, MIN_ANNOUNCEMENT_DELAY, MAX_ANNOUNCEMENT_DELAY);
        bucketSeconds = bucketSeconds_;
        announcementDelay = announcementDelay_;
        _setCap(capBps_);
    }

    /// @inheritdoc ITreasury
    function collect(IPayouts payouts, address token) external nonReentrant returns (uint256 amount) {
        uint256 before = _balance(token);
        payouts.withdraw(token, address(this));
        uint256 balance = _balance(token);
        if (balance <= before) revert Errors.Treasury_NothingCollected(token);
        amount = balance - before;
        emit Collected(token, address(payouts), amount, balance);
    }

    /*//////////////////////////////////////////////////////////////
                                BY VOTE
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc ITreasury
    function pay(Payment calldata payment) external restricted nonReentrant returns (address wallet) {
        _check(payment);
        (uint256 atOnce, ) = payableOf(payment.token);
        if (payment.amount > atOnce) {
            revert Errors.Treasury_CapExceeded(payment.token, payment.amount, atOnce);
        }
        return _pay(payment, 0);
    }

    /// @inheritdoc ITreasury
    function announce(Payment calldata payment, bytes32 salt) external restricted returns (bytes32 id) {
        _check(payment);
        id = announcementId(payment, salt);
        if (_payableFrom[id] != 0) revert Errors.Treasury_AlreadyAnnounced(id);
        uint40 from = uint40(block.timestamp) + announcementDelay;
        _payableFrom[id] = from;
        emit Announced(
            id,
            payment.token,
            payment.to,
            payment.amount,
            payment.start,
            payment.duration,
            salt,
            from,
            from + ANNOUNCEMENT_LIFE
        );
    }

    /// @inheritdoc ITreasury
    function revoke(bytes32 id) external restricted {
        if (_payableFrom[id] == 0) revert Errors.Treasury_NotAnnounced(id);
        delete _payableFrom[id];
        emit AnnouncementRevoked(id);
    }

    /// @inheritdoc ITreasury
    function setCap(uint16 capBps_) external restricted {
        _setCap(capBps_);
    }

    /*//////////////////////////////////////////////////////////////
                              BY ANYONE
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc ITreasury
    function payAnnounced(
        Payment calldata payment,
        bytes32 salt
    ) external nonReentrant returns (address wallet) {
        bytes32 id = announcementId(payment, salt);
        uint40 from = _payableFrom[id];
        if (from == 0) revert Errors.Treasury_NotAnnounced(id);
        if (block.timestamp < from) revert Errors.Treasury_TooEarly(id, from);
        if (block.timestamp > from + ANNOUNCEMENT_LIFE) {
            revert Errors.Treasury_TooLate(id, from + ANNOUNCEMENT_LIFE);
        }
        (, uint256 announced) = payableOf(payment.token);
        if (payment.amount > announced) {
            revert Errors.Treasury_CapExceeded(payment.token, payment.amount, announced);
        }
        delete _payableFrom[id];
        return _pay(payment, id);
    }

    /*//////////////////////////////////////////////////////////////
                                 VIEWS
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc ITreasury
    function outflowOf(address token) public view returns (uint256 atOnce, uint256 inAll) {
        uint256 running = block.timestamp / bucketSeconds;
        for (uint256 place = 0; place <= BUCKETS; ++place) {
            Bucket storage bucket = _buckets[token][place];
            if (bucket.number + BUCKETS < running) continue;
            atOnce += bucket.atOnce;
            inAll += bucket.inAll;
        }
    }

    /// @inheritdoc ITreasury
    function payableOf(address token) public view returns (uint256 atOnce, uint256 announced) {
        (uint256 leftAtOnce, uint256 leftInAll) = outflowOf(token);
        uint256 balance = _balance(token);
        announced = _room(balance, leftInAll, MAX_TOTAL_BPS);
        atOnce = _room(balance, leftAtOnce, capBps);
        if (atOnce > announced) atOnce = announced;
    }

    /// @inheritdoc ITreasury
    function payableFromOf(bytes32 id) external view returns (uint40) {
        return _payableFrom[id];
    }

    /// @inheritdoc ITreasury
    function announcementId(Payment calldata payment, bytes32 salt) public pure returns (bytes32) {
        return keccak256(abi.encode(payment, salt));
    }

    /*//////////////////////////////////////////////////////////////
                                INTERNAL
    //////////////////////////////////////////////////////////////*/

    function _setCap(uint16 capBps_) private {
        Bounds.check(capBps_, MIN_CAP_BPS, MAX_CAP_BPS);
        emit CapChanged(capBps, capBps_);
        capBps = capBps_;
    }

    function _check(Payment calldata payment) private view {
        if (payment.to == address(0)) revert Errors.Treasury_AddressZero();
        if (payment.amount == 0) revert Errors.Treasury_AmountZero();
        Bounds.check(payment.duration, 0, MAX_VESTING);
        Bounds.check(payment.start, 0, payment.duration == 0 ? 0 : block.timestamp + MAX_VESTING);
    }

    /// @dev What a share still leaves of what there was, when so much has left.
    function _room(uint256 balance, uint256 left, uint16 bps) private pure returns (uint256) {
        uint256 most = BasisPoints.part(balance + left, bps);
        return most > left ? most - left : 0;
    }

    function _pay(Payment calldata payment, bytes32 announcement) private returns (address wallet) {
        // Effect
        _record(payment.token, SafeCast.toUint112(payment.amount), announcement == 0);
        // Interaction
        if (payment.duration != 0) {
            wallet = address(new VestingWallet(payment.to, payment.start, payment.duration));
        }
        IERC20(payment.token).safeTransfer(wallet == address(0) ? payment.to : wallet, payment.amount);
        emit Paid(
            payment.token,
            payment.to,
            announcement,
            payment.amount,
            wallet,
            payment.start,
            payment.duration,
            _balance(payment.token)
        );
    }

    function _record(address token, uint112 amount, bool atOnce) private {
        uint32 running = uint32(block.timestamp / bucketSeconds);
        Bucket storage bucket = _buckets[token][running % (BUCKETS + 1)];
        if (bucket.number != running) (bucket.number, bucket.atOnce, bucket.inAll) = (running, 0, 0);
        if (atOnce) bucket.atOnce += amount;
        bucket.inAll += amount;
    }

    function _balance(address token) private view returns (uint256) {
        return IERC20(token).balanceOf(address(this));
    }
}
