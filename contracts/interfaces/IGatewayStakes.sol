// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice What a gateway stands to lose.
/// @param amount All of it, in the stake token's smallest unit
/// @param leaving What of it the operator asked to withdraw; a slash falls on it as on the rest
/// @param leavesAt Unix time from which that part may be withdrawn; zero while nothing was asked for
struct Stake {
    uint128 amount;
    uint128 leaving;
    uint40 leavesAt;
}

/// @title IGatewayStakes
/// @notice Gateways' stakes in one token, fixed at deployment. A stake leaves in two ways: to the operator after a delay
/// that is longer than proofs of wrongdoing take, or by a slash.
/// @dev Assumptions about the token are those of the escrow: transfers move the exact amount or revert.
interface IGatewayStakes {
    event StakeDeposited(uint16 indexed gateway, address indexed from, uint256 amount, uint256 stake);
    event StakeWithdrawalRequested(uint16 indexed gateway, uint256 amount, uint40 leavesAt);
    event StakeWithdrawn(uint16 indexed gateway, address to, uint256 amount, uint256 stake);
    event StakeSlashed(uint16 indexed gateway, address indexed by, uint256 amount, uint256 stake);
    event MinimumStakeChanged(uint256 previous, uint256 minimum);

    /// @notice Adds to an active gateway's stake from the sender's allowance. Anyone may.
    function depositStake(uint16 gateway, uint128 amount) external;

    /// @notice The operator asks for a part of the stake; replaces an earlier request, and zero withdraws it. An active
    /// gateway keeps the minimum.
    function requestStakeWithdrawal(uint16 gateway, uint128 amount) external;

    /// @notice The operator takes what was asked for, once the delay has passed.
    function withdrawStake(uint16 gateway, address to) external returns (uint256 amount);

    /// @notice Takes a part of a stake and pays it to the caller, which passes it on. Slashing contracts only. A pending
    /// withdrawal is void; the operator must ask anew.
    function slash(uint16 gateway, uint128 amount) external;

    /// @notice What a gateway must keep while it is active, and must have to enter a new set. By vote only. Withdrawals
    /// already asked for and sets that exist are untouched. At most `maxMinimumStake`.
    function setMinimumStake(uint128 minimum) external;

    function stakeOf(uint16 gateway) external view returns (Stake memory);

    function minimumStake() external view returns (uint128);

    /// @notice The most that a vote may ask of a gateway: a million whole stake tokens, in the token's smallest unit.
    function maxMinimumStake() external view returns (uint128);

    function stakeToken() external view returns (address);

    /// @notice Seconds between a request and the withdrawal.
    function withdrawalDelay() external view returns (uint32);
}
