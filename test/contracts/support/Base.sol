// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {AccessEscrow} from "../../../contracts/AccessEscrow.sol";
import {AssetRegistry} from "../../../contracts/AssetRegistry.sol";
import {ContributorRewards} from "../../../contracts/ContributorRewards.sol";
import {ConsentRegistry} from "../../../contracts/ConsentRegistry.sol";
import {DataUseAuthority} from "../../../contracts/DataUseAuthority.sol";
import {GatewayRegistry} from "../../../contracts/GatewayRegistry.sol";
import {Mandates} from "../../../contracts/Mandates.sol";
import {Payouts} from "../../../contracts/Payouts.sol";
import {IContributorRewards} from "../../../contracts/interfaces/IContributorRewards.sol";
import {TestDollar} from "../../../contracts/local/TestDollar.sol";
import {Cfg, Listing, Version} from "../../../contracts/types/AssetTypes.sol";
import {Terms} from "../../../contracts/types/DataUseTypes.sol";
import {Test} from "./Test.sol";

/// @title Base
/// @notice The whole protocol, deployed as on a local chain: three gateways with known keys, a set of which two must
/// sign, an allow-listed dollar, one dataset. `timelock` stands in for the vote.
abstract contract Base is Test {
    uint256 internal constant CURATOR_KEY = 0xC0;
    uint256 internal constant BUYER_KEY = 0xB0;
    uint256 internal constant OPERATOR_KEY = 0x100;
    uint256 internal constant SIGNER_KEY = 0x200;

    uint32 internal constant MIN_DELIVERY = 5;
    uint32 internal constant MAX_DELIVERY = 60;
    uint32 internal constant DISPUTE = 4;
    uint32 internal constant REPORT = 30;
    uint32 internal constant RULING = 50;
    uint32 internal constant NOTICE = 25;
    uint32 internal constant HAND_OVER_DELAY = 7 days;
    uint16 internal constant FEE_BPS = 250;
    uint32 internal constant STAKE_DELAY = 14 days;

    uint32 internal constant CHALLENGE = 100;
    uint32 internal constant ANSWER = 50;
    uint32 internal constant LAPSE = 365 days;
    uint128 internal constant BOND = 0.1 ether;

    uint80 internal constant PRICE = 100e6;
    uint16 internal constant CUSTODIAN_BPS = 2_000;
    uint16 internal constant CURATOR_BPS = 1_000;
    uint64 internal constant PRIVACY_CAP = 1_000_000_000;
    uint32 internal constant RECORDS = 100;
    uint8 internal constant ALL_MODES = 7;

    address internal timelock = address(0x71);
    address internal commons = address(0xC033);
    address internal stranger = address(0x57A);
    address internal curator = vm.addr(CURATOR_KEY);
    address internal buyer = vm.addr(BUYER_KEY);

    AccessManager internal manager;
    GatewayRegistry internal gateways;
    AssetRegistry internal assets;
    ContributorRewards internal rewards;
    Payouts internal payouts;
    DataUseAuthority internal dataUse;
    AccessEscrow internal escrow;
    Mandates internal mandates;
    ConsentRegistry internal consent;
    TestDollar internal dollar;

    uint24 internal gatewaySet;
    uint16 internal dollarIndex;
    uint256 internal dataset;

    function setUp() public virtual {
        vm.roll(10_000);
        vm.warp(1_800_000_000);
        manager = new AccessManager(timelock);
        dollar = new TestDollar();
        gateways = new GatewayRegistry(address(manager), address(dollar), STAKE_DELAY);
        assets = new AssetRegistry(address(manager), gateways, NOTICE);
        dataUse = new DataUseAuthority(address(manager));
        consent = new ConsentRegistry(assets, gateways, HAND_OVER_DELAY);
        rewards = new ContributorRewards(
            assets,
            gateways,
            consent,
            commons,
            IContributorRewards.Windows(CHALLENGE, ANSWER, LAPSE, BOND)
        );
        payouts = new Payouts(assets, rewards);
        escrow = newEscrow(FEE_BPS);
        mandates = Mandates(escrow.mandates());
        vm.startPrank(timelock);
        for (uint16 i = 1; i <= 3; ++i) admit(i);
        dollarIndex = assets.allowToken(address(dollar));
        assets.setEscrow(address(escrow));
        vm.stopPrank();
        gatewaySet = gateways.createSet(members(), 2);
        dataset = listDataset(bytes32("dataset"));
        fundAccount(buyer);
    }

    function newEscrow(uint16 feeBps) internal returns (AccessEscrow) {
        return
            new AccessEscrow(
                address(manager),
                assets,
                gateways,
                payouts,
                dataUse,
                commons,
                feeBps,
                AccessEscrow.Windows(MIN_DELIVERY, MAX_DELIVERY, DISPUTE, REPORT, RULING)
            );
    }

    function operator(uint16 gateway) internal pure returns (address) {
        return vm.addr(OPERATOR_KEY + gateway);
    }

    function signer(uint16 gateway) internal pure returns (address) {
        return vm.addr(SIGNER_KEY + gateway);
    }

    function admit(uint16 gateway) internal returns (uint16) {
        return
            gateways.admit(operator(gateway), signer(gateway), keccak256(abi.encode(gateway)), "name", "url");
    }

    function members() internal pure returns (uint16[] memory list) {
        list = new uint16[](3);
        (list[0], list[1], list[2]) = (1, 2, 3);
    }

    function fundAccount(address account) internal {
        dollar.mint(account, 1_000_000e6);
        vm.prank(account);
        dollar.approve(address(escrow), type(uint256).max);
    }

    /// @dev General research, not commercial, by organisations not for profit, nobody identified (DUO 42, 46, 45).
    function terms() internal pure returns (Terms memory) {
        return
            Terms({
                duo: (1 << 1) | (1 << 22) | (1 << 21) | (1 << 23),
                disease: 0,
                royaltyBps: 1_000,
                agreement: keccak256("agreement"),
                countries: 0,
                dates: 0
            });
    }

    function listing(bytes32 salt) internal view returns (Listing memory) {
        return
            Listing({
                salt: salt,
                price: PRICE,
                token: dollarIndex,
                gatewaySet: gatewaySet,
                custodian: 1,
                custodianBps: CUSTODIAN_BPS,
                curatorBps: CURATOR_BPS,
                modes: ALL_MODES,
                population: 0,
                privacyCap: PRIVACY_CAP,
                terms: terms()
            });
    }

    /// @dev A listing with some modes only, under a salt of its own.
    function withModes(uint8 modes) internal view returns (Listing memory l) {
        l = listing(keccak256(abi.encode("modes", modes)));
        l.modes = modes;
    }

    function version() internal view returns (Version memory) {
        return
            Version({
                contentRoot: keccak256("content"),
                consentRoot: keccak256("consent"),
                count: RECORDS,
                gatewaySet: gatewaySet,
                eligibility: keccak256("eligibility"),
                descriptor: keccak256("descriptor")
            });
    }

    function custodyDigest(
        address curator_,
        Listing memory listing_,
        Version memory version_
    ) internal view returns (bytes32) {
        bytes32 separator = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("Salus AssetRegistry"),
                keccak256("1"),
                block.chainid,
                address(assets)
            )
        );
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("Custody(address curator,bytes32 listing,bytes32 version)"),
                curator_,
                keccak256(abi.encode(listing_)),
                keccak256(abi.encode(version_))
            )
        );
        return keccak256(abi.encodePacked(hex"1901", separator, structHash));
    }

    function custody(
        address curator_,
        Listing memory listing_,
        Version memory version_
    ) internal view returns (bytes memory) {
        return signature(OPERATOR_KEY + listing_.custodian, custodyDigest(curator_, listing_, version_));
    }

    function listAs(
        address curator_,
        Listing memory listing_,
        Version memory version_
    ) internal returns (uint256) {
        bytes memory signed = custody(curator_, listing_, version_);
        vm.prank(curator_);
        return assets.list(listing_, version_, signed);
    }

    function listDataset(bytes32 salt) internal returns (uint256) {
        return listAs(curator, listing(salt), version());
    }

    function cfg(uint256 asset) internal view returns (Cfg memory) {
        return assets.cfgOf(asset);
    }
}
