// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @notice What not to do: a treasury that pays whatever its owner says.
contract NaiveTreasury {
    address private immutable _owner;

    constructor(address owner) {
        _owner = owner;
    }

    function pay(IERC20 token, address to, uint256 amount) external {
        require(msg.sender == _owner, "not the owner");
        require(token.transfer(to, amount), "not paid");
    }
}

/// @notice What not to do: an order's fee is read when it settles.
contract NaiveEscrow {
    address private immutable _owner;
    IERC20 private immutable _token;
    address private immutable _commons;
    uint256 public feeBps = 200;
    mapping(address payee => uint256 price) private _open;

    constructor(address owner, IERC20 token, address commons) {
        (_owner, _token, _commons) = (owner, token, commons);
    }

    function setFee(uint256 bps) external {
        require(msg.sender == _owner, "not the owner");
        feeBps = bps;
    }

    function fund(address payee, uint256 price) external {
        require(_token.transferFrom(msg.sender, address(this), price), "not paid");
        _open[payee] = price;
    }

    function settle(address payee) external {
        uint256 price = _open[payee];
        _open[payee] = 0;
        uint256 fee = (price * feeBps) / 10_000;
        require(_token.transfer(_commons, fee) && _token.transfer(payee, price - fee), "not paid");
    }
}

/// @notice What not to do: credits that an owner may rescue.
contract NaivePayouts {
    address private immutable _owner;
    IERC20 private immutable _token;
    mapping(address payee => uint256) public creditOf;

    constructor(address owner, IERC20 token) {
        (_owner, _token) = (owner, token);
    }

    function deposit(address payee, uint256 amount) external {
        require(_token.transferFrom(msg.sender, address(this), amount), "not paid");
        creditOf[payee] += amount;
    }

    function rescue(address to, uint256 amount) external {
        require(msg.sender == _owner, "not the owner");
        require(_token.transfer(to, amount), "not paid");
    }
}
