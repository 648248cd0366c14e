import { toHex, type Hex } from "viem";
import {
  buildChannel,
  claimVoucher,
  closeChannel,
  DUO,
  hashStruct,
  openChannel,
  postCheckpoint,
  readChannel,
  readCheckpoint,
  send,
  signCheckpoint,
  signStruct,
  signVoucher,
  testDollarAbi,
  type ChannelDraft,
  type Checkpoint,
  type Voucher,
} from "@salus/sdk";
import { consistencyProof, treeHash } from "../../test/contracts/vectors/naive-log.ts";
import { devAccount, type LocalChain } from "../../test/support/local-chain.ts";
import { mustBe, type GasMeasure } from "./measure.ts";
import { publishLocalModel } from "./model.ts";
import { digest, dollarOf, gasOf, terms } from "./world.ts";

/** The clinic that prepays, and the operator of the model's custodian. */
const clinic = devAccount(15);
const host = devAccount(1);

const DOLLAR = 1_000_000n;

/** A prepaid channel from opening to close, and a checkpoint of a log, through the SDK's verbs. */
export async function channelGas(chain: LocalChain): Promise<GasMeasure[]> {
  const { asset } = await publishLocalModel(chain);
  await fundClinic(chain);
  const draft = await draftChannel(chain, asset, "first");
  const opened = await open(chain, draft);
  const first = await claim(chain, draft, 1);
  await claim(chain, draft, 2);
  const repeated = await claim(chain, draft, 7);
  const closed = await close(chain, draft, 7);
  await checkpoint(chain, 0, 1_000);
  const posted = await checkpoint(chain, 1_000, 1_700);
  return [
    row("gas.channel.open", "open a prepaid channel with a permit", opened),
    row("gas.channel.claim.first", "claim a channel's first voucher, payees new", first),
    row("gas.channel.claim", "claim a later voucher, payees paid before", repeated),
    row("gas.channel.close", "close with the custodian's signature", closed),
    row("gas.checkpoint", "checkpoint of a log from 1,000 to 1,700 entries, two signatures", posted),
  ];
}

function row(id: string, name: string, gas: number): GasMeasure {
  return { id, case: name, gas, bar: null };
}

async function fundClinic(chain: LocalChain): Promise<void> {
  const args = [clinic.address, 1_000n * DOLLAR] as const;
  const call = { address: dollarOf(chain), abi: testDollarAbi, functionName: "mint", args } as const;
  await send(chain.as(clinic), call);
}

function draftChannel(chain: LocalChain, asset: bigint, salt: string): Promise<ChannelDraft> {
  return buildChannel(chain.reader, {
    payer: clinic.address,
    asset,
    uses: DUO.USE_HEALTH,
    country: 276,
    project: digest("care"),
    calls: 10n,
    salt: digest(salt),
  });
}

async function open(chain: LocalChain, draft: ChannelDraft): Promise<number> {
  let sent: Hex | undefined;
  const onStep = (step: { step: string; hash?: Hex }) => {
    sent = step.hash ?? sent;
  };
  const { id } = await openChannel(chain.as(clinic), { draft, terms }, { onStep });
  mustBe("The channel's balance", (await readChannel(chain.reader, id)).balance, draft.channel.deposit);
  return gasOf(chain, sent!);
}

async function claim(chain: LocalChain, { channel }: ChannelDraft, nonce: number): Promise<number> {
  const id = hashStruct(chain.deployment, "Channel", channel);
  const last: Pick<Voucher, "nonce" | "amount"> = {
    nonce: nonce - 1,
    amount: channel.price * BigInt(nonce - 1),
  };
  const signed = await signVoucher(chain.deployment, { channel: id, price: channel.price, last }, clinic);
  const { gasUsed } = await claimVoucher(chain.as(host), { channel, ...signed });
  const { claimed } = await readChannel(chain.reader, id);
  mustBe("What was claimed", claimed, channel.price * BigInt(nonce));
  return Number(gasUsed);
}

async function close(chain: LocalChain, { channel }: ChannelDraft, nonce: number): Promise<number> {
  const id = hashStruct(chain.deployment, "Channel", channel);
  const voucher = { channel: id, nonce, amount: channel.price * BigInt(nonce) };
  const agreed = { channel: id, amount: voucher.amount };
  const closing = await signStruct(chain.deployment, "Closing", agreed, chain.gateways[0]!.signer);
  const { gasUsed } = await closeChannel(chain.as(clinic), { channel, voucher, closing });
  mustBe("What is left", (await readChannel(chain.reader, id)).balance, 0n);
  return Number(gasUsed);
}

async function checkpoint(chain: LocalChain, from: number, size: number): Promise<number> {
  const entries = Array.from({ length: size }, (_, i) => Buffer.from(`entry ${i}`));
  const state: Checkpoint = { gateway: 1, size: BigInt(size), root: toHex(treeHash(entries)) };
  const signatures = await Promise.all(
    chain.gateways.slice(0, 2).map(async ({ index, signer }) => ({
      gateway: index,
      signature: await signCheckpoint(chain.deployment, state, signer),
    })),
  );
  const proof = from === 0 ? [] : consistencyProof(from, entries).map((hash) => toHex(hash));
  const { gasUsed } = await postCheckpoint(chain.as(host), { checkpoint: state, signatures, proof });
  mustBe("The log's size", (await readCheckpoint(chain.reader, 1))?.size, BigInt(size));
  return Number(gasUsed);
}
