/** Taking earnings out, one decision a screen. The journey reads: where to → check → done. */
export const TAKE_OUT_STEPS = [
  { id: "where", label: "Where to" },
  { id: "check", label: "Check" },
] as const;

export type TakeOutStep = (typeof TAKE_OUT_STEPS)[number]["id"];
