/*
 * A small marketplace as the services behind the site tell it: one dataset with a patient whom the demo world has, one
 * model, two orders, one proposal. For looking at filled pages; what is true of the real services is tested under test/.
 */
import { deriveSubjectKey } from "@salus/sdk/accounts/derive";
import {
  CONTRACT_NAMES,
  accessEscrowAbi,
  consentLeaf,
  entryLeaf,
  fromHex,
  leafRoot,
  toHex,
  writeConsentFile,
  type ConsentLeaf,
} from "@salus/sdk";
import { DUO } from "@salus/sdk/generated/constants";
import { nodeHash } from "@salus/sdk/log/hashes";
import { LOCAL_MNEMONIC, personaSecret } from "@salus/sdk/local/personas";
import { encodeFunctionData } from "viem";
import { mnemonicToAccount, privateKeyToAddress } from "viem/accounts";

type Hex = `0x${string}`;
const bytes32 = (digits: string): Hex => `0x${digits.padStart(64, "0")}`;
const address = (digits: string): Hex => `0x${digits.padStart(40, "0")}`;

export const CHAIN_ID = 31337;
export const TOKEN = address("70");
/** Every contract of a deployment, at an address of its own. */
export const CONTRACTS: Record<string, Hex> = Object.fromEntries(
  CONTRACT_NAMES.map((name, index) => [name, address(`c0${index.toString(16).padStart(2, "0")}`)]),
);
export const DATASET = bytes32("d1");
/** A dataset whose terms ask for an ethics approval, in Germany only. */
export const ASKING = bytes32("d2");
export const MODEL = bytes32("a1");
export const SETTLED = bytes32("51");
export const RUNNING = bytes32("52");
export const UNTOLD = bytes32("55");
export const PROPOSAL = bytes32("b1");
/** Block and time at which everything stands. */
export const HEAD = 200;
export const NOW = Math.floor(Date.now() / 1000);
/** Long after the test. */
const LATER = NOW + 10_000_000;

const researcher = mnemonicToAccount(LOCAL_MNEMONIC, { addressIndex: 10 }).address.toLowerCase();
const context = { chainId: CHAIN_ID, registry: CONTRACTS["AssetRegistry"]!, dataset: BigInt(DATASET) };
const maria = deriveSubjectKey(personaSecret("st-anna-maria"), context).address;

const leafOf = (subject: Hex): ConsentLeaf => ({
  subject,
  purposes: 22n,
  modes: 5,
  expiry: LATER,
  basis: 1,
  evidence: bytes32("e1"),
  weight: 1,
  originVersion: 1,
});
const leaves = [maria, ...Array.from({ length: 11 }, (_, i) => address(`5${i + 10}`))].map(leafOf);
/** The public consent file of the dataset's version. */
export const CONSENT_FILE = writeConsentFile({ ...context, version: 1, leaves });

const raw = JSON.stringify({
  contact: { name: "St. Anna Hospital" },
  leafFiles: { version: 1, consents: CONSENT_FILE.cid, manifest: CONSENT_FILE.cid },
  schemas: [
    {
      columns: [
        { name: "birth-year", description: "Birth year", unit: "a" },
        { name: "systolic-blood-pressure", description: "Systolic blood pressure", unit: "mm[Hg]" },
      ],
    },
  ],
});
const gateway = (number: number, name: string) => ({
  id: `0x0000000${number}`,
  number,
  name,
  url: "",
  operator: address(`9${number}`),
  status: "Active",
  signer: address(`8${number}`),
  sealingKey: bytes32(`7${number}`),
});
const gateways = [gateway(1, "st-anna"), gateway(2, "lakeside")];
/** Who keeps parts of the records' keys: a custodian that leaves things out, an honest one, one that cut its list, one away. */
const keepers = [...gateways, gateway(3, "northern"), gateway(4, "harbour")];
/** Keys with which they sign; for this small world only. */
export const KEEPER_KEYS = keepers.map(({ number }) => bytes32(`5eed${number}`));
for (const [i, keeper] of keepers.entries()) keeper.signer = privateKeyToAddress(KEEPER_KEYS[i]!);
const token = { id: TOKEN, index: 1, allowed: true };

