/** A vote on the short local periods, on the one-command stack: only the next order pays the new fee. */
import { beforeAll, describe, expect, test } from "vitest";
import { buildOrder, findOrder, fundOrder, OrderKind, readListing } from "@salus/sdk";
import { changeFee } from "../../scripts/demo/change-fee.ts";
import { DemoStack } from "../support/demo-stack.ts";

const ZERO = `0x${"00".repeat(32)}` as const;
const ONES = `0x${"11".repeat(32)}` as const;

let demo: DemoStack;
beforeAll(() => {
  demo = new DemoStack();
});

describe("a vote on the fee", () => {
  test("raises it for the next order and leaves the one already funded as it was", async () => {
    const buyer = demo.wallet("researcher");
    const before = await place();
    expect(before).toMatchObject({ feeBps: 200, fee: 1_000_000n }); // 2 % of 50 dollars
    const voters = ["voter-1", "voter-2", "voter-3"].map((id) => demo.wallet(id));
    await changeFee(voters, 300);
    const after = await place();
    expect(after).toMatchObject({ feeBps: 300, fee: 1_500_000n }); // 3 % of 50 dollars
    expect(await findOrder(demo.reader, before.id)).toMatchObject({ feeBps: 200, fee: 1_000_000n });
    await changeFee(voters, 200);

    async function place() {
      const draft = await buildOrder(demo.reader, {
        buyer: buyer.walletClient.account.address,
        asset: demo.dataset("north-clinic"),
        kind: OrderKind.Analysis,
        uses: 2n,
        country: 578,
        project: ZERO,
        job: ONES,
        recipientKey: ONES,
        privacyCap: 0n,
      });
      const { terms } = await readListing(demo.reader, draft.order.asset);
      const { id } = await fundOrder(buyer, { draft, terms });
      return findOrder(demo.reader, id);
    }
  });
});
