/** An item of a contract's ABI, as far as events need it. */
export interface AbiItem {
  type: string;
  name?: string;
  inputs?: AbiInput[];
}

interface AbiInput {
  type: string;
  indexed?: boolean;
  components?: AbiInput[];
}

/**
 * The manifest with each `event:` line completed to the signature that graph-node wants, such as
 * `Transfer(indexed address,indexed address,indexed uint256)`.
 * @param manifest text of a `subgraph.yaml`
 * @param abis ABI by contract name
 * @throws when a data source names no known ABI, or an event is not in its ABI
 */
export function setEvents(manifest: string, abis: ReadonlyMap<string, AbiItem[]>): string {
  let abi = "";
  const lines = manifest.split("\n").map((line) => {
    abi = /^ {6}abi: (\w+)/.exec(line)?.[1] ?? abi;
    const event = /^(\s+- event: )(\w+)/.exec(line);
    if (!event) return line;
    return `${event[1]}${signatureOf(abis.get(abi), abi, event[2]!)}`;
  });
  return lines.join("\n");
}

function signatureOf(abi: AbiItem[] | undefined, contract: string, name: string): string {
  const found = (abi ?? []).filter((item) => item.type === "event" && item.name === name);
  if (found.length !== 1) {
    throw new Error(`${contract} has ${found.length} events ${name}; the manifest needs exactly one.`);
  }
  const inputs = found[0]!.inputs ?? [];
  return `${name}(${inputs.map((input) => (input.indexed ? "indexed " : "") + typeOf(input)).join(",")})`;
}

/** Tuples are spelled out: `tuple[]` becomes `(uint256,address)[]`. */
function typeOf({ type, components }: AbiInput): string {
  if (!type.startsWith("tuple")) return type;
  return `(${(components ?? []).map(typeOf).join(",")})${type.slice("tuple".length)}`;
}
