import { readFileSync } from "node:fs";
import { http, hexToBytes, toHex, type Account, type Hex } from "viem";
import { mnemonicToAccount, privateKeyToAccount } from "viem/accounts";
import { inject } from "vitest";
import {
  buildOrder,
  connect,
  connectAs,
  deriveSubjectKey,
  DUO,
  fundOrder,
  generateHpkeKeyPair,
  parseConsentFile,
  parseDeployment,
  parseDescriptor,
  parseManifest,
  readGateways,
  readListing,
  readSlots,
  readVersion,
  cidFromDigest,
  type CohortFiles,
  type Deployment,
  type Manifest,
  type Order,
  type SalusReader,
  type SalusWriter,
} from "@salus/sdk";
import {
  commitJob,
  getBlob,
  getExclusions,
  getResult,
  NO_JOB,
  openResult,
  fromWire,
  submitJob,
  waitForOrder,
  type GatewayTarget,
} from "@salus/sdk/gateway/index";
import { LOCAL_MNEMONIC } from "../../scripts/deploy/local.ts";
import { demoDataset } from "../../scripts/demo/list-hospital.ts";
import { patientPersonas, WALLET_PERSONAS } from "../../scripts/demo/world/personas.ts";
import type { HospitalSlug } from "../../scripts/demo/world/profiles.ts";
import type { StackAddress } from "./stack-setup.ts";
import { HOSPITALS } from "../../scripts/demo/world/world.ts";

/** The demo world as its people see it: wallets, patients, hospitals, on the stack that the tests share. */
export class DemoStack {
  readonly address: StackAddress;
  readonly deployment: Deployment;
  readonly reader: SalusReader;

  /** @param address where it runs; by default the stack that the end-to-end tests share */
  constructor(address: StackAddress = inject("stack")) {
    this.address = address;
    this.deployment = parseDeployment(JSON.parse(readFileSync(address.deploymentFile, "utf8")));
    this.reader = connect({ deployment: this.deployment, transport: http(address.rpcUrl) });
  }

  as(account: Account): SalusWriter {
    return connectAs({ deployment: this.deployment, transport: http(this.address.rpcUrl), account });
  }

  wallet(id: string): SalusWriter {
    const { walletIndex } = WALLET_PERSONAS.find((persona) => persona.id === id)!;
    return this.as(mnemonicToAccount(LOCAL_MNEMONIC, { addressIndex: walletIndex }));
  }

  /** Operator of a hospital's gateway. */
  operator(hospital: HospitalSlug): SalusWriter {
    const file = `${this.address.stateDir}/gateways/${hospital}/keys.json`;
    return this.as(privateKeyToAccount(JSON.parse(readFileSync(file, "utf8")).operatorKey));
  }

  dataset(hospital: HospitalSlug): bigint {
    const description = HOSPITALS.find(({ slug }) => slug === hospital)!;
    return demoDataset(description, this.operator(hospital).walletClient.account.address);
  }

  async gateway(hospital: HospitalSlug): Promise<GatewayTarget> {
    const { index, url } = (await readGateways(this.reader)).find(({ name }) => name === hospital)!;
    const { chainId, contracts } = this.deployment;
    return { index, url, chainId, gatewayRegistry: contracts.GatewayRegistry };
  }

  /** A patient's key in a hospital's dataset. */
  patient(hospital: HospitalSlug, id: string) {
    const { accountSecret } = patientPersonas(hospital).find((persona) => persona.id === id)!;
    const { chainId, contracts } = this.deployment;
    const context = { chainId, registry: contracts.AssetRegistry, dataset: this.dataset(hospital) };
    return privateKeyToAccount(deriveSubjectKey(hexToBytes(accountSecret), context).privateKey);
  }

  /** Records of a hospital's first version whose people said nothing since: the cohort of a permitted analysis. */
  async untouched(hospital: HospitalSlug) {
    const dataset = this.dataset(hospital);
    const { records } = await this.files(hospital, { asset: dataset, version: 1 });
    const slots = await readSlots(this.reader, { dataset, subjects: records.map(({ subject }) => subject) });
    return records.filter((_, i) => slots[i]!.changedAt === 0);
  }

