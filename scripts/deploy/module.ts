import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type { Profile } from "./profiles.ts";

/** Public identity of a gateway that is admitted at deployment. */
export type GenesisGateway = {
  name: string;
  url: string;
  operator: `0x${string}`;
  signer: `0x${string}`;
  sealingKey: `0x${string}`;
};

const ADMIN_ROLE = 0n;

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
    const gatewayRegistry = m.contract("GatewayRegistry", [accessManager]);
    const assetRegistry = m.contract("AssetRegistry", [accessManager, gatewayRegistry, profile.noticePeriod]);
    const consentRegistry = m.contract("ConsentRegistry");
    const payouts = m.contract("Payouts", [assetRegistry]);
    const salusToken = m.contract("SalusToken", [
      profile.genesis.map(({ holder }) => holder),
      profile.genesis.map(({ amount }) => amount),
    ]);
    // Anyone may execute what has waited its time; only the governor may queue.
    const timelock = m.contract("TimelockController", [
      profile.timelockDelay,
      [],
      ["0x0000000000000000000000000000000000000000"],
      deployer,
    ]);
    const governor = m.contract("SalusGovernor", [salusToken, timelock, profile.governor]);
    const escrow = m.contract("AccessEscrow", [
      accessManager,
      assetRegistry,
      gatewayRegistry,
      payouts,
      timelock,
      profile.feeBps,
      profile.windows,
    ]);

    // The escrow makes its mandates itself, so that nothing else can ever stand in their place.
    const mandates = m.contractAt("Mandates", m.staticCall(escrow, "mandates"));

    const after: ReturnType<typeof m.call>[] = [m.call(assetRegistry, "setEscrow", [escrow])];
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

    const contracts = {
      accessManager,
      gatewayRegistry,
      assetRegistry,
      consentRegistry,
      payouts,
      salusToken,
      timelock,
      governor,
      escrow,
      mandates,
    };
    if (!profile.testDollar) {
      handOver();
      return contracts;
    }
    const testDollar = m.contract("TestDollar");
    after.push(m.call(assetRegistry, "allowToken", [testDollar]));
    handOver();
    return { ...contracts, testDollar };

    function handOver() {
      const proposer = m.staticCall(timelock, "PROPOSER_ROLE", [], 0);
      const canceller = m.staticCall(timelock, "CANCELLER_ROLE", [], 0);
      const admin = m.staticCall(timelock, "DEFAULT_ADMIN_ROLE", [], 0);
      const proposes = m.call(timelock, "grantRole", [proposer, governor], { id: "governor_proposes" });
      const cancels = m.call(timelock, "grantRole", [canceller, governor], { id: "governor_cancels" });
      m.call(timelock, "renounceRole", [admin, deployer], {
        id: "deployer_leaves_timelock",
        after: [proposes, cancels],
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
