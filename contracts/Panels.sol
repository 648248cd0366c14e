// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Disputes} from "./Disputes.sol";
import {IAccessEscrow} from "./interfaces/IAccessEscrow.sol";
import {IAssetRegistry} from "./interfaces/IAssetRegistry.sol";
import {IConsentRegistry} from "./interfaces/IConsentRegistry.sol";
import {IDisputes} from "./interfaces/IDisputes.sol";
import {IGatewayRegistry} from "./interfaces/IGatewayRegistry.sol";
import {IGatewayStakes} from "./interfaces/IGatewayStakes.sol";
import {IPanels} from "./interfaces/IPanels.sol";
import {Credit, IPayouts} from "./interfaces/IPayouts.sol";
import {Errors} from "./libraries/Errors.sol";
import {BondFloor, PanelState, PanelTerms} from "./types/DisputeTypes.sol";

/// @title Panels
/// @notice See `IPanels`, which holds the rules.
contract Panels is IPanels, AccessManaged {
    using SafeERC20 for IERC20;

    /// @notice The contracts that disputes are about, and where money goes.
    struct Parts {
        IAssetRegistry assets;
        IGatewayRegistry gateways;
        IConsentRegistry consents;
        IPayouts payouts;
        address commons;
        address stakeToken;
    }

    struct Standing {
        PanelState state;
        uint40 retiredAt;
    }

    uint256 public constant WHOLE_BPS = 10_000;
    /// @notice A ruling is the word of three people: it never takes more than half of what a gateway has at stake.
    uint16 public constant MAX_PENALTY_BPS = 5_000;

    IAssetRegistry public immutable assets;
    IGatewayRegistry public immutable gateways;
    IPayouts public immutable payouts;
    address public immutable commons;
    /// @inheritdoc IPanels
    address public immutable stakeToken;
    /// @inheritdoc IPanels
    uint32 public immutable term;
    /// @inheritdoc IPanels
    uint16 public immutable penaltyBps;
    /// @notice What every panel is a clone of.
    address public immutable implementation;

    mapping(address panel => Standing) private _standings;
    /// @inheritdoc IPanels
    mapping(address escrow => address) public panelOf;

    constructor(
        address authority,
        Parts memory parts,
        uint32 term_,
        uint16 penaltyBps_
    ) AccessManaged(authority) {
        if (term_ == 0) revert Errors.Panels_TermZero();
        if (penaltyBps_ > MAX_PENALTY_BPS) revert Errors.Panels_PenaltyTooHigh(MAX_PENALTY_BPS, penaltyBps_);
        assets = parts.assets;
        gateways = parts.gateways;
        payouts = parts.payouts;
        commons = parts.commons;
        stakeToken = parts.stakeToken;
        term = term_;
        penaltyBps = penaltyBps_;
        implementation = address(
            new Disputes(
                parts.assets,
                parts.gateways,
                parts.consents,
                parts.payouts,
                parts.commons,
                parts.stakeToken
            )
        );
    }

    /*//////////////////////////////////////////////////////////////
                                BY VOTE
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IPanels
    function elect(
        address escrow,
        address[5] calldata members,
        uint128 stake,
        BondFloor[4] calldata floors
    ) external restricted returns (address panel) {
        // Check
        if (!assets.isEscrow(escrow)) revert Errors.Panels_NotEscrow(escrow);
        if (stake == 0) revert Errors.Panels_StakeZero();
        _checkMembers(members);
        _checkFloors(floors);
        // Effect
        PanelTerms memory terms = PanelTerms(escrow, members, stake, uint40(block.timestamp) + term, floors);
        panel = Clones.cloneWithImmutableArgs(implementation, abi.encode(terms));
        _standings[panel].state = PanelState.Elected;
        emit PanelElected(panel, escrow, terms);
    }

    /// @inheritdoc IPanels
    function appoint(address panel) external restricted {
        // Check
        _requireState(panel, PanelState.Elected);
        PanelTerms memory terms = IDisputes(panel).terms();
        if (block.timestamp >= terms.termEnds) revert Errors.Panels_TermOver(panel, terms.termEnds);
        if (!IDisputes(panel).isStaked()) revert Errors.Panels_NotStaked(panel);
        // Effect
        address before = panelOf[terms.escrow];
        if (before != address(0)) _markRetired(before, terms.escrow);
        _standings[panel].state = PanelState.Appointed;
        panelOf[terms.escrow] = panel;
        emit PanelAppointed(panel, terms.escrow);
        // Interaction: with the escrow, which is ours
        IAccessEscrow(terms.escrow).setArbitrator(panel);
    }

    /// @inheritdoc IPanels
    function retire(address panel) external restricted {
        _requireState(panel, PanelState.Appointed);
        _retire(panel, IDisputes(panel).terms().escrow);
    }

    /*//////////////////////////////////////////////////////////////
                               BY ANYONE
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IPanels
    function endTerm(address panel) external {
        _requireState(panel, PanelState.Appointed);
        PanelTerms memory terms = IDisputes(panel).terms();
        if (block.timestamp < terms.termEnds) revert Errors.Panels_TermRunning(panel, terms.termEnds);
        _retire(panel, terms.escrow);
    }

    /*//////////////////////////////////////////////////////////////
                               BY PANELS
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IPanels
    function slash(uint16 gateway, bytes32 order) external returns (uint256 amount) {
        // Check
        PanelState state = _standings[msg.sender].state;
        if (state != PanelState.Appointed && state != PanelState.Retired) {
            revert Errors.Panels_NotPanel(msg.sender);
        }
        IGatewayStakes stakes = IGatewayStakes(address(gateways));
        // Rounded up: a stake of one unit is lost as well. Never more than the stake, since the part is at most a half.
        amount = (uint256(stakes.stakeOf(gateway).amount) * penaltyBps + WHOLE_BPS - 1) / WHOLE_BPS;
        emit GatewayPunished(msg.sender, gateway, order, amount);
        if (amount == 0) return 0;
        // Interaction
        stakes.slash(gateway, uint128(amount));
        Credit[] memory credits = new Credit[](1);
        credits[0] = Credit(commons, amount);
        IERC20 token = IERC20(stakes.stakeToken());
        token.safeTransfer(address(payouts), amount);
        payouts.deposit(address(token), credits, 0, 0, order);
    }

    /*//////////////////////////////////////////////////////////////
                                 VIEWS
    //////////////////////////////////////////////////////////////*/

    /// @inheritdoc IPanels
    function stateOf(address panel) external view returns (PanelState) {
        return _standings[panel].state;
    }

    /// @inheritdoc IPanels
    function retiredAt(address panel) external view returns (uint40) {
        return _standings[panel].retiredAt;
    }

    /*//////////////////////////////////////////////////////////////
                                INTERNAL
    //////////////////////////////////////////////////////////////*/

    function _retire(address panel, address escrow) private {
        _markRetired(panel, escrow);
        panelOf[escrow] = address(0);
        IAccessEscrow(escrow).setArbitrator(address(0));
    }

    function _markRetired(address panel, address escrow) private {
        _standings[panel] = Standing(PanelState.Retired, uint40(block.timestamp));
        emit PanelRetired(panel, escrow);
    }

    function _requireState(address panel, PanelState needed) private view {
        PanelState state = _standings[panel].state;
        if (state != needed) revert Errors.Panels_WrongState(panel, state);
    }

    function _checkMembers(address[5] calldata members) private pure {
        for (uint256 i = 0; i < 5; ++i) {
            if (members[i] == address(0)) revert Errors.Panels_MemberInvalid(members[i]);
            for (uint256 j = 0; j < i; ++j) {
                if (members[i] == members[j]) revert Errors.Panels_MemberInvalid(members[i]);
            }
        }
    }

    /// @dev Without a least bond a dispute about an order of next to nothing would cost its opener next to nothing, and
    /// the members their stake if they let it pass.
    function _checkFloors(BondFloor[4] calldata floors) private view {
        bool any = false;
        for (uint256 i = 0; i < 4; ++i) {
            if (floors[i].amount == 0) continue;
            any = true;
            if (assets.tokenAt(floors[i].token) == address(0)) {
                revert Errors.Panels_FloorInvalid(floors[i].token);
            }
            for (uint256 j = 0; j < i; ++j) {
                if (floors[j].amount != 0 && floors[j].token == floors[i].token) {
                    revert Errors.Panels_FloorInvalid(floors[i].token);
                }
            }
        }
        if (!any) revert Errors.Panels_FloorMissing();
    }
}
