import { type Abi, decodeFunctionResult, encodeFunctionData, type Address, type Hex, toHex } from "viem";
import type { LocalChain } from "../../support/local-chain.ts";

/** Transactions at chosen times from anybody, on a chain that can be turned back. */
export class Ledger {
  readonly #provider: LocalChain["provider"];
  readonly #known = new Set<Address>();
  /** time of the last block, in seconds */
  now = 0;
  /** number of the last block */
  block = 0;

  constructor({ provider }: LocalChain) {
    this.#provider = provider;
  }

  /** Reads where the chain stands, and marks the place to turn back to. */
  async mark(): Promise<() => Promise<void>> {
    const id = await this.#ask("evm_snapshot", []);
    await this.look();
    return async () => void (await this.#ask("evm_revert", [id]));
  }

  async look(): Promise<void> {
    const head = (await this.#ask("eth_getBlockByNumber", ["latest", false])) as {
      number: Hex;
      timestamp: Hex;
    };
    this.now = Number(head.timestamp);
    this.block = Number(head.number);
  }

  /** Hash of the last block. */
  async headHash(): Promise<Hex> {
    const { hash } = (await this.#ask("eth_getBlockByNumber", ["latest", false])) as { hash: Hex };
    return hash;
  }

  /** Sends a call so that it is in the next block, at the given time; answers whether it was taken. */
  async send(
    from: Address,
    to: Address,
    call: { abi: Abi; functionName: string; args: readonly unknown[] },
    at: number,
  ): Promise<boolean> {
    if (!this.#known.has(from)) await this.#ask("hardhat_impersonateAccount", [from]);
    this.#known.add(from);
    await this.#ask("evm_setNextBlockTimestamp", [toHex(at)]);
    const data = encodeFunctionData(call);
    const taken = await this.#wasTaken({ from, to, data, gas: toHex(8_000_000), gasPrice: "0x0" });
    this.now = at;
    this.block += 1;
    return taken;
  }

  /** Asks a contract at the last block. */
  async read<T>(to: Address, call: { abi: Abi; functionName: string; args: readonly unknown[] }): Promise<T> {
    const data = (await this.#ask("eth_call", [{ to, data: encodeFunctionData(call) }, "latest"])) as Hex;
    return decodeFunctionResult({ ...call, data }) as T;
  }

  /** Whether a transaction did what it was to do; the chain must be one that mines refused ones without a word. */
  async #wasTaken(transaction: Record<string, string>): Promise<boolean> {
    const hash = await this.#ask("eth_sendTransaction", [transaction]);
    const { status } = (await this.#ask("eth_getTransactionReceipt", [hash])) as { status: Hex };
    return status === "0x1";
  }

  #ask(method: string, params: unknown[]): Promise<unknown> {
    return this.#provider.request({ method, params });
  }
}
