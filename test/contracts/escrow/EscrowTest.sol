// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessEscrow} from "../../../contracts/interfaces/IAccessEscrow.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Cfg} from "../../../contracts/types/AssetTypes.sol";
import {
    Failure,
    GatewaySignature,
    Order,
    OrderKind,
    OrderState,
    PermitInput,
    Receipt,
    ReleaseReport
} from "../../../contracts/types/OrderTypes.sol";
import {Orders} from "../support/Orders.sol";

/// @title EscrowTest
/// @notice What the escrow's tests share: one call a line with its expected error.
abstract contract EscrowTest is Orders {
    function fundReverts(Order memory o, bytes memory err) internal {
        expectError(err);
        vm.prank(o.buyer);
        escrow.fund(o, terms(), "", "");
    }

    function deliverReverts(
        Order memory o,
        Receipt memory r,
        GatewaySignature[] memory s,
        bytes memory err
    ) internal {
        expectError(err);
        escrow.deliver(o, r, s);
    }

    function deliverReverts(Order memory o, Receipt memory r, bytes memory err) internal {
        deliverReverts(o, r, signed(r, 1, 2), err);
    }

    function reportReverts(
        Order memory o,
        ReleaseReport memory r,
        GatewaySignature[] memory s,
        bytes memory err
    ) internal {
        expectError(err);
        escrow.report(o, r, s);
    }

    function wrongState(Order memory o, OrderState s) internal view returns (bytes memory) {
        return abi.encodeWithSelector(Errors.AccessEscrow_WrongState.selector, idOf(o), s);
    }

    function tooEarly(Order memory o, uint256 at) internal view returns (bytes memory) {
        return abi.encodeWithSelector(Errors.AccessEscrow_TooEarly.selector, idOf(o), at);
    }

    function tooLate(Order memory o, uint256 at) internal view returns (bytes memory) {
        return abi.encodeWithSelector(Errors.AccessEscrow_TooLate.selector, idOf(o), at);
    }

    function notReported(Order memory o) internal view returns (bytes memory) {
        return abi.encodeWithSelector(Errors.AccessEscrow_NotReported.selector, idOf(o));
    }

    function releaseReport(Order memory o, uint32 count) internal view returns (ReleaseReport memory) {
        return ReleaseReport(idOf(o), count, keccak256("released"));
    }
}
