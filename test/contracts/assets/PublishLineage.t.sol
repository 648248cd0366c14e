// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Listing, Parent, Training, Version} from "../../../contracts/types/AssetTypes.sol";
import {Order, OrderKind, Receipt} from "../../../contracts/types/OrderTypes.sol";
import {Orders} from "../support/Orders.sol";

/// @notice A chain of models as deep as may be, published on one training: what may come after it, and what a price
/// paid for the last one leaves with everyone before it.
contract PublishLineageTest is Orders {
    bytes32 private constant SALT = bytes32("output salt");
    bytes32 private constant FILE = keccak256("model file");
    uint256 private constant MAX_PARENTS = 8;

    Order private _order;
    Receipt private _receipt;
    uint256 private _declared;
    uint256[4] private _chain;

    function setUp() public override {
        super.setUp();
        _order = order(OrderKind.Training, bytes32("training"));
        fund(_order);
        _receipt = receipt(_order);
        _receipt.output = keccak256(abi.encode(SALT, FILE));
        escrow.deliver(_order, _receipt, signed(_receipt, 1, 2));
        passDispute();
        escrow.settle(_order);
        _declared = listDataset(bytes32("declared"));
        _chain[0] = _declared;
        _chain[1] = publish(chained(1, 1_000, 999));
        _chain[2] = publish(chained(2, 2_000, 1_000));
        _chain[3] = publish(chained(3, 2_000, 2_000));
    }

    /// @dev The training's parent, and the asset one step before in the chain.
    function chained(uint256 depth, uint16 share, uint16 next) private view returns (Parent[] memory list) {
        list = new Parent[](2);
        list[0] = Parent(dataset, _receipt.contributorsRoot, share);
        list[1] = Parent(_chain[depth - 1], 0, next);
    }

    /// @dev The hospital takes a tenth, the parents their shares, the developer the rest.
    function modelOf(Parent[] memory parents) private view returns (Listing memory l, Version memory v) {
        uint256 shares = 0;
        for (uint256 i = 0; i < parents.length; ++i) shares += parents[i].shareBps;
        l = listing(keccak256(abi.encode(parents)));
        (l.modes, l.privacyCap, l.custodianBps) = (16, 0, 1_000);
        l.curatorBps = uint16(9_000 - shares);
        v = Version(FILE, 0, 1, gatewaySet, 0, keccak256("model descriptor"));
    }

    function publish(Parent[] memory parents) private returns (uint256) {
        (Listing memory l, Version memory v) = modelOf(parents);
        bytes memory custody_ = custody(buyer, l, v);
        vm.prank(buyer);
        return assets.publish(l, v, parents, training(), custody_);
    }

    function refuses(Parent[] memory parents, bytes memory err) private {
        (Listing memory l, Version memory v) = modelOf(parents);
        bytes memory custody_ = custody(buyer, l, v);
        Training memory t = training();
        expectError(err);
        vm.prank(buyer);
        assets.publish(l, v, parents, t, custody_);
    }

    function training() private view returns (Training memory) {
        return Training(address(escrow), _order, _receipt, SALT, terms());
    }

    function pot(bytes32 key) private view returns (uint256) {
        return payouts.potOf(address(dollar), key);
    }

    function distribute(uint256 depth, uint16 share, uint16 next) private {
        payouts.distribute(address(dollar), _chain[depth], chained(depth, share, next));
    }

    /// @dev Up to ten parents, the first the training's, the others of any depth, with shares that come near to half of
    /// the price in every other run.
    function testFuzz_TakesWhatTheCapsAllowAndNothingElse(
        uint8[10] memory depths,
        uint16[10] memory shares
    ) public {
        uint256 count = 1 + (uint256(shares[0]) % 10);
        Parent[] memory parents = new Parent[](count);
        uint256 sum = 0;
        uint8 deepest = 0;
        for (uint256 i = 0; i < count; ++i) {
            uint8 depth = depths[i] % 16 == 0 ? 3 : depths[i] % 3;
            if (i != 0 && depth > deepest) deepest = depth;
            uint16 share = i == 0 ? 1_000 + (shares[i] % 500) : shares[i] % 800;
            if (i != 0 && i == count - 1 && sum < 4_997 && depths[0] % 2 == 0) {
                share = uint16(4_997 + ((depths[0] / 2) % 7) - sum);
            }
            parents[i] =
                i == 0 ? Parent(dataset, _receipt.contributorsRoot, share) : Parent(_chain[depth], 0, share);
            sum += share;
        }
        if (count > MAX_PARENTS) {
            refuses(parents, abi.encodeWithSelector(Errors.AssetRegistry_TooManyParents.selector, count));
        } else if (deepest == 3) {
            refuses(parents, abi.encodeWithSelector(Errors.AssetRegistry_LineageTooDeep.selector, 3, 4));
        } else if (sum > 5_000) {
            refuses(parents, abi.encodeWithSelector(Errors.AssetRegistry_ParentSharesTooHigh.selector, sum));
        } else {
            uint256 model = publish(parents);
            assertEq(assets.depthOf(model), deepest + 1);
            assertEq(assets.lineageHashOf(model), keccak256(abi.encode(parents)));
        }
    }

    /// @dev By hand: of 100 dollars 40 come to the third model's parents by 1 : 1, of the 20 for the second model 2 : 1,
    /// and of 6.666666 for the first 1000 : 999; what cannot be divided stays where it is.
    function test_PriceOfTheLastReachesEveryoneBefore() public {
        assertEq(assets.depthOf(_chain[3]), 3);
        bytes32 people = keccak256(abi.encode(dataset, _receipt.contributorsRoot));
        Order memory use = orderOf(_chain[3], OrderKind.ModelUse, bytes32("prediction"));
        fund(use);
        Receipt memory r = receipt(use);
        r.privacyCost = 0;
        escrow.deliver(use, r, signed(r, 1, 2));
        passDispute();
        escrow.settle(use);
        assertEq(pot(bytes32(_chain[3])), 40e6);
        distribute(3, 2_000, 2_000);
        assertEq(pot(people), 20e6);
        assertEq(pot(bytes32(_chain[2])), 20e6);
        assertEq(pot(bytes32(_chain[1])), 0);
        distribute(2, 2_000, 1_000);
        assertEq(pot(people), 33_333_333);
        assertEq(pot(bytes32(_chain[1])), 6_666_666);
        distribute(1, 1_000, 999);
        assertEq(pot(people), 33_333_333 + 3_335_000);
        assertEq(pot(bytes32(_declared)), 3_331_665);
        assertEq(pot(bytes32(_chain[1])), 1);
        assertEq(pot(bytes32(_chain[2])), 1);
        assertEq(pot(bytes32(_chain[3])), 0);
    }
}
