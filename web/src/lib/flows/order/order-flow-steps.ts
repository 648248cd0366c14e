/**
 * Ordering an analysis: say why → choose what → read the terms and the price → pay. The run and its result have a page
 * of their own, which survives a reload.
 */
export const ORDER_STEPS = [
  { id: "purpose", label: "Purpose" },
  { id: "analysis", label: "Analysis" },
  { id: "terms", label: "Terms and price" },
  { id: "pay", label: "Pay" },
] as const;

export type OrderStep = (typeof ORDER_STEPS)[number]["id"];
