import type { ModelResult } from "@salus/compute/gate/results";
import { assetId } from "@salus/sdk/assets/asset-id";
import { publishModel as publish } from "@salus/sdk/assets/publish-model";
import { readAsset } from "@salus/sdk/assets/read-asset";
import { readListing } from "@salus/sdk/assets/read-listing";
import type { SalusWriter } from "@salus/sdk/chain/client";
import { digestFromCid } from "@salus/sdk/cid";
import { sha256, toHex } from "@salus/sdk/crypto/index";
import { fromBase64 } from "@salus/sdk/gateway/base64";
import { commitJob } from "@salus/sdk/gateway/commitments";
import { putBlob } from "@salus/sdk/gateway/put-blob";
import { putModel } from "@salus/sdk/gateway/put-model";
import { requestCustody } from "@salus/sdk/gateway/request-custody";
import { sealModelInput, type InferenceSpec } from "@salus/sdk/gateway/seal-model-input";
import { signUploadToken } from "@salus/sdk/gateway/sign-upload-token";
import { readGateways } from "@salus/sdk/gateways/read-gateways";
import { DUO, OrderKind } from "@salus/sdk/generated/constants";
import { distribute } from "@salus/sdk/payouts/distribute";
import { writeModelDescriptor, type ModelDescriptor } from "@salus/sdk/records/model-descriptor";
import { keccak256, stringToHex } from "viem";
import { writerOf } from "#lib/chain/connect.ts";
import type { App } from "#lib/context.ts";
import { assetHex } from "#lib/data/asset-words.ts";
import type { Hex, ModelDetail } from "#lib/data/types.ts";
import { WebError } from "#lib/errors.ts";
import { gatewayTarget } from "#lib/gateways/reach.ts";
import { publicationOf } from "#lib/models/publication.ts";
import { placeOrder } from "#lib/orders/place-order.ts";
import { randomSalt } from "#lib/orders/recipient-key.ts";
import { conditionName } from "#lib/terms/conditions.ts";
import type { Progress } from "#lib/transactions/transactions.svelte.ts";
import { openEnvelope, readDelivered } from "./results.ts";

/*
 * What a developer and a clinic do with models. Loaded on demand: it brings the chain library with it.
 */

/** What users of a model agree to; its digest is part of the model's terms. */
const AGREEMENT =
  "The answer is an estimate for a person with medical training, not a diagnosis. The user enters values of patients who may be treated and keeps the answer as they keep other findings.";

/** What a developer states when publishing. */
export interface PublishRequest {
  /** Settled training order whose output the model is. */
  order: Hex;
  title: string;
  description: string;
  /** Price of one use, in the token's smallest unit. */
  price: bigint;
  /** Share of every price that goes to the people whose records taught the model. */
  parentBps: number;
}

/**
 * Publishes a model with its training receipt as proof of where it comes from: the gateway that ran the training takes
 * it into custody and its file, then the registry lists it.
 * @returns the model's id with the transaction
 */
export async function publishModel(
  app: App,
  request: PublishRequest,
  progress: Progress,
): Promise<{ hash: Hex; block: number; model: Hex }> {
  const salus = await writerOf(app);
  const delivered = await readDelivered(app, request.order);
  const { entry, delivery } = delivered;
  const { result, outputSalt } = await openEnvelope(app, delivered);
  const file = fromBase64((result as ModelResult).onnx);
  const descriptor = writeModelDescriptor(describeModel(request, result as ModelResult));
  const { order } = entry;
  const [{ terms: datasetTerms, token }, { cfg }] = await Promise.all([
    readListing(salus, order.asset),
    readAsset(salus, order.asset),
  ]);
  const publication = publicationOf({
    salt: randomSalt(),
    price: request.price,
    parentBps: request.parentBps,
    token,
    gatewaySet: cfg.gatewaySet,
    custodian: order.custodian,
    dataset: order.asset,
    contributorsRoot: delivery.receipt.contributorsRoot,
    file: toHex(sha256(file)),
    descriptor: digestFromCid(descriptor.cid),
    agreement: keccak256(stringToHex(AGREEMENT)),
  });
  const custodySignature = await hostModel(app, salus, publication, file, descriptor.bytes);
  const { receipt } = delivery;
  const { asset, receipt: mined } = await publish(
    salus,
    { ...publication, order, receipt, outputSalt, datasetTerms, custodySignature },
    { onStep: (step) => void (step.step === "sent" && progress.sent(step.hash)) },
  );
  return { hash: mined.transactionHash, block: Number(mined.blockNumber), model: assetHex(asset) };
}

