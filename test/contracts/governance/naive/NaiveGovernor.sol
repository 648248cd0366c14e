// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @notice What not to do: whoever holds tokens at the moment decides at once, anyone proposes as much as they like, and a
/// guardian cancels for ever. Whatever stands at a target when a proposal is executed, runs as the governor itself.
contract NaiveGovernor {
    struct Motion {
        address target;
        bytes call;
        uint256 votes;
        bool canceled;
        bool asSelf;
    }

    IERC20 public immutable token;
    address public guardian;
    Motion[] private _motions;

    constructor(IERC20 token_, address guardian_) {
        token = token_;
        guardian = guardian_;
    }

    function propose(address target, bytes calldata call, bool asSelf) external returns (uint256 id) {
        _motions.push(Motion(target, call, 0, false, asSelf));
        return _motions.length - 1;
    }

    function vote(uint256 id) external {
        _motions[id].votes += token.balanceOf(msg.sender);
    }

    function execute(uint256 id) external {
        Motion storage motion = _motions[id];
        require(!motion.canceled && motion.votes * 25 >= token.totalSupply(), "not passed");
        (bool ok, bytes memory reason) = motion.asSelf
            ? motion.target.delegatecall(motion.call)
            : motion.target.call(motion.call);
        if (!ok) {
            assembly {
                revert(add(reason, 32), mload(reason))
            }
        }
    }

    function cancel(uint256 id) external {
        require(msg.sender == guardian, "not the guardian");
        _motions[id].canceled = true;
    }

    function setGuardian(address guardian_) external {
        require(msg.sender == address(this), "not by vote");
        guardian = guardian_;
    }

    function count() external view returns (uint256) {
        return _motions.length;
    }
}
