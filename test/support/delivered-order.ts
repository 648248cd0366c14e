/** A market in which an order about three people is delivered, on a chain of the test's own. */
import { keccak256, toHex, type Address, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import {
  assetId,
  buildOrder,
  contributorLeaf,
  deliverOrder,
  DUO,
  fundOrder,
  hashStruct,
  leafRoot,
  listDataset,
  MODES,
  OrderKind,
  send,
  signStruct,
  testDollarAbi,
  type Listing,
  type Order,
  type Receipt,
  type Terms,
  type Version,
} from "@salus/sdk";
import { devAccount, type LocalChain } from "./local-chain.ts";

export const DOLLAR = 1_000_000n;
const ZERO: Hex = `0x${"00".repeat(32)}`;

/** Operator of gateway 1, curator and custodian of the dataset. */
export const hospital = devAccount(1);
export const buyer = devAccount(13);
/** Whoever has coin of the chain's own, and no part in anything. */
export const relayer = devAccount(14);
/** Whose data every order uses, with their weights in the receipt. */
export const people = [1, 2, 3].map((i) => privateKeyToAccount(toHex(7000 + i, { size: 32 })));
export const contributors = people.map(({ address }, i) => ({ subject: address, weight: i + 1 }));

const terms: Terms = {
  duo: DUO.HMB,
  disease: ZERO,
  royaltyBps: 0,
  agreement: keccak256(toHex("agreement")),
  countries: 0n,
  dates: 0n,
};
const listing: Listing = {
  salt: ZERO,
  price: 100n * DOLLAR,
  token: 1,
  gatewaySet: 1,
  custodian: 1,
  custodianBps: 2_000,
  curatorBps: 1_000,
  modes: MODES.ANALYSIS,
  population: 0,
  privacyCap: 10_000_000_000n,
  terms,
};
const version: Version = {
  contentRoot: keccak256(toHex("content")),
  consentRoot: keccak256(toHex("consents")),
  count: 3,
  gatewaySet: 1,
  eligibility: ZERO,
  descriptor: keccak256(toHex("descriptor")),
};

/** Gives test dollars to an account. */
export function mint(chain: LocalChain, to: Address, amount: bigint) {
  const dollar = chain.deployment.contracts.TestDollar!;
  const call = { address: dollar, abi: testDollarAbi, functionName: "mint" } as const;
  return send(chain.as(relayer), { ...call, args: [to, amount] });
}

/** Lists the dataset, and gives buyer and hospital test dollars. */
export async function openMarket(chain: LocalChain): Promise<void> {
  for (const { address } of [buyer, hospital]) await mint(chain, address, 10_000n * DOLLAR);
  await listDataset(chain.as(hospital), { listing, version });
}

/** An order of 100 dollars about everybody's data, delivered with two gateways' signatures. */
export async function deliveredOrder(chain: LocalChain): Promise<{ id: Hex; order: Order }> {
  const draft = await buildOrder(chain.reader, {
    buyer: buyer.address,
    asset: assetId(hospital.address, ZERO),
    kind: OrderKind.Analysis,
    uses: DUO.USE_HEALTH,
    country: 276,
    project: keccak256(toHex("project")),
    job: keccak256(toHex("job")),
    recipientKey: keccak256(toHex("recipient")),
    privacyCap: 1n,
  });
  const { id } = await fundOrder(chain.as(buyer), { draft, terms });
  const receipt = await receiptFor(chain, draft.order);
  const signatures = await Promise.all(
    chain.gateways.slice(0, 2).map(async ({ index, signer }) => ({
      gateway: index,
      signature: await signStruct(chain.deployment, "Receipt", receipt, signer),
    })),
  );
  await deliverOrder(chain.as(hospital), { order: draft.order, receipt, signatures });
  return { id, order: draft.order };
}

/** A receipt at the head, over people with their weights. */
export async function receiptFor(
  chain: LocalChain,
  order: Order,
  over: typeof contributors = contributors,
): Promise<Receipt> {
  const { number, hash } = await chain.reader.publicClient.getBlock();
  return {
    order: hashStruct(chain.deployment, "Order", order),
    job: order.job,
    algorithm: ZERO,
    parameters: ZERO,
    output: ZERO,
    result: ZERO,
    inputRoot: ZERO,
    contributorsRoot: leafRoot(contributorLeaf, over),
    totalWeight: over.reduce((sum, { weight }) => sum + BigInt(weight), 0n),
    cohort: over.length,
    excludedRoot: ZERO,
    grantBlock: Number(number),
    consentBlock: Number(number),
    consentBlockHash: hash,
    privacyCost: 0n,
    logs: ZERO,
    attestation: 1,
  };
}
