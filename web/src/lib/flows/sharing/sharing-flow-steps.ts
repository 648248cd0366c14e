/**
 * Changing what is shared, one decision a screen. The journey reads: what for → who may earn → how → until when →
 * check → done.
 */
export const SHARING_STEPS = [
  { id: "purposes", label: "What for" },
  { id: "qualities", label: "Who may earn" },
  { id: "modes", label: "How" },
  { id: "until", label: "Until when" },
  { id: "check", label: "Check" },
] as const;

export type SharingStep = (typeof SHARING_STEPS)[number]["id"];
