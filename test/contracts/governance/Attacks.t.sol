// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {AccessEscrow} from "../../../contracts/AccessEscrow.sol";
import {SalusToken} from "../../../contracts/governance/SalusToken.sol";
import {Treasury} from "../../../contracts/governance/Treasury.sol";
import {Payment} from "../../../contracts/interfaces/ITreasury.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Version} from "../../../contracts/types/AssetTypes.sol";
import {Grant} from "../../../contracts/types/ConsentTypes.sol";
import {Order, OrderKind} from "../../../contracts/types/OrderTypes.sol";
import {GovernanceTest} from "./GovernanceTest.sol";
import {NaiveEscrow, NaivePayouts, NaiveTreasury} from "./naive/NaiveMoney.sol";
import {NaiveGovernor} from "./naive/NaiveGovernor.sol";
import {NaiveConsent, NaiveGatewaySets} from "./naive/NaiveRegistries.sol";
import {BadProposal, FlashLender, GoodProposal, IBorrower, Metamorph} from "./naive/Tricks.sol";

/// @notice Attacks by name. Each succeeds against the naive variant in `naive/` and fails here.
contract AttacksTest is GovernanceTest, IBorrower {
    NaiveGovernor private naive;
    Treasury private treasury;
    address private thief = address(0x7417F);

    bytes4 private constant UNAUTHORIZED = IAccessManaged.AccessManagedUnauthorized.selector;

    function setUp() public override {
        super.setUp();
        naive = new NaiveGovernor(token, guardian);
        treasury = new Treasury(address(manager), 500, 1 days, 21 days);
    }

    /*//////////////////////////////////////////////////////////////
                            FLASH-LOAN VOTE
    //////////////////////////////////////////////////////////////*/

    FlashLender private lender;
    bool private attackNaive;
    uint256 private running;

    function lenderWith(uint256 amount) private {
        lender = new FlashLender(token);
        vm.prank(cat);
        token.transfer(address(lender), amount);
    }

    /// @dev What the borrower does while it holds the votes.
    function onLoan(uint256 amount) external override {
        if (attackNaive) {
            uint256 id = naive.propose(address(token), abi.encodeCall(IERC20.transfer, (thief, 1)), false);
            naive.vote(id);
            naive.execute(id);
        } else {
            token.delegate(address(this));
            governor.castVote(running, FOR);
            proposal(address(escrow), abi.encodeCall(escrow.setFee, (0)));
            expectError(
                abi.encodeWithSelector(
                    IGovernor.GovernorInsufficientProposerVotes.selector,
                    address(this),
                    0,
                    50_000e18
                )
            );
            propose(address(this));
        }
        token.transfer(address(lender), amount);
    }

    function test_Attack_FlashLoanVote() public {
        lenderWith(5_000_000e18);
        vm.prank(cat);
        token.transfer(address(naive), 1);
        attackNaive = true;
        lender.lend(5_000_000e18);
        assertEq(token.balanceOf(thief), 1);
        // Here: neither a proposal, nor a vote of any weight on one that is running.
        attackNaive = false;
        running = proposeFee(0);
        open();
        lender.lend(5_000_000e18);
        (uint256 against, uint256 in_, uint256 abstain) = governor.proposalVotes(running);
        assertEq(against + in_ + abstain, 0);
        close();
        assertStage(running, IGovernor.ProposalState.Defeated);
    }

    /*//////////////////////////////////////////////////////////////
                     SAME-BLOCK PROPOSE AND EXECUTE
    //////////////////////////////////////////////////////////////*/

    function test_Attack_SameBlockProposeAndExecute() public {
        vm.prank(ben);
        token.transfer(address(naive), 7);
        vm.startPrank(ben);
        uint256 id = naive.propose(address(token), abi.encodeCall(IERC20.transfer, (thief, 7)), false);
        naive.vote(id);
        naive.execute(id);
        vm.stopPrank();
        assertEq(token.balanceOf(thief), 7);
        // Here every step but the first has to wait, and none of the waits can be none.
        id = proposeFee(0);
        vm.expectPartialRevert(IGovernor.GovernorUnexpectedProposalState.selector);
        vote(ben, id, FOR);
        vm.expectPartialRevert(IGovernor.GovernorUnexpectedProposalState.selector);
        queue();
        vm.expectPartialRevert(IGovernor.GovernorUnexpectedProposalState.selector);
        execute();
        passed(id);
        queue();
        vm.expectPartialRevert(bytes4(keccak256("TimelockUnexpectedOperationState(bytes32,bytes32)")));
        execute();
        assertEq(escrow.feeBps(), FEE_BPS);
    }

    /*//////////////////////////////////////////////////////////////
                PROPOSAL CONTRACT SWAPPED AFTER REVIEW
    //////////////////////////////////////////////////////////////*/

    function test_Attack_ProposalContractSwappedAfterReview() public {
        Metamorph metamorph = new Metamorph();
        address place = metamorph.place();
        metamorph.aim(address(new GoodProposal()));
        bytes memory run = abi.encodeCall(BadProposal.run, (token, thief));
        vm.prank(cat);
        token.transfer(address(naive), 500);
        vm.prank(ben);
        uint256 id = naive.propose(place, run, true);
        vm.prank(ben);
        naive.vote(id);
        uint256 reviewed = vm.snapshotState();
        metamorph.aim(address(new BadProposal()));
        metamorph.appear();
        naive.execute(id);
        assertEq(token.balanceOf(thief), 500);
        // Here: what is not there yet cannot be proposed,
        vm.revertToState(reviewed);
        proposal(place, run);
        expectError(abi.encodeWithSelector(Errors.SalusGovernor_NoCode.selector, place));
        propose(ann);
        // what is swapped does not run,
        metamorph.appear();
        id = propose(ann);
        passed(id);
        queue();
        vm.warp(block.timestamp + DELAY);
        uint256 queued = vm.snapshotState();
        vm.etch(place, address(new BadProposal()).code);
        expectError(abi.encodeWithSelector(Errors.SalusGovernor_TargetChanged.selector, id));
        execute();
        // and whatever runs, runs as itself and not as the timelock.
        vm.revertToState(queued);
        vm.prank(cat);
        token.transfer(address(lock), 500);
        execute();
        assertEq(token.balanceOf(address(lock)), 500);
    }

    function test_Attack_NamedContractSwappedAfterReview() public {
        // A contract that only an argument names: the proposal fixes its code by a call of its own.
        address next = address(newEscrow(0));
        address[] memory targets = new address[](2);
        bytes[] memory calls = new bytes[](2);
        (targets[0], targets[1]) = (address(governor), address(assets));
        calls[0] = abi.encodeCall(governor.requireCode, (next, next.codehash));
        calls[1] = abi.encodeCall(assets.setEscrow, (next));
        vm.prank(ann);
        uint256 id = governor.propose(targets, new uint256[](2), calls, "why");
        passed(id);
        governor.queue(targets, new uint256[](2), calls, keccak256("why"));
        vm.warp(block.timestamp + DELAY);
        bytes memory code = next.code;
        vm.etch(next, address(new BadProposal()).code);
        vm.expectPartialRevert(Errors.SalusGovernor_CodeChanged.selector);
        governor.execute(targets, new uint256[](2), calls, keccak256("why"));
        vm.etch(next, code);
        governor.execute(targets, new uint256[](2), calls, keccak256("why"));
        assertEq(assets.escrow(), next);
    }

    /*//////////////////////////////////////////////////////////////
                 TREASURY DRAINED BY A LOW-TURNOUT VOTE
    //////////////////////////////////////////////////////////////*/

    function spend(address target, bytes memory call) private returns (bool ok) {
        proposal(target, call);
        uint256 id = propose(ben);
        open();
        vote(ben, id, FOR);
        close();
        queue();
        vm.warp(block.timestamp + DELAY);
        try governor.execute(_targets(), _values(), _calls(), keccak256("why")) {
            return true;
        } catch {
            return false;
        }
    }

    function test_Attack_TreasuryDrainedByALowTurnoutVote() public {
        // Six percent vote, nobody else looks.
        NaiveTreasury naiveTreasury = new NaiveTreasury(address(naive));
        dollar.mint(address(naiveTreasury), 1_000e6);
        vm.startPrank(ben);
        bytes memory all = abi.encodeCall(NaiveTreasury.pay, (dollar, thief, 1_000e6));
        uint256 id = naive.propose(address(naiveTreasury), all, false);
        naive.vote(id);
        naive.execute(id);
        vm.stopPrank();
        assertEq(dollar.balanceOf(thief), 1_000e6);
        // Here the same votes, as often as one likes within a window, take a tenth at the very most.
        address second = address(0x7417F2);
        dollar.mint(address(treasury), 1_000e6);
        uint256 until = block.timestamp + 29 days;
        assertEq(spend(address(treasury), abi.encodeCall(treasury.pay, (to(second, 1_000e6)))), false);
        assertEq(spend(address(treasury), abi.encodeCall(treasury.setCap, (10_000))), false);
        assertEq(spend(address(treasury), abi.encodeCall(treasury.setCap, (1_000))), true);
        for (uint256 i = 0; i < 20 && block.timestamp < until; ++i) {
            (uint256 atOnce, ) = treasury.payableOf(address(dollar));
            spend(address(treasury), abi.encodeCall(treasury.pay, (to(second, atOnce + 1 + i))));
            if (atOnce != 0) spend(address(treasury), abi.encodeCall(treasury.pay, (to(second, atOnce))));
        }
        assertEq(dollar.balanceOf(second), 100e6);
        // More has to be announced, and those who slept wake up.
        Payment memory half = to(second, 400e6);
        assertEq(spend(address(treasury), abi.encodeCall(treasury.announce, (half, 0))), true);
        delegate(cat);
        vm.warp(block.timestamp + HOLDING + 1);
        proposal(address(treasury), abi.encodeCall(treasury.revoke, (treasury.announcementId(half, 0))));
        id = propose(cat);
        open();
        vote(cat, id, FOR);
        vote(ben, id, AGAINST);
        close();
        queue();
        vm.warp(block.timestamp + DELAY);
        execute();
        vm.warp(block.timestamp + 22 days);
        vm.expectPartialRevert(Errors.Treasury_NotAnnounced.selector);
        treasury.payAnnounced(half, 0);
        assertEq(dollar.balanceOf(second), 100e6);
    }

    function to(address who, uint256 amount) private view returns (Payment memory) {
        return Payment(address(dollar), who, amount, 0, 0);
    }

    /*//////////////////////////////////////////////////////////////
                    ACCEPTED PROPOSAL KEPT FOR LATER
    //////////////////////////////////////////////////////////////*/

    /// @dev Those who had the votes in a quiet month keep what they passed until it serves them.
    function test_Attack_AcceptedProposalKeptForLater() public {
        vm.prank(cat);
        token.transfer(address(naive), 7);
        vm.prank(ben);
        uint256 id = naive.propose(address(token), abi.encodeCall(IERC20.transfer, (thief, 7)), false);
        vm.prank(ben);
        naive.vote(id);
        vm.warp(block.timestamp + 365 days);
        naive.execute(id);
        assertEq(token.balanceOf(thief), 7);
        // Here what was accepted is queued within thirty days,
        id = proposeFee(0);
        passed(id);
        uint256 deadline = governor.proposalDeadline(id);
        vm.warp(deadline + 30 days + 1);
        assertStage(id, IGovernor.ProposalState.Expired);
        vm.expectPartialRevert(IGovernor.GovernorUnexpectedProposalState.selector);
        queue();
        vm.warp(deadline + 30 days);
        queue();
        // and carried out within thirty from when it can be; afterwards it takes a new vote.
        uint256 eta = governor.proposalEta(id);
        vm.warp(eta + 30 days + 1);
        assertStage(id, IGovernor.ProposalState.Expired);
        vm.expectPartialRevert(IGovernor.GovernorUnexpectedProposalState.selector);
        execute();
        assertEq(escrow.feeBps(), FEE_BPS);
        vm.warp(eta + 30 days);
        execute();
        assertEq(escrow.feeBps(), 0);
    }

    /*//////////////////////////////////////////////////////////////
                       GUARDIAN THAT NEVER LEAVES
    //////////////////////////////////////////////////////////////*/

    function test_Attack_GuardianThatNeverLeaves() public {
        vm.prank(ben);
        uint256 id = naive.propose(
            address(naive),
            abi.encodeCall(NaiveGovernor.setGuardian, (address(0))),
            false
        );
        vm.warp(block.timestamp + 3_650 days);
        vm.prank(ben);
        naive.vote(id);
        vm.prank(guardian);
        naive.cancel(id);
        vm.expectRevert(bytes("not passed"));
        naive.execute(id);
        // Here the office ends by itself: in it the guardian may cancel its own removal, after it nothing.
        assertEq(governor.proposalGuardian(), address(0));
        id = proposeFee(0);
        passed(id);
        queue();
        expectError(abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, id, guardian));
        cancel(guardian);
        vm.warp(block.timestamp + DELAY);
        execute();
        assertEq(escrow.feeBps(), 0);
        // And no term is longer than a year, whoever deploys.
        vm.expectPartialRevert(Errors.Bounds_Exceeded.selector);
        newGovernor(guardian, uint48(block.timestamp + 366 days));
    }

    /*//////////////////////////////////////////////////////////////
                      ROLE LEFT WITH THE DEPLOYER
    //////////////////////////////////////////////////////////////*/

    function test_Attack_RoleLeftWithTheDeployer() public {
        // A deployment that gives the timelock its role and forgets to lay down its own.
        AccessManager forgetful = new AccessManager(address(this));
        forgetful.grantRole(0, address(lock), 0);
        AccessEscrow theirs = new AccessEscrow(
            address(forgetful),
            assets,
            gateways,
            payouts,
            dataUse,
            commons,
            FEE_BPS,
            AccessEscrow.Windows(MIN_DELIVERY, MAX_DELIVERY, DISPUTE, REPORT, RULING)
        );
        theirs.setFee(1_000);
        assertEq(theirs.feeBps(), 1_000);
        // Here the deployer, which is this contract as well, has laid everything down.
        expectError(abi.encodeWithSelector(UNAUTHORIZED, address(this)));
        escrow.setFee(1_000);
    }

    /*//////////////////////////////////////////////////////////////
                      FEE OF AN OPEN ORDER CHANGED
    //////////////////////////////////////////////////////////////*/

    function test_Attack_FeeOfAnOpenOrderChanged() public {
        NaiveEscrow theirs = new NaiveEscrow(address(this), dollar, thief);
        vm.prank(buyer);
        dollar.approve(address(theirs), 100e6);
        vm.prank(buyer);
        theirs.fund(curator, 100e6);
        theirs.setFee(10_000);
        theirs.settle(curator);
        assertEq(dollar.balanceOf(thief), 100e6);
        assertEq(dollar.balanceOf(curator), 0);
        // Here the highest fee that a vote can set reaches later orders only.
        Order memory o = order(OrderKind.Analysis, bytes32("open"));
        o.deliverBy = uint40(block.timestamp + MAX_DELIVERY);
        fund(o);
        enact(proposeFee(1_000));
        deliver(o);
        passDispute();
        escrow.settle(o);
        assertEq(payouts.creditOf(address(dollar), commons), (uint256(PRICE) * FEE_BPS) / 10_000);
    }

    /*//////////////////////////////////////////////////////////////
                    CREDIT OR CONSENT CONFISCATED
    //////////////////////////////////////////////////////////////*/

    function refusedByVote(address target, bytes memory call) private {
        proposal(target, call);
        uint256 id = propose(ann);
        passed(id);
        queue();
        vm.warp(block.timestamp + DELAY);
        try governor.execute(_targets(), _values(), _calls(), keccak256("why")) {
            assertTrue(false, "a vote took what is not its own");
        } catch {}
    }

    function test_Attack_CreditConfiscated() public {
        NaivePayouts theirs = new NaivePayouts(address(this), dollar);
        vm.prank(buyer);
        dollar.approve(address(theirs), 100e6);
        vm.prank(buyer);
        theirs.deposit(curator, 100e6);
        theirs.rescue(thief, 100e6);
        assertEq(dollar.balanceOf(thief), 100e6);
        // Here a vote withdraws its own credit, which is none, sends anybody's to where they said, and there is no rescue.
        settled(order(OrderKind.Analysis, bytes32("settled")));
        uint256 credit = payouts.creditOf(address(dollar), curator);
        assertTrue(credit != 0);
        bytes32 pot = keccak256(abi.encode(payouts.potOf(address(dollar), bytes32(dataset))));
        address d = address(dollar);
        refusedByVote(address(payouts), abi.encodeCall(payouts.withdraw, (d, thief)));
        refusedByVote(address(payouts), abi.encodeCall(payouts.withdrawFor, (d, curator)));
        refusedByVote(address(payouts), abi.encodeCall(NaivePayouts.rescue, (thief, credit)));
        refusedByVote(
            address(dollar),
            abi.encodeCall(IERC20.transferFrom, (address(payouts), thief, credit))
        );
        assertEq(payouts.creditOf(d, curator), credit);
        assertEq(keccak256(abi.encode(payouts.potOf(d, bytes32(dataset)))), pot);
        vm.prank(curator);
        assertEq(payouts.withdraw(d, curator), credit);
    }

    function test_Attack_ConsentConfiscated() public {
        NaiveConsent theirs = new NaiveConsent(address(this));
        theirs.grant(buyer, 3);
        assertEq(theirs.purposesOf(buyer), 3);
        // Here a vote is nobody: it neither widens a consent, nor narrows one, nor stands in a person's way.
        bytes32 before = keccak256(abi.encode(consent.slotOf(dataset, buyer)));
        Grant memory g = Grant(dataset, buyer, 3, type(uint40).max, 7, 0);
        refusedByVote(address(consent), abi.encodeCall(consent.grant, (g)));
        refusedByVote(address(consent), abi.encodeCall(consent.grantBySig, (g, "")));
        refusedByVote(address(consent), abi.encodeCall(consent.revokeFor, (dataset, buyer)));
        address[] memory subjects = new address[](1);
        subjects[0] = buyer;
        refusedByVote(address(consent), abi.encodeCall(consent.revokeProvisionalBatch, (dataset, subjects)));
        assertEq(keccak256(abi.encode(consent.slotOf(dataset, buyer))), before);
        vm.prank(buyer);
        consent.revoke(dataset);
        assertEq(consent.slotOf(dataset, buyer).purposes, 0);
    }

    /*//////////////////////////////////////////////////////////////
                    GATEWAY SET CAPTURED TO DECRYPT
    //////////////////////////////////////////////////////////////*/

    function test_Attack_GatewaySetCapturedToDecrypt() public {
        address[] memory honest = new address[](2);
        (honest[0], honest[1]) = (signer(1), signer(2));
        NaiveGatewaySets theirs = new NaiveGatewaySets(address(this), honest);
        address[] memory captured = new address[](2);
        (captured[0], captured[1]) = (thief, vm.addr(0xE71));
        theirs.setSigners(1, captured);
        assertTrue(theirs.mayHaveShares(1, thief));
        // Here a vote admits the thief's gateways and removes the honest ones: the set keeps its members, and the thief is
        // in none that holds a share of anything that exists.
        address operator_ = address(0xE70);
        bytes memory admission = abi.encodeCall(
            gateways.admit,
            (operator_, thief, keccak256("sealing key"), "thief", "url")
        );
        proposal(address(gateways), admission);
        enact(propose(ann));
        uint16 admitted = gateways.gatewayCount();
        proposal(address(gateways), abi.encodeCall(gateways.remove, (1)));
        enact(propose(ann));
        (uint16[] memory inSet, uint8 threshold) = gateways.setOf(gatewaySet);
        assertEq(keccak256(abi.encode(inSet)), keccak256(abi.encode(members())));
        assertEq(threshold, 2);
        (bool member, ) = gateways.signerIn(gatewaySet, admitted);
        assertEq(member, false);
        // A set of the thief's own can be made; no dataset moves to it, not even by its curator's hand.
        uint16[] memory own = new uint16[](1);
        own[0] = admitted;
        uint24 other = gateways.createSet(own, 1);
        Version memory moved = version();
        moved.gatewaySet = other;
        expectError(abi.encodeWithSelector(Errors.AssetRegistry_GatewaySetFixed.selector, gatewaySet, other));
        vm.prank(curator);
        assets.addVersion(dataset, moved);
    }

    /*//////////////////////////////////////////////////////////////
                             PROPOSAL SPAM
    //////////////////////////////////////////////////////////////*/

    function test_Attack_ProposalSpam() public {
        vm.startPrank(thief);
        for (uint256 i = 0; i < 100; ++i) naive.propose(address(this), "", false);
        vm.stopPrank();
        assertEq(naive.count(), 100);
        // Here it takes votes; those who have them get one at a time; and votes handed on propose only once they are old.
        proposal(address(escrow), abi.encodeCall(escrow.setFee, (1)));
        vm.expectPartialRevert(IGovernor.GovernorInsufficientProposerVotes.selector);
        propose(thief);
        propose(ben);
        proposal(address(escrow), abi.encodeCall(escrow.setFee, (2)));
        vm.expectPartialRevert(Errors.SalusGovernor_ProposalOpen.selector);
        propose(ben);
        for (uint160 i = 1; i <= 3; ++i) {
            address sock = address(uint160(thief) + i);
            vm.prank(ben);
            token.delegate(sock);
            vm.warp(block.timestamp + 1);
            vm.expectPartialRevert(Errors.SalusGovernor_VotesTooFresh.selector);
            propose(sock);
        }
    }
}
