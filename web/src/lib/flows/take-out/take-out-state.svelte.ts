import type { Earning } from "#lib/data/earnings.ts";
import type { Hex } from "#lib/data/types.ts";
import type { TakeOutStep } from "./take-out-steps.ts";

export type Target = "fresh" | "own";

/** Whether paying out to an address would show that two places belong to one person. */
export type WouldLink = (dataset: Hex, to: Hex) => Promise<boolean>;

/** The answers given so far. */
export class TakeOutFlow {
  step = $state<TakeOutStep>("where");
  target = $state<Target>();
  address = $state("");
  error = $state<string>();
  /** money of another place went to the chosen address before */
  links = $state(false);
  /** the person was told and goes on */
  linkAccepted = $state<string[]>([]);
  asking = $state(false);
  readonly #earning: Earning;
  readonly #wouldLink: WouldLink;

  constructor(earning: Earning, wouldLink: WouldLink) {
    this.#earning = earning;
    this.#wouldLink = wouldLink;
  }

  get to(): Hex {
    return this.target === "own" ? (this.address.trim() as Hex) : this.#earning.freshAddress;
  }

  /** Goes on when the question of this screen is answered. @returns true when everything is */
  async next(): Promise<boolean> {
    this.error = this.#missing();
    if (this.error) return false;
    if (this.step === "check") return true;
    this.asking = true;
    try {
      this.links = this.target === "own" && (await this.#wouldLink(this.#earning.dataset, this.to));
      this.linkAccepted = [];
      this.step = "check";
    } catch {
      this.error = "We could not check this address now. Try again in a minute.";
    } finally {
      this.asking = false;
    }
    return false;
  }

  goTo(step: string): void {
    this.error = undefined;
    if (step === "where") this.step = "where";
  }

  #missing(): string | undefined {
    if (this.step === "where" && this.target === undefined) return "Choose where the money should go.";
    if (this.step === "where" && this.target === "own" && !/^0x[0-9a-fA-F]{40}$/.test(this.address.trim()))
      return "Write the whole address: 0x and 40 letters and numbers.";
    if (this.step === "check" && this.links && this.linkAccepted.length === 0)
      return "Tick the box if this is all right for you, or go back and choose the new address.";
    return undefined;
  }
}
