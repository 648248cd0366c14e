import { StackError } from "./errors.ts";

/**
 * The block that the subgraph has indexed; undefined while it has none.
 * @throws STACK_SUBGRAPH when it cannot be asked, or stopped at an error in a mapping
 */
export async function subgraphBlock(url: string): Promise<number | undefined> {
  const query = "{ _meta { block { number } hasIndexingErrors } }";
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query }),
    signal: AbortSignal.timeout(3000),
  });
  const answer = (await response.json()) as {
    data?: { _meta?: { block: { number: number }; hasIndexingErrors: boolean } };
    errors?: { message: string }[];
  };
  if (answer.errors)
    throw new StackError("STACK_SUBGRAPH", answer.errors.map(({ message }) => message).join("; "));
  if (answer.data?._meta?.hasIndexingErrors) {
    throw new StackError("STACK_SUBGRAPH", "The subgraph stopped at an error in one of its mappings.");
  }
  return answer.data?._meta?.block.number;
}
