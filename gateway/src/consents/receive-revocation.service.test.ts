import { type Address, toHex } from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signStruct } from "@salus/sdk/chain/sign-struct";
import { readSlots } from "@salus/sdk/consent/read-slots";
import { toWire } from "@salus/sdk/gateway/wire";
import type { SignedRevocation } from "@salus/sdk/gateway/types";
import { type GatewayApp, startGatewayApp } from "../../../test/support/gateway-app.ts";
import type { Context } from "../context.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { LIMIT } from "../http/limits.ts";
import { sweepRevocations } from "./hold-revocation.ts";
import { readLocalWord } from "./local-word.ts";
import { receiveRevocation } from "./receive-revocation.ts";
import { bringRevocationOnChain } from "./submit-revocation.ts";

const DATASET = 9n;
let world: GatewayApp;

beforeAll(async () => {
  world = await startGatewayApp(29_340);
}, 120_000);
afterAll(() => world?.stop());

let people = 0;
async function somebody(): Promise<PrivateKeyAccount> {
  people += 1;
  const account = privateKeyToAccount(toHex(8_000_000 + people, { size: 32 }));
  await world.know(DATASET, account.address);
  return account;
}
const low = ({ address }: PrivateKeyAccount) => address.toLowerCase() as Address;

async function revocationOf(person: PrivateKeyAccount, maxNonce: number): Promise<SignedRevocation> {
  const message = { dataset: DATASET, subject: person.address, maxNonce };
  const signature = await signStruct(world.context.deployment, "Revocation", message, person);
  return { revocation: toWire("Revocation", message), signature };
}
const heldOf = async (person: PrivateKeyAccount) =>
  (await world.context.db.selectFrom("revocations").selectAll().where("subject", "=", low(person)).execute())
    .map(({ max_nonce }) => max_nonce)
    .toSorted((a, b) => a - b);
/** The nonce up to which decisions deny. */
const deniedUpTo = async (person: PrivateKeyAccount) =>
  (await readLocalWord(world.context.db, DATASET)).revoked.get(low(person))?.revocation.maxNonce;

/** The gateway while its chain does not answer. */
function inDoubt(): Context {
  const away = () => Promise.reject(new GatewayError("GATEWAY_CHAIN_UNAVAILABLE", "It is away."));
  return { ...world.context, chain: { ...world.context.chain, snapshot: away } };
}

describe("a known person's revocations with ever other nonces", () => {
  it("leave one that denies all, which is passed on and brought on chain", async () => {
    const person = await somebody();
    const upTo = [10, 40, 20, 70_000, 41, 9, 1_000_000, 999_999];
    for (const nonce of upTo) {
      await receiveRevocation(world.context, await revocationOf(person, nonce));
      const highest = Math.max(...upTo.slice(0, upTo.indexOf(nonce) + 1));
      expect(await heldOf(person)).toEqual([highest]);
      expect(await deniedUpTo(person)).toBe(highest);
    }
    const about = { dataset: `${DATASET}`, subject: low(person) };
    // What became of the others' tasks: there is nothing left to do.
    for (const maxNonce of upTo.slice(0, 6))
      await bringRevocationOnChain(world.context, { ...about, maxNonce });
    const slot = async () =>
      (await readSlots(world.chain.reader, { dataset: DATASET, subjects: [person.address] }))[0]!;
    expect((await slot()).nonce).toBe(0);
    await bringRevocationOnChain(world.context, { ...about, maxNonce: 1_000_000 });
    expect((await slot()).nonce).toBe(1_000_001);
  });

  it("that come by another gateway take over what this one has still to tell the third", async () => {
    const person = await somebody();
    await receiveRevocation(world.context, await revocationOf(person, 10));
    await receiveRevocation(world.context, await revocationOf(person, 20), { from: "gateway" });
    const { db } = world.context;
    const told = await db
      .selectFrom("graphile_worker.jobs" as never)
      .select("key" as never)
      .where("task_identifier" as never, "=", "gossip-revocation" as never)
      .where("key" as never, "like", `%${low(person)}:20` as never)
      .execute();
    expect(told).toHaveLength(2);
  });

  it("are kept apart while the chain is in doubt, so many and no more, and each is brought on chain afterwards", async () => {
    const person = await somebody();
    const nonces = Array.from({ length: LIMIT.revocationsWaiting }, (_, i) => i + 1);
    for (const nonce of nonces) await receiveRevocation(inDoubt(), await revocationOf(person, nonce));
    expect(await heldOf(person)).toEqual(nonces);
    const more = receiveRevocation(inDoubt(), await revocationOf(person, 2 ** 39));
    await expect(more).rejects.toMatchObject({ code: "GATEWAY_RATE_LIMITED", retryAfter: 60 });
    // The same again is no other.
    await receiveRevocation(inDoubt(), await revocationOf(person, 3));
    expect(await heldOf(person)).toEqual(nonces);
    // Another person is not kept out by them.
    const other = await somebody();
    await receiveRevocation(inDoubt(), await revocationOf(other, 2 ** 39));
    expect(await deniedUpTo(other)).toBe(2 ** 39);
    // One that nobody can bring on chain, since it reaches too far, takes the place of none that can be.
    await receiveRevocation(world.context, await revocationOf(other, 5));
    expect(await heldOf(other)).toEqual([5, 2 ** 39]);
    await receiveRevocation(world.context, await revocationOf(person, 30));
    expect(await heldOf(person)).toEqual([30]);
  });

  it("are forgotten a day after the chain has a later one for good: the last stays", async () => {
    const [person, waiting] = [await somebody(), await somebody()];
    const makeFinal = async (maxNonce: number) => {
      const task = { dataset: `${DATASET}`, subject: low(person), maxNonce };
      await receiveRevocation(world.context, await revocationOf(person, maxNonce));
      await bringRevocationOnChain(world.context, task);
      await world.chain.advance(1);
      await world.chain.advance(1);
      await bringRevocationOnChain(world.context, task);
    };
    const sweepAfter = (seconds: number) =>
      sweepRevocations({ ...world.context, now: () => world.context.now() + seconds });
    await makeFinal(10);
    await receiveRevocation(world.context, await revocationOf(person, 40));
    await receiveRevocation(world.context, await revocationOf(waiting, 10));
    await sweepAfter(90_000);
    // What follows it is not final: a reorganisation may take it away.
    expect([await heldOf(person), await heldOf(waiting)]).toEqual([[10, 40], [10]]);
    await makeFinal(40);
    await sweepAfter(80_000);
    expect(await heldOf(person)).toEqual([10, 40]);
    await sweepAfter(90_000);
    expect([await heldOf(person), await heldOf(waiting)]).toEqual([[40], [10]]);
    // Sent again, the forgotten one says nothing that the chain does not.
    expect(await receiveRevocation(world.context, await revocationOf(person, 10))).toBe(false);
    expect([await heldOf(person), await deniedUpTo(person)]).toEqual([[40], 40]);
  });
});
