// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IPayouts} from "./IPayouts.sol";

/// @notice What a vote decides to pay.
/// @param token ERC-20 token
/// @param to Whom it is for
/// @param amount In the token's smallest unit
/// @param start When a grant begins to vest, in seconds; 0 for a payment at once
/// @param duration Seconds over which a grant vests evenly; 0 for a payment at once
struct Payment {
    address token;
    address to;
    uint256 amount;
    uint64 start;
    uint64 duration;
}

/// @title ITreasury
/// @notice The money of the commons: protocol fees, penalties, what lapsed. It comes in by anyone's hand and leaves by vote
/// only, within caps that no vote exceeds.
///
/// Per token and window (thirty buckets of a fixed length; a day each on public chains):
/// - what is paid at once is at most `capBps` of what there was, and a vote raises that share to `MAX_CAP_BPS` at most;
/// - more than that has to be announced by a vote and waits `announcementDelay`, in which another vote can revoke it;
/// - both together are at most `MAX_TOTAL_BPS` of what there was.
///
/// A payment with a duration is a grant: the tokens go to a wallet of their own (OpenZeppelin's `VestingWallet`), which
/// releases them evenly to its owner; nobody takes them back.
/// @dev "What there was" is the balance plus what left within the window, so that paying in parts gains nothing. Buckets are
/// counted whole, the running one and the thirty before it: no stretch of thirty buckets' length sees more leave than a cap.
/// @dev The treasury touches nothing but its own tokens: it has no right anywhere else, delegates no votes and holds none.
interface ITreasury {
    event Collected(address indexed token, address indexed payouts, uint256 amount, uint256 balance);
    /// @param wallet Where a grant vests; the zero address for a payment at once
    /// @param announcement The announcement that it carries out; zero for a payment within `capBps`
    event Paid(
        address indexed token,
        address indexed to,
        bytes32 indexed announcement,
        uint256 amount,
        address wallet,
        uint64 start,
        uint64 duration,
        uint256 balance
    );
    event Announced(
        bytes32 indexed id,
        address indexed token,
        address indexed to,
        uint256 amount,
        uint64 start,
        uint64 duration,
        bytes32 salt,
        uint40 payableFrom,
        uint40 payableUntil
    );
    event AnnouncementRevoked(bytes32 indexed id);
    event CapChanged(uint16 previousBps, uint16 capBps);

    /// @notice Fetches the treasury's credit. Anyone may.
    /// @param payouts The contract that books it
    function collect(IPayouts payouts, address token) external returns (uint256 amount);

    /// @notice Pays within `capBps`. By vote only.
    /// @return wallet Where a grant vests
    function pay(Payment calldata payment) external returns (address wallet);

    /// @notice Announces a payment of any size within `MAX_TOTAL_BPS`. By vote only.
    /// @param salt Tells equal payments apart
    function announce(Payment calldata payment, bytes32 salt) external returns (bytes32 id);

    /// @notice Revokes an announcement that was not carried out. By vote only.
    function revoke(bytes32 id) external;

    /// @notice Carries out an announcement in its time, once. Anyone may.
    function payAnnounced(Payment calldata payment, bytes32 salt) external returns (address wallet);

    /// @notice Sets the share that payments at once may take of a token within a window. By vote only, within the bounds.
    function setCap(uint16 capBps) external;

    function capBps() external view returns (uint16);

    /// @notice Length of a bucket, in seconds; the window has `BUCKETS` of them.
    function bucketSeconds() external view returns (uint32);

    /// @notice Seconds between an announcement and the first moment it can be carried out.
    function announcementDelay() external view returns (uint32);

    /// @notice What left within the window: at once, and in all.
    function outflowOf(address token) external view returns (uint256 atOnce, uint256 inAll);

    /// @notice What could be paid now: at once, and by an announcement that is due.
    function payableOf(address token) external view returns (uint256 atOnce, uint256 announced);

    /// @notice First moment at which an announcement can be carried out; 0 for none, or none any more.
    function payableFromOf(bytes32 id) external view returns (uint40);

    function announcementId(Payment calldata payment, bytes32 salt) external pure returns (bytes32);
}
