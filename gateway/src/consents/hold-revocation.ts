import type { Insertable, Selectable } from "kysely";
import { CONSENT, PROXY } from "@salus/sdk/generated/constants";
import type { Context } from "../context.ts";
import type { Db } from "../database/connect.ts";
import type { Database } from "../database/schema.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { LIMIT } from "../http/limits.ts";

/* A person may sign a revocation for each of a million nonces. What is kept of them is what can still decide something: of
   one speaker's words the one that reaches furthest, unless another may be all that the registry takes. */

/** A held revocation, as far as it is compared with others of its subject. */
export type Held = Pick<
  Selectable<Database["revocations"]>,
  "max_nonce" | "signer" | "by_key" | "code_key" | "two_person" | "proxy" | "proxy_since"
>;

type Row = Insertable<Database["revocations"]> & Held;

/** What becomes of a received revocation. */
export type Plan = {
  /** the held one that says as much already; then it is not kept */
  covered?: Held;
  /** held ones that decide nothing any more beside it */
  superseded: Held[];
  /** of one speaker, with it */
  waiting: number;
};

/**
 * Compares a received revocation with those of its subject that are neither final nor overruled. One covers another if the
 * same key says it in the same role, it reaches as far, and the registry takes it from the finalized nonce on: nonces that
 * are final never fall, so that it can be mined whenever the other could. A contract's word (ERC-1271) covers nothing: what
 * it takes today it may not take tomorrow.
 *
 * @param settled the slot's nonce in the finalized block; unknown while the chain is in doubt
 */
export function planHolding(held: readonly Held[], word: Held, settled: number | undefined): Plan {
  const own = held.filter((each) => isSameSpeaker(each, word));
  const covers = (one: Held, other: Held) =>
    one.by_key && other.by_key && one.max_nonce >= other.max_nonce && isWithinReach(one, settled);
  const covered = own.find((each) => covers(each, word));
  if (covered) return { covered, superseded: [], waiting: own.length };
  const others = own.filter(({ max_nonce }) => max_nonce !== word.max_nonce);
  const superseded = others.filter((each) => covers(word, each));
  return { superseded, waiting: others.length - superseded.length + 1 };
}

function isSameSpeaker(a: Held, b: Held): boolean {
  return (["signer", "code_key", "two_person", "proxy", "proxy_since"] as const).every(
    (member) => a[member] === b[member],
  );
}

function isWithinReach({ max_nonce, proxy }: Held, settled: number | undefined): boolean {
  const reach = proxy === null ? CONSENT.REVOCATION_REACH : PROXY.PROXY_REACH;
  return settled !== undefined && max_nonce <= settled + reach;
}

/** What was done with a received revocation. */
export type Holding = { isNew: boolean; supersedes: boolean; maxNonce: number };

/**
 * Holds a received revocation durably, within the consent line, in the place of those that it covers; or finds it covered.
 *
 * @returns the nonce of the one that is held for it
 * @throws GATEWAY_RATE_LIMITED when as many of its speaker wait already, which all deny
 */
export async function holdRevocation(tx: Db, row: Row, settled: number | undefined): Promise<Holding> {
  const of = { dataset: row.dataset, subject: row.subject };
  const held = await tx
    .selectFrom("revocations")
    .select(["max_nonce", "signer", "by_key", "code_key", "two_person", "proxy", "proxy_since"])
    .where("dataset", "=", of.dataset)
    .where("subject", "=", of.subject)
    .where("final_at", "is", null)
    .where("overruled_at", "is", null)
    .execute();
  const { covered, superseded, waiting } = planHolding(held, row, settled);
  if (covered) {
    await saidAgain(tx, { ...of, maxNonce: covered.max_nonce }, row);
    return { isNew: false, supersedes: false, maxNonce: covered.max_nonce };
  }
  if (waiting > LIMIT.revocationsWaiting) throw tooMany(waiting - 1);
  const isNew = await store(tx, row);
  if (!isNew || superseded.length === 0) return { isNew, supersedes: false, maxNonce: row.max_nonce };
  const gone = superseded.map(({ max_nonce }) => max_nonce);
  await tx
    .deleteFrom("revocations")
    .where("dataset", "=", of.dataset)
    .where("subject", "=", of.subject)
    .where("max_nonce", "in", gone)
    .execute();
  return { isNew, supersedes: true, maxNonce: row.max_nonce };
}

/** A speaker who says it again after a grant means that grant too, also when the right to say so is lost later. */
async function saidAgain(
  tx: Db,
  { dataset, subject, maxNonce }: Pick<Row, "dataset" | "subject"> & { maxNonce: number },
  { signature, head_block = null }: Row,
): Promise<void> {
  if (head_block === null) return;
  await tx
    .updateTable("revocations")
    .set({ head_block })
    .where("dataset", "=", dataset)
    .where("subject", "=", subject)
    .where("max_nonce", "=", maxNonce)
    .where("signature", "<>", signature)
    .where((on) => on.or([on("head_block", "is", null), on("head_block", "<", head_block)]))
    .execute();
}

/**
 * Stores it, durably. A person's own word stays; another's that reaches as far gives way to what was checked later, so
 * that the word of a speaker who has lost the right keeps no valid one out.
 */
async function store(tx: Db, row: Row): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("revocations")
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(["dataset", "subject", "max_nonce"])
        .doUpdateSet(row)
        .where("revocations.signature", "<>", row.signature)
        .where((on) =>
          on.or([
            on("revocations.code_key", "is not", null),
            on("revocations.two_person", "=", true),
            on("revocations.proxy", "is not", null),
          ]),
        ),
    )
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** Seconds for which one is kept after its effect was final: until then it may be asked about. */
const KEPT = 86_400;

/**
 * Forgets revocations that a later one of their subject follows, which is final too. The furthest stays for good: it denies
 * on this gateway's own word, whatever an endpoint may say of the chain.
 */
export async function sweepRevocations({ db, now }: Pick<Context, "db" | "now">): Promise<void> {
  await db
    .deleteFrom("revocations")
    .where("final_at", "<", now() - KEPT)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom("revocations as later")
          .select("later.max_nonce")
          .whereRef("later.dataset", "=", "revocations.dataset")
          .whereRef("later.subject", "=", "revocations.subject")
          .whereRef("later.max_nonce", ">", "revocations.max_nonce")
          .where("later.final_at", "is not", null)
          .where("later.overruled_at", "is", null),
      ),
    )
    .execute();
}

function tooMany(waiting: number): GatewayError {
  return new GatewayError(
    "GATEWAY_RATE_LIMITED",
    `${waiting} revocations of this speaker for the subject hold here and wait for the chain.`,
    { hint: "The subject's data is not used meanwhile. Send this one again in a minute.", retryAfter: 60 },
  );
}
