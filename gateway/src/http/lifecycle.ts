import { setTimeout as wait } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { GatewayError } from "../errors/gateway-error.ts";

/** From serving to the end: what is under way may finish, nothing new begins. */
export type Lifecycle = {
  /** whether the process was asked to stop */
  draining(): boolean;
  /** aborted when what still runs is called off */
  callingOff: AbortSignal;
  /** New requests are refused from now on. */
  drain(): void;
  /** Counts a request; the function given back ends it. */
  enter(): () => void;
  /** Resolves when no request is under way. */
  quiet(): Promise<void>;
  /**
   * Waits for work, calls off what takes longer than so many seconds, and waits a little for that.
   *
   * @returns whether it ended
   */
  within(seconds: number, work: Promise<unknown>): Promise<boolean>;
};

/** Seconds that a task which was called off has to put itself in line again. */
const HAND_BACK = 5;

/** Milliseconds between two looks at whether requests have ended. */
const LOOK = 50;

/** Makes the lifecycle of one process. */
export function createLifecycle(): Lifecycle {
  const callOff = new AbortController();
  let draining = false;
  let underWay = 0;
  return {
    draining: () => draining,
    callingOff: callOff.signal,
    drain: () => void (draining = true),
    enter() {
      underWay += 1;
      let left = false;
      return () => {
        if (!left) underWay -= 1;
        left = true;
      };
    },
    async quiet() {
      while (underWay > 0) await wait(LOOK);
    },
    async within(seconds, work) {
      if (await isDone(work, seconds)) return true;
      callOff.abort();
      return isDone(work, HAND_BACK);
    },
  };
}

async function isDone(work: Promise<unknown>, seconds: number): Promise<boolean> {
  const timer = new AbortController();
  const late = wait(seconds * 1000, false, { signal: timer.signal }).catch(() => false);
  const done = await Promise.race([work.then(() => true), late]);
  timer.abort();
  return done;
}

/** Routes that answer to the end: whoever watches a process must see that it lives. */
export const TO_THE_END: readonly string[] = ["/health", "/metrics"];

/** Refuses new requests once the process was asked to stop; those under way are counted, so that it can wait for them. */
export function installDraining(app: FastifyInstance, lifecycle: Lifecycle): void {
  app.addHook("onRequest", async (request, reply) => {
    if (lifecycle.draining() && !TO_THE_END.includes(request.routeOptions.url ?? "")) {
      reply.header("connection", "close").header("retry-after", "1");
      throw new GatewayError("GATEWAY_STOPPING", "This gateway process is stopping and takes nothing new.");
    }
    const leave = lifecycle.enter();
    // However it ends: answered, or its connection lost.
    reply.raw.once("close", leave);
  });
}
