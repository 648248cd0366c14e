// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Cfg} from "../../../contracts/types/AssetTypes.sol";
import {Mandate} from "../../../contracts/types/MandateTypes.sol";
import {
    Failure,
    GatewaySignature,
    Order,
    OrderKind,
    OrderState,
    Receipt,
    ReleaseReport
} from "../../../contracts/types/OrderTypes.sol";
import {Base} from "./Base.sol";
import {Digests} from "./Digests.sol";

/// @title Orders
/// @notice Builds and signs orders, receipts, failures and release reports, and walks an order through its life.
abstract contract Orders is Base {
    uint32 internal constant COHORT = 90;
    uint64 internal constant COST = 1_000;
    uint128 internal constant HEALTH = 1 << 1;

    /// @notice An order that `fund` accepts.
    function order(OrderKind kind, bytes32 salt) internal view returns (Order memory o) {
        return orderOf(dataset, kind, salt);
    }

    function orderOf(uint256 asset, OrderKind kind, bytes32 salt) internal view returns (Order memory o) {
        Cfg memory c = cfg(asset);
        o.buyer = buyer;
        o.salt = salt;
        o.asset = asset;
        o.version = c.versions;
        o.kind = kind;
        o.uses = HEALTH;
        o.country = 276;
        o.project = keccak256("project");
        o.job = keccak256(abi.encode("job", salt));
        o.recipientKey = keccak256("recipient");
        o.termsHash = keccak256(abi.encode(terms()));
        o.token = c.token;
        o.price = c.price;
        o.maxFee = c.price;
        o.privacyCap = 10 * COST;
        o.custodianBps = c.custodianBps;
        o.curatorBps = c.curatorBps;
        o.gatewaySet = c.gatewaySet;
        o.threshold = 2;
        o.custodian = c.custodian;
        o.deliverBy = uint40(block.timestamp + 30);
        o.disputeWindow = DISPUTE;
        o.reportWindow = REPORT;
    }

    /// @notice A mandate that `create` accepts: three runs on the versions to come, at up to twice today's price.
    function mandate(bytes32 salt) internal view returns (Mandate memory m) {
        Cfg memory c = cfg(dataset);
        m.buyer = buyer;
        m.salt = salt;
        m.asset = dataset;
        m.afterVersion = c.versions;
        m.kind = OrderKind.Analysis;
        m.uses = HEALTH;
        m.country = 276;
        m.project = keccak256("project");
        m.job = keccak256(abi.encode("job", salt));
        m.recipientKey = keccak256("recipient");
        m.termsHash = keccak256(abi.encode(terms()));
        m.token = c.token;
        m.maxPrice = 200e6;
        m.maxFee = 10e6;
        m.privacyCap = 10 * COST;
        m.runs = 3;
        m.until = uint40(block.timestamp + 1_000);
    }

    function analysis() internal view returns (Order memory) {
        return order(OrderKind.Analysis, bytes32("analysis"));
    }

    function download() internal view returns (Order memory) {
        return order(OrderKind.Download, bytes32("download"));
    }

    function idOf(Order memory o) internal view returns (bytes32) {
        return Digests.order(o, address(escrow));
    }

    function receipt(Order memory o) internal view returns (Receipt memory r) {
        r.order = idOf(o);
        r.job = o.job;
        r.algorithm = keccak256("algorithm");
        r.parameters = keccak256("parameters");
        r.output = keccak256("output");
        r.result = keccak256("result");
        r.inputRoot = keccak256("inputs");
        r.contributorsRoot = keccak256("contributors");
        r.totalWeight = COHORT;
        r.cohort = COHORT;
        r.excludedRoot = keccak256("excluded");
        r.grantBlock = uint40(block.number - 10);
        r.consentBlock = uint40(block.number - 1);
        r.consentBlockHash = blockhash(block.number - 1);
        r.privacyCost = COST;
        r.logs = keccak256("logs");
        r.attestation = 1;
    }

    function fee(uint256 price, uint256 bps) internal pure returns (uint256) {
        return (price * bps) / 10_000;
    }

    function signatures(
        bytes32 digest,
        uint16 first,
        uint16 second
    ) internal pure returns (GatewaySignature[] memory list) {
        list = new GatewaySignature[](second == 0 ? 1 : 2);
        list[0] = GatewaySignature(first, signature(SIGNER_KEY + first, digest));
        if (second != 0) list[1] = GatewaySignature(second, signature(SIGNER_KEY + second, digest));
    }

    function signed(
        Receipt memory r,
        uint16 first,
        uint16 second
    ) internal view returns (GatewaySignature[] memory) {
        return signatures(Digests.receipt(r, address(escrow)), first, second);
    }

    function signed(
        Failure memory f,
        uint16 first,
        uint16 second
    ) internal view returns (GatewaySignature[] memory) {
        return signatures(Digests.failure(f, address(escrow)), first, second);
    }

    function signed(
        ReleaseReport memory r,
        uint16 first,
        uint16 second
    ) internal view returns (GatewaySignature[] memory) {
        return signatures(Digests.report(r, address(escrow)), first, second);
    }

    function fund(Order memory o) internal returns (bytes32) {
        vm.prank(o.buyer);
        return escrow.fund(o, terms(), "", "");
    }

    function deliver(Order memory o) internal {
        Receipt memory r = receipt(o);
        escrow.deliver(o, r, signed(r, 1, 2));
    }

    function report(Order memory o, uint32 count) internal {
        ReleaseReport memory r = ReleaseReport(idOf(o), count, keccak256("released"));
        escrow.report(o, r, signed(r, 2, 3));
    }

    function failure(Order memory o) internal view returns (Failure memory) {
        return Failure(idOf(o), 7, keccak256("detail"));
    }

    function fail(Order memory o) internal {
        Failure memory f = failure(o);
        escrow.fail(o, f, signed(f, 1, 0));
    }

    function passDispute() internal {
        vm.warp(block.timestamp + DISPUTE);
    }

    function funded(Order memory o) internal returns (Order memory) {
        fund(o);
        return o;
    }

    function delivered(Order memory o) internal returns (Order memory) {
        fund(o);
        deliver(o);
        return o;
    }

    function settled(Order memory o) internal returns (Order memory) {
        delivered(o);
        if (o.kind == OrderKind.Download) report(o, COHORT);
        passDispute();
        escrow.settle(o);
        return o;
    }

    function stateOf(Order memory o) internal view returns (OrderState) {
        return escrow.statusOf(idOf(o)).state;
    }

    function assertState(Order memory o, OrderState expected) internal view {
        assertEq(uint256(stateOf(o)), uint256(expected));
    }
}
