/**
 * Ordering an analysis: say why → choose what → read the terms and the price → pay → wait for the run → read the
 * result with its receipt.
 */
export const ORDER_STEPS = [
  { id: "purpose", label: "Purpose" },
  { id: "analysis", label: "Analysis" },
  { id: "terms", label: "Terms and price" },
  { id: "pay", label: "Pay" },
  { id: "run", label: "Run" },
] as const;

export type OrderStep = (typeof ORDER_STEPS)[number]["id"];
