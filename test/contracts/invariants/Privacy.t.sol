// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Listing, Population} from "../../../contracts/types/AssetTypes.sol";
import {Order, OrderKind, Receipt} from "../../../contracts/types/OrderTypes.sol";
import {Invariants} from "../support/Invariants.sol";
import {Orders} from "../support/Orders.sol";

/// @notice Many receipts charge two populations, over datasets that share one (README.md).
contract PrivacyInvariants is Orders, Invariants {
    uint64 private constant CAP = 8_000;

    uint256[3] private _datasets;
    mapping(uint24 population => uint256) private _spent;
    uint256 private _salt;

    function setUp() public override {
        super.setUp();
        clock = block.timestamp;
        height = block.number;
        dollar.mint(buyer, 1e30);
        Listing memory l = listing(bytes32("a"));
        l.privacyCap = CAP;
        _datasets[0] = listAs(curator, l, version());
        l.salt = bytes32("b");
        l.population = cfg(_datasets[0]).population;
        _datasets[1] = listAs(curator, l, version());
        l.salt = bytes32("c");
        l.population = 0;
        _datasets[2] = listAs(curator, l, version());
    }

    function steps() internal pure override returns (bytes4[] memory s) {
        s = new bytes4[](1);
        s[0] = this.stepOrder.selector;
    }

    function stepOrder(uint256 seed, uint64 cost, uint64 orderCap) external step {
        uint256 asset = _datasets[seed % 3];
        Order memory o = orderOf(asset, OrderKind.Analysis, bytes32(++_salt));
        o.privacyCap = orderCap % 2_000;
        uint24 population = cfg(asset).population;
        cost = cost % 2_500;
        uint256 left = CAP - _spent[population];
        // Chance never lands on the last unit: go there, and one beyond, when it is near.
        if (left < 2_500) (o.privacyCap, cost) = (2_500, uint64(left + ((seed >> 8) % 2)));
        fund(o);
        Receipt memory r = receipt(o);
        r.privacyCost = cost;
        bool may = r.privacyCost <= o.privacyCap && _spent[population] + r.privacyCost <= CAP;
        try escrow.deliver(o, r, signed(r, 1, 2)) {
            expect(may, "spent above a cap");
            _spent[population] += r.privacyCost;
        } catch {
            expect(!may, "refused what was within the caps");
        }
    }

    function invariant_SpentStaysBelowTheCap() public view {
        assertNothingViolated();
        for (uint256 i = 0; i < 3; ++i) {
            uint24 number = cfg(_datasets[i]).population;
            Population memory p = assets.populationOf(number);
            assertTrue(p.spent <= p.cap);
            assertEq(p.spent, _spent[number]);
        }
    }
}