function describeModel({ title, description }: PublishRequest, { metadata }: ModelResult): ModelDescriptor {
  const { label, features } = metadata;
  const predicts =
    label.kind === "condition"
      ? conditionName(label.code)
      : `${label.column} of ${label.atLeast} ${label.unit} or more`;
  return { title: title.trim(), description: description.trim(), predicts, features };
}

/** Brings file and descriptor to the gateway that will run the model, and has it sign that it takes them. */
async function hostModel(
  app: App,
  salus: SalusWriter,
  { listing, version }: ReturnType<typeof publicationOf>,
  file: Uint8Array,
  descriptor: Uint8Array,
): Promise<Hex> {
  const { account } = salus.walletClient;
  const host = (await readGateways(salus)).find(({ index }) => index === listing.custodian);
  if (!host) throw new WebError("WEB_GATEWAY_UNKNOWN", { detail: `Number ${listing.custodian}.` });
  const target = gatewayTarget(app.config, { name: host.name, number: host.index });
  const asset = assetId(account.address, listing.salt);
  const upload = await signUploadToken({
    signer: salus.walletClient,
    chainId: target.chainId,
    gatewayRegistry: target.gatewayRegistry,
    asset,
    curator: account.address,
    salt: listing.salt,
    custodian: listing.custodian,
  });
  const { signature } = await requestCustody(target, { curator: account.address, listing, version });
  await putBlob(target, { bytes: descriptor, upload });
  await putModel(target, { asset, bytes: file, upload });
  return signature;
}

/**
 * Pays for one use of a model on the values of one patient. They are sealed to the institution that runs it before they
 * leave this page; the answer is opened on the order's page.
 */
export async function useModel(
  app: App,
  model: ModelDetail,
  values: Record<string, number>,
  progress: Progress,
): Promise<{ hash: Hex; id: Hex }> {
  const salus = await writerOf(app);
  const features = Object.fromEntries(
    model.inputs.map(({ name, unit }) => [name, { value: values[name] as number, unit }]),
  );
  const spec: InferenceSpec = { inference: 1, features };
  const salt = randomSalt();
  const host = (await readGateways(salus)).find(({ index }) => index === model.gateway.number);
  if (!host) throw new WebError("WEB_GATEWAY_UNKNOWN", { detail: model.gateway.name });
  const { chainId, contracts } = salus.deployment;
  const sealFor = (orderId: Hex) =>
    sealModelInput({
      sealingKey: host.sealingKey,
      chainId,
      escrow: contracts.AccessEscrow,
      orderId,
      salt,
      spec,
    });
  const { id: asset, title, price, termsHash } = model;
  const wish = {
    kind: OrderKind.ModelUse,
    uses: DUO.USE_CLINICAL_CARE,
    project: { text: "Use of a model for a patient", salt: randomSalt() },
    job: commitJob(spec, salt),
    privacyCap: 0n,
    // Neither values nor salt stay on this device: the sealed input is all that has to be handed over.
    keep: async (id: Hex) => ({ sealedInput: await sealFor(id) }),
  };
  return placeOrder(salus, { asset, title, price, termsHash }, wish, progress);
}

/** Moves what waits in a model's pot on to the pots of the people whose records taught it; anyone may. */
export async function passOn(
  app: App,
  model: ModelDetail,
  progress: Progress,
): Promise<{ hash: Hex; block: number }> {
  const salus = await writerOf(app);
  const parents = model.parents.map(({ id, contributorsRoot, shareBps }) => ({
    asset: BigInt(id),
    contributorsRoot,
    shareBps,
  }));
  const receipt = await distribute(
    salus,
    { token: model.token, asset: BigInt(model.id), parents },
    { onStep: (step) => void (step.step === "sent" && progress.sent(step.hash)) },
  );
  return { hash: receipt.transactionHash, block: Number(receipt.blockNumber) };
}
