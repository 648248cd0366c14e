/**
 * Attacks on gateways, by name; docs/threat-model.md points here. Three gateways with their production code and real
 * databases, real keys and shares of a real version; the chain is a double.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { hexToBytes, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { signStruct } from "@salus/sdk/chain/sign-struct";
import { combineKey } from "@salus/sdk/crypto/key-shares";
import { decodeShareBatch, generateHpkeKeyPair, openSealed } from "@salus/sdk/crypto/index";
import { fromBase64 } from "@salus/sdk/gateway/base64";
import { logsDigest } from "@salus/sdk/gateway/commitments";
import { GatewayRequestError, sendForJson } from "@salus/sdk/gateway/http";
import { releaseShares } from "@salus/sdk/gateway/release-shares";
import type { RequestSigner } from "@salus/sdk/gateway/requests";
import { submitJob } from "@salus/sdk/gateway/submit-job";
import type { CosignRequest, PeerSharesResponse } from "@salus/sdk/gateway/types";
import { fromWire, toWire } from "@salus/sdk/gateway/wire";
import { sendGrant } from "@salus/sdk/gateway/send-grant";
import { sendRevocation } from "@salus/sdk/gateway/send-revocation";
import { DUO, OrderKind, OrderState } from "@salus/sdk/generated/constants";
import { openRecord, type ReleasedShare } from "@salus/sdk/records/open-record";
import { contributorLeaf } from "@salus/sdk/trees/leaves";
import { leafRoot } from "@salus/sdk/trees/tree";
import type { Order } from "@salus/sdk/types";
import { TEST_DEPLOYMENT, testKey } from "../support/gateway-context.ts";
import { COUNT, subjectOf } from "../support/gateway-market.ts";
import { buyer, FAR, innerFetch, type Network, SALT, startNetwork } from "../support/interleaving/network.ts";
import { startPostgres, type TestPostgres } from "../support/postgres.ts";

const START = 1_900_000_000;
const MANY = 5;
const ALL = { purposes: DUO.USE_HEALTH, modes: 7, expiry: FAR };
const stranger = privateKeyToAccount(testKey(99));
/** Keys of the custodian, gateway 1: of its operator, and the one that it signs with. */
const operator = privateKeyToAccount(testKey(11));
const signer = privateKeyToAccount(testKey(21));

type Placed = { id: Hex; order: Order };
type Intercept = (url: URL, init: RequestInit, go: () => Promise<Response>) => Promise<Response>;

let postgres: TestPostgres;
let network: Network;
let intercept: Intercept | undefined;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(START * 1000);
  const inner = innerFetch(() => network);
  vi.stubGlobal("fetch", ((url: URL, init: RequestInit) =>
    intercept ? intercept(url, init, () => inner(url, init)) : inner(url, init)) as typeof fetch);
  postgres = await startPostgres(23_700);
  network = await startNetwork(postgres, Array(MANY).fill(ALL), START);
}, 120_000);
afterAll(async () => {
  await network?.stop();
  await postgres?.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});
beforeEach(async () => {
  intercept = undefined;
  vi.setSystemTime(START * 1000);
  await network.restart(START);
});

const targetOf = (index: number) => network.gateways[index - 1]!.target;
const escrow = TEST_DEPLOYMENT.contracts.AccessEscrow;
const people = Array.from({ length: MANY }, (_, i) => subjectOf(i).address.toLowerCase()).sort();

function mine(blocks = 3): void {
  for (let i = 0; i < blocks; i += 1) network.chain.mine();
  vi.setSystemTime(network.chain.head.time * 1000);
}

function fund(kind: number): Placed {
  const placed = network.order(kind);
  network.chain.mine([{ type: "fund", ...placed }]);
  mine();
  return placed;
}

/** A funded download, handed in; its executor's work is still to be done. */
async function handIn(): Promise<Placed> {
  const placed = fund(OrderKind.Download);
  await submitJob(targetOf(1), { ...placed, signer: buyer } as never);
  return placed;
}

