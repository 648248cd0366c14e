import { concat, keccak256, toHex, type Address, type Hex, type TransactionReceipt } from "viem";
import { privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";
import {
  assetRegistryAbi,
  buildOrder,
  DUO,
  listDataset,
  MODES,
  send,
  signCustody,
  testDollarAbi,
  type Listing,
  type OrderDraft,
  type SalusWriter,
  type Terms,
  type Version,
} from "@salus/sdk";
import { devAccount, startLocalChain, type LocalChain } from "../../test/support/local-chain.ts";

const DOLLAR = 1_000_000n;
const ZERO: Hex = `0x${"00".repeat(32)}`;

/** The dataset's curator, who does not run its custodian, and the buyer. */
export const curator = devAccount(4);
export const buyer = devAccount(13);
/** Sends what anyone may send. */
export const relayer = devAccount(14);

export const terms: Terms = {
  duo: DUO.HMB | DUO.NCU,
  disease: ZERO,
  royaltyBps: 1_000,
  agreement: keccak256(toHex("agreement")),
  countries: 0n,
  dates: 0n,
};

/** A digest that stands for something with this name. */
export function digest(name: string): Hex {
  return keccak256(toHex(name));
}

/** Subject number i, with its key. */
export function subject(i: number): PrivateKeyAccount {
  return privateKeyToAccount(concat([digest("subject").slice(0, 50) as Hex, toHex(i, { size: 8 })]));
}

export const version: Version = {
  contentRoot: digest("content"),
  consentRoot: digest("consent"),
  count: 100,
  gatewaySet: 1,
  eligibility: digest("eligibility"),
  descriptor: digest("descriptor"),
};

export function listingOf(salt: string): Listing {
  return {
    salt: digest(salt),
    price: 100n * DOLLAR,
    token: 1,
    gatewaySet: 1,
    custodian: 1,
    custodianBps: 2_000,
    curatorBps: 1_000,
    modes: MODES.ANALYSIS | MODES.TRAINING | MODES.DOWNLOAD,
    population: 0,
    privacyCap: 10_000_000_000n,
    terms,
  };
}

/** Lists a dataset whose custodian's operator signed for it. */
export async function list(
  chain: LocalChain,
  salt: string,
): Promise<{ asset: bigint; receipt: TransactionReceipt }> {
  const listing = listingOf(salt);
  const custodySignature = await signCustody(
    chain.deployment,
    { curator: curator.address, listing, version },
    devAccount(1),
  );
  return listDataset(chain.as(curator), { listing, version, custodySignature });
}

export function draftOf(chain: LocalChain, asset: bigint, kind: number, salt: string): Promise<OrderDraft> {
  return buildOrder(chain.reader, {
    buyer: buyer.address,
    asset,
    kind,
    uses: DUO.USE_HEALTH,
    country: 276,
    project: digest("project"),
    job: digest("job"),
    recipientKey: digest("recipient"),
    privacyCap: 1_000_000_000n,
    salt: digest(salt),
  });
}

export function dollarOf(chain: LocalChain): Address {
  return chain.deployment.contracts.TestDollar!;
}

export function curatorIs(chain: LocalChain, asset: bigint): Promise<Address> {
  return chain.reader.publicClient.readContract({
    address: chain.deployment.contracts.AssetRegistry,
    abi: assetRegistryAbi,
    functionName: "ownerOf",
    args: [asset],
  });
}

/** A chain with Salus deployed as on one's own machine, and a buyer with money. */
export async function startWorld(): Promise<LocalChain> {
  const chain = await startLocalChain();
  await mint(chain.as(buyer), dollarOf(chain));
  return chain;
}

async function mint(salus: SalusWriter, address: Address): Promise<void> {
  const args = [buyer.address, 100_000n * DOLLAR] as const;
  await send(salus, { address, abi: testDollarAbi, functionName: "mint", args });
}

/** Gas of the transaction in which a verb ended. */
export async function gasOf(chain: LocalChain, hash: Hex): Promise<number> {
  const { gasUsed } = await chain.reader.publicClient.getTransactionReceipt({ hash });
  return Number(gasUsed);
}
