/** What can be attested, by the short name of the term that asks for it. */
export const ATTESTED_KINDS = { RS: 5, COL: 10, IRB: 11, US: 15, PS: 16, IS: 17 } as const;
export type AttestedKind = keyof typeof ATTESTED_KINDS;
