import { afterAll, beforeAll, expect, test } from "vitest";
import { toHex } from "viem";
import {
  postCheckpoint,
  proveEquivocation,
  readCheckpoint,
  signCheckpoint,
  type Checkpoint,
} from "@salus/sdk";
import { consistencyProof, treeHash } from "../contracts/vectors/naive-log.ts";
import { devAccount, startLocalChain, type LocalChain } from "../support/local-chain.ts";

const entries = (name: string, size: number) =>
  Array.from({ length: size }, (_, i) => Buffer.from(`${name} ${i}`));
const anyone = devAccount(15);

let chain: LocalChain;

beforeAll(async () => {
  chain = await startLocalChain();
});
afterAll(() => chain.close());

function checkpoint(name: string, size: number): Checkpoint {
  return { gateway: 2, size: BigInt(size), root: toHex(treeHash(entries(name, size))) };
}

async function signedBy(index: number, state: Checkpoint) {
  const { signer } = chain.gateways[index - 1]!;
  return { gateway: index, signature: await signCheckpoint(chain.deployment, state, signer) };
}

async function post(name: string, from: number, to: number) {
  const state = checkpoint(name, to);
  const proof = from === 0 ? [] : consistencyProof(from, entries(name, to)).map((hash) => toHex(hash));
  const signatures = [await signedBy(3, state), await signedBy(2, state)];
  return postCheckpoint(chain.as(anyone), { checkpoint: state, signatures, proof });
}

test("a gateway's log grows on chain, and refuses to shrink or fork", async () => {
  expect(await readCheckpoint(chain.reader, 2)).toBeUndefined();
  await post("log", 0, 5);
  await post("log", 5, 13);
  const { root } = checkpoint("log", 13);
  expect(await readCheckpoint(chain.reader, 2)).toMatchObject({ size: 13n, root });
  await expect(post("log", 5, 9)).rejects.toMatchObject({
    code: "LogCheckpoints_Shrunk",
    hint: expect.stringContaining("longer"),
  });
  await expect(post("other", 0, 13)).rejects.toMatchObject({ code: "LogCheckpoints_Forked" });
  await expect(post("other", 13, 20)).rejects.toMatchObject({ code: "LogCheckpoints_Inconsistent" });
});

test("two signed logs of one size are proven once, one honest log is not", async () => {
  const signed = async (name: string, size: number) => {
    const state = checkpoint(name, size);
    return { checkpoint: state, signature: (await signedBy(2, state)).signature };
  };
  const first = await signed("log", 8);
  const second = await signed("other", 8);
  await expect(
    proveEquivocation(chain.as(anyone), { first, second: await signed("log", 9) }),
  ).rejects.toMatchObject({ code: "LogCheckpoints_NotEquivocation" });
  await proveEquivocation(chain.as(anyone), { first, second });
  await expect(proveEquivocation(chain.as(anyone), { first, second })).rejects.toMatchObject({
    code: "LogCheckpoints_AlreadyProven",
  });
});
