import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { GatewayError } from "../errors/gateway-error.ts";
import { LIMIT, type Rate, type RateName, RATES } from "./limits.ts";
import type { Context } from "../context.ts";
import { limitsOf } from "./route-limits.ts";
import type { SharedRates } from "./shared-rates.ts";

/* Rates are counted in each process, and told to the others once a second (shared-rates.ts). What must hold to the last
   request over all of them, the gas that the relayer spends, is counted in the database (src/relay). */

const MINUTE_MS = 60_000;

declare module "fastify" {
  interface FastifyRequest {
    /** who proved to be the signer, or the address that is counted in their place; set by {@link countSigner} */
    proven?: string;
    /** counts a request for its proven signer or for its address; set by {@link installRateLimits} */
    countFor?: (request: FastifyRequest, how: CountFor) => Promise<void>;
  }
}

/** For whom a request is counted; or whether they may ask is only looked at. */
type CountFor = { rate: RateName; by: "signer" | "address"; increment?: boolean };

/** Counts a request, or looks at what is left; says how long to wait where it is one too many. */
type Limiter = (request: FastifyRequest, increment?: boolean) => Promise<{ waitSeconds?: number }>;

/**
 * Counts requests by address, or by signers once they are proven, as the table of rates says. What a route that expects a
 * proof answers without one counts against the address, and too much of that makes the address wait; words that stop
 * something are spared.
 */
export async function installRateLimits(
  app: FastifyInstance,
  { metrics: { rateRefusals }, rates }: Pick<Context, "metrics" | "rates">,
): Promise<void> {
  await app.register(rateLimit, { global: false });
  const open = limiterOf(app, rates);
  const limiters = Object.fromEntries(
    Object.entries(RATES)
      .filter(([, { by }]) => by !== "nobody")
      .map(([name, { aMinute }]) => [
        name,
        {
          address: open(`${name} by address`, aMinute),
          signer: open(`${name} by signer`, aMinute, (request) => request.proven!),
        },
      ]),
  ) as Record<RateName, { address: Limiter; signer: Limiter }>;
  const unproven = open("unproven", LIMIT.unprovenAMinute);

  const countFor = async (request: FastifyRequest, { rate, by, increment = true }: CountFor) => {
    const { waitSeconds } = await limiters[rate][by](request, increment);
    if (waitSeconds === undefined) return;
    rateRefusals.inc({ rate });
    const whom = by === "signer" ? "signed by this key" : "from this address";
    throw tooMany(`More than ${RATES[rate].aMinute} requests a minute ${whom}.`, waitSeconds);
  };

  app.decorateRequest("proven", undefined);
  app.decorateRequest("countFor", undefined);
  app.addHook("onRequest", async (request) => {
    request.countFor = countFor;
    const { name, rate } = rateOf(request);
    if (rate.by === "address") return countFor(request, { rate: name, by: "address" });
    if (rate.by === "nobody" || rate.spared) return;
    const { waitSeconds } = await unproven(request, false);
    if (waitSeconds === undefined) return;
    rateRefusals.inc({ rate: "unproven" });
    throw tooMany("Too many requests from this address proved no signature.", waitSeconds);
  });
  app.addHook("onResponse", async (request, { statusCode }) => {
    const { rate } = rateOf(request);
    if (rate.by !== "signer" || request.proven !== undefined || statusCode === 429 || statusCode >= 500)
      return;
    await unproven(request);
  });
}

/** Takes a request to be of a signer, whose signature and right to ask were checked. @throws GATEWAY_RATE_LIMITED */
export async function countSigner(request: FastifyRequest, signer: string): Promise<void> {
  request.proven = signer.toLowerCase();
  await countProven(request, "signer");
}

/**
 * Looks whether a signer may ask, for requests whose right shows only when they are answered; those are counted by
 * {@link countSigner} then.
 *
 * @throws GATEWAY_RATE_LIMITED
 */
export async function checkSigner(request: FastifyRequest, signer: string): Promise<void> {
  request.proven = signer.toLowerCase();
  await countProven(request, "signer", false).finally(() => delete request.proven);
}

/** Takes a request to be proven by a key that anybody can make: its address is counted instead. @throws GATEWAY_RATE_LIMITED */
export async function countAddress(request: FastifyRequest): Promise<void> {
  request.proven = "address";
  await countProven(request, "address");
}

/**
 * Counts a word of a subject without a record here for its address: anybody can make such subjects, and each word is kept
 * and passed on.
 *
 * @throws GATEWAY_RATE_LIMITED
 */
export async function countStranger(request: FastifyRequest): Promise<void> {
  await request.countFor?.(request, { rate: "strangers", by: "address" });
}

async function countProven(
  request: FastifyRequest,
  by: "signer" | "address",
  increment = true,
): Promise<void> {
  const { name, rate } = rateOf(request);
  if (rate.by === "signer") await request.countFor?.(request, { rate: name, by, increment });
}

/** The rate of a request's route; what has no route is read. */
function rateOf({ method, routeOptions: { url } }: FastifyRequest): { name: RateName; rate: Rate } {
  const name = (url === undefined ? undefined : limitsOf(method, url)?.rate) ?? "reads";
  return { name, rate: RATES[name] };
}

/** Opens limiters of this process that know what the other replicas told. */
function limiterOf(app: FastifyInstance, rates: SharedRates | undefined) {
  return (name: string, most: number, keyGenerator?: (request: FastifyRequest) => string): Limiter => {
    const options = {
      max: (_: FastifyRequest, key: string) => Math.max(0, most - (rates?.elsewhere(name, key) ?? 0)),
      timeWindow: MINUTE_MS,
      cache: LIMIT.rateKeys,
    };
    const limiter = app.createRateLimit(keyGenerator ? { ...options, keyGenerator } : options);
    return async (request, increment = true) => {
      const state = await limiter(request, { increment });
      if (state.isAllowed) return {};
      if (increment) rates?.count(name, state.key, most);
      const exceeded = increment ? state.isExceeded : state.remaining === 0;
      return exceeded ? { waitSeconds: Math.max(1, state.ttlInSeconds) } : {};
    };
  };
}

function tooMany(message: string, retryAfter: number): GatewayError {
  return new GatewayError("GATEWAY_RATE_LIMITED", message, { retryAfter });
}