  /** A patient with an account who still shares, other than the one whom the browser tests follow. */
  async sharingPatient(hospital: HospitalSlug) {
    const subjects = (await this.untouched(hospital)).map(({ subject }) => subject.toLowerCase());
    const [, ...others] = patientPersonas(hospital);
    for (const { id } of others) {
      const patient = this.patient(hospital, id);
      if (subjects.includes(patient.address.toLowerCase())) return patient;
    }
    throw new Error(`No patient of ${hospital} is left who shares.`);
  }

  /** Leaf files of a dataset's version, from a gateway by content id, checked against the chain's roots. */
  async files(
    hospital: HospitalSlug,
    order: Pick<Order, "asset" | "version">,
  ): Promise<CohortFiles & { manifest: Manifest }> {
    const gateway = await this.gateway(hospital);
    const version = await readVersion(this.reader, order.asset, order.version);
    const descriptor = parseDescriptor(await getBlob(gateway, cidFromDigest(version.descriptor)));
    const manifest = parseManifest(
      await getBlob(gateway, descriptor.leafFiles.manifest),
      version.contentRoot,
    );
    const consents = parseConsentFile(
      await getBlob(gateway, descriptor.leafFiles.consents),
      version.consentRoot,
    );
    return {
      manifest,
      records: manifest.entries.map(({ leaf }) => leaf),
      consents: consents.leaves,
      excluded: [],
    };
  }

  /** The same with what the receipt's signers left out. */
  async filesOf(hospital: HospitalSlug, id: Hex, order: Order): Promise<CohortFiles> {
    const { excluded } = await getExclusions(await this.gateway(hospital), id);
    return { ...(await this.files(hospital, order)), excluded };
  }

  /** Drafts, funds and submits an order; does not wait for it. */
  async order(request: {
    buyer: SalusWriter;
    hospital: HospitalSlug;
    kind: number;
    spec?: unknown;
    uses?: bigint;
    deliverWithin?: number;
    submit?: boolean;
  }) {
    const { buyer, hospital, kind, spec, uses = DUO.USE_HEALTH } = request;
    const salt = toHex(crypto.getRandomValues(new Uint8Array(32)));
    const recipientKey = await generateHpkeKeyPair();
    const draft = await buildOrder(this.reader, {
      buyer: buyer.walletClient.account.address,
      asset: this.dataset(hospital),
      kind,
      uses,
      country: 40,
      project: toHex(crypto.getRandomValues(new Uint8Array(32))),
      job: spec === undefined ? NO_JOB : commitJob(spec, salt),
      recipientKey: recipientKey.publicKey,
      privacyCap: 1_000_000_000n,
      ...(request.deliverWithin === undefined ? {} : { deliverWithin: request.deliverWithin }),
    });
    const { terms } = await readListing(this.reader, draft.order.asset);
    const { id } = await fundOrder(buyer, { draft, terms });
    const submission = { id, order: draft.order, ...(spec === undefined ? {} : { spec, salt }) };
    const executor = await this.gateway(hospital);
    if (request.submit ?? true) await submitJob(executor, submission);
    return { id, ...draft, salt, recipientKey, executor, submission };
  }

  /** Waits until an order is delivered and opens its result. */
  async result(buyer: SalusWriter, placed: Awaited<ReturnType<DemoStack["order"]>>) {
    const view = await waitForOrder(placed.executor, { id: placed.id });
    if (view.state === "failed") throw new Error(`${view.failure?.code}: ${view.failure?.message}`);
    const receipt = fromWire("Receipt", view.receipt);
    const sealed = await this.fetchResult(placed.executor, placed.id, buyer);
    const { chainId, contracts } = this.deployment;
    const opened = await openResult({
      sealed,
      receipt,
      recipientKey: placed.recipientKey,
      chainId,
      escrow: contracts.AccessEscrow,
    });
    return { view, receipt, opened };
  }

  /** Results are handed out once the delivery is final, a few blocks after it. */
  async fetchResult(gateway: GatewayTarget, id: Hex, buyer: SalusWriter): Promise<Uint8Array> {
    const signer = buyer.walletClient;
    for (let tries = 0; ; tries++) {
      try {
        return await getResult(gateway, { id, signer });
      } catch (error) {
        if ((error as { code?: string }).code !== "GATEWAY_NOT_FINAL" || tries > 40) throw error;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  }
}
