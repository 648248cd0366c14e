// npm run status [-- --json]
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { oneLine } from "../bootstrap/say.mjs";
import { type StackStatus, stackStatus } from "./status.ts";

const HELP = `npm run status [-- OPTIONS]
  --json           one JSON object instead of a table
  --state DIR      another state folder than .salus
Exit code 0 when everything is ready, else 1.
`;

function table(status: StackStatus): string {
  const rows = [
    ["ready", status.ready ? "yes" : "no"],
    ["web", status.web.url ?? "-"],
    [
      "chain",
      `${status.chain.url ?? "-"}  block ${status.chain.block ?? "-"}  chain id ${status.chain.chainId}`,
    ],
    ["subgraph", `${status.subgraph.url ?? "-"}  block ${status.subgraph.block ?? "-"}`],
    ...status.gateways.map(({ name, url }) => [`gateway ${name}`, url]),
    ...Object.entries(status.contracts),
  ];
  const width = Math.max(...rows.map(([name = ""]) => name.length));
  return rows.map(([name = "", value = ""]) => `${name.padEnd(width)}  ${value}`).join("\n");
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { json: { type: "boolean" }, state: { type: "string" }, help: { type: "boolean" } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const status = await stackStatus(resolve(values.state ?? join(import.meta.dirname, "..", "..", ".salus")));
  process.stdout.write(`${values.json ? JSON.stringify(status) : table(status)}\n`);
  return status.ready ? 0 : 1;
}

process.exitCode = await main().catch((error) => {
  process.stderr.write(`${oneLine(error)}\n`);
  return 1;
});
