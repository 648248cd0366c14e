import { readSlots } from "@salus/sdk/consent/read-slots";
import { signGrant } from "@salus/sdk/consent/sign-grant";
import { signRevocation } from "@salus/sdk/consent/sign-revocation";
import type { ConsentSlot } from "@salus/sdk/consent/types";
import { sendGrant } from "@salus/sdk/gateway/send-grant";
import { sendRevocation } from "@salus/sdk/gateway/send-revocation";
import { lightReader } from "#lib/chain/light.ts";
import type { App } from "#lib/context.ts";
import type { Sharing, SharingChoice } from "#lib/data/sharing.ts";
import { WebError } from "#lib/errors.ts";
import { firstToAccept } from "#lib/gateways/first-to-accept.ts";
import { gatewayAddress } from "#lib/gateways/reach.ts";
import { inPlainWords } from "#lib/sharing/plain-error.ts";
import { signerOf } from "#lib/sharing/signer.ts";
import { subjectKeys, type SubjectKey } from "#lib/sharing/subjects.ts";
import type { Outcome } from "#lib/transactions/model.ts";
import type { Progress } from "#lib/transactions/transactions.svelte.ts";

/*
 * What a person changes about their own records. Loaded on demand: it brings the code that signs.
 */

/** Allows what the person chose. @throws WEB_CHOICE_CHANGED when another choice was made meanwhile */
export const changeSharing = (
  app: App,
  sharing: Sharing,
  { purposes, modes, expiry }: SharingChoice,
  progress: Progress,
): Promise<Outcome> =>
  inPlainWords(async () => {
    const { key, slot, dataset, deployment } = await place(app, sharing);
    if (slot.nonce !== sharing.nonce) throw new WebError("WEB_CHOICE_CHANGED");
    const grant = {
      dataset,
      subject: key.address,
      purposes,
      expiry,
      modes: Number(modes),
      nonce: slot.nonce,
    };
    const signed = await signGrant(deployment, grant, signerOf(key) as never, slot.nonce);
    const { transaction } = await firstToAccept(namesFor(app, sharing), (name) =>
      sendGrant(gatewayAddress(name), signed),
    );
    progress.sent(transaction);
    return { hash: transaction };
  });

/**
 * Stops sharing in one place. From a gateway's answer on nobody gets the record; the gateway puts it on record for all
 * others at its own cost, which is followed by the place's counter.
 */
export const stopSharing = (app: App, sharing: Sharing, progress: Progress): Promise<Outcome> =>
  inPlainWords(async () => {
    const { key, slot, dataset, deployment } = await place(app, sharing);
    const about = { dataset, subject: key.address, nonce: slot.nonce };
    const signed = await signRevocation(deployment, about, signerOf(key) as never);
    await firstToAccept(namesFor(app, sharing), (name) => sendRevocation(gatewayAddress(name), signed));
    progress.sent();
    const { subject, maxNonce } = signed.message;
    return { slot: { dataset: sharing.dataset, subject, above: Number(maxNonce) } };
  });

async function place(app: App, sharing: Sharing) {
  const [key] = (await subjectKeys(app, [sharing.dataset])) as [SubjectKey];
  const salus = lightReader(app.config);
  const dataset = BigInt(sharing.dataset);
  const [slot] = (await readSlots(salus, { dataset, subjects: [key.address] })) as [ConsentSlot];
  return { key, slot, dataset, deployment: salus.deployment };
}

/** Any gateway will do; the custodian is asked first. */
function namesFor(app: App, { gateway }: Sharing): string[] {
  return [gateway.name, ...app.config.gateways];
}
