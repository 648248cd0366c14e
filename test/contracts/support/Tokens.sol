// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice A plain token that anyone may mint, and the shape of the awkward ones below.
contract PlainToken is ERC20 {
    constructor() ERC20("Plain", "PLAIN") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

/// @notice Keeps one percent of each transfer once `taxed`.
contract FeeToken is PlainToken {
    bool public taxed = true;

    function setTaxed(bool on) external {
        taxed = on;
    }

    function _update(address from, address to, uint256 value) internal override {
        if (!taxed || from == address(0) || to == address(0)) return super._update(from, to, value);
        super._update(from, address(0xFEE), value / 100);
        super._update(from, to, value - value / 100);
    }
}

/// @notice Adds one unit of its own to each transfer: a rebasing token that rises on touch.
contract BonusToken is PlainToken {
    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (from != address(0) && to != address(0)) super._update(address(0), to, 1);
    }
}

/// @notice Refuses transfers to and from those on its list.
contract BlacklistToken is PlainToken {
    error Blacklisted(address account);

    mapping(address account => bool) public blacklisted;

    function setBlacklisted(address account, bool on) external {
        blacklisted[account] = on;
    }

    function _update(address from, address to, uint256 value) internal override {
        if (blacklisted[from]) revert Blacklisted(from);
        if (blacklisted[to]) revert Blacklisted(to);
        super._update(from, to, value);
    }
}

interface ITokenHook {
    function tokensMoved(address from, address to, uint256 value) external;
}

/// @notice Calls the sender before and the receiver after each transfer if they asked for it, as ERC-777 does.
contract HookToken is PlainToken {
    mapping(address account => bool) public hooked;

    function setHooked(bool on) external {
        hooked[msg.sender] = on;
    }

    function _update(address from, address to, uint256 value) internal override {
        if (hooked[from]) ITokenHook(from).tokensMoved(from, to, value);
        super._update(from, to, value);
        if (hooked[to]) ITokenHook(to).tokensMoved(from, to, value);
    }
}

/// @notice Moves money and answers nothing, as some old tokens do.
contract NoReturnToken {
    mapping(address account => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function approve(address spender, uint256 amount) external {
        allowance[msg.sender][spender] = amount;
    }

    function transfer(address to, uint256 amount) external {
        _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        _move(from, to, amount);
    }

    function _move(address from, address to, uint256 amount) private {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}

/// @notice Answers `false` instead of reverting.
contract FalseToken is PlainToken {
    function transferFrom(address, address, uint256) public pure override returns (bool) {
        return false;
    }
}

/// @notice Knows no parts of a unit.
contract WholeToken is PlainToken {
    function decimals() public pure override returns (uint8) {
        return 0;
    }
}

/// @notice Has six decimals, as the large stablecoins.
contract SixToken is PlainToken {
    function decimals() public pure override returns (uint8) {
        return 6;
    }
}

/// @notice Keeps shares and shows balances by an index that rises: a rebasing token. A transfer moves whole shares, so
/// what arrives may fall short of what was asked for.
contract RebasingToken {
    uint256 private constant ONE = 1e18;

    uint256 public index = ONE;
    mapping(address account => uint256) public shares;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    function setIndex(uint256 index_) external {
        index = index_;
    }

    function balanceOf(address account) public view returns (uint256) {
        return (shares[account] * index) / ONE;
    }

    function mint(address to, uint256 amount) external {
        shares[to] += (amount * ONE) / index;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        return _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        allowance[from][msg.sender] -= amount;
        return _move(from, to, amount);
    }

    function _move(address from, address to, uint256 amount) private returns (bool) {
        uint256 moved = (amount * ONE) / index;
        shares[from] -= moved;
        shares[to] += moved;
        return true;
    }
}
