/** Meaning of a coloured piece; never carried by colour alone. */
export type Tone = "good" | "warn" | "bad" | "info" | "plain";

/** Background and text classes of a tone. */
export const TONE_CLASS: Record<Tone, string> = {
  good: "bg-good text-good-ink",
  warn: "bg-warn text-warn-ink",
  bad: "bg-bad text-bad-ink",
  info: "bg-info text-info-ink",
  plain: "bg-surface text-ink",
};
