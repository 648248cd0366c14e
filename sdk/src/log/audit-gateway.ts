import type { Address, Hex } from "viem";
import { isAddressEqual, recoverTypedDataAddress } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { typedData } from "../chain/typed-data.ts";
import { fromHex, toHex } from "../crypto/bytes.ts";
import { GatewayRequestError, type GatewayAddress } from "../gateway/http.ts";
import { readGateways } from "../gateways/read-gateways.ts";
import { append, EMPTY_FRONTIER, type Frontier, rootOf } from "./frontier.ts";
import { isPromiseOf, type PromiseScope, type SignedPromise } from "./promise.ts";
import { type CheckpointPosted, readCheckpoints } from "./read-checkpoints.ts";
import { getCheckpoint, getConsistency, getEntries, getLogPosition } from "./requests.ts";
import { verifyConsistency } from "./verify-proof.ts";

/**
 * What an audit found. `shrunk`: the log has fewer entries than the chain knows. `forked`: it is not the log that the chain
 * knows, or two of one size were signed. `changed`: entries that a checkpoint covers were changed or removed. `omitted`: a
 * promise was broken. `unproven`: the gateway could not or would not answer. `foreign`: a promise that it never signed.
 */
export type FindingKind = "shrunk" | "forked" | "changed" | "omitted" | "unproven" | "foreign";

export type Finding = { kind: FindingKind; message: string; details: Record<string, unknown> };

/** Outcome of an audit; `ok` when nothing was found. */
export type GatewayAudit = {
  gateway: number;
  ok: boolean;
  findings: Finding[];
  /** checkpoints of its log on chain */
  checkpoints: number;
  /** entries that the newest of them covers */
  covered: number;
  /** promises that are kept, and those whose deadline has not come */
  kept: SignedPromise[];
  pending: SignedPromise[];
};

/** What an audit looks at. */
export type AuditOptions = {
  /** promises that this auditor, or whoever asked it, got from the gateway */
  promises?: readonly SignedPromise[];
  /** rebuild the tree from all leaf hashes: finds which part was changed; reads the whole log */
  entries?: boolean;
};

/**
 * Audits a gateway's log with nothing but the chain and the gateway's own answers, of which none is believed without proof.
 *
 * @example
 * const { ok, findings } = await auditGateway(salus, { index: 1, url }, { promises });
 *
 * @throws when the chain cannot be read; whatever the gateway does becomes a finding
 */
export async function auditGateway(
  salus: SalusReader,
  gateway: GatewayAddress & { index: number },
  { promises = [], entries = false }: AuditOptions = {},
): Promise<GatewayAudit> {
  const [posted, gateways, block] = await Promise.all([
    readCheckpoints(salus, gateway.index),
    readGateways(salus),
    salus.publicClient.getBlock(),
  ]);
  const audit = new Audit(salus, gateway, posted);
  await audit.checkPosition();
  const signer = gateways.find(({ index }) => index === gateway.index)?.signer;
  if (signer) await audit.checkSignedCheckpoint(signer);
  if (entries) await audit.checkEntries();
  for (const promise of promises) await audit.checkPromise(promise, signer, Number(block.timestamp));
  return audit.result();
}

class Audit {
  readonly #salus: SalusReader;
  readonly #gateway: GatewayAddress & { index: number };
  readonly #posted: readonly CheckpointPosted[];
  readonly #findings: Finding[] = [];
  readonly #kept: SignedPromise[] = [];
  readonly #pending: SignedPromise[] = [];

  constructor(salus: SalusReader, gateway: GatewayAddress & { index: number }, posted: CheckpointPosted[]) {
    this.#salus = salus;
    this.#gateway = gateway;
    this.#posted = posted;
  }

