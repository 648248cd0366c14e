import type { Deployment } from "@salus/sdk/chain/deployment";
import { decodeCall, type DecodedCall } from "@salus/sdk/governance/decode-call";
import type { ProposedCall } from "@salus/sdk/governance/types";
import { kindsOf } from "#lib/governance/attested-kinds.ts";
import type { CallView } from "#lib/governance/check.ts";
import { PARAMETERS } from "#lib/governance/table.ts";
import { formatParameter } from "#lib/governance/units.ts";
import { formatDate, shorten } from "#lib/format.ts";
import type { Currency } from "#lib/money.ts";

type Words = (args: readonly unknown[], currency: Currency) => string;

/** Calls that have a sentence of their own, by contract and function. */
const SENTENCES: Record<string, Words> = {
  "GatewayRegistry.admit": ([, , , name, url]) => `Admit the gateway “${name}” at ${url}.`,
  "GatewayRegistry.remove": ([gateway]) =>
    `Remove gateway ${gateway}: its signatures no longer count, for open orders as well.`,
  "GatewayRegistry.createSet": ([members, threshold]) =>
    `Create the set of gateways ${(members as number[]).join(", ")}, of which ${threshold} are needed.`,
  "DataUseAuthority.setIssuer": ([issuer, kinds, until]) =>
    kinds === 0n
      ? `Take ${issuer} off the list of issuers.`
      : `List ${issuer} as issuer until ${formatDate(Number(until))}: ${kindsOf(kinds as bigint).join("; ")}.`,
  "DataUseAuthority.setDiseaseClosure": () => "Replace the list of which disease is a form of which.",
  "AssetRegistry.allowToken": ([token]) => `Allow prices in the token ${token}.`,
  "AssetRegistry.setEscrow": ([escrow]) =>
    `Send new orders to the escrow ${escrow}. Open orders end where they are.`,
  "AccessEscrow.setArbitrator": ([arbitrator]) =>
    `Name ${arbitrator} arbitrator of new orders. Open orders keep theirs.`,
};

/** A proposed call as a person reads it: in a sentence, by contract and function, and raw. */
export function describeCall(deployment: Deployment, call: ProposedCall, currency: Currency): CallView {
  const decoded = decodeCall(deployment, call);
  return {
    words: sentenceOf(decoded, currency),
    target: call.target,
    contract: decoded.contract,
    functionName: decoded.functionName,
    args: decoded.args.map(({ name, type, value }) => ({ name, type, value: textOf(value) })),
    data: call.data,
    value: String(call.value ?? 0n),
  };
}

function sentenceOf({ contract, functionName, args, target }: DecodedCall, currency: Currency): string {
  if (contract === null) return `Call ${shorten(target)}, which is not a contract of Salus.`;
  if (functionName === null) return `Call ${contract} with data that it does not know.`;
  const values = args.map(({ value }) => value);
  const parameter = PARAMETERS.find((row) => row.contract === contract && row.setter === functionName);
  if (parameter && values.length === 1)
    return `Set ${parameter.name} to ${formatParameter(parameter.unit, String(values[0]), currency)}.`;
  const sentence = SENTENCES[`${contract}.${functionName}`];
  return sentence ? sentence(values, currency) : `Call ${functionName} of ${contract}.`;
}

/** A decoded value as text; structs and lists as JSON with numbers in full. */
export function textOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? inner.toString() : inner));
}
