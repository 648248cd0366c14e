import type { HDAccount, Hex } from "viem";
import { encodeEvidence } from "../../sdk/src/data-use/evidence.ts";
import { EIP712_TYPES } from "../../sdk/src/generated/eip712.ts";
import { act, type Protocol } from "./contracts.ts";
import type { Order } from "./market.ts";
import { word } from "./market.ts";

const IRB = 11;
/** All kinds: bits 5, 10, 11, 15, 16 and 17. */
const KINDS = (1n << 5n) | (1n << 10n) | (1n << 11n) | (7n << 15n);
const FOREVER = 4_000_000_000;

/** Lists a committee, gives it less to say, sets a closure of diseases, and lets it approve an order. */
export async function approve(p: Protocol, admin: HDAccount, committee: HDAccount, o: Order): Promise<Hex> {
  await act(admin, p.dataUse, "setIssuer", [committee.address, KINDS, FOREVER]);
  await act(admin, p.dataUse, "setIssuer", [committee.address, 1n << 11n, FOREVER]);
  await act(admin, p.dataUse, "setDiseaseClosure", [word(0xd15), word(0xf11e)]);
  const { buyer, asset, uses, country, disease, project } = o as any;
  const message = {
    kind: IRB,
    issuer: committee.address,
    buyer,
    dataset: asset,
    uses,
    country,
    disease,
    project,
    expiry: FOREVER,
    salt: word(0x5a17),
  };
  const signature = await committee.signTypedData({
    domain: {
      name: "Salus DataUseAuthority",
      version: "1",
      chainId: 31337,
      verifyingContract: p.dataUse.address,
    },
    types: { Attestation: EIP712_TYPES.Attestation },
    primaryType: "Attestation",
    message,
  });
  return encodeEvidence({ attestations: [{ message, signature }] });
}

/** The committee withdraws an attestation, twice. */
export async function withdraw(p: Protocol, committee: HDAccount, attestation: Hex): Promise<void> {
  await act(committee, p.dataUse, "revoke", [attestation]);
  await act(committee, p.dataUse, "revoke", [attestation]);
}
