import { encodeAbiParameters, keccak256, type Hex } from "viem";
import {
  assetId,
  deliverOrder,
  fundOrder,
  hashStruct,
  MODES,
  OrderKind,
  publishModel,
  settleOrder,
  signCustody,
  signStruct,
  type Parent,
  type Receipt,
} from "@salus/sdk";
import { devAccount, type LocalChain } from "../../test/support/local-chain.ts";
import { buyer, digest, draftOf, list, listingOf, terms, version } from "./world.ts";

const host = devAccount(1);
const DISPUTE_SECONDS = 4;
const DOLLAR = 1_000_000n;
const NOTHING: Hex = `0x${"00".repeat(32)}`;

/** What a published model is known by. */
export type LocalModel = { asset: bigint; parents: Parent[] };

/** Publishes a model that the buyer had trained on a dataset: three dollars a call, hosted by gateway 1. */
export async function publishLocalModel(chain: LocalChain): Promise<LocalModel> {
  const { asset: dataset } = await list(chain, "training data");
  const draft = await draftOf(chain, dataset, OrderKind.Training, "training");
  await fundOrder(chain.as(buyer), { draft, terms });
  const model = digest("model file");
  const outputSalt = digest("output salt");
  const receipt = await trainingReceipt(chain, hashStruct(chain.deployment, "Order", draft.order), {
    job: draft.order.job,
    output: keccak256(encodeAbiParameters([{ type: "bytes32" }, { type: "bytes32" }], [outputSalt, model])),
  });
  const signatures = await Promise.all(
    chain.gateways.slice(0, 2).map(async ({ index, signer }) => ({
      gateway: index,
      signature: await signStruct(chain.deployment, "Receipt", receipt, signer),
    })),
  );
  await deliverOrder(chain.as(host), { order: draft.order, receipt, signatures });
  await chain.advance(DISPUTE_SECONDS);
  await settleOrder(chain.as(host), draft.order);
  const listing = {
    ...listingOf("model"),
    price: 3n * DOLLAR,
    curatorBps: 6_000,
    modes: MODES.MODEL_USE,
    privacyCap: 0n,
  };
  const modelVersion = { ...version, contentRoot: model, consentRoot: NOTHING, count: 0 };
  const custody = { curator: buyer.address, listing, version: modelVersion };
  const parents = [{ asset: dataset, contributorsRoot: receipt.contributorsRoot, shareBps: 2_000 }];
  await publishModel(chain.as(buyer), {
    listing,
    version: modelVersion,
    parents,
    order: draft.order,
    receipt,
    outputSalt,
    datasetTerms: terms,
    custodySignature: await signCustody(chain.deployment, custody, host),
  });
  return { asset: assetId(buyer.address, listing.salt), parents };
}

async function trainingReceipt(
  chain: LocalChain,
  order: Hex,
  own: Pick<Receipt, "job" | "output">,
): Promise<Receipt> {
  const head = await chain.reader.publicClient.getBlock();
  return {
    ...own,
    order,
    algorithm: digest("algorithm"),
    parameters: digest("parameters"),
    result: digest("result"),
    inputRoot: digest("inputs"),
    contributorsRoot: digest("contributors"),
    totalWeight: 100n,
    cohort: 100,
    excludedRoot: digest("excluded"),
    grantBlock: Number(head.number),
    consentBlock: Number(head.number),
    consentBlockHash: head.hash,
    privacyCost: 500_000_000n,
    logs: digest("logs"),
    attestation: 1,
  };
}
