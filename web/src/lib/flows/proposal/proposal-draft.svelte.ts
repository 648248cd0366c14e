import type { ProposedCall } from "@salus/sdk/governance/types";
import type { App } from "#lib/context.ts";
import { toErrorView, WebError, type ErrorView } from "#lib/errors.ts";
import type { CheckView } from "#lib/governance/check.ts";
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

  constructor(app: App) {
    this.#app = app;
  }

  /** What is voted on: the title as the text's first line. */
  get description(): string {
    return `# ${this.title.trim()}\n\n${this.why.trim()}`;
  }

  /** Adds an action's call and tries the whole proposal. @returns whether the action could be read */
  async add(action: Action): Promise<boolean> {
    try {
      const { encodeAction } = await import("./encode-action.ts");
      this.calls = [...this.calls, encodeAction(this.#app.config, action)];
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

async function askForCheck(calls: readonly ProposedCall[]): Promise<CheckView> {
  const body = JSON.stringify({
    calls: calls.map(({ target, data, value }) => ({ target, data, ...(value && { value: String(value) }) })),
  });
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
