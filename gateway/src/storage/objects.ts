/** Part of an object: from `start` up to `end`, the latter not included. */
export type ByteRange = { start: number; end: number };

/**
 * Where bytes lie: named objects, each written whole or not at all. Two adapters, the local file system and S3, pass one
 * suite of tests. A name is made of digits, lower-case letters, `-` and `/` (see {@link assertKey}).
 */
export type ObjectStore = {
  /** Writes an object durably, in place of an earlier one. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** All bytes; undefined when there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Bytes of an object; undefined when there is none. */
  size(key: string): Promise<number | undefined>;
  /** Bytes in pieces, in constant memory; undefined when there is none. The range lies within the object. */
  read(key: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Removes an object; one that is not there is removed already. */
  delete(key: string): Promise<void>;
  /** Objects whose names begin like this, ascending by name. */
  list(prefix: string): Promise<{ key: string; size: number }[]>;
  /**
   * Makes one object of others, one after the other, without holding it in memory; they stay. All but the last must have
   * 5 MiB or more (a rule of S3).
   */
  join(parts: readonly string[], key: string): Promise<void>;
  /** Removes what processes that ended have left half written; what is being written now stays. */
  sweep?(): Promise<void>;
};

/** Names that every adapter takes as they are; nothing in them leads out of the store. */
export function assertKey(key: string): void {
  if (/^[0-9a-z-]+(\/[0-9a-z-]+)*$/.test(key) && key.length <= 200) return;
  throw new RangeError("A name in the store consists of digits, lower-case letters, - and /.");
}
