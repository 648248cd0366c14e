/**
 * The reference model of consent: who may change which slot, and to what. Written from the design's section on consent
 * and the registry's interface, not from the contract; accounts go by names and nothing is signed here, a message says
 * who signed it.
 */

export type Name = string;

/** Modes and rights as bits, and how far revocations reach. */
const TWO_PERSON = 8;
const RIGHT_GRANT = 1;
const RIGHT_REVOKE = 2;
const DIRECT_STEP = 2 ** 16;
const SIGNED_REACH = 2 ** 20;
const PROXY_REACH = 2 ** 8;

export interface Permission {
  purposes: bigint;
  expiry: number;
  modes: number;
}

export interface Slot extends Permission {
  nonce: number;
  changedAt: number;
}

interface About {
  /** who sends the transaction */
  by: Name;
  dataset: number;
  subject: Name;
}

type GrantWords = Permission & { nonce: number };

/**
 * One call of the registry. `signer`, `code`, `custodian` are the keys whose signatures it carries; an empty name is an
 * empty signature, with which the sender speaks. A signature that is given speaks alone.
 */
export type Message =
  | ({ do: "grant" } & About & GrantWords)
  | ({ do: "grantBySig"; signer: Name } & About & GrantWords)
  | ({ do: "grantTwoPerson"; signer: Name; custodian: Name } & About & GrantWords)
  | ({ do: "grantByProxy"; signer: Name; proxy: Name; since: number } & About & GrantWords)
  | ({ do: "revoke" } & Omit<About, "subject">)
  | ({ do: "revokeFor" } & About)
  | ({ do: "revokeBySig"; signer: Name; maxNonce: number } & About)
  | ({ do: "revokeTwoPerson"; signer: Name; maxNonce: number } & About)
  | ({ do: "revokeProvisional"; signer: Name; maxNonce: number } & About)
  | ({ do: "revokeByProxy"; signer: Name; maxNonce: number; proxy: Name; since: number } & About)
  | ({ do: "nameProxy"; signer: Name; proxy: Name; rights: number; expiry: number; nonce: number } & About)
  | ({ do: "removeProxy"; signer: Name; proxy: Name; since: number } & About)
  | ({
      do: "handOver";
      code: Name;
      custodian: Name;
      controller: Name;
      nonce: number;
      validUntil: number;
    } & About)
  | ({ do: "contest"; signer: Name; nonce: number } & About);

interface Taking {
  controller?: Name;
  inForceFrom: number;
  count: number;
}

interface Proxy {
  rights: number;
  expiry: number;
  since: number;
}

/** What the world around the registry looks like. */
export interface Setting {
  /** the subject without a key, and the name of its code's key */
  provisional: Name;
  code: Name;
  operator: Name;
  signer: Name;
  handOverDelay: number;
  /** datasets whose modes ask for two persons */
  twoPerson: ReadonlySet<number>;
}

/** Whose word it is: the signer's, or without a signature the sender's. */
function speaker(by: Name, signer: Name | undefined): Name {
  return signer === undefined || signer === "" ? by : signer;
}

const EMPTY: Slot = { purposes: 0n, expiry: 0, modes: 0, nonce: 0, changedAt: 0 };

export class ConsentModel {
  readonly #slots = new Map<string, Slot>();
  readonly #takings = new Map<number, Taking>();
  readonly #shown = new Set<number>();
  readonly #proxies = new Map<string, Proxy>();
  readonly #setting: Setting;
  /** whether the custodian's gateway is active: else its signer's word counts for nothing */
  active = true;

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  slot(dataset: number, subject: Name): Slot {
    return this.#slots.get(`${dataset} ${subject}`) ?? EMPTY;
  }

  proxy(dataset: number, subject: Name, key: Name): Proxy | undefined {
    return this.#proxies.get(`${dataset} ${subject} ${key}`);
  }

  taking(dataset: number): Taking {
    return this.#takings.get(dataset) ?? { inForceFrom: 0, count: 0 };
  }

