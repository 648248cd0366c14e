import { type Abi, type Address, type Hex, keccak256, toHex } from "viem";
import {
  assetId,
  consentRegistryAbi,
  gatewayRegistryAbi,
  listDataset,
  MODES,
  provisionalSubject,
  signCustody,
  signStruct,
  type SignedTypes,
} from "@salus/sdk";
import { listingOf, version } from "../../../bench/gas/world.ts";
import { devAccount, type LocalChain } from "../../support/local-chain.ts";
import { accountOf, addressOf } from "./accounts.ts";
import type { ConsentModel, Message, Name, Setting, Slot } from "./consent.ts";
import { Ledger } from "./ledger.ts";

const NOBODY: Address = `0x${"00".repeat(20)}`;
/** The second dataset asks for two persons. */
const DATASETS = 2;

// Deriving them takes thousands of hashes.
const curator = devAccount(4);
const operator = devAccount(1);

type StructMessage = SignedTypes[keyof SignedTypes];

/** The real registry, spoken to in the model's words. */
export class ConsentChain {
  readonly #chain: LocalChain;
  readonly ledger: Ledger;
  readonly setting: Setting = {
    provisional: "provisional",
    code: "code",
    operator: "operator",
    signer: "signer",
    handOverDelay: 20,
    twoPerson: new Set([1]),
  };

  constructor(chain: LocalChain) {
    this.#chain = chain;
    this.ledger = new Ledger(chain);
  }

  /** Lists the datasets. */
  async prepare(): Promise<void> {
    for (let i = 0; i < DATASETS; i++) {
      const modes = MODES.DATASET_MODES | (this.setting.twoPerson.has(i) ? MODES.TWO_PERSON : 0);
      const listing = { ...listingOf(`model ${i}`), modes };
      const custody = { curator: curator.address, listing, version };
      const custodySignature = await signCustody(this.#chain.deployment, custody, operator);
      await listDataset(this.#chain.as(curator), { listing, version, custodySignature });
    }
  }

  addressOf(name: Name, dataset = 0): Address {
    if (name === "operator") return operator.address;
    if (name === "signer") return this.#chain.gateways[0]!.signer.address;
    return name === "provisional"
      ? provisionalSubject(this.#dataset(dataset), addressOf("code"))
      : addressOf(name);
  }

  /** By vote: the custodian's gateway is removed; its signer's word counts no more. */
  removeCustodian(at: number): Promise<boolean> {
    const { GatewayRegistry, TimelockController } = this.#chain.deployment.contracts;
    const call = { abi: gatewayRegistryAbi as Abi, functionName: "remove", args: [1] };
    return this.ledger.send(TimelockController, GatewayRegistry, call, at);
  }

  async send(m: Message, at: number): Promise<boolean> {
    const { functionName, args } = await this.#callOf(m);
    const call = { abi: consentRegistryAbi as Abi, functionName, args };
    return this.ledger.send(this.addressOf(m.by, m.dataset), this.#registry, call, at);
  }

  /** The slots of subjects as the registry has them. */
  slots(dataset: number, subjects: readonly Name[]): Promise<Slot[]> {
    const args = [this.#dataset(dataset), subjects.map((subject) => this.addressOf(subject, dataset))];
    return this.ledger.read(this.#registry, {
      abi: consentRegistryAbi as Abi,
      functionName: "slotsOf",
      args,
    });
  }

  /** Who speaks for the provisional subject. */
  controller(dataset: number): Promise<Address> {
    const args = [this.#dataset(dataset), this.addressOf("provisional", dataset)];
    return this.ledger.read(this.#registry, {
      abi: consentRegistryAbi as Abi,
      functionName: "controllerOf",
      args,
    });
  }

  /** The same as the model says it, at the time of the last block. */
  expectedController(model: ConsentModel, dataset: number): Address {
    const controller = model.controllerOf(dataset, "provisional", this.ledger.now);
    return controller === undefined ? NOBODY : this.addressOf(controller, dataset);
  }

  get #registry(): Address {
    return this.#chain.deployment.contracts.ConsentRegistry;
  }

  #dataset(i: number): bigint {
    return assetId(curator.address, keccak256(toHex(`model ${i}`)));
  }

  async #callOf(m: Message): Promise<{ functionName: string; args: unknown[] }> {
    if (m.do === "revoke") return { functionName: "revoke", args: [this.#dataset(m.dataset)] };
    const about = { dataset: this.#dataset(m.dataset), subject: this.addressOf(m.subject, m.dataset) };
    if (m.do === "revokeFor") return { functionName: m.do, args: [about.dataset, about.subject] };
    const [type, words] = this.#wordsOf(m, about);
    const sign = (name: Name): Promise<Hex> => this.#sign(type, words, name);
    switch (m.do) {
      case "grant":
        return { functionName: m.do, args: [words] };
      case "grantTwoPerson":
        return { functionName: m.do, args: [words, await sign(m.signer), await sign(m.custodian)] };
      case "handOver":
        return {
          functionName: m.do,
          args: [words, addressOf("code"), await sign(m.code), await sign(m.custodian)],
        };
      case "contest":
      case "revokeProvisional":
        return { functionName: m.do, args: [words, addressOf("code"), await sign(m.signer)] };
      default:
        return { functionName: m.do, args: [words, await sign(m.signer)] };
    }
  }

  #wordsOf(
    m: Exclude<Message, { do: "revoke" | "revokeFor" }>,
    about: { dataset: bigint; subject: Address },
  ): [keyof SignedTypes, StructMessage] {
    switch (m.do) {
      case "grant":
      case "grantBySig":
      case "grantTwoPerson": {
        const { purposes, expiry, modes, nonce } = m;
        return ["Grant", { ...about, purposes, expiry, modes, nonce }];
      }
      case "grantByProxy": {
        const { purposes, expiry, modes, nonce, since } = m;
        return [
          "ProxyGrant",
          { ...about, purposes, expiry, modes, nonce, since, proxy: this.addressOf(m.proxy) },
        ];
      }
      case "revokeByProxy": {
        const { maxNonce, since } = m;
        return ["ProxyRevocation", { ...about, maxNonce, since, proxy: this.addressOf(m.proxy) }];
      }
      case "nameProxy": {
        const { rights, expiry, nonce } = m;
        return ["ProxyNaming", { ...about, rights, expiry, nonce, proxy: this.addressOf(m.proxy) }];
      }
      case "removeProxy":
        return ["ProxyRemoval", { ...about, since: m.since, proxy: this.addressOf(m.proxy) }];
      case "handOver": {
        const { nonce, validUntil } = m;
        return [
          "HandOver",
          { ...about, nonce, validUntil, controller: this.addressOf(m.controller, m.dataset) },
        ];
      }
      case "contest":
        return ["Contest", { ...about, nonce: m.nonce }];
      default:
        return ["Revocation", { ...about, maxNonce: m.maxNonce }];
    }
  }

  /** Nobody signs for a provisional subject: what stands there is a stranger's. */
  async #sign(type: keyof SignedTypes, words: StructMessage, name: Name): Promise<Hex> {
    if (name === "") return "0x";
    const { deployment, gateways } = this.#chain;
    const signer = { operator, signer: gateways[0]!.signer }[name] ?? accountOf(name);
    return signStruct(deployment, type, words as never, signer);
  }
}
