import type { App } from "#lib/context.ts";
import type { PersonalUse, Sharing, SharingChoice } from "#lib/data/sharing.ts";
import type { Hex } from "#lib/data/types.ts";
import { WebError } from "#lib/errors.ts";
import type { Progress } from "#lib/transactions/transactions.svelte.ts";

/*
 * What a signed-in person reads and changes. This module is loaded on demand: it brings the chain library with it.
 */

type Outcome = Promise<{ hash: Hex; block?: number }>;

/** Every place that keeps a record of the person. */
export async function readSharings(_app: App): Promise<Sharing[]> {
  throw new WebError("WEB_NOT_CONNECTED");
}

/** Every use of a cohort that the person was in, newest first. */
export async function readPersonalUses(_app: App): Promise<PersonalUse[]> {
  throw new WebError("WEB_NOT_CONNECTED");
}

/** Allows what the person chose. */
export async function changeSharing(
  _app: App,
  _sharing: Sharing,
  _choice: SharingChoice,
  _progress: Progress,
): Outcome {
  throw new WebError("WEB_NOT_CONNECTED");
}

/** Stops sharing in one place, at once. */
export async function stopSharing(_app: App, _sharing: Sharing, _progress: Progress): Outcome {
  throw new WebError("WEB_NOT_CONNECTED");
}