async function run({ id }: Placed): Promise<void> {
  await network.runTask(network.gateways[0]!, `run:${id}`);
}

function stateOf({ id }: Placed): number {
  return network.chain.head.orders.get(id)!.state;
}

async function delivered(): Promise<Placed> {
  const placed = await handIn();
  await run(placed);
  expect(stateOf(placed)).toBe(OrderState.Delivered);
  mine();
  return placed;
}

function release(placed: Placed, index: number, by: RequestSigner = buyer) {
  const { recipientKey } = network;
  return releaseShares(targetOf(index), { ...placed, signer: by, recipientKey, escrow });
}

/** What an executor, or somebody with its key, asks another gateway for. */
function askShares(placed: Placed, by: RequestSigner, index = 2) {
  const recordIds = network.built.manifest.entries.map(({ leaf }) => leaf.recordId);
  const json = { order: toWire("Order", placed.order), spec: COUNT, salt: SALT, recordIds };
  const request = { method: "POST", path: "/v1/peer/shares", json, signer: by } as const;
  return sendForJson<PeerSharesResponse>(targetOf(index), request);
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(GatewayRequestError);
  return (error as GatewayRequestError).code;
}

/** A record with the shares that gateways released for it. */
function readerOf(place: number, released: { gateway: number; shares: { recordId: Hex }[] }[]) {
  const entry = network.built.manifest.entries[place]!;
  const { bytes } = network.built.ciphertexts.find(({ recordId }) => recordId === entry.leaf.recordId)!;
  const shares = released.map(({ gateway, shares: all }): ReleasedShare => {
    const share = all.find(({ recordId }) => recordId === entry.leaf.recordId) as never as ReleasedShare;
    return { ...share, gateway };
  });
  return { context: network.built.manifest, entry, envelope: bytes, shares };
}

describe("fewer than t gateways", () => {
  test("with all that one has, its own share of a delivered record included, read nothing", async () => {
    const placed = await delivered();
    const { context } = network.gateways[1]!;
    const { entry, ...rest } = readerOf(0, [await release(placed, 2)]);
    const kept = await context.shares.get({ asset: 77n, originVersion: 1 }, [entry.leaf.recordId]);
    expect(kept.get(entry.leaf.recordId)!.share).toEqual(rest.shares[0]!.share);
    await expect(openRecord({ entry, ...rest })).rejects.toMatchObject({ code: "SDK_TOO_FEW_SHARES" });
    // Nor with a second share made up, past the check that would name it: whatever comes out is not the key.
    const [real] = rest.shares as [ReleasedShare];
    for (const fill of [0, 1, 0x7f]) {
      const madeUp = Uint8Array.from(real.share, (byte, i) =>
        i === real.share.length - 1 ? byte ^ 3 : fill,
      );
      const guess = await combineKey([real.share, madeUp], 2);
      const third = readerOf(0, [await release(placed, 3)]).shares[0]!;
      expect(guess).not.toEqual(await combineKey([real.share, third.share], 2));
    }
  });

  test("stopped, n − t of them, stop neither a receipt nor a release", async () => {
    network.down.add(3);
    const placed = await delivered();
    const released = [await release(placed, 1), await release(placed, 2)];
    for (let place = 0; place < MANY; place += 1) {
      const { plaintext } = await openRecord(readerOf(place, released));
      expect(JSON.parse(new TextDecoder().decode(plaintext))).toHaveProperty("n");
    }
    expect(await codeOf(release(placed, 3))).toBe("GATEWAY_UNREACHABLE");
  });
});

