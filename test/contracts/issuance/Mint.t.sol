// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IIssuance} from "../../../contracts/interfaces/IIssuance.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {IssuanceEpoch, IssuedParts} from "../../../contracts/types/IssuanceTypes.sol";
import {Order} from "../../../contracts/types/OrderTypes.sol";
import {OwnClaim, RewardLeaf, RewardProof, RewardRoot} from "../../../contracts/types/RewardTypes.sol";
import {SumTrees} from "../support/SumTrees.sol";
import {IssuanceTest} from "./IssuanceTest.sol";

contract MintTest is IssuanceTest {
    function closeReverts(uint32 epoch, bytes memory err) private {
        expectError(err);
        issuance.close(epoch);
    }

    function mintReverts(Order memory o, bytes memory err) private {
        expectError(err);
        issuance.mint(o);
    }

    /*//////////////////////////////////////////////////////////////
                                 CLOSE
    //////////////////////////////////////////////////////////////*/

    function test_Close_RevertWhen_Running_OrClosed() public {
        bytes memory running = abi.encodeWithSelector(
            Errors.Issuance_EpochRunning.selector,
            0,
            begun + MONTH
        );
        closeReverts(0, running);
        vm.warp(begun + MONTH - 1);
        closeReverts(0, running);
        vm.warp(begun + MONTH);
        issuance.close(0);
        closeReverts(0, abi.encodeWithSelector(Errors.Issuance_EpochClosed.selector, 0));
    }

    function closedAt(uint256 treasury) private returns (IssuanceEpoch memory) {
        dollar.mint(commons, treasury);
        into(1, 0);
        uint256 before = vm.snapshotState();
        issuance.close(0);
        uint256 closed = issuance.epochOf(0).price;
        vm.revertToState(before);
        vm.expectEmit(address(issuance));
        emit IIssuance.EpochClosed(0, closed, HUNDREDTH, treasury, SUPPLY);
        issuance.close(0);
        return issuance.epochOf(0);
    }

    function test_Close_TheFloorBindsUpToItsOwnValue() public {
        // A million dollars behind ten million tokens are ten cents each.
        assertEq(closedAt(1_000_000e6).price, FLOOR);
    }

    function test_Close_TheTreasuryBindsAbove_RoundedUp() public {
        IssuanceEpoch memory e = closedAt(1_000_000e6 + 1);
        assertEq(e.price, FLOOR + 1);
        assertEq(e.cap, HUNDREDTH);
    }

    function test_Close_GivenUnfetchedCredits() public {
        dollar.mint(commons, 1_000_000e6);
        assertEq(issuance.priceOf(0), FLOOR);
        // 2.50 dollars more, which wait in the payouts: already more than ten cents a token.
        paid("credit");
        assertEq(issuance.priceOf(0), FLOOR + 1);
        vm.prank(commons);
        payouts.withdraw(address(dollar), commons);
        assertEq(issuance.priceOf(0), FLOOR + 1);
        into(1, 0);
        issuance.close(0);
        assertEq(issuance.epochOf(0).price, FLOOR + 1);
    }

    function test_Close_GivenATreasuryBeyondEveryWidth() public {
        Order memory o = registered("tiny");
        dollar.mint(commons, type(uint256).max / 2);
        IssuedParts memory p = mintAfterAYear(o, 0);
        assertEq(sum(p) < 1e18, true);
        assertEq(issuance.entitlementOf(idOf(o)).minted, true);
    }

    /*//////////////////////////////////////////////////////////////
                                  MINT
    //////////////////////////////////////////////////////////////*/

    function test_Mint_SplitsLikeThePrice() public {
        Order memory o = registered("one");
        into(1, 0);
        issuance.close(0);
        assertEq(sum(issuance.tokensOf(o)), 25e18);
        vm.warp(begun + MONTH + YEAR);
        vm.expectEmit(address(issuance));
        emit IIssuance.Minted(idOf(o), o.asset, 0, operator(1), 5e18, curator, 25e17, 175e17);
        IssuedParts memory p = issuance.mint(o);
        // 2.50 dollars at ten cents: 25 tokens; a fifth, a tenth, the rest.
        assertEq(p.custodian, 5e18);
        assertEq(p.curator, 25e17);
        assertEq(p.pot, 175e17);
        assertEq(salus.balanceOf(operator(1)), 5e18);
        assertEq(salus.balanceOf(curator), 25e17);
        assertEq(salus.balanceOf(address(payouts)), 175e17);
        assertEq(payouts.potOf(address(salus), bytes32(dataset)), 175e17);
        assertEq(salus.totalSupply(), SUPPLY + 25e18);
        // Whoever paid has nothing.
        assertEq(salus.balanceOf(buyer), 0);
    }

    function test_Mint_RevertGiven_NotRegistered() public {
        Order memory o = paid("unregistered");
        bytes memory err = abi.encodeWithSelector(Errors.Issuance_NotRegistered.selector, idOf(o));
        vm.warp(block.timestamp + 10 * YEAR);
        mintReverts(o, err);
        expectError(err);
        issuance.tokensOf(o);
    }

    function test_Mint_RevertWhen_Early_OrTwice() public {
        Order memory o = registered("once");
        uint256 opens = begun + MONTH + YEAR;
        vm.warp(opens - 1);
        mintReverts(o, abi.encodeWithSelector(Errors.Issuance_TooEarly.selector, idOf(o), opens));
        vm.warp(opens);
        issuance.mint(o);
        mintReverts(o, abi.encodeWithSelector(Errors.Issuance_AlreadyMinted.selector, idOf(o)));
        assertEq(salus.totalSupply(), SUPPLY + 25e18);
    }

    function test_Mint_ClosesAnEpochThatNobodyClosed() public {
        Order memory o = registered("alone");
        assertEq(sum(issuance.tokensOf(o)), 0);
        mintAfterAYear(o, 0);
        assertEq(issuance.epochOf(0).price, FLOOR);
    }

    function test_Mint_GivenTheCap_OrdersShareByFee() public {
        // 100,000 tokens are the cap: 10,000 dollars of fees reach it, these are 16,000.
        dollar.mint(buyer, 10_000_000e6);
        price(480_000e6);
        Order memory big = registered("big");
        price(160_000e6);
        Order memory small = registered("small");
        into(1, 0);
        issuance.close(0);
        assertEq(sum(issuance.tokensOf(big)), 75_000e18);
        assertEq(sum(issuance.tokensOf(small)), 25_000e18);
        mintAfterAYear(big, 0);
        mintAfterAYear(small, 0);
        assertEq(salus.totalSupply(), SUPPLY + HUNDREDTH);
    }

    function test_Mint_GivenSupplyAndTreasuryChanged() public {
        Order memory o = registered("fixed");
        into(1, 0);
        Order memory later = registered("later");
        dollar.mint(commons, 90_000_000e6);
        into(2, 0);
        issuance.close(1);
        // Nine dollars and more behind each token: the later order gets less for the same fee.
        mintAfterAYear(o, 0);
        assertEq(sum(issuance.tokensOf(o)), 25e18);
        uint256 before = salus.totalSupply();
        IssuedParts memory p = mintAfterAYear(later, 1);
        assertEq(salus.totalSupply(), before + sum(p));
        assertEq(sum(p), (ORDER_FEE * 1e18) / uint256(issuance.epochOf(1).price));
        assertEq(sum(p) < 3e17, true);
    }

    function test_Unminted_HasNoVotes() public {
        vm.prank(curator);
        salus.delegate(curator);
        Order memory o = registered("votes");
        vm.warp(begun + MONTH + YEAR - 1);
        assertEq(salus.getVotes(curator), 0);
        assertEq(salus.totalSupply(), SUPPLY);
        uint256 before = block.timestamp;
        mintAfterAYear(o, 0);
        assertEq(salus.getVotes(curator), 25e17);
        // Nor in any snapshot taken before.
        assertEq(salus.getPastVotes(curator, before), 0);
        assertEq(salus.getPastTotalSupply(before), SUPPLY);
    }

    /// @dev Register, epoch ends, a year passes, mint, pot, rewards, root, claim.
    function test_ContributorsPart_GoesTheWholeWay() public {
        Order memory o = registered("whole way");
        mintAfterAYear(o, 0);
        bytes32[] memory pots = new bytes32[](1);
        payouts.collect(address(salus), dataset, pots);
        (uint128 funded_, ) = rewards.accountOf(dataset, address(salus));
        assertEq(funded_, 175e17);
        RewardLeaf[] memory leaves = new RewardLeaf[](2);
        (leaves[0], leaves[1]) = (RewardLeaf(address(0xA), 100e17, 0), RewardLeaf(address(0xB), 75e17, 0));
        RewardRoot memory r;
        SumTrees.Node memory top = SumTrees.root(leaves);
        (r.dataset, r.token, r.epoch) = (dataset, address(salus), uint40(block.number - 1));
        (r.root, r.total, r.count, r.leafFile) = (top.hash, top.sum, 2, keccak256("file"));
        rewards.postRoot(r, signatures(rewards.hashRoot(r), 1, 2));
        vm.warp(block.timestamp + CHALLENGE);
        OwnClaim[] memory claims = new OwnClaim[](1);
        claims[0] = OwnClaim(dataset, address(salus), SumTrees.prove(leaves, 1));
        vm.prank(address(0xB));
        rewards.claim(claims);
        assertEq(salus.balanceOf(address(0xB)), 75e17);
    }

    /// @dev A model's part goes up to the people whose data trained it, by the pots that exist.
    function test_GivenAModelsUse_RoyaltiesReachTheDataset() public {
        uint256 model = publishModel();
        Order memory o = used(model);
        issuance.register(o);
        // A fee of 7.5 cents: 0.75 tokens, half of it the model's pot.
        IssuedParts memory p = mintAfterAYear(o, 0);
        assertEq(p.pot, 375e15);
        payouts.distribute(address(salus), model, parentsOfModel());
        bytes32[] memory roots = new bytes32[](1);
        roots[0] = trainedOn;
        assertEq(payouts.collect(address(salus), dataset, roots), 375e15);
    }

    /*//////////////////////////////////////////////////////////////
                                 FLOOR
    //////////////////////////////////////////////////////////////*/

    function setFloor(uint128 floor) private {
        vm.prank(timelock);
        issuance.setFloor(floor);
    }

    function test_SetFloor_RevertWhen_NotByVote() public {
        address[3] memory others = [stranger, curator, holder];
        for (uint256 i = 0; i < 3; ++i) {
            expectError(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, others[i]));
            vm.prank(others[i]);
            issuance.setFloor(FLOOR);
        }
    }

    function test_SetFloor_Bounds() public {
        uint128[2] memory beyond = [FLOOR - 1, FLOOR * 1_000 + 1];
        for (uint256 i = 0; i < 2; ++i) {
            expectError(
                abi.encodeWithSelector(
                    Errors.Issuance_FloorOutOfRange.selector,
                    FLOOR,
                    FLOOR * 1_000,
                    beyond[i]
                )
            );
            vm.prank(timelock);
            issuance.setFloor(beyond[i]);
        }
        vm.expectEmit(address(issuance));
        emit IIssuance.FloorChanged(1, FLOOR, FLOOR * 1_000);
        setFloor(FLOOR * 1_000);
        assertEq(issuance.floorOf(1), FLOOR * 1_000);
        assertEq(issuance.floor(), FLOOR * 1_000);
        assertEq(issuance.floorOf(0), FLOOR);
        setFloor(FLOOR);
        assertEq(issuance.floorOf(1), FLOOR);
    }

    function test_SetFloor_BindsLaterEpochsOnly_AlsoWhenClosedLate() public {
        Order memory o = registered("before");
        setFloor(2 * FLOOR);
        assertEq(issuance.floorOf(0), FLOOR);
        assertEq(issuance.floorOf(1), 2 * FLOOR);
        into(1, 3 days);
        Order memory next = paid("after");
        setFloor(7 * FLOOR);
        into(5, 0);
        setFloor(3 * FLOOR);
        issuance.close(0);
        issuance.close(1);
        issuance.close(2);
        assertEq(issuance.epochOf(0).price, FLOOR);
        assertEq(issuance.epochOf(1).price, 2 * FLOOR);
        assertEq(issuance.epochOf(2).price, 7 * FLOOR);
        assertEq(sum(issuance.tokensOf(o)), 25e18);
        expectError(
            abi.encodeWithSelector(Errors.Issuance_TooLate.selector, idOf(next), begun + 3 * MONTH - 1)
        );
        issuance.register(next);
    }

    /*//////////////////////////////////////////////////////////////
                                NO VOTE
    //////////////////////////////////////////////////////////////*/

    function test_NoVoteCanMint() public {
        assertEq(salus.minter(), address(issuance));
        address[5] memory actors = [timelock, address(manager), address(escrow), curator, address(this)];
        for (uint256 i = 0; i < 5; ++i) {
            expectError(abi.encodeWithSelector(Errors.SalusToken_NotMinter.selector, actors[i]));
            vm.prank(actors[i]);
            salus.mint(actors[i], 1);
        }
        assertEq(salus.totalSupply(), SUPPLY);
    }
}
