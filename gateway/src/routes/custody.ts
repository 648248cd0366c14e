import type { FastifyInstance } from "fastify";
import { signCustody } from "@salus/sdk/assets/sign-custody";
import type { CustodyRequest, CustodyResponse } from "@salus/sdk/gateway/request-custody";
import { fromWire } from "@salus/sdk/gateway/wire";
import { MODES } from "@salus/sdk/generated/constants";
import type { Listing, Version } from "@salus/sdk/types";
import type { Context } from "../context.ts";
import { gatewaySetOf } from "../chain/reads.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { address, errorBody, object, signature, struct } from "../http/schemas.ts";

/** The least that an institution keeps and runs other people's models for: 5 % of each price. */
const LEAST_SHARE_BPS = 500;

const schema = {
  body: object({
    curator: address,
    listing: struct("Listing"),
    terms: struct("Terms"),
    version: struct("Version"),
  }),
  response: { 200: object({ signature }), "4xx": errorBody },
};

/**
 * Custody of models, by the operator's signature. The registry takes a model only as the output of a settled training
 * receipt of this curator, so the operator can promise it to anyone. Datasets are taken into custody by people.
 */
export async function custodyRoutes(app: FastifyInstance, context: Context): Promise<void> {
  app.post<{ Body: CustodyRequest }>(
    "/v1/custody",
    { schema },
    async ({ body }): Promise<CustodyResponse> => {
      const terms = fromWire("Terms", body.terms);
      const listing: Listing = { ...fromWire("Listing", body.listing), terms };
      const version = fromWire("Version", body.version);
      await assertAcceptable(context, listing, version);
      const about = { curator: body.curator, listing, version };
      return { signature: await signCustody(context.deployment, about, context.keys.operator) };
    },
  );
}

async function assertAcceptable(context: Context, listing: Listing, version: Version): Promise<void> {
  const { members } = await gatewaySetOf(context.chain, listing.gatewaySet);
  const rules: [holds: boolean, otherwise: string][] = [
    [listing.custodian === context.index, `the listing names gateway ${listing.custodian} as custodian`],
    [members.includes(context.index), `this gateway does not belong to gateway set ${listing.gatewaySet}`],
    [version.gatewaySet === listing.gatewaySet, "listing and version name different gateway sets"],
    [listing.modes === MODES.MODEL_USE, "only models are taken into custody without a person's decision"],
    [
      listing.custodianBps >= LEAST_SHARE_BPS,
      `the custodian's share is ${listing.custodianBps} basis points, below ${LEAST_SHARE_BPS}`,
    ],
  ];
  const broken = rules.find(([holds]) => !holds);
  if (broken) throw new GatewayError("GATEWAY_CUSTODY_REFUSED", `Custody was refused: ${broken[1]}.`);
}
