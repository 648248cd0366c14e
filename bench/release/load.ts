import { Agent, request } from "node:http";

/** An HTTP request ready to be sent. */
export type Prepared = { path: string; body: Buffer; authorization: string };

/** One answer, with the milliseconds that it took. */
export type Answered = { status: number; body: string; ms: number };

/**
 * Sends prepared requests over `lanes` connections, each sending its next when its last was answered. Every connection comes
 * from a loopback address of its own, as from as many peers: a gateway limits requests by address.
 *
 * @returns answers in the order of the requests, and the seconds from the first request to the last answer
 */
export async function send(
  url: string,
  prepared: readonly Prepared[],
  lanes: number,
): Promise<{ answers: Answered[]; seconds: number }> {
  const { hostname, port } = new URL(url);
  const answers: Answered[] = [];
  let next = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const from = { agent, hostname, port, localAddress: `127.0.77.${lane + 1}` };
      while (next < prepared.length) {
        const place = next++;
        answers[place] = await post(from, prepared[place]!);
      }
      agent.destroy();
    }),
  );
  return { answers, seconds: (performance.now() - start) / 1000 };
}

function post(from: object, { path, body, authorization }: Prepared): Promise<Answered> {
  const start = performance.now();
  const headers = { "content-type": "application/json", "content-length": body.length, authorization };
  return new Promise((resolve, reject) => {
    const sent = request({ ...from, method: "POST", path, headers }, (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode!,
          body: Buffer.concat(pieces).toString("utf8"),
          ms: performance.now() - start,
        }),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** The value below which a share of all lies, e.g. 0.95 of them. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
