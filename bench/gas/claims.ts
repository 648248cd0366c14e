import { parseUnits, toHex, type Address, type TransactionReceipt } from "viem";
import { privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";
import {
  claim,
  contributorRewardsAbi,
  postRewardRoot,
  proveReward,
  send,
  signClaim,
  signStruct,
  submitClaims,
  sumTreeOf,
  testDollarAbi,
  type RewardLeaf,
  type RewardProof,
  type RewardRoot,
} from "@salus/sdk";
import type { LocalChain } from "../../test/support/local-chain.ts";
import { mustBe, type GasMeasure } from "./measure.ts";
import { buyer, digest, dollarOf, list, relayer, subject } from "./world.ts";

/** Numbers of contributors on the curve. */
const CURVE = [10, 100, 1_000, 10_000, 100_000];
/** Datasets that one person claims at once, and signed claims that a relayer submits at once. */
const DATASETS = 10;
const RELAYED = 100;
/** Most that a claim may cost more with 100,000 contributors than with 10. */
const GROWTH = 12_000;
/** Seconds of the local profile's window for challenges. */
const WINDOW = 6;
const EARNED = parseUnits("12.345678", 6);

/** Claims under roots over 10 to 100,000 contributors: one's own, alone and in a batch, and signed ones by a relayer. */
export async function claimGas(chain: LocalChain): Promise<GasMeasure[]> {
  await send(chain.as(buyer), {
    address: dollarOf(chain),
    abi: testDollarAbi,
    functionName: "mint",
    args: [buyer.address, parseUnits("100000000", 6)],
  });
  await approve(chain);
  const alone: GasMeasure[] = [];
  for (const count of CURVE) {
    const gas = await claimAlone(chain, count);
    alone.push({
      id: `gas.claim.curve.${count}`,
      case: `claim alone to oneself, ${count} contributors`,
      gas,
      bar: null,
    });
  }
  const few = await claimOwn(chain, 10);
  const many = await claimOwn(chain, 100_000);
  const signed = await claimSigned(chain, 100_000);
  const each = `to oneself, each of ${DATASETS} datasets`;
  return [
    { id: "gas.claim.10", case: `${each}, 10 contributors`, gas: few, bar: 65_000 },
    { id: "gas.claim.100000", case: `${each}, 100,000 contributors`, gas: many, bar: 65_000 },
    {
      id: "gas.claim.signed",
      case: `signed, to a fresh address, each of a batch of ${RELAYED}, 100,000 contributors`,
      gas: signed,
      bar: 75_000,
    },
    { id: "gas.claim.growth", case: "from 10 to 100,000 contributors", gas: many - few, bar: GROWTH },
    ...alone,
  ];
}

type Opened = { dataset: bigint; prove(subject: Address): RewardProof };

/** A tree of which the first are people with keys; built once for all datasets of a size. */
function treeOf(people: readonly PrivateKeyAccount[], count: number) {
  const leaves = Array.from({ length: count }, (_, i): RewardLeaf => {
    const address = people[i]?.address ?? toHex(BigInt(digest(`contributor ${i}`)) >> 96n, { size: 20 });
    return { subject: address.toLowerCase() as Address, cumulative: EARNED, lapsed: 0n };
  });
  const tree = sumTreeOf(leaves);
  const places = new Map(tree.leaves.map(({ subject: who }, index) => [who as string, index]));
  const file = {
    tree: () => tree,
    leaf: (index: number) => tree.leaves[index]!,
    find: (who: Address) => places.get(who.toLowerCase()),
  };
  return { ...tree, file, proofOf: (who: Address): RewardProof => proveReward(file, who)! };
}

/** Lists a dataset, funds it, posts the tree's root and waits until it can be claimed. */
async function open(chain: LocalChain, salt: string, tree: ReturnType<typeof treeOf>): Promise<Opened> {
  const { asset: dataset } = await list(chain, salt);
  const token = dollarOf(chain);
  await send(chain.as(buyer), {
    address: chain.deployment.contracts.ContributorRewards,
    abi: contributorRewardsAbi,
    functionName: "fund",
    args: [dataset, token, tree.total],
  });
  const epoch = Number(await chain.reader.publicClient.getBlockNumber()) - 1;
  const { root, total, count } = tree;
  const message: RewardRoot = { dataset, token, epoch, root, total, count, leafFile: digest("leaf file") };
  const signatures = await Promise.all(
    chain.gateways.slice(0, 2).map(async ({ index, signer }) => ({
      gateway: index,
      signature: await signStruct(chain.deployment, "RewardRoot", message, signer),
    })),
  );
  await postRewardRoot(chain.as(relayer), { root: message, signatures });
  await chain.advance(WINDOW);
  return { dataset, prove: (who) => tree.proofOf(who) };
}

/** Tokens move by allowance here: the buyer stands for the pots. */
async function approve(chain: LocalChain): Promise<void> {
  await send(chain.as(buyer), {
    address: dollarOf(chain),
    abi: testDollarAbi,
    functionName: "approve",
    args: [chain.deployment.contracts.ContributorRewards, 2n ** 256n - 1n],
  });
}

/** The whole transaction of one person with one claim. */
async function claimAlone(chain: LocalChain, count: number): Promise<number> {
  const opened = await open(chain, `alone ${count}`, treeOf([relayer as never], count));
  const before = await balanceOf(chain, relayer.address);
  const receipt = await claimAs(chain, [opened]);
  mustBe("What one claim paid", (await balanceOf(chain, relayer.address)) - before, EARNED);
  return Number(receipt.gasUsed);
}

/** Each of one person's claims on several datasets in one transaction. */
async function claimOwn(chain: LocalChain, count: number): Promise<number> {
  const tree = treeOf([relayer as never], count);
  const opened: Opened[] = [];
  for (let i = 0; i < DATASETS; i++) opened.push(await open(chain, `own ${count} ${i}`, tree));
  const before = await balanceOf(chain, relayer.address);
  const { gasUsed } = await claimAs(chain, opened);
  const paid = (await balanceOf(chain, relayer.address)) - before;
  mustBe("What the claims paid", paid, EARNED * BigInt(DATASETS));
  return Number(gasUsed) / DATASETS;
}

/** Each of a relayer's batch of signed claims to addresses that never held the token. */
async function claimSigned(chain: LocalChain, count: number): Promise<number> {
  const people = Array.from({ length: RELAYED }, (_, i) => subject(i));
  const tree = treeOf(people, count);
  const { dataset } = await open(chain, `signed ${count}`, tree);
  const token = dollarOf(chain);
  const claims = await Promise.all(
    people.map(async (person, i) => {
      const to = privateKeyToAccount(digest(`fresh ${i}`)).address;
      const message = { dataset, token, subject: person.address, to, upTo: EARNED, deadline: 4_102_444_800 };
      return signClaim(chain.deployment, message, person);
    }),
  );
  const { receipt, skipped } = await submitClaims(chain.as(relayer), tree.file, claims);
  mustBe("The number of skipped claims", skipped.length, 0);
  for (const { claim: paid } of claims) mustBe("A paid balance", await balanceOf(chain, paid.to), EARNED);
  return Number(receipt.gasUsed) / RELAYED;
}

function claimAs(chain: LocalChain, opened: readonly Opened[]): Promise<TransactionReceipt> {
  const token = dollarOf(chain);
  const claims = opened.map(({ dataset, prove }) => ({ dataset, token, proof: prove(relayer.address) }));
  return claim(chain.as(relayer), claims);
}

function balanceOf(chain: LocalChain, account: Address): Promise<bigint> {
  return chain.reader.publicClient.readContract({
    address: dollarOf(chain),
    abi: testDollarAbi,
    functionName: "balanceOf",
    args: [account],
  });
}
