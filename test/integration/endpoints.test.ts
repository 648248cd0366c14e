/**
 * A gateway that reads the chain through two endpoints, one of which fails, lags or lies: in doubt no key share leaves, and
 * the doubt is in the log. The gateway's code, database and routes are real; the chain is a double.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Address, BaseError } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { SalusReader } from "@salus/sdk/chain/client";
import { decodeShareBatch, openSealed } from "@salus/sdk/crypto/index";
import { signRevocation } from "@salus/sdk/consent/sign-revocation";
import { sendRevocation } from "@salus/sdk/gateway/send-revocation";
import { fromBase64 } from "@salus/sdk/gateway/base64";
import { GatewayRequestError, sendForJson } from "@salus/sdk/gateway/http";
import type { PeerSharesResponse } from "@salus/sdk/gateway/types";
import { toWire } from "@salus/sdk/gateway/wire";
import { OrderKind } from "@salus/sdk/generated/constants";
import { TEST_DEPLOYMENT, testKey } from "../support/gateway-context.ts";
import { COUNT, subjectOf } from "../support/gateway-market.ts";
import { innerFetch, type Network, SALT, startNetwork } from "../support/interleaving/network.ts";
import { PEOPLE } from "../support/interleaving/story.ts";
import { startPostgres, type TestPostgres } from "../support/postgres.ts";

const START = 1_900_000_000;
const ASKED = 2;

type Client = Record<string, (...args: any[]) => Promise<any>>;
/** What an endpoint answers in place of an honest one; absent: it is honest. */
type Lie = (honest: Client, name: string) => Client[string] | undefined;

const lies: { first?: Lie; second?: Lie } = {};
let postgres: TestPostgres;
let network: Network;

/** An endpoint that lies as it is told at the moment. */
function endpoint(honest: SalusReader, which: "first" | "second"): SalusReader {
  const lying = (client: Client) =>
    new Proxy(client, { get: (target, name: string) => lies[which]?.(target, name) ?? target[name] });
  return {
    deployment: TEST_DEPLOYMENT,
    get publicClient() {
      return lying(honest.publicClient as unknown as Client) as never;
    },
  };
}

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(START * 1000);
  vi.stubGlobal(
    "fetch",
    innerFetch(() => network),
  );
  postgres = await startPostgres(23_600);
  network = await startNetwork(postgres, PEOPLE(START), START, (gateway, honest) =>
    gateway === ASKED ? [endpoint(honest, "first"), endpoint(honest, "second")] : [honest],
  );
}, 120_000);
afterAll(async () => {
  await network?.stop();
  await postgres?.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});
beforeEach(async () => {
  delete lies.first;
  delete lies.second;
  vi.setSystemTime(START * 1000);
  await network.restart(START);
});

/** Funds an analysis and lets it and the directory grow old enough to count. */
function fund() {
  const placed = network.order(OrderKind.Analysis);
  network.chain.mine([{ type: "fund", ...placed }]);
  for (let i = 0; i < 3; i += 1) network.chain.mine([], 2);
  vi.setSystemTime(network.chain.head.time * 1000);
  return placed;
}

/** Subjects whose key shares the executor gets, or the code of the refusal. */
async function askShares(placed: ReturnType<typeof fund>): Promise<string[] | string> {
  const { built, gateways } = network;
  const json = {
    order: toWire("Order", placed.order),
    spec: COUNT,
    salt: SALT,
    recordIds: built.manifest.entries.map(({ leaf }) => leaf.recordId),
  };
  const request = {
    method: "POST",
    path: "/v1/peer/shares",
    json,
    signer: privateKeyToAccount(testKey(21)),
  } as const;
  try {
    const answer = await sendForJson<PeerSharesResponse>(gateways[ASKED - 1]!.target, request);
    const context = {
      chainId: TEST_DEPLOYMENT.chainId,
      escrow: TEST_DEPLOYMENT.contracts.AccessEscrow,
      orderId: placed.id,
      purpose: "key-release",
    } as const;
    const recipientKey = gateways[0]!.context.keys.sealing;
    const shares = decodeShareBatch(
      await openSealed({ recipientKey, context, sealed: fromBase64(answer.sealed) }),
    );
    return shares.map(({ recordId }) => subjectOfRecord(recordId));
  } catch (error) {
    if (error instanceof GatewayRequestError) return error.code;
    throw error;
  }
}

function subjectOfRecord(recordId: string): string {
  const { entries } = network.built.manifest;
  return entries.find(({ leaf }) => leaf.recordId === recordId)!.leaf.subject.toLowerCase();
}

const person = subjectOf(0).address.toLowerCase();

/** Reasons in the asked gateway's log, once each. */
async function logged(): Promise<string[]> {
  const { db } = network.gateways[ASKED - 1]!.context;
  const rows = await db.selectFrom("decisions").select("reason").distinct().orderBy("reason").execute();
  return rows.map(({ reason }) => reason);
}

