/** The ethics and access committee of the demo: account 16 of the local chain, listed for every kind of attestation. */
export const DEMO_COMMITTEE = { label: "Harbour Ethics Committee", walletIndex: 16 } as const;
