/** What curators, buyers and gateways do in the tests' story. */
import { type Address, encodeAbiParameters, type Hex, keccak256, pad, toHex } from "viem";
import type { HDAccount } from "viem/accounts";
import { EIP712_TYPES, LISTING_ABI, VERSION_ABI } from "../../sdk/src/generated/eip712.ts";
import { act, chain, type Contract, type Protocol, read, WINDOWS } from "./contracts.ts";
import { rpc } from "./node.ts";

export const ZERO: Hex = pad("0x", { size: 32 });

/** A digest-like word that is easy to recognise. */
export function word(value: number): Hex {
  return pad(toHex(value), { size: 32 });
}

export const TERMS = {
  duo: 1n << 1n,
  disease: ZERO,
  royaltyBps: 2000,
  agreement: word(0xa9),
  countries: 0n,
  dates: 0n,
};

export function listing(over: object = {}) {
  return {
    salt: word(1),
    price: 1_000_003n,
    token: 1,
    gatewaySet: 1,
    custodian: 1,
    custodianBps: 2000,
    curatorBps: 1500,
    modes: 7,
    population: 0,
    privacyCap: 1_000_000_000n,
    terms: TERMS,
    ...over,
  };
}

export function version(over: object = {}) {
  return {
    contentRoot: word(0xc0),
    consentRoot: word(0xc1),
    count: 10,
    gatewaySet: 1,
    eligibility: word(0xe1),
    descriptor: ZERO,
    ...over,
  };
}

type Listing = ReturnType<typeof listing>;
type Version = ReturnType<typeof version>;

const hash = (abi: readonly any[], value: object): Hex => keccak256(encodeAbiParameters(abi, [value]));

/** The operator's word that it takes custody of a curator's asset. */
async function custody(
  p: Protocol,
  operator: HDAccount,
  curator: Address,
  l: Listing,
  v: Version,
): Promise<Hex> {
  return operator.signTypedData({
    domain: {
      name: "Salus AssetRegistry",
      version: "1",
      chainId: 31337,
      verifyingContract: p.assets.address,
    },
    types: {
      Custody: [
        { name: "curator", type: "address" },
        { name: "listing", type: "bytes32" },
        { name: "version", type: "bytes32" },
      ],
    },
    primaryType: "Custody",
    message: { curator, listing: hash(LISTING_ABI, l), version: hash(VERSION_ABI, v) },
  });
}

export async function list(p: Protocol, curator: HDAccount, operator: HDAccount, l: Listing, v: Version) {
  const signature = await custody(p, operator, curator.address, l, v);
  const transaction = await act(curator, p.assets, "list", [l, v, signature]);
  return { asset: await read<bigint>(p.assets, "assetIdOf", [curator.address, l.salt]), transaction };
}

export type Order = Awaited<ReturnType<typeof order>>;

/** The fixed part of an order of an asset as it is now. */
export async function order(p: Protocol, buyer: Address, asset: bigint, kind: number, salt: number) {
  const cfg = await read<any>(p.assets, "cfgOf", [asset]);
  const { timestamp } = await chain.getBlock();
  return {
    buyer,
    salt: word(salt),
    asset,
    version: cfg.versions as number,
    kind,
    uses: 1n << 1n,
    country: 276,
    disease: ZERO,
    project: word(0x90),
    job: word(0x10b + salt),
    recipientKey: word(0x4e),
    termsHash: await read<Hex>(p.assets, "termsHashOf", [asset]),
    token: cfg.token as number,
    price: cfg.price as bigint,
    maxFee: 1_000_000n,
    privacyCap: 500_000n,
    custodianBps: cfg.custodianBps as number,
    curatorBps: cfg.curatorBps as number,
    gatewaySet: cfg.gatewaySet as number,
    threshold: 2,
    custodian: cfg.custodian as number,
    arbitrator: pad("0x", { size: 20 }),
    deliverBy: Number(timestamp) + 1000,
    disputeWindow: WINDOWS.dispute,
    reportWindow: WINDOWS.report,
  };
}

export async function fund(
  p: Protocol,
  buyer: HDAccount,
  o: Order,
  { escrow = p.escrow, evidence = "0x" }: { escrow?: Contract; evidence?: Hex } = {},
) {
  const transaction = await act(buyer, escrow, "fund", [o, TERMS, evidence, "0x"]);
  return { id: await read<Hex>(escrow, "hashOrder", [o]), transaction };
}

export interface Signer {
  gateway: number;
  account: HDAccount;
}

async function sign(
  escrow: Contract,
  signers: Signer[],
  type: "Receipt" | "Failure" | "ReleaseReport",
  message: object,
) {
  return Promise.all(
    signers.map(async ({ gateway, account }) => ({
      gateway,
      signature: await account.signTypedData({
        domain: {
          name: "Salus AccessEscrow",
          version: "1",
          chainId: 31337,
          verifyingContract: escrow.address,
        },
        types: EIP712_TYPES as any,
        primaryType: type,
        message: message as any,
      }),
    })),
  );
}

export async function receipt(o: Order, id: Hex, over: object = {}) {
  const block = await chain.getBlock();
  return {
    order: id,
    job: o.job,
    algorithm: word(0xa1),
    parameters: word(0xa2),
    output: word(0xa3),
    result: word(0xa4),
    inputRoot: word(0xa5),
    contributorsRoot: word(0xa6),
    totalWeight: 10n,
    cohort: 10,
    excludedRoot: word(0xa7),
    grantBlock: Number(block.number) - 2,
    consentBlock: Number(block.number),
    consentBlockHash: block.hash,
    privacyCost: 1000n,
    logs: word(0xa8),
    attestation: 1,
    ...over,
  };
}

export async function deliver(
  p: Protocol,
  signers: Signer[],
  o: Order,
  id: Hex,
  over: object = {},
  escrow = p.escrow,
) {
  const r = await receipt(o, id, over);
  await rpc("evm_mine");
  const transaction = await act(signers[0]!.account, escrow, "deliver", [
    o,
    r,
    await sign(escrow, signers, "Receipt", r),
  ]);
  return { receipt: r, transaction };
}

export async function report(
  p: Protocol,
  signers: Signer[],
  o: Order,
  id: Hex,
  count: number,
): Promise<void> {
  const r = { order: id, count, root: word(0xd0) };
  await act(signers[0]!.account, p.escrow, "report", [
    o,
    r,
    await sign(p.escrow, signers, "ReleaseReport", r),
  ]);
}

export async function fail(p: Protocol, signers: Signer[], o: Order, id: Hex): Promise<void> {
  const failure = { order: id, reason: 7, detail: word(0xf0) };
  await act(signers[0]!.account, p.escrow, "fail", [
    o,
    failure,
    await sign(p.escrow, signers, "Failure", failure),
  ]);
}

/** Lets time pass on the chain. */
export async function pass(seconds: number): Promise<void> {
  await rpc("evm_increaseTime", [seconds]);
  await rpc("evm_mine");
}

export async function publish(
  p: Protocol,
  developer: HDAccount,
  operator: HDAccount,
  l: Listing,
  v: Version,
  parents: object[],
  training: { order: Order; receipt: object; salt: Hex },
) {
  const signature = await custody(p, operator, developer.address, l, v);
  const { order, receipt, salt } = training;
  const proof = { escrow: p.escrow.address, order, receipt, outputSalt: salt, terms: TERMS };
  await act(developer, p.assets, "publish", [l, v, parents, proof, signature]);
  return read<bigint>(p.assets, "assetIdOf", [developer.address, l.salt]);
}
