import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  accessEscrowAbi,
  assetRegistryAbi,
  dataUseAuthorityAbi,
  gatewayRegistryAbi,
  issuanceAbi,
  logCheckpointsAbi,
  payoutsAbi,
  salusGovernorAbi,
  salusTokenAbi,
  testDollarAbi,
  timelockControllerAbi,
  treasuryAbi,
} from "@salus/sdk";
import type { ErasureResponse, SignedErasure } from "@salus/sdk/gateway/types";
import { REQUEST_TYPES, requestDomain } from "@salus/sdk/gateway/requests";
import { vestingWalletAbi } from "@salus/sdk/treasury/release-grant";
import { decodeFunctionData, encodeFunctionResult, hashTypedData, type Abi, type Hex } from "viem";
import { signTypedData } from "viem/accounts";
import { applicationsFor, AUTHORITY_VIEWS, WAITING } from "./applications.ts";
import {
  ACCESS_LOGS,
  ANSWERS,
  CHAIN_ID,
  CHECKPOINTS,
  CONSISTENCY,
  CONSENT_FILE,
  CONTRACTS,
  HEAD,
  KEEPER_KEYS,
  NOW,
  RUNNING,
  TOKEN,
} from "./world.ts";

/** Chain, index and gateways of the small world in one server. */
export interface Upstream {
  url: string;
  stop(): Promise<void>;
}

/** Starts the services behind the site on a free port. */
export async function startUpstream(): Promise<Upstream> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => send(response, 500, { message: String(error) }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => close(server) };
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Each gateway has an address of its own; public files are the same at all of them.
  const path = (request.url ?? "/").replace(/^\/gateway\d/, "/gateway");
  const keeper = Number(/^\/gateway(\d)/.exec(request.url ?? "")?.[1] ?? 1);
  if (keeper === AWAY) return void response.destroy();
  const body = await read(request);
  if (path === "/rpc") return send(response, 200, rpc(JSON.parse(body)));
  if (path === "/graph") return send(response, 200, graph(JSON.parse(body)));
  if (path.startsWith(`/gateway/ipfs/${CONSENT_FILE.cid}`)) {
    response.setHeader("content-type", "application/vnd.ipld.raw");
    return void response.end(CONSENT_FILE.bytes);
  }
  if (path === "/gateway/v1/access-log") return send(response, 200, ACCESS_LOGS[keeper]);
  if (path.startsWith("/gateway/v1/log/consistency")) return send(response, 200, CONSISTENCY);
  if (path === "/gateway/v1/erasures") return send(response, 200, await erase(JSON.parse(body)));
  if (path.startsWith("/gateway/v1/applications")) return applications(request, response, keeper);
  if (path === `/gateway/v1/orders/${RUNNING}`) {
    return send(response, 200, { id: RUNNING, state: "running", updatedAt: NOW });
  }
  if (path === "/gateway/health") return send(response, 200, { status: "ok" });
  return send(response, 404, { code: "GATEWAY_NOT_FOUND", message: `Nothing at ${path}.`, hint: "None." });
}

/** What waits for an approval; what is handed in is taken, and not kept. */
function applications({ method, headers }: IncomingMessage, response: ServerResponse, keeper: number): void {
  if (method === "GET") return send(response, 200, applicationsFor(keeper, headers.authorization));
  return send(response, 201, { id: WAITING });
}

/** The keeper that does not answer. */
const AWAY = 4;
/** Wishes so far: each time one is handed in, one more keeper has carried it out. */
let handedIn = 0;

