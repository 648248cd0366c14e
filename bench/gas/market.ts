import type { Hex } from "viem";
import {
  deliverOrder,
  fundOrder,
  hashStruct,
  OrderKind,
  OrderState,
  readCredit,
  readOrderStatus,
  send,
  settleOrder,
  signStruct,
  testDollarAbi,
  type Order,
  type Receipt,
  type SendStep,
} from "@salus/sdk";
import type { LocalChain } from "../../test/support/local-chain.ts";
import { mustBe, type GasMeasure } from "./measure.ts";
import {
  buyer,
  curator,
  curatorIs,
  digest,
  dollarOf,
  draftOf,
  gasOf,
  list,
  relayer,
  terms,
} from "./world.ts";

/** Seconds after delivery in which the local profile lets an order be disputed. */
const DISPUTE_SECONDS = 4;

/** Listing, and the life of an order from funding to settlement, through the SDK's verbs. */
export async function marketGas(chain: LocalChain): Promise<GasMeasure[]> {
  const listed = await list(chain, "measured");
  mustBe("The dataset's curator", await curatorIs(chain, listed.asset), curator.address);
  const permit = await fund(chain, listed.asset, OrderKind.Analysis, "permit");
  await allow(chain);
  const allowance = await fund(chain, listed.asset, OrderKind.Analysis, "allowance");
  await deliver(chain, permit.order);
  const delivered = await deliver(chain, allowance.order);
  const training = await fund(chain, listed.asset, OrderKind.Training, "training");
  const deliveredTraining = await deliver(chain, training.order);
  await chain.advance(DISPUTE_SECONDS);
  await settle(chain, permit.order);
  const settled = await settle(chain, allowance.order);
  return [
    row("gas.list", "list a dataset, custody signed", Number(listed.receipt.gasUsed), 220_000),
    row("gas.order.permit", "order with a permit, the buyer's first", permit.gas, 170_000),
    row("gas.order.allowance", "order with a standing allowance", allowance.gas, 120_000),
    row("gas.deliver", "deliver an analysis, two signatures", delivered, 110_000),
    row("gas.deliver.training", "deliver a training, two signatures", deliveredTraining, null),
    row("gas.settle", "settle, payees paid before", settled, 140_000),
  ];
}

function row(id: string, name: string, gas: number, bar: number | null): GasMeasure {
  return { id, case: name, gas, bar };
}

/** An allowance that orders do not use up, as ERC-20 tokens treat the largest number. */
async function allow(chain: LocalChain): Promise<void> {
  const args = [chain.deployment.contracts.AccessEscrow, 2n ** 256n - 1n] as const;
  const call = { address: dollarOf(chain), abi: testDollarAbi, functionName: "approve", args } as const;
  await send(chain.as(buyer), call);
}

async function fund(
  chain: LocalChain,
  asset: bigint,
  kind: number,
  salt: string,
): Promise<{ order: Order; gas: number }> {
  const draft = await draftOf(chain, asset, kind, salt);
  const before = await balance(chain);
  const seen = watch();
  const { id } = await fundOrder(chain.as(buyer), { draft, terms }, seen);
  mustBe("The order's state", await stateOf(chain, id), OrderState.Funded);
  mustBe("What the buyer paid", before - (await balance(chain)), draft.total);
  return { order: draft.order, gas: await gasOf(chain, seen.hash()) };
}

async function deliver(chain: LocalChain, order: Order): Promise<number> {
  const receipt = await receiptOf(chain, order);
  const signatures = await Promise.all(
    chain.gateways.slice(0, 2).map(async ({ index, signer }) => ({
      gateway: index,
      signature: await signStruct(chain.deployment, "Receipt", receipt, signer),
    })),
  );
  const { gasUsed } = await deliverOrder(chain.as(relayer), { order, receipt, signatures });
  mustBe("The order's state", await stateOf(chain, receipt.order), OrderState.Delivered);
  return Number(gasUsed);
}

async function settle(chain: LocalChain, order: Order): Promise<number> {
  const paid = { token: dollarOf(chain), payee: curator.address };
  const before = await readCredit(chain.reader, paid);
  const { gasUsed } = await settleOrder(chain.as(relayer), order);
  const due = (order.price * BigInt(order.curatorBps)) / 10_000n;
  mustBe("The curator's credit", (await readCredit(chain.reader, paid)) - before, due);
  mustBe(
    "The order's state",
    await stateOf(chain, hashStruct(chain.deployment, "Order", order)),
    OrderState.Settled,
  );
  return Number(gasUsed);
}

async function receiptOf(chain: LocalChain, order: Order): Promise<Receipt> {
  const head = await chain.reader.publicClient.getBlock();
  return {
    order: hashStruct(chain.deployment, "Order", order),
    job: order.job,
    algorithm: digest("algorithm"),
    parameters: digest("parameters"),
    output: digest("output"),
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

async function stateOf(chain: LocalChain, id: Hex): Promise<number> {
  return (await readOrderStatus(chain.reader, id)).state;
}

function balance(chain: LocalChain): Promise<bigint> {
  return chain.reader.publicClient.readContract({
    address: dollarOf(chain),
    abi: testDollarAbi,
    functionName: "balanceOf",
    args: [buyer.address],
  });
}

/** Options of a verb that remember the transaction it sent. */
function watch(): { onStep: (step: SendStep) => void; hash: () => Hex } {
  let sent: Hex | undefined;
  return {
    onStep: (step) => {
      if (step.step === "sent") sent = step.hash;
    },
    hash: () => {
      if (!sent) throw new Error("The verb sent no transaction.");
      return sent;
    },
  };
}