const asset = {
  id: DATASET,
  tokenId: "209",
  kind: "Dataset",
  curator: address("91"),
  status: "Listed",
  token,
  price: "40000000",
  modes: 7,
  allowsAnalysis: true,
  allowsTraining: true,
  allowsDownload: true,
  twoPerson: false,
  duo: "12582916",
  disease: bytes32("0"),
  countries: "0",
  moratoriumEnds: "0",
  useEnds: "0",
  royaltyBps: 1e3,
  agreement: bytes32("f1"),
  termsHash: bytes32("f2"),
  custodianBps: 2e3,
  curatorBps: 1e3,
  versionCount: 1,
  recordCount: "12",
  orderCount: 2,
  settledCount: 1,
  listedAt: "1",
  descriptorDigest: bytes32("f3"),
  custodian: gateways[0],
  gatewaySet: {
    id: "0x00000001",
    number: 1,
    threshold: 2,
    members: keepers,
  },
  descriptor: {
    id: bytes32("f3"),
    cid: "",
    problem: null,
    title: "Diabetes and heart cohort",
    country: "AT",
    raw,
    description: "Routine values of people treated for diabetes.",
    publisher: "St. Anna Hospital",
    conditionCodes: ["E11.9", "I10"],
    conditions: ["E11.9", "I10"],
    columns: [],
    schemas: [],
  },
};
const version = {
  id: `${DATASET}00000001`,
  number: 1,
  contentRoot: bytes32("f4"),
  consentRoot: leafRoot(consentLeaf, leaves),
  recordCount: "12",
  eligibility: bytes32("0"),
  descriptorDigest: bytes32("f3"),
  descriptorCid: null,
  block: "1",
  timestamp: "1",
  transaction: bytes32("f5"),
  descriptor: null,
};
const pot = (balance: string) => ({
  id: "0x01",
  key: DATASET,
  contributorsRoot: null,
  balance,
  settled: balance,
  issued: "0",
  donated: "0",
  token,
  received: "0",
  distributed: "0",
});
const dataset = {
  ...asset,
  earned: "40000000",
  lister: address("91"),
  listedAtBlock: "1",
  listedIn: bytes32("f5"),
  population: {
    id: "0x01",
    number: 1,
    cap: "1000000000000",
    spent: "500000000",
  },
  version,
  versions: [version],
  pots: [pot("28000000")],
  children: [],
  transitions: [],
  priceChanges: [],
};

/** Health research, approved by an ethics committee, in place 83 of the countries, which is Germany. */
const asking = {
  ...dataset,
  id: ASKING,
  tokenId: "210",
  duo: (DUO.HMB | DUO.IRB | DUO.GS).toString(),
  countries: (1n << 83n).toString(),
  descriptor: { ...asset.descriptor, id: bytes32("f7"), title: "Before dialysis study" },
};

const model = {
  ...dataset,
  id: MODEL,
  tokenId: "161",
  kind: "Model",
  custodianBps: 1e3,
  curatorBps: 7e3,
  settledCount: 3,
  price: "10000000",
  pots: [pot("2000000")],
  trainingOrder: null,
  descriptor: {
    ...asset.descriptor,
    title: "Diabetes check",
    description: "Says how likely diabetes is.",
    raw: JSON.stringify({
      predicts: "Type 2 diabetes",
      features: [
        {
          name: "hba1c",
          title: "Haemoglobin A1c",
          unit: "%",
          lower: 4,
          upper: 14,
        },
      ],
    }),
  },
  parents: [
    {
      id: "0x02",
      index: 0,
      contributorsRoot: bytes32("f6"),
      shareBps: 2e3,
      declared: false,
      potKey: "0x03",
      parent: {
        ...asset,
        parents: [],
      },
    },
  ],
};

