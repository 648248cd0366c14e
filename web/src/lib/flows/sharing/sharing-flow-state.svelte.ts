import type { SharingChoice } from "#lib/data/sharing.ts";
import { ACTIVITIES, bitsOf, DATASET_MODES, QUALITIES } from "#lib/terms/uses.ts";
import { SHARING_STEPS, type SharingStep } from "./sharing-flow-steps.ts";

/** How long a choice may last. */
export const DURATIONS = [
  { value: "1", label: "1 year" },
  { value: "3", label: "3 years" },
  { value: "5", label: "5 years" },
] as const;

/** The answers given so far. Nothing is answered before the person did: no box starts ticked. */
export class SharingFlow {
  step = $state<SharingStep>("purposes");
  purposes = $state<string[]>([]);
  qualities = $state<string[]>([]);
  modes = $state<string[]>([]);
  years = $state<(typeof DURATIONS)[number]["value"]>();
  error = $state<string>();

  /** Goes on when the question of this screen is answered; says what is missing otherwise. */
  next(): void {
    this.error = this.#missing();
    const following = SHARING_STEPS[this.#index + 1];
    if (!this.error && following) this.step = following.id;
  }

  /** Goes back to an earlier screen; answers stay. */
  goTo(step: string): void {
    const found = SHARING_STEPS.find((one) => one.id === step);
    this.error = undefined;
    if (found) this.step = found.id;
  }

  back(): void {
    const before = SHARING_STEPS[this.#index - 1];
    if (before) this.goTo(before.id);
  }

  get first(): boolean {
    return this.#index === 0;
  }

  /** The choice as the contract knows it. @param now seconds since 1970 */
  choice(now: number): SharingChoice {
    return {
      purposes: bitsOf(ACTIVITIES, this.purposes) | bitsOf(QUALITIES, this.qualities),
      modes: bitsOf(DATASET_MODES, this.modes),
      expiry: yearsAfter(now, Number(this.years)),
    };
  }

  get #index(): number {
    return SHARING_STEPS.findIndex((one) => one.id === this.step);
  }

  #missing(): string | undefined {
    if (this.step === "purposes" && this.purposes.length === 0)
      return "Choose at least one, or go back and stop sharing.";
    if (this.step === "modes" && this.modes.length === 0)
      return "Choose at least one, or go back and stop sharing.";
    if (this.step === "until" && this.years === undefined) return "Choose how long.";
    return undefined;
  }
}

/** The same day of the year, some years later (29 February becomes 1 March), in seconds since 1970. */
export function yearsAfter(now: number, years: number): number {
  const date = new Date(now * 1000);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return Math.floor(date.getTime() / 1000);
}
