import { WebError } from "#lib/errors.ts";
import type { KeyStore } from "./key-store.ts";
import type { Persona } from "./personas.ts";

/** Who uses the app now. */
export type Identity = { kind: "own" } | { kind: "demo"; persona: Persona };

/** Loads the demo personas; only called on the local chain, so that their code stays out of other pages. */
type LoadPersonas = () => Promise<typeof import("./personas.ts")>;

interface Options {
  keyStore: KeyStore;
  store: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  /** Demo personas may be used (chain 31337 only). */
  demo: boolean;
  loadPersonas: LoadPersonas;
}

const PERSONA_KEY = "salus-persona";

/** The person's session. One instance per visitor, held in context; `null` identity means signed out. */
export class Session {
  identity = $state.raw<Identity | null>(null);
  /** False until the device was asked whether it keeps an account. */
  ready = $state(false);
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  get demo(): boolean {
    return this.#options.demo;
  }

  get keyStore(): KeyStore {
    return this.#options.keyStore;
  }

  /** Takes up the session that this device remembers. */
  async resume(): Promise<void> {
    try {
      this.identity = (await this.#rememberedPersona()) ?? (await this.#ownAccount());
    } finally {
      this.ready = true;
    }
  }

  /** Signs in with the account kept on this device. @throws WEB_NO_ACCOUNT */
  async useOwn(): Promise<void> {
    const own = await this.#ownAccount();
    if (!own) throw new WebError("WEB_NO_ACCOUNT");
    this.#options.store.removeItem(PERSONA_KEY);
    this.identity = own;
  }

  /** Signs in as a demo persona. @throws WEB_METHOD_REFUSED outside the local chain */
  usePersona(persona: Persona): void {
    if (!this.#options.demo)
      throw new WebError("WEB_METHOD_REFUSED", { detail: "Demo personas exist on chain 31337 only." });
    this.#options.store.setItem(PERSONA_KEY, persona.id);
    this.identity = { kind: "demo", persona };
  }

  /** Signs out on this page. An own account stays on the device until it is forgotten. */
  signOut(): void {
    this.#options.store.removeItem(PERSONA_KEY);
    this.identity = null;
  }

  /** Lends the secret of whoever is signed in. @throws WEB_NO_ACCOUNT */
  async withSecret<T>(use: (secret: Uint8Array) => Promise<T>): Promise<T> {
    const identity = this.identity;
    if (!identity) throw new WebError("WEB_NO_ACCOUNT");
    if (identity.kind === "own") return this.#options.keyStore.withSecret(use);
    const { personaSecret } = await this.#options.loadPersonas();
    return use(personaSecret(identity.persona));
  }

  async #ownAccount(): Promise<Identity | null> {
    return (await this.#options.keyStore.has()) ? { kind: "own" } : null;
  }

  async #rememberedPersona(): Promise<Identity | null> {
    const id = this.#options.store.getItem(PERSONA_KEY);
    if (id === null || !this.#options.demo) return null;
    const { PERSONAS } = await this.#options.loadPersonas();
    const persona = PERSONAS.find((one) => one.id === id);
    return persona ? { kind: "demo", persona } : null;
  }
}
