import { connect } from "node:net";
import { createInterface } from "node:readline";
import type { Address, Hex } from "viem";
import { SalusError } from "@salus/sdk/errors";
import type { KeyVault, SigningKey } from "../../../gateway/src/keys/vault.ts";

type Answer = { id: number; value?: unknown; error?: { code?: string; message: string } };

/** A vault whose keys lie in another process, reached by a local socket. */
export async function connectVault(socketPath: string): Promise<KeyVault> {
  const socket = connect(socketPath);
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  createInterface({ input: socket }).on("line", (line) => {
    const answer = JSON.parse(line) as Answer;
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  let last = 0;
  const ask = async <T>(question: object): Promise<T> => {
    last += 1;
    const id = last;
    const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
    socket.write(`${JSON.stringify({ id, ...question })}\n`);
    const { value, error } = await answered;
    // What does not open is the sender's fault, and is told as the SDK tells it.
    if (error)
      throw new SalusError({
        code: (error.code ?? "SDK_CRYPTO_UNAVAILABLE") as never,
        message: error.message,
      });
    return value as T;
  };
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, "base64"));
  const known = await ask<{ operator: Address; signer: Address; sealing: Hex }>({ ask: "public" });
  const signingKey = (key: "operator" | "signer"): SigningKey => ({
    address: known[key],
    sign: (digest) => ask<Hex>({ ask: "sign", key, digest }),
  });
  return {
    operator: signingKey("operator"),
    signer: signingKey("signer"),
    sealing: {
      publicKey: known.sealing,
      open: async ({ info, sealed }) =>
        bytes(await ask<string>({ ask: "open", info: text(info), sealed: text(sealed) })),
    },
    derive: async (info) => bytes(await ask<string>({ ask: "derive", info })),
    close: async () => void socket.end(),
  };
}
