import type { SalusReader } from "@salus/sdk/chain/client";
import { parameters } from "@salus/sdk/governance/parameters";
import { readParameters } from "@salus/sdk/governance/read-parameters";
import type { ParameterView } from "#lib/governance/parameter.ts";
import { fromChain } from "./chain.ts";

/** Every setting that votes change, with its value in force, in the order of the SDK's table. @throws WEB_RPC_UNREACHABLE */
export async function readParameterViews(reader: SalusReader): Promise<ParameterView[]> {
  const values = await fromChain(() => readParameters(reader));
  return parameters.map(({ id, title, unit, meaning, affects, contract, setter }, index) => {
    const { value, bounds } = values[index]!;
    const inside = bounds ? { least: String(bounds.least), most: String(bounds.most) } : null;
    const about = { title, unit, meaning, affects, contract, setter };
    return { id, ...about, value: String(value), bounds: inside };
  });
}
