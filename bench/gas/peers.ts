/**
 * What comparable contracts need for the same act, in gas, measured on a local chain with their published code: Ocean
 * Protocol contracts 2.6.0 (the template for one sale and the enterprise template) and the Ethereum Attestation Service
 * (EAS) 1.4.0, Uniswap's Merkle distributor, 0xSplits, and SingularityNET's escrow of payment channels, whose claim pays
 * one payee by a balance of its own. Several transactions for one act are added up.
 */
export const PEERS = {
  "gas.list": [
    { peer: "Ocean 2.6.0, publish and metadata", gas: 1_488_468 + 97_128 },
    { peer: "Ocean 2.6.0 enterprise, publish", gas: 1_437_389 },
  ],
  "gas.order.permit": [
    { peer: "Ocean 2.6.0, first buy in three transactions", gas: 368_862 },
    { peer: "Ocean 2.6.0 enterprise, first buy in two", gas: 343_339 },
  ],
  "gas.order.allowance": [
    { peer: "Ocean 2.6.0, repeated buy", gas: 249_162 },
    { peer: "Ocean 2.6.0 enterprise, repeated buy", gas: 298_879 },
  ],
  "gas.consent.grant": [
    { peer: "EAS 1.4.0, attest, each of a batch", gas: 221_734 },
    { peer: "EAS 1.4.0, attest alone", gas: 250_758 },
  ],
  "gas.claim.curve.100000": [
    { peer: "Uniswap Merkle distributor, claim, random index", gas: 78_598 },
    { peer: "Uniswap Merkle distributor, claim, realistic", gas: 95_256 },
  ],
  "gas.claim.100000": [{ peer: "0xSplits, push, each recipient", gas: 27_000 }],
  "gas.consent.revoke": [{ peer: "EAS 1.4.0, revoke", gas: 69_003 }],
  "gas.consent.revoke.first": [{ peer: "EAS 1.4.0, revoke", gas: 69_003 }],
  "gas.channel.claim.first": [{ peer: "SingularityNET, channel claim, payee new", gas: 84_183 }],
  "gas.channel.claim": [{ peer: "SingularityNET, channel claim, payee paid before", gas: 49_983 }],
} as Readonly<Record<string, readonly { peer: string; gas: number }[]>>;