/** Receipts as the keepers sign them; those of the first three come one by one. */
async function erase(signed: SignedErasure): Promise<ErasureResponse> {
  handedIn = Math.min(handedIn + 1, 3);
  const domain = requestDomain(CHAIN_ID, CONTRACTS["GatewayRegistry"]!);
  const wish = { ...signed.erasure, dataset: BigInt(signed.erasure.dataset) };
  const types = { Erasure: REQUEST_TYPES.Erasure };
  const request = hashTypedData({ domain, types, primaryType: "Erasure", message: wish });
  const { dataset, subject } = signed.erasure;
  const receipts = await Promise.all(
    KEEPER_KEYS.slice(0, handedIn).map(async (privateKey, i) => {
      const receipt = { dataset, subject, request, gateway: i + 1, records: 1, erasedAt: NOW };
      const signature = await signTypedData({
        privateKey,
        domain,
        types: { ErasureReceipt: REQUEST_TYPES.ErasureReceipt },
        primaryType: "ErasureReceipt",
        message: { ...receipt, dataset: wish.dataset },
      });
      return { receipt, signature };
    }),
  );
  return { status: receipts.length >= 3 ? "erased" : "pending", receipts, needed: 3 };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function graph({ query, variables }: { query: string; variables?: Record<string, unknown> }): unknown {
  if (query.includes("_meta")) {
    return { data: { _meta: { block: { number: HEAD }, hasIndexingErrors: false } } };
  }
  const name = /query (\w+)/.exec(query)?.[1] ?? "";
  const known = ANSWERS[name];
  return known
    ? { data: withTypes(JSON.parse(JSON.stringify(known(variables ?? {})))) }
    : { errors: [{ message: `unknown ${name}` }] };
}

/** Type of the objects under a member; fragments of a query are matched by it. */
const TYPES: Record<string, string> = {
  asset: "Asset",
  assets: "Asset",
  parent: "Asset",
  parents: "Parent",
  token: "Token",
  tokens: "Token",
  custodian: "Gateway",
  members: "Gateway",
  signers: "Gateway",
  gatewaySet: "GatewaySet",
  descriptor: "Descriptor",
  population: "Population",
  version: "Version",
  versions: "Version",
  pots: "Pot",
  order: "Order",
  orders: "Order",
  receipt: "Receipt",
  receipts: "Receipt",
  settlement: "Settlement",
  transitions: "OrderTransition",
  escrow: "Escrow",
  votes: "Vote",
  proposal: "Proposal",
  proposals: "Proposal",
  protocol: "Protocol",
  delegates: "Delegate",
  parameters: "Parameter",
  changes: "ParameterChange",
  gateways: "Gateway",
  issuers: "Issuer",
  treasuryFlows: "TreasuryFlow",
  grants: "Grant",
  treasuryAnnouncements: "TreasuryAnnouncement",
};

function withTypes(value: unknown, type?: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withTypes(item, type));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [key, withTypes(member, TYPES[key])]);
  return { ...(type && { __typename: type }), ...Object.fromEntries(members) };
}

type Call = { id: number; method: string; params: unknown[] };

function rpc(body: Call | Call[]): unknown {
  return Array.isArray(body) ? body.map(one) : one(body);
}

function one({ id, method, params }: Call): unknown {
  const block = { number: `0x${HEAD.toString(16)}`, timestamp: `0x${NOW.toString(16)}` };
  const results: Record<string, () => unknown> = {
    eth_blockNumber: () => block.number,
    eth_chainId: () => "0x7a69",
    eth_getBlockByNumber: () => block,
    eth_call: () => call(params[0] as { data: Hex }),
    eth_getCode: () => "0x00",
    // Nobody has any coin of the chain's own: gateways carry what voters sign.
    eth_getBalance: () => "0x0",
    eth_gasPrice: () => "0x1",
    eth_simulateV1: () => [{ ...block, calls: simulate(params[0] as Simulation) }],
  };
  const result = results[method];
  return result
    ? { jsonrpc: "2.0", id, result: result() }
    : { jsonrpc: "2.0", id, error: { code: -32601, message: `no ${method}` } };
}

type Simulation = { blockStateCalls: { calls: { data: Hex }[] }[] };

/** The calls of one block, one after the other: views answer, and the fee is what it was last set to. */
function simulate({ blockStateCalls }: Simulation): unknown[] {
  let feeBps: number | undefined;
  return blockStateCalls.flatMap(({ calls }) =>
    calls.map(({ data }) => {
      const { functionName, args } = decodeAny(data);
      if (functionName === "setFee") feeBps = args[0] as number;
      const changed = functionName === "feeBps" && feeBps !== undefined;
      const returnData = changed ? (`0x${feeBps!.toString(16).padStart(64, "0")}` as const) : answerOf(data);
      return { status: "0x1", returnData, gasUsed: "0x1", logs: [] };
    }),
  );
}

