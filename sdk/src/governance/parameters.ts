import type { ContractName } from "../chain/deployment.ts";

/**
 * Everything that a vote reaches, once: settings with their bounds, and what else it can do. The contracts' tests hold each
 * bound against the deployed contracts, a test compares the list with the contracts' restricted functions, the web and
 * docs/parameters.md read it.
 */

/** What a setting is counted in. */
export type ParameterUnit =
  | "basis points"
  | "percent"
  | "seconds"
  | "smallest unit of the stake token"
  | "smallest unit of the reference stablecoin"
  | "address"
  | "digest";

/** A setting that a vote changes. Signatures are human-readable ABI, as viem's `parseAbi` takes them. */
export type Parameter = {
  /** contract and name, as the subgraph's `Parameter.name` has it */
  id: `${ContractName}.${string}`;
  /** contract that a vote calls */
  contract: ContractName;
  /** contract that tells the value, where it is another */
  readAt?: ContractName;
  /** name in plain words */
  title: string;
  unit: ParameterUnit;
  getter: string;
  setter: string;
  /** constants of the contract; none where any value of the unit is taken */
  bounds?: Bounds;
  /** the contract can be asked for its upper bound, which depends on the deployment */
  mostGetter?: string;
  /** what a public deployment begins with; none where the deployment decides */
  production?: bigint;
  /** a contract is named: a proposal fixes its code, so that it cannot be swapped after the review */
  fixesCode?: true;
  /** what it means, for everybody */
  meaning: string;
  /** whom or what a change reaches, and what it leaves alone */
  affects: string;
};

/** Lowest and highest value that the contract takes, both included; a shorter one on chain 31337 only. */
export type Bounds = { least: bigint; most: bigint; leastLocal?: bigint };

/** Something else that a vote can do: keep a list, move money of the treasury, or hand on its own powers. */
export type VotedAction = {
  contract: ContractName;
  /** human-readable ABI */
  function: string;
  kind: "list" | "treasury" | "powers";
  meaning: string;
};

const DAY = 86_400n;
const LATER_VOTES = "Proposals made from then on; a running vote keeps what it began with.";

