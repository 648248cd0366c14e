import { type AddressInfo, createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { choosePorts, isPortFree } from "./ports.ts";

const freeExcept =
  (...taken: number[]) =>
  async (port: number): Promise<boolean> =>
    !taken.includes(port);

describe("choosePorts", () => {
  it("takes the preferred ports when they are free", async () => {
    expect(await choosePorts({ chain: 8545, web: 4173 }, {}, freeExcept())).toEqual({
      chain: 8545,
      web: 4173,
    });
  });

  it("takes the next free port when the preferred one is taken", async () => {
    expect(await choosePorts({ chain: 8545 }, {}, freeExcept(8545, 8546))).toEqual({ chain: 8547 });
  });

  it("keeps the port of the last run, even when the preferred one is free again", async () => {
    expect(await choosePorts({ gateway: 7101 }, { gateway: 7105 }, freeExcept())).toEqual({ gateway: 7105 });
  });

  it("leaves the port of the last run when another program has it", async () => {
    expect(await choosePorts({ gateway: 7101 }, { gateway: 7105 }, freeExcept(7105))).toEqual({
      gateway: 7101,
    });
  });

  it("gives no two names the same port, nor one name the recorded port of another", async () => {
    const chosen = await choosePorts({ a: 7000, b: 7000, c: 7001 }, { c: 7001 }, freeExcept());
    expect(chosen).toEqual({ a: 7000, b: 7002, c: 7001 });
  });

  it("says which ports it tried when none is free", async () => {
    await expect(choosePorts({ a: 7000 }, {}, async () => false)).rejects.toMatchObject({
      code: "STACK_PORT",
    });
  });
});

describe("isPortFree", () => {
  let server: Server | undefined;
  afterEach(() => new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined))));

  it("sees a server that listens on the loopback address only", async () => {
    const listening = createServer();
    server = listening;
    await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
    const { port } = listening.address() as AddressInfo;
    expect(await isPortFree(port)).toBe(false);
    await new Promise((resolve) => server?.close(resolve));
    server = undefined;
    expect(await isPortFree(port)).toBe(true);
  });
});
