import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Hex } from "viem";
import { readPlainKeys } from "../../../gateway/src/keys/plain-file.ts";
import { memoryVault } from "../../../gateway/src/keys/raw-keys.ts";

/*
 * A key service as a process of its own: it alone has the keys, and answers a gateway on a local socket, a JSON line for
 * each question. Arguments: path of the keys, path of the socket.
 */

type Question = {
  id: number;
  ask: string;
  key?: "operator" | "signer";
  digest?: Hex;
  info?: string;
  sealed?: string;
};

const [keysFile = "", socketPath = ""] = process.argv.slice(2);
const vault = memoryVault(readPlainKeys(keysFile));
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
const bytes = (base64 = "") => new Uint8Array(Buffer.from(base64, "base64"));

async function answer({ ask, key, digest, info, sealed }: Question): Promise<unknown> {
  switch (ask) {
    case "public": {
      const { operator, signer, sealing } = vault;
      return { operator: operator.address, signer: signer.address, sealing: sealing.publicKey };
    }
    case "sign":
      return vault[key!].sign(digest!);
    case "open":
      return text(await vault.sealing.open({ info: bytes(info), sealed: bytes(sealed) }));
    case "derive":
      return text(await vault.derive(info!));
    default:
      throw new Error(`There is no question ${ask}.`);
  }
}

function serve(socket: Socket): void {
  socket.on("error", () => socket.destroy());
  createInterface({ input: socket }).on("line", (line) => {
    const question = JSON.parse(line) as Question;
    void answer(question).then(
      (value) => socket.write(`${JSON.stringify({ id: question.id, value })}\n`),
      (error: Error & { code?: string }) =>
        socket.write(
          `${JSON.stringify({ id: question.id, error: { code: error.code, message: error.message } })}\n`,
        ),
    );
  });
}

createServer(serve).listen(socketPath);
