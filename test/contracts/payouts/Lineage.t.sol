// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Payouts} from "../../../contracts/Payouts.sol";
import {IAssetRegistry} from "../../../contracts/interfaces/IAssetRegistry.sol";
import {IContributorRewards} from "../../../contracts/interfaces/IContributorRewards.sol";
import {Credit} from "../../../contracts/interfaces/IPayouts.sol";
import {Errors} from "../../../contracts/libraries/Errors.sol";
import {Parent} from "../../../contracts/types/AssetTypes.sol";
import {Lineage} from "../support/Lineage.sol";
import {Test} from "../support/Test.sol";
import {LogEntry} from "../support/Vm.sol";
import {PlainToken, SixToken, WholeToken} from "../support/Tokens.sol";

/// @notice Money goes up random lineages as deep and as wide as `publish` allows, and ends where totals alone say.
/// @dev Pots are numbered so that a child stands after its parents: 0 to 5 belong to the people who trained (two
/// trainings of each dataset), 6 to 8 to the datasets, then three models of each depth. An asset's id is its pot's number.
contract LineageTest is Test {
    uint256 private constant POTS = 18;
    uint256 private constant DATASETS = 6;
    uint256 private constant MODELS = 9;
    uint256 private constant WIDTH = 3;
    uint256 private constant DEPTH = 3;
    uint256 private constant STEPS = 24;

    Lineage private _lineage;
    /// @dev Two ledgers that get the same money, to be distributed in different orders.
    Payouts[2] private _payouts;
    PlainToken[2] private _tokens;
    uint256 private _seed;
    /// @dev What was deposited, and what the first ledger's pots were seen to receive from anywhere.
    uint256[POTS][2] private _in;
    uint256[POTS][2] private _seen;

    function setUp() public {
        _lineage = new Lineage();
        for (uint256 i = 0; i < 2; ++i) {
            _payouts[i] = new Payouts(IAssetRegistry(address(_lineage)), IContributorRewards(address(0)));
        }
        (_tokens[0], _tokens[1]) = (new WholeToken(), new SixToken());
    }

    /*//////////////////////////////////////////////////////////////
                             RANDOM LINEAGE
    //////////////////////////////////////////////////////////////*/

    function draw(uint256 below) private returns (uint256) {
        _seed = uint256(keccak256(abi.encode(_seed)));
        return _seed % below;
    }

    function root(uint256 training) private pure returns (bytes32) {
        return keccak256(abi.encode("contributors", training));
    }

    function keyOf(uint256 pot) private pure returns (bytes32) {
        return pot < DATASETS ? keccak256(abi.encode(DATASETS + pot / 2, root(pot % 2))) : bytes32(pot);
    }

    /// @dev One to eight parents, at most half of the price in all: first the training's dataset, then declared ones of
    /// any lesser depth, of which one makes the model as deep as it must be. A parent may stand twice.
    function drawParents(uint256 model) private returns (Parent[] memory list) {
        uint256 depth = (model - DATASETS) / WIDTH;
        uint256 least = depth == 1 ? 1 : 2;
        list = new Parent[](least + draw(9 - least));
        uint256 left = 5_000;
        for (uint256 i = 0; i < list.length; ++i) {
            uint256 share = draw(left / (1 + draw(8)) + 1);
            left -= share;
            uint256 asset = DATASETS + draw(depth * WIDTH);
            if (i == 0) asset = DATASETS + draw(WIDTH);
            else if (i == 1 && depth > 1) asset = DATASETS + (depth - 1) * WIDTH + draw(WIDTH);
            list[i] = Parent(asset, i == 0 ? root(draw(2)) : bytes32(0), uint16(share));
        }
        _lineage.set(model, list);
    }

    function drawLineage() private returns (Parent[][] memory parents) {
        parents = new Parent[][](POTS);
        for (uint256 model = MODELS; model < POTS; ++model) parents[model] = drawParents(model);
    }

    /*//////////////////////////////////////////////////////////////
                         INDEPENDENT CALCULATION
    //////////////////////////////////////////////////////////////*/

    /// @dev What a parent is owed of a sum: the greatest number of units whose `whole`-fold the product still holds.
    function owed(uint256 sum, Parent[] memory parents, uint256 i) private pure returns (uint256) {
        uint256 whole = 0;
        for (uint256 k = 0; k < parents.length; ++k) whole += parents[k].shareBps;
        if (whole == 0) return 0;
        uint256 share = parents[i].shareBps;
        return (sum * share - mulmod(sum, share, whole)) / whole;
    }

    function owedToAll(uint256 sum, Parent[] memory parents) private pure returns (uint256 total) {
        for (uint256 i = 0; i < parents.length; ++i) total += owed(sum, parents, i);
    }

    /// @dev All that ever comes into each pot, from the deepest models to the people: deposits, and what every child
    /// owes of its own total. No history enters.
    function totals(
        Parent[][] memory parents,
        uint256[POTS] memory deposits
    ) private pure returns (uint256[] memory sums) {
        sums = new uint256[](POTS);
        for (uint256 pot = POTS; pot > 0;) {
            --pot;
            sums[pot] = deposits[pot];
            bytes32 key = keyOf(pot);
            for (uint256 child = MODELS; child < POTS; ++child) {
                for (uint256 i = 0; i < parents[child].length; ++i) {
                    if (!isOf(parents[child][i], key)) continue;
                    sums[pot] += owed(sums[child], parents[child], i);
                }
            }
        }
    }

    function isOf(Parent memory parent, bytes32 key) private pure returns (bool) {
        if (parent.contributorsRoot == 0) return bytes32(parent.asset) == key;
        return keccak256(abi.encode(parent.asset, parent.contributorsRoot)) == key;
    }

    /*//////////////////////////////////////////////////////////////
                                 CALLS
    //////////////////////////////////////////////////////////////*/

    function potsOf(uint256 ledger, uint256 t) private view returns (uint256[] memory list) {
        list = new uint256[](POTS);
        for (uint256 pot = 0; pot < POTS; ++pot) {
            list[pot] = _payouts[ledger].potOf(address(_tokens[t]), keyOf(pot));
        }
    }

    function deposit(uint256 ledger, uint256 t, uint256 pot, uint256 amount) private {
        _tokens[t].mint(address(_payouts[ledger]), amount);
        _payouts[ledger].deposit(address(_tokens[t]), new Credit[](0), keyOf(pot), amount, bytes32("order"));
    }

    /// @dev Whole units by the handful in one token, from nothing to billions of dollars in the other.
    function stepDeposit(uint256 t) private {
        uint256 amount = t == 0 ? draw(30) : draw(10 ** (1 + draw(15)));
        uint256 pot = draw(POTS);
        _in[t][pot] += amount;
        _seen[t][pot] += amount;
        deposit(0, t, pot, amount);
    }

    /// @dev Called by anyone. It moves something, or says that there is nothing to move.
    function distribute(
        uint256 ledger,
        uint256 t,
        uint256 model,
        Parent[] memory parents
    ) private returns (bool moved) {
        bytes memory call_ = abi.encodeCall(Payouts.distribute, (address(_tokens[t]), model, parents));
        vm.prank(address(uint160(1 + draw(1_000_000))));
        bytes memory answer;
        (moved, answer) = address(_payouts[ledger]).call(call_);
        if (!moved) {
            assertEq(answer, abi.encodeWithSelector(Errors.Payouts_NothingToDistribute.selector, model));
        }
    }

    /// @dev One hop: only the model's pot and its parents' change, no token moves, and the parents have their floors of
    /// all that came in so far.
    function stepDistribute(uint256 t, Parent[][] memory parents) private {
        uint256 model = MODELS + draw(POTS - MODELS);
        uint256[] memory before = potsOf(0, t);
        vm.recordLogs();
        bool moved = distribute(0, t, model, parents[model]);
        LogEntry[] memory logs = vm.getRecordedLogs();
        assertTrue(logs.length <= parents[model].length && moved == (logs.length != 0), "pushed to many");
        for (uint256 i = 0; i < logs.length; ++i) assertEq(logs[i].emitter, address(_payouts[0]));
        uint256[] memory afterwards = potsOf(0, t);
        for (uint256 pot = 0; pot < POTS; ++pot) {
            if (pot == model) continue;
            if (!isParent(parents[model], pot)) assertEq(afterwards[pot], before[pot], "more than one hop");
            _seen[t][pot] += afterwards[pot] - before[pot];
        }
        uint256 seen = _seen[t][model];
        assertEq(afterwards[model], seen - owedToAll(seen, parents[model]), "not the floors so far");
        assertConserved(0, t, afterwards);
    }

    function isParent(Parent[] memory parents, uint256 pot) private pure returns (bool) {
        for (uint256 i = 0; i < parents.length; ++i) {
            if (isOf(parents[i], keyOf(pot))) return true;
        }
        return false;
    }

    /// @dev As many rounds as the lineage is deep bring everything up, in whatever order each round goes.
    function distributeAll(uint256 t, Parent[][] memory parents) private {
        uint256 models = POTS - MODELS;
        for (uint256 round = 0; round < DEPTH; ++round) {
            uint256 start = draw(models);
            uint256 stride = draw(2) == 0 ? 4 : 7;
            for (uint256 i = 0; i < models; ++i) {
                uint256 model = MODELS + ((start + i * stride) % models);
                distribute(0, t, model, parents[model]);
            }
        }
        assertDone(0, t, parents);
    }

    /// @dev The same deposits to the second ledger, at once, and children before their parents.
    function distributeInOneGo(uint256 t, Parent[][] memory parents) private {
        for (uint256 pot = 0; pot < POTS; ++pot) deposit(1, t, pot, _in[t][pot]);
        for (uint256 model = POTS; model-- > MODELS;) distribute(1, t, model, parents[model]);
        assertDone(1, t, parents);
    }

    /*//////////////////////////////////////////////////////////////
                               COMPARISON
    //////////////////////////////////////////////////////////////*/

    function assertConserved(uint256 ledger, uint256 t, uint256[] memory pots) private view {
        uint256 deposited = 0;
        uint256 sum = 0;
        for (uint256 pot = 0; pot < POTS; ++pot)
            (deposited, sum) = (deposited + _in[t][pot], sum + pots[pot]);
        assertEq(sum, deposited, "lost or made money");
        assertEq(_payouts[ledger].heldOf(address(_tokens[t])), deposited);
        assertEq(_tokens[t].balanceOf(address(_payouts[ledger])), deposited, "tokens moved");
    }

    function assertDone(uint256 ledger, uint256 t, Parent[][] memory parents) private {
        uint256[] memory pots = potsOf(ledger, t);
        uint256[] memory sums = totals(parents, _in[t]);
        for (uint256 pot = 0; pot < POTS; ++pot) {
            uint256 expected = sums[pot];
            if (pot >= MODELS) expected -= owedToAll(sums[pot], parents[pot]);
            assertEq(pots[pot], expected, "not what the totals say");
        }
        assertConserved(ledger, t, pots);
        for (uint256 model = MODELS; model < POTS; ++model) {
            assertTrue(!distribute(ledger, t, model, parents[model]), "something was left to move");
        }
    }

    /*//////////////////////////////////////////////////////////////
                                 TESTS
    //////////////////////////////////////////////////////////////*/

    function testFuzz_Distribute_EndsWhereTheTotalsSay(uint256 seed) public {
        _seed = seed;
        Parent[][] memory parents = drawLineage();
        for (uint256 i = 0; i < STEPS; ++i) {
            uint256 t = draw(2);
            if (draw(2) == 0) stepDeposit(t);
            else stepDistribute(t, parents);
        }
        for (uint256 t = 0; t < 2; ++t) {
            distributeAll(t, parents);
            distributeInOneGo(t, parents);
        }
    }
}
