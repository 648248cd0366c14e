import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** What the gateway measures; no label holds a person, record or order. */
export type Metrics = {
  registry: Registry;
  requests: Histogram<"method" | "route" | "status">;
  decisions: Counter<"action" | "reason">;
  jobs: Counter<"outcome">;
  wrongShares: Counter<"gateway">;
  releases: Histogram<"action">;
  running: Gauge;
  checkpoints: Counter<"outcome">;
  logContradictions: Counter<"gateway" | "kind">;
  rateRefusals: Counter<"rate">;
  ready: Gauge<"check">;
};

/** Makes the metrics of one gateway. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const buckets = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
  return {
    registry,
    requests: new Histogram({
      name: "salus_http_request_seconds",
      help: "Time to answer HTTP requests.",
      labelNames: ["method", "route", "status"],
      buckets,
      registers,
    }),
    decisions: new Counter({
      name: "salus_decisions_total",
      help: "Policy decisions by action and reason.",
      labelNames: ["action", "reason"],
      registers,
    }),
    jobs: new Counter({
      name: "salus_jobs_total",
      help: "Orders that ended, by outcome.",
      labelNames: ["outcome"],
      registers,
    }),
    wrongShares: new Counter({
      name: "salus_wrong_shares_total",
      help: "Key shares that did not match their commitment, by sender.",
      labelNames: ["gateway"],
      registers,
    }),
    releases: new Histogram({
      name: "salus_release_seconds",
      help: "Time to judge, log and seal a key release.",
      labelNames: ["action"],
      buckets,
      registers,
    }),
    checkpoints: new Counter({
      name: "salus_log_checkpoints_total",
      help: "Checkpoints of this gateway's log, by outcome.",
      labelNames: ["outcome"],
      registers,
    }),
    logContradictions: new Counter({
      name: "salus_log_contradictions_total",
      help: "Other gateways' logs that shrank or forked.",
      labelNames: ["gateway", "kind"],
      registers,
    }),
    rateRefusals: new Counter({
      name: "salus_rate_refusals_total",
      help: "Requests refused for their rate, by the rate's name.",
      labelNames: ["rate"],
      registers,
    }),
    ready: new Gauge({
      name: "salus_ready",
      help: "Whether a check of readiness was well when it was last made.",
      labelNames: ["check"],
      registers,
    }),
    running: new Gauge({ name: "salus_jobs_running", help: "Jobs running now.", registers }),
  };
}