describe("a gateway that lies", () => {
  test("with a wrong share is named, and another one's serves", async () => {
    const placed = await delivered();
    const released = await Promise.all([1, 2, 3].map((index) => release(placed, index)));
    const wrong = released[1]!.shares.map((share) => ({
      ...share,
      share: share.share.map((byte, i) => (i === 0 ? byte ^ 1 : byte)),
    }));
    const lying = { ...released[1]!, shares: wrong };
    await expect(openRecord(readerOf(0, [released[0]!, lying]))).rejects.toMatchObject({
      code: "SDK_WRONG_SHARE",
      details: { gateway: 2 },
    });
    const { wrongShares } = await openRecord(readerOf(0, [released[0]!, lying, released[2]!]));
    expect(wrongShares).toEqual([2]);
  });

  test("as cosigner, by a signature that is not its own, is named and replaced", async () => {
    const warn = vi.spyOn(network.gateways[0]!.context.logger, "warn");
    intercept = async (url, _, go) => {
      const answer = await go();
      if (url.hostname !== "gateway-2.test" || url.pathname !== "/v1/peer/cosign") return answer;
      const body = (await answer.json()) as object;
      return Response.json({ ...body, signature: `0x${"11".repeat(64)}1b` });
    };
    const placed = await handIn();
    await run(placed);
    expect(stateOf(placed)).toBe(OrderState.Delivered);
    expect(warn.mock.calls.map((call) => call[1]).join()).toContain("Gateway 2 answered with a signature");
    warn.mockRestore();
  });

  test("as executor, by any member of a receipt that others do not find themselves, gets no signature", async () => {
    let captured: CosignRequest | undefined;
    intercept = (url, init, go) => {
      if (url.pathname === "/v1/peer/cosign")
        captured = JSON.parse(new TextDecoder().decode(init.body as Uint8Array));
      return go();
    };
    await delivered();
    intercept = undefined;
    const honest = captured!;
    await network.restart(START);
    const placed = { ...fund(OrderKind.Download) };
    const { finalized, head } = network.chain;
    const own = await sendForJson<{ size: number; root: Hex }>(targetOf(2), {
      method: "GET",
      path: "/v1/log",
    });
    const some = people.slice(0, 4).map((subject) => ({ subject: subject as Hex, weight: 1 }));
    const receipt = {
      ...fromWire("Receipt", honest.receipt),
      order: placed.id,
      grantBlock: finalized.number,
      consentBlock: head.number,
      consentBlockHash: head.hash,
      logs: logsDigest([{ gateway: 2, size: own.size, root: own.root }]),
    };
    const ask = (said: typeof receipt) => {
      const json = {
        ...honest,
        order: toWire("Order", placed.order),
        receipt: toWire("Receipt", said),
        logs: [{ gateway: 2, size: own.size, root: own.root }],
      };
      return sendForJson(targetOf(2), { method: "POST", path: "/v1/peer/cosign", json, signer });
    };
    const lies: Partial<typeof receipt>[] = [
      { contributorsRoot: leafRoot(contributorLeaf, some), totalWeight: 4n, cohort: 4 },
      { inputRoot: `0x${"12".repeat(32)}` },
      { privacyCost: receipt.privacyCost + 1n },
      { consentBlockHash: finalized.hash },
      { grantBlock: head.number },
      { order: `0x${"34".repeat(32)}` },
      { result: `0x${"56".repeat(32)}` },
      { attestation: 2 },
      { logs: `0x${"78".repeat(32)}` },
    ];
    for (const lie of lies) {
      expect(await codeOf(ask({ ...receipt, ...lie })), Object.keys(lie).join()).toBe(
        "GATEWAY_COSIGN_MISMATCH",
      );
    }
    const { db } = network.gateways[1]!.context;
    expect(await db.selectFrom("signed_receipts").selectAll().execute()).toEqual([]);
    // The same receipt without a lie is signed: nothing else of it stood in the way.
    await ask(receipt);
    expect(await db.selectFrom("signed_receipts").selectAll().execute()).toHaveLength(1);
  });
});