  /** Who signs and claims for a subject; undefined while nobody does. */
  controllerOf(dataset: number, subject: Name, now: number): Name | undefined {
    if (subject !== this.#setting.provisional || !this.#shown.has(dataset)) return subject;
    return this.#inForce(dataset, subject, now);
  }

  /** Takes a message, or refuses it and stays as it was. */
  take(m: Message, now: number, block: number): boolean {
    const change = this.#change(m, now, block);
    change?.();
    return change !== undefined;
  }

  #inForce(dataset: number, subject: Name, now: number): Name | undefined {
    if (subject !== this.#setting.provisional) return undefined;
    const { controller, inForceFrom } = this.taking(dataset);
    return controller !== undefined && now >= inForceFrom ? controller : undefined;
  }

  /** The person behind a subject: its controller if there is one, else itself. */
  #person(dataset: number, subject: Name, now: number): Name {
    return this.#inForce(dataset, subject, now) ?? subject;
  }

  /** Whether the person speaks; a subject with a key may always speak for itself. */
  #personSays(m: About & { signer?: Name }, now: number): boolean {
    const name = speaker(m.by, m.signer);
    return name === this.#person(m.dataset, m.subject, now) || name === m.subject;
  }

  #isCustodians(name: Name | undefined): boolean {
    return name === this.#setting.operator || (name === this.#setting.signer && this.active);
  }

  #change(m: Message, now: number, block: number): (() => void) | undefined {
    switch (m.do) {
      case "grant":
      case "grantBySig": {
        // A signed grant is the signer's word, whoever sends it.
        const says = this.#personSays(m.do === "grant" ? m : { ...m, by: "" }, now);
        return this.#when(m.modes < TWO_PERSON && this.#isNext(m) && says, () => this.#grant(m, block));
      }
      case "grantTwoPerson":
        return this.#when(this.#isTwoPersons(m, now), () => this.#grant(m, block));
      case "grantByProxy": {
        const may = m.modes < TWO_PERSON && this.#isNext(m) && this.#proxyMay(m, RIGHT_GRANT, now);
        return this.#when(may, () => this.#grant(m, block));
      }
      case "revoke":
        return () => this.#deny({ ...m, subject: m.by }, DIRECT_STEP, block);
      case "revokeFor":
        return this.#when(this.#personSays(m, now), () => this.#deny(m, DIRECT_STEP, block));
      case "nameProxy":
        return this.#when(this.#isNext(m) && this.#isNaming(m, now), () => this.#name(m));
      case "removeProxy": {
        const proxy = this.proxy(m.dataset, m.subject, m.proxy);
        return this.#when(proxy?.since === m.since && this.#personSays(m, now), () => this.#unname(m));
      }
      case "handOver":
        return this.#when(this.#isTaking(m, now), () => this.#propose(m, now));
      case "contest":
        return this.#when(this.#isContest(m, now), () => this.#endTaking(m.dataset));
      default:
        return this.#revocation(m, now, block);
    }
  }

  #revocation(
    m: Extract<Message, { maxNonce: number }>,
    now: number,
    block: number,
  ): (() => void) | undefined {
    const ahead = m.maxNonce - this.slot(m.dataset, m.subject).nonce;
    if (ahead < 0 || ahead > (m.do === "revokeByProxy" ? PROXY_REACH : SIGNED_REACH)) return undefined;
    return this.#when(this.#mayRevoke(m, now), () => {
      if (m.do === "revokeProvisional") this.#shown.add(m.dataset);
      this.#deny(m, ahead + 1, block);
    });
  }

  #mayRevoke(m: Extract<Message, { maxNonce: number }>, now: number): boolean {
    const custodianSays = this.#isCustodians(speaker(m.by, m.signer));
    switch (m.do) {
      case "revokeBySig":
        return this.#personSays({ ...m, by: "" }, now);
      case "revokeTwoPerson": {
        const agreed = (this.slot(m.dataset, m.subject).modes & TWO_PERSON) !== 0;
        return (agreed || this.#setting.twoPerson.has(m.dataset)) && custodianSays;
      }
      case "revokeProvisional": {
        const { provisional, code } = this.#setting;
        if (m.subject !== provisional || this.#inForce(m.dataset, m.subject, now) !== undefined) return false;
        return custodianSays || speaker(m.by, m.signer) === code;
      }
      case "revokeByProxy":
        return this.#proxyMay(m, RIGHT_REVOKE, now);
    }
  }

  #when(may: boolean, change: () => void): (() => void) | undefined {
    return may ? change : undefined;
  }

  #isNext(m: About & { nonce: number }): boolean {
    return m.nonce === this.slot(m.dataset, m.subject).nonce;
  }

  #isTwoPersons(m: Extract<Message, { do: "grantTwoPerson" }>, now: number): boolean {
    const custodianSays = this.#isCustodians(speaker(m.by, m.custodian));
    const isOther = !this.#isCustodians(this.#person(m.dataset, m.subject, now));
    return m.modes >= TWO_PERSON && this.#isNext(m) && isOther && custodianSays && this.#personSays(m, now);
  }

  #proxyMay(
    m: { by: Name; signer: Name; proxy: Name; since: number } & About,
    right: number,
    now: number,
  ): boolean {
    const proxy = this.proxy(m.dataset, m.subject, m.proxy);
    if (!proxy || proxy.since !== m.since || (proxy.rights & right) === 0 || now >= proxy.expiry)
      return false;
    return speaker(m.by, m.signer) === m.proxy;
  }

  #isNaming(m: Extract<Message, { do: "nameProxy" }>, now: number): boolean {
    const isOther = m.proxy !== m.subject && m.proxy !== this.#person(m.dataset, m.subject, now);
    return isOther && m.rights >= 1 && m.rights <= 3 && this.#personSays(m, now);
  }

  #isTaking(m: Extract<Message, { do: "handOver" }>, now: number): boolean {
    const { provisional, code } = this.#setting;
    const { controller, count } = this.taking(m.dataset);
    const isNew = controller === undefined && m.nonce === count && now <= m.validUntil;
    const isPerson =
      m.controller !== provisional && m.controller !== code && !this.#isCustodians(m.controller);
    const codeSays = speaker(m.by, m.code) === code;
    const custodianSays = this.#isCustodians(speaker(m.by, m.custodian));
    return m.subject === provisional && isNew && isPerson && codeSays && custodianSays;
  }

  #isContest(m: Extract<Message, { do: "contest" }>, now: number): boolean {
    const { controller, inForceFrom, count } = this.taking(m.dataset);
    const isPending = controller !== undefined && now < inForceFrom && m.nonce === count - 1;
    const name = speaker(m.by, m.signer);
    const mayContest = name === this.#setting.code || this.#isCustodians(name);
    return m.subject === this.#setting.provisional && isPending && mayContest;
  }

  #grant(m: About & GrantWords, changedAt: number): void {
    const { purposes, expiry, modes, nonce } = m;
    this.#slots.set(`${m.dataset} ${m.subject}`, { purposes, expiry, modes, nonce: nonce + 1, changedAt });
  }

  #deny({ dataset, subject }: About, above: number, changedAt: number): void {
    const nonce = this.slot(dataset, subject).nonce + above;
    this.#slots.set(`${dataset} ${subject}`, { ...EMPTY, nonce, changedAt });
  }

  #raise({ dataset, subject }: About): void {
    const slot = this.slot(dataset, subject);
    this.#slots.set(`${dataset} ${subject}`, { ...slot, nonce: slot.nonce + 1 });
  }

  #name(m: Extract<Message, { do: "nameProxy" }>): void {
    const { rights, expiry, nonce: since } = m;
    this.#proxies.set(`${m.dataset} ${m.subject} ${m.proxy}`, { rights, expiry, since });
    this.#raise(m);
  }

  #unname(m: Extract<Message, { do: "removeProxy" }>): void {
    this.#proxies.delete(`${m.dataset} ${m.subject} ${m.proxy}`);
    this.#raise(m);
  }

  #propose({ dataset, controller }: Extract<Message, { do: "handOver" }>, now: number): void {
    const count = this.taking(dataset).count + 1;
    this.#takings.set(dataset, { controller, inForceFrom: now + this.#setting.handOverDelay, count });
    this.#shown.add(dataset);
  }

  #endTaking(dataset: number): void {
    this.#takings.set(dataset, { inForceFrom: 0, count: this.taking(dataset).count });
  }
}
