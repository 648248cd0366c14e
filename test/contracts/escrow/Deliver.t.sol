// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessEscrow} from "../../../contracts/interfaces/IAccessEscrow.sol";
import {IAssetRegistry} from "../../../contracts/interfaces/IAssetRegistry.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Listing} from "../../../contracts/types/AssetTypes.sol";
import {
    GatewaySignature,
    Order,
    OrderKind,
    OrderState,
    OrderStatus,
    Receipt
} from "../../../contracts/types/OrderTypes.sol";
import {Digests} from "../support/Digests.sol";
import {ContractAccount} from "../support/Doubles.sol";
import {EscrowTest} from "./EscrowTest.sol";

contract DeliverTest is EscrowTest {
    Order internal o;
    Receipt internal r;

    function setUp() public override {
        super.setUp();
        o = funded(analysis());
        r = receipt(o);
    }

    function reverts(bytes memory err) private {
        deliverReverts(o, r, err);
    }

    function reverts(GatewaySignature[] memory s, bytes memory err) private {
        deliverReverts(o, r, s, err);
    }

    /*//////////////////////////////////////////////////////////////
                                 STATE
    //////////////////////////////////////////////////////////////*/

    function test_RevertGiven_OrderUnknown() public {
        o = order(OrderKind.Analysis, bytes32("never funded"));
        r = receipt(o);
        reverts(wrongState(o, OrderState.None));
    }

    function test_RevertGiven_AlreadyDelivered() public {
        deliver(o);
        reverts(wrongState(o, OrderState.Delivered));
    }

    function test_RevertGiven_Late() public {
        vm.warp(o.deliverBy + 1);
        reverts(tooLate(o, o.deliverBy));
    }

    function test_GivenLastSecond() public {
        vm.warp(o.deliverBy);
        escrow.deliver(o, r, signed(r, 1, 2));
        assertState(o, OrderState.Delivered);
    }

    function test_RevertGiven_GatewayRemoved() public {
        vm.prank(timelock);
        gateways.remove(2);
        reverts(abi.encodeWithSelector(Errors.AccessEscrow_SignatureInvalid.selector, 2));
        escrow.deliver(o, r, signed(r, 1, 3));
        assertState(o, OrderState.Delivered);
    }

    function test_RevertGiven_ExecutorRemoved() public {
        vm.prank(timelock);
        gateways.remove(1);
        reverts(abi.encodeWithSelector(Errors.AccessEscrow_SignatureInvalid.selector, 1));
        // Too few are left: the money goes back by time.
        reverts(signed(r, 2, 3), abi.encodeWithSelector(Errors.AccessEscrow_ExecutorMissing.selector, 1));
        vm.warp(o.deliverBy + 1);
        escrow.refund(o);
        assertState(o, OrderState.Refunded);
    }

    function test_RevertGiven_PopulationCapExceeded() public {
        Listing memory l = listing(bytes32("tight"));
        l.privacyCap = 2 * COST;
        uint256 asset = listAs(curator, l, version());
        o = funded(orderOf(asset, OrderKind.Analysis, bytes32("first")));
        r = receipt(o);
        r.privacyCost = COST + 1;
        deliverSigned();
        o = funded(orderOf(asset, OrderKind.Analysis, bytes32("second")));
        r = receipt(o);
        uint24 population = cfg(asset).population;
        reverts(
            abi.encodeWithSelector(
                Errors.AssetRegistry_PrivacyCapExceeded.selector,
                population,
                2 * COST,
                2 * COST + 1
            )
        );
        // What fits to the last unit is taken.
        r.privacyCost = COST - 1;
        deliverSigned();
        assertEq(assets.populationOf(population).spent, 2 * COST);
    }

    /*//////////////////////////////////////////////////////////////
                                RECEIPT
    //////////////////////////////////////////////////////////////*/

    function test_RevertWhen_ReceiptIsForAnotherOrder() public {
        Order memory other = funded(order(OrderKind.Analysis, bytes32("other")));
        r.order = idOf(other);
        reverts(abi.encodeWithSelector(Errors.AccessEscrow_ReceiptMismatch.selector, idOf(o)));
    }

    function test_RevertWhen_ReceiptIsForAnotherJob() public {
        r.job = keccak256("another job");
        reverts(abi.encodeWithSelector(Errors.AccessEscrow_ReceiptMismatch.selector, idOf(o)));
    }

    function test_RevertWhen_OrderIsChanged() public {
        o.privacyCap = type(uint64).max;
        reverts(wrongState(o, OrderState.None));
    }

    function unknownBlock() private {
        reverts(abi.encodeWithSelector(Errors.AccessEscrow_ConsentBlockUnknown.selector, r.consentBlock));
    }

    function test_RevertWhen_ConsentBlockHashIsWrong() public {
        r.consentBlockHash = keccak256("fork");
        unknownBlock();
    }

    function test_RevertWhen_ConsentBlockIsThisOne() public {
        r.consentBlock = uint40(block.number);
        r.consentBlockHash = 0;
        unknownBlock();
    }

    function test_RevertWhen_ConsentBlockIsToCome() public {
        r.consentBlock = uint40(block.number + 1);
        r.consentBlockHash = 0;
        unknownBlock();
    }

    function test_RevertWhen_ConsentBlockIsOutOfReach() public {
        vm.roll(block.number + 20_000);
        unknownBlock();
        // A hash of zero does not pass for an unknown one.
        r.consentBlockHash = 0;
        unknownBlock();
    }

    function test_WhenConsentBlockIsWithinTheHistoryContract() public {
        // EIP-2935: the hash of block n is in slot n mod 8191 of the history contract. The runner has only a
        // placeholder there, so the code comes from the EIP.
        address history = 0x0000F90827F1C53a10cb7A02335B175320002935;
        vm.etch(
            history,
            hex"3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611fff81430311604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500"
        );
        r.consentBlockHash = keccak256("old block");
        vm.store(history, bytes32(uint256(r.consentBlock) % 8191), r.consentBlockHash);
        vm.roll(uint256(r.consentBlock) + 8192);
        unknownBlock();
        vm.roll(uint256(r.consentBlock) + 8191);
        deliverSigned();
    }

    function test_RevertWhen_GrantBlockIsAfterConsentBlock() public {
        r.grantBlock = r.consentBlock + 1;
        reverts(
            abi.encodeWithSelector(
                Errors.AccessEscrow_GrantBlockAfterConsentBlock.selector,
                r.grantBlock,
                r.consentBlock
            )
        );
        r.grantBlock = r.consentBlock;
        deliverSigned();
    }

    function test_RevertWhen_PrivacyCostIsAboveTheOrdersCap() public {
        r.privacyCost = o.privacyCap + 1;
        reverts(
            abi.encodeWithSelector(
                Errors.AccessEscrow_PrivacyCostAboveCap.selector,
                o.privacyCap,
                r.privacyCost
            )
        );
        r.privacyCost = o.privacyCap;
        deliverSigned();
    }

    /*//////////////////////////////////////////////////////////////
                               SIGNATURES
    //////////////////////////////////////////////////////////////*/

    function test_RevertWhen_SignersAreUnsorted() public {
        reverts(signed(r, 2, 1), abi.encodeWithSelector(Errors.AccessEscrow_SignersNotSorted.selector, 2, 1));
    }

    function test_RevertWhen_SignerIsRepeated() public {
        reverts(signed(r, 1, 1), abi.encodeWithSelector(Errors.AccessEscrow_SignersNotSorted.selector, 1, 1));
    }

    function test_RevertWhen_SignerIsZero() public {
        GatewaySignature[] memory s = signed(r, 1, 2);
        s[0].gateway = 0;
        reverts(s, abi.encodeWithSelector(Errors.AccessEscrow_SignersNotSorted.selector, 0, 0));
    }

    function test_RevertWhen_SignerIsOutsideTheSet() public {
        vm.prank(timelock);
        admit(4);
        reverts(signed(r, 1, 4), abi.encodeWithSelector(Errors.AccessEscrow_SignerOutsideSet.selector, 4));
    }

    function test_RevertWhen_SignatureIsForged() public {
        GatewaySignature[] memory s = signed(r, 1, 2);
        s[1].signature = signature(0xBAD, Digests.receipt(r, address(escrow)));
        reverts(s, abi.encodeWithSelector(Errors.AccessEscrow_SignatureInvalid.selector, 2));
    }

    function test_RevertWhen_SignatureIsOfAnotherGateway() public {
        GatewaySignature[] memory s = signed(r, 1, 3);
        s[1].gateway = 2;
        reverts(s, abi.encodeWithSelector(Errors.AccessEscrow_SignatureInvalid.selector, 2));
    }

    function test_RevertWhen_SignatureIsForAnotherReceipt() public {
        GatewaySignature[] memory s = signed(r, 1, 2);
        r.result = keccak256("another result");
        reverts(s, abi.encodeWithSelector(Errors.AccessEscrow_SignatureInvalid.selector, 1));
    }

    function test_RevertWhen_SignatureIsForAnotherEscrow() public {
        GatewaySignature[] memory s = signatures(Digests.receipt(r, address(newEscrow(FEE_BPS))), 1, 2);
        reverts(s, abi.encodeWithSelector(Errors.AccessEscrow_SignatureInvalid.selector, 1));
    }

    function test_RevertWhen_SignatureIsForAnotherChain() public {
        vm.chainId(1);
        GatewaySignature[] memory s = signed(r, 1, 2);
        vm.chainId(31337);
        reverts(s, abi.encodeWithSelector(Errors.AccessEscrow_SignatureInvalid.selector, 1));
    }

    function test_RevertWhen_ThirdSignatureIsBad() public {
        // Two good ones would do: a bad one is the submitter's fault all the same.
        GatewaySignature[] memory s = new GatewaySignature[](3);
        GatewaySignature[] memory good = signed(r, 1, 2);
        (s[0], s[1]) = (good[0], good[1]);
        s[2] = GatewaySignature(3, hex"00");
        reverts(s, abi.encodeWithSelector(Errors.AccessEscrow_SignatureInvalid.selector, 3));
    }

    function test_RevertWhen_ExecutorIsMissing() public {
        reverts(signed(r, 2, 3), abi.encodeWithSelector(Errors.AccessEscrow_ExecutorMissing.selector, 1));
        reverts(
            new GatewaySignature[](0),
            abi.encodeWithSelector(Errors.AccessEscrow_ExecutorMissing.selector, 1)
        );
    }

    function test_RevertWhen_TooFewSign() public {
        reverts(signed(r, 1, 0), abi.encodeWithSelector(Errors.AccessEscrow_TooFewSigners.selector, 2, 1));
    }

    function test_WhenGatewaySignsWithContractAccount() public {
        ContractAccount account = new ContractAccount(vm.addr(0xCA));
        vm.prank(timelock);
        uint16 fourth = gateways.admit(operator(4), address(account), keccak256("key"), "name", "url");
        uint16[] memory pair = new uint16[](2);
        (pair[0], pair[1]) = (1, fourth);
        Listing memory l = listing(bytes32("with contract account"));
        l.gatewaySet = gateways.createSet(pair, 2);
        gatewaySet = l.gatewaySet;
        uint256 asset = listAs(curator, l, version());
        o = funded(orderOf(asset, OrderKind.Analysis, bytes32("order")));
        r = receipt(o);
        bytes32 digest = Digests.receipt(r, address(escrow));
        GatewaySignature[] memory s = signatures(digest, 1, fourth);
        reverts(s, abi.encodeWithSelector(Errors.AccessEscrow_SignatureInvalid.selector, fourth));
        s[1].signature = signature(0xCA, digest);
        escrow.deliver(o, r, s);
        assertState(o, OrderState.Delivered);
    }

    /*//////////////////////////////////////////////////////////////
                                SUCCESS
    //////////////////////////////////////////////////////////////*/

    function test_Delivers() public {
        vm.warp(block.timestamp + 3);
        uint16[] memory signers = new uint16[](2);
        (signers[0], signers[1]) = (1, 2);
        GatewaySignature[] memory s = signed(r, 1, 2);
        vm.expectEmit(address(escrow));
        emit IAccessEscrow.OrderDelivered(idOf(o), dataset, r, signers);
        vm.expectEmit(address(assets));
        emit IAssetRegistry.PrivacySpent(cfg(dataset).population, dataset, COST, COST);
        vm.prank(stranger);
        escrow.deliver(o, r, s);
        OrderStatus memory status = escrow.statusOf(idOf(o));
        assertEq(uint256(status.state), uint256(OrderState.Delivered));
        assertEq(status.changedAt, block.timestamp);
        assertEq(status.cohort, COHORT);
        assertEq(status.feeBps, FEE_BPS);
        assertEq(escrow.receiptHashOf(idOf(o)), bytes32(0));
        assertEq(assets.populationOf(cfg(dataset).population).spent, COST);
        // Nothing is paid before settlement.
        assertEq(dollar.balanceOf(address(escrow)), 102_500_000);
    }

    function test_SpendsOnTopOfWhatWasSpent() public {
        escrow.deliver(o, r, signed(r, 1, 2));
        Order memory later = funded(order(OrderKind.Analysis, bytes32("later")));
        Receipt memory second = receipt(later);
        GatewaySignature[] memory s = signed(second, 1, 2);
        vm.expectEmit(address(assets));
        emit IAssetRegistry.PrivacySpent(cfg(dataset).population, dataset, COST, 2 * COST);
        escrow.deliver(later, second, s);
    }

    function test_GivenTraining_KeepsTheReceiptsHash() public {
        Order memory t = funded(order(OrderKind.Training, bytes32("training")));
        Receipt memory proof = receipt(t);
        escrow.deliver(t, proof, signed(proof, 1, 2));
        assertEq(escrow.receiptHashOf(idOf(t)), keccak256(abi.encode(proof)));
    }

    function test_RevertWhen_CohortIsEmpty() public {
        for (uint8 kind = 1; kind <= 2; ++kind) {
            Order memory empty = funded(order(OrderKind(kind), bytes32("empty")));
            Receipt memory none = receipt(empty);
            none.cohort = 0;
            deliverReverts(
                empty,
                none,
                abi.encodeWithSelector(Errors.AccessEscrow_CohortEmpty.selector, idOf(empty))
            );
        }
        Order memory d = funded(download());
        Receipt memory nobody = receipt(d);
        nobody.cohort = 0;
        escrow.deliver(d, nobody, signed(nobody, 1, 2));
        assertState(d, OrderState.Delivered);
    }

    function test_WithAllThreeSignatures() public {
        GatewaySignature[] memory s = new GatewaySignature[](3);
        bytes32 digest = Digests.receipt(r, address(escrow));
        for (uint16 i = 1; i <= 3; ++i) s[i - 1] = GatewaySignature(i, signature(SIGNER_KEY + i, digest));
        escrow.deliver(o, r, s);
        assertState(o, OrderState.Delivered);
    }

    function test_AtNoPrivacyCost() public {
        r.privacyCost = 0;
        deliverSigned();
        assertEq(assets.populationOf(cfg(dataset).population).spent, 0);
    }

    /// @dev No signature of one gateway, whatever its bytes, passes for another's.
    function testFuzz_RevertWhen_SecondSignatureIsNoise(bytes memory noise) public {
        GatewaySignature[] memory s = signed(r, 1, 2);
        vm.assume(keccak256(noise) != keccak256(s[1].signature));
        s[1].signature = noise;
        reverts(s, abi.encodeWithSelector(Errors.AccessEscrow_SignatureInvalid.selector, 2));
    }

    function deliverSigned() private {
        escrow.deliver(o, r, signed(r, 1, 2));
        assertState(o, OrderState.Delivered);
    }
}
