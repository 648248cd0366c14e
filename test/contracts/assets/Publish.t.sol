// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAssetRegistry} from "../../../contracts/interfaces/IAssetRegistry.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {AssetStatus, Listing, Parent, Training, Version} from "../../../contracts/types/AssetTypes.sol";
import {Terms} from "../../../contracts/types/DataUseTypes.sol";
import {Order, OrderKind, OrderState, Receipt} from "../../../contracts/types/OrderTypes.sol";
import {Orders} from "../support/Orders.sol";

/// @notice A model is published on the receipt of its training, by whoever ordered it.
contract PublishTest is Orders {
    bytes32 private constant SALT = bytes32("output salt");
    bytes32 private constant MODEL = keccak256("model file");

    Order internal o;
    Receipt internal r;
    Listing internal l;
    Version internal v;
    Parent[] internal parents;
    Terms internal datasetTerms;
    address internal from;

    function setUp() public override {
        super.setUp();
        o = order(OrderKind.Training, bytes32("training"));
        fund(o);
        train();
        l = listing(bytes32("model"));
        l.modes = 16;
        l.custodianBps = 1_000;
        l.curatorBps = 6_000;
        l.privacyCap = 0;
        v = Version(MODEL, 0, 1, gatewaySet, 0, keccak256("model descriptor"));
        parents.push(Parent(dataset, r.contributorsRoot, 2_000));
        parents.push(Parent(listDataset(bytes32("declared")), 0, 1_000));
        datasetTerms = terms();
        from = address(escrow);
    }

    function train() private {
        r = receipt(o);
        r.output = keccak256(abi.encode(SALT, MODEL));
        escrow.deliver(o, r, signed(r, 1, 2));
        passDispute();
        escrow.settle(o);
    }

    function training() private view returns (Training memory) {
        return Training(from, o, r, SALT, datasetTerms);
    }

    function publish() private returns (uint256) {
        bytes memory signature_ = custody(o.buyer, l, v);
        vm.prank(o.buyer);
        return assets.publish(l, v, parents, training(), signature_);
    }

    function reverts(bytes memory err) private {
        bytes memory signature_ = custody(o.buyer, l, v);
        expectError(err);
        vm.prank(o.buyer);
        assets.publish(l, v, parents, training(), signature_);
    }

    function notTrained() private {
        reverts(
            abi.encodeWithSelector(Errors.AssetRegistry_NotTrainedByReceipt.selector, idOf(o), v.contentRoot)
        );
    }

    /*//////////////////////////////////////////////////////////////
                                TRAINING
    //////////////////////////////////////////////////////////////*/

    function test_RevertWhen_ModesAreNotModelUse() public {
        uint8[3] memory modes = [0, 1, 17];
        for (uint256 i = 0; i < 3; ++i) {
            l.modes = modes[i];
            reverts(abi.encodeWithSelector(Errors.AssetRegistry_ModesInvalid.selector, modes[i]));
        }
    }

    function test_RevertWhen_OrderIsNoTraining() public {
        o = order(OrderKind.Analysis, bytes32("analysis"));
        fund(o);
        train();
        notTrained();
    }

    function test_RevertWhen_SenderIsNotTheBuyer() public {
        bytes memory signature_ = custody(stranger, l, v);
        expectError(
            abi.encodeWithSelector(Errors.AssetRegistry_NotTrainedByReceipt.selector, idOf(o), v.contentRoot)
        );
        vm.prank(stranger);
        assets.publish(l, v, parents, training(), signature_);
    }

    function test_RevertGiven_OrderNotSettled() public {
        o = order(OrderKind.Training, bytes32("unsettled"));
        fund(o);
        r = receipt(o);
        r.output = keccak256(abi.encode(SALT, MODEL));
        notTrained();
        escrow.deliver(o, r, signed(r, 1, 2));
        notTrained();
    }

    function test_RevertWhen_ReceiptIsAnother() public {
        r.totalWeight += 1;
        notTrained();
    }

    function test_RevertWhen_ModelIsAnother() public {
        v.contentRoot = keccak256("a model from elsewhere");
        notTrained();
    }

    function test_RevertWhen_EscrowIsNoneOfTheRegistrys() public {
        // It could say of any order that it was settled.
        from = address(newEscrow(0));
        reverts(abi.encodeWithSelector(Errors.AssetRegistry_NotEscrow.selector, from));
    }

    function test_RevertWhen_EscrowDidNotSettleTheOrder() public {
        from = address(newEscrow(0));
        vm.prank(timelock);
        assets.setEscrow(from);
        bytes memory signature_ = custody(buyer, l, v);
        vm.expectPartialRevert(Errors.AssetRegistry_NotTrainedByReceipt.selector);
        vm.prank(buyer);
        assets.publish(l, v, parents, training(), signature_);
    }

    function test_GivenTheEscrowWasReplaced() public {
        address next = address(newEscrow(0));
        vm.prank(timelock);
        assets.setEscrow(next);
        assertEq(assets.ownerOf(publish()), buyer);
    }

    /*//////////////////////////////////////////////////////////////
                                PARENTS
    //////////////////////////////////////////////////////////////*/

    function test_RevertWhen_MoreThanEightParents() public {
        for (uint256 i = 0; i < 7; ++i) parents.push(Parent(dataset, 0, 0));
        reverts(abi.encodeWithSelector(Errors.AssetRegistry_TooManyParents.selector, 9));
        parents.pop();
        publish();
    }

    function missing() private {
        reverts(
            abi.encodeWithSelector(
                Errors.AssetRegistry_TrainingParentMissing.selector,
                dataset,
                r.contributorsRoot
            )
        );
    }

    function test_RevertWhen_TrainingParentIsMissing() public {
        Parent memory first = parents[0];
        parents[0] = parents[1];
        parents[1] = first;
        missing();
        delete parents;
        missing();
        parents.push(Parent(dataset, keccak256("other people"), 3_000));
        missing();
        // The training's own contributors, under a dataset that they do not stand in.
        parents[0] = Parent(listDataset(bytes32("another")), r.contributorsRoot, 3_000);
        missing();
    }

    function test_RevertWhen_TermsAreNotTheOrders() public {
        datasetTerms.royaltyBps = 0;
        reverts(
            abi.encodeWithSelector(
                Errors.AssetRegistry_TermsMismatch.selector,
                dataset,
                o.termsHash,
                keccak256(abi.encode(datasetTerms))
            )
        );
    }

    function test_RevertWhen_RoyaltyIsTooLow() public {
        parents[0].shareBps = 999;
        reverts(abi.encodeWithSelector(Errors.AssetRegistry_RoyaltyTooLow.selector, 1_000, 999));
        parents[0].shareBps = 1_000;
        parents[1].shareBps = 2_000;
        publish();
    }

    function test_RevertWhen_DeclaredParentIsUnknown() public {
        parents[1].asset = 12345;
        reverts(abi.encodeWithSelector(Errors.AssetRegistry_ParentUnknown.selector, 12345));
        // A model is no parent of its own.
        parents[1].asset = assets.assetIdOf(buyer, l.salt);
        reverts(abi.encodeWithSelector(Errors.AssetRegistry_ParentUnknown.selector, parents[1].asset));
    }

    function test_RevertWhen_DeclaredParentClaimsContributors() public {
        parents[1].contributorsRoot = keccak256("claimed");
        reverts(abi.encodeWithSelector(Errors.AssetRegistry_ParentUnknown.selector, parents[1].asset));
    }

    function test_RevertWhen_ParentsTakeMoreThanHalf() public {
        parents[0].shareBps = 4_001;
        l.curatorBps = 3_999;
        reverts(abi.encodeWithSelector(Errors.AssetRegistry_ParentSharesTooHigh.selector, 5_001));
        parents[0].shareBps = 4_000;
        l.curatorBps = 4_000;
        publish();
    }

    function test_RevertWhen_SharesDoNotMakeTheWhole() public {
        l.curatorBps = 6_001;
        reverts(abi.encodeWithSelector(Errors.AssetRegistry_ParentSharesMismatch.selector, 2_999, 3_000));
        l.curatorBps = 5_999;
        reverts(abi.encodeWithSelector(Errors.AssetRegistry_ParentSharesMismatch.selector, 3_001, 3_000));
        l.curatorBps = 60_000;
        reverts(abi.encodeWithSelector(Errors.AssetRegistry_ParentSharesMismatch.selector, 0, 3_000));
    }

    /*//////////////////////////////////////////////////////////////
                                 DEPTH
    //////////////////////////////////////////////////////////////*/

    /// @dev The next model of the same training declares the model before it as a parent.
    function child(uint256 parent, bytes32 salt) private {
        l.salt = salt;
        parents[1].asset = parent;
    }

    function test_RevertWhen_LineageIsTooDeep() public {
        uint256 first = publish();
        assertEq(assets.depthOf(dataset), 0);
        assertEq(assets.depthOf(first), 1);
        child(first, bytes32("second"));
        uint256 second = publish();
        assertEq(assets.depthOf(second), 2);
        child(second, bytes32("third"));
        uint256 third = publish();
        assertEq(assets.depthOf(third), 3);
        child(third, bytes32("fourth"));
        reverts(abi.encodeWithSelector(Errors.AssetRegistry_LineageTooDeep.selector, 3, 4));
        // The deepest parent counts, wherever it stands.
        child(first, bytes32("fifth"));
        parents.push(Parent(third, 0, 0));
        reverts(abi.encodeWithSelector(Errors.AssetRegistry_LineageTooDeep.selector, 3, 4));
        parents[2].asset = second;
        assertEq(assets.depthOf(publish()), 3);
    }

    /*//////////////////////////////////////////////////////////////
                                SUCCESS
    //////////////////////////////////////////////////////////////*/

    function test_Publishes() public {
        bytes memory signature_ = custody(buyer, l, v);
        uint256 expected = assets.assetIdOf(buyer, l.salt);
        vm.expectEmit(address(assets));
        emit IAssetRegistry.ModelPublished(expected, idOf(o), parents);
        vm.prank(buyer);
        uint256 model = assets.publish(l, v, parents, training(), signature_);
        assertEq(model, expected);
        assertEq(assets.ownerOf(model), buyer);
        assertEq(assets.lineageHashOf(model), keccak256(abi.encode(parents)));
        assertEq(cfg(model).population, 0);
        assertEq(cfg(model).modes, 16);
        assertEq(uint256(cfg(model).status), uint256(AssetStatus.Listed));
    }

    function test_RevertWhen_VersionIsAddedToAModel() public {
        uint256 model = publish();
        expectError(abi.encodeWithSelector(Errors.AssetRegistry_ModesInvalid.selector, 16));
        vm.prank(buyer);
        assets.addVersion(model, v);
    }

    /// @dev The price of one use reaches developer, hospital, commons and the people who trained the model, to the unit.
    function test_PriceReachesThePeopleWhoTrainedIt() public {
        uint256 model = publish();
        Order memory use = orderOf(model, OrderKind.ModelUse, bytes32("prediction"));
        fund(use);
        Receipt memory u = receipt(use);
        u.privacyCost = 0;
        escrow.deliver(use, u, signed(u, 1, 2));
        passDispute();
        uint256 hospitalBefore = payouts.creditOf(address(dollar), operator(1));
        uint256 commonsBefore = payouts.creditOf(address(dollar), commons);
        escrow.settle(use);
        payouts.distribute(address(dollar), model, parents);
        // 100 dollars: 10 hospital, 60 developer, 30 on to the parents by 2 : 1; 2.5 on top to the commons.
        assertEq(payouts.creditOf(address(dollar), operator(1)) - hospitalBefore, 10e6);
        assertEq(payouts.creditOf(address(dollar), buyer), 60e6);
        assertEq(payouts.creditOf(address(dollar), commons) - commonsBefore, 2_500_000);
        bytes32 people = keccak256(abi.encode(dataset, r.contributorsRoot));
        assertEq(payouts.potOf(address(dollar), people), 20e6);
        assertEq(payouts.potOf(address(dollar), bytes32(parents[1].asset)), 10e6);
        assertEq(payouts.potOf(address(dollar), bytes32(model)), 0);
    }

    function test_RevertWhen_ModelUseSpendsPrivacy() public {
        uint256 model = publish();
        Order memory use = orderOf(model, OrderKind.ModelUse, bytes32("prediction"));
        fund(use);
        Receipt memory u = receipt(use);
        expectError(abi.encodeWithSelector(Errors.AssetRegistry_PrivacyCapExceeded.selector, 0, 0, COST));
        escrow.deliver(use, u, signed(u, 1, 2));
    }
}
