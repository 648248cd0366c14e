/** What fees entitle to: an order is registered, its epoch closed, a year passes, its tokens are minted. */
import { type Address, decodeEventLog, type Hex } from "viem";
import { act, chain, type Protocol } from "./contracts.ts";
import { pass, type Order } from "./market.ts";
import { people } from "./story.ts";

const DAY = 86_400;

/** The order's tokens as the receipt of the mint tells them. */
export async function issue(p: Protocol, order: Order) {
  const { stranger } = people;
  const registeredIn = await act(stranger!, p.issuance, "register", [order]);
  await pass(31 * DAY);
  const closedIn = await act(stranger!, p.issuance, "close", [0]);
  await pass(366 * DAY);
  const mintedIn = await act(stranger!, p.issuance, "mint", [order]);
  return { registeredIn, closedIn, mintedIn, minted: await transfers(p.token.address, mintedIn) };
}

/** Who got how many tokens in a transaction, from the token's own events. */
async function transfers(token: Address, hash: Hex): Promise<{ to: string; value: bigint }[]> {
  const { logs } = await chain.getTransactionReceipt({ hash });
  const abi = [
    {
      type: "event",
      name: "Transfer",
      inputs: [
        { name: "from", type: "address", indexed: true },
        { name: "to", type: "address", indexed: true },
        { name: "value", type: "uint256" },
      ],
    },
  ] as const;
  const topic = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
  return logs
    .filter(({ address, topics }) => address.toLowerCase() === token.toLowerCase() && topics[0] === topic)
    .map(({ data, topics }) => {
      const { to, value } = decodeEventLog({ abi, data, topics }).args;
      return { to: to.toLowerCase(), value };
    });
}
