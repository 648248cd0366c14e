import type { Address, Hex } from "viem";
import { compareSubjects } from "./reward-leaf.ts";
import { SalusError } from "../errors.ts";

/** One person of a contributors root. */
export type Contributor = {
  subject: Address;
  weight: number;
  /** whether the custodian attested the consent: the subject may have no key behind it */
  attested: boolean;
};

/**
 * The contributors of one root, ascending by subject, in pieces; called again, it starts anew. Where a cohort does not fit
 * in memory, it reads from a file.
 */
export type ContributorSource = () =>
  AsyncIterable<readonly Contributor[]> | Iterable<readonly Contributor[]>;

/** One person and the roots that count them. */
export type Merged = { subject: Address; places: { root: Hex; weight: number; attested: boolean }[] };

/**
 * Goes through several roots' contributors at once, one subject after the other: a merge of sorted runs, which keeps one
 * piece of each in memory.
 *
 * @throws SDK_DUPLICATE_LEAF when a source does not ascend
 */
export async function* mergeContributors(
  sources: ReadonlyMap<Hex, ContributorSource>,
): AsyncGenerator<Merged[]> {
  const runs = await Promise.all([...sources].map(([root, source]) => openRun(root, source)));
  const heap = runs.filter((run) => run.head !== undefined);
  for (let i = (heap.length >> 1) - 1; i >= 0; i--) sink(heap, i);
  let batch: Merged[] = [];
  while (heap.length > 0) {
    const { subject } = heap[0]!.head!;
    const merged: Merged = { subject, places: [] };
    while (heap.length > 0 && heap[0]!.head!.subject === subject) {
      const run = heap[0]!;
      const { weight, attested } = run.head!;
      merged.places.push({ root: run.root, weight, attested });
      if (!run.step()) await run.refill();
      if (run.head === undefined) {
        const last = heap.pop()!;
        if (heap.length > 0) heap[0] = last;
      }
      sink(heap, 0);
    }
    batch.push(merged);
    if (batch.length === BATCH) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

/** Subjects handed on at once: one by one, waiting would cost more than the work. */
const BATCH = 1024;

type Run = {
  root: Hex;
  head: Contributor | undefined;
  /** Goes to the next within the piece at hand; false at its end. */
  step(): boolean;
  refill(): Promise<void>;
};

async function openRun(root: Hex, source: ContributorSource): Promise<Run> {
  const opened = source();
  const pieces = Symbol.asyncIterator in opened ? opened[Symbol.asyncIterator]() : opened[Symbol.iterator]();
  let piece: readonly Contributor[] = [];
  let at = 0;
  let previous: Address | undefined;
  const run: Run = {
    root,
    head: undefined,
    step() {
      at += 1;
      return take();
    },
    async refill() {
      do {
        const next = await pieces.next();
        piece = next.done ? [] : next.value;
        at = 0;
        if (next.done) {
          run.head = undefined;
          return;
        }
      } while (!take());
    },
  };
  function take(): boolean {
    const found = piece[at];
    if (!found) return false;
    const subject = found.subject.toLowerCase() as Address;
    if (previous !== undefined && compareSubjects(previous, subject) >= 0) throw notAscending(root, subject);
    previous = subject;
    run.head = { ...found, subject };
    return true;
  }
  await run.refill();
  return run;
}

/** Restores a binary heap, least subject first, from place `i` down. */
function sink(heap: Run[], i: number): void {
  for (;;) {
    const [left, right] = [2 * i + 1, 2 * i + 2];
    let least = i;
    if (left < heap.length && heap[left]!.head!.subject < heap[least]!.head!.subject) least = left;
    if (right < heap.length && heap[right]!.head!.subject < heap[least]!.head!.subject) least = right;
    if (least === i) return;
    [heap[i], heap[least]] = [heap[least]!, heap[i]!];
    i = least;
  }
}

function notAscending(root: Hex, subject: Address): SalusError {
  return new SalusError({
    code: "SDK_DUPLICATE_LEAF",
    message: `The contributors of root ${root} do not ascend at subject ${subject}.`,
    hint: "Pass each subject once, in ascending order.",
    details: { root, subject },
  });
}
