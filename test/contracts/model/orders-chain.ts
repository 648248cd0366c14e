import { type Abi, type Address, type Hex, keccak256, toHex } from "viem";
import {
  accessEscrowAbi,
  assetId,
  assetRegistryAbi,
  DUO,
  gatewayRegistryAbi,
  hashStruct,
  hashTerms,
  listDataset,
  payoutsAbi,
  potKey,
  send,
  signCustody,
  signStruct,
  testDollarAbi,
  type Order as ChainOrder,
  type SignedTypes,
} from "@salus/sdk";
import { digest, listingOf, terms, version } from "../../../bench/gas/world.ts";
import { devAccount, type LocalChain } from "../../support/local-chain.ts";
import { accountOf, addressOf } from "./accounts.ts";
import { Ledger } from "./ledger.ts";
import type { Act, Fixed, Rules } from "./orders.ts";

const NOBODY: Address = `0x${"00".repeat(20)}`;
const NO_EVIDENCE = "0x";
const KINDS = { Analysis: 1, Training: 2, Download: 3 } as const;
const RULINGS = { None: 0, Pay: 1, Refund: 2 } as const;
export const STATES = ["None", "Funded", "Delivered", "Disputed", "Settled", "Refunded"] as const;
const MONEY = 10n ** 15n;

// Deriving them takes thousands of hashes.
const curator = devAccount(4);
const operator = devAccount(1);

/** Where money lies, in the model's words. */
export interface Balances {
  held: bigint;
  spent: bigint;
  custodian: bigint;
  curator: bigint;
  commons: bigint;
  pot: bigint;
}

/** The real escrow, spoken to in the model's words. */
export class OrdersChain {
  readonly #chain: LocalChain;
  readonly ledger: Ledger;
  readonly #orders = new Map<number, ChainOrder>();
  readonly rules: Rules = {
    buyer: "buyer",
    executor: 1,
    threshold: 2,
    minDelivery: 5,
    maxDelivery: 60,
    disputeWindow: 4,
    reportWindow: 45,
    rulingWindow: 30,
    custodianBps: 2_000n,
    curatorBps: 1_000n,
  };

  constructor(chain: LocalChain) {
    this.#chain = chain;
    this.ledger = new Ledger(chain);
  }

