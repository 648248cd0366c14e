/**
 * A real chain that is reorganised under three real gateways: what a block said that is no more is not acted upon, and what a
 * person said stands. Blocks come and go only when the test says so.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sql } from "kysely";
import { keccak256, toHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import {
  DUO,
  MODES,
  OrderKind,
  OrderState,
  readOrderStatus,
  readSlots,
  signGrant,
  signRevocation,
  submitGrant,
  submitRevocation,
} from "@salus/sdk";
import { getOrder, getResult, sendRevocation, submitJob, type OrderView } from "@salus/sdk/gateway/index";
import { connectDatabase, type Db } from "../../gateway/src/database/connect.ts";
import { escrowEvents } from "../support/chain-oracle.ts";
import { startGatewayNetwork, until, type GatewayNetwork } from "../support/gateway-network.ts";
import {
  COUNT,
  endow,
  listPatients,
  placeOrder,
  resultOf,
  subjectOf,
  type Dataset,
  type Placed,
} from "../support/gateway-market.ts";
import { askShares, chainInHand, type Handed } from "../support/reorganising.ts";

const ALL = [1, 2, 3];
const SIZE = 14;
/** Seconds to dispute a result: none of these tests waits for it. */
const WINDOW = 3_000;
/** Whose leaf permits no analysis, until a grant does; whose word a gateway has; whose word only the chain has. */
const [GRANTING, STOPPING, DIRECT, BOTH] = [0, 1, 2, 3] as const;
const buyer = privateKeyToAccount(keccak256(toHex("buyer of the reorganisation tests")));
const subject = (i: number) => subjectOf(i).address.toLowerCase();

let network: GatewayNetwork;
let chain: ReturnType<typeof chainInHand>;
let dataset: Dataset;
/** Funded, final, and its job not handed in: its executor may ask for key shares. */
let standing: Placed;

beforeAll(async () => {
  process.env["SALUS_DISPUTE_WINDOW"] = String(WINDOW);
  // Gateways send what the tests are about, and no checkpoints.
  const quiet = { SALUS_CHECKPOINT_SECONDS: "3600", SALUS_PROMISE_SECONDS: "14400" };
  network = await startGatewayNetwork(29_100, quiet);
  chain = chainInHand(network);
  await endow(network, buyer);
  dataset = await listPatients(network, SIZE, {
    consent: (leaf, i) => (i === GRANTING ? { ...leaf, modes: MODES.TRAINING } : leaf),
  });
  standing = await place();
}, 120_000);
afterAll(() => network?.stop());

// Each begins on a chain that has settled, and has it in its hand.
beforeEach(async () => {
  await chain.hold();
  await chain.mine(3);
});

const place = () =>
  placeOrder(network, { buyer, asset: dataset.asset, kind: OrderKind.Analysis, spec: COUNT, submit: false });

/** What each gateway hands out. */
function askAll(placed = standing): Promise<Handed[]> {
  return Promise.all(ALL.map((gateway) => askShares(network, { dataset, placed, gateway })));
}

/** Every gateway hands out the others' key shares, and refuses this one's for this reason. */
async function expectRefused(who: number, reason: string): Promise<void> {
  for (const { released, refused, code } of await askAll()) {
    expect(code).toBeUndefined();
    expect(refused[subject(who)]).toBe(reason);
    expect(released).toContain(subject(SIZE - 1));
  }
}

async function expectReleased(who: number): Promise<void> {
  for (const { released } of await askAll()) expect(released).toContain(subject(who));
}

async function slotOf(who: number) {
  const subjects = [subjectOf(who).address];
  return (await readSlots(network.reader, { dataset: dataset.asset, subjects }))[0]!;
}

async function revocationOf(who: number) {
  const { nonce } = await slotOf(who);
  const about = { dataset: dataset.asset, subject: subjectOf(who).address, nonce };
  return signRevocation(network.deployment, about, subjectOf(who));
}

async function inDatabase<T>(gateway: number, work: (db: Db) => Promise<T>): Promise<T> {
  const db = await connectDatabase(network.gateways[gateway - 1]!.databaseUrl);
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}

