// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {GatewayRegistry} from "../../../contracts/GatewayRegistry.sol";
import {IGatewayStakes, Stake} from "../../../contracts/interfaces/IGatewayStakes.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Base} from "../support/Base.sol";
import {BlacklistToken, FeeToken, HookToken, ITokenHook, PlainToken} from "../support/Tokens.sol";

contract GatewayStakesTest is Base {
    uint64 private constant SLASHER = 1;
    uint128 private constant AMOUNT = 1_000e6;
    address private _slasher = address(0x51A5);

    function setUp() public override {
        super.setUp();
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = gateways.slash.selector;
        vm.startPrank(timelock);
        manager.setTargetFunctionRole(address(gateways), selectors, SLASHER);
        manager.grantRole(SLASHER, _slasher, 0);
        vm.stopPrank();
        dollar.mint(stranger, 10 * AMOUNT);
        vm.prank(stranger);
        dollar.approve(address(gateways), type(uint256).max);
    }

    function deposit(uint16 gateway, uint128 amount) private {
        vm.prank(stranger);
        gateways.depositStake(gateway, amount);
    }

    function request(uint128 amount) private {
        vm.prank(operator(1));
        gateways.requestStakeWithdrawal(1, amount);
    }

    function minimum(uint128 amount) private {
        vm.prank(timelock);
        gateways.setMinimumStake(amount);
    }

    function assertStake(uint16 gateway, uint256 amount, uint256 leaving, uint256 leavesAt) private view {
        Stake memory s = gateways.stakeOf(gateway);
        assertEq(s.amount, amount);
        assertEq(s.leaving, leaving);
        assertEq(s.leavesAt, leavesAt);
    }

    function test_Constructor_RevertWhen_TheTokenIsZero() public {
        expectError(abi.encodeWithSelector(Errors.GatewayRegistry_AddressZero.selector));
        new GatewayRegistry(address(manager), address(0), 1);
        assertEq(gateways.stakeToken(), address(dollar));
        assertEq(gateways.withdrawalDelay(), STAKE_DELAY);
    }

    /*//////////////////////////////////////////////////////////////
                                DEPOSIT
    //////////////////////////////////////////////////////////////*/

    function test_DepositStake_RevertGiven_NotActive() public {
        expectError(abi.encodeWithSelector(Errors.GatewayRegistry_NotActive.selector, 9));
        deposit(9, 1);
        vm.prank(timelock);
        gateways.remove(1);
        expectError(abi.encodeWithSelector(Errors.GatewayRegistry_NotActive.selector, 1));
        deposit(1, 1);
    }

    function test_DepositsStake() public {
        deposit(1, AMOUNT);
        vm.expectEmit(address(gateways));
        emit IGatewayStakes.StakeDeposited(1, stranger, 5, AMOUNT + 5);
        deposit(1, 5);
        assertStake(1, AMOUNT + 5, 0, 0);
        assertStake(2, 0, 0, 0);
        assertEq(dollar.balanceOf(address(gateways)), AMOUNT + 5);
    }

    function registryOf(PlainToken token) private returns (GatewayRegistry registry) {
        registry = new GatewayRegistry(address(manager), address(token), STAKE_DELAY);
        vm.prank(timelock);
        registry.admit(operator(1), signer(1), keccak256("key"), "name", "url");
        token.mint(address(this), 1_000);
        token.approve(address(registry), type(uint256).max);
    }

    function test_DepositStake_RevertWhen_TheTokenKeepsAFee() public {
        GatewayRegistry registry = registryOf(new FeeToken());
        expectError(abi.encodeWithSelector(Errors.GatewayRegistry_TokenDeltaMismatch.selector, 100, 99));
        registry.depositStake(1, 100);
    }

    function test_DepositStake_RevertWhen_TheTokenCallsBack() public {
        HookToken token = new HookToken();
        GatewayRegistry registry = registryOf(token);
        DoubleDepositor attacker = new DoubleDepositor(registry, token);
        token.mint(address(attacker), 1_000);
        // The inner deposit is exact; the outer one sees both amounts arrive and is refused.
        expectError(abi.encodeWithSelector(Errors.GatewayRegistry_TokenDeltaMismatch.selector, 100, 200));
        attacker.run();
        assertEq(registry.stakeOf(1).amount, 0);
    }

    /*//////////////////////////////////////////////////////////////
                               WITHDRAWAL
    //////////////////////////////////////////////////////////////*/

    function test_RequestStakeWithdrawal_RevertWhen_CallerIsNotTheOperator() public {
        deposit(1, AMOUNT);
        bytes4 err = Errors.GatewayRegistry_NotOperator.selector;
        address[3] memory others = [stranger, timelock, operator(2)];
        for (uint256 i = 0; i < 3; ++i) {
            expectError(abi.encodeWithSelector(err, 1, others[i]));
            vm.prank(others[i]);
            gateways.requestStakeWithdrawal(1, 1);
            expectError(abi.encodeWithSelector(err, 1, others[i]));
            vm.prank(others[i]);
            gateways.withdrawStake(1, others[i]);
        }
    }

    function test_RequestStakeWithdrawal_RevertWhen_BelowTheMinimum() public {
        deposit(1, AMOUNT);
        minimum(400e6);
        bytes4 err = Errors.GatewayRegistry_StakeTooLow.selector;
        expectError(abi.encodeWithSelector(err, 1, AMOUNT + 1, AMOUNT));
        request(600e6 + 1);
        request(600e6);
        assertStake(1, AMOUNT, 600e6, block.timestamp + STAKE_DELAY);
    }

    function test_RequestStakeWithdrawal_GivenTheGatewayWasRemoved() public {
        deposit(1, AMOUNT);
        minimum(400e6);
        vm.prank(timelock);
        gateways.remove(1);
        request(AMOUNT);
        vm.warp(block.timestamp + STAKE_DELAY);
        vm.prank(operator(1));
        assertEq(gateways.withdrawStake(1, operator(1)), AMOUNT);
    }

    function test_RequestStakeWithdrawal_ReplacesAndCancels() public {
        deposit(1, AMOUNT);
        request(10);
        vm.warp(block.timestamp + 100);
        vm.expectEmit(address(gateways));
        emit IGatewayStakes.StakeWithdrawalRequested(1, 20, uint40(block.timestamp) + STAKE_DELAY);
        request(20);
        assertStake(1, AMOUNT, 20, block.timestamp + STAKE_DELAY);
        request(0);
        assertStake(1, AMOUNT, 0, 0);
        vm.warp(block.timestamp + STAKE_DELAY);
        expectError(abi.encodeWithSelector(Errors.GatewayRegistry_NothingToWithdraw.selector, 1));
        vm.prank(operator(1));
        gateways.withdrawStake(1, operator(1));
    }

    function test_RequestStakeWithdrawal_GivenTheMinimumIsRaisedAfterwards() public {
        deposit(1, AMOUNT);
        request(AMOUNT);
        minimum(AMOUNT);
        vm.warp(block.timestamp + STAKE_DELAY);
        vm.prank(operator(1));
        assertEq(gateways.withdrawStake(1, operator(1)), AMOUNT);
    }

    function test_WithdrawStake_RevertWhen_TooEarly() public {
        deposit(1, AMOUNT);
        request(10);
        uint256 opensAt = block.timestamp + STAKE_DELAY;
        vm.warp(opensAt - 1);
        expectError(abi.encodeWithSelector(Errors.GatewayRegistry_TooEarly.selector, 1, opensAt));
        vm.prank(operator(1));
        gateways.withdrawStake(1, operator(1));
    }

    function test_WithdrawStake_RevertWhen_TheAddressIsZero() public {
        deposit(1, AMOUNT);
        request(10);
        vm.warp(block.timestamp + STAKE_DELAY);
        expectError(abi.encodeWithSelector(Errors.GatewayRegistry_AddressZero.selector));
        vm.prank(operator(1));
        gateways.withdrawStake(1, address(0));
    }

    function test_WithdrawsStake() public {
        deposit(1, AMOUNT);
        deposit(2, AMOUNT);
        request(10);
        vm.warp(block.timestamp + STAKE_DELAY);
        vm.expectEmit(address(gateways));
        emit IGatewayStakes.StakeWithdrawn(1, address(0xCAFE), 10, AMOUNT - 10);
        vm.prank(operator(1));
        assertEq(gateways.withdrawStake(1, address(0xCAFE)), 10);
        assertEq(dollar.balanceOf(address(0xCAFE)), 10);
        assertStake(1, AMOUNT - 10, 0, 0);
        assertStake(2, AMOUNT, 0, 0);
        expectError(abi.encodeWithSelector(Errors.GatewayRegistry_NothingToWithdraw.selector, 1));
        vm.prank(operator(1));
        gateways.withdrawStake(1, address(0xCAFE));
    }

    function test_WithdrawStake_GivenTheTokenRefusesAnAddress() public {
        BlacklistToken token = new BlacklistToken();
        GatewayRegistry registry = registryOf(token);
        registry.depositStake(1, 100);
        vm.prank(operator(1));
        registry.requestStakeWithdrawal(1, 100);
        vm.warp(block.timestamp + STAKE_DELAY);
        token.setBlacklisted(operator(1), true);
        expectError(abi.encodeWithSelector(BlacklistToken.Blacklisted.selector, operator(1)));
        vm.prank(operator(1));
        registry.withdrawStake(1, operator(1));
        vm.prank(operator(1));
        assertEq(registry.withdrawStake(1, stranger), 100);
    }

    /*//////////////////////////////////////////////////////////////
                                 SLASH
    //////////////////////////////////////////////////////////////*/

    function test_Slash_RevertWhen_TheCallerHasNoSuchRole() public {
        deposit(1, AMOUNT);
        address[4] memory others = [stranger, timelock, operator(1), signer(2)];
        for (uint256 i = 0; i < 4; ++i) {
            expectError(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, others[i]));
            vm.prank(others[i]);
            gateways.slash(1, 1);
        }
    }

    function test_Slash_RevertWhen_ZeroOrAboveTheStake() public {
        deposit(1, AMOUNT);
        bytes4 err = Errors.GatewayRegistry_StakeTooLow.selector;
        vm.startPrank(_slasher);
        expectError(abi.encodeWithSelector(err, 1, 0, AMOUNT));
        gateways.slash(1, 0);
        expectError(abi.encodeWithSelector(err, 1, AMOUNT + 1, AMOUNT));
        gateways.slash(1, AMOUNT + 1);
        vm.stopPrank();
    }

    function test_Slash_GivenAWithdrawalIsPending() public {
        deposit(1, AMOUNT);
        request(AMOUNT);
        vm.warp(block.timestamp + STAKE_DELAY);
        vm.prank(_slasher);
        gateways.slash(1, AMOUNT / 4);
        assertStake(1, AMOUNT - AMOUNT / 4, 0, 0);
        expectError(abi.encodeWithSelector(Errors.GatewayRegistry_NothingToWithdraw.selector, 1));
        vm.prank(operator(1));
        gateways.withdrawStake(1, operator(1));
    }

    function test_Slashes() public {
        deposit(1, AMOUNT);
        deposit(2, AMOUNT);
        vm.expectEmit(address(gateways));
        emit IGatewayStakes.StakeSlashed(1, _slasher, AMOUNT, 0);
        vm.prank(_slasher);
        gateways.slash(1, AMOUNT);
        assertEq(dollar.balanceOf(_slasher), AMOUNT);
        assertStake(1, 0, 0, 0);
        assertStake(2, AMOUNT, 0, 0);
    }

    /*//////////////////////////////////////////////////////////////
                                MINIMUM
    //////////////////////////////////////////////////////////////*/

    function testFuzz_SetMinimumStake_RevertWhen_CallerIsNotTheVote(address caller) public {
        vm.assume(caller != timelock);
        expectError(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
        vm.prank(caller);
        gateways.setMinimumStake(1);
    }

    function test_SetMinimumStake_RevertWhen_AboveAMillionTokens() public {
        minimum(1_000_000e6);
        assertEq(gateways.minimumStake(), 1_000_000e6);
        expectError(abi.encodeWithSelector(Errors.Bounds_Exceeded.selector, 1_000_000e6 + 1, 0, 1_000_000e6));
        minimum(1_000_000e6 + 1);
    }

    function test_SetsMinimumStake() public {
        vm.expectEmit(address(gateways));
        emit IGatewayStakes.MinimumStakeChanged(0, AMOUNT);
        minimum(AMOUNT);
        assertEq(gateways.minimumStake(), AMOUNT);
        uint16[] memory one = new uint16[](1);
        one[0] = 1;
        deposit(1, AMOUNT - 1);
        bytes4 err = Errors.GatewayRegistry_StakeTooLow.selector;
        expectError(abi.encodeWithSelector(err, 1, AMOUNT, AMOUNT - 1));
        gateways.createSet(one, 1);
        deposit(1, 1);
        assertEq(gateways.createSet(one, 1), 2);
        // The set of before, whose members have no such stake, signs as it did.
        assertEq(gateways.isMember(gatewaySet, 3), true);
        assertEq(gateways.activeSigner(3), signer(3));
    }
}

/// @notice Deposits once more while its deposit is under way.
contract DoubleDepositor is ITokenHook {
    GatewayRegistry private immutable _registry;
    HookToken private immutable _token;
    bool private _inside;

    constructor(GatewayRegistry registry, HookToken token) {
        _registry = registry;
        _token = token;
        token.approve(address(registry), type(uint256).max);
    }

    function run() external {
        _token.setHooked(true);
        _registry.depositStake(1, 100);
    }

    function tokensMoved(address, address, uint256) external {
        if (msg.sender != address(_token) || _inside) return;
        _inside = true;
        _registry.depositStake(1, 100);
    }
}
