// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {AccessEscrow} from "../AccessEscrow.sol";
import {IAssetRegistry} from "../interfaces/IAssetRegistry.sol";
import {IGatewayRegistry} from "../interfaces/IGatewayRegistry.sol";
import {IIssuance} from "../interfaces/IIssuance.sol";
import {Credit, IPayouts} from "../interfaces/IPayouts.sol";
import {BasisPoints} from "../libraries/BasisPoints.sol";
import {Errors} from "../libraries/Errors.sol";
import {Pots} from "../libraries/Pots.sol";
import {Entitlement, IssuanceEpoch, IssuedParts} from "../types/IssuanceTypes.sol";
import {Order, OrderKind, OrderState, OrderStatus} from "../types/OrderTypes.sol";
import {SalusToken} from "./SalusToken.sol";

/// @title Issuance
/// @notice See `IIssuance`, which holds the rules.
contract Issuance is IIssuance, AccessManaged {
    using Checkpoints for Checkpoints.Trace208;
    using SafeCast for uint256;

    uint256 public constant EPOCH = 30 days;
    /// @notice Between the end of an epoch and its tokens.
    uint256 public constant MINT_DELAY = 365 days;
    /// @notice The most that one epoch adds to the supply.
    uint256 public constant CAP_BPS = 100;
    /// @notice How many times its smallest value a vote may make the floor.
    uint256 public constant MAX_FLOOR_FACTOR = 1_000;
    uint256 private constant WHOLE = 1e18;

    SalusToken public immutable token;
    AccessEscrow public immutable escrow;
    IAssetRegistry public immutable assets;
    IGatewayRegistry public immutable gateways;
    IPayouts public immutable payouts;
    /// @notice Where the escrow's protocol fees go.
    address public immutable treasury;
    /// @notice The one token whose fees count.
    IERC20 public immutable stablecoin;
    /// @notice Bounds of the floor, for a whole token in the reference token's smallest unit.
    uint128 public immutable minFloor;
    uint128 public immutable maxFloor;
    /// @notice When epoch 0 began, in seconds.
    uint40 public immutable start;

    mapping(uint32 epoch => IssuanceEpoch) private _epochs;
    mapping(bytes32 order => Entitlement) private _entitlements;
    /// @dev Floor by the first epoch that it is for.
    Checkpoints.Trace208 private _floors;

    /// @param floor_ Price below which no token is ever issued; no vote goes below it
    /// @param holders Genesis holders
    /// @param amounts Their tokens, in 10⁻¹⁸
    constructor(
        address authority,
        AccessEscrow escrow_,
        IERC20 stablecoin_,
        uint128 floor_,
        address[] memory holders,
        uint256[] memory amounts
    ) AccessManaged(authority) {
        if (floor_ == 0) revert Errors.Issuance_FloorOutOfRange(1, type(uint128).max, floor_);
        escrow = escrow_;
        assets = escrow_.assets();
        gateways = escrow_.gateways();
        payouts = escrow_.payouts();
        treasury = escrow_.commons();
        stablecoin = stablecoin_;
        minFloor = floor_;
        maxFloor = (uint256(floor_) * MAX_FLOOR_FACTOR).toUint128();
        start = uint40(block.timestamp);
        // Made here and once, so that no vote and no key can ever name another minter.
        token = new SalusToken(holders, amounts);
        if (token.totalSupply() == 0) revert Errors.Issuance_SupplyZero();
        _floors.push(0, floor_);
        emit FloorChanged(0, 0, floor_);
    }

    /// @inheritdoc IIssuance
    function register(Order calldata order) external returns (bytes32 id) {
        // Check
        id = escrow.hashOrder(order);
        if (_entitlements[id].fee != 0) revert Errors.Issuance_AlreadyRegistered(id);
        OrderStatus memory status = escrow.statusOf(id);
        if (status.state != OrderState.Settled) revert Errors.Issuance_NotSettled(id, status.state);
        address paidIn = assets.tokenAt(order.token);
        if (paidIn != address(stablecoin)) revert Errors.Issuance_OtherToken(address(stablecoin), paidIn);
        uint256 fee = _feeOf(order, status);
        if (fee == 0) revert Errors.Issuance_NoFee(id);
        if (status.changedAt < start) revert Errors.Issuance_BeforeStart(id, start);
        uint32 epoch = _epochAt(status.changedAt);
        uint32 current = currentEpoch();
        if (current > epoch + 1) revert Errors.Issuance_TooLate(id, endOf(epoch + 1) - 1);
        // Effect
        if (current != 0 && _epochs[current - 1].price == 0) _close(current - 1);
        address custodian = gateways.operatorOf(order.custodian);
        address curator = IERC721(address(assets)).ownerOf(order.asset);
        _entitlements[id] = Entitlement(custodian, fee.toUint96(), curator, epoch, false);
        _epochs[epoch].fees += uint128(fee);
        emit OrderRegistered(id, order.asset, epoch, fee, custodian, curator);
    }

    /// @inheritdoc IIssuance
    function close(uint32 epoch) external {
        if (block.timestamp < endOf(epoch)) revert Errors.Issuance_EpochRunning(epoch, endOf(epoch));
        if (_epochs[epoch].price != 0) revert Errors.Issuance_EpochClosed(epoch);
        _close(epoch);
    }

    /// @inheritdoc IIssuance
    function mint(Order calldata order) external returns (IssuedParts memory parts) {
        // Check
        bytes32 id = escrow.hashOrder(order);
        Entitlement memory e = _entitlements[id];
        if (e.fee == 0) revert Errors.Issuance_NotRegistered(id);
        if (e.minted) revert Errors.Issuance_AlreadyMinted(id);
        uint256 opensAt = mintableAt(e.epoch);
        if (block.timestamp < opensAt) revert Errors.Issuance_TooEarly(id, opensAt);
        // Effect
        _entitlements[id].minted = true;
        if (_epochs[e.epoch].price == 0) _close(e.epoch);
        parts = _partsOf(order, e);
        emit Minted(
            id,
            order.asset,
            e.epoch,
            e.custodian,
            parts.custodian,
            e.curator,
            parts.curator,
            parts.pot
        );
        // Interaction: with the token and the payouts, which are ours
        if (parts.custodian != 0) token.mint(e.custodian, parts.custodian);
        if (parts.curator != 0) token.mint(e.curator, parts.curator);
        if (parts.pot == 0) return parts;
        token.mint(address(payouts), parts.pot);
        payouts.deposit(address(token), new Credit[](0), Pots.key(order.asset, 0), parts.pot, id);
    }

    /// @inheritdoc IIssuance
    function setFloor(uint128 floor_) external restricted {
        if (floor_ < minFloor || floor_ > maxFloor) {
            revert Errors.Issuance_FloorOutOfRange(minFloor, maxFloor, floor_);
        }
        uint32 from = currentEpoch() + 1;
        (uint208 previous, ) = _floors.push(from, floor_);
        emit FloorChanged(from, previous, floor_);
    }

    /// @inheritdoc IIssuance
    function tokensOf(Order calldata order) external view returns (IssuedParts memory parts) {
        bytes32 id = escrow.hashOrder(order);
        Entitlement memory e = _entitlements[id];
        if (e.fee == 0) revert Errors.Issuance_NotRegistered(id);
        if (_epochs[e.epoch].price != 0) parts = _partsOf(order, e);
    }

    /// @inheritdoc IIssuance
    function entitlementOf(bytes32 id) external view returns (Entitlement memory) {
        return _entitlements[id];
    }

    /// @inheritdoc IIssuance
    function epochOf(uint32 epoch) external view returns (IssuanceEpoch memory) {
        return _epochs[epoch];
    }

    /// @inheritdoc IIssuance
    function currentEpoch() public view returns (uint32) {
        return _epochAt(block.timestamp);
    }

    /// @inheritdoc IIssuance
    function endOf(uint32 epoch) public view returns (uint256) {
        return start + (uint256(epoch) + 1) * EPOCH;
    }

    /// @inheritdoc IIssuance
    function mintableAt(uint32 epoch) public view returns (uint256) {
        return endOf(epoch) + MINT_DELAY;
    }

    /// @inheritdoc IIssuance
    function floor() external view returns (uint128) {
        return uint128(_floors.latest());
    }

    /// @inheritdoc IIssuance
    function floorOf(uint32 epoch) public view returns (uint256) {
        return _floors.upperLookupRecent(epoch);
    }

    /// @inheritdoc IIssuance
    function priceOf(uint32 epoch) external view returns (uint256) {
        return _price(epoch, _treasuryHolds(), token.totalSupply());
    }

    /*//////////////////////////////////////////////////////////////
                                INTERNAL
    //////////////////////////////////////////////////////////////*/

    function _close(uint32 epoch) private {
        uint256 held = _treasuryHolds();
        uint256 supply = token.totalSupply();
        uint256 price = _price(epoch, held, supply);
        uint256 cap = (supply * CAP_BPS) / BasisPoints.WHOLE_BPS;
        _epochs[epoch].price = uint128(price);
        _epochs[epoch].cap = cap;
        emit EpochClosed(epoch, price, cap, held, supply);
    }

    /// @dev What waits for the treasury in `Payouts` is the treasury's: fetching it later must not make tokens cheaper.
    function _treasuryHolds() private view returns (uint256) {
        return stablecoin.balanceOf(treasury) + payouts.creditOf(address(stablecoin), treasury);
    }

    /// @dev Rounded up, so that tokens are never cheaper than the formula. A price beyond the type would round every
    /// entitlement to nothing anyway, and must not stop a mint.
    function _price(uint32 epoch, uint256 held, uint256 supply) private view returns (uint256) {
        uint256 backing = Math.mulDiv(Math.min(held, type(uint128).max), WHOLE, supply, Math.Rounding.Ceil);
        return Math.min(Math.max(floorOf(epoch), backing), type(uint128).max);
    }

    /// @dev As the escrow pays it when it settles: on the price, of a download on the part that was released.
    function _feeOf(Order calldata order, OrderStatus memory status) private pure returns (uint256 fee) {
        fee = BasisPoints.part(order.price, status.feeBps);
        if (order.kind != OrderKind.Download) return fee;
        return status.cohort == 0 ? 0 : (fee * status.released) / status.cohort;
    }

    /// @dev An order's tokens, rounded down, so that together they stay below both what the fees buy and the cap.
    function _partsOf(
        Order calldata order,
        Entitlement memory e
    ) private view returns (IssuedParts memory parts) {
        IssuanceEpoch memory epoch = _epochs[e.epoch];
        uint256 due = Math.min(Math.mulDiv(epoch.fees, WHOLE, epoch.price), epoch.cap);
        uint256 tokens = Math.mulDiv(due, e.fee, epoch.fees);
        parts.custodian = BasisPoints.part(tokens, order.custodianBps);
        parts.curator = BasisPoints.part(tokens, order.curatorBps);
        parts.pot = tokens - parts.custodian - parts.curator;
    }

    function _epochAt(uint256 time) private view returns (uint32) {
        return uint32((time - start) / EPOCH);
    }
}
