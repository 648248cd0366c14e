// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {GatewayRegistry} from "../../../contracts/GatewayRegistry.sol";
import {Stake} from "../../../contracts/interfaces/IGatewayStakes.sol";
import {Invariants} from "../support/Invariants.sol";
import {PlainToken} from "../support/Tokens.sol";

/// @notice Three gateways stake, ask, wait, withdraw, are slashed and removed in any order (README.md).
contract StakesInvariants is Invariants {
    uint32 private constant DELAY = 1 days;

    GatewayRegistry private _gateways;
    PlainToken private _token;
    uint256 private _minimum;
    uint256 private _in;
    uint256 private _withdrawn;
    uint256 private _slashed;
    Stake[4] private _model;
    bool[4] private _removed;

    function setUp() public {
        clock = 1_800_000_000;
        height = 100;
        _token = new PlainToken();
        _gateways = new GatewayRegistry(address(this), address(_token), DELAY);
        for (uint16 i = 1; i <= 3; ++i) {
            _gateways.admit(operator(i), vm.addr(i), bytes32(uint256(i)), "name", "url");
        }
        _token.approve(address(_gateways), type(uint256).max);
    }

    /// @dev Stands in for the access manager: this contract is the vote and the slasher, nobody else is.
    function canCall(address caller, address, bytes4) external view returns (bool, uint32) {
        return (caller == address(this), 0);
    }

    function operator(uint16 gateway) private pure returns (address) {
        return address(uint160(0x1000 + gateway));
    }

    function steps() internal pure override returns (bytes4[] memory s) {
        s = new bytes4[](7);
        s[0] = this.stepDeposit.selector;
        s[1] = this.stepRequest.selector;
        s[2] = this.stepWithdraw.selector;
        s[3] = this.stepSlash.selector;
        s[4] = this.stepMinimum.selector;
        s[5] = this.stepWait.selector;
        s[6] = this.stepRemove.selector;
    }

    function pick(uint256 seed) private pure returns (uint16) {
        return uint16(1 + (seed % 3));
    }

    function stepDeposit(uint256 seed, uint96 amount) external step {
        uint16 g = pick(seed);
        _token.mint(address(this), amount);
        try _gateways.depositStake(g, amount) {
            expect(!_removed[g], "took a stake for a removed gateway");
            _model[g].amount += amount;
            _in += amount;
        } catch {
            expect(_removed[g], "refused a stake");
        }
    }

    function stepRequest(uint256 seed, uint128 amount, bool byOther) external step {
        uint16 g = pick(seed);
        if (seed & 8 == 0) amount = uint128(bound(amount, 0, uint256(_model[g].amount) + 2));
        uint256 kept = _removed[g] ? 0 : _minimum;
        bool may = !byOther && (amount == 0 || uint256(amount) + kept <= _model[g].amount);
        vm.prank(byOther ? operator((g % 3) + 1) : operator(g));
        try _gateways.requestStakeWithdrawal(g, amount) {
            expect(may, "a request that may not be");
            _model[g].leaving = amount;
            _model[g].leavesAt = amount == 0 ? 0 : uint40(clock + DELAY);
        } catch {
            expect(!may, "refused a request");
        }
    }

    function stepWithdraw(uint256 seed, bool byOther) external step {
        uint16 g = pick(seed);
        bool may = !byOther && _model[g].leaving != 0 && clock >= _model[g].leavesAt;
        vm.prank(byOther ? operator((g % 3) + 1) : operator(g));
        try _gateways.withdrawStake(g, address(0xD0)) returns (uint256 amount) {
            expect(may && amount == _model[g].leaving, "a withdrawal that may not be");
            _model[g].amount -= _model[g].leaving;
            (_model[g].leaving, _model[g].leavesAt) = (0, 0);
            _withdrawn += amount;
        } catch {
            expect(!may, "refused a withdrawal");
        }
    }

    function stepSlash(uint256 seed, uint128 amount, bool byOther) external step {
        uint16 g = pick(seed);
        if (seed & 8 == 0) amount = uint128(bound(amount, 0, uint256(_model[g].amount) + 2));
        bool may = !byOther && amount != 0 && amount <= _model[g].amount;
        if (byOther) vm.prank(operator(g));
        try _gateways.slash(g, amount) {
            expect(may, "a slash that may not be");
            _model[g].amount -= amount;
            (_model[g].leaving, _model[g].leavesAt) = (0, 0);
            _slashed += amount;
        } catch {
            expect(!may, "refused a slash");
        }
    }

    function stepMinimum(uint96 minimum) external step {
        minimum = uint96(bound(minimum, 0, _gateways.maxMinimumStake()));
        _minimum = minimum;
        _gateways.setMinimumStake(minimum);
    }

    function stepWait(uint32 time) external step {
        clock += time % (2 * DELAY);
    }

    /// @dev One removal in some runs, so that most steps meet active gateways.
    function stepRemove(uint256 seed) external step {
        if (seed % 16 != 0 || _removed[3]) return;
        _removed[3] = true;
        _gateways.remove(3);
    }

    function invariant_StakesAreSolvent() public view {
        assertNothingViolated();
        uint256 sum = 0;
        for (uint16 g = 1; g <= 3; ++g) {
            Stake memory s = _gateways.stakeOf(g);
            assertEq(keccak256(abi.encode(s)), keccak256(abi.encode(_model[g])));
            assertTrue(s.leaving <= s.amount);
            sum += s.amount;
        }
        assertEq(_token.balanceOf(address(_gateways)), sum);
        assertEq(_in, sum + _withdrawn + _slashed);
        assertEq(_token.balanceOf(address(0xD0)), _withdrawn);
    }
}
