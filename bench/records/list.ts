import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { readVersion } from "@salus/sdk";
import { cidFromDigest } from "@salus/sdk/cid";
import { getBlob } from "@salus/sdk/gateway/get-blob";
import { parseDescriptor } from "@salus/sdk/records/descriptor";
import { parseManifest } from "@salus/sdk/records/manifest";
import { type GatewayNetwork, peakRss, startGatewayNetwork } from "../../test/support/gateway-network.ts";
import { mustBe } from "../gas/measure.ts";
import { atMost, type BenchRow } from "../row.ts";
import type { ListAnswer, ListTask } from "./list-process.ts";

const FIRST_PORT = 23_000;
const MIB = 2 ** 20;

/** Subjects listed; fewer for a trial, which then has no bar. */
const SUBJECTS = Number(process.env["SALUS_BENCH_SUBJECTS"] ?? 100_000);
const BAR_MIB = SUBJECTS === 100_000 ? 1024 : Infinity;

/**
 * The most memory that the process of an institution takes to list 100,000 records through a custodian and two more gateways
 * onto a chain, and the most that one of these gateways takes meanwhile.
 */
export async function listingRows(): Promise<BenchRow[]> {
  const network = await startGatewayNetwork(FIRST_PORT);
  try {
    const listed = await list(network);
    await check(network, listed);
    const gateways = Math.max(...network.gateways.map(({ pid }) => peakRss(pid()!)));
    const about = `${SUBJECTS} records listed in ${listed.seconds.toFixed(0)} s`;
    return [
      atMost("records.list100k.rss", `${about}: the lister`, listed.peakRss / MIB, "MiB", BAR_MIB),
      atMost("records.list100k.gateway.rss", `${about}: a gateway`, gateways / MIB, "MiB", BAR_MIB),
    ];
  } finally {
    await network.stop();
  }
}

async function list(network: GatewayNetwork): Promise<ListAnswer> {
  const task: ListTask = {
    rpcUrl: network.rpcUrl,
    deploymentFile: network.deploymentFile,
    operatorKey: network.gateways[0]!.keys.operatorKey,
    subjects: SUBJECTS,
  };
  const child = join(import.meta.dirname, "list-process.ts");
  const running = promisify(execFile)(process.execPath, [child, JSON.stringify(task)]);
  running.child.stderr?.pipe(process.stderr);
  const { stdout } = await running;
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as ListAnswer;
}

/** What the chain and another gateway than the custodian hold is what was listed. */
async function check(network: GatewayNetwork, { asset, contentRoot, count }: ListAnswer): Promise<void> {
  const version = await readVersion(network.reader, BigInt(asset), 1);
  mustBe("The number of records on chain", version.count, SUBJECTS);
  mustBe("The number of records listed", count, SUBJECTS);
  mustBe("The content root on chain", version.contentRoot, contentRoot);
  const gateway = network.gateways[2]!.target();
  const descriptor = parseDescriptor(await getBlob(gateway, cidFromDigest(version.descriptor)));
  const manifest = parseManifest(await getBlob(gateway, descriptor.leafFiles.manifest), version.contentRoot);
  mustBe("The number of records in the manifest", manifest.entries.length, SUBJECTS);
}
