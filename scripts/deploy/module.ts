import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { toFunctionSelector } from "viem";
import { genesisHolders } from "./genesis-locks.ts";
import type { GenesisPanel, Profile } from "./profiles.ts";

/** Public identity of a gateway that is admitted at deployment. */
export type GenesisGateway = {
  name: string;
  url: string;
  operator: `0x${string}`;
  signer: `0x${string}`;
  sealingKey: `0x${string}`;
};

const ADMIN_ROLE = 0n;
/** Whoever has it may slash stakes: the contract that does so by proof, and the one that does so by ruling. */
const SLASHER_ROLE = 1n;
/** Puts arbitrators into office at the escrow: the contract that sees to it that they have something at stake. */
const APPOINTER_ROLE = 2n;
const APPOINT_SELECTOR = toFunctionSelector("setArbitrator(address)");
const SLASH_SELECTOR = toFunctionSelector("slash(uint16,uint128)");
const NOBODY = "0x0000000000000000000000000000000000000000";

/**
 * Deploys Salus. Until the last steps the deployer administers; then the timelock alone does, and the deployer holds
 * nothing.
 * @param deployer account that sends the transactions
 * @param profile periods, limits and genesis allocation
 * @param genesisGateways gateways admitted without a vote; they form gateway set 1
 */
