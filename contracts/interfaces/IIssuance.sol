// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Entitlement, IssuanceEpoch, IssuedParts} from "../types/IssuanceTypes.sol";
import {Order} from "../types/OrderTypes.sol";

/// @title IIssuance
/// @notice Salus tokens beyond the genesis allocation, issued only against protocol fees that orders of one escrow paid to
/// the commons in one reference stablecoin. Whoever paid the fee gets nothing: the tokens go to custodian, curator and
/// contributors, divided like the order's price.
///
/// An order belongs to the epoch, of thirty days, in which it was settled. Anyone registers it until the following epoch
/// ends, anyone closes an epoch once it is over, and anyone mints what an order is entitled to from a year after the end of
/// its epoch. Closing reads the price, `max(floor, treasury's reference tokens ÷ supply)`, and a hundredth of the supply, the
/// most that the epoch's orders get together; above it, they share in proportion to their fees.
/// @dev No vote can mint, raise the cap, shorten the delay, or name another escrow, reference token or treasury: all are
/// constants or fixed at deployment. A vote moves the floor within bounds, for epochs that begin afterwards.
/// @dev What counts is certain from the escrow's state: settled orders of every kind, mandates' runs and ruled disputes
/// among them; of a download the part that was released. Refunded orders count nothing. Fees of usage channels, of fees in
/// other tokens and of other escrows are left out: of a channel's claims the chain does not keep the dates.
interface IIssuance {
    /// @param fee What the commons received, in the reference token's smallest unit
    event OrderRegistered(
        bytes32 indexed order,
        uint256 indexed asset,
        uint32 indexed epoch,
        uint256 fee,
        address custodian,
        address curator
    );
    /// @param price Of a whole token, in the reference token's smallest unit
    /// @param cap The most that the epoch's orders get together, in 10⁻¹⁸ tokens
    event EpochClosed(uint32 indexed epoch, uint256 price, uint256 cap, uint256 treasury, uint256 supply);
    /// @param potTokens For the contributors, credited to the asset's pot in `Payouts`
    event Minted(
        bytes32 indexed order,
        uint256 indexed asset,
        uint32 indexed epoch,
        address custodian,
        uint256 custodianTokens,
        address curator,
        uint256 curatorTokens,
        uint256 potTokens
    );
    /// @param fromEpoch First epoch whose price the new floor bounds
    event FloorChanged(uint32 indexed fromEpoch, uint256 previous, uint256 floor);

    /// @notice Registers the fee of a settled order, once. Closes the epoch before the current one if nobody has.
    /// @return id The order's id
    function register(Order calldata order) external returns (bytes32 id);

    /// @notice Reads price and cap of an epoch that is over, once. What is sent to the treasury later does not count.
    function close(uint32 epoch) external;

    /// @notice Mints what a registered order is entitled to, once, a year after its epoch or later. Closes the epoch if
    /// nobody has.
    function mint(Order calldata order) external returns (IssuedParts memory parts);

    /// @notice Sets the floor price of epochs that begin from now on. By vote only, within the bounds.
    function setFloor(uint128 floor) external;

    /// @notice What an order's mint gives; zero while its epoch is not closed.
    function tokensOf(Order calldata order) external view returns (IssuedParts memory parts);

    function entitlementOf(bytes32 id) external view returns (Entitlement memory);

    function epochOf(uint32 epoch) external view returns (IssuanceEpoch memory);

    /// @notice Number of the epoch that runs now, from 0.
    function currentEpoch() external view returns (uint32);

    /// @notice When an epoch ends and the next one begins, in seconds.
    function endOf(uint32 epoch) external view returns (uint256);

    /// @notice When the tokens of an epoch's orders can be minted, in seconds.
    function mintableAt(uint32 epoch) external view returns (uint256);

    /// @notice The floor that was set last, for epochs that begin from then on.
    function floor() external view returns (uint128);

    /// @notice Floor price of an epoch's tokens, in the reference token's smallest unit for a whole token.
    function floorOf(uint32 epoch) external view returns (uint256);

    /// @notice What an epoch would be priced at if it were closed now.
    function priceOf(uint32 epoch) external view returns (uint256);
}