describe("a hostile custodian", () => {
  test("leaves nobody out without that person's or its own signed word", async () => {
    const placed = await handIn();
    const [person] = people as [Hex];
    const madeUp = { revocation: { dataset: "77", subject: person, maxNonce: 65_536 } };
    intercept = async (url, init, go) => {
      if (url.pathname !== "/v1/peer/cosign") return go();
      const request = JSON.parse(new TextDecoder().decode(init.body as Uint8Array)) as CosignRequest;
      // What its operator signs in the person's place is nobody's word.
      const message = { dataset: 77n, subject: person, maxNonce: 65_536 };
      const signature = await signStruct(TEST_DEPLOYMENT, "Revocation", message, operator);
      const excluded = [{ subject: person, reason: 1, evidence: { revocation: { ...madeUp, signature } } }];
      const json = { ...request, excluded };
      const sent = { method: "POST", path: url.pathname, json, signer } as const;
      intercept = undefined;
      const code = await codeOf(sendForJson(targetOf(2), sent));
      expect(["GATEWAY_REVOCATION_INVALID", "GATEWAY_COSIGN_MISMATCH"]).toContain(code);
      return go();
    };
    await run(placed);
    // The honest receipt, with everybody in it, was signed afterwards.
    const { receipt } = network.chain.head.orders.get(placed.id)!;
    expect(receipt!.cohort).toBe(MANY);
  });

  test("that keeps a revocation to itself gets neither shares nor signatures from those who have it", async () => {
    const placed = await handIn();
    const [person] = [subjectOf(0)];
    const message = { dataset: 77n, subject: person.address, maxNonce: 65_536 };
    const signature = await signStruct(TEST_DEPLOYMENT, "Revocation", message, person);
    intercept = (url, _, go) =>
      url.hostname === "gateway-1.test" ? Promise.reject(new TypeError("fetch failed")) : go();
    await sendRevocation(targetOf(2), { message, signature });
    intercept = undefined;
    await run(placed);
    expect(stateOf(placed)).toBe(OrderState.Funded);
    const analysis = fund(OrderKind.Analysis);
    const { refused } = await askShares(analysis, signer);
    expect(refused.map(({ code }) => code)).toEqual(["GATEWAY_CONSENT_REVOKED"]);
    expect(
      await codeOf(
        sendForJson(targetOf(2), { method: "GET", path: `/v1/orders/${placed.id}/result`, signer: buyer }),
      ),
    ).not.toBe("PERMITTED");
  });
});

describe("a captured key of the custodian", () => {
  test("of its operator opens nothing: it neither executes nor buys", async () => {
    const placed = await delivered();
    expect(await codeOf(askShares(fund(OrderKind.Analysis), operator))).toBe("GATEWAY_NOT_ENTITLED");
    expect(await codeOf(release(placed, 2, operator))).toBe("GATEWAY_NOT_ENTITLED");
  });

  test("widens no purpose: not by an order of its own making, and not by a grant in a person's place", async () => {
    const wider = { ...network.order(OrderKind.Analysis).order, uses: DUO.USE_HEALTH | DUO.USE_DISEASE };
    const { hashStruct } = await import("@salus/sdk/chain/hash-struct");
    const forged = { id: hashStruct(TEST_DEPLOYMENT, "Order", wider), order: wider };
    expect(await codeOf(askShares(forged, signer))).toBe("GATEWAY_ORDER_NOT_FUNDED");
    network.chain.mine([{ type: "fund", ...forged }]);
    mine();
    const { released, refused } = await askShares(forged, signer);
    expect(released).toBe(0);
    expect(refused).toHaveLength(MANY);
    const subject = subjectOf(0).address;
    const grant = { dataset: 77n, subject, purposes: DUO.USE_DISEASE, expiry: FAR, modes: 7, nonce: 0 };
    const signature = await signStruct(TEST_DEPLOYMENT, "Grant", grant, operator);
    expect(await codeOf(sendGrant(targetOf(2), { message: grant, signature }))).toBe("GATEWAY_GRANT_REFUSED");
    expect(network.chain.slot(subject).nonce).toBe(0);
  });

  test("that it signs requests with gets shares that only the registered sealing key opens", async () => {
    const placed = fund(OrderKind.Analysis);
    const answer = await askShares(placed, signer);
    const context = { chainId: 31337, escrow, orderId: placed.id, purpose: "key-release" } as const;
    const sealed = fromBase64(answer.sealed);
    const thief = await generateHpkeKeyPair();
    await expect(openSealed({ recipientKey: thief, context, sealed })).rejects.toMatchObject({
      code: "SDK_SEALED_OPEN_FAILED",
    });
    const own = { recipientKey: network.gateways[0]!.context.keys.sealing, context, sealed };
    expect(decodeShareBatch(await openSealed(own))).toHaveLength(MANY);
  });
});

