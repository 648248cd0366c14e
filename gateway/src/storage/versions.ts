import type { Hex } from "viem";
import { digestFromCid } from "@salus/sdk/cid";
import { parseConsentFile } from "@salus/sdk/records/consent-file";
import { type Manifest, type ManifestEntry, parseManifest } from "@salus/sdk/records/manifest";
import type { ConsentLeaf } from "@salus/sdk/trees/leaves";
import { sharedBy } from "../batching/together.ts";
import type { Db } from "../database/connect.ts";
import type { BlobStore } from "./blobs.ts";

/** A version with its leaves, as this gateway holds it. */
export type HeldVersion = {
  hash: Hex;
  manifest: Manifest;
  /** by lower-case record id */
  entries: ReadonlyMap<string, ManifestEntry>;
  consents: readonly ConsentLeaf[];
  /** by lower-case subject */
  leaves: ReadonlyMap<string, ConsentLeaf>;
};

/** Versions with their leaf files, parsed once. */
export type VersionStore = {
  /** undefined when this gateway does not hold the version */
  get(asset: bigint, number: number): Promise<HeldVersion | undefined>;
};

/** Versions kept parsed in memory. */
const KEPT = 16;

/** Opens the store over database and blobs. */
export function openVersionStore(db: Db, blobs: BlobStore): VersionStore {
  const kept = new Map<string, HeldVersion>();
  const rowOf = sharedBy((name: string) => {
    const [asset, number] = name.split("/") as [string, string];
    return db
      .selectFrom("versions")
      .selectAll()
      .where("asset", "=", asset)
      .where("number", "=", Number(number))
      .executeTakeFirst();
  });
  return {
    async get(asset, number) {
      const row = await rowOf(`${asset}/${number}`);
      if (!row) return undefined;
      // Two assets with the same content have the same version hash.
      const key = `${row.asset}/${row.number}/${row.version_hash}`;
      const known = kept.get(key);
      if (known) return known;
      const held = await load(blobs, row);
      if (kept.size >= KEPT) kept.delete(kept.keys().next().value!);
      kept.set(key, held);
      return held;
    },
  };
}

type Row = {
  version_hash: Hex;
  content_root: Hex;
  consent_root: Hex;
  manifest_cid: string;
  consents_cid: string;
};

async function load(blobs: BlobStore, row: Row): Promise<HeldVersion> {
  // Roots were checked at arrival, and the bytes are those of their digest: checking them again would cost seconds.
  const manifest = parseManifest(await blobs.get(digestFromCid(row.manifest_cid)));
  const { leaves } = parseConsentFile(await blobs.get(digestFromCid(row.consents_cid)));
  return {
    hash: row.version_hash,
    manifest,
    entries: new Map(manifest.entries.map((entry) => [entry.leaf.recordId, entry])),
    consents: leaves,
    leaves: new Map(leaves.map((leaf) => [leaf.subject.toLowerCase(), leaf])),
  };
}
