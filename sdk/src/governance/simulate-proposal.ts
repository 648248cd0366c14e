import { getContractError, RawContractError, type Abi, type Address, type Hex } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { SalusError } from "../errors.ts";
import { errorsAbi } from "../generated/abis.ts";
import { abiOf, nameOf } from "./decode-call.ts";
import type { ProposedCall } from "./types.ts";

/** A view whose answer before and after the calls is compared. */
export type Observation = { address: Address; data: Hex };

/** What a proposal's calls would do if they were executed now. */
export type Simulation = {
  /** the first call that the contracts would refuse; the whole proposal fails with it */
  refused: { index: number; error: SalusError } | null;
  /** what each observed view returns before and after, encoded; null where it reverts */
  observed: { before: Hex | null; after: Hex | null }[];
  /** calls to addresses that hold no contract: they succeed and do nothing */
  empty: number[];
  /** what the contracts would record, in order */
  logs: SimulatedLog[];
};

/** An event as a contract would record it. */
export type SimulatedLog = { address: Address; topics: readonly Hex[]; data: Hex };

/** Most calls of one simulation, observations included twice: what a node is asked to do for a stranger is bounded. */
const MAX_CALLS = 500;

/**
 * Runs a proposal's calls one after the other as the timelock, on the state of the latest block, by `eth_simulateV1`
 * (execution-apis), and looks at views before and after. Nothing is sent and nothing is signed. That its time has come
 * is taken for granted.
 *
 * @example
 * const { refused } = await simulateProposal(salus, calls);
 * @throws SDK_SIMULATION_TOO_LARGE, SDK_CHAIN_UNREACHABLE, SDK_CHAIN_CALL_FAILED
 */
export async function simulateProposal(
  { publicClient, deployment }: SalusReader,
  calls: readonly ProposedCall[],
  observations: readonly Observation[] = [],
): Promise<Simulation> {
  const timelock = deployment.contracts.TimelockController;
  const views = observations.map(({ address, data }) => ({ account: timelock, to: address, data }));
  const steps = calls.map(({ target, data, value = 0n }) => ({ account: timelock, to: target, data, value }));
  const all = [...views, ...steps, ...views];
  if (all.length > MAX_CALLS) throw tooLarge(all.length);
  try {
    const [[block], codes] = await Promise.all([
      publicClient.simulateBlocks({ blocks: [{ calls: all }], validation: false }),
      Promise.all(calls.map(({ target }) => publicClient.getCode({ address: target }))),
    ]);
    const results: readonly Result[] = block!.calls;
    const answer = (index: number) => (isFailure(results[index]!) ? null : results[index]!.data);
    const after = views.length + steps.length;
    const failed = results.slice(views.length, after).findIndex(isFailure);
    return {
      refused: failed < 0 ? null : await refusal(failed, results[views.length + failed]!.data),
      observed: views.map((_, index) => ({ before: answer(index), after: answer(after + index) })),
      logs: results.slice(views.length, after).flatMap(({ logs }) => logs ?? []),
      empty: codes.flatMap((code, index) => (code && code !== "0x" ? [] : [index])),
    };
  } catch (error) {
    throw await explainRevert(error);
  }

  /** A contract's refusal in words: by the errors of the contract that was called, else by any of the protocol's. */
  async function refusal(index: number, data: Hex): Promise<{ index: number; error: SalusError }> {
    const { target } = calls[index]!;
    const name = nameOf(deployment, target);
    const abi: Abi = [...(name ? abiOf(name) : []), ...errorsAbi];
    const raw = new RawContractError({ data });
    const error = getContractError(raw, { abi, args: [], address: target, functionName: "call" });
    return { index, error: await explainRevert(error) };
  }
}

type Result = { status: "success" | "failure"; data: Hex; logs?: readonly SimulatedLog[] | undefined };

function isFailure({ status }: Result): boolean {
  return status === "failure";
}

function tooLarge(calls: number): SalusError {
  return new SalusError({
    code: "SDK_SIMULATION_TOO_LARGE",
    message: `A simulation of ${calls} calls is larger than the ${MAX_CALLS} that one may have.`,
    details: { calls },
  });
}
