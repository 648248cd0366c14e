import { EventEmitter } from "node:events";
import * as fc from "fast-check";
import { HttpRequestError } from "viem";
import { describe, expect, it } from "vitest";
import { GatewayError } from "../errors/gateway-error.ts";
import { logCrashes } from "./crash.ts";
import { createLogger } from "./logger.ts";
import { redactor } from "./redact.ts";

const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

const ENVIRONMENT = {
  name: "st-anna",
  databaseUrl: "postgresql://gateway:p%40ss-w0rd-planted@db.example/gateway?sslpassword=planted-too",
  rpcUrls: ["https://rpc.example/v2/planted-api-key-0123456789"],
  s3: { url: "https://s3.example/b", region: "eu", accessKey: "AKIA", secretKey: "planted/s3+secret==" },
};

/** All that one level of a logger writes, with what is done to it. */
function written(logLevel: string, use: (logger: ReturnType<typeof createLogger>) => void): string {
  let text = "";
  use(createLogger({ ...ENVIRONMENT, logLevel }, { write: (line) => void (text += line) }));
  return text;
}

/** Whatever may reach an error of somebody else: each carries a planted text. */
const PLANTED = {
  record: "Doe^Planted^Jane",
  signature: `0x${"5a".repeat(65)}`,
  share: Buffer.alloc(120, "planted share").toString("base64"),
  authorization: `Salus ${Buffer.from("planted authorization").toString("base64url")}`,
  token: "planted-token-of-a-query",
};

function foreignErrors(): Error[] {
  const syntax = (() => {
    try {
      return JSON.parse(`${PLANTED.record} {`) as Error;
    } catch (error) {
      return error as Error;
    }
  })();
  const database = Object.assign(new Error(`invalid input syntax: "${PLANTED.record}"`), {
    code: "22P02",
    detail: `Key (subject)=(${PLANTED.record})`,
    where: PLANTED.share,
  });
  const http = new HttpRequestError({
    url: ENVIRONMENT.rpcUrls[0]!,
    body: { params: [PLANTED.signature, PLANTED.record] },
  });
  const fetched = Object.assign(
    new TypeError(`bad ${PLANTED.record}\n    at ${PLANTED.record} (/x.ts:1:1)`),
    {
      options: { headers: { authorization: PLANTED.authorization } },
    },
  );
  const nested = new GatewayError("GATEWAY_INTERNAL", "The gateway failed.", { cause: database });
  return [syntax, database, http, fetched, nested, new AggregateError([http, database], PLANTED.record)];
}

const SECRETS = [
  ...Object.values(PLANTED),
  "p@ss-w0rd-planted",
  "p%40ss-w0rd-planted",
  "planted-too",
  "planted-api-key-0123456789",
  "planted/s3+secret==",
];

describe("the log", () => {
  it.each(LEVELS)("at %s shows nothing of what errors, addresses and headers carry", (level) => {
    const text = written(level, (logger) => {
      for (const at of LEVELS) {
        for (const err of foreignErrors()) {
          logger[at]({ err }, "it failed");
          logger[at]({ error: err, order: `0x${"0a".repeat(32)}` }, "it failed");
        }
        logger[at](`could not reach ${ENVIRONMENT.rpcUrls[0]} nor ${ENVIRONMENT.databaseUrl}`);
        logger[at]({ url: `/v1/orders?token=${PLANTED.token}` }, `GET http://a.example/x?t=${PLANTED.token}`);
        logger[at]({ headers: { authorization: PLANTED.authorization } }, PLANTED.authorization);
        logger[at](`sealed ${PLANTED.share} signed ${PLANTED.signature} by ${ENVIRONMENT.s3.secretKey}`);
      }
    });
    for (const secret of SECRETS) expect(text).not.toContain(secret);
    const lines = text.trim().split("\n");
    expect(lines).toHaveLength((LEVELS.length - LEVELS.indexOf(level)) * 16);
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ name: "st-anna" });
  });

  it("keeps what an operator needs: kind, code, place, order, and our own words", () => {
    const text = written("info", (logger) => {
      for (const err of foreignErrors()) logger.error({ err, order: `0x${"0a".repeat(32)}` }, "it failed");
    });
    const [syntax, database, , , nested] = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { err: Record<string, unknown>; order: string });
    expect(syntax!.err).toMatchObject({
      type: "SyntaxError",
      at: expect.arrayContaining([expect.stringContaining("logging.test.ts")]) as unknown,
    });
    expect(database!.err).toMatchObject({ code: "22P02" });
    expect(database!.order).toBe(`0x${"0a".repeat(32)}`);
    expect(nested!.err).toMatchObject({
      code: "GATEWAY_INTERNAL",
      message: "The gateway failed.",
      cause: { code: "22P02" },
    });
  });

  it("stays JSON whatever stands in it", () => {
    const property = fc.property(fc.string({ unit: "binary" }), fc.jsonValue(), (message, value) => {
      const text = written("info", (logger) => logger.info({ value }, message));
      expect(() => JSON.parse(text)).not.toThrow();
    });
    fc.assert(property, { numRuns: 200 });
  });

  it("of a crash is one line like any other, and the process ends with 1", () => {
    for (const event of ["uncaughtException", "unhandledRejection"]) {
      for (const error of [...foreignErrors(), PLANTED.record, undefined]) {
        const process = Object.assign(new EventEmitter(), { exits: [] as number[] });
        const text = written("fatal", (logger) => {
          logCrashes({ on: process.on.bind(process), exit: (code) => void process.exits.push(code) }, logger);
          process.emit(event, error);
        });
        expect(process.exits).toEqual([1]);
        expect(JSON.parse(text)).toMatchObject({ msg: "crashed", level: 60 });
        for (const secret of SECRETS) expect(text).not.toContain(secret);
      }
    }
  });
});

describe("the last look at a line", () => {
  const redact = redactor(['a secret "with" quotes', "short"]);
  it.each([
    ["postgres://user:password@host/db", "postgres://[redacted]@host/db"],
    ["https://host/path?key=1&b=2 and more", "https://host/path?[redacted] and more"],
    ['{"url":"/v1/x?token=1"}', '{"url":"/v1/x?[redacted]"}'],
    [`0x${"ab".repeat(32)}`, `0x${"ab".repeat(32)}`],
    [`0x${"ab".repeat(33)}`, "[redacted]"],
    ['{"a":"a secret \\"with\\" quotes"}', '{"a":"[redacted]"}'],
    ["nothing? no: a question", "nothing? no: a question"],
    [
      "cid bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy",
      "cid bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy",
    ],
  ])("%s", (line, expected) => expect(redact(line)).toBe(expected));
});
