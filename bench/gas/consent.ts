import {
  consentRegistryAbi,
  DUO,
  MODES,
  readSlots,
  send,
  signGrant,
  signRevocation,
  type Grant,
  type Revocation,
  type Signed,
} from "@salus/sdk";
import type { LocalChain } from "../../test/support/local-chain.ts";
import { mustBe, type GasMeasure } from "./measure.ts";
import { list, relayer, subject } from "./world.ts";

const BATCH = 50;
const YEAR_2100 = 4_102_444_800;
const PURPOSES = DUO.USE_HEALTH | DUO.USE_DISEASE;

/** Grants and revocations of fifty subjects, each batch relayed in one transaction. */
export async function consentGas(chain: LocalChain): Promise<GasMeasure[]> {
  const { asset } = await list(chain, "consents");
  const granting = Array.from({ length: BATCH }, (_, i) => subject(i));
  const leaves = Array.from({ length: BATCH }, (_, i) => subject(BATCH + i));
  const granted = await grant(chain, asset, granting);
  const revoked = await revoke(chain, asset, granting, 1);
  const first = await revoke(chain, asset, leaves, 0);
  const each = `each of a batch of ${BATCH}`;
  return [
    { id: "gas.consent.grant", case: `grant, ${each}`, gas: granted / BATCH, bar: 38_000 },
    { id: "gas.consent.revoke", case: `revoke a written slot, ${each}`, gas: revoked / BATCH, bar: 20_000 },
    { id: "gas.consent.revoke.first", case: `revoke a leaf, ${each}`, gas: first / BATCH, bar: 38_000 },
  ];
}

type Subject = ReturnType<typeof subject>;

async function grant(chain: LocalChain, dataset: bigint, people: Subject[]): Promise<number> {
  const signed = await Promise.all(
    people.map((person) => {
      const permission = { purposes: PURPOSES, expiry: YEAR_2100, modes: MODES.DATASET_MODES, nonce: 0 };
      const grant = { dataset, subject: person.address, ...permission };
      return signGrant(chain.deployment, grant, person, 0);
    }),
  );
  const gas = await sendBatch(chain, "grantBatch", signed);
  for (const slot of await slots(chain, dataset, people)) mustBe("A granted slot", slot.purposes, PURPOSES);
  return gas;
}

async function revoke(chain: LocalChain, dataset: bigint, people: Subject[], nonce: number): Promise<number> {
  const signed = await Promise.all(
    people.map((person) =>
      signRevocation(chain.deployment, { dataset, subject: person.address, nonce }, person),
    ),
  );
  const gas = await sendBatch(chain, "revokeBatch", signed);
  for (const slot of await slots(chain, dataset, people)) {
    mustBe("What a revoked slot permits", slot.purposes, 0n);
    mustBe("A revoked slot's nonce", slot.nonce, nonce + 65_537);
  }
  return gas;
}

async function sendBatch(
  chain: LocalChain,
  functionName: "grantBatch" | "revokeBatch",
  signed: Signed<Grant | Revocation>[],
): Promise<number> {
  const call = {
    address: chain.deployment.contracts.ConsentRegistry,
    abi: consentRegistryAbi,
    functionName,
    args: [signed.map(({ message }) => message), signed.map(({ signature }) => signature)],
  };
  const { gasUsed } = await send(chain.as(relayer), call as never);
  return Number(gasUsed);
}

function slots(chain: LocalChain, dataset: bigint, people: Subject[]) {
  return readSlots(chain.reader, { dataset, subjects: people.map(({ address }) => address) });
}
