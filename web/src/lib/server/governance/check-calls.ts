import type { SalusReader } from "@salus/sdk/chain/client";
import { abiOf, nameOf } from "@salus/sdk/governance/decode-call";
import { parameters, type Parameter } from "@salus/sdk/governance/parameters";
import {
  simulateProposal,
  type Observation,
  type SimulatedLog,
} from "@salus/sdk/governance/simulate-proposal";
import type { ProposedCall } from "@salus/sdk/governance/types";
import { decodeEventLog, decodeFunctionResult, encodeFunctionData, parseAbi, type Hex } from "viem";
import { toErrorView } from "#lib/errors.ts";
import type { CheckView, EffectView } from "#lib/governance/check.ts";
import { formatParameter } from "#lib/governance/units.ts";
import type { PublicConfig } from "#lib/config.ts";
import { feeCurrency } from "./currency.ts";
import { describeCall, textOf } from "./describe-call.ts";

/**
 * Decodes proposed calls and runs them as the timelock on a copy of the chain's latest state: which settings change,
 * what the contracts would record, or which call they would refuse.
 * @throws what the SDK's `simulateProposal` throws
 */
export async function checkCalls(
  reader: SalusReader,
  calls: readonly ProposedCall[],
  config: Pick<PublicConfig, "currencies">,
): Promise<CheckView> {
  const currency = feeCurrency(config);
  const observations = parameters.map((row) => observationOf(reader, row));
  const { refused, observed, empty, logs } = await simulateProposal(reader, calls, observations);
  return {
    calls: calls.map((call) => describeCall(reader.deployment, call, config)),
    effects: refused ? [] : observed.flatMap((one, index) => effectOf(parameters[index]!, one)),
    refused: refused && { call: refused.index, error: toErrorView(refused.error) },
    empty,
    events: refused ? [] : logs.map((log) => eventOf(reader, log)),
  };

  function effectOf(row: Parameter, { before, after }: (typeof observed)[number]): EffectView[] {
    if (before === null || after === null || before === after) return [];
    const words = (data: Hex) => formatParameter(row.unit, valueOf(row, data), currency);
    return [{ name: row.title, before: words(before), after: words(after), affects: row.affects }];
  }
}

/** An event as its contract names it: `AccessEscrow: FeeChanged (feeBps 300)`. */
function eventOf({ deployment }: SalusReader, { address, topics, data }: SimulatedLog): string {
  const contract = nameOf(deployment, address);
  if (!contract) return `${address}: an event of a contract that is not part of Salus`;
  try {
    const event = decodeEventLog({ abi: abiOf(contract), topics: topics as [], data });
    const args = Object.entries((event.args ?? {}) as Record<string, unknown>);
    return `${contract}: ${event.eventName} (${args.map(([name, value]) => `${name} ${textOf(value)}`).join(", ")})`;
  } catch {
    return `${contract}: an event that this site cannot read`;
  }
}

/** How a setting is looked at. */
function observationOf({ deployment }: SalusReader, { contract, readAt, getter }: Parameter): Observation {
  return {
    address: deployment.contracts[readAt ?? contract]!,
    data: encodeFunctionData({ abi: parseAbi([getter]) } as never),
  };
}

/** What a setting's getter returned, in decimal digits, as an address or a digest. */
function valueOf({ getter }: Parameter, data: Hex): string {
  return String(decodeFunctionResult({ abi: parseAbi([getter]), data } as never));
}
