import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { sql } from "kysely";
import { privateKeyToAccount } from "viem/accounts";
import { type Hex, toHex } from "viem";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { assetId } from "@salus/sdk/assets/asset-id";
import { cidFromDigest, cidOf } from "@salus/sdk/cid";
import { signUploadToken } from "@salus/sdk/gateway/sign-upload-token";
import { testContext, testKey } from "../../../test/support/gateway-context.ts";
import { startPostgres, type TestPostgres } from "../../../test/support/postgres.ts";
import { viewThrough } from "../chain/view.ts";
import type { Context } from "../context.ts";
import { connectDatabase, type Db } from "../database/connect.ts";
import { buildApp } from "../http/app.ts";
import { networkOf } from "../http/network-of.ts";
import { openBlobStore } from "../storage/blobs.ts";
import { vouchForListed } from "../storage/quota.ts";

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

  async function put(
    content: Uint8Array,
    upload: string | undefined,
    cid = cidOf(content),
    remoteAddress = "127.0.0.1",
  ) {
    const answer = await app.inject({
      remoteAddress,
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

  describe("for assets that nobody vouches for", () => {
    /** Who is on chain, by asset; of the others the curator is who made their id. */
    const listed = new Set<bigint>();
    const from = {
      one: "192.0.2.1",
      other: "198.51.100.7",
      sixth: "2001:db8:5::1",
      sibling: "2001:db8:5::ffff:2",
    };
    let salts = 0;

    beforeAll(() => {
      const readContract = async ({
        functionName,
        args: [asset],
      }: {
        functionName: string;
        args: [bigint];
      }) => {
        if (functionName === "ownerOf") return curator.address;
        return { status: listed.has(asset) ? 1 : 0, custodian: listed.has(asset) ? 1 : 0, modes: 0 };
      };
      const publicClient = { readContract, getCode: async () => "0x" };
      const reader = { ...context.chain.reader, publicClient } as never;
      context.chain = viewThrough([reader]);
    });
    beforeEach(async () => {
      await db.deleteFrom("blobs").execute();
    });

    async function newAsset() {
      const salt = toHex((salts += 1), { size: 32 });
      const asset = assetId(curator.address, salt);
      return { asset, upload: await token({ signer: curator, asset, salt }) };
    }
    /** Files of an asset, from somewhere, that take so many MiB together. */
    async function fill(asset: bigint, address: string | null, mib: number): Promise<void> {
      const stranger = address && context.keys.derive("stranger", networkOf(address));
      await sql`insert into blobs (digest, asset, trusted, stranger, size, stored_at)
        select gen_random_uuid()::text, ${asset.toString()}, false, ${stranger}, 1048576, 0
        from generate_series(1, ${mib}::integer)`.execute(db);
    }
    const full = { status: 413, code: "GATEWAY_UPLOAD_QUOTA" };
    const fits = { status: 201, code: undefined };
    let contents = 0;
    const putFrom = (address: string, upload: string) =>
      put(bytes(`file ${(contents += 1)}`), upload, undefined, address);

    it("count as a block of the disk each, however small: what fits no more by number is refused", async () => {
      const { asset, upload } = await newAsset();
      expect(await putFrom(from.one, upload)).toEqual(fits);
      const most = (256 * 1024 ** 2) / 4096;
      await sql`insert into blobs (digest, asset, trusted, size, stored_at)
        select '0x' || n, ${asset.toString()}, false, 1, 0 from generate_series(1, ${most - 1}::integer) as n`.execute(
        db,
      );
      expect(await putFrom(from.one, upload)).toEqual(full);
      const opened = await app.inject({
        method: "POST",
        url: "/v1/uploads",
        payload: { size: 1 },
        headers: { "x-salus-upload": upload },
      });
      expect(opened.json()).toMatchObject({ code: "GATEWAY_UPLOAD_QUOTA" });
    });

    it("are taken from one network up to its share, however many keys and assets: others have theirs", async () => {
      for (const network of ["one", "sixth"] as const) {
        for (let i = 0; i < 4; i += 1) await fill((await newAsset()).asset, from[network], 64);
        expect(await putFrom(from[network], (await newAsset()).upload)).toEqual(full);
      }
      expect(await putFrom(from.sibling, (await newAsset()).upload)).toEqual(full);
      expect(await putFrom(from.other, (await newAsset()).upload)).toEqual(fits);
    });

    it("are taken from all up to a share that listed assets and operators do not need", async () => {
      for (let i = 0; i < 8; i += 1) await fill((await newAsset()).asset, `203.0.113.${i}`, 256);
      const mine = await newAsset();
      expect(await putFrom(from.other, mine.upload)).toEqual(full);
      expect(await putFrom(from.other, await token())).toEqual(fits);
      listed.add(mine.asset);
      expect(await putFrom(from.other, mine.upload)).toEqual(fits);
    });

    it("count for the asset alone once it is listed", async () => {
      const early = await newAsset();
      await fill(early.asset, from.one, 255);
      expect(await putFrom(from.one, early.upload)).toEqual(fits);
      await fill((await newAsset()).asset, from.one, 1);
      expect(await putFrom(from.one, (await newAsset()).upload)).toEqual(full);
      await vouchForListed(context);
      expect(await putFrom(from.one, (await newAsset()).upload)).toEqual(full);
      listed.add(early.asset);
      await vouchForListed(context);
      expect(await putFrom(from.one, (await newAsset()).upload)).toEqual(fits);
      await fill(early.asset, null, 1);
      expect(await putFrom(from.one, early.upload)).toEqual(full);
    });
  });
});
