import { afterAll, expect, test } from "vitest";
import { smallProject } from "../lab/testing/fixture.ts";
import { measureBranches } from "./measure.ts";

// Every kind of branch, in pure, view and writing functions, with and without braces, and text beyond ASCII before it.
const CONTRACT = `
interface IOther { function go(uint256 x) external; }
contract Other { function go(uint256 x) external pure { if (x == 7) revert(); } }
contract Small {
    uint256 public stored; // “größer”
    function choose(uint256 x) external pure returns (uint256) { if (x > 10) return 1; else return x == 3 ? 2 : 3; }
    function both(bool a, bool b) external pure returns (bool) { return a && !b; }
    function guard(uint256 x) external { require(x != 0 || stored == 0, "zero"); stored = x; }
    function sum(uint256 n) external pure returns (uint256 s) { for (uint256 i = 0; i < n; ++i) s += i; }
    function halve(uint256 n) external pure returns (uint256 r) { while (n > 1) { n /= 2; ++r; } }
    function attempt(IOther other, uint256 x) external returns (bool) {
        try other.go(x) { return true; } catch { return false; }
    }
    function never(bool a) external pure returns (bool) { if (a) return true; return false; }
}`;

const TEST = `
contract SmallTest {
    Small private s = new Small();
    function test_Choose() external view { assert(s.choose(11) == 1); assert(s.choose(3) == 2); }
    function test_Both() external view { assert(s.both(true, false)); assert(!s.both(false, false)); }
    function test_Guard() external { s.guard(5); }
    function test_Loops() external view { assert(s.sum(3) == 3); assert(s.halve(1) == 0); assert(s.halve(8) == 3); }
    function test_Attempt() external { assert(s.attempt(IOther(address(new Other())), 1)); }
}`;

// By hand, from the tests above.
const NOT_TAKEN = [
  "Small.attempt: catch or try → entered",
  "Small.both: !b → false",
  "Small.choose: x == 3 → false",
  "Small.guard: stored == 0 → false",
  "Small.guard: stored == 0 → true",
  "Small.guard: x != 0 → false",
  "Small.never: a → false",
  "Small.never: a → true",
  "Small.sum: i < n → no round",
  "Other.go: x == 7 → true",
];

const project = smallProject(CONTRACT, TEST);
afterAll(() => project.remove());

test(
  "finds exactly the branches that a small contract's tests do not take",
  { timeout: 60_000 },
  async () => {
    const { branches, failures, unmeasured } = await measureBranches(project);
    expect(failures).toEqual([]);
    expect(unmeasured).toEqual([]);
    const missing = branches
      .filter(({ hit }) => !hit)
      .map(({ where, text, outcome }) => `${where}: ${text} → ${outcome}`);
    expect(missing.sort()).toEqual([...NOT_TAKEN].sort());
    // Two for each of 8 conditions and operands, the two loops, and one for each of the two clauses.
    expect(branches).toHaveLength(2 * 8 + 2 * 2 + 2);
  },
);
