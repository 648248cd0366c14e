import { WebError } from "#lib/errors.ts";
import { transact } from "#lib/storage/transact.ts";
import type { KeyStore } from "./key-store.ts";
import { fromRecoveryCode, toRecoveryCode } from "./recovery-code.ts";
import { unwrapSecret, wrapSecret, type WrappedSecret } from "./wrapped-secret.ts";

const TABLE = { database: "salus", store: "account" } as const;
const ROW = "secret";

/** The account store of a browser: one row in IndexedDB. */
export function createBrowserKeyStore(factory: IDBFactory): KeyStore {
  const keep = async (secret: Uint8Array) => {
    const wrapped = await wrapSecret(secret);
    await transact(factory, TABLE, "readwrite", (store) => store.put(wrapped, ROW));
  };
  const read = () =>
    transact<WrappedSecret | undefined>(factory, TABLE, "readonly", (store) => store.get(ROW));

  return {
    has: async () => (await read()) !== undefined,
    async create() {
      const secret = crypto.getRandomValues(new Uint8Array(32));
      const recoveryCode = await toRecoveryCode(secret);
      return { recoveryCode, confirm: () => keep(secret).finally(() => secret.fill(0)) };
    },
    async restore(recoveryCode) {
      const secret = await fromRecoveryCode(recoveryCode);
      await keep(secret).finally(() => secret.fill(0));
    },
    async withSecret(use) {
      const wrapped = await read();
      if (!wrapped) throw new WebError("WEB_NO_ACCOUNT");
      const secret = await unwrapSecret(wrapped);
      return use(secret).finally(() => secret.fill(0));
    },
    forget: () => transact(factory, TABLE, "readwrite", (store) => store.delete(ROW)).then(() => undefined),
  };
}
