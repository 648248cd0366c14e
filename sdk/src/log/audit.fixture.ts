import type { Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { SalusReader } from "../chain/client.ts";
import type { Deployment } from "../chain/deployment.ts";
import { typedData } from "../chain/typed-data.ts";
import { toHex } from "../crypto/bytes.ts";
import { CONTRACT_NAMES } from "../generated/abis.ts";
import type { LogPosition } from "../gateway/types.ts";
import { auditPath, consistencyPath, treeHash } from "./oracle.fixture.ts";
import { type SignedPromise, signPromise } from "./promise.ts";
import { leafHash } from "./hashes.ts";

/* A gateway and a chain that an audit can be tried on: the log is a plain list, proofs come from the naive oracle. */

export const GATEWAY = 4;
export const NOW = 1_800_000_000;
export const signer = privateKeyToAccount(toHex(new Uint8Array(32).fill(7)));
const at = (n: number): Hex => `0x${n.toString(16).padStart(40, "0")}`;
export const deployment = {
  chainId: 31337,
  startBlock: 0,
  contracts: Object.fromEntries(CONTRACT_NAMES.map((name, i) => [name, at(0xc0 + i)])),
} as unknown as Deployment;

export const rootOfList = (list: readonly Uint8Array[]): Hex => toHex(treeHash(list));

/** A gateway that serves whatever list it is given now. */
export class LogDouble {
  list: Uint8Array[];
  signed: { checkpoint: LogPosition; signature: Hex } | undefined;
  down = false;

  constructor(list: Uint8Array[]) {
    this.list = [...list];
  }

  readonly target = {
    url: "http://gateway",
    index: GATEWAY,
    chainId: deployment.chainId,
    gatewayRegistry: deployment.contracts.GatewayRegistry,
    fetch: (async (url: URL) => this.#answer(url)) as unknown as typeof fetch,
  };

  async signCheckpoint(size: number, root: Hex): Promise<void> {
    const message = { gateway: GATEWAY, size: BigInt(size), root };
    const signature = await signer.signTypedData(typedData(deployment, "Checkpoint", message) as never);
    this.signed = { checkpoint: { gateway: GATEWAY, size, root }, signature };
  }

  /** A promise over the list as it is now. */
  promise(deadline: number, key = signer): Promise<SignedPromise> {
    const { length: size } = this.list;
    const order: Hex = `0x${"0a".repeat(32)}`;
    const promise = { gateway: GATEWAY, order, first: size - 1, size, root: rootOfList(this.list) };
    const scope = { chainId: deployment.chainId, gatewayRegistry: deployment.contracts.GatewayRegistry };
    return signPromise(scope, { ...promise, issuedAt: NOW - 10, deadline }, key);
  }

  #answer(url: URL): Response {
    if (this.down) throw new TypeError("fetch failed");
    const number = (name: string) => Number(url.searchParams.get(name));
    const { list } = this;
    if (url.pathname === "/v1/log")
      return json({ gateway: GATEWAY, size: list.length, root: rootOfList(list) });
    if (url.pathname === "/v1/log/checkpoint") {
      return this.signed
        ? json({ ...this.signed, cosignatures: [] })
        : refusal(404, "GATEWAY_LOG_NO_CHECKPOINT");
    }
    if (url.pathname === "/v1/log/entries") {
      const leaves = list.slice(number("first"), number("first") + 5).map((data) => toHex(leafHash(data)));
      return json({ first: number("first"), leaves, size: list.length });
    }
    const [first, second] = [number("first"), number("second")];
    if (second > list.length) return refusal(422, "GATEWAY_LOG_RANGE");
    const proof = first === 0 ? [] : consistencyPath(first, list.slice(0, second)).map(toHex);
    return json({
      first,
      second,
      proof,
      firstRoot: rootOfList(list.slice(0, first)),
      secondRoot: rootOfList(list),
    });
  }
}

/** Audit path of an entry in the first `size` of a list. */
export function pathIn(list: readonly Uint8Array[], index: number, size: number): Hex[] {
  return auditPath(index, list.slice(0, size)).map(toHex);
}

/** A chain that knows these checkpoints of the gateway's log. */
export function chainWith(checkpoints: readonly { size: number; root: Hex }[]): SalusReader {
  const last = checkpoints.at(-1);
  const posted = checkpoints.map(({ size, root }, i) => ({
    eventName: "CheckpointPosted",
    args: { gateway: GATEWAY, size: BigInt(size), root, signers: [1, GATEWAY] },
    blockNumber: BigInt(i),
  }));
  const admitted = {
    eventName: "GatewayAdmitted",
    args: {
      gateway: GATEWAY,
      name: "g",
      url: "",
      operator: signer.address,
      signer: signer.address,
      sealingKey: "0x",
    },
  };
  const publicClient = {
    getContractEvents: async ({ eventName }: { eventName?: string }) =>
      eventName === "CheckpointPosted" ? posted : [admitted],
    getBlock: async () => ({ timestamp: BigInt(NOW) }),
    readContract: async () => [BigInt(last?.size ?? 0), last?.root ?? `0x${"00".repeat(32)}`, NOW],
  };
  return { deployment, publicClient } as unknown as SalusReader;
}

function json(body: unknown): Response {
  return new Response(JSON.stringify(body));
}

function refusal(status: number, code: string): Response {
  return new Response(JSON.stringify({ code, message: "It was refused.", hint: "Do otherwise." }), {
    status,
  });
}
