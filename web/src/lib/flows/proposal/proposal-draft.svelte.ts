import * as v from "valibot";
import type { ProposedCall } from "@salus/sdk/governance/types";
import type { App } from "#lib/context.ts";
import { toErrorView, WebError, type ErrorView } from "#lib/errors.ts";
import type { CheckView } from "#lib/governance/check.ts";
import type { TextStore } from "#lib/transactions/store.ts";
import type { Action } from "./proposal-steps.ts";

/** Longest title: the index cuts longer ones. */
export const MAX_TITLE = 200;

/** A proposal while it is written: its calls, its text, and what a trial of exactly these calls showed. */
export class ProposalDraft {
  calls = $state.raw<readonly ProposedCall[]>([]);
  check = $state.raw<CheckView>();
  error = $state.raw<ErrorView>();
  checking = $state(false);
  title = $state("");
  why = $state("");
  readonly #app: App;
  readonly #key: string;

  constructor(app: App) {
    this.#app = app;
    this.#key = `salus-draft:${app.config.chainId}:${app.config.contracts["SalusGovernor"] ?? "none"}`;
  }

  /** Takes up what was written here before, in this browser. */
  async resume(store: TextStore): Promise<void> {
    const kept = parseDraft(store.getItem(this.#key));
    if (!kept) return;
    [this.calls, this.title, this.why] = [kept.calls, kept.title, kept.why];
    await this.tryOut();
  }

  /** Keeps what is written, until it was proposed. */
  keep(store: TextStore): void {
    const { calls, title, why } = this;
    if (calls.length === 0 && title === "" && why === "") store.removeItem(this.#key);
    else store.setItem(this.#key, JSON.stringify({ calls: calls.map(toWire), title, why }));
  }

  /** Begins anew. */
  clear(): void {
    [this.calls, this.title, this.why] = [[], "", ""];
    [this.check, this.error] = [undefined, undefined];
  }

  /** What is voted on: the title as the text's first line. */
  get description(): string {
    return `# ${this.title.trim()}\n\n${this.why.trim()}`;
  }

  /** Adds an action's calls and tries the whole proposal. @returns whether the action could be read */
  async add(action: Action): Promise<boolean> {
    try {
      const { encodeAction } = await import("./encode-action.ts");
      this.calls = [...this.calls, ...(await encodeAction(this.#app, action))];
    } catch (thrown) {
      this.error = toErrorView(thrown);
      return false;
    }
    await this.tryOut();
    return true;
  }

  /** Takes a call out again. */
  async remove(index: number): Promise<void> {
    this.calls = this.calls.filter((_, place) => place !== index);
    await this.tryOut();
  }

  /** Has the calls decoded and run on a copy of the chain's state; nothing is sent or signed. */
  async tryOut(): Promise<void> {
    const calls = this.calls;
    this.error = undefined;
    if (calls.length === 0) return void (this.check = undefined);
    this.checking = true;
    try {
      const check = await askForCheck(calls);
      if (calls === this.calls) this.check = check;
    } catch (thrown) {
      if (calls === this.calls) [this.check, this.error] = [undefined, toErrorView(thrown)];
    } finally {
      this.checking = false;
    }
  }
}

function toWire({ target, data, value }: ProposedCall): { target: string; data: string; value?: string } {
  return { target, data, ...(value && { value: String(value) }) };
}

const Hex = v.custom<`0x${string}`>((text) => typeof text === "string" && /^0x[0-9a-f]*$/i.test(text));
const Kept = v.object({
  calls: v.array(
    v.object({
      target: Hex,
      data: Hex,
      value: v.optional(v.pipe(v.string(), v.regex(/^\d+$/))),
    }),
  ),
  title: v.string(),
  why: v.string(),
});

/** A kept draft; undefined for text that is not ours. */
function parseDraft(text: string | null): { calls: ProposedCall[]; title: string; why: string } | undefined {
  if (text === null) return undefined;
  try {
    const { calls, title, why } = v.parse(Kept, JSON.parse(text));
    const typed = calls.map(({ value, ...call }) =>
      value === undefined ? call : { ...call, value: BigInt(value) },
    );
    return { calls: typed, title, why };
  } catch {
    return undefined; // another program's, or an older shape
  }
}

async function askForCheck(calls: readonly ProposedCall[]): Promise<CheckView> {
  const body = JSON.stringify({ calls: calls.map(toWire) });
  const answer = await fetch("/api/proposals/check", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  }).catch((cause: unknown) => {
    throw new WebError("WEB_OFFLINE", { cause });
  });
  const view: unknown = await answer.json();
  if (!answer.ok) throw view;
  return view as CheckView;
}
