import { shorten } from "#lib/format.ts";

/** An asset's title, or what to call one whose public description was not found yet. */
export function titleOf(kind: "Dataset" | "Model", id: string, descriptor: { title: string } | null): string {
  return descriptor?.title || `${kind} ${shorten(id)}`;
}

/** A gateway's name as people write it: "st-anna" → "St Anna". */
export function institutionOf(gatewayName: string): string {
  return gatewayName
    .split("-")
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join(" ");
}

/** An asset's id as 32 bytes from a page's address, which may also give it as a decimal number; null for neither. */
export function parseAssetId(text: string): `0x${string}` | null {
  const id = text.trim().toLowerCase();
  if (/^0x[0-9a-f]{64}$/.test(id)) return id as `0x${string}`;
  if (!/^\d{1,78}$/.test(id)) return null;
  const hex = BigInt(id).toString(16);
  return hex.length > 64 ? null : `0x${hex.padStart(64, "0")}`;
}

/** An asset's number as the 32 bytes by which pages and the index name it. */
export function assetHex(asset: bigint): `0x${string}` {
  return `0x${asset.toString(16).padStart(64, "0")}`;
}
