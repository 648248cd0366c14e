import type { Address, Hex } from "viem";
import type { SalusReader } from "../chain/client.ts";
import { explainRevert } from "../chain/explain-revert.ts";
import { SalusError } from "../errors.ts";
import { gatewayRegistryAbi } from "../generated/abis.ts";

/** A gateway as the registry announces it. */
export type RegisteredGateway = {
  index: number;
  name: string;
  url: string;
  operator: Address;
  signer: Address;
  /** X25519 key to which key shares are sealed */
  sealingKey: Hex;
  active: boolean;
};

/** A gateway set with its members, ascending, and how many of them are needed. */
export type RegisteredSet = { gateways: RegisteredGateway[]; threshold: number };

/** Every gateway that was ever admitted, ascending, with its latest address; as of a block, the head by default. */
export async function readGateways(
  { publicClient, deployment }: SalusReader,
  { toBlock }: { toBlock?: bigint } = {},
): Promise<RegisteredGateway[]> {
  const gateways = new Map<number, RegisteredGateway>();
  try {
    const events = await publicClient.getContractEvents({
      address: deployment.contracts.GatewayRegistry,
      abi: gatewayRegistryAbi,
      fromBlock: BigInt(deployment.startBlock),
      ...(toBlock === undefined ? {} : { toBlock }),
      strict: true,
    });
    for (const event of events) {
      if (event.eventName === "GatewayAdmitted") {
        const { gateway: index, ...rest } = event.args;
        gateways.set(index, { index, ...rest, active: true });
      } else if (event.eventName === "GatewayUrlChanged") {
        gateways.get(event.args.gateway)!.url = event.args.url;
      } else if (event.eventName === "GatewayRemoved") {
        gateways.get(event.args.gateway)!.active = false;
      }
    }
  } catch (error) {
    throw await explainRevert(error);
  }
  return [...gateways.values()].sort((a, b) => a.index - b.index);
}

/**
 * A gateway set.
 * @throws SDK_UNKNOWN_GATEWAY_SET
 */
export async function readGatewaySet(salus: SalusReader, gatewaySet: number): Promise<RegisteredSet> {
  const [members, threshold] = await salus.publicClient.readContract({
    address: salus.deployment.contracts.GatewayRegistry,
    abi: gatewayRegistryAbi,
    functionName: "setOf",
    args: [gatewaySet],
  });
  if (members.length === 0) {
    throw new SalusError({
      code: "SDK_UNKNOWN_GATEWAY_SET",
      message: `There is no gateway set ${gatewaySet}.`,
      hint: "Choose a set that the gateway registry knows, or create one.",
      details: { gatewaySet },
    });
  }
  const gateways = (await readGateways(salus)).filter(({ index }) => members.includes(index));
  return { gateways, threshold };
}
