import { afterAll, expect, test } from "vitest";
import { compile, mustCompile } from "../lab/compile.ts";
import { Lab } from "../lab/runner.ts";
import { smallProject } from "../lab/testing/fixture.ts";
import { buildMutants } from "./build.ts";
import { chooseMutants } from "./choose.ts";
import { findReach, hunt, type Verdict } from "./hunt.ts";
import { scoreOf } from "./survivors.ts";

const CONTRACT = `
contract Small {
    error Small_TooMuch(uint256 asked, uint256 limit);
    event Taken(uint256 amount);
    uint256 public constant LIMIT = 10;
    uint256 public total;
    function take(uint256 amount) external {
        if (amount > LIMIT) revert Small_TooMuch(amount, LIMIT);
        total += amount;
        emit Taken(amount);
    }
    function unused(bool a, bool b) external pure returns (bool) { return a && b; }
}`;

// It asks for the limit itself, never one more, and looks at neither the event nor what \`unused\` says.
const TEST = `
contract SmallTest {
    Small private s = new Small();
    function test_Take() external {
        s.take(10);
        s.take(3);
        assert(s.total() == 13);
        (bool ok, bytes memory data) = address(s).call(abi.encodeCall(s.take, (12)));
        assert(!ok && keccak256(data) == keccak256(abi.encodeWithSelector(Small.Small_TooMuch.selector, 12, 10)));
    }
}`;

// By hand, from the test above: 11 is never asked for, so a limit of 11 in the comparison alone is not noticed.
const ALIVE = [
  "Small.take: constant: LIMIT → LIMIT + 1",
  "Small.take: removed event: emit Taken(amount)",
  "Small.unused: logic: a && b → (a) || (b)",
  "Small.unused: logic: a && b → a",
  "Small.unused: logic: a && b → b",
  "Small.unused: returned value: a && b → !(a && b)",
];
const NOTICED = [
  "Small.take: assignment: total += amount → total -= amount;",
  "Small.take: boundary: amount > LIMIT → (amount) >= (LIMIT)",
  "Small.take: constant: LIMIT → LIMIT + 1 #2",
  "Small.take: negation: amount > LIMIT → !(amount > LIMIT)",
  "Small.take: removed check: amount > LIMIT → false",
  "Small.take: removed statement: total += amount",
  "Small.take: swapped arguments: revert Small_TooMuch(amount, LIMIT) → revert Small_TooMuch(LIMIT, amount);",
];

const project = smallProject(CONTRACT, TEST);
afterAll(() => project.remove());

test(
  "lets live exactly the mutants that a small contract's test does not notice",
  { timeout: 60_000 },
  async () => {
    const trees = mustCompile(await compile(project.input, "ast"));
    const mutants = chooseMutants(project, trees, { seed: 1, most: 100 });
    const built = await buildMutants(project, trees, mutants);
    expect(built.refused).toEqual([]);
    const lab = new Lab(project, built.output);
    const reach = await findReach(lab);
    const verdicts: Verdict[] = [];
    for (const mutant of built.mutants) verdicts.push(await hunt(lab, mutant, reach));
    const keys = (alive: boolean): string[] =>
      verdicts.filter(({ killer }) => (killer === undefined) === alive).map(({ mutant }) => mutant.key);
    expect(keys(true).sort()).toEqual([...ALIVE].sort());
    expect(keys(false).sort()).toEqual([...NOTICED].sort());
    // Nothing runs `unused`.
    expect(verdicts.filter(({ reached }) => !reached)).toHaveLength(4);
    const excuses = { [ALIVE[0]!]: { reason: "for the test", equivalent: true } };
    const { unlisted, ...score } = scoreOf(verdicts, excuses);
    expect(score).toMatchObject({ mutants: 13, killed: 7, equivalent: 1, percent: 100 * (7 / 12) });
    expect(unlisted.sort()).toEqual(ALIVE.slice(1).sort());
  },
);

test("chooses by the seed, and the same again", { timeout: 60_000 }, async () => {
  const trees = mustCompile(await compile(project.input, "ast"));
  const keys = (seed: number): string[] =>
    chooseMutants(project, trees, { seed, most: 5 }).map(({ key }) => key);
  expect(keys(1)).toHaveLength(5);
  expect(keys(1)).toEqual(keys(1));
  expect(keys(2)).not.toEqual(keys(1));
});

test("a contract that is not there is an error, not a score", async () => {
  const trees = mustCompile(await compile(project.input, "ast"));
  const choose = (only: string[]) => chooseMutants(project, trees, { seed: 1, most: 100, only });
  expect(choose(["Small"])).toHaveLength(ALIVE.length + NOTICED.length);
  expect(() => choose(["Small", "Smal"])).toThrow(expect.objectContaining({ code: "MUTATE_NOTHING" }));
});