export const parameters = [
  {
    id: "AccessEscrow.feeBps",
    contract: "AccessEscrow",
    title: "Protocol fee",
    unit: "basis points",
    getter: "function feeBps() view returns (uint16)",
    setter: "function setFee(uint16 feeBps)",
    bounds: { least: 0n, most: 1_000n },
    production: 200n,
    meaning:
      "What the buyer of an analysis, a training or a download pays on top of its price, to the treasury.",
    affects: "New orders and new usage channels only; an order that is already paid for keeps its fee.",
  },
  {
    id: "AccessEscrow.arbitrator",
    contract: "Panels",
    readAt: "AccessEscrow",
    title: "Arbitrator of new orders",
    unit: "address",
    getter: "function arbitrator() view returns (address)",
    setter: "function appoint(address panel)",
    fixesCode: true,
    meaning:
      "The panel that can be asked to rule on an order, elected by another vote and with its stakes paid in. None: nobody rules, and time settles.",
    affects: "New orders only; an open order keeps the arbitrator it names.",
  },
  {
    id: "AssetRegistry.escrow",
    contract: "AssetRegistry",
    title: "Escrow of new orders",
    unit: "address",
    getter: "function escrow() view returns (address)",
    setter: "function setEscrow(address escrow)",
    fixesCode: true,
    meaning:
      "The contract that holds orders and their money. A new one takes over; the old one empties by itself.",
    affects: "New orders only; open orders end in the escrow that they were paid into.",
  },
  {
    id: "DataUseAuthority.diseaseClosure",
    contract: "DataUseAuthority",
    title: "Table of diseases",
    unit: "digest",
    getter: "function diseaseClosure() view returns (bytes32)",
    setter: "function setDiseaseClosure(bytes32 root, bytes32 file)",
    meaning:
      "Which disease is a form of which other: what a study of one disease may use of the data for a wider one.",
    affects: "New orders only.",
  },
  {
    id: "GatewayRegistry.minimumStake",
    contract: "GatewayRegistry",
    title: "Least stake of a gateway",
    unit: "smallest unit of the stake token",
    getter: "function minimumStake() view returns (uint128)",
    setter: "function setMinimumStake(uint128 minimum)",
    // Of a stake token with six decimals; the contract tells the bound for the token it has.
    bounds: { least: 0n, most: 1_000_000_000_000n },
    mostGetter: "function maxMinimumStake() view returns (uint128)",
    meaning: "What a gateway puts at risk, and loses a part of when it is shown to have broken the rules.",
    affects: "Gateway sets made from then on, and later withdrawals; sets that exist stay.",
  },
  {
    id: "Issuance.floor",
    contract: "Issuance",
    title: "Least price of a new token",
    unit: "smallest unit of the reference stablecoin",
    getter: "function floor() view returns (uint128)",
    setter: "function setFloor(uint128 floor)",
    // Of a stablecoin with six decimals; the contract keeps the least that the deployment gave it, and a thousand times that.
    bounds: { least: 1_000_000n, most: 1_000_000_000n },
    production: 1_000_000n,
    meaning:
      "What a whole token costs at least in fees. Tokens are issued at this price, or at the treasury's worth for each token if that is more.",
    affects:
      "Orders settled in the thirty-day epochs that begin after the vote; earlier ones keep their price.",
  },
  {
    id: "SalusGovernor.votingDelay",
    contract: "SalusGovernor",
    title: "Wait before a vote",
    unit: "seconds",
    getter: "function votingDelay() view returns (uint256)",
    setter: "function setVotingDelay(uint48 newVotingDelay)",
    bounds: { least: DAY, most: 14n * DAY, leastLocal: 1n },
    production: 2n * DAY,
    meaning: "Time to read a proposal and to gather votes before the count begins.",
    affects: LATER_VOTES,
  },
  {
    id: "SalusGovernor.votingPeriod",
    contract: "SalusGovernor",
    title: "Length of a vote",
    unit: "seconds",
    getter: "function votingPeriod() view returns (uint256)",
    setter: "function setVotingPeriod(uint32 newVotingPeriod)",
    bounds: { least: 3n * DAY, most: 30n * DAY, leastLocal: 1n },
    production: 7n * DAY,
    meaning: "How long people can vote.",
    affects: LATER_VOTES,
  },
  {
    id: "SalusGovernor.proposalThreshold",
    contract: "SalusGovernor",
    title: "Votes that a proposal takes",
    unit: "basis points",
    getter: "function proposalThresholdBps() view returns (uint256)",
    setter: "function setProposalThreshold(uint256 newProposalThreshold)",
    bounds: { least: 10n, most: 200n },
    production: 50n,
    meaning: "The share of all tokens whose votes one needs to put something to the vote.",
    affects: "Proposals made from then on.",
  },
  {
    id: "SalusGovernor.quorumPercent",
    contract: "SalusGovernor",
    title: "Quorum",
    unit: "percent",
    getter: "function quorumNumerator() view returns (uint256)",
    setter: "function updateQuorumNumerator(uint256 newQuorumNumerator)",
    bounds: { least: 2n, most: 20n },
    production: 4n,
    meaning: "The share of all tokens that must vote for, or abstain, so that a vote counts.",
    affects: "Votes that begin from then on; a running vote keeps its quorum.",
  },
  {
    id: "SalusGovernor.lateQuorumVoteExtension",
    contract: "SalusGovernor",
    title: "More time after a late quorum",
    unit: "seconds",
    getter: "function lateQuorumVoteExtension() view returns (uint48)",
    setter: "function setLateQuorumVoteExtension(uint48 newVoteExtension)",
    bounds: { least: DAY, most: 7n * DAY, leastLocal: 1n },
    production: 2n * DAY,
    meaning:
      "How long a vote stays open at least once the quorum is reached, so that nobody wins at the last minute.",
    affects: "Votes that reach the quorum from then on.",
  },
  {
    id: "SalusGovernor.proposalGuardian",
    contract: "SalusGovernor",
    title: "Proposal guardian",
    unit: "address",
    getter: "function proposalGuardian() view returns (address)",
    setter: "function setProposalGuardian(address newProposalGuardian)",
    meaning:
      "Who may cancel proposals, and can do nothing else. The office ends at a time fixed at deployment, at most a year after it, whoever holds it.",
    affects: "Every proposal that is not executed yet, until the office ends.",
  },
  {
    id: "TimelockController.minDelay",
    contract: "TimelockController",
    title: "Wait after a vote",
    unit: "seconds",
    getter: "function getMinDelay() view returns (uint256)",
    setter: "function updateDelay(uint256 newDelay)",
    bounds: { least: 2n * DAY, most: 30n * DAY, leastLocal: 1n },
    production: 3n * DAY,
    meaning: "Time between a vote that passed and its effect, in which whoever disagrees can leave.",
    affects: "Proposals queued from then on.",
  },
  {
    id: "Treasury.capBps",
    contract: "Treasury",
    title: "What may leave the treasury at once",
    unit: "basis points",
    getter: "function capBps() view returns (uint16)",
    setter: "function setCap(uint16 capBps)",
    bounds: { least: 100n, most: 1_000n },
    production: 500n,
    meaning:
      "The share of each token that payments may take within thirty days without being announced. A larger sum is announced by vote and waits.",
    affects: "Payments made from then on.",
  },
] as const satisfies readonly Parameter[];