  /** Lists the dataset and gives the buyer money that the escrow may take. */
  async prepare(): Promise<void> {
    const listing = { ...listingOf("model"), privacyCap: 10n ** 18n };
    const custody = { curator: curator.address, listing, version };
    const custodySignature = await signCustody(this.#chain.deployment, custody, operator);
    await listDataset(this.#chain.as(curator), { listing, version, custodySignature });
    const { TestDollar, AccessEscrow } = this.#chain.deployment.contracts;
    const call = { address: TestDollar!, abi: testDollarAbi } as const;
    const args = [addressOf("buyer"), MONEY] as const;
    await send(this.#chain.as(curator), { ...call, functionName: "mint", args });
    await this.ledger.look();
    const approve = {
      abi: testDollarAbi as Abi,
      functionName: "approve",
      args: [AccessEscrow, 2n ** 256n - 1n],
    };
    await this.ledger.send(addressOf("buyer"), TestDollar!, approve, this.ledger.now + 1);
  }

  /** Forgets the orders of an earlier sequence. */
  forget(): void {
    this.#orders.clear();
  }

  async send(act: Act, at: number): Promise<boolean> {
    const { AccessEscrow, AssetRegistry, GatewayRegistry, Panels, TimelockController } =
      this.#chain.deployment.contracts;
    const escrow = (from: Address, functionName: string, args: readonly unknown[]): Promise<boolean> =>
      this.ledger.send(from, AccessEscrow, { abi: accessEscrowAbi as Abi, functionName, args }, at);
    const assets = (functionName: string, args: readonly unknown[]): Promise<boolean> =>
      this.ledger.send(
        curator.address,
        AssetRegistry,
        { abi: assetRegistryAbi as Abi, functionName, args },
        at,
      );
    switch (act.do) {
      case "setFee":
        return escrow(TimelockController, "setFee", [act.bps]);
      case "setArbitrator":
        return escrow(Panels, "setArbitrator", [addressOf(act.name)]);
      case "setPrice":
        return assets("setPrice", [this.#dataset, act.price]);
      case "delist":
        return assets("delist", [this.#dataset]);
      case "removeGateway": {
        const call = { abi: gatewayRegistryAbi as Abi, functionName: "remove", args: [act.gateway] };
        return this.ledger.send(TimelockController, GatewayRegistry, call, at);
      }
      case "fund": {
        const known = this.#orders.get(act.order);
        const order = known ?? this.#orderOf(act.order, act.fixed);
        const taken = await escrow(addressOf(act.by), "fund", [
          order,
          terms,
          NO_EVIDENCE,
          await this.#sign("Order", order, act.signer),
        ]);
        if (taken) this.#orders.set(act.order, order);
        return taken;
      }
      default:
        return escrow(addressOf("by" in act ? act.by : "relayer"), act.do, await this.#argsOf(act));
    }
  }

  /** An order's changing part. */
  async status(number: number): Promise<{
    state: number;
    reported: boolean;
    changedAt: number;
    cohort: number;
    released: number;
    feeBps: number;
  }> {
    const args = [this.#idOf(number)];
    return this.ledger.read(this.#escrow, { abi: accessEscrowAbi as Abi, functionName: "statusOf", args });
  }

  async balances(): Promise<Balances> {
    const { AccessEscrow, TestDollar, Treasury } = this.#chain.deployment.contracts;
    const dollars = (of: Address): Promise<bigint> =>
      this.ledger.read(TestDollar!, { abi: testDollarAbi as Abi, functionName: "balanceOf", args: [of] });
    const credit = (payee: Address): Promise<bigint> => this.#payouts("creditOf", [TestDollar!, payee]);
    return {
      held: await dollars(AccessEscrow),
      spent: MONEY - (await dollars(addressOf("buyer"))),
      custodian: await credit(operator.address),
      curator: await credit(curator.address),
      commons: await credit(Treasury),
      pot: await this.#payouts("potOf", [TestDollar!, potKey(this.#dataset)]),
    };
  }

  get #escrow(): Address {
    return this.#chain.deployment.contracts.AccessEscrow;
  }

  readonly #dataset = assetId(curator.address, keccak256(toHex("model")));
  readonly #termsHash = hashTerms(terms);

  #payouts(functionName: string, args: readonly unknown[]): Promise<bigint> {
    return this.ledger.read(this.#chain.deployment.contracts.Payouts, {
      abi: payoutsAbi as Abi,
      functionName,
      args,
    });
  }

  #orderOf(number: number, { kind, price, maxFee, arbitrator, deliverBy }: Fixed): ChainOrder {
    return {
      buyer: addressOf("buyer"),
      salt: toHex(number, { size: 32 }),
      asset: this.#dataset,
      version: 1,
      kind: KINDS[kind],
      uses: DUO.USE_HEALTH,
      country: 276,
      disease: toHex(0, { size: 32 }),
      project: digest("project"),
      job: digest("job"),
      recipientKey: digest("recipient"),
      termsHash: this.#termsHash,
      token: 1,
      price,
      maxFee,
      privacyCap: 0n,
      custodianBps: Number(this.rules.custodianBps),
      curatorBps: Number(this.rules.curatorBps),
      gatewaySet: 1,
      threshold: this.rules.threshold,
      custodian: this.rules.executor,
      arbitrator: arbitrator === undefined ? NOBODY : addressOf(arbitrator),
      deliverBy,
      disputeWindow: this.rules.disputeWindow,
      reportWindow: this.rules.reportWindow,
    };
  }

  /** An order that was never funded is asked for as well: the escrow knows none of it. */
  #known(number: number): ChainOrder {
    const fixed: Fixed = { kind: "Analysis", price: 1n, maxFee: 1n, deliverBy: 1 };
    return this.#orders.get(number) ?? this.#orderOf(number, fixed);
  }

  #idOf(number: number): Hex {
    return hashStruct(this.#chain.deployment, "Order", this.#known(number));
  }

  async #argsOf(act: Extract<Act, { order: number }>): Promise<unknown[]> {
    const order = this.#known(act.order);
    const id = this.#idOf(act.order);
    switch (act.do) {
      case "deliver": {
        const receipt = await this.#receipt(id, order, act.cohort);
        return [order, receipt, await this.#signatures("Receipt", receipt, act)];
      }
      case "report": {
        const report = { order: id, count: act.count, root: digest("released") };
        return [order, report, await this.#signatures("ReleaseReport", report, act)];
      }
      case "fail": {
        const failure = { order: id, reason: 1, detail: digest("detail") };
        return [order, failure, await this.#signatures("Failure", failure, act)];
      }
      case "accept":
        return [order, await this.#sign("Acceptance", { order: id }, act.signer)];
      case "rule":
        return [order, RULINGS[act.ruling]];
      default:
        return [order];
    }
  }

  async #receipt(id: Hex, order: ChainOrder, cohort: number): Promise<SignedTypes["Receipt"]> {
    return {
      order: id,
      job: order.job,
      algorithm: digest("algorithm"),
      parameters: digest("parameters"),
      output: digest("output"),
      result: digest("result"),
      inputRoot: digest("inputs"),
      contributorsRoot: digest("contributors"),
      totalWeight: BigInt(cohort),
      cohort,
      excludedRoot: digest("excluded"),
      grantBlock: this.ledger.block,
      consentBlock: this.ledger.block,
      consentBlockHash: await this.ledger.headHash(),
      privacyCost: 0n,
      logs: digest("logs"),
      attestation: 1,
    };
  }

  #signatures<T extends keyof SignedTypes>(
    type: T,
    words: SignedTypes[T],
    { gateways, forged }: { gateways: number[]; forged: boolean },
  ): Promise<{ gateway: number; signature: Hex }[]> {
    const { deployment } = this.#chain;
    return Promise.all(
      gateways.map(async (gateway, i) => {
        const signer = forged && i === 0 ? accountOf("thief") : this.#chain.gateways[gateway - 1]!.signer;
        return { gateway, signature: await signStruct(deployment, type, words, signer) };
      }),
    );
  }

  #sign<T extends keyof SignedTypes>(type: T, words: SignedTypes[T], name: string): Promise<Hex> {
    return signStruct(this.#chain.deployment, type, words, accountOf(name));
  }
}