test("a grant that is in the head and not final releases nothing, and nothing at all when it is taken away", async () => {
  const person = subjectOf(GRANTING);
  await expectRefused(GRANTING, "GATEWAY_CONSENT_MISSING");
  const { nonce } = await slotOf(GRANTING);
  const about = { dataset: dataset.asset, subject: person.address, purposes: DUO.USE_HEALTH };
  const grant = { ...about, modes: MODES.ANALYSIS, expiry: 4_102_444_800, nonce };
  const signed = await signGrant(network.deployment, grant, person, nonce);
  const submit = () => chain.inNextBlock(submitGrant(network.as(buyer), signed));

  await submit();
  await expectRefused(GRANTING, "GATEWAY_CONSENT_NOT_FINAL");
  await chain.takeAway(1);
  await expectRefused(GRANTING, "GATEWAY_CONSENT_MISSING");
  await chain.mine(3);
  await expectRefused(GRANTING, "GATEWAY_CONSENT_MISSING");

  await submit();
  await chain.mine();
  await expectRefused(GRANTING, "GATEWAY_CONSENT_NOT_FINAL");
  await chain.mine();
  await expectReleased(GRANTING);
});

describe("a revocation that a gateway was given", () => {
  const CARRIER = 2;
  /** Transactions of revocations that the carrier knows to be mined. */
  const carried = () =>
    inDatabase(CARRIER, (db) =>
      db
        .selectFrom("relays")
        .select("transaction")
        .where("kind", "=", "Revocation")
        .where("transaction", "is not", null)
        .execute(),
    );
  const finalAt = () =>
    inDatabase(CARRIER, async (db) => {
      const rows = db
        .selectFrom("revocations")
        .select("final_at")
        .where("subject", "=", subject(STOPPING) as never);
      return (await rows.executeTakeFirstOrThrow()).final_at;
    });

  /** Waits until the carrier has looked at it once more. */
  async function lookedAt(): Promise<void> {
    const nextLook = () =>
      inDatabase(CARRIER, async (db) => {
        const { rows } = await sql<{ at: string }>`
          select run_at::text as at from graphile_worker.jobs where task_identifier = 'submit-revocation'`.execute(
          db,
        );
        return rows[0]?.at;
      });
    const before = await nextLook();
    await until(async () => (await nextLook()) !== before);
  }

  /** Asks all gateways again and again while something goes on: nobody hands this person's key share out. */
  async function watched(who: number, work: () => Promise<void>): Promise<void> {
    let over = false;
    const leaks: number[] = [];
    const watch = async (gateway: number) => {
      while (!over) {
        const { released } = await askShares(network, { dataset, placed: standing, gateway });
        if (released.includes(subject(who))) leaks.push(gateway);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const watches = ALL.map(watch);
    await work().finally(() => (over = true));
    await Promise.all(watches);
    expect(leaks).toEqual([]);
  }

  test("holds at all while reorganisations take its block away, and is submitted until it is final", async () => {
    await expectReleased(STOPPING);
    const before = (await carried()).length;
    const word = await revocationOf(STOPPING);
    // The others could submit it too: here only the one that was asked can pay.
    const poor = [1, 3].map((index) => network.gateways[index - 1]!.keys.operator);
    for (const operator of poor) await network.rpc("anvil_setBalance", [operator, "0x0"]);
    await sendRevocation(network.gateways[CARRIER - 1]!.target(), word);
    await watched(STOPPING, async () => {
      await expectRefused(STOPPING, "GATEWAY_CONSENT_REVOKED");
      for (let times = 1; times <= 3; times += 1) {
        await chain.sent();
        await chain.mine();
        expect((await slotOf(STOPPING)).nonce).toBeGreaterThan(word.message.maxNonce);
        await until(async () => (await carried()).length === before + times);
        if (times === 1) await lookedAt();
        expect(await finalAt()).toBeNull();
        await expectRefused(STOPPING, "GATEWAY_CONSENT_REVOKED");
        if (times === 3) break;
        await chain.takeAway(1);
        // The chain knows nothing of it any more; the gateways do.
        expect(await slotOf(STOPPING)).toMatchObject({ nonce: 0, changedAt: 0 });
        await expectRefused(STOPPING, "GATEWAY_CONSENT_REVOKED");
      }
      await chain.mine(2);
      await until(async () => (await finalAt()) !== null);
      await expectRefused(STOPPING, "GATEWAY_CONSENT_REVOKED");
    });
    for (const operator of poor) await network.rpc("anvil_setBalance", [operator, toHex(10n ** 20n)]);
    expect(await carried()).toHaveLength(before + 3);
    expect(await chain.hasWaiting()).toBe(false);
  });
});

describe("a revocation that only the chain was given", () => {
  test("stops at once, and counts no more when its block is taken away: nobody can know of it", async () => {
    const word = await revocationOf(DIRECT);
    const submit = () => chain.inNextBlock(submitRevocation(network.as(buyer), word));
    await submit();
    await expectRefused(DIRECT, "GATEWAY_CONSENT_REVOKED");
    await chain.takeAway(1);
    await expectReleased(DIRECT);
    await submit();
    await expectRefused(DIRECT, "GATEWAY_CONSENT_REVOKED");
    await chain.mine(2);
    await expectRefused(DIRECT, "GATEWAY_CONSENT_REVOKED");
  });

  test("and that a gateway hears of too stops though its block is taken away", async () => {
    const word = await revocationOf(BOTH);
    await chain.inNextBlock(submitRevocation(network.as(buyer), word));
    await sendRevocation(network.gateways[2]!.target(), word);
    await chain.takeAway(1);
    expect(await slotOf(BOTH)).toMatchObject({ nonce: 0, changedAt: 0 });
    await expectRefused(BOTH, "GATEWAY_CONSENT_REVOKED");
    await chain.sent();
    await chain.mine(3);
    expect((await slotOf(BOTH)).nonce).toBeGreaterThan(word.message.maxNonce);
    await expectRefused(BOTH, "GATEWAY_CONSENT_REVOKED");
  });
});

describe("an order", () => {
  const resultCode = (gateway: number, { id }: Placed) =>
    getResult(network.gateways[gateway - 1]!.target(), { id, signer: buyer }).then(
      () => undefined,
      (error: { code: string }) => error.code,
    );
  const stateOf = async (placed: Placed): Promise<OrderView["state"]> =>
    (await getOrder(placed.executor, placed.id)).state;
  const onChain = async ({ id }: Placed) => (await readOrderStatus(network.reader, id)).state;

  test("whose payment is taken away has nothing handed out, and no job started", async () => {
    const placed = await chain.inNextBlock(place());
    for (const { released } of await askAll(placed)) expect(released).toContain(subject(SIZE - 1));
    await chain.takeAway(1);
    expect(await onChain(placed)).toBe(OrderState.None);
    const nothing = { released: [], refused: {}, code: "GATEWAY_ORDER_NOT_FUNDED" };
    expect(await askAll(placed)).toEqual([nothing, nothing, nothing]);
    await expect(submitJob(placed.executor, placed.submission)).rejects.toMatchObject({
      code: "GATEWAY_ORDER_NOT_FUNDED",
    });
    await chain.mine(3);
    expect(await askAll(placed)).toEqual([nothing, nothing, nothing]);
  });

  test.each([
    ["alone", 1],
    ["with the block that its receipt names", 2],
  ])(
    "whose delivery is taken away %s has no result handed out, and is delivered again",
    async (_, blocks) => {
      const placed = await chain.inNextBlock(place());
      await chain.mine(); // the receipt's consents are as of this block
      await submitJob(placed.executor, placed.submission);
      await chain.sent();
      await chain.mine();
      await until(async () => (await stateOf(placed)) === "delivered");
      const expectNothing = async () => {
        for (const gateway of ALL) expect(await resultCode(gateway, placed)).toBe("GATEWAY_NOT_FINAL");
      };
      await expectNothing();
      await chain.takeAway(blocks);
      expect(await onChain(placed)).toBe(OrderState.Funded);
      await expectNothing();
      await chain.mine(3);
      await expectNothing();
      // Long before its dispute window is over.
      await chain.sent();
      await chain.letGo();
      const { receipt } = await resultOf(network, placed, buyer);
      const { hash } = await network.reader.publicClient.getBlock({
        blockNumber: BigInt(receipt.consentBlock),
      });
      expect(receipt.consentBlockHash).toBe(hash);
      expect(await escrowEvents(network, "OrderDelivered", placed)).toBe(1);
    },
  );

  test("whose settlement is taken away is settled again", async () => {
    const placed = await chain.inNextBlock(place());
    await submitJob(placed.executor, placed.submission);
    await chain.sent();
    await chain.mine();
    await until(async () => (await stateOf(placed)) === "delivered");
    await network.rpc("evm_increaseTime", [WINDOW + 1]);
    await chain.mine(3);
    // The gateway would look when its own clock says that the window is over.
    const task = { payload: JSON.stringify({ id: placed.id }), key: `settle:${placed.id}` };
    await inDatabase(1, (db) =>
      sql`select graphile_worker.add_job('settle-order', payload => ${task.payload}::json, job_key => ${task.key})`.execute(
        db,
      ),
    );
    for (const undone of [true, false]) {
      await chain.sent();
      await chain.mine();
      await until(async () => (await stateOf(placed)) === "settled");
      expect(await onChain(placed)).toBe(OrderState.Settled);
      if (undone) await chain.takeAway(1);
    }
    await chain.mine(2);
    expect(await escrowEvents(network, "OrderSettled", placed)).toBe(1);
  });
});
