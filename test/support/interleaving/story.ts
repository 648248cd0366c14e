import fc from "fast-check";
import type { Selectable } from "kysely";
import { expect, vi } from "vitest";
import { BaseError, type Address, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { signStruct } from "@salus/sdk/chain/sign-struct";
import type { Signed } from "@salus/sdk/consent/types";
import type { GatewayTarget } from "@salus/sdk/gateway/requests";
import { isSalusError } from "@salus/sdk/errors";
import { signProxyWord } from "@salus/sdk/consent/proxies";
import { signRevocation } from "@salus/sdk/consent/sign-revocation";
import { decodeShareBatch, openSealed } from "@salus/sdk/crypto/index";
import { fromBase64 } from "@salus/sdk/gateway/base64";
import { GatewayRequestError, sendForJson } from "@salus/sdk/gateway/http";
import { releaseShares } from "@salus/sdk/gateway/release-shares";
import { sendProxyRevocation, sendRevocation } from "@salus/sdk/gateway/send-revocation";
import { submitJob } from "@salus/sdk/gateway/submit-job";
import type { PeerSharesResponse } from "@salus/sdk/gateway/types";
import { fromWire, toWire } from "@salus/sdk/gateway/wire";
import { DUO, MODES, OrderKind } from "@salus/sdk/generated/constants";
import { contributorLeaf } from "@salus/sdk/trees/leaves";
import { leafRoot } from "@salus/sdk/trees/tree";
import type { Order } from "@salus/sdk/types";
import { COUNT, subjectOf } from "../gateway-market.ts";
import { TEST_DEPLOYMENT, testKey } from "../gateway-context.ts";
import type { Database } from "../../../gateway/src/database/schema.ts";
import type { ChainBlock, Tx } from "./chain.ts";
import { buyer, FAR, GATEWAYS, type InterleavedGateway, type Network, SALT } from "./network.ts";
import { answer, hasStopped, type Moment } from "./oracle.ts";

/*
 * Random stories of grants, revocations, orders, reorganisations, requests and jobs over three gateways, told step by step
 * and checked after each. What a gateway decided must be what the oracle says; what it handed out or signed must name
 * nobody who had stopped, also where something else happened in the middle of the step.
 */

/** People of the dataset: what each allowed at listing. The second one's permission ends within the story. */
export const PEOPLE = (start: number) => {
  const all = {
    purposes: DUO.USE_HEALTH,
    modes: MODES.ANALYSIS | MODES.TRAINING | MODES.DOWNLOAD,
    expiry: FAR,
  };
  return [
    all,
    { ...all, expiry: start + 25 },
    { ...all, purposes: DUO.USE_DISEASE },
    { ...all, modes: MODES.ANALYSIS },
    all,
  ];
};
const MANY = 5;

/** What may happen in the middle of a step: at its n-th look at the chain. */
type Meanwhile = {
  after: number;
  what: "stop" | "reorganise" | "revoke" | "grant";
  person: number;
  gateway: number;
};

export type Step =
  | { do: "grant"; person: number; useful: boolean; late: boolean }
  | { do: "stop"; person: number }
  | { do: "revoke"; person: number; gateway: number; stale: boolean }
  | { do: "pair"; person: number }
  /** asserts that the only revocation for the person counts no more at the gateway */
  | { do: "overruled"; person: number; gateway: number }
  /** asserts that the person's revocation is final on chain, and known as final at the gateway */
  | { do: "settled"; person: number; gateway: number }
  | { do: "proxy"; person: number; named: boolean }
  | { do: "speak"; who: "proxy" | "custodian"; person: number; gateway: number }
  | { do: "order"; download: boolean }
  | { do: "mine"; blocks: number; seconds: number }
  | { do: "wait" }
  | { do: "reorganise"; depth: number; keep: number }
  | { do: "work"; gateway: number }
  | { do: "outage"; gateway: number }
  | { do: "job"; order: number }
  | { do: "run"; order: number; meanwhile: Meanwhile | null }
  | { do: "share"; order: number; gateway: number; meanwhile: Meanwhile | null }
  | { do: "download"; order: number; gateway: number; meanwhile: Meanwhile | null };

const OPENING: Step[] = [
  { do: "order", download: true },
  { do: "order", download: false },
  { do: "job", order: 0 },
];

/** Stories of their own, each about one way in which a revocation could be outrun. */
export const NAMED: Record<string, Step[][]> = {
  "a revocation that the head had passed, before a reorganisation took that head away": [
    [
      ...OPENING,
      { do: "mine", blocks: 3, seconds: 1 },
      { do: "stop", person: 0 },
      { do: "grant", person: 0, useful: true, late: false },
      { do: "revoke", person: 0, gateway: 2, stale: true },
      { do: "reorganise", depth: 2, keep: 0 },
      { do: "share", order: 0, gateway: 2, meanwhile: null },
      { do: "share", order: 0, gateway: 3, meanwhile: null },
      { do: "run", order: 0, meanwhile: null },
    ],
  ],
  "a proxy's or the custodian's revocation that is not mined yet, and that a reorganisation takes away again":
    [
      spokenFor("proxy", { do: "proxy", person: 0, named: true }),
      spokenFor("custodian", { do: "pair", person: 0 }),
    ],
  "a revocation in a block that replaces the one of the decision": inTheMiddle("reorganise"),
  "a revocation in the head while a gateway decides": inTheMiddle("stop"),
  "a revocation that is received while a gateway decides": inTheMiddle("revoke"),
};

/**
 * A story for each reason that gateways may give, told by its steps alone: what random stories meet by chance only, these
 * meet for certain.
 */
export const MEETING: Record<string, Step[]> = {
  PERMITTED: [...OPENING, ...mined(3), shared()],
  GATEWAY_CONSENT_REVOKED: [...OPENING, { do: "stop", person: 0 }, shared()],
  // The third person never allowed this purpose.
  GATEWAY_CONSENT_MISSING: [...OPENING, ...mined(3), shared()],
  GATEWAY_CONSENT_NOT_FINAL: [...OPENING, { do: "grant", person: 2, useful: true, late: false }, shared()],
  // The second person's permission ends after 25 seconds.
  GATEWAY_CONSENT_EXPIRED: [...OPENING, ...mined(1, 25), shared()],
  GATEWAY_ORDER_EXPIRED: [...OPENING, ...mined(3, 25), shared()],
  GATEWAY_HEAD_STALE: [...OPENING, { do: "wait" }, shared()],
  // Funded in a block that is not final, and final but not delivered.
  GATEWAY_ORDER_NOT_FUNDED: [...OPENING, downloaded()],
  GATEWAY_ORDER_STATE: [...OPENING, ...mined(3), downloaded()],
  // Delivered without the third person, who allows it afterwards.
  GATEWAY_OUTSIDE_COHORT: [
    ...OPENING,
    ...mined(3),
    { do: "run", order: 0, meanwhile: null },
    { do: "grant", person: 2, useful: true, late: false },
    ...mined(3),
    downloaded(),
  ],
};

/**
 * A proxy's word that was never mined, since its person removed the proxy: denied until the person has granted anew and all
 * of that is final, and not a moment sooner.
 */
export const OVERRULED: Step[] = [
  ...OPENING,
  { do: "proxy", person: 0, named: true },
  ...mined(3),
  { do: "speak", who: "proxy", person: 0, gateway: 2 },
  { do: "proxy", person: 0, named: false },
  ...mined(3),
  ...worked(),
  shared(),
  { do: "grant", person: 0, useful: true, late: false },
  ...worked(),
  shared(),
  ...mined(3),
  ...worked(),
  ...[1, 2, 3].map((gateway): Step => ({ do: "overruled", person: 0, gateway })),
  shared(),
];

function worked(): Step[] {
  return [1, 2, 3].map((gateway) => ({ do: "work", gateway }));
}

/** Denied on receipt, at every gateway; still denied when the block that held it is gone; mined again. */
function spokenFor(who: "proxy" | "custodian", first: Step): Step[] {
  const shares: Step[] = [2, 3].map((gateway) => ({ do: "share", order: 0, gateway, meanwhile: null }));
  return [
    ...OPENING,
    first,
    ...mined(3),
    ...shares,
    { do: "run", order: 0, meanwhile: null },
    { do: "speak", who, person: 0, gateway: 2 },
    ...shares,
    { do: "work", gateway: 2 },
    { do: "reorganise", depth: 2, keep: 0 },
    ...shares,
    { do: "work", gateway: 2 },
    ...mined(3),
    { do: "work", gateway: 2 },
    { do: "settled", person: 0, gateway: 2 },
  ];
}

function mined(blocks: number, seconds = 1): Step[] {
  return [{ do: "mine", blocks, seconds }];
}

function shared(): Step {
  return { do: "share", order: 0, gateway: 2, meanwhile: null };
}

function downloaded(): Step {
  return { do: "download", order: 0, gateway: 2, meanwhile: null };
}

/** The same event at each moment of a key release and of a run. */
function inTheMiddle(what: Meanwhile["what"]): Step[][] {
  return Array.from({ length: 15 }, (_, i) => [
    ...OPENING,
    { do: "mine", blocks: 3, seconds: 1 },
    { do: "share", order: 0, gateway: 2, meanwhile: { after: 2 * i + 1, what, person: 0, gateway: 2 } },
    { do: "run", order: 0, meanwhile: { after: 4 * i + 1, what, person: 4, gateway: 3 } },
    { do: "run", order: 0, meanwhile: null },
  ]);
}

const person = fc.nat(MANY - 1);
const gateway = fc.constantFrom(...GATEWAYS);
const order = fc.nat(2);
const meanwhile = fc.option(
  fc.record({
    after: fc.integer({ min: 1, max: 40 }),
    what: fc.constantFrom("stop" as const, "revoke" as const, "reorganise" as const, "grant" as const),
    person,
    gateway,
  }),
  { freq: 2 },
);
const is = <T extends Step["do"]>(name: T) => fc.constant(name);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: is("grant"), person, useful: fc.boolean(), late: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: is("stop"), person }) },
  { weight: 3, arbitrary: fc.record({ do: is("revoke"), person, gateway, stale: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: is("pair"), person }) },
  { weight: 2, arbitrary: fc.record({ do: is("proxy"), person, named: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: is("speak"),
      who: fc.constantFrom("proxy" as const, "custodian" as const),
      person,
      gateway,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: is("order"), download: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: is("mine"),
      blocks: fc.integer({ min: 1, max: 4 }),
      seconds: fc.constantFrom(1, 1, 1, 25),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: is("wait") }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: is("reorganise"), depth: fc.integer({ min: 1, max: 2 }), keep: fc.nat(7) }),
  },
  { weight: 2, arbitrary: fc.record({ do: is("work"), gateway }) },
  { weight: 1, arbitrary: fc.record({ do: is("outage"), gateway }) },
  { weight: 2, arbitrary: fc.record({ do: is("job"), order }) },
  { weight: 4, arbitrary: fc.record({ do: is("run"), order, meanwhile }) },
  { weight: 4, arbitrary: fc.record({ do: is("share"), order, gateway, meanwhile }) },
  { weight: 5, arbitrary: fc.record({ do: is("download"), order, gateway, meanwhile }) },
);

