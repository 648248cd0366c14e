// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Credit} from "../../../contracts/interfaces/IPayouts.sol";
import {Order, OrderStatus} from "../../../contracts/types/OrderTypes.sol";

/// @notice Escrow, registries and payouts as the issuance sees them, in one: orders in any state at once, so that the
/// invariants spend their steps on the issuance. The trees in test/contracts/issuance run on the real ones.
contract Market {
    address public immutable commons = address(0xC033);
    address private immutable dollar;
    mapping(bytes32 id => OrderStatus) private _status;
    uint256 private _credit;

    constructor(address dollar_) {
        dollar = dollar_;
    }

    function assets() external view returns (address) {
        return address(this);
    }

    function gateways() external view returns (address) {
        return address(this);
    }

    function payouts() external view returns (address) {
        return address(this);
    }

    function set(Order calldata o, OrderStatus calldata status) external {
        _status[hashOrder(o)] = status;
    }

    function hashOrder(Order calldata o) public pure returns (bytes32) {
        return keccak256(abi.encode(o));
    }

    function statusOf(bytes32 id) external view returns (OrderStatus memory) {
        return _status[id];
    }

    function tokenAt(uint16) external view returns (address) {
        return dollar;
    }

    function operatorOf(uint16) external pure returns (address) {
        return address(0x0A);
    }

    function ownerOf(uint256) external pure returns (address) {
        return address(0x0B);
    }

    function deposit(address, Credit[] calldata, bytes32, uint256, bytes32) external {}

    function creditOf(address, address) external view returns (uint256) {
        return _credit;
    }

    function setCredit(uint256 amount) external {
        _credit = amount;
    }
}
