// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Version} from "../../../contracts/types/AssetTypes.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Mandate, MandateState, MandateStatus} from "../../../contracts/types/MandateTypes.sol";
import {Order} from "../../../contracts/types/OrderTypes.sol";
import {Digests} from "../support/Digests.sol";
import {Orders} from "../support/Orders.sol";

/// @title MandateTest
/// @notice What the mandates' tests share. Three runs at 200 dollars and 10 of fee at most: 630 dollars are prepaid; one
/// run costs 102.50.
abstract contract MandateTest is Orders {
    uint256 internal constant PREPAID = 630e6;
    uint256 internal constant RUN = 102_500_000;
    uint256 internal constant WEALTH = 1_000_000e6;

    Mandate internal m;

    function setUp() public virtual override {
        super.setUp();
        vm.prank(buyer);
        dollar.approve(address(mandates), type(uint256).max);
        m = mandate(bytes32("standing"));
    }

    function idOf(Mandate memory x) internal view returns (bytes32) {
        return Digests.mandate(x, address(mandates));
    }

    function create() internal returns (bytes32) {
        vm.prank(m.buyer);
        return mandates.create(m, "");
    }

    function nextVersion() internal returns (uint16) {
        Version memory v = version();
        vm.prank(curator);
        return assets.addVersion(m.asset, v);
    }

    function run() internal returns (bytes32) {
        vm.prank(stranger);
        return mandates.run(m, terms(), "");
    }

    function runReverts(bytes memory err) internal {
        bytes32 before = keccak256(abi.encode(mandates.statusOf(idOf(m))));
        uint256 held = dollar.balanceOf(address(mandates));
        expectError(err);
        vm.prank(stranger);
        mandates.run(m, terms(), "");
        assertEq(keccak256(abi.encode(mandates.statusOf(idOf(m)))), before);
        assertEq(dollar.balanceOf(address(mandates)), held);
    }

    /// @notice The order of a run, put together here from the mandate and the asset as it is.
    function childOf(uint16 number) internal view returns (Order memory o) {
        o = orderOf(m.asset, m.kind, keccak256(abi.encode(idOf(m), number, cfg(m.asset).versions)));
        o.job = m.job;
        o.maxFee = m.maxFee;
        o.arbitrator = m.arbitrator;
        o.deliverBy = uint40(block.timestamp + MAX_DELIVERY);
    }

    function assertMandate(MandateState state, uint16 runs, uint256 balance) internal view {
        MandateStatus memory s = mandates.statusOf(idOf(m));
        assertEq(uint256(s.state), uint256(state));
        assertEq(s.runs, runs);
        assertEq(s.balance, balance);
    }

    function wrongState(MandateState state) internal view returns (bytes memory) {
        return abi.encodeWithSelector(Errors.Mandates_WrongState.selector, idOf(m), state);
    }

    function delist() internal {
        vm.prank(curator);
        assets.delist(m.asset);
    }
}