  get #last(): { size: number; root: Hex } {
    return this.#posted.at(-1) ?? { size: 0, root: toHex(rootOf(EMPTY_FRONTIER)) };
  }

  /** The log as it is told now continues the newest checkpoint. */
  checkPosition(): Promise<void> {
    return this.#asking("its log's position", async () => {
      const { size, root } = await getLogPosition(this.#gateway);
      const known = this.#last;
      if (size < known.size) {
        const message = `The log has ${size} entries; the chain knows ${known.size}.`;
        return this.#found("shrunk", message, { size, known: known.size });
      }
      const { proof } = await getConsistency(this.#gateway, { first: known.size, second: size });
      const claim = { first: known.size, firstRoot: known.root, second: size, secondRoot: root, proof };
      if (verifyConsistency(claim)) return;
      const message = `The log of ${size} entries does not continue the ${known.size} that the chain knows.`;
      this.#found("forked", message, { size, root, known });
    });
  }

  /** The last checkpoint that the gateway signed is not another one than the chain has of that size. */
  checkSignedCheckpoint(signer: Address): Promise<void> {
    return this.#asking("its signed checkpoint", async () => {
      const { checkpoint, signature } = await getCheckpoint(this.#gateway).catch((error: unknown) => {
        if (error instanceof GatewayRequestError && error.code === "GATEWAY_LOG_NO_CHECKPOINT")
          return NOTHING;
        throw error;
      });
      const known = this.#posted.find(({ size }) => size === checkpoint?.size);
      if (!checkpoint || !known || known.root === checkpoint.root) return;
      const message = { ...checkpoint, gateway: this.#gateway.index, size: BigInt(checkpoint.size) };
      const typed = typedData(this.#salus.deployment, "Checkpoint", message);
      const recovered = await recoverTypedDataAddress({ ...typed, signature } as never).catch(
        () => undefined,
      );
      if (!recovered || !isAddressEqual(recovered, signer)) return;
      this.#found("forked", `The gateway signed two logs of ${known.size} entries.`, {
        known,
        checkpoint,
        signature,
      });
    });
  }

  /** The leaf hashes give the root of every checkpoint. */
  checkEntries(): Promise<void> {
    return this.#asking("its entries", async () => {
      let frontier: Frontier = EMPTY_FRONTIER;
      let sound = 0;
      const checkpoints = [...this.#posted];
      let [page, at]: [readonly Hex[], number] = [[], 0];
      while (checkpoints.length > 0) {
        if (at === page.length) {
          [page, at] = [(await getEntries(this.#gateway, { first: frontier.size })).leaves, 0];
          if (page.length === 0) return this.#foundChanged(sound, checkpoints[0]!.size);
        }
        frontier = append(frontier, fromHex(page[at++]!, 32, "leaf hash"));
        if (frontier.size !== checkpoints[0]!.size) continue;
        if (toHex(rootOf(frontier)) !== checkpoints[0]!.root) return this.#foundChanged(sound, frontier.size);
        sound = checkpoints.shift()!.size;
      }
    });
  }

  async checkPromise(signed: SignedPromise, signer: Address | undefined, time: number): Promise<void> {
    const { promise } = signed;
    const { chainId, contracts } = this.#salus.deployment;
    const scope: PromiseScope = { chainId, gatewayRegistry: contracts.GatewayRegistry };
    const own =
      promise.gateway === this.#gateway.index && signer && (await isPromiseOf(scope, signed, signer));
    if (!own) return this.#found("foreign", "A promise is not this gateway's.", { promise });
    const known = this.#last;
    if (known.size < promise.size) {
      if (time <= promise.deadline) return void this.#pending.push(signed);
      const message = `Entries up to ${promise.size} were promised; the chain knows ${known.size} after the deadline.`;
      return this.#found("omitted", message, { promise, known: known.size });
    }
    await this.#asking("the proof of a promise", async () => {
      const { proof } = await getConsistency(this.#gateway, { first: promise.size, second: known.size });
      const { size: first, root: firstRoot } = promise;
      const claim = { first, firstRoot, second: known.size, secondRoot: known.root, proof };
      if (verifyConsistency(claim)) return void this.#kept.push(signed);
      const message = `Entries ${promise.first} to ${promise.size - 1} were promised and are not in the log on chain.`;
      this.#found("omitted", message, { promise, known });
    });
  }

  result(): GatewayAudit {
    const findings = this.#findings;
    return {
      gateway: this.#gateway.index,
      ok: findings.length === 0,
      findings,
      checkpoints: this.#posted.length,
      covered: this.#last.size,
      kept: this.#kept,
      pending: this.#pending,
    };
  }

  #found(kind: FindingKind, message: string, details: Record<string, unknown>): void {
    this.#findings.push({ kind, message, details });
  }

  #foundChanged(from: number, to: number): void {
    const message = `Entries ${from} to ${to - 1} are not those that the chain's checkpoints cover.`;
    this.#found("changed", message, { from, to });
  }

  /** What the gateway does not answer, or answers with nonsense, it has not proven. */
  async #asking(what: string, ask: () => Promise<void>): Promise<void> {
    try {
      await ask();
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      this.#found("unproven", `The gateway did not give ${what}: ${message}`, code ? { code } : {});
    }
  }
}

const NOTHING = { checkpoint: undefined, signature: "0x" as Hex };
