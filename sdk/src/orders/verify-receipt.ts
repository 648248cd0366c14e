import { decodeFunctionData, parseEventLogs, recoverTypedDataAddress, type Hex } from "viem";
import { readVersion } from "../assets/read-listing.ts";
import type { SalusReader } from "../chain/client.ts";
import { hashEncodedReceipt, hashVersion } from "../chain/encode-struct.ts";
import { typedData } from "../chain/typed-data.ts";
import type { Cohort } from "../cohort/compute-cohort.ts";
import { recomputeCohort, type CohortFiles } from "../cohort/recompute-cohort.ts";
import { accessEscrowAbi, assetRegistryAbi, gatewayRegistryAbi } from "../generated/abis.ts";
import { OrderKind } from "../generated/constants.ts";
import { consentLeaf, recordLeaf } from "../trees/leaves.ts";
import { leafRoot } from "../trees/tree.ts";
import type { Order, Receipt } from "../types.ts";
import { findDelivery } from "./find-delivery.ts";
import { findOrder } from "./find-order.ts";

/** One thing that was checked. */
export type Check = { name: CheckName; ok: boolean; detail: string };
export type CheckName =
  | "delivered"
  | "receiptOnChain"
  | "signatures"
  | "consentBlock"
  | "job"
  | "versionFiles"
  | "cohort"
  | "privacyCost";

export type Verification = { ok: boolean; order: Order; receipt: Receipt; checks: Check[]; cohort?: Cohort };

/**
 * Verifies a receipt against the chain alone, trusting no server of Salus: that it is the one delivered, who signed it,
 * that its consent block is on this chain, and, given the version's public files, that its cohort is what the consents
 * at its two blocks say. What the attestation `cosigned` leaves to the executor's word, the output, is not among them.
 *
 * @throws SDK_ORDER_UNKNOWN, SDK_NOT_DELIVERED
 */
export async function verifyReceipt(salus: SalusReader, id: Hex, files?: CohortFiles): Promise<Verification> {
  const { order } = await findOrder(salus, id);
  const { receipt, transactionHash, signers } = await findDelivery(salus, id);
  const checks = [
    {
      name: "delivered",
      ok: receipt.order === id,
      detail: `Delivered in transaction ${transactionHash}.`,
    } as Check,
    await checkOnChain(salus, { order, receipt, transactionHash }, id),
    await checkSignatures(salus, { receipt, order, transactionHash, signers }),
    await checkConsentBlock(salus, receipt),
    check("job", receipt.job === order.job, "The receipt is for the job that was ordered."),
    check("privacyCost", receipt.privacyCost <= order.privacyCap, `Privacy cost ${receipt.privacyCost}.`),
  ];
  if (!files || order.kind === OrderKind.ModelUse)
    return { ok: checks.every(({ ok }) => ok), order, receipt, checks };
  checks.push(await checkFiles(salus, order, files));
  const cohort = await recomputeCohort(salus, order, receipt, files);
  checks.push(checkCohort(receipt, cohort));
  return { ok: checks.every(({ ok }) => ok), order, receipt, checks, cohort };
}

/** The delivering transaction itself logged this receipt; of a training receipt the escrow keeps the hash as well. */
async function checkOnChain(
  { publicClient, deployment }: SalusReader,
  { order, receipt, transactionHash }: { order: Order; receipt: Receipt; transactionHash: Hex },
  id: Hex,
): Promise<Check> {
  const escrow = { address: deployment.contracts.AccessEscrow, abi: accessEscrowAbi } as const;
  const { logs, status } = await publicClient.getTransactionReceipt({ hash: transactionHash });
  const own = logs.filter(({ address }) => address.toLowerCase() === escrow.address.toLowerCase());
  const hash = hashEncodedReceipt(receipt);
  const logged = parseEventLogs({ abi: accessEscrowAbi, eventName: "OrderDelivered", logs: own }).some(
    ({ args }) => args.id === id && hashEncodedReceipt(args.receipt) === hash,
  );
  const kept =
    order.kind !== OrderKind.Training ||
    (await publicClient.readContract({ ...escrow, functionName: "receiptHashOf", args: [id] })) === hash;
  return check(
    "receiptOnChain",
    status === "success" && logged && kept,
    "The delivering transaction logged this receipt.",
  );
}

/** Recovers each signature from the transaction's input and compares it with the gateways' registered signers. */
async function checkSignatures(
  { publicClient, deployment }: SalusReader,
  d: { receipt: Receipt; order: Order; transactionHash: Hex; signers: readonly number[] },
): Promise<Check> {
  const { input } = await publicClient.getTransaction({ hash: d.transactionHash });
  const call = decodeFunctionData({ abi: accessEscrowAbi, data: input });
  if (call.functionName !== "deliver") return check("signatures", false, "Not delivered by a direct call.");
  const data = typedData(deployment, "Receipt", d.receipt);
  const good: number[] = [];
  for (const { gateway, signature } of call.args[2]) {
    const { signer } = await publicClient.readContract({
      address: deployment.contracts.GatewayRegistry,
      abi: gatewayRegistryAbi,
      functionName: "gatewayOf",
      args: [gateway],
    });
    const recovered = await recoverTypedDataAddress({ ...data, signature } as never);
    if (recovered.toLowerCase() === signer.toLowerCase()) good.push(gateway);
  }
  const enough = good.length >= d.order.threshold && good.includes(d.order.custodian);
  return check(
    "signatures",
    enough,
    `Signed by gateways ${good.join(", ")}; ${d.order.threshold} are needed.`,
  );
}

async function checkConsentBlock({ publicClient }: SalusReader, receipt: Receipt): Promise<Check> {
  const { hash } = await publicClient.getBlock({ blockNumber: BigInt(receipt.consentBlock) });
  return check(
    "consentBlock",
    hash === receipt.consentBlockHash,
    `Block ${receipt.consentBlock} is on this chain.`,
  );
}

async function checkFiles(salus: SalusReader, order: Order, files: CohortFiles): Promise<Check> {
  const version = await readVersion(salus, order.asset, order.version);
  const stored = await salus.publicClient.readContract({
    address: salus.deployment.contracts.AssetRegistry,
    abi: assetRegistryAbi,
    functionName: "versionHashOf",
    args: [order.asset, order.version],
  });
  const ok =
    stored === hashVersion(version) &&
    leafRoot(recordLeaf, files.records) === version.contentRoot &&
    leafRoot(consentLeaf, files.consents) === version.consentRoot;
  return check("versionFiles", ok, `The files are those of version ${order.version}.`);
}

function checkCohort(receipt: Receipt, cohort: Cohort): Check {
  const ok =
    cohort.inputRoot === receipt.inputRoot &&
    cohort.contributorsRoot === receipt.contributorsRoot &&
    cohort.excludedRoot === receipt.excludedRoot &&
    cohort.totalWeight === receipt.totalWeight &&
    cohort.records.length === receipt.cohort;
  return check("cohort", ok, `${cohort.records.length} records were permitted at both blocks.`);
}

function check(name: CheckName, ok: boolean, detail: string): Check {
  return { name, ok, detail };
}
