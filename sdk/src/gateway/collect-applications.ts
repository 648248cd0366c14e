import { isSalusError } from "../errors.ts";
import { getApplications } from "./applications.ts";
import { GatewayRequestError } from "./http.ts";
import type { GatewayTarget, RequestSigner } from "./requests.ts";
import type { ApplicationDecision, ApplicationView } from "./types.ts";

/** Pages read of one gateway: what comes after a thousand applications is asked for by itself. */
const MOST_PAGES = 20;

/** What several gateways told together, and which of them told nothing that can be believed. */
export type CollectedApplications = {
  /** latest first */
  applications: ApplicationView[];
  /** numbers of gateways that did not answer, or told what nobody signed; with the code of the fault */
  silent: { gateway: number; code: string }[];
};

/**
 * The applications that the signer may see, from all gateways together: one that hides an application or a decision hides
 * nothing as long as another tells it. Whether words are signed is the caller's to check: see `judgeApplication`.
 * @throws what the first gateway answered, when none of them told anything
 */
export async function collectApplications(
  gateways: readonly GatewayTarget[],
  { signer }: { signer: RequestSigner },
): Promise<CollectedApplications> {
  const told = await Promise.allSettled(gateways.map((gateway) => readAll(gateway, signer)));
  const refused = told.find((answer) => answer.status === "rejected");
  if (refused && told.every(({ status }) => status === "rejected")) throw refused.reason;
  const byId = new Map<string, ApplicationView>();
  for (const answer of told) {
    if (answer.status === "fulfilled") for (const view of answer.value) byId.set(view.id, join(byId, view));
  }
  const applications = [...byId.values()].sort((a, b) => b.application.issuedAt - a.application.issuedAt);
  const silent = told.flatMap((answer, i) =>
    answer.status === "rejected" ? [{ gateway: gateways[i]!.index, code: codeOf(answer.reason) }] : [],
  );
  return { applications, silent };
}

async function readAll(gateway: GatewayTarget, signer: RequestSigner): Promise<ApplicationView[]> {
  const all: ApplicationView[] = [];
  let before: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { applications, next } = await getApplications(gateway, {
      signer,
      ...(before !== undefined && { before }),
    });
    all.push(...applications);
    if (next === undefined) break;
    before = next;
  }
  return all;
}

/** One application as two gateways tell it: every word that either has, earliest first. */
function join(byId: ReadonlyMap<string, ApplicationView>, view: ApplicationView): ApplicationView {
  const known = byId.get(view.id);
  if (!known) return view;
  const words = new Map<string, ApplicationDecision>();
  for (const word of [...known.decisions, ...view.decisions]) {
    const signature = signatureOf(word);
    const earlier = words.get(signature);
    if (!earlier || word.decidedAt < earlier.decidedAt) words.set(signature, word);
  }
  const decisions = [...words.values()].sort((a, b) => a.decidedAt - b.decidedAt);
  return { ...known, receivedAt: Math.min(known.receivedAt, view.receivedAt), decisions };
}

function signatureOf(word: ApplicationDecision): string {
  return "approval" in word ? word.approval.signature : word.refusal.signature;
}

function codeOf(error: unknown): string {
  return error instanceof GatewayRequestError || isSalusError(error) ? error.code : "SDK_GATEWAY_UNREACHABLE";
}