describe("who carries messages", () => {
  /** The request as it went over the wire. */
  async function recorded(placed: Placed): Promise<{ url: URL; init: RequestInit }> {
    const seen: { url: URL; init: RequestInit }[] = [];
    intercept = (url, init, go) => {
      seen.push({ url, init });
      return go();
    };
    await release(placed, 2);
    intercept = undefined;
    return seen[0]!;
  }
  async function send(url: URL, init: RequestInit): Promise<string | undefined> {
    return ((await (await fetch(url, init)).json()) as { code?: string }).code;
  }

  test("replays nothing: not at the same gateway, not at another one, not later, not at another path", async () => {
    const placed = await delivered();
    const { url, init } = await recorded(placed);
    expect(await send(url, init)).toBe("GATEWAY_REQUEST_REPLAYED");
    expect(await send(new URL(url.href.replace("gateway-2", "gateway-3")), init)).toBe(
      "GATEWAY_SIGNATURE_INVALID",
    );
    vi.setSystemTime(Date.now() + 3_600_000);
    network.chain.mine([], 3_600);
    expect(await send(url, init)).toBe("GATEWAY_REQUEST_STALE");
  });

  test("changes nothing on the way", async () => {
    const placed = await delivered();
    const { url, init } = await recorded(placed);
    const body = JSON.parse(new TextDecoder().decode(init.body as Uint8Array)) as { order: object };
    const thief = await generateHpkeKeyPair();
    const changed = JSON.stringify({ order: { ...body.order, recipientKey: thief.publicKey } });
    expect(
      await send(url, { ...init, body: hexToBytes(`0x${Buffer.from(changed).toString("hex")}`) as never }),
    ).toBe("GATEWAY_SIGNATURE_INVALID");
  });

  test("brings an older word of a person's back by sending it after a newer one", async () => {
    const person = subjectOf(0);
    const message = { dataset: 77n, subject: person.address, maxNonce: 65_536 };
    const old = { message, signature: await signStruct(TEST_DEPLOYMENT, "Revocation", message, person) };
    await sendRevocation(targetOf(2), old);
    await network.runTask(network.gateways[1]!, `revoke:77:${person.address.toLowerCase()}:65536`);
    const nonce = 65_537;
    const subject = person.address;
    network.chain.mine([{ type: "grant", subject, nonce, purposes: DUO.USE_HEALTH, expiry: FAR, modes: 7 }]);
    mine();
    await sendRevocation(targetOf(2), old);
    const { refused } = await askShares(fund(OrderKind.Analysis), signer);
    expect(refused).toEqual([]);
    expect(network.chain.slot(subject).nonce).toBe(nonce + 1);
  });
});

describe("a buyer", () => {
  test("gets nothing by another's order, signed as oneself or copied under an own key", async () => {
    const placed = await delivered();
    expect(await codeOf(release(placed, 2, stranger))).toBe("GATEWAY_NOT_ENTITLED");
    const thief = await generateHpkeKeyPair();
    const copied = {
      id: placed.id,
      order: { ...placed.order, buyer: stranger.address, recipientKey: thief.publicKey },
    };
    const asked = releaseShares(targetOf(2), { ...copied, signer: stranger, recipientKey: thief, escrow });
    expect(await codeOf(asked)).toBe("GATEWAY_ORDER_MISMATCH");
  });
});