/** Views by name: what they return in the small world. */
const VIEWS: Record<string, (args: readonly unknown[]) => unknown> = {
  tokenAt: ([index]) => (index === 1 ? TOKEN : `0x${"00".repeat(20)}`),
  symbol: () => "TUSD",
  decimals: () => 6,
  feeBps: () => 200,
  maxDelivery: () => 60,
  disputeWindow: () => 4,
  votingDelay: () => 3,
  votingPeriod: () => 20,
  getMinDelay: () => 5n,
  state: () => 1,
  latestOf: ([gateway]) => {
    const { size, root } = CHECKPOINTS[Number(gateway)]!;
    return [BigInt(size), root, NOW];
  },
  arbitrator: () => NOBODY,
  escrow: () => CONTRACTS["AccessEscrow"],
  diseaseClosure: () => NO_DIGEST,
  minimumStake: () => 0n,
  floor: () => 500_000n,
  maxMinimumStake: () => 1_000_000_000_000n,
  proposalThresholdBps: () => 50n,
  quorumNumerator: () => 4n,
  lateQuorumVoteExtension: () => 5,
  proposalGuardian: () => NOBODY,
  holdingPeriod: () => 1,
  lastProposalOf: () => 0n,
  capBps: () => 500,
  MAX_CAP_BPS: () => 2_000n,
  MAX_TOTAL_BPS: () => 5_000,
  BUCKETS: () => 30n,
  bucketSeconds: () => 86_400,
  announcementDelay: () => 1_209_600,
  ANNOUNCEMENT_LIFE: () => 1_209_600,
  outflowOf: () => [1_000_000n, 2_000_000n],
  payableOf: () => [5_000_000n, 50_000_000n],
  creditOf: () => 800_000n,
  owner: () => NOBODY,
  start: () => BigInt(NOW - 1_000),
  end: () => BigInt(NOW + 1_000),
  released: () => 0n,
  releasable: () => 5_000_000n,
  quorum: () => 400_000n * VOTE,
  proposalThreshold: () => 50_000n * VOTE,
  proposalSnapshot: () => BigInt(NOW - 10),
  proposalDeadline: () => BigInt(NOW + 1_000),
  proposalEta: () => 0n,
  hasVoted: () => false,
  balanceOf: () => 3_000_000n * VOTE,
  delegates: ([account]) => account,
  getVotes: () => 3_000_000n * VOTE,
  ...AUTHORITY_VIEWS,
  getPastVotes: () => 3_000_000n * VOTE,
};
const VOTE = 10n ** 18n;
const NOBODY = `0x${"00".repeat(20)}`;
const NO_DIGEST = `0x${"00".repeat(32)}`;
const ABIS = [
  assetRegistryAbi,
  accessEscrowAbi,
  salusGovernorAbi,
  timelockControllerAbi,
  testDollarAbi,
  logCheckpointsAbi,
  salusTokenAbi,
  dataUseAuthorityAbi,
  gatewayRegistryAbi,
  issuanceAbi,
  payoutsAbi,
  treasuryAbi,
  vestingWalletAbi,
] as unknown as Abi[];

function call({ data }: { data: Hex }): Hex {
  const answer = answerOf(data);
  if (answer !== "0x") return answer;
  throw new Error(`no view for ${data.slice(0, 10)} of ${Object.keys(CONTRACTS).join(", ")}`);
}

/** What a view returns; nothing for what is none. */
function answerOf(data: Hex): Hex {
  const { abi, functionName, args } = decodeAny(data);
  const view = VIEWS[functionName];
  return view ? encodeFunctionResult({ abi, functionName, result: view(args) as never }) : "0x";
}

/** A call by whichever contract knows it. */
function decodeAny(data: Hex): { abi: Abi; functionName: string; args: readonly unknown[] } {
  for (const abi of ABIS) {
    try {
      const { functionName, args } = decodeFunctionData({ abi, data });
      return { abi, functionName, args: args ?? [] };
    } catch {
      continue; // another contract's function
    }
  }
  return { abi: [], functionName: "", args: [] };
}
