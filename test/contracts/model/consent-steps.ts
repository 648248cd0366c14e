import fc from "fast-check";
import type { ConsentModel, Message, Name } from "./consent.ts";

/** Who may do or sign something; a stranger and a thief always try as well. */
const NAMES: readonly Name[] = ["alice", "carol", "dave", "helper", "operator", "signer", "code", "thief"];
export const SUBJECTS: readonly Name[] = ["alice", "provisional", "operator"];
export const DATASETS: readonly number[] = [0, 1];

/** One draw of a sequence: what is to be tried, before nonces and names of the moment are put in. */
export interface Step {
  do: Message["do"] | "replay" | "wait" | "removeCustodian";
  by: Name;
  signer: Name;
  second: Name;
  /** whether those take part whom the rules ask for; else whoever was drawn */
  honest: boolean;
  dataset: number;
  subject: Name;
  ahead: number;
  modes: number;
  purposes: bigint;
  seconds: number;
  pick: number;
}

const KINDS: readonly Step["do"][] = [
  ...(["grant", "grantBySig", "grantTwoPerson", "grantByProxy", "nameProxy", "removeProxy"] as const),
  ...([
    "revoke",
    "revokeFor",
    "revokeBySig",
    "revokeTwoPerson",
    "revokeProvisional",
    "revokeByProxy",
  ] as const),
  ...(["handOver", "handOver", "contest", "replay", "replay", "wait"] as const),
];

const step: fc.Arbitrary<Step> = fc.record({
  do: fc.oneof(
    { weight: 80, arbitrary: fc.constantFrom(...KINDS) },
    { weight: 1, arbitrary: fc.constant("removeCustodian" as const) },
  ),
  by: fc.constantFrom(...NAMES),
  signer: fc.constantFrom(...NAMES, "", ""),
  second: fc.constantFrom(...NAMES, ""),
  honest: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  dataset: fc.constantFrom(...DATASETS),
  subject: fc.constantFrom(...SUBJECTS),
  ahead: fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.constantFrom(-1, 1, 2, 255, 256, 257) },
    { weight: 1, arbitrary: fc.constantFrom(65_536, 1_048_576, 1_048_577) },
  ),
  modes: fc.constantFrom(1, 7, 9, 15),
  purposes: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
  seconds: fc.integer({ min: 1, max: 30 }),
  pick: fc.nat(1_000),
});

export const consentSteps: fc.Arbitrary<Step[]> = fc.array(step, { minLength: 8, maxLength: 24 });

/** The message that a step comes to now; undefined for a step that is none. */
export function messageOf(
  s: Step,
  model: ConsentModel,
  sent: readonly Message[],
  now: number,
): Message | undefined {
  if (s.do === "wait" || s.do === "removeCustodian") return undefined;
  if (s.do === "replay") return sent.length === 0 ? undefined : { ...sent[s.pick % sent.length]!, by: s.by };
  const drawn = draw(s.honest ? nearProxy(s, model) : s, model, now);
  return s.honest ? honestly(drawn, model, now) : drawn;
}

/** What proxies do is tried where there is one, else it would hardly ever be. */
function nearProxy(s: Step, model: ConsentModel): Step {
  if (!["removeProxy", "grantByProxy", "revokeByProxy"].includes(s.do)) return s;
  const places = DATASETS.flatMap((dataset) => SUBJECTS.map((subject) => ({ dataset, subject })));
  return { ...s, ...places.find(({ dataset, subject }) => model.proxy(dataset, subject, "helper")) };
}

function draw(s: Step, model: ConsentModel, now: number): Message {
  const { by, signer, dataset, subject, purposes, modes } = s;
  const { nonce: current } = model.slot(dataset, subject);
  const nonce = Math.max(0, current + s.ahead);
  const about = { by, dataset, subject };
  const words = { purposes, expiry: now + s.seconds, modes, nonce };
  const proxy = s.honest || s.second === "" ? "helper" : s.second;
  const since = model.proxy(dataset, subject, proxy)?.since ?? current;
  switch (s.do) {
    case "grant":
      return { do: s.do, ...about, ...words };
    case "grantBySig":
      return { do: s.do, ...about, ...words, signer };
    case "grantTwoPerson":
      return { do: s.do, ...about, ...words, signer, custodian: s.second };
    case "grantByProxy":
      return { do: s.do, ...about, ...words, signer, proxy, since };
    case "revoke":
      return { do: s.do, by, dataset };
    case "revokeFor":
      return { do: s.do, ...about };
    case "revokeByProxy":
      return { do: s.do, ...about, signer, maxNonce: nonce, proxy, since };
    case "nameProxy":
      return { do: s.do, ...about, signer, proxy, rights: s.pick % 5, expiry: now + s.seconds, nonce };
    case "removeProxy":
      return { do: s.do, ...about, signer, proxy, since };
    case "handOver": {
      const count = Math.max(0, model.taking(dataset).count + Math.sign(s.ahead));
      const validUntil = now + s.seconds - 5;
      return {
        do: s.do,
        ...about,
        code: signer,
        custodian: s.second,
        controller: by,
        nonce: count,
        validUntil,
      };
    }
    case "contest":
      return {
        do: s.do,
        ...about,
        signer,
        nonce: Math.max(0, model.taking(dataset).count - 1 + Math.sign(s.ahead)),
      };
    default:
      return { do: s.do as "revokeBySig", ...about, signer, maxNonce: nonce };
  }
}

/** The same with those who are to speak, so that enough is accepted for something to happen. */
function honestly(m: Message, model: ConsentModel, now: number): Message {
  if (m.do === "revoke") return m;
  const controller = model.controllerOf(m.dataset, m.subject, now);
  // Nobody has a provisional subject's key.
  const person = controller === undefined || controller === "provisional" ? "thief" : controller;
  switch (m.do) {
    case "grant":
      return { ...m, by: person, modes: m.modes % 8 };
    case "revokeFor":
      return { ...m, by: person };
    case "grantBySig":
      return { ...m, signer: person, modes: m.modes % 8 };
    case "grantTwoPerson":
      return { ...m, signer: person, custodian: "operator", modes: m.modes | 8 };
    case "grantByProxy":
      return { ...m, signer: m.proxy, modes: m.modes % 8 };
    case "revokeByProxy":
      return { ...m, signer: m.proxy };
    case "handOver":
      return {
        ...m,
        subject: "provisional",
        code: "code",
        custodian: "signer",
        controller: "carol",
        validUntil: now + 30,
      };
    case "contest":
    case "revokeProvisional":
      return { ...m, subject: "provisional", signer: m.signer === "code" ? "code" : "operator" };
    case "revokeTwoPerson":
      return { ...m, signer: "operator" };
    case "nameProxy":
      return { ...m, signer: person, rights: 1 + (m.rights % 3), expiry: now + 30 };
    default:
      return { ...m, signer: person };
  }
}
