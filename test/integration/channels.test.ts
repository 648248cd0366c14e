import { afterAll, beforeAll, expect, test } from "vitest";
import type { Address } from "viem";
import {
  buildChannel,
  callsLeft,
  ChannelState,
  claimVoucher,
  closeChannel,
  distribute,
  DUO,
  findChannel,
  findChannels,
  finishChannelClose,
  openChannel,
  potKey,
  readChannel,
  readCredit,
  readPot,
  requestChannelClose,
  send,
  signStruct,
  signVoucher,
  testDollarAbi,
  topUp,
  type Channel,
  type ChannelDraft,
  type SignedVoucher,
} from "@salus/sdk";
import { publishLocalModel, type LocalModel } from "../../bench/gas/model.ts";
import { digest, dollarOf, startWorld, terms } from "../../bench/gas/world.ts";
import { devAccount, type LocalChain } from "../support/local-chain.ts";

const DOLLAR = 1_000_000n;
const clinic = devAccount(15);
const host = devAccount(1);

let chain: LocalChain;
let model: LocalModel;
let token: Address;

beforeAll(async () => {
  chain = await startWorld();
  token = dollarOf(chain);
  model = await publishLocalModel(chain);
  const args = [clinic.address, 1_000n * DOLLAR] as const;
  await send(chain.as(clinic), { address: token, abi: testDollarAbi, functionName: "mint", args });
});
afterAll(() => chain.close());

function draft(salt: string, uses: bigint = DUO.USE_HEALTH): Promise<ChannelDraft> {
  return buildChannel(chain.reader, {
    payer: clinic.address,
    asset: model.asset,
    uses,
    country: 276,
    project: digest("care"),
    calls: 10n,
    salt: digest(salt),
  });
}

/** Signs a voucher for each of `calls` calls and returns the last. */
async function vouchers(id: `0x${string}`, { price }: Channel, calls: number): Promise<SignedVoucher> {
  let latest: SignedVoucher | undefined;
  for (let call = 0; call < calls; call += 1) {
    const next = { channel: id, price, last: latest?.voucher };
    latest = await signVoucher(chain.deployment, next, clinic);
  }
  return latest!;
}

function balance(): Promise<bigint> {
  const call = { address: token, abi: testDollarAbi, functionName: "balanceOf" } as const;
  return chain.reader.publicClient.readContract({ ...call, args: [clinic.address] });
}

test("a clinic prepays ten calls, signs vouchers, and the latest pays host, developer, people and commons", async () => {
  const before = await balance();
  const opened = await draft("first");
  // Ten calls at 3 dollars and 2 % fee.
  expect(opened.channel.deposit).toBe(30_600_000n);
  const { id } = await openChannel(chain.as(clinic), { draft: opened, terms });
  expect(before - (await balance())).toBe(30_600_000n);
  expect(await findChannel(chain.reader, id)).toEqual(opened.channel);
  const credits = await readCredit(chain.reader, { token, payee: host.address });
  const latest = await vouchers(id, opened.channel, 4);
  expect(latest.voucher).toMatchObject({ nonce: 4, amount: 12n * DOLLAR });
  await expect(claimVoucher(chain.as(clinic), { channel: opened.channel, ...latest })).rejects.toMatchObject({
    code: "UsageChannel_NotCustodian",
  });
  await claimVoucher(chain.as(host), { channel: opened.channel, ...latest });
  // 20 % of 12 dollars for the host, 60 % for the developer, 20 % for the people: 2.4, 7.2, 2.4.
  expect((await readCredit(chain.reader, { token, payee: host.address })) - credits).toBe(2_400_000n);
  expect(await readPot(chain.reader, { token, pot: potKey(model.asset) })).toBe(2_400_000n);
  await distribute(chain.as(clinic), { token, asset: model.asset, parents: model.parents });
  const { asset, contributorsRoot } = model.parents[0]!;
  expect(await readPot(chain.reader, { token, pot: potKey(asset, contributorsRoot) })).toBe(2_400_000n);
  await expect(claimVoucher(chain.as(host), { channel: opened.channel, ...latest })).rejects.toMatchObject({
    code: "UsageChannel_NothingNew",
    hint: expect.stringContaining("later voucher"),
  });
  const closing = await signStruct(
    chain.deployment,
    "Closing",
    { channel: id, amount: latest.voucher.amount },
    chain.gateways[0]!.signer,
  );
  await closeChannel(chain.as(clinic), { channel: opened.channel, voucher: latest.voucher, closing });
  expect(before - (await balance())).toBe(12_240_000n);
  expect((await readChannel(chain.reader, id)).state).toBe(ChannelState.Closed);
});

test("a channel is topped up, and closed by its payer alone after the window", async () => {
  const before = await balance();
  const { channel } = await draft("second");
  const { id } = await openChannel(chain.as(clinic), { draft: { channel, token }, terms });
  await topUp(chain.as(clinic), { channel, token, amount: 3_060_000n });
  const status = await readChannel(chain.reader, id);
  expect(status.balance).toBe(33_660_000n);
  expect(callsLeft(channel, { paidIn: status.balance, amount: 0n })).toBe(11n);
  const latest = await vouchers(id, channel, 2);
  await requestChannelClose(chain.as(clinic), { channel });
  await expect(finishChannelClose(chain.as(clinic), { channel })).rejects.toMatchObject({
    code: "UsageChannel_TooEarly",
  });
  await claimVoucher(chain.as(host), { channel, ...latest });
  await chain.advance(20);
  await finishChannelClose(chain.as(host), { channel });
  expect(before - (await balance())).toBe(6_120_000n);
  const ids = (await findChannels(chain.reader, { payer: clinic.address, asset: model.asset })).map(
    (c) => c.id,
  );
  expect(ids).toHaveLength(2);
  expect(ids[1]).toBe(id);
});

test("no channel opens for a purpose that the model's terms forbid", async () => {
  const forbidden = await draft("third", DUO.USE_HEALTH | DUO.COMMERCIAL);
  await expect(openChannel(chain.as(clinic), { draft: forbidden, terms })).rejects.toMatchObject({
    code: "UsageChannel_PurposeNotPermitted",
  });
});
