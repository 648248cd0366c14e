// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessEscrow} from "../../../contracts/interfaces/IAccessEscrow.sol";
import {IArbitrator} from "../../../contracts/interfaces/IArbitrator.sol";
import {Order, Ruling} from "../../../contracts/types/OrderTypes.sol";
import {ITokenHook} from "./Tokens.sol";

/// @notice An arbitrator behind the ERC-792 boundary: anyone opens a dispute for its price, its owner rules.
contract Arbitrator is IArbitrator {
    uint256 public constant COST = 1 ether;

    IAccessEscrow internal immutable _escrow;
    address internal immutable _owner = msg.sender;
    Order[] internal _orders;
    mapping(uint256 disputeID => uint256) public currentRuling;
    mapping(uint256 disputeID => DisputeStatus) public disputeStatus;

    constructor(IAccessEscrow escrow) {
        _escrow = escrow;
    }

    function createDispute(
        uint256 choices,
        bytes calldata extraData
    ) external payable virtual returns (uint256 disputeID) {
        require(msg.value == COST && choices == 2, "not the price of two choices");
        Order memory order = abi.decode(extraData, (Order));
        _escrow.dispute(order);
        disputeID = _orders.length;
        _orders.push(order);
        emit DisputeCreation(disputeID, address(_escrow));
    }

    function rule(uint256 disputeID, uint256 ruling) external virtual {
        require(msg.sender == _owner, "not the owner");
        currentRuling[disputeID] = ruling;
        disputeStatus[disputeID] = DisputeStatus.Solved;
        _escrow.rule(_orders[disputeID], Ruling(ruling));
    }

    function arbitrationCost(bytes calldata) external pure returns (uint256) {
        return COST;
    }
}

/// @notice An arbitrator that is the buyer as well, whose token calls it back, and who then tries all it can once more.
contract HostileArbitrator is ITokenHook {
    IAccessEscrow internal immutable _escrow;
    Order internal _order;
    uint256 public calls;
    uint256 public succeeded;

    constructor(IAccessEscrow escrow) {
        _escrow = escrow;
    }

    function call(address target, bytes calldata data) external returns (bytes memory result) {
        bool ok;
        (ok, result) = target.call(data);
        if (!ok) {
            assembly ("memory-safe") {
                revert(add(result, 32), mload(result))
            }
        }
    }

    function attack(Order calldata order) external {
        _order = order;
    }

    function tokensMoved(address, address, uint256) external {
        if (_order.buyer == address(0)) return;
        ++calls;
        bytes[5] memory tries = [
            abi.encodeCall(IAccessEscrow.rule, (_order, Ruling.Refund)),
            abi.encodeCall(IAccessEscrow.rule, (_order, Ruling.Pay)),
            abi.encodeCall(IAccessEscrow.settle, (_order)),
            abi.encodeCall(IAccessEscrow.refund, (_order)),
            abi.encodeCall(IAccessEscrow.dispute, (_order))
        ];
        for (uint256 i = 0; i < tries.length; ++i) {
            (bool ok, ) = address(_escrow).call(tries[i]);
            if (ok) ++succeeded;
        }
    }
}
