import { downloadRecords as download, type DownloadedRecords } from "@salus/sdk/gateway/download-records";
import { GatewayRequestError } from "@salus/sdk/gateway/http";
import { readGatewaySet } from "@salus/sdk/gateways/read-gateways";
import { walletOf } from "#lib/chain/wallet.ts";
import type { App } from "#lib/context.ts";
import type { Hex } from "#lib/data/types.ts";
import { gatewayTarget } from "#lib/gateways/reach.ts";
import { readVersionFiles } from "#lib/gateways/version-files.ts";
import { whenFinal } from "#lib/gateways/when-final.ts";
import { sumUpRefusals, type Refusal } from "#lib/orders/refusals.ts";
import { readDelivered } from "./results.ts";

/*
 * Fetching, combining and opening the records of a download. Loaded on demand.
 */

/** What a download brought. */
export interface Download {
  /** Plaintext of each opened record, as it was sealed by the institution. */
  records: { recordId: Hex; plaintext: Uint8Array }[];
  /** Records whose keys were refused, by reason. */
  refused: Refusal[];
  /** Gateways that gave no answer, with what went wrong. */
  silent: { gateway: string; message: string }[];
  /** Gateways that sent wrong key shares, by name. */
  wrong: string[];
}

/**
 * Asks every gateway of the set for its key shares, fetches the ciphertexts and opens what enough shares were released
 * for. The first answer of a gateway fixes what it releases: asking again gives the same.
 * @throws WEB_NOT_YOUR_ORDER; what the gateways say when none of them answers; errors of `openRecord`
 */
export async function downloadRecords(app: App, id: Hex): Promise<Download> {
  const { salus, entry, delivery } = await readDelivered(app, id);
  const { order, recipientKey } = entry;
  const set = (await readGatewaySet(salus, order.gatewaySet)).gateways;
  const nameOf = (index: number) =>
    set.find((gateway) => gateway.index === index)?.name ?? `gateway ${index}`;
  const names = [nameOf(order.custodian), ...set.map(({ name }) => name)];
  const { manifest } = await readVersionFiles(salus, [...new Set(names)], {
    asset: order.asset,
    number: order.version,
  });
  const gateways = set.map(({ name, index }) => gatewayTarget(app.config, { name, number: index }));
  const signer = await walletOf(app);
  const escrow = salus.deployment.contracts.AccessEscrow;
  const found = await whenFinal(salus, delivery, async () => {
    const brought = await download({ id, order, gateways, manifest, signer, recipientKey, escrow });
    if (brought.silent.length === gateways.length) throw refusalOf(brought);
    return brought;
  });
  return {
    records: found.records,
    refused: sumUpRefusals(found.refused),
    silent: found.silent.map(({ gateway, message }) => ({ gateway: nameOf(gateway), message })),
    wrong: found.wrongShares.map(nameOf),
  };
}

/** With nobody's shares there is nothing to show but the reason. */
function refusalOf({ silent }: DownloadedRecords): GatewayRequestError {
  const [first] = silent as [DownloadedRecords["silent"][number]];
  return new GatewayRequestError({
    code: first.code,
    message: first.message,
    hint: "Try again in a moment. The order's page says until when.",
    status: 0,
    gateway: String(first.gateway),
  });
}
