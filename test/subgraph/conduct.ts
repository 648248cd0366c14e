/** What gateways and a clinic do beside orders: prepaid calls, checkpoints, stakes and what they are lost for. */
import { type Hex, toHex } from "viem";
import { EIP712_TYPES } from "../../sdk/src/generated/eip712.ts";
import { consistencyProof, treeHash } from "../contracts/vectors/naive-log.ts";
import { account, act, chain, type Contract, type Protocol, read } from "./contracts.ts";
import { TERMS, word, ZERO } from "./market.ts";

const clinic = account(4);
const stranger = account(7);
const [host, second] = [account(10), account(11)];

const entries = (name: string, size: number) =>
  Array.from({ length: size }, (_, i) => Buffer.from(`${name} ${i}`));

function sign(
  by: ReturnType<typeof account>,
  at: Contract,
  name: string,
  primaryType: string,
  message: object,
) {
  const domain = { name, version: "1", chainId: 31337, verifyingContract: at.address };
  const types = { [primaryType]: EIP712_TYPES[primaryType as "Voucher"] };
  return by.signTypedData({ domain, types, primaryType, message } as any);
}

/** A channel of 50,000 and 1,000 more, of which a voucher pays 20,002; the host agrees to close. */
export async function prepay(p: Protocol, model: bigint): Promise<Hex> {
  const { timestamp } = await chain.getBlock();
  const channel = {
    payer: clinic.address,
    salt: word(1),
    asset: model,
    version: 1,
    uses: 1n,
    country: 276,
    disease: ZERO,
    project: word(0xca),
    termsHash: await read<Hex>(p.assets, "termsHashOf", [model]),
    token: 1,
    price: 10_001n,
    feeBps: 250,
    custodianBps: 1000,
    curatorBps: 6500,
    custodian: 1,
    until: Number(timestamp) + 100_000,
    deposit: 50_000n,
  };
  await act(clinic, p.dollar, "approve", [p.channels.address, 51_000n]);
  await act(clinic, p.channels, "open", [channel, TERMS, "0x", "0x"]);
  await act(clinic, p.channels, "topUp", [channel, 1_000n]);
  const id = await read<Hex>(p.channels, "hashChannel", [channel]);
  const voucher = { channel: id, nonce: 2, amount: 20_002n };
  const signature = await sign(clinic, p.channels, "Salus UsageChannel", "Voucher", voucher);
  await act(host, p.channels, "claim", [channel, voucher, signature]);
  await act(clinic, p.channels, "requestClose", [channel, "0x"]);
  await act(host, p.channels, "close", [channel, voucher, "0x", "0x"]);
  return id;
}

/** Gateway 1 stakes 1,001, takes 100 of it back, posts its log twice and is then shown to have signed another one. */
export async function misbehave(p: Protocol, pass: (seconds: number) => Promise<void>) {
  await act(host, p.dollar, "mint", [host.address, 1_001n]);
  await act(host, p.dollar, "approve", [p.gateways.address, 1_001n]);
  await act(host, p.gateways, "depositStake", [1, 1_001n]);
  await act(host, p.gateways, "requestStakeWithdrawal", [1, 100n]);
  await pass(30);
  await act(host, p.gateways, "withdrawStake", [1, host.address]);
  await act(host, p.gateways, "requestStakeWithdrawal", [1, 50n]);
  await post(p, 0, 3);
  await post(p, 3, 8);
  const [first, other] = [state("log", 8), state("another log", 8)];
  const signatures = [await signState(p, host, first), await signState(p, host, other)];
  const args = [first, signatures[0], other, signatures[1], stranger.address];
  await act(stranger, p.logs, "proveEquivocation", args);
  await act(stranger, p.slashing, "reportEquivocation", [1, 8n]);
  const slash = await read<Hex>(p.slashing, "equivocationId", [1, 8n]);
  return { slash, roots: [first.root, other.root], posted: state("log", 8).root };
}

function state(name: string, size: number) {
  return { gateway: 1, size: BigInt(size), root: toHex(treeHash(entries(name, size))) };
}

function signState(p: Protocol, by: ReturnType<typeof account>, checkpoint: object) {
  return sign(by, p.logs, "Salus LogCheckpoints", "Checkpoint", checkpoint);
}

async function post(p: Protocol, from: number, size: number) {
  const checkpoint = state("log", size);
  const proof = from === 0 ? [] : consistencyProof(from, entries("log", size)).map((hash) => toHex(hash));
  const signatures = [
    { gateway: 1, signature: await signState(p, host, checkpoint) },
    { gateway: 2, signature: await signState(p, second, checkpoint) },
  ];
  await act(stranger, p.logs, "post", [checkpoint, signatures, proof]);
}
