import { load as read } from "#lib/data/loaded.ts";
import { parseProposalId, readProposal, type ProposalDetail } from "#lib/data/proposal.ts";
import { WebError } from "#lib/errors.ts";
import { isOver } from "#lib/governance/words.ts";
import { createGraphClient } from "#lib/graph/client.ts";
import { serverReader } from "#lib/server/governance/chain.ts";
import { checkCalls } from "#lib/server/governance/check-calls.ts";
import { describeCall } from "#lib/server/governance/describe-call.ts";
import { bodyOf, renderMarkdown } from "#lib/server/governance/markdown.ts";
import { isProposed, readStandings } from "#lib/server/governance/standings.ts";
import type { PageServerLoad } from "./$types";

/**
 * A proposal with its text made safe, its calls decoded, and what they would do if they were carried out now. Its state
 * is the chain's own.
 */
export const load: PageServerLoad = async ({ fetch, params, parent, depends }) => {
  depends("salus:proposal");
  const { config } = await parent();
  const id = parseProposalId(params.id);
  if (!id) throw new WebError("WEB_NOT_FOUND");
  const found = await read(() => readProposal(createGraphClient(fetch, true), id, Date.now() / 1000));
  if (!found.ok) return { id, proposal: found };
  const reader = await read(async () => serverReader(config));
  if (!reader.ok) return { id, proposal: reader };
  if (found.data === null) {
    const proposed = await read(() => isProposed(reader.data, id));
    if (proposed.ok && !proposed.data) throw new WebError("WEB_NOT_FOUND");
    return { id, proposal: proposed.ok ? { ok: true as const, data: null } : proposed };
  }
  return { id, proposal: await view(found.data) };

  async function view(detail: ProposalDetail) {
    if (!reader.ok) return reader;
    const standing = await read(() => readStandings(reader.data, [detail]));
    if (!standing.ok) return standing;
    const proposal = { ...detail, ...standing.data[0]! };
    return {
      ok: true as const,
      data: {
        ...proposal,
        html: renderMarkdown(bodyOf(detail.description)),
        callViews: detail.calls.map((call) => describeCall(reader.data.deployment, call, config)),
        check: isOver(proposal.state)
          ? null
          : await read(() => checkCalls(reader.data, detail.calls, config)),
      },
    };
  }
};
