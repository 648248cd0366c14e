import { countriesOf } from "@salus/sdk/data-use/countries";
import { decide, type UseTerms, type Verdict } from "./decide.ts";
import { ACTIVITIES, askedOf, bitsOf, QUALITIES, type Declared } from "./uses.ts";
import { countryName } from "./words.ts";

/** What a select offers when the country is not one that the dataset allows. */
const ELSEWHERE = "elsewhere";

/** A purpose as somebody declares it on a form, and what a dataset's terms say to it. */
export class Purpose {
  activity = $state<string>();
  qualities = $state<string[]>([]);
  /** What the dataset's terms ask to be declared beside the purpose. */
  promises = $state<string[]>([]);
  /** ISO 3166-1 numeric code of the country of use, or `elsewhere`; asked for where the terms name countries. */
  place = $state("");
  readonly terms: UseTerms;

  constructor(terms: UseTerms) {
    this.terms = terms;
  }

  /** Declared uses as bits. */
  get uses(): bigint {
    const done = bitsOf(ACTIVITIES, this.activity ? [this.activity] : []);
    return done | bitsOf(QUALITIES, this.qualities) | bitsOf(this.asked, this.promises);
  }

  get asked(): Declared[] {
    return askedOf(this.terms.duo);
  }

  /** ISO 3166-1 numeric; 0, which the standard does not have, for none stated. */
  get country(): number {
    return this.place === ELSEWHERE ? 0 : Number(this.place);
  }

  get asksCountry(): boolean {
    return this.terms.countries !== 0n;
  }

  /** What can be chosen as country; empty where the terms do not ask. */
  get places(): { value: string; label: string }[] {
    if (!this.asksCountry) return [];
    const allowed = countriesOf(this.terms.countries).map((code) => ({
      value: String(code),
      label: countryName(code),
    }));
    const named = allowed.sort((a, b) => a.label.localeCompare(b.label, "en"));
    return [
      { value: "", label: "Choose a country" },
      ...named,
      { value: ELSEWHERE, label: "Another country" },
    ];
  }

  /** What is not answered yet, in a sentence. */
  get unanswered(): string | undefined {
    if (!this.activity) return "Choose what you will do.";
    return this.asksCountry && this.place === "" ? "Choose the country in which you work." : undefined;
  }

  /** What the terms say; null while it is not complete. */
  get verdict(): Verdict | null {
    if (this.unanswered) return null;
    return decide(this.terms, this.uses, { country: this.country });
  }
}
