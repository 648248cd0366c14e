import { keccak256, toHex, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { decodeShareBatch, fromHex, openSealed, verifyShare } from "@salus/sdk/crypto/index";
import { OrderKind } from "@salus/sdk/generated/constants";
import { fromBase64 } from "@salus/sdk/gateway/base64";
import {
  AUTHORIZATION_SCHEME,
  bodyDigest,
  encodeHeader,
  freshness,
  signRequest,
} from "@salus/sdk/gateway/requests";
import type { PeerSharesRequest, PeerSharesResponse } from "@salus/sdk/gateway/types";
import { toWire } from "@salus/sdk/gateway/wire";
import {
  COUNT,
  type Dataset,
  endow,
  listPatients,
  placeOrder,
  type Placed,
} from "../test/support/gateway-market.ts";
import { type GatewayNetwork, startGatewayNetwork } from "../test/support/gateway-network.ts";
import { mustBe } from "./gas/measure.ts";
import { prepareBound } from "./release/bound.ts";
import { cpuOf } from "./release/cpu.ts";
import { type Answered, percentile, type Prepared, send } from "./release/load.ts";
import { atLeast, type BenchRow } from "./row.ts";

const FIRST_PORT = 23_040;

/** Records of the cohort whose key shares each release hands out. */
const RECORDS = 20;
const ORDERS = 4;
const WARM_UP = 1_000;

/** Bound and releases take turns, so that what else the machine does falls on both. */
const ROUNDS = 10;
const RELEASES = 200;

/** Requests under way at the same time. */
const LANES = 16;

/** Of the releases a second that the cryptography alone would allow; p95 may be its reciprocal times the cryptography's. */
const BAR = 0.5;

const PATH = "/v1/peer/shares";

/**
 * What the gateways run with in service, in place of what tests hurry them by: a checkpoint every two seconds, all told, and
 * a database that does not wait for the disk.
 */
const AS_IN_SERVICE = {
  SALUS_CHECKPOINT_SECONDS: "600",
  SALUS_PROMISE_SECONDS: "86400",
  SALUS_LOG_LEVEL: "info",
  TEST_POSTGRES_FSYNC: "on",
};

/**
 * Key releases of one gateway to the executor of an order: real requests to a real gateway, which checks signature, order,
 * cohort and consents on chain, logs each record's decision, and seals.
 *
 * The bound is what its HPKE and signature operations alone take, by the same functions in one thread, in turn with
 * the releases. It has
 * the machine for itself, while a release shares it with the asker, PostgreSQL and the chain; `release.cpu` leaves these
 * out: the processor time of the gateway's process for each release, against that of the bound. Decision 021 says more.
 * `SALUS_BENCH_PROFILE` names a folder for profiles of the gateways.
 */
export async function rows(): Promise<BenchRow[]> {
  const folder = process.env["SALUS_BENCH_PROFILE"];
  const profile = folder ? { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder}` } : undefined;
  const network = await startGatewayNetwork(FIRST_PORT, { ...AS_IN_SERVICE, ...profile });
  try {
    const buyer = privateKeyToAccount(keccak256(toHex("buyer of the release bench")));
    await endow(network, buyer);
    const dataset = await listPatients(network, RECORDS);
    const orders: Placed[] = [];
    for (let i = 0; i < ORDERS; i += 1) {
      const about = { buyer, asset: dataset.asset, kind: OrderKind.Analysis, spec: COUNT, submit: false };
      orders.push(await placeOrder(network, about));
    }
    const asker = askerOf(network, dataset, orders);
    const cryptography = await boundOf(network);
    await release(network, await asker(WARM_UP));
    await cryptography(WARM_UP);
    const own: Timed = { ms: [], seconds: 0, cpu: 0 };
    const alone: Timed = { ms: [], seconds: 0, cpu: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      add(alone, await cryptography(RELEASES));
      const { answers, ...timed } = await release(network, await asker(RELEASES));
      add(own, timed);
      await check(network, dataset, orders, answers);
    }
    return table(own, alone);
  } finally {
    await network.stop();
  }
}

/** Milliseconds of each, seconds of all, and milliseconds of processor time of all. */
type Timed = { ms: number[]; seconds: number; cpu: number };

function add(sum: Timed, { ms, seconds, cpu }: Timed): void {
  sum.ms.push(...ms);
  sum.seconds += seconds;
  sum.cpu += cpu;
}

function table(own: Timed, alone: Timed): BenchRow[] {
  const [rate, boundRate] = [own.ms.length / own.seconds, alone.ms.length / alone.seconds];
  const about = `${RECORDS} key shares each, ${LANES} requests under way`;
  const latency = (id: string, share: number, bar: number | null): BenchRow => {
    const [value, peerValue] = [percentile(own.ms, share), percentile(alone.ms, share)];
    const most = bar === null ? null : peerValue / bar;
    const peer = `HPKE and signatures alone: ${peerValue.toFixed(1)} ms`;
    const ok = most === null ? null : value <= most;
    return { id, case: about, value, unit: "ms", bar: most, ok, peer, peerValue, ratio: value / peerValue };
  };
  return [
    atLeast("release.ratio", `${rate.toFixed(0)} releases a second, ${about}`, rate / boundRate, "x", BAR, {
      peer: `HPKE and signatures alone: ${boundRate.toFixed(0)} a second`,
      peerValue: boundRate,
    }),
    latency("release.p50", 0.5, null),
    latency("release.p95", 0.95, BAR),
    processorTime(own.cpu / own.ms.length, alone.cpu / alone.ms.length),
  ];
}

function processorTime(value: number, peerValue: number): BenchRow {
  const peer = `HPKE and signatures alone: ${peerValue.toFixed(2)} ms`;
  const about = "processor time of the gateway's process for each release";
  const none = { bar: null, ok: null };
  return {
    id: "release.cpu",
    case: about,
    value,
    unit: "ms",
    ...none,
    peer,
    peerValue,
    ratio: value / peerValue,
  };
}

/** Makes signed requests of the executor, gateway 1, to gateway 2: each order in turn, each request with its own nonce. */
function askerOf(network: GatewayNetwork, dataset: Dataset, orders: readonly Placed[]) {
  const signer = privateKeyToAccount(network.gateways[0]!.keys.signerKey);
  const recordIds = dataset.built.manifest.entries.map(({ leaf }) => leaf.recordId);
  const bodies = orders.map(({ order, submission: { spec, salt } }) => {
    const json: PeerSharesRequest = { order: toWire("Order", order), spec, salt: salt!, recordIds };
    return Buffer.from(JSON.stringify(json));
  });
  const target = network.gateways[1]!.target();
  return async (count: number): Promise<Prepared[]> => {
    const prepared: Prepared[] = [];
    for (let i = 0; i < count; i += 1) {
      const body = bodies[i % bodies.length]!;
      const { issuedAt, nonce } = freshness();
      const about = { method: "POST", path: PATH, body: bodyDigest(body), gateway: target.index };
      const message = { signer: signer.address, ...about, issuedAt, nonce };
      const signature = await signRequest({ ...target, signer, primaryType: "Request", message });
      const header = encodeHeader({ signer: signer.address, issuedAt, nonce, signature });
      prepared.push({ path: PATH, body, authorization: `${AUTHORIZATION_SCHEME} ${header}` });
    }
    return prepared;
  };
}

async function release(network: GatewayNetwork, prepared: readonly Prepared[]) {
  const pid = network.gateways[1]!.pid()!;
  const before = cpuOf(pid);
  const { answers, seconds } = await send(network.gateways[1]!.url, prepared, LANES);
  const cpu = cpuOf(pid) - before;
  mustBe("The number of answers", answers.length, prepared.length);
  for (const { status, body } of answers) {
    mustBe("The status of a release", `${status} ${status === 200 ? "" : body}`, "200 ");
  }
  return { answers, ms: answers.map(({ ms }) => ms), seconds, cpu };
}

/** Every release holds a share of every record; those of one release in fifty are opened and held to the manifest. */
async function check(
  network: GatewayNetwork,
  { built: { manifest } }: Dataset,
  orders: readonly Placed[],
  answers: readonly Answered[],
): Promise<void> {
  const { keys } = network.gateways[0]!;
  const recipientKey = { publicKey: keys.sealingPublicKey, privateKey: fromHex(keys.sealingKey, 32, "key") };
  const positions = new Set<number>();
  for (const [i, { body }] of answers.entries()) {
    const answer = JSON.parse(body) as PeerSharesResponse;
    mustBe("The number of key shares released", answer.released, RECORDS);
    const { first, size, order } = answer.promise.promise;
    mustBe("The number of logged decisions", size - first, RECORDS);
    positions.add(first);
    if (i % 50 !== 0) continue;
    const { id } = orders[i % ORDERS]!;
    mustBe("The order of the promise", order, id);
    const context = { ...scopeOf(network), orderId: id as Hex, purpose: "key-release" } as const;
    const batch = await openSealed({ recipientKey, context, sealed: fromBase64(answer.sealed) });
    for (const share of decodeShareBatch(batch)) {
      const { leaf, commitments } = manifest.entries.find((entry) => entry.leaf.recordId === share.recordId)!;
      const place = manifest.gateways.indexOf(answer.gateway);
      verifyShare({
        ...share,
        context: { ...manifest, ...leaf },
        gateway: answer.gateway,
        commitment: commitments[place]!,
      });
    }
  }
  mustBe("The number of places in the log", positions.size, answers.length);
}

/** The bound, ready to be measured in turns. */
function boundOf(network: GatewayNetwork) {
  const { keys } = network.gateways[0]!;
  return prepareBound(scopeOf(network), {
    keys,
    recipientKey: keys.sealingPublicKey,
    records: RECORDS,
    lanes: LANES,
  });
}

function scopeOf({ deployment: { chainId, contracts } }: GatewayNetwork) {
  return { chainId, gatewayRegistry: contracts.GatewayRegistry, escrow: contracts.AccessEscrow };
}
