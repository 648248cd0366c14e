// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IAssetRegistry} from "../../../contracts/interfaces/IAssetRegistry.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {AssetStatus, Cfg, Listing, Population, Sale, Version} from "../../../contracts/types/AssetTypes.sol";
import {Base} from "../support/Base.sol";
import {ContractAccount} from "../support/Doubles.sol";

contract ListTest is Base {
    Listing internal l;
    Version internal v;

    function setUp() public override {
        super.setUp();
        l = listing(bytes32("new"));
        v = version();
    }

    function reverts(bytes memory err) private {
        bytes memory signed = custody(curator, l, v);
        expectError(err);
        vm.prank(curator);
        assets.list(l, v, signed);
    }

    function test_RevertWhen_ModesAreInvalid() public {
        // None; rules for words alone, which are no use; model use; unknown bits.
        uint8[6] memory modes = [0, 8, 8 | 32, 16, 1 | 16, 1 | 64];
        for (uint256 i = 0; i < modes.length; ++i) {
            l.modes = modes[i];
            reverts(abi.encodeWithSelector(Errors.AssetRegistry_ModesInvalid.selector, modes[i]));
        }
    }

    function test_WithEveryModeAndEveryRuleForWords() public {
        l.modes = 15 | 32;
        assertEq(cfg(listAs(curator, l, v)).modes, 47);
    }

    function test_RevertWhen_VersionIsEmpty() public {
        bytes memory err = abi.encodeWithSelector(Errors.AssetRegistry_EmptyVersion.selector);
        v.count = 0;
        reverts(err);
        v = version();
        v.contentRoot = 0;
        reverts(err);
        v = version();
        v.consentRoot = 0;
        reverts(err);
    }

    function test_RevertWhen_SharesExceedTheWhole() public {
        l.custodianBps = 6_000;
        l.curatorBps = 4_001;
        reverts(abi.encodeWithSelector(Errors.AssetRegistry_SharesExceedWhole.selector, 10_001));
        l.custodianBps = 65_535;
        l.curatorBps = 65_535;
        reverts(abi.encodeWithSelector(Errors.AssetRegistry_SharesExceedWhole.selector, 131_070));
        l.custodianBps = 6_000;
        l.curatorBps = 4_000;
        listAs(curator, l, v);
    }

    function test_RevertWhen_TokenIsNotAllowed() public {
        l.token = 2;
        reverts(abi.encodeWithSelector(Errors.AssetRegistry_TokenNotAllowed.selector, 2));
        l.token = 0;
        reverts(abi.encodeWithSelector(Errors.AssetRegistry_TokenNotAllowed.selector, 0));
    }

    function test_RevertWhen_VersionHasAnotherGatewaySet() public {
        v.gatewaySet = 9;
        reverts(abi.encodeWithSelector(Errors.AssetRegistry_GatewaySetFixed.selector, gatewaySet, 9));
    }

    function test_RevertWhen_CustodianIsOutsideTheSet() public {
        vm.prank(timelock);
        admit(4);
        l.custodian = 4;
        reverts(abi.encodeWithSelector(Errors.AssetRegistry_CustodianOutsideSet.selector, 4, gatewaySet));
        l.custodian = 1;
        l.gatewaySet = 9;
        v.gatewaySet = 9;
        reverts(abi.encodeWithSelector(Errors.AssetRegistry_CustodianOutsideSet.selector, 1, 9));
    }

    function test_RevertGiven_CustodianRemoved() public {
        vm.prank(timelock);
        gateways.remove(1);
        reverts(abi.encodeWithSelector(Errors.AssetRegistry_GatewayNotActive.selector, 1));
    }

    function notSigned(bytes memory signature_) private {
        expectError(abi.encodeWithSelector(Errors.AssetRegistry_CustodyNotSigned.selector, 1));
        vm.prank(curator);
        assets.list(l, v, signature_);
    }

    function test_RevertWhen_CustodyIsNotSigned() public {
        notSigned("");
        // Another operator's; for another curator; another price; another version; another chain.
        notSigned(signature(OPERATOR_KEY + 2, custodyDigest(curator, l, v)));
        notSigned(custody(stranger, l, v));
        Listing memory dearer = l;
        dearer.price += 1;
        notSigned(custody(curator, dearer, v));
        Version memory other = v;
        other.consentRoot = keccak256("other consents");
        notSigned(custody(curator, l, other));
        vm.chainId(1);
        bytes memory elsewhere = custody(curator, l, v);
        vm.chainId(31337);
        notSigned(elsewhere);
    }

    function test_WhenOperatorIsTheSender() public {
        vm.prank(operator(1));
        uint256 asset = assets.list(l, v, "");
        assertEq(assets.ownerOf(asset), operator(1));
    }

    function test_WhenOperatorIsContractAccount() public {
        ContractAccount account = new ContractAccount(vm.addr(0xCA));
        vm.prank(timelock);
        gateways.admit(address(account), signer(4), keccak256("key"), "name", "url");
        uint16[] memory alone = new uint16[](1);
        alone[0] = 4;
        l.gatewaySet = v.gatewaySet = gateways.createSet(alone, 1);
        l.custodian = 4;
        bytes memory signed = signature(0xCA, custodyDigest(curator, l, v));
        vm.prank(curator);
        assets.list(l, v, signed);
    }

    function test_RevertWhen_NewPopulationHasNoCap() public {
        l.privacyCap = 0;
        reverts(abi.encodeWithSelector(Errors.AssetRegistry_PrivacyCapZero.selector));
    }

    function test_RevertWhen_PopulationIsOfAnother() public {
        l.population = cfg(dataset).population;
        l.custodian = 2;
        reverts(abi.encodeWithSelector(Errors.AssetRegistry_PopulationOfOther.selector, l.population, 2));
        l.custodian = 1;
        l.population = 99;
        reverts(abi.encodeWithSelector(Errors.AssetRegistry_PopulationOfOther.selector, 99, 1));
    }

    function test_WhenPopulationIsTheCustodiansOwn() public {
        l.population = cfg(dataset).population;
        l.privacyCap = 0;
        uint256 asset = listAs(curator, l, v);
        assertEq(cfg(asset).population, l.population);
        assertEq(assets.populationCount(), 1);
        vm.startPrank(address(escrow));
        assets.spendPrivacy(dataset, 600);
        assets.spendPrivacy(asset, 400);
        vm.stopPrank();
        assertEq(assets.populationOf(l.population).spent, 1_000);
    }

    function test_RevertGiven_SaltUsedBefore() public {
        l.salt = bytes32("dataset");
        reverts(abi.encodeWithSelector(IERC721Errors.ERC721InvalidSender.selector, address(0)));
        // Another curator's salt is another asset.
        assertTrue(listAs(stranger, l, v) != dataset);
    }

    function test_Lists() public {
        uint256 asset = uint256(keccak256(abi.encode(curator, bytes32("new"))));
        assertEq(assets.assetIdOf(curator, bytes32("new")), asset);
        bytes memory signed = custody(curator, l, v);
        bytes32 termsHash = keccak256(abi.encode(l.terms));
        vm.expectEmit(address(assets));
        emit IAssetRegistry.PopulationCreated(2, 1, PRIVACY_CAP);
        vm.expectEmit(address(assets));
        emit IAssetRegistry.AssetListed(asset, curator, l, termsHash);
        vm.expectEmit(address(assets));
        emit IAssetRegistry.VersionAdded(asset, 1, v);
        vm.prank(curator);
        assertEq(assets.list(l, v, signed), asset);
        assertEq(assets.ownerOf(asset), curator);
        assertEq(assets.termsHashOf(asset), termsHash);
        assertEq(assets.hashTerms(l.terms), termsHash);
        assertEq(assets.versionHashOf(asset, 1), keccak256(abi.encode(v)));
        assertEq(assets.lineageHashOf(asset), 0);
        isConfigured(cfg(asset));
        Population memory p = assets.populationOf(2);
        assertEq(p.custodian, 1);
        assertEq(p.cap, PRIVACY_CAP);
        assertEq(p.spent, 0);
        isForSale(asset, termsHash);
    }

    function isForSale(uint256 asset, bytes32 termsHash) private view {
        Sale memory sale = assets.saleOf(asset);
        assertEq(keccak256(abi.encode(sale.cfg)), keccak256(abi.encode(cfg(asset))));
        assertEq(sale.termsHash, termsHash);
        assertEq(sale.token, address(dollar));
        assertEq(sale.threshold, 2);
    }

    function test_RevertWhen_RoyaltyIsMoreThanParentsMayGet() public {
        l.terms.royaltyBps = 5_001;
        bytes memory signed = custody(curator, l, v);
        expectError(abi.encodeWithSelector(Errors.AssetRegistry_RoyaltyTooHigh.selector, 5_000, 5_001));
        vm.prank(curator);
        assets.list(l, v, signed);
        l.terms.royaltyBps = 5_000;
        assertEq(assets.ownerOf(listAs(curator, l, v)), curator);
    }

    function test_SaleOf_GivenUnknown() public view {
        Sale memory sale = assets.saleOf(5);
        assertEq(uint256(sale.cfg.status), uint256(AssetStatus.None));
        assertEq(sale.token, address(0));
        assertEq(sale.threshold, 0);
    }

    function isConfigured(Cfg memory c) private view {
        assertEq(c.price, PRICE);
        assertEq(c.token, dollarIndex);
        assertEq(c.gatewaySet, gatewaySet);
        assertEq(c.custodian, 1);
        assertEq(c.custodianBps, CUSTODIAN_BPS);
        assertEq(c.curatorBps, CURATOR_BPS);
        assertEq(c.modes, ALL_MODES);
        assertEq(uint256(c.status), uint256(AssetStatus.Listed));
        assertEq(c.versions, 1);
        assertEq(c.count, RECORDS);
        assertEq(c.population, 2);
    }
}
