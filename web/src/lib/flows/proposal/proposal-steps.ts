/** What a proposal can do, each with a form of its own. */
export const ACTIONS = [
  { value: "parameter", label: "Change a parameter", hint: "A fee, a limit, a period." },
  {
    value: "gateway",
    label: "Admit a gateway",
    hint: "An institution that may keep key shares and run jobs.",
  },
  { value: "issuer", label: "List an issuer", hint: "A committee whose approvals count." },
  {
    value: "payment",
    label: "Pay from the treasury",
    hint: "A grant over time, or a payment at once.",
  },
  {
    value: "call",
    label: "Call any contract",
    hint: "Whatever has no form of its own. Everybody sees it decoded.",
  },
] as const;

export type ActionKind = (typeof ACTIONS)[number]["value"];

/** What one form says. */
export type Action =
  | { kind: "parameter"; id: string; values: readonly string[] }
  | { kind: "gateway"; name: string; url: string; operator: string; signer: string; sealingKey: string }
  | { kind: "issuer"; issuer: string; kinds: bigint; until: number }
  | {
      kind: "payment";
      token: string;
      to: string;
      amount: bigint;
      start: bigint;
      duration: bigint;
      /** More than may leave at once: it is announced first. */
      announced: boolean;
    }
  | { kind: "call"; target: string; call: string; values: string };
