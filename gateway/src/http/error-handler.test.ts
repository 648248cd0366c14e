import Fastify from "fastify";
import { createPublicClient, custom, HttpRequestError } from "viem";
import { describe, expect, it } from "vitest";
import { SalusError } from "@salus/sdk/errors";
import { consentRegistryAbi } from "@salus/sdk/generated/abis";
import { GatewayError } from "../errors/gateway-error.ts";
import { installErrorHandler } from "./error-handler.ts";

const PLANTED = "Doe^Planted^Jane";

/** What a route that fails with an error answers. */
async function answerTo(error: unknown) {
  const app = Fastify();
  installErrorHandler(app);
  app.get("/fails", () => Promise.reject(error as Error));
  const answer = await app.inject({ method: "GET", url: `/fails?name=${PLANTED}` });
  await app.close();
  const body = answer.json() as { code: string; message: string; hint: string };
  return { status: answer.statusCode, headers: answer.headers, body };
}

/** What viem makes of an address with a wrong checksum, met where the chain is asked. */
async function wrongChecksum(): Promise<unknown> {
  const client = createPublicClient({ transport: custom({ request: () => Promise.resolve("0x") }) });
  const subject = "0x5efAdEfA95cDA333cB5EEcC1d2AD1ceD2EAA9cbB";
  const registry = "0x5fbdb2315678afecb367f032d93f642f64180aa3";
  const call = {
    address: registry,
    abi: consentRegistryAbi,
    functionName: "slotsOf",
    args: [7n, [subject]],
  } as const;
  return client.readContract(call).catch((error: unknown) => error);
}

describe("the error handler", () => {
  it("says what was asked wrongly, where only the SDK or the chain could tell", async () => {
    const unknown = (code: string) => new SalusError({ code, message: "So it is.", hint: "Do so." });
    expect(await answerTo(unknown("SDK_INVALID_INPUT"))).toMatchObject({
      status: 400,
      body: { code: "GATEWAY_INVALID_REQUEST", message: "So it is." },
    });
    expect(await answerTo(unknown("SDK_ORDER_UNKNOWN"))).toMatchObject({
      status: 404,
      body: { code: "GATEWAY_ORDER_UNKNOWN" },
    });
  });

  it("takes an address with a wrong checksum for a mistake of who asks, not for a chain that is away", async () => {
    const error = await wrongChecksum();
    const wrapped = new GatewayError("GATEWAY_CHAIN_UNAVAILABLE", "The chain could not be read.", {
      cause: error,
    });
    for (const each of [error, wrapped]) {
      expect(await answerTo(each)).toMatchObject({ status: 400, body: { code: "GATEWAY_INVALID_REQUEST" } });
    }
    const away = new HttpRequestError({ url: "http://127.0.0.1" });
    expect(await answerTo(away)).toMatchObject({ status: 503, body: { code: "GATEWAY_CHAIN_UNAVAILABLE" } });
  });

  it("shows nothing of what nobody expected", async () => {
    for (const error of [new Error(PLANTED), new TypeError(PLANTED, { cause: new Error(PLANTED) })]) {
      const { status, body } = await answerTo(error);
      expect(status).toBe(500);
      expect(Object.keys(body).toSorted()).toEqual(["code", "hint", "message"]);
      expect(JSON.stringify(body)).not.toContain(PLANTED);
    }
  });

  it("tells how long to wait", async () => {
    const { status, headers } = await answerTo(
      new GatewayError("GATEWAY_RATE_LIMITED", "Slower.", { retryAfter: 7 }),
    );
    expect({ status, after: headers["retry-after"] }).toEqual({ status: 429, after: "7" });
  });
});
