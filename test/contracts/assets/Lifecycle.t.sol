// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IAssetRegistry} from "../../../contracts/interfaces/IAssetRegistry.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {AssetStatus, Listing, Version} from "../../../contracts/types/AssetTypes.sol";
import {Base} from "../support/Base.sol";

contract LifecycleTest is Base {
    function notCurator(address caller) private {
        expectError(abi.encodeWithSelector(Errors.AssetRegistry_NotCurator.selector, dataset, caller));
        vm.prank(caller);
    }

    function notListed(AssetStatus s) private {
        expectError(abi.encodeWithSelector(Errors.AssetRegistry_NotListed.selector, dataset, s));
    }

    function unknown(uint256 asset) private {
        expectError(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, asset));
    }

    function assertStatus(AssetStatus s) private view {
        assertEq(uint256(cfg(dataset).status), uint256(s));
    }

    function handOn() private {
        vm.prank(curator);
        assets.transferFrom(curator, stranger, dataset);
    }

    /*//////////////////////////////////////////////////////////////
                                VERSIONS
    //////////////////////////////////////////////////////////////*/

    function test_AddVersion_RevertWhen_CallerIsNeither() public {
        notCurator(operator(2));
        assets.addVersion(dataset, version());
        notCurator(signer(1));
        assets.addVersion(dataset, version());
        notCurator(timelock);
        assets.addVersion(dataset, version());
        unknown(5);
        assets.addVersion(5, version());
    }

    function test_AddVersion_RevertGiven_Frozen() public {
        handOn();
        notListed(AssetStatus.Frozen);
        vm.prank(operator(1));
        assets.addVersion(dataset, version());
    }

    function test_AddVersion_RevertGiven_Delisted() public {
        vm.startPrank(curator);
        assets.delist(dataset);
        notListed(AssetStatus.Delisted);
        assets.addVersion(dataset, version());
        vm.stopPrank();
    }

    function test_AddVersion_RevertWhen_GatewaySetIsAnother() public {
        Version memory v = version();
        v.gatewaySet = gateways.createSet(members(), 3);
        expectError(
            abi.encodeWithSelector(Errors.AssetRegistry_GatewaySetFixed.selector, gatewaySet, v.gatewaySet)
        );
        vm.prank(curator);
        assets.addVersion(dataset, v);
    }

    function test_AddVersion_RevertWhen_Empty() public {
        for (uint256 i = 0; i < 3; ++i) {
            Version memory v = version();
            if (i == 0) v.count = 0;
            if (i == 1) v.contentRoot = 0;
            if (i == 2) v.consentRoot = 0;
            expectError(abi.encodeWithSelector(Errors.AssetRegistry_EmptyVersion.selector));
            vm.prank(curator);
            assets.addVersion(dataset, v);
        }
    }

    function test_AddVersion() public {
        Version memory v = version();
        v.count = 120;
        v.contentRoot = keccak256("second");
        vm.expectEmit(address(assets));
        emit IAssetRegistry.VersionAdded(dataset, 2, v);
        vm.prank(curator);
        assertEq(assets.addVersion(dataset, v), 2);
        assertEq(assets.versionHashOf(dataset, 2), keccak256(abi.encode(v)));
        assertEq(assets.versionHashOf(dataset, 1), keccak256(abi.encode(version())));
        assertEq(cfg(dataset).versions, 2);
        assertEq(cfg(dataset).count, 120);
        vm.prank(operator(1));
        assertEq(assets.addVersion(dataset, v), 3);
    }

    /*//////////////////////////////////////////////////////////////
                                 PRICE
    //////////////////////////////////////////////////////////////*/

    function test_SetPrice_RevertWhen_CallerIsNotCurator() public {
        notCurator(operator(1));
        assets.setPrice(dataset, 1);
        notCurator(timelock);
        assets.setPrice(dataset, 1);
        unknown(5);
        assets.setPrice(5, 1);
    }

    function test_SetPrice() public {
        vm.expectEmit(address(assets));
        emit IAssetRegistry.PriceChanged(dataset, 7);
        vm.prank(curator);
        assets.setPrice(dataset, 7);
        assertEq(cfg(dataset).price, 7);
    }

    /*//////////////////////////////////////////////////////////////
                          DELISTING, HANDING ON
    //////////////////////////////////////////////////////////////*/

    function test_Delist_RevertWhen_CallerIsNeither() public {
        notCurator(operator(2));
        assets.delist(dataset);
        notCurator(timelock);
        assets.delist(dataset);
        unknown(5);
        assets.delist(5);
    }

    function test_Delist_RevertGiven_Delisted() public {
        vm.prank(operator(1));
        assets.delist(dataset);
        notListed(AssetStatus.Delisted);
        vm.prank(curator);
        assets.delist(dataset);
    }

    function test_Delist_ByCurator() public {
        vm.expectEmit(address(assets));
        emit IAssetRegistry.AssetDelisted(dataset);
        vm.prank(curator);
        assets.delist(dataset);
        assertStatus(AssetStatus.Delisted);
    }

    function test_Delist_GivenFrozen() public {
        handOn();
        vm.prank(operator(1));
        assets.delist(dataset);
        assertStatus(AssetStatus.Delisted);
    }

    function test_Delist_GivenCustodianRemoved() public {
        vm.prank(timelock);
        gateways.remove(1);
        vm.prank(operator(1));
        assets.delist(dataset);
        assertStatus(AssetStatus.Delisted);
    }

    function test_Transfer_Freezes() public {
        vm.expectEmit(address(assets));
        emit IAssetRegistry.AssetFrozen(dataset, uint40(block.timestamp) + NOTICE);
        handOn();
        assertStatus(AssetStatus.Frozen);
        // Giving it back does not undo it: the custodian was not asked.
        vm.prank(stranger);
        assets.transferFrom(stranger, curator, dataset);
        assertStatus(AssetStatus.Frozen);
    }

    function test_Transfer_ToOneselfFreezes() public {
        vm.prank(curator);
        assets.transferFrom(curator, curator, dataset);
        assertStatus(AssetStatus.Frozen);
    }

    function test_Transfer_GivenDelisted() public {
        vm.prank(curator);
        assets.delist(dataset);
        handOn();
        assertStatus(AssetStatus.Delisted);
        expectError(
            abi.encodeWithSelector(Errors.AssetRegistry_NotFrozen.selector, dataset, AssetStatus.Delisted)
        );
        vm.prank(operator(1));
        assets.accept(dataset);
    }

    function test_Accept_RevertWhen_CallerIsNotCustodian() public {
        handOn();
        address[4] memory callers = [curator, stranger, operator(2), timelock];
        for (uint256 i = 0; i < 4; ++i) {
            expectError(
                abi.encodeWithSelector(Errors.AssetRegistry_NotCustodian.selector, dataset, callers[i])
            );
            vm.prank(callers[i]);
            assets.accept(dataset);
        }
    }

    function test_Accept_RevertGiven_NotFrozen() public {
        expectError(
            abi.encodeWithSelector(Errors.AssetRegistry_NotFrozen.selector, dataset, AssetStatus.Listed)
        );
        vm.prank(operator(1));
        assets.accept(dataset);
    }

    function test_Accept_RevertGiven_NoticeRunning() public {
        handOn();
        uint256 end = block.timestamp + NOTICE;
        assertEq(assets.noticeEndOf(dataset), end);
        vm.warp(end - 1);
        expectError(abi.encodeWithSelector(Errors.AssetRegistry_NoticeRunning.selector, dataset, end));
        vm.prank(operator(1));
        assets.accept(dataset);
        vm.warp(end);
        vm.prank(operator(1));
        assets.accept(dataset);
        assertStatus(AssetStatus.Listed);
    }

    /// @dev Else somebody could take the place of the curator of whom subjects had notice.
    function test_Accept_RevertGiven_HandedOnDuringTheNotice() public {
        handOn();
        vm.warp(block.timestamp + NOTICE - 1);
        vm.prank(stranger);
        assets.transferFrom(stranger, buyer, dataset);
        uint256 end = block.timestamp + NOTICE;
        vm.warp(end - 1);
        expectError(abi.encodeWithSelector(Errors.AssetRegistry_NoticeRunning.selector, dataset, end));
        vm.prank(operator(1));
        assets.accept(dataset);
    }

    function test_Accepts() public {
        handOn();
        vm.warp(block.timestamp + NOTICE);
        vm.expectEmit(address(assets));
        emit IAssetRegistry.AssetAccepted(dataset, stranger);
        vm.prank(operator(1));
        assets.accept(dataset);
        assertStatus(AssetStatus.Listed);
        // The former curator has no say left.
        notCurator(curator);
        assets.setPrice(dataset, 1);
    }

    /*//////////////////////////////////////////////////////////////
                                BY VOTE
    //////////////////////////////////////////////////////////////*/

    function unauthorized(address caller) private {
        expectError(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
        vm.prank(caller);
    }

    function testFuzz_ByVote_RevertWhen_CallerIsAnyone(address caller) public {
        vm.assume(caller != timelock);
        unauthorized(caller);
        assets.allowToken(address(1));
        unauthorized(caller);
        assets.setEscrow(caller);
    }

    function test_AllowToken_RevertGiven_Known() public {
        expectError(abi.encodeWithSelector(Errors.AssetRegistry_TokenKnown.selector, address(dollar)));
        vm.prank(timelock);
        assets.allowToken(address(dollar));
    }

    function test_AllowToken() public {
        vm.expectEmit(address(assets));
        emit IAssetRegistry.TokenAllowed(2, address(0x70));
        vm.prank(timelock);
        assertEq(assets.allowToken(address(0x70)), 2);
        assertEq(assets.tokenAt(2), address(0x70));
        assertEq(assets.tokenAt(3), address(0));
        assertEq(assets.tokenCount(), 2);
    }

    function test_SetEscrow_KeepsTheEarlierOnesRights() public {
        address next = address(newEscrow(0));
        assertEq(assets.isEscrow(next), false);
        vm.expectEmit(address(assets));
        emit IAssetRegistry.EscrowChanged(next);
        vm.prank(timelock);
        assets.setEscrow(next);
        assertEq(assets.escrow(), next);
        assertEq(assets.isEscrow(next), true);
        assertEq(assets.isEscrow(address(escrow)), true);
        vm.prank(address(escrow));
        assets.spendPrivacy(dataset, 1);
    }

    /*//////////////////////////////////////////////////////////////
                                PRIVACY
    //////////////////////////////////////////////////////////////*/

    function test_SpendPrivacy_RevertWhen_CallerIsNoEscrow() public {
        address[4] memory callers = [curator, operator(1), timelock, address(payouts)];
        for (uint256 i = 0; i < 4; ++i) {
            expectError(abi.encodeWithSelector(Errors.AssetRegistry_NotEscrow.selector, callers[i]));
            vm.prank(callers[i]);
            assets.spendPrivacy(dataset, 1);
        }
    }

    function overspend(uint256 asset, uint24 population, uint64 cap, uint64 cost, uint256 sum) private {
        expectError(
            abi.encodeWithSelector(Errors.AssetRegistry_PrivacyCapExceeded.selector, population, cap, sum)
        );
        vm.prank(address(escrow));
        assets.spendPrivacy(asset, cost);
    }

    function test_SpendPrivacy_RevertWhen_AboveTheCap() public {
        uint24 population = cfg(dataset).population;
        overspend(dataset, population, PRIVACY_CAP, PRIVACY_CAP + 1, PRIVACY_CAP + 1);
        vm.prank(address(escrow));
        assets.spendPrivacy(dataset, PRIVACY_CAP);
        overspend(dataset, population, PRIVACY_CAP, 1, PRIVACY_CAP + 1);
        // An asset that is not there has population 0, whose cap is 0.
        overspend(5, 0, 0, 1, 1);
    }

    function test_SpendPrivacy_RevertWhen_SumOverflows() public {
        Listing memory l = listing(bytes32("boundless"));
        l.privacyCap = type(uint64).max;
        uint256 asset = listAs(curator, l, version());
        vm.prank(address(escrow));
        assets.spendPrivacy(asset, type(uint64).max);
        overspend(asset, 2, type(uint64).max, type(uint64).max, 2 * uint256(type(uint64).max));
    }
}