describe("while the chain is in doubt", () => {
  const away: Lie = () => () => Promise.reject(new BaseError("The endpoint does not answer."));

  test("a person's own word is taken, and told to the gateways known last; nobody else's is", async () => {
    const placed = fund();
    expect(await askShares(placed)).toContain(person);
    lies.first = lies.second = away;
    // Old enough for the registry to be read again, which fails now.
    vi.setSystemTime(Date.now() + 6_000);
    const { target } = network.gateways[ASKED - 1]!;
    const signed = async (by: number, subject: Address) => {
      const about = { dataset: 77n, subject, nonce: 0 };
      return signRevocation(TEST_DEPLOYMENT, about, subjectOf(by));
    };
    const another = sendRevocation(target, await signed(1, subjectOf(0).address));
    await expect(another).rejects.toMatchObject({ code: "GATEWAY_CHAIN_UNAVAILABLE" });
    const unknown = sendRevocation(target, await signed(9, subjectOf(9).address));
    await expect(unknown).rejects.toMatchObject({ code: "GATEWAY_CHAIN_UNAVAILABLE" });
    expect((await sendRevocation(target, await signed(0, subjectOf(0).address))).status).toBe("effective");
    delete lies.first;
    delete lies.second;
    expect(await askShares(placed)).not.toContain(person);
    for (const { index, context } of network.gateways) {
      const rows = await context.db.selectFrom("revocations").select("subject").execute();
      expect(rows, `gateway ${index}`).toEqual([{ subject: person }]);
    }
  });
});

describe.each(["first", "second"] as const)("when the %s of a gateway's two endpoints", (which) => {
  test("is as honest as the other, key shares leave", async () => {
    expect(await askShares(fund())).toContain(person);
  });

  test("is down, nothing leaves", async () => {
    const placed = fund();
    lies[which] = () => () => Promise.reject(new BaseError("The endpoint does not answer."));
    expect(await askShares(placed)).toBe("GATEWAY_CHAIN_UNAVAILABLE");
    expect(await logged()).toEqual([]);
  });

  test("lies about a person's consent, nothing leaves, and the log says why", async () => {
    const placed = fund();
    network.chain.mine([{ type: "stop", subject: subjectOf(0).address }]);
    lies[which] = (honest, name) =>
      name !== "readContract"
        ? undefined
        : async (call: { functionName: string; args: [bigint, string[]] }) => {
            const answer = await honest["readContract"]!(call);
            if (call.functionName !== "slotsOf") return answer;
            return (answer as { changedAt: number }[]).map((slot) => ({ ...slot, changedAt: 0 }));
          };
    expect(await askShares(placed)).toBe("GATEWAY_RPC_DISAGREEMENT");
    expect(await logged()).toEqual(["GATEWAY_RPC_DISAGREEMENT"]);
  });

  test("is on a fork, nothing leaves, and the log says why", async () => {
    const placed = fund();
    lies[which] = (honest, name) =>
      name !== "getBlock"
        ? undefined
        : async (query: object) => ({
            ...(await honest["getBlock"]!(query)),
            hash: `0x${"f0".repeat(32)}`,
          });
    expect(await askShares(placed)).toBe("GATEWAY_RPC_DISAGREEMENT");
    expect(await logged()).toEqual(["GATEWAY_RPC_DISAGREEMENT"]);
  });

  test("lags behind a revocation, the person is left out by what the other has heard", async () => {
    const placed = fund();
    network.chain.mine([{ type: "stop", subject: subjectOf(0).address }]);
    const { number } = network.chain.head;
    lies[which] = (honest, name) => {
      if (name === "getBlockNumber") return async () => BigInt(number - 1);
      if (name !== "getBlock") return undefined;
      return (query: { blockTag?: string }) =>
        honest["getBlock"]!(query.blockTag === "latest" ? { blockNumber: BigInt(number - 1) } : query);
    };
    const released = await askShares(placed);
    expect(released).toContain(subjectOf(4).address.toLowerCase());
    expect(released).not.toContain(person);
    expect(await logged()).toContain("GATEWAY_CONSENT_REVOKED");
  });

  test("keeps a revocation back that was mined during the decision, the other's word counts", async () => {
    const placed = fund();
    // Both told their heads before; the last look, which asks both again, is the first to be able to see it.
    let heads = 0;
    const mining: Lie = (honest, name) =>
      name !== "getBlock"
        ? undefined
        : async (query: { blockTag?: string }) => {
            if (query.blockTag === "latest" && (heads += 1) === 3) {
              network.chain.mine([{ type: "stop", subject: subjectOf(0).address }]);
            }
            return honest["getBlock"]!(query);
          };
    lies.first = lies.second = mining;
    lies[which] = (honest, name) =>
      name !== "getContractEvents"
        ? mining(honest, name)
        : (query: { eventName?: string }) =>
            query.eventName === "ConsentChanged" ? Promise.resolve([]) : honest["getContractEvents"]!(query);
    const released = await askShares(placed);
    expect(heads).toBe(4);
    expect(released).toContain(subjectOf(4).address.toLowerCase());
    expect(released).not.toContain(person);
  });
});
