// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {
    Contest,
    Controller,
    HandOver,
    Proxy,
    ProxyGrant,
    ProxyNaming,
    ProxyRemoval,
    ProxyRevocation
} from "../../../contracts/types/ConsentTypes.sol";
import {Digests} from "../support/Digests.sol";
import {ConsentTest} from "./ConsentTest.sol";

/// @notice How wide what is stored is, and that what is signed is typed as wallets see it: three ways to one digest, the
/// contract's, the one written out by hand, and the runner's from the syntax tree.
contract ConsentLayoutTest is ConsentTest {
    Controller internal a;
    uint256 internal afterController;
    Proxy internal b;
    uint256 internal afterProxy;

    function test_OneSlotEach() public pure {
        uint256 controllers;
        uint256 proxies;
        assembly {
            controllers := sub(afterController.slot, a.slot)
            proxies := sub(afterProxy.slot, b.slot)
        }
        assertEq(controllers, 1, "Controller");
        assertEq(proxies, 1, "Proxy");
    }

    function check(string memory name, bytes memory data, bytes32 written, bytes32 contracts) private view {
        bytes32 separator = Digests.domain("Salus ConsentRegistry", address(registry));
        assertEq(contracts, written, name);
        assertEq(contracts, Digests.typed(separator, vm.eip712HashStruct(name, data)), name);
    }

    function test_HandOversAreTyped() public view {
        HandOver memory h = HandOver(DATASET, subject, relayer, 3, 4);
        bytes32 written = Digests.handOver(h, address(registry));
        check("HandOver", abi.encode(h), written, registry.hashHandOver(h));
    }

    function test_ContestsAreTyped() public view {
        Contest memory c = Contest(DATASET, subject, 3);
        check("Contest", abi.encode(c), Digests.contest(c, address(registry)), registry.hashContest(c));
    }

    function test_ProxyNamingsAreTyped() public view {
        ProxyNaming memory p = ProxyNaming(DATASET, subject, relayer, 3, 4, 5);
        bytes32 written = Digests.proxyNaming(p, address(registry));
        check("ProxyNaming", abi.encode(p), written, registry.hashProxyNaming(p));
    }

    function test_ProxyRemovalsAreTyped() public view {
        ProxyRemoval memory r = ProxyRemoval(DATASET, subject, relayer, 3);
        bytes32 written = Digests.proxyRemoval(r, address(registry));
        check("ProxyRemoval", abi.encode(r), written, registry.hashProxyRemoval(r));
    }

    function test_ProxyGrantsAreTyped() public view {
        ProxyGrant memory p = ProxyGrant(DATASET, subject, 1, 2, 3, 4, relayer, 5);
        bytes32 written = Digests.proxyGrant(p, address(registry));
        check("ProxyGrant", abi.encode(p), written, registry.hashProxyGrant(p));
    }

    function test_ProxyRevocationsAreTyped() public view {
        ProxyRevocation memory p = ProxyRevocation(DATASET, subject, 3, relayer, 4);
        bytes32 written = Digests.proxyRevocation(p, address(registry));
        check("ProxyRevocation", abi.encode(p), written, registry.hashProxyRevocation(p));
    }
}