/** Ids of the settings in {@link parameters}. */
export type ParameterId = (typeof parameters)[number]["id"];

/** What votes do besides setting parameters. */
export const votedActions = [
  {
    contract: "AssetRegistry",
    function: "function allowToken(address token)",
    kind: "list",
    meaning: "Lets new listings ask for payment in another token. A token stays on the list.",
  },
  {
    contract: "DataUseAuthority",
    function: "function setIssuer(address issuer, uint128 kinds, uint40 until)",
    kind: "list",
    meaning:
      "Lists an ethics committee or another issuer of attestations until a date, or takes it off for new orders.",
  },
  {
    contract: "GatewayRegistry",
    function: "function admit(address operator, address signer, bytes32 sealingKey, string name, string url)",
    kind: "list",
    meaning: "Admits a gateway. It enters new gateway sets only; datasets that exist keep theirs.",
  },
  {
    contract: "GatewayRegistry",
    function: "function remove(uint16 gateway)",
    kind: "list",
    meaning:
      "Removes a gateway for ever. It signs nothing any more; what waits for its signature is refunded by time.",
  },
  {
    contract: "Panels",
    function:
      "function elect(address escrow, address[5] members, uint128 stake, (uint16 token, uint96 amount)[4] floors)",
    kind: "list",
    meaning: "Elects five arbitrators as a panel. It rules on nothing before another vote appoints it.",
  },
  {
    contract: "Panels",
    function: "function retire(address panel)",
    kind: "list",
    meaning: "Takes a panel out of office for new orders; it still ends the disputes of those that name it.",
  },
  {
    contract: "Treasury",
    function:
      "function pay((address token, address to, uint256 amount, uint64 start, uint64 duration) payment)",
    kind: "treasury",
    meaning:
      "Pays at once, or gives a grant that vests evenly, within the share that may leave within thirty days.",
  },
  {
    contract: "Treasury",
    function:
      "function announce((address token, address to, uint256 amount, uint64 start, uint64 duration) payment, bytes32 salt)",
    kind: "treasury",
    meaning:
      "Announces a larger payment or grant: at most half of what there was, thirty days later, if no vote revokes it before.",
  },
  {
    contract: "Treasury",
    function: "function revoke(bytes32 id)",
    kind: "treasury",
    meaning: "Revokes an announced payment that was not made yet.",
  },
  {
    contract: "AccessManager",
    function: "function grantRole(uint64 roleId, address account, uint32 executionDelay)",
    kind: "powers",
    meaning: "Gives an account a role: the contract that slashes, or the vote's own powers.",
  },
  {
    contract: "AccessManager",
    function: "function revokeRole(uint64 roleId, address account)",
    kind: "powers",
    meaning: "Takes a role back.",
  },
  {
    contract: "AccessManager",
    function: "function setTargetFunctionRole(address target, bytes4[] selectors, uint64 roleId)",
    kind: "powers",
    meaning: "Names the role that a function asks for.",
  },
  {
    contract: "AccessManager",
    function: "function setTargetClosed(address target, bool closed)",
    kind: "powers",
    meaning:
      "Closes or opens all functions of a contract that only a vote reaches; everybody's own stay open.",
  },
  {
    contract: "AccessManager",
    function: "function setTargetAdminDelay(address target, uint32 newDelay)",
    kind: "powers",
    meaning: "Makes changes of a contract's roles wait longer.",
  },
  {
    contract: "AccessManager",
    function: "function setGrantDelay(uint64 roleId, uint32 newDelay)",
    kind: "powers",
    meaning: "Makes a role take effect only some time after it was given.",
  },
  {
    contract: "AccessManager",
    function: "function setRoleAdmin(uint64 roleId, uint64 admin)",
    kind: "powers",
    meaning: "Names the role that gives a role.",
  },
  {
    contract: "AccessManager",
    function: "function setRoleGuardian(uint64 roleId, uint64 guardian)",
    kind: "powers",
    meaning: "Names the role that cancels what a role has scheduled.",
  },
  {
    contract: "AccessManager",
    function: "function labelRole(uint64 roleId, string label)",
    kind: "powers",
    meaning: "Gives a role a name that people can read.",
  },
  {
    contract: "AccessManager",
    function: "function updateAuthority(address target, address newAuthority)",
    kind: "powers",
    meaning: "Puts a contract under another access manager.",
  },
  {
    contract: "TimelockController",
    function: "function grantRole(bytes32 role, address account)",
    kind: "powers",
    meaning: "Lets another governor queue, cancel or execute.",
  },
  {
    contract: "TimelockController",
    function: "function revokeRole(bytes32 role, address account)",
    kind: "powers",
    meaning: "Takes that right back.",
  },
] as const satisfies readonly VotedAction[];
