// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Listing, Version} from "../../../contracts/types/AssetTypes.sol";
import {Grant, Revocation} from "../../../contracts/types/ConsentTypes.sol";
import {
    GatewaySignature,
    Order,
    OrderKind,
    PermitInput,
    Receipt
} from "../../../contracts/types/OrderTypes.sol";
import {Digests} from "../support/Digests.sol";
import {Orders} from "../support/Orders.sol";

/// @notice Gas of whole transactions against the design's bars. Skipped unless each call is a transaction of its own:
/// `npx hardhat test solidity --test-profile gas test/contracts/gas/Gas.t.sol`
contract GasTest is Orders {
    uint256 private constant BATCH = 50;

    function setUp() public override {
        super.setUp();
        dollar.transfer(buyer, 0); // a transaction costs 21,000 before it does anything
        vm.skip(used() < 21_000, "calls are not isolated: use --test-profile gas");
    }

    function used() private view returns (uint256) {
        return vm.lastCallGas().gasTotalUsed;
    }

    function within(string memory row, uint256 gas, uint256 bar) private pure {
        vm.assertLe(gas, bar, row);
    }

    function test_List() public {
        Listing memory l = listing(bytes32("measured"));
        Version memory v = version();
        bytes memory signed_ = custody(curator, l, v);
        vm.prank(curator);
        assets.list(l, v, signed_);
        within("list", used(), 220_000);
    }

    function test_OrderWithPermit() public {
        vm.prank(buyer);
        dollar.approve(address(escrow), 0);
        Order memory o = analysis();
        PermitInput memory p;
        p.value = 102_500_000;
        p.deadline = block.timestamp + 60;
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
                ),
                buyer,
                address(escrow),
                p.value,
                0,
                p.deadline
            )
        );
        (p.v, p.r, p.s) = vm.sign(BUYER_KEY, Digests.typed(dollar.DOMAIN_SEPARATOR(), structHash));
        vm.prank(buyer);
        escrow.fundWithPermit(o, terms(), "", "", p);
        within("order, permit, first", used(), 170_000);
    }

    function test_OrderWithAllowance() public {
        fund(order(OrderKind.Analysis, bytes32("first")));
        Order memory o = analysis();
        vm.prank(buyer);
        escrow.fund(o, terms(), "", "");
        within("order, standing allowance", used(), 120_000);
    }

    function test_Deliver() public {
        delivered(order(OrderKind.Analysis, bytes32("first")));
        Order memory o = funded(analysis());
        Receipt memory r = receipt(o);
        GatewaySignature[] memory s = signed(r, 1, 2);
        escrow.deliver(o, r, s);
        within("deliver, two signatures", used(), 110_000);
    }

    function test_Settle() public {
        settled(order(OrderKind.Analysis, bytes32("first")));
        Order memory o = delivered(analysis());
        passDispute();
        escrow.settle(o);
        within("settle, repeat payees", used(), 140_000);
    }

    function test_Grants() public {
        (Grant[] memory g, bytes[] memory s) = grants(0);
        consent.grantBatch(g, s);
        within("grant, item of 50", used() / BATCH, 38_000);
    }

    function test_RevocationsOfWrittenSlots() public {
        (Grant[] memory g, bytes[] memory gs) = grants(0);
        consent.grantBatch(g, gs);
        (Revocation[] memory r, bytes[] memory s) = revocations(1);
        consent.revokeBatch(r, s);
        within("revoke, item of 50, written slot", used() / BATCH, 20_000);
    }

    function test_RevocationsOfLeaves() public {
        (Revocation[] memory r, bytes[] memory s) = revocations(0);
        consent.revokeBatch(r, s);
        within("revoke, item of 50, leaf only", used() / BATCH, 38_000);
    }

    function grants(uint40 nonce) private view returns (Grant[] memory g, bytes[] memory s) {
        g = new Grant[](BATCH);
        s = new bytes[](BATCH);
        for (uint256 i = 0; i < BATCH; ++i) {
            g[i] = Grant(dataset, vm.addr(900 + i), 0x1ff, uint40(block.timestamp + 365 days), 7, nonce);
            s[i] = signature(900 + i, Digests.grant(g[i], address(consent)));
        }
    }

    function revocations(uint40 nonce) private view returns (Revocation[] memory r, bytes[] memory s) {
        r = new Revocation[](BATCH);
        s = new bytes[](BATCH);
        for (uint256 i = 0; i < BATCH; ++i) {
            r[i] = Revocation(dataset, vm.addr(900 + i), nonce + 65_536);
            s[i] = signature(900 + i, Digests.revocation(r[i], address(consent)));
        }
    }
}