/** Stories: each begins with an order of each kind, so that there is something to ask for. */
export const stories: fc.Arbitrary<Step[]> = fc
  .array(step, { minLength: 6, maxLength: 22 })
  .map((steps) => [...OPENING, ...steps]);

/** What happened in the stories: told of long runs, and asserted of those whose steps make it certain. */
export type Tally = {
  decisions: Record<string, number>;
  releases: number;
  receipts: number;
  disturbed: number;
  /** taken by gateways */
  revocations: number;
};

export function newTally(): Tally {
  return { decisions: {}, releases: 0, receipts: 0, disturbed: 0, revocations: 0 };
}

type Grant = { person: number; useful: boolean; late: boolean; modes?: number };

/** The key that people let speak for them, and the custodian's operator. */
const proxyAccount = privateKeyToAccount(testKey(95));
const custodian = privateKeyToAccount(testKey(11));

type Placed = { id: Hex; order: Order };

/** Tells one story and checks each step. */
export async function tell(
  network: Network,
  start: number,
  steps: readonly Step[],
  tally: Tally,
): Promise<void> {
  vi.setSystemTime(start * 1000);
  await network.restart(start);
  const story = new Story(network, tally);
  for (const one of steps) await story.take(one);
}

class Story {
  readonly #network: Network;
  readonly #tally: Tally;
  readonly #placed: Placed[] = [];
  /** grants that were signed and not mined yet */
  #late: Tx[] = [];
  /** revocations that each gateway acknowledged */
  readonly #received = new Map<number, { subject: string; maxNonce: number }[]>(
    GATEWAYS.map((index) => [index, []]),
  );
  /** records that each gateway handed out first, by gateway and order */
  readonly #first = new Map<string, Set<string>>();
  /** of each gateway's log, how much was checked */
  readonly #seen = new Map<number, number>(GATEWAYS.map((index) => [index, 0]));
  #waiting: Promise<unknown>[] = [];

  constructor(network: Network, tally: Tally) {
    this.#network = network;
    this.#tally = tally;
  }

  get #chain() {
    return this.#network.chain;
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case "grant":
        return this.#grant(step);
      case "stop":
        return void this.#mine([{ type: "stop", subject: subjectOf(step.person).address }]);
      case "revoke":
        return this.#revoke(step.person, step.gateway, step.stale);
      case "pair":
        return this.#grant({ person: step.person, useful: true, late: false, modes: 7 | MODES.TWO_PERSON });
      case "overruled":
        return this.#checkDropped(step.person, step.gateway);
      case "settled":
        return this.#checkSettled(step.person, step.gateway);
      case "proxy":
        return this.#changeProxy(step.person, step.named);
      case "speak":
        return this.#speakFor(step);
      case "order":
        return this.#place(step.download ? OrderKind.Download : OrderKind.Analysis);
      case "mine":
        for (let i = 0; i < step.blocks; i += 1) this.#mine(this.#late.splice(0), step.seconds);
        return;
      case "wait":
        return void vi.setSystemTime(Date.now() + 61_000); // no block for too long
      case "reorganise":
        return this.#reorganise(step.depth, step.keep);
      case "outage":
        return this.#toggle(step.gateway);
      case "work":
        return this.#work(this.#network.gateways[step.gateway - 1]!);
      case "job":
        return this.#handIn(step.order);
      case "run":
        return this.#during(step.meanwhile, () => this.#run(step.order));
      case "share":
        return this.#during(step.meanwhile, () => this.#share(step.order, step.gateway));
      case "download":
        return this.#during(step.meanwhile, () => this.#download(step.order, step.gateway));
    }
  }

  #pick(place: number, kind: number): Placed {
    const some = this.#placed.filter(({ order }) => order.kind === kind);
    return some[place % some.length]!;
  }

  #mine(txs: readonly Tx[] = [], seconds = 1): void {
    this.#chain.mine(txs, seconds);
    this.#syncClock();
  }

  #syncClock(): void {
    vi.setSystemTime(Math.max(Date.now(), this.#chain.head.time * 1000));
  }

  #grant({ person, useful, late, modes = 7 }: Grant): void {
    const subject = subjectOf(person).address;
    const { nonce } = this.#chain.slot(subject);
    const purposes = useful ? DUO.USE_HEALTH : DUO.USE_DISEASE;
    const tx = { type: "grant", subject, nonce, purposes, expiry: FAR, modes } as const;
    if (late) this.#late.push(tx);
    else this.#mine([tx]);
  }

  /** A person sends a signed revocation to a gateway; its answer is the moment from which that gateway must deny. */
  async #revoke(person: number, gateway: number, stale = false): Promise<void> {
    const account = subjectOf(person);
    const subject = account.address;
    // Somebody whose device has not seen the last blocks signs for what is final.
    const { nonce } = this.#chain.slot(subject, stale ? this.#chain.finalized : this.#chain.head);
    const signed = await signRevocation(TEST_DEPLOYMENT, { dataset: 77n, subject, nonce }, account);
    const answered = await this.#hand(gateway, (target) => sendRevocation(target, signed));
    if (answered) this.#tellAll(gateway, { subject, maxNonce: signed.message.maxNonce });
  }

  async #checkSettled(person: number, gateway: number): Promise<void> {
    const subject = subjectOf(person).address.toLowerCase() as Address;
    const { db } = this.#network.gateways[gateway - 1]!.context;
    const rows = await db
      .selectFrom("revocations")
      .select("final_at")
      .where("subject", "=", subject)
      .execute();
    expect(this.#chain.slot(subject, this.#chain.finalized)).toMatchObject({ purposes: 0n, modes: 0 });
    expect(rows.map(({ final_at: at }) => at !== null)).toEqual([true]);
  }

  async #checkDropped(person: number, gateway: number): Promise<void> {
    const subject = subjectOf(person).address.toLowerCase() as Address;
    const { db } = this.#network.gateways[gateway - 1]!.context;
    const rows = await db
      .selectFrom("revocations")
      .select("overruled_at")
      .where("subject", "=", subject)
      .execute();
    expect(rows.map(({ overruled_at: at }) => at !== null)).toEqual([true]);
  }

  /** Names a person's proxy, or removes it. */
  #changeProxy(person: number, named: boolean): void {
    const subject = subjectOf(person).address;
    const { nonce } = this.#chain.slot(subject);
    const proxy = proxyAccount.address;
    const { since = 0 } = this.#chain.proxy(subject, proxy);
    if (named) this.#mine([{ type: "nameProxy", subject, proxy, nonce, expiry: FAR }]);
    else this.#mine([{ type: "removeProxy", subject, proxy, since }]);
  }

  /** A proxy or the custodian revokes at a gateway: taken from who may at the head, refused from who may not. */
  async #speakFor({ who, person, gateway }: Extract<Step, { do: "speak" }>): Promise<void> {
    const subject = subjectOf(person).address;
    const slot = this.#chain.slot(subject);
    const standing = this.#chain.proxy(subject, proxyAccount.address);
    const may = who === "proxy" ? standing.rights !== 0 : (slot.modes & MODES.TWO_PERSON) !== 0;
    const maxNonce = slot.nonce + (who === "proxy" ? 16 : 1 << 16);
    // What it took while the speaker still might, it takes again.
    const known = this.#received.get(gateway)!.some((word) => isSameWord(word, { subject, maxNonce }));
    if (known && !may) return;
    const message = { dataset: 77n, subject, maxNonce };
    const spoken = { ...message, proxy: proxyAccount.address, since: standing.since };
    const signed =
      who === "proxy"
        ? await signProxyWord(TEST_DEPLOYMENT, "ProxyRevocation", spoken, proxyAccount, slot.nonce)
        : { message, signature: await signStruct(TEST_DEPLOYMENT, "Revocation", message, custodian) };
    const send = (target: GatewayTarget) =>
      "proxy" in signed.message
        ? sendProxyRevocation(target, signed as Signed<typeof spoken>)
        : sendRevocation(target, { ...signed, twoPerson: true });
    const answered = await this.#hand(gateway, send, may ? undefined : "GATEWAY_REVOCATION_INVALID");
    if (answered) this.#tellAll(gateway, { subject, maxNonce });
  }

  /** Hands a revocation to a gateway: only one that is down does not take it, and only what nobody may say is refused. */
  async #hand(
    gateway: number,
    send: (target: GatewayTarget) => Promise<unknown>,
    refusal?: string,
  ): Promise<boolean> {
    const down = this.#network.down.has(gateway);
    try {
      await send(this.#network.gateways[gateway - 1]!.target);
    } catch (error) {
      expect(error).toBeInstanceOf(GatewayRequestError);
      expect((error as GatewayRequestError).code).toBe(down ? "GATEWAY_UNREACHABLE" : refusal);
      return false;
    }
    expect(refusal, "a revocation of somebody who may not revoke was taken").toBeUndefined();
    return true;
  }

  /** What answers now denies too: the gateway told it before it answered. */
  #tellAll(gateway: number, { subject, maxNonce }: { subject: string; maxNonce: number }): void {
    this.#tally.revocations += 1;
    const told = GATEWAYS.filter((index) => index === gateway || !this.#network.down.has(index));
    const word = { subject: subject.toLowerCase(), maxNonce };
    for (const index of told) this.#received.get(index)!.push(word);
  }

  #place(kind: number): void {
    const placed = this.#network.order(kind);
    this.#placed.push(placed);
    this.#mine([{ type: "fund", ...placed }]);
  }

  #reorganise(depth: number, keep: number): void {
    this.#chain.reorganise(depth, (place) => ((keep >> (place % 3)) & 1) === 1);
    this.#syncClock();
  }

  #toggle(gateway: number): void {
    const { down } = this.#network;
    if (!down.delete(gateway)) down.add(gateway);
  }

  /** Everything that waits at a gateway about revocations: gossip and submission. */
  async #work(gateway: InterleavedGateway): Promise<void> {
    for (const key of [...gateway.tasks.keys()].filter((name) => /^(revoke|gossip):/.test(name))) {
      try {
        await this.#network.runTask(gateway, key);
      } catch (error) {
        // As the queue does it: what could not be passed on is tried again.
        if (!(error instanceof GatewayRequestError)) throw error;
        const [, index] = key.split(":");
        const [dataset, subject, maxNonce] = key.split(":").slice(2);
        const payload = {
          dataset: dataset!,
          subject: subject!,
          maxNonce: Number(maxNonce),
          gateway: Number(index),
        };
        await gateway.context.queue.add("gossip-revocation", payload, { key });
      }
    }
    this.#syncClock();
    await this.#learnReceived();
  }

  /** What a gateway learnt from others counts from here on; what it acknowledged it must still have. */
  async #learnReceived(): Promise<void> {
    for (const { index, context } of this.#network.gateways) {
      const rows = await context.db.selectFrom("revocations").selectAll().execute();
      const stored: Word[] = [];
      for (const row of rows) {
        if (row.overruled_at !== null) this.#checkOverruled(row);
        else stored.push({ subject: row.subject, maxNonce: row.max_nonce });
      }
      for (const word of this.#received.get(index)!) {
        const settled = this.#chain.slot(word.subject as Address, this.#chain.finalized).nonce;
        // Itself, or one of its speaker that reaches further.
        const kept = rows.some((row) => row.subject === word.subject && row.max_nonce >= word.maxNonce);
        if (word.maxNonce >= settled) expect(kept, "a revocation was lost").toBe(true);
      }
      this.#received.set(index, stored);
    }
  }

  /** Nobody's word is dropped but that of a speaker who lost the right, after which the person granted anew; all final. */
  #checkOverruled(row: Selectable<Database["revocations"]>): void {
    if (this.#overruled.has(row.signature)) return;
    this.#overruled.add(row.signature);
    const subject = row.subject as Address;
    const isSo = this.#chain.blocks.some((block) => {
      const slot = this.#chain.slot(subject, block);
      const named = row.proxy && this.#chain.proxy(subject, row.proxy, block);
      const lost = named
        ? named.rights === 0 || named.since !== row.proxy_since
        : row.two_person && (slot.modes & MODES.TWO_PERSON) === 0;
      const final = block.number <= this.#chain.finalized.number;
      return final && lost && slot.purposes !== 0n && slot.changedAt > row.head_block!;
    });
    expect(isSo, "a revocation was dropped").toBe(true);
  }

  readonly #overruled = new Set<string>();

  async #handIn(place: number): Promise<void> {
    const placed = this.#placed[place % this.#placed.length]!;
    const { target } = this.#network.gateways[0]!;
    const analysis = placed.order.kind === OrderKind.Analysis;
    await this.#expectingRefusals(() =>
      submitJob(target, { ...placed, ...(analysis ? { spec: COUNT, salt: SALT } : {}) }),
    );
    await this.#learnReceived();
    await this.#checkLogs(this.#moments());
  }

  /** The executor's work on a download, whose receipt says who is in; an analysis would run a sandbox for the same decisions. */
  async #run(place: number): Promise<void> {
    const placed = this.#pick(place, OrderKind.Download);
    const { context } = this.#network.gateways[0]!;
    const [name, key] = ["run-order", `run:${placed.id}`] as const;
    try {
      await this.#network.runTask(this.#network.gateways[0]!, key);
    } catch (error) {
      // The order moved on chain meanwhile: the queue tries again.
      if (!isSalusError(error) && !(error instanceof BaseError)) throw error;
      await context.queue.add(name, { id: placed.id }, { key });
    }
  }

  /** The executor asks a gateway for its key shares of a whole analysis. */
  async #share(place: number, gateway: number): Promise<void> {
    const placed = this.#pick(place, OrderKind.Analysis);
    const { built, gateways } = this.#network;
    const json = {
      order: toWire("Order", placed.order),
      spec: COUNT,
      salt: SALT,
      recordIds: built.manifest.entries.map(({ leaf }) => leaf.recordId),
    };
    const signer = privateKeyToAccount(testKey(21));
    const released = await this.#expectingRefusals(async () => {
      const answer = await sendForJson<PeerSharesResponse>(gateways[gateway - 1]!.target, {
        method: "POST",
        path: "/v1/peer/shares",
        json,
        signer,
      });
      const context = {
        chainId: TEST_DEPLOYMENT.chainId,
        escrow: TEST_DEPLOYMENT.contracts.AccessEscrow,
        orderId: placed.id,
        purpose: "key-release",
      } as const;
      const recipientKey = gateways[0]!.context.keys.sealing;
      return decodeShareBatch(await openSealed({ recipientKey, context, sealed: fromBase64(answer.sealed) }));
    });
    if (released)
      this.#assertNobodyStopped(gateway, this.#subjectsOf(released.map(({ recordId }) => recordId)));
  }

  /** The buyer asks a gateway for its key shares of a download. */
  async #download(place: number, gateway: number): Promise<void> {
    const placed = this.#pick(place, OrderKind.Download);
    const { gateways, recipientKey } = this.#network;
    const escrow = TEST_DEPLOYMENT.contracts.AccessEscrow;
    const answer = await this.#expectingRefusals(() =>
      releaseShares(gateways[gateway - 1]!.target, { ...placed, signer: buyer, recipientKey, escrow }),
    );
    if (!answer) return;
    const subjects = this.#subjectsOf(answer.shares.map(({ recordId }) => recordId));
    this.#assertNobodyStopped(gateway, subjects);
    const key = `${gateway}/${placed.id}`;
    const first = this.#first.get(key);
    if (first) for (const subject of subjects) expect(first.has(subject)).toBe(true);
    else this.#pendingFirst = [key, new Set(subjects)];
  }

  #pendingFirst: [string, Set<string>] | undefined;

  /**
   * Takes a step in which a gateway decides. Undisturbed, each decision in the logs is the oracle's for the moment before;
   * disturbed, only the rules that must always hold are checked.
   */
  async #during(meanwhile: Meanwhile | null, act: () => Promise<void>): Promise<void> {
    const before = this.#moments();
    this.#before = before;
    this.#chain.looks.clear();
    let reads = 0;
    let disturbed = false;
    this.#chain.onRead = () => {
      reads += 1;
      if (!meanwhile || reads !== meanwhile.after) return;
      disturbed = true;
      this.#happen(meanwhile);
    };
    try {
      await act();
    } finally {
      this.#chain.onRead = undefined;
    }
    await Promise.all(this.#waiting.splice(0));
    this.#syncClock();
    await this.#checkReceipts();
    if (disturbed) this.#tally.disturbed += 1;
    if (disturbed) await this.#skipLogs();
    else await this.#checkLogs(before);
    if (this.#pendingFirst) this.#first.set(...this.#pendingFirst);
    this.#pendingFirst = undefined;
    await this.#learnReceived();
  }

  #before = new Map<number, Moment>();

  #happen({ what, person, gateway }: Meanwhile): void {
    const subject = subjectOf(person).address;
    if (what === "stop") this.#chain.mine([{ type: "stop", subject }]);
    else if (what === "reorganise") this.#chain.reorganise(2, () => true, [{ type: "stop", subject }]);
    else if (what === "grant") this.#grant({ person, useful: true, late: false });
    // Not waited for here: it may have to wait for the very step in which it happens.
    else this.#waiting.push(this.#revoke(person, gateway));
  }

  /** Nobody whose revocation is in the head of the gateway's last look, or was acknowledged by it before the step. */
  #assertNobodyStopped(gateway: number, subjects: readonly string[]): void {
    if (subjects.length === 0) return;
    this.#tally.releases += subjects.length;
    const head = this.#chain.looks.get(gateway) as ChainBlock;
    expect(head, `gateway ${gateway} released keys without a last look`).toBeDefined();
    const { received } = this.#before.get(gateway)!;
    for (const subject of subjects) {
      expect(hasStopped({ head, received }, subject), `gateway ${gateway} released a key of ${subject}`).toBe(
        false,
      );
    }
  }

  /** No receipt that a gateway signed names anybody who had stopped when it looked last. */
  async #checkReceipts(): Promise<void> {
    for (const { index, context } of this.#network.gateways) {
      const rows = await context.db
        .selectFrom("signed_receipts")
        .select(["receipt_hash", "receipt"])
        .execute();
      for (const { receipt_hash: hash, receipt } of rows) {
        const key = `${index}/${hash}`;
        if (this.#receipts.has(key)) continue;
        this.#receipts.add(key);
        this.#tally.receipts += 1;
        const { contributorsRoot } = fromWire("Receipt", receipt);
        const head = this.#chain.looks.get(index) as ChainBlock;
        const { received } = this.#before.get(index)!;
        for (const subject of subjectsOfRoot(contributorsRoot)) {
          expect(hasStopped({ head, received }, subject), `gateway ${index} signed for ${subject}`).toBe(
            false,
          );
        }
      }
    }
  }

  readonly #receipts = new Set<string>();

  #moments(): Map<number, Moment> {
    const { head, finalized } = this.#chain;
    const now = Math.floor(Date.now() / 1000);
    return new Map(
      GATEWAYS.map((index) => [index, { head, finalized, now, received: [...this.#received.get(index)!] }]),
    );
  }

  async #checkLogs(before: ReadonlyMap<number, Moment>): Promise<void> {
    for (const { index, context } of this.#network.gateways) {
      for (const row of await this.#newDecisions(index, context)) {
        const placed = this.#placed.find(({ id }) => id === row.order_id)!;
        const leaf = row.subject && this.#network.leaves.get(row.subject);
        const question = {
          action: row.action,
          order: { ...placed.order, id: placed.id },
          ...(leaf ? { person: { subject: row.subject!, leaf } } : {}),
          ...(row.action === "download" ? { bounds: this.#boundsOf(index, placed.id) } : {}),
        };
        const expected = answer(before.get(index)!, question);
        expect(row.reason, `gateway ${index}, ${row.action} of ${row.subject ?? "the order"}`).toBe(expected);
        this.#tally.decisions[row.reason] = (this.#tally.decisions[row.reason] ?? 0) + 1;
      }
    }
  }

  async #skipLogs(): Promise<void> {
    for (const { index, context } of this.#network.gateways) await this.#newDecisions(index, context);
  }

  async #newDecisions(index: number, { db }: InterleavedGateway["context"]) {
    const seen = this.#seen.get(index)!;
    const rows = await db
      .selectFrom("decisions")
      .selectAll()
      .where("index", ">=", seen)
      .orderBy("index")
      .execute();
    this.#seen.set(index, seen + rows.length);
    return rows;
  }

  /** What a download at a gateway is bound to: its first release, and before it the receipt's cohort. */
  #boundsOf(gateway: number, id: Hex): Set<string> {
    const first = this.#first.get(`${gateway}/${id}`);
    if (first) return first;
    const { receipt } = this.#chain.finalized.orders.get(id) ?? {};
    return new Set(receipt ? subjectsOfRoot(receipt.contributorsRoot) : []);
  }

  #subjectsOf(recordIds: readonly Hex[]): string[] {
    const { entries } = this.#network.built.manifest;
    return recordIds.map((id) =>
      entries.find(({ leaf }) => leaf.recordId === id)!.leaf.subject.toLowerCase(),
    );
  }

  /** Refusals are answers; anything else that is thrown fails the story. */
  async #expectingRefusals<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof GatewayRequestError) && !isSalusError(error)) throw error;
      expect(error.code, error.message).not.toBe("GATEWAY_INTERNAL");
      return undefined;
    }
  }
}

type Word = { subject: string; maxNonce: number };

function isSameWord(a: Word, b: Word): boolean {
  return a.maxNonce === b.maxNonce && a.subject.toLowerCase() === b.subject.toLowerCase();
}

let roots: Map<Hex, string[]> | undefined;

/** Whose root of contributors this is: there are 31 possible cohorts of five. */
function subjectsOfRoot(root: Hex): string[] {
  roots ??= new Map(
    Array.from({ length: 2 ** MANY - 1 }, (_, i) => {
      const chosen = Array.from({ length: MANY }, (__, n) => n).filter((n) => ((i + 1) >> n) & 1);
      const leaves = chosen.map((n) => ({ subject: subjectOf(n).address, weight: 1 }));
      const root = leafRoot(contributorLeaf, leaves);
      return [root, leaves.map(({ subject }) => subject.toLowerCase())] as const;
    }),
  );
  const subjects = roots.get(root);
  if (!subjects) throw new Error(`No cohort has the root ${root}.`);
  return subjects;
}
