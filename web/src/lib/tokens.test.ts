import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("../app.css", import.meta.url), "utf8");

/** Both values of a token, read from the style sheet that ships. */
function token(name: string): [string, string] {
  const match = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(css);
  if (!match) throw new Error(`no token ${name}`);
  return [match[1] as string, match[2] as string];
}

/** Relative luminance, WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance). */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const TEXT = [
  ["ink", "page"],
  ["ink", "surface"],
  ["muted", "page"],
  ["muted", "surface"],
  ["link", "page"],
  ["link", "surface"],
  ["brand-ink", "brand"],
  ["action-ink", "action"],
  ["danger-ink", "danger"],
  ["good-ink", "good"],
  ["warn-ink", "warn"],
  ["bad-ink", "bad"],
  ["bad-ink", "page"],
  ["info-ink", "info"],
  ["focus-ink", "focus"],
] as const;

const EDGES = [
  ["line", "page"],
  ["line", "surface"],
  ["action", "page"],
  ["action", "surface"],
  ["danger", "page"],
] as const;

describe("colour tokens", () => {
  it("the contrast formula gives 21 for black on white and 1 for equal colours", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
    expect(contrast("#777777", "#777777")).toBe(1);
  });
  it.each(TEXT)("%s on %s reads at 7:1 in both schemes", (text, ground) => {
    for (const scheme of [0, 1] as const)
      expect(contrast(token(text)[scheme], token(ground)[scheme])).toBeGreaterThanOrEqual(7);
  });
  it.each(EDGES)("%s stands out from %s at 3:1 in both schemes", (edge, ground) => {
    for (const scheme of [0, 1] as const)
      expect(contrast(token(edge)[scheme], token(ground)[scheme])).toBeGreaterThanOrEqual(3);
  });
});
