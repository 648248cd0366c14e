import type { Deployment } from "@salus/sdk/chain/deployment";
import { decodeCall, type DecodedCall } from "@salus/sdk/governance/decode-call";
import { parameters, votedActions } from "@salus/sdk/governance/parameters";
import type { ProposedCall } from "@salus/sdk/governance/types";
import { kindsOf } from "#lib/governance/attested-kinds.ts";
import type { CallView } from "#lib/governance/check.ts";
import { formatParameter } from "#lib/governance/units.ts";
import { formatDate, formatDuration, shorten } from "#lib/format.ts";
import { currencyOf, type PublicConfig } from "#lib/config.ts";
import { formatMoney } from "#lib/money.ts";
import { feeCurrency } from "./currency.ts";

type Words = (args: readonly unknown[], money: (amount: bigint, token: string) => string) => string;

/** The treasury's payment as it is decoded. */
interface Payment {
  token: string;
  to: string;
  amount: bigint;
  start: bigint;
  duration: bigint;
}

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
  "AssetRegistry.allowToken": ([token]) => `Allow prices in the token ${token}.`,
  "Treasury.pay": ([payment], money) => `Pay ${paymentWords(payment as Payment, money)}.`,
  "Treasury.announce": ([payment], money) =>
    `Announce a payment, which then waits: ${paymentWords(payment as Payment, money)}.`,
  "Treasury.revoke": ([id]) => `Revoke the announced payment ${id}.`,
  "SalusGovernor.requireCode": ([account]) =>
    `Stop unless the contract ${account} still has the code that it had when this was proposed.`,
};

function paymentWords(
  { token, to, amount, start, duration }: Payment,
  money: (amount: bigint, token: string) => string,
): string {
  const sum = `${money(amount, token)} to ${to}`;
  if (duration === 0n) return sum;
  return `${sum}, as a grant that becomes theirs evenly over ${formatDuration(Number(duration))} from ${formatDate(Number(start))} on`;
}

/** A proposed call as a person reads it: in a sentence, by contract and function, and raw. */
export function describeCall(
  deployment: Deployment,
  call: ProposedCall,
  config: Pick<PublicConfig, "currencies">,
): CallView {
  const decoded = decodeCall(deployment, call);
  return {
    words: sentenceOf(decoded, config),
    target: call.target,
    contract: decoded.contract,
    functionName: decoded.functionName,
    args: decoded.args.map(({ name, type, value }) => ({ name, type, value: textOf(value) })),
    data: call.data,
    value: String(call.value ?? 0n),
  };
}

function sentenceOf(
  { contract, functionName, args, target }: DecodedCall,
  config: Pick<PublicConfig, "currencies">,
): string {
  if (contract === null) return `Call ${shorten(target)}, which is not a contract of Salus.`;
  if (functionName === null) return `Call ${contract} with data that it does not know.`;
  const values = args.map(({ value }) => value);
  const sentence = SENTENCES[`${contract}.${functionName}`];
  if (sentence) return sentence(values, (amount, token) => formatMoney(amount, currencyOf(config, token)));
  const sets = (row: { contract: string; setter: string }) =>
    row.contract === contract && nameIn(row.setter) === functionName;
  const parameter = parameters.find(sets);
  if (parameter)
    return `Set “${parameter.title}” to ${formatParameter(parameter.unit, String(values[0]), feeCurrency(config))}.`;
  const action = votedActions.find(
    (one) => one.contract === contract && nameIn(one.function) === functionName,
  );
  return action
    ? `${action.meaning} (${functionName} of ${contract}.)`
    : `Call ${functionName} of ${contract}.`;
}

/** The name in a function's human-readable ABI. */
function nameIn(signature: string): string | undefined {
  return /^function (\w+)\(/.exec(signature)?.[1];
}

/** A decoded value as text; structs and lists as JSON with numbers in full. */
export function textOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? inner.toString() : inner));
}
