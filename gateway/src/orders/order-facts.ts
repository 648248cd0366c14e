import { type Hex, zeroHash } from "viem";
import { readVersion } from "@salus/sdk/assets/read-listing";
import { hashVersion } from "@salus/sdk/chain/encode-struct";
import { OrderKind } from "@salus/sdk/generated/constants";
import type { Order } from "@salus/sdk/types";
import { assetAt, gatewaySetOf, orderStatusAt } from "../chain/reads.ts";
import { evidenceAt } from "../chain/evidence.ts";
import type { Snapshot } from "../chain/view.ts";
import { isDatasetVetoed, sharedLocalWord } from "../consents/local-word.ts";
import type { Context } from "../context.ts";
import type { Action, Facts } from "../policy/facts.ts";
import type { HeldVersion } from "../storage/versions.ts";
import type { Ask } from "./judge.ts";
import { orderIdOf } from "./order-id.ts";

/** Facts about an order as a whole, with what they were gathered from. */
export type OrderGathering = { facts: Facts; snapshot: Snapshot; version?: HeldVersion };

/** Actions that wait for finality: what was handed out cannot be taken back by a reorganisation. */
const FINAL: readonly Action[] = ["download", "result"];

/**
 * Gathers what the policy needs to know of an order. Nothing is assumed: what cannot be read throws, what is wrong with the
 * request first.
 */
export async function gatherOrderFacts(context: Context, ask: Ask): Promise<OrderGathering> {
  const gathering = readOrder(context, ask);
  gathering.catch(() => undefined); // told below, after the request's own fault
  const request = await ask.request;
  const { facts, ...read } = await gathering;
  return { facts: { ...facts, ...(request ? { request } : {}) }, ...read };
}

async function readOrder(context: Context, ask: Ask): Promise<OrderGathering> {
  const { action, id, order, jobMatches = true } = ask;
  const { chain, environment } = context;
  const [snapshot, me, vetoed, stored] = await Promise.all([
    chain.snapshot(),
    context.directory.get(context.index),
    sharedLocalWord(context.db, order.asset).then(isDatasetVetoed),
    order.kind === OrderKind.ModelUse ? undefined : context.versions.get(order.asset, order.version),
  ]);
  const at = FINAL.includes(action) ? snapshot.finalized : snapshot.head;
  const [status, asset, set] = await Promise.all([
    orderStatusAt(chain, id, at.hash),
    assetAt(chain, order.asset, order.version, snapshot.head.hash),
    gatewaySetOf(chain, order.gatewaySet, snapshot.head.hash),
  ]);
  const held = await heldVersion(context, { action, order, stored, versionHash: asset.versionHash });
  const terms = asset.termsHash === zeroHash ? undefined : await context.terms(order.asset, asset.termsHash);
  const until = Math.max(endOf(order), snapshot.head.time);
  const { shown, flaw } = terms
    ? await evidenceAt(chain, { id, order, terms, until, blockHash: snapshot.head.hash })
    : { shown: 0n, flaw: undefined };
  const facts: Facts = {
    action,
    chain: {
      endpointsAgree: true, // a disagreement throws before this line
      headTime: snapshot.head.time,
      now: context.now(),
      maxHeadAge: environment.maxHeadAge,
    },
    order: {
      idMatches: orderIdOf(context, order) === id,
      state: status.state,
      kind: order.kind,
      uses: order.uses,
      disease: order.disease,
      around: { shown, time: snapshot.head.time, until },
      evidenceFlaw: flaw,
      deliverBy: order.deliverBy,
      termsHash: order.termsHash,
      jobMatches,
      gatewayInSet: me.active && set.members.includes(context.index),
    },
    asset: {
      status: asset.cfg.status,
      modes: asset.cfg.modes,
      termsHash: asset.termsHash,
      // Terms without a permission permit nothing.
      terms: terms ?? { duo: 0n, disease: zeroHash, dates: 0n },
      versionHeld: held.here,
      vetoed,
    },
  };
  return { facts, snapshot, ...(held.version ? { version: held.version } : {}) };
}

/** When an order's use ends, as the escrow counts: at its delivery, or for a download when its release is reported. */
function endOf({ kind, deliverBy, reportWindow }: Order): number {
  return deliverBy + (kind === OrderKind.Download ? reportWindow : 0);
}

async function heldVersion(
  context: Context,
  about: { action: Action; order: Order; stored: HeldVersion | undefined; versionHash: Hex },
): Promise<{ here: boolean; version?: HeldVersion }> {
  const { action, order, stored, versionHash } = about;
  if (versionHash === zeroHash) return { here: false };
  if (order.kind === OrderKind.ModelUse) {
    // A model's file stays with its custodian; cosigners check which model it is, on chain.
    return { here: action !== "job" || (await isModelHere(context, order, versionHash)) };
  }
  return stored?.hash === versionHash ? { here: true, version: stored } : { here: false };
}

async function isModelHere(context: Context, order: Order, versionHash: Hex): Promise<boolean> {
  const digest = await modelDigestOf(context, order, versionHash);
  return digest !== undefined && (await context.blobs.size(digest)) !== undefined;
}

/** SHA-256 of the file of the model that an order uses, from the chain; undefined when events and registry differ. */
export async function modelDigestOf(
  context: Context,
  order: Order,
  versionHash?: Hex,
): Promise<Hex | undefined> {
  const version = await readVersion(context.chain.reader, order.asset, order.version);
  if (versionHash && hashVersion(version) !== versionHash) return undefined;
  return version.contentRoot;
}
