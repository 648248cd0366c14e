// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Payouts} from "../../../contracts/Payouts.sol";
import {IAssetRegistry} from "../../../contracts/interfaces/IAssetRegistry.sol";
import {IContributorRewards} from "../../../contracts/interfaces/IContributorRewards.sol";
import {Credit} from "../../../contracts/interfaces/IPayouts.sol";
import {Parent} from "../../../contracts/types/AssetTypes.sol";
import {Lineage} from "../support/Lineage.sol";
import {Invariants} from "../support/Invariants.sol";
import {PlainToken} from "../support/Tokens.sol";

/// @notice Two tokens flow into a lineage of six assets, up along it and out to three payees (README.md).
contract PayoutsInvariants is Invariants {
    uint256 private constant ASSETS = 6;

    Payouts private _payouts;
    PlainToken[2] private _tokens;
    mapping(uint256 asset => Parent[]) private _parents;
    bytes32[] private _pots;
    address[3] private _payees = [address(0xA), address(0xB), address(0xC)];
    uint256[2] private _in;
    uint256[2] private _out;

    function setUp() public {
        clock = 1_800_000_000;
        height = 100;
        Lineage lineage = new Lineage();
        _payouts = new Payouts(IAssetRegistry(address(lineage)), IContributorRewards(address(0)));
        (_tokens[0], _tokens[1]) = (new PlainToken(), new PlainToken());
        // 3 and 4 come from datasets 0 to 2 (3 was trained on 0), 5 comes from both models; shares that do not divide.
        parent(3, 0, keccak256("contributors"), 1_234);
        parent(3, 1, 0, 777);
        parent(4, 1, 0, 1);
        parent(4, 2, 0, 3_333);
        parent(5, 3, 0, 1_000);
        parent(5, 4, 0, 2_999);
        for (uint256 i = 0; i < ASSETS; ++i) {
            _pots.push(bytes32(i));
            if (_parents[i].length != 0) lineage.set(i, _parents[i]);
        }
        _pots.push(keccak256(abi.encode(uint256(0), keccak256("contributors"))));
    }

    function parent(uint256 asset, uint256 from, bytes32 root, uint16 share) private {
        _parents[asset].push(Parent(from, root, share));
    }

    function steps() internal pure override returns (bytes4[] memory s) {
        s = new bytes4[](5);
        s[0] = this.stepDeposit.selector;
        s[1] = this.stepDepositUnbacked.selector;
        s[2] = this.stepDistribute.selector;
        s[3] = this.stepWithdraw.selector;
        s[4] = this.stepGift.selector;
    }

    function credits(uint128 a, uint128 b) private view returns (Credit[] memory list) {
        list = new Credit[](2);
        list[0] = Credit(_payees[a % 3], a);
        list[1] = Credit(_payees[b % 3], b);
    }

    function stepDeposit(uint256 seed, uint128 a, uint128 b, uint128 potted) external step {
        uint256 t = seed % 2;
        uint256 total = uint256(a) + b + potted;
        _tokens[t].mint(address(_payouts), total);
        _payouts.deposit(address(_tokens[t]), credits(a, b), bytes32((seed >> 8) % ASSETS), potted, 0);
        _in[t] += total;
    }

    function stepDepositUnbacked(uint256 seed, uint128 a, uint128 b, uint128 potted) external step {
        PlainToken token = _tokens[seed % 2];
        uint256 total = uint256(a) + b + potted;
        uint256 spare = token.balanceOf(address(_payouts)) - _payouts.heldOf(address(token));
        try _payouts.deposit(address(token), credits(a, b), bytes32((seed >> 8) % ASSETS), potted, 0) {
            expect(spare >= total, "booked money that never came");
            _in[seed % 2] += total;
        } catch {
            expect(spare < total, "refused a backed deposit");
        }
    }

    function stepDistribute(uint256 seed) external step {
        uint256 asset = seed % ASSETS;
        PlainToken token = _tokens[(seed >> 8) % 2];
        uint256 before = sum(token);
        (bool ok, ) = address(_payouts).call(
            abi.encodeCall(_payouts.distribute, (address(token), asset, _parents[asset]))
        );
        expect(!ok || _parents[asset].length != 0, "distributed a dataset's pot");
        expect(sum(token) == before, "lost or made money on the way up");
    }

    function stepWithdraw(uint256 seed) external step {
        address payee = _payees[seed % 3];
        uint256 t = (seed >> 8) % 2;
        uint256 owed = _payouts.creditOf(address(_tokens[t]), payee);
        vm.prank(payee);
        try _payouts.withdraw(address(_tokens[t]), payee) returns (uint256 amount) {
            expect(amount == owed && owed != 0, "withdrew what was not owed");
            _out[t] += amount;
        } catch {
            expect(owed == 0, "refused a withdrawal");
        }
    }

    /// @dev Tokens that somebody sends without booking them.
    function stepGift(uint256 seed, uint64 amount) external step {
        _tokens[seed % 2].mint(address(_payouts), amount);
    }

    function sum(PlainToken token) private view returns (uint256 total) {
        for (uint256 i = 0; i < 3; ++i) total += _payouts.creditOf(address(token), _payees[i]);
        for (uint256 i = 0; i < _pots.length; ++i) total += _payouts.potOf(address(token), _pots[i]);
    }

    function invariant_NothingIsLost() public view {
        assertNothingViolated();
        for (uint256 t = 0; t < 2; ++t) {
            address token = address(_tokens[t]);
            assertEq(_payouts.heldOf(token), sum(_tokens[t]));
            assertEq(_payouts.heldOf(token), _in[t] - _out[t]);
            assertTrue(_tokens[t].balanceOf(address(_payouts)) >= _payouts.heldOf(token));
        }
    }
}
