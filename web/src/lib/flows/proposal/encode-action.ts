import { accessEscrowAbi } from "@salus/sdk/generated/abi/accessEscrow";
import { dataUseAuthorityAbi } from "@salus/sdk/generated/abi/dataUseAuthority";
import { gatewayRegistryAbi } from "@salus/sdk/generated/abi/gatewayRegistry";
import type { ProposedCall } from "@salus/sdk/governance/types";
import { encodeFunctionData, getAddress, parseAbiItem, type AbiFunction, type AbiParameter } from "viem";
import type { PublicConfig } from "#lib/config.ts";
import type { Hex } from "#lib/data/types.ts";
import { WebError } from "#lib/errors.ts";
import { PARAMETERS } from "#lib/governance/table.ts";
import type { Action } from "./proposal-steps.ts";

/*
 * From what a form says to the call that is voted on. Loaded on demand: it brings the chain library with it.
 */

/** The call that an action is. @throws WEB_DEPLOYMENT, WEB_CALL_UNREADABLE */
export function encodeAction({ contracts }: Pick<PublicConfig, "contracts">, action: Action): ProposedCall {
  switch (action.kind) {
    case "parameter":
      return encodeParameter(contracts, action);
    case "gateway":
      return {
        target: addressOf(contracts, "GatewayRegistry"),
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
        target: addressOf(contracts, "DataUseAuthority"),
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

function encodeParameter(
  contracts: PublicConfig["contracts"],
  { id, value }: Extract<Action, { kind: "parameter" }>,
): ProposedCall {
  const row = PARAMETERS.find((one) => one.id === id);
  if (!row) throw new WebError("WEB_CALL_UNREADABLE", { detail: `There is no parameter ${id}.` });
  const abi = accessEscrowAbi;
  return {
    target: addressOf(contracts, row.contract),
    data: encodeFunctionData({ abi, functionName: row.setter as "setFee", args: [Number(value)] }),
  };
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

function addressOf(contracts: PublicConfig["contracts"], name: string): Hex {
  const address = contracts[name];
  if (!address) throw new WebError("WEB_DEPLOYMENT");
  return address;
}
