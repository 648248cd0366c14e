import { NUMERIC_COLUMN_NAMES, type NumericColumnName } from "@salus/compute/tables/columns";
import type { DatasetDetail } from "#lib/data/types.ts";
import type { ApplicationItem } from "#lib/applications/read.ts";
import { shownBy } from "#lib/applications/state.ts";
import { attestationsAsked, decide } from "#lib/terms/decide.ts";
import { Purpose } from "#lib/terms/purpose.svelte.ts";
import { USUAL_RANGE } from "#lib/terms/ranges.ts";
import type { AnalysisChoice } from "./analysis.ts";
import { ORDER_STEPS, type OrderStep } from "./order-flow-steps.ts";

/** The state of one order being put together. */
export class OrderFlow {
  step = $state<OrderStep>("purpose");
  readonly purpose: Purpose;
  /** The approved application that the order rests on, where the terms ask for an approval. */
  approved = $state.raw<ApplicationItem>();
  project = $state("");
  analysis = $state<AnalysisChoice["kind"]>();
  /** Condition that people must have to be counted; empty for everyone. */
  only = $state("");
  column = $state("");
  outcome = $state("");
  features = $state<string[]>([]);
  from = $state("");
  to = $state("");
  bins = $state("10");
  agreed = $state<string[]>([]);
  error = $state<string>();
  readonly dataset: DatasetDetail;

  constructor(dataset: DatasetDetail) {
    this.dataset = dataset;
    this.purpose = new Purpose(dataset);
  }

  /** The terms ask for an approval: purpose, project and country are then those that were approved. */
  get asksApproval(): boolean {
    return attestationsAsked(this.dataset) !== 0n;
  }

  /** Declared uses as bits. */
  get uses(): bigint {
    return this.approved?.uses ?? this.purpose.uses;
  }

  get country(): number {
    return this.approved?.country ?? this.purpose.country;
  }

  /** The analysis with its parameters; null while something is missing or out of range. */
  get choice(): AnalysisChoice | null {
    if (this.analysis === "download") return { kind: "download" };
    if (this.analysis === "count") return { kind: "count", only: this.only };
    if (this.analysis === "histogram") return this.#histogram();
    if (this.analysis === "logistic" && this.outcome && this.features.length > 0) {
      return { kind: "logistic", outcome: this.outcome, features: this.features.filter(isNumericColumn) };
    }
    return null;
  }

  /** Chooses a column and proposes the range in which its values mostly lie. */
  chooseColumn(name: string): void {
    this.column = name;
    if (!isNumericColumn(name)) return;
    const [from, to] = USUAL_RANGE[name];
    this.from = String(from);
    this.to = String(to);
  }

  /** Goes on when this screen is answered; says what is missing otherwise. */
  next(): void {
    this.error = this.#missing();
    const following = ORDER_STEPS[this.#index + 1];
    if (!this.error && following) this.step = following.id;
  }

  goTo(step: string): void {
    const found = ORDER_STEPS.find((one) => one.id === step);
    this.error = undefined;
    if (found) this.step = found.id;
  }

  back(): void {
    const before = ORDER_STEPS[this.#index - 1];
    if (before) this.goTo(before.id);
  }

  get first(): boolean {
    return this.#index === 0;
  }

  get #index(): number {
    return ORDER_STEPS.findIndex((one) => one.id === this.step);
  }

  #histogram(): AnalysisChoice | null {
    const [from, to, bins] = [this.from, this.to, this.bins].map((text) =>
      text.trim() === "" ? NaN : Number(text),
    );
    if (from === undefined || to === undefined || bins === undefined) return null;
    const inRange = from < to && Number.isInteger(bins) && bins >= 2 && bins <= 50;
    const { column, only } = this;
    return isNumericColumn(column) && inRange ? { kind: "histogram", column, from, to, bins, only } : null;
  }

  #missing(): string | undefined {
    if (this.step === "purpose") return this.#purposeProblem();
    if (this.step === "analysis" && !this.choice) {
      return "Choose an analysis and fill in every field. The lowest value is below the highest; 2 to 50 bars.";
    }
    if (this.step === "terms" && this.agreed.length === 0) return "Agree to the terms to go on.";
    return undefined;
  }

  #purposeProblem(): string | undefined {
    if (this.asksApproval && !this.approved) return "Choose the approved project that this order is for.";
    const unanswered = this.approved ? undefined : this.purpose.unanswered;
    if (unanswered) return unanswered;
    const shown = this.approved ? shownBy(this.approved.view.judged) : 0n;
    const verdict = decide(this.dataset, this.uses, { country: this.country, shown });
    return verdict.permitted
      ? undefined
      : `You may not use it for this purpose, because ${verdict.because} ${verdict.remedy}`;
  }
}

/** A name of the catalogue that jobs may use; a descriptor may list other columns. */
function isNumericColumn(name: string): name is NumericColumnName {
  return (NUMERIC_COLUMN_NAMES as readonly string[]).includes(name);
}
