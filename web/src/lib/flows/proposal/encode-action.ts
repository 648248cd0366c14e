import type { Deployment } from "@salus/sdk/chain/deployment";
import { dataUseAuthorityAbi } from "@salus/sdk/generated/abi/dataUseAuthority";
import { gatewayRegistryAbi } from "@salus/sdk/generated/abi/gatewayRegistry";
import { encodeParameterChange, parameterOf } from "@salus/sdk/governance/encode-parameter-change";
import { fixCode } from "@salus/sdk/governance/fix-code";
import type { ParameterId } from "@salus/sdk/governance/parameters";
import type { ProposedCall } from "@salus/sdk/governance/types";
import { encodeAnnouncement, encodePayment } from "@salus/sdk/treasury/encode-payment";
import {
  encodeFunctionData,
  getAddress,
  isAddressEqual,
  parseAbiItem,
  zeroAddress,
  type AbiFunction,
  type AbiParameter,
} from "viem";
import { deploymentOf, readerOf } from "#lib/chain/connect.ts";
import type { App } from "#lib/context.ts";
import type { Hex } from "#lib/data/types.ts";
import { randomSalt } from "#lib/orders/recipient-key.ts";
import { WebError } from "#lib/errors.ts";
import type { Action } from "./proposal-steps.ts";

/*
 * From what a form says to the call that is voted on. Loaded on demand: it brings the chain library with it.
 */

/**
 * The calls that an action is.
 * @throws WEB_DEPLOYMENT, WEB_CALL_UNREADABLE, SDK_PARAMETER_OUT_OF_BOUNDS, SDK_CODE_MISSING
 */
export async function encodeAction(app: Pick<App, "config">, action: Action): Promise<ProposedCall[]> {
  if (action.kind === "parameter") return encodeParameter(app, action);
  return [encodeOne(deploymentOf(app.config), action)];
}

function encodeTreasury(
  deployment: Deployment,
  { token, to, amount, start, duration, announced }: Extract<Action, { kind: "payment" }>,
): ProposedCall {
  const payment = { token: getAddress(token), to: getAddress(to), amount, start, duration };
  return announced
    ? encodeAnnouncement(deployment, payment, randomSalt())
    : encodePayment(deployment, payment);
}

function encodeOne(deployment: Deployment, action: Exclude<Action, { kind: "parameter" }>): ProposedCall {
  const { contracts } = deployment;
  switch (action.kind) {
    case "payment":
      return encodeTreasury(deployment, action);
    case "gateway":
      return {
        target: contracts.GatewayRegistry,
        data: encodeFunctionData({
          abi: gatewayRegistryAbi,
          functionName: "admit",
          args: [
            getAddress(action.operator),
            getAddress(action.signer),
            action.sealingKey as Hex,
            action.name,
            action.url,
          ],
        }),
      };
    case "issuer":
      return {
        target: contracts.DataUseAuthority,
        data: encodeFunctionData({
          abi: dataUseAuthorityAbi,
          functionName: "setIssuer",
          args: [getAddress(action.issuer), action.kinds, action.until],
        }),
      };
    case "call":
      return { target: getAddress(action.target), data: encodeFree(action.call, action.values) };
  }
}

/** A change of a setting; where it names a contract, that contract's code is fixed first. */
async function encodeParameter(
  app: Pick<App, "config">,
  { id, values }: Extract<Action, { kind: "parameter" }>,
): Promise<ProposedCall[]> {
  const row = parameterOf(id);
  const typed = values.map((value) => (value.startsWith("0x") ? (value as Hex) : BigInt(value)));
  const change = encodeParameterChange(deploymentOf(app.config), row.id as ParameterId, typed);
  const named = values[0] as Hex;
  if (!row.fixesCode || isAddressEqual(named, zeroAddress)) return [change];
  return [await fixCode(readerOf(app.config), named), change];
}

/** A call by the whole data, from 0x on, or by a function's signature and its values, a JSON list without brackets. */
function encodeFree(call: string, values: string): Hex {
  const text = call.trim();
  if (/^0x(?:[0-9a-fA-F]{2})*$/.test(text)) return text as Hex;
  try {
    const item = parseAbiItem(`function ${text}`) as AbiFunction;
    const args = JSON.parse(`[${values}]`) as unknown[];
    return encodeFunctionData({
      abi: [item],
      args: item.inputs.map((input, index) => typed(input, args[index])),
    });
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message.split("\n")[0] : undefined;
    throw new WebError("WEB_CALL_UNREADABLE", { cause, ...(detail !== undefined && { detail }) });
  }
}

/** Numbers may be written plain or, where they are too large for JSON, in quotation marks. */
function typed({ type }: AbiParameter, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => typed({ type: type.replace(/\[\d*\]$/, "") }, one));
  return /^u?int/.test(type) ? BigInt(value as string) : value;
}
