import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { sql } from "kysely";
import { privateKeyToAccount } from "viem/accounts";
import type { Hex } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assetId } from "@salus/sdk/assets/asset-id";
import { cidFromDigest, cidOf } from "@salus/sdk/cid";
import { signUploadToken } from "@salus/sdk/gateway/sign-upload-token";
import { testContext, testKey } from "../../../test/support/gateway-context.ts";
import { startPostgres, type TestPostgres } from "../../../test/support/postgres.ts";
import type { Context } from "../context.ts";
import { connectDatabase, type Db } from "../database/connect.ts";
import { buildApp } from "../http/app.ts";
import { openBlobStore } from "../storage/blobs.ts";

const curator = privateKeyToAccount(testKey(40));
const operator = privateKeyToAccount(testKey(11));
const SALT: Hex = `0x${"11".repeat(32)}`;
const ASSET = assetId(curator.address, SALT);
const bytes = (text: string) => new TextEncoder().encode(text);

describe("blobs over HTTP", () => {
  let postgres: TestPostgres;
  let db: Db;
  let app: FastifyInstance;
  let context: Context;
  const folder = mkdtempSync(join(tmpdir(), "salus-blob-routes-"));

  beforeAll(async () => {
    postgres = await startPostgres(21_620);
    db = await connectDatabase(await postgres.create("blobs"));
    const custodian = { index: 1, active: true, operator: operator.address };
    context = testContext(1, db, {
      blobs: await openBlobStore(folder),
      directory: { all: async () => new Map([[1, custodian]]) } as unknown as Context["directory"],
    });
    app = await buildApp(context);
  });
  afterAll(async () => {
    await app?.close();
    await db?.destroy();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const token = (change: Partial<Parameters<typeof signUploadToken>[0]> = {}) =>
    signUploadToken({
      signer: operator,
      chainId: context.deployment.chainId,
      gatewayRegistry: context.deployment.contracts.GatewayRegistry,
      asset: ASSET,
      curator: curator.address,
      salt: SALT,
      custodian: 1,
      ...change,
    });

  async function put(content: Uint8Array, upload: string | undefined, cid = cidOf(content)) {
    const answer = await app.inject({
      method: "PUT",
      url: `/v1/blobs/${cid}`,
      payload: Buffer.from(content),
      headers: {
        "content-type": "application/octet-stream",
        ...(upload ? { "x-salus-upload": upload } : {}),
      },
    });
    return { status: answer.statusCode, code: answer.json<{ code?: string }>().code };
  }
  const get = (path: string, headers: Record<string, string> = {}, method: "GET" | "HEAD" = "GET") =>
    app.inject({ method, url: path, headers });

  it("are stored by who may, under the content id of their bytes", async () => {
    const content = bytes("ciphertext");
    expect(await put(content, await token())).toEqual({ status: 201, code: undefined });
    const found = await get(`/v1/blobs/${cidOf(content)}`);
    expect([found.statusCode, found.body]).toEqual([200, "ciphertext"]);
    expect((await put(content, await token(), cidOf(bytes("other")))).code).toBe("GATEWAY_DIGEST_MISMATCH");
    expect((await get(`/v1/blobs/${cidOf(bytes("other"))}`)).json()).toMatchObject({
      code: "GATEWAY_BLOB_UNKNOWN",
    });
    expect((await get("/v1/blobs/nonsense-that-is-long-enough-to-be-an-id-000")).statusCode).toBe(400);
  });

  it("are refused without a token, with one that ran out, lasts too long, names another asset or is a stranger's", async () => {
    const content = bytes("more");
    const stranger = privateKeyToAccount(testKey(41));
    const tokens = [
      undefined,
      "nonsense",
      await token({ lifetime: -1 }),
      await token({ lifetime: 25 * 3600 }),
      await token({ asset: ASSET + 1n }),
      (await token()).replace(/.{8}$/, "AAAAAAAA"),
    ];
    for (const each of tokens) expect((await put(content, each)).code).toBe("GATEWAY_UPLOAD_FORBIDDEN");
    expect((await get(`/v1/blobs/${cidOf(content)}`)).statusCode).toBe(404);
    // The curator of an asset that is not listed yet is who made its id; the chain is asked whether it is.
    context.chain = {
      reader: {
        ...context.chain.reader,
        publicClient: { readContract: async () => ({ status: 0 }), getCode: async () => "0x" },
      },
    } as unknown as Context["chain"];
    expect((await put(content, await token({ signer: stranger }))).code).toBe("GATEWAY_UPLOAD_FORBIDDEN");
    expect((await put(content, await token({ signer: curator }))).status).toBe(201);
  });

  it("count as a block of the disk each, however small: what fits no more by number is refused", async () => {
    const another = `0x${"12".repeat(32)}` as Hex;
    const asset = assetId(curator.address, another);
    const upload = await token({ signer: curator, asset, salt: another });
    expect((await put(bytes("tiny"), upload)).status).toBe(201);
    const fits = (256 * 1024 ** 2) / 4096;
    await sql`insert into blobs (digest, asset, trusted, size, stored_at)
      select '0x' || n, ${asset.toString()}, false, 1, 0 from generate_series(1, ${fits - 1}::integer) as n`.execute(
      db,
    );
    expect(await put(bytes("tinier"), upload)).toEqual({ status: 413, code: "GATEWAY_UPLOAD_QUOTA" });
    const opened = await app.inject({
      method: "POST",
      url: "/v1/uploads",
      payload: { size: 1 },
      headers: { "x-salus-upload": upload },
    });
    expect(opened.json()).toMatchObject({ code: "GATEWAY_UPLOAD_QUOTA" });
  });

  it("that are a model's file are handed out to nobody, by no path and in no part", async () => {
    const model = bytes("the weights of a model");
    expect((await put(model, await token())).status).toBe(201);
    const digest = await context.blobs.put(model);
    const cid = cidFromDigest(digest);
    expect((await get(`/v1/blobs/${cid}`)).statusCode).toBe(200);
    await db.insertInto("models").values({ asset: ASSET.toString(), digest, stored_at: 1 }).execute();
    const refused = await get(`/v1/blobs/${cid}`);
    expect(refused.statusCode).toBe(404);
    expect(refused.json()).toEqual({
      code: "GATEWAY_BLOB_UNKNOWN",
      message: "A model's file is not handed out.",
      hint: "Order a use of the model instead.",
    });
    for (const answer of [
      await get(`/v1/blobs/${cid}`, { range: "bytes=0-3" }),
      await get(`/v1/blobs/${cid}`, {}, "HEAD"),
      await get(`/ipfs/${cid}?format=raw`),
      await get(`/ipfs/${cid}`, { range: "bytes=0-3" }),
    ]) {
      expect(answer.statusCode).toBe(404);
      expect(answer.body).not.toContain("weights");
    }
  });
});