export function salusModule(deployer: `0x${string}`, profile: Profile, genesisGateways: GenesisGateway[]) {
  return buildModule("Salus", (m) => {
    const accessManager = m.contract("AccessManager", [deployer]);
    const { capBps, bucketSeconds, announcementDelay } = profile.treasury;
    const treasury = m.contract("Treasury", [accessManager, capBps, bucketSeconds, announcementDelay]);
    const testDollar = profile.testDollar ? m.contract("TestDollar") : undefined;
    const stakeToken = testDollar ?? profile.stake.token ?? NOBODY;
    const gatewayRegistry = m.contract("GatewayRegistry", [
      accessManager,
      stakeToken,
      profile.stake.withdrawalDelay,
    ]);
    const assetRegistry = m.contract("AssetRegistry", [accessManager, gatewayRegistry, profile.noticePeriod]);
    const consentRegistry = m.contract("ConsentRegistry", [
      assetRegistry,
      gatewayRegistry,
      profile.handOverDelay,
    ]);
    const logCheckpoints = m.contract("LogCheckpoints", [gatewayRegistry]);
    const dataUseAuthority = m.contract("DataUseAuthority", [accessManager]);
    // The governor alone queues, cancels and executes; anyone may ask the governor to execute what has waited its time.
    const timelock = m.contract("SalusTimelock", [profile.timelockDelay, deployer]);
    const contributorRewards = m.contract("ContributorRewards", [
      assetRegistry,
      gatewayRegistry,
      consentRegistry,
      treasury,
      profile.rewards,
    ]);
    const payouts = m.contract("Payouts", [assetRegistry, contributorRewards]);
    const escrow = m.contract("AccessEscrow", [
      accessManager,
      assetRegistry,
      gatewayRegistry,
      payouts,
      dataUseAuthority,
      treasury,
      profile.feeBps,
      profile.windows,
    ]);

    const { holders, amounts } = genesisHolders(m, profile.genesis, treasury);
    const issuance = m.contract("Issuance", [
      accessManager,
      escrow,
      stakeToken,
      profile.issuanceFloor,
      holders,
      amounts,
    ]);
    // The issuance makes the token itself, so that nothing else can ever mint.
    const salusToken = m.contractAt("SalusToken", m.staticCall(issuance, "token"));
    const governor = m.contract("SalusGovernor", [salusToken, timelock, profile.governor]);

    // The escrow makes its mandates itself, so that nothing else can ever stand in their place.
    const mandates = m.contractAt("Mandates", m.staticCall(escrow, "mandates"));
    const usageChannel = m.contract("UsageChannel", [
      assetRegistry,
      gatewayRegistry,
      payouts,
      dataUseAuthority,
      treasury,
      profile.closeWindow,
    ]);
    const slashing = m.contract("Slashing", [
      {
        gateways: gatewayRegistry,
        assets: assetRegistry,
        consents: consentRegistry,
        logs: logCheckpoints,
        payouts,
        commons: treasury,
      },
      profile.slashing.penaltyBps,
      profile.slashing.rewardBps,
    ]);

    const panels = m.contract("Panels", [
      accessManager,
      {
        assets: assetRegistry,
        gateways: gatewayRegistry,
        consents: consentRegistry,
        payouts,
        commons: treasury,
        stakeToken,
      },
      profile.disputes.term,
      profile.disputes.penaltyBps,
    ]);

    const after: ReturnType<typeof m.call>[] = [m.call(assetRegistry, "setEscrow", [escrow])];
    after.push(
      m.call(accessManager, "setTargetFunctionRole", [gatewayRegistry, [SLASH_SELECTOR], SLASHER_ROLE]),
      m.call(accessManager, "grantRole", [SLASHER_ROLE, slashing, 0], { id: "slashing_slashes" }),
      m.call(accessManager, "grantRole", [SLASHER_ROLE, panels, 0], { id: "panels_slash" }),
      m.call(accessManager, "setTargetFunctionRole", [escrow, [APPOINT_SELECTOR], APPOINTER_ROLE], {
        id: "appointing_has_a_role",
      }),
      m.call(accessManager, "grantRole", [APPOINTER_ROLE, panels, 0], { id: "panels_appoint" }),
    );
    genesisGateways.forEach(({ operator, signer, sealingKey, name, url }, index) => {
      const admitted = m.call(gatewayRegistry, "admit", [operator, signer, sealingKey, name, url], {
        id: `admit_${index + 1}`,
        after: [after.at(-1)!],
      });
      after.push(admitted);
    });
    if (genesisGateways.length > 0) {
      const members = genesisGateways.map((_, index) => index + 1);
      after.push(
        m.call(gatewayRegistry, "createSet", [members, profile.threshold], { after: [after.at(-1)!] }),
      );
    }
    if (profile.stake.minimum > 0n) {
      // The genesis set is made before anyone could stake; every later one asks for it.
      const raised = m.call(gatewayRegistry, "setMinimumStake", [profile.stake.minimum], {
        after: [after.at(-1)!],
      });
      after.push(raised);
    }

    const { issuers, diseases } = profile.dataUse;
    issuers.forEach(({ issuer, kinds, until }, index) => {
      after.push(
        m.call(dataUseAuthority, "setIssuer", [issuer, kinds, until], {
          id: `issuer_${index + 1}`,
          after: [after.at(-1)!],
        }),
      );
    });
    if (diseases) {
      after.push(
        m.call(dataUseAuthority, "setDiseaseClosure", [diseases.root, diseases.file], {
          after: [after.at(-1)!],
        }),
      );
    }

    const contracts = {
      accessManager,
      gatewayRegistry,
      assetRegistry,
      consentRegistry,
      contributorRewards,
      logCheckpoints,
      payouts,
      dataUseAuthority,
      issuance,
      salusToken,
      timelock,
      governor,
      escrow,
      mandates,
      panels,
      slashing,
      usageChannel,
      treasury,
    };
    // The one token to begin with: the reference stablecoin, in which gateways stake as well.
    after.push(m.call(assetRegistry, "allowToken", [stakeToken]));
    if (profile.disputes.panel) putIntoOffice(profile.disputes.panel);
    handOver();
    return testDollar ? { ...contracts, testDollar } : contracts;

    /** Elects the panel, pays its stakes in, appoints it. */
    function putIntoOffice({ members, stake, floor }: GenesisPanel) {
      if (!testDollar) throw new Error("Only a local deployment can pay in the stakes of its arbitrators.");
      const none = { token: 0, amount: 0n };
      const elected = m.call(
        panels,
        "elect",
        [escrow, members, stake, [{ token: 1, amount: floor }, none, none, none]],
        {
          after: [...after],
        },
      );
      const panel = m.contractAt("Disputes", m.readEventArgument(elected, "PanelElected", "panel"));
      const total = stake * BigInt(members.length);
      const paid = m.call(testDollar, "mint", [deployer, total], { id: "mint_stakes" });
      const allowed = m.call(testDollar, "approve", [panel, total], { id: "allow_stakes" });
      const staked = members.map((member, index) =>
        m.call(panel, "depositStake", [member], { id: `stake_${index + 1}`, after: [paid, allowed] }),
      );
      after.push(m.call(panels, "appoint", [panel], { after: staked }));
    }

    function handOver() {
      const proposer = m.staticCall(timelock, "PROPOSER_ROLE", [], 0);
      const canceller = m.staticCall(timelock, "CANCELLER_ROLE", [], 0);
      const executor = m.staticCall(timelock, "EXECUTOR_ROLE", [], 0);
      const admin = m.staticCall(timelock, "DEFAULT_ADMIN_ROLE", [], 0);
      const proposes = m.call(timelock, "grantRole", [proposer, governor], { id: "governor_proposes" });
      const cancels = m.call(timelock, "grantRole", [canceller, governor], { id: "governor_cancels" });
      const executes = m.call(timelock, "grantRole", [executor, governor], { id: "governor_executes" });
      m.call(timelock, "renounceRole", [admin, deployer], {
        id: "deployer_leaves_timelock",
        after: [proposes, cancels, executes],
      });
      const administers = m.call(accessManager, "grantRole", [ADMIN_ROLE, timelock, 0], {
        id: "timelock_administers",
        after,
      });
      m.call(accessManager, "renounceRole", [ADMIN_ROLE, deployer], {
        id: "deployer_leaves_manager",
        after: [administers],
      });
    }
  });
}
