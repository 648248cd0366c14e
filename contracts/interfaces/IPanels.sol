// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {BondFloor, PanelState, PanelTerms} from "../types/DisputeTypes.sol";

/// @title IPanels
/// @notice Elects panels of five and puts them into office. By vote only; each panel is an instance of its own that the
/// vote cannot change afterwards. A panel in office rules on orders funded until the next one takes its place, however
/// long they take.
interface IPanels {
    event PanelElected(address indexed panel, address indexed escrow, PanelTerms terms);
    event PanelAppointed(address indexed panel, address indexed escrow);
    event PanelRetired(address indexed panel, address indexed escrow);
    event GatewayPunished(
        address indexed panel,
        uint16 indexed gateway,
        bytes32 indexed order,
        uint256 amount
    );

    /// @notice Elects a panel: five different people, a stake for each, and a least bond for each token it rules in.
    /// @param escrow A present or earlier escrow of the registry
    function elect(
        address escrow,
        address[5] calldata members,
        uint128 stake,
        BondFloor[4] calldata floors
    ) external returns (address panel);

    /// @notice Puts an elected panel into office, once, when all five have deposited their stake. Retires the one before.
    function appoint(address panel) external;

    /// @notice Takes a panel out of office without another in its place: new orders have no arbitrator.
    function retire(address panel) external;

    /// @notice The same by anyone once the panel's term is over.
    function endTerm(address panel) external;

    /// @notice Takes a bounded part of a gateway's stake to the commons. By a panel that was in office only.
    function slash(uint16 gateway, bytes32 order) external returns (uint256 amount);

    function stateOf(address panel) external view returns (PanelState);

    /// @notice When a panel was retired; zero before.
    function retiredAt(address panel) external view returns (uint40);

    /// @notice The panel in office at an escrow; zero for none.
    function panelOf(address escrow) external view returns (address);

    /// @notice Seconds from a panel's election to the end of its term.
    function term() external view returns (uint32);

    /// @notice Part of a gateway's stake that a lie costs.
    function penaltyBps() external view returns (uint16);

    function stakeToken() external view returns (address);
}