const receipt = {
  id: SETTLED,
  job: bytes32("1"),
  algorithm: bytes32("2"),
  parameters: bytes32("3"),
  output: bytes32("4"),
  result: bytes32("5"),
  inputRoot: bytes32("6"),
  contributorsRoot: bytes32("f6"),
  totalWeight: "12",
  cohort: "12",
  excludedRoot: bytes32("0"),
  grantBlock: "100",
  consentBlock: "102",
  privacyCost: "500000000",
  consentBlockHash: bytes32("7"),
  logs: bytes32("8"),
  attestation: 1,
  signers: gateways,
  block: "103",
  timestamp: String(NOW - 500),
  transaction: bytes32("9"),
  ordinal: "1",
};
const settlement = {
  id: SETTLED,
  pot: "28000000",
  custodian: "8000000",
  custodianPayee: address("91"),
  curator: "4000000",
  curatorPayee: address("91"),
  fee: "800000",
  refund: "0",
  block: "110",
  timestamp: String(NOW - 400),
  transaction: bytes32("a"),
  credits: [],
  potCredits: [],
};
const fundedOrder = {
  id: RUNNING,
  buyer: researcher,
  kind: "Analysis",
  uses: "2",
  country: 0,
  state: "Funded",
  asset,
  token,
  price: "40000000",
  fee: "800000",
  feeBps: 200,
  deliverBy: String(LATER),
  fundedAt: String(NOW - 60),
  changedAt: String(NOW - 60),
  cohort: null,
  released: null,
  escrow: { id: CONTRACTS["AccessEscrow"] },
  salt: bytes32("b"),
  evidence: null,
  disease: bytes32("0"),
  project: bytes32("c"),
  job: bytes32("1"),
  version,
  recipientKey: bytes32("d"),
  termsHash: bytes32("f2"),
  maxFee: "800000",
  privacyCap: "500000000",
  custodianBps: 2e3,
  curatorBps: 1e3,
  gatewaySet: asset.gatewaySet,
  threshold: 2,
  custodian: gateways[0],
  arbitrator: address("0"),
  disputeWindow: "4",
  reportWindow: "45",
  fundedAtBlock: "100",
  fundedIn: bytes32("e"),
  receipt: null,
  failure: null,
  report: null,
  settlement: null,
  refund: null,
  transitions: [
    {
      id: "0x01",
      state: "Funded",
      block: "100",
      timestamp: String(NOW - 60),
      transaction: bytes32("e"),
    },
  ],
};
const settledOrder = { ...fundedOrder, id: SETTLED, state: "Settled", cohort: "12", receipt, settlement };
const training = { ...settledOrder, id: bytes32("53"), kind: "Training" };

const proposal = {
  id: PROPOSAL,
  proposalId: "177",
  proposer: address("92"),
  title: "Change the protocol fee to 3 %",
  state: "Proposed",
  voteStart: String(NOW - 10),
  voteEnd: String(LATER),
  eta: null,
  voterCount: 1,
  forVotes: "3000000000000000000000000",
  againstVotes: "0",
  abstainVotes: "0",
  createdAt: String(NOW - 60),
  createdAtBlock: "1",
  executedIn: null,
  description: "# Change the protocol fee to 3 %\n\nThe commons needs **more** of it.",
  descriptionHash: bytes32("f"),
  targets: [CONTRACTS["AccessEscrow"]],
  values: ["0"],
  calldatas: [encodeFunctionData({ abi: accessEscrowAbi, functionName: "setFee", args: [300] })],
  transitions: [
    { id: "0x01", state: "Proposed", timestamp: String(NOW - 60), block: "1", transaction: bytes32("1") },
  ],
  votes: [
    {
      id: "0x01",
      voter: address("93"),
      support: "For",
      weight: "3000000000000000000000000",
      reason: "The commons needs it.",
      timestamp: String(NOW - 5),
      transaction: bytes32("1"),
    },
  ],
};

/** An earlier proposal, which raised the fee to 2 %. */
const earlier = {
  ...proposal,
  id: bytes32("b2"),
  title: "Change the protocol fee to 2 %",
  state: "Executed",
  eta: String(NOW - 900),
  executedIn: bytes32("b3"),
  transitions: [{ id: "0x02", state: "Executed", timestamp: String(NOW - 800) }],
};
const parameter = {
  id: "0x01",
  contract: CONTRACTS["AccessEscrow"],
  name: "AccessEscrow.feeBps",
  value: "200",
  changedAt: String(NOW - 800),
  changes: [
    { id: "0x02", previous: "100", value: "200", transaction: bytes32("b3"), timestamp: String(NOW - 800) },
    { id: "0x01", previous: null, value: "100", transaction: bytes32("b4"), timestamp: "1" },
  ].map((change) => ({ ...change, sender: address("93"), block: "1" })),
};
const delegate = {
  id: address("93"),
  votes: proposal.forVotes,
  delegatorCount: 2,
  changedAt: String(NOW - 100),
};

const flow = {
  id: "0x01",
  kind: "Collected",
  token,
  to: null as Hex | null,
  amount: "60000000",
  balance: "60000000",
  grant: null,
  announcement: null,
  timestamp: String(NOW - 3_000),
  transaction: bytes32("c1"),
};
const paid = { to: address("94"), amount: "10000000", timestamp: String(NOW - 1_000) };
const treasury = {
  treasuryFlows: [{ ...flow, ...paid, id: "0x02", kind: "Granted", balance: "50000000" }, flow],
  grants: [
    {
      id: address("95"),
      token,
      beneficiary: address("94"),
      amount: "10000000",
      start: String(NOW),
      end: String(LATER),
      timestamp: String(NOW - 1_000),
      transaction: bytes32("c2"),
    },
  ],
  treasuryAnnouncements: [
    {
      id: bytes32("c3"),
      token,
      to: address("94"),
      amount: "20000000",
      start: "0",
      duration: "0",
      salt: bytes32("c4"),
      payableFrom: String(NOW - 100),
      payableUntil: String(LATER),
      state: "Announced",
      endedAt: null,
      timestamp: String(NOW - 2_000),
      transaction: bytes32("c5"),
    },
  ],
};

/** What the index answers to each query, by the query's name. */
export const ANSWERS: Record<string, (variables: Record<string, unknown>) => unknown> = {
  Datasets: () => ({ assets: [dataset] }),
  Dataset: ({ id }) => ({ asset: id === ASKING ? asking : dataset }),
  OrdersByAsset: () => ({ orders: [settledOrder] }),
  OrdersByBuyer: () => ({ orders: [fundedOrder, settledOrder, training] }),
  Order: ({ id }) => ({ order: id === RUNNING ? fundedOrder : id === SETTLED ? settledOrder : null }),
  Models: () => ({ assets: [model] }),
  Model: () => ({ asset: model }),
  Protocol: () => ({ protocol: { id: "0x01", feeBps: 200, escrow: null, tokens: [token] } }),
  Proposals: () => ({ proposals: [proposal, earlier] }),
  Treasury: () => treasury,
  Gateways: () => ({
    gateways: gateways.map((one) => ({ ...one, admittedAt: "1", removedAt: null })),
    gatewaySets: [],
  }),
  DataUseAuthority: () => ({
    issuers: [{ id: address("96"), kinds: "2048", until: String(LATER) }],
    diseaseClosures: [],
  }),
  Delegates: () => ({ delegates: [delegate] }),
  Parameters: () => ({ parameters: [parameter], protocol: null }),
  Proposal: () => ({ proposal }),
  DatasetConsentChanges: () => ({ consentChanges: [] }),
  DatasetUse: () => ({
    receipts: [
      { ...receipt, order: { ...settledOrder, settlement } },
      { ...receipt, id: UNTOLD, order: { ...settledOrder, id: UNTOLD, settlement } },
    ],
  }),
};

/** An entry of a keeper's log about the patient, with the leaf that commits to it. */
function decided(index: number, order: Hex, kind: number, { gateway = 1, action = "receipt" } = {}) {
  const at = NOW - 500 + index;
  const entry = { at, order, action, kind, reason: "PERMITTED" };
  const salt = bytes32(`a${gateway}${index}`);
  const told = { ...entry, uses: "2", decision: "permitted", gateway, index, salt };
  return { told, leaf: entryLeaf(salt, { ...entry, uses: 2n, dataset: BigInt(DATASET), subject: maria }) };
}

const parent = (left: Hex, right: Hex): Hex =>
  toHex(nodeHash(fromHex(left, 32, "leaf"), fromHex(right, 32, "leaf")));

const [proven, changed, young] = [
  decided(0, SETTLED, 1),
  decided(1, bytes32("54"), 2),
  decided(2, RUNNING, 1),
];
const byPeer = { gateway: 2, action: "cosign" };
const [first, second] = [decided(0, SETTLED, 1, byPeer), decided(1, UNTOLD, 1, byPeer)];
const root = parent(proven.leaf, changed.leaf);
const peerRoot = parent(first.leaf, second.leaf);

/** The keepers' checkpoints on chain: each covers two entries. */
export const CHECKPOINTS: Record<number, { size: number; root: Hex }> = {
  1: { size: 2, root },
  2: { size: 2, root: peerRoot },
  3: { size: 2, root: bytes32("99") },
  4: { size: 2, root: bytes32("97") },
};

/**
 * What each keeper tells the patient. The custodian: the settled order used her record, which the chain proves; a training,
 * which it now tells otherwise than it committed to; and a running order that no checkpoint covers yet; of one more settled
 * order it tells nothing, but the second keeper does. The third one's log is shorter than the chain knows. The fourth does
 * not answer.
 */
export const ACCESS_LOGS: Record<number, unknown> = {
  1: {
    entries: [
      young.told,
      { ...changed.told, uses: "4", proof: [proven.leaf] },
      { ...proven.told, proof: [changed.leaf] },
    ],
    log: { gateway: 1, size: 3, root: parent(root, young.leaf) },
  },
  2: {
    entries: [
      { ...second.told, proof: [first.leaf] },
      { ...first.told, proof: [second.leaf] },
    ],
    log: { gateway: 2, size: 2, root: peerRoot },
  },
  3: { entries: [], log: { gateway: 3, size: 1, root: bytes32("98") } },
};

/** That the custodian's log of three entries continues its checkpoint of two. */
export const CONSISTENCY = { first: 2, second: 3, proof: [young.leaf] };
