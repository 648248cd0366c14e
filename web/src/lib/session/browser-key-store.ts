import { WebError } from "#lib/errors.ts";
import type { KeyStore } from "./key-store.ts";
import { fromRecoveryCode, toRecoveryCode } from "./recovery-code.ts";
import { unwrapSecret, wrapSecret, type WrappedSecret } from "./wrapped-secret.ts";

const DATABASE = "salus";
const STORE = "account";
const ROW = "secret";

/** The account store of a browser: one row in IndexedDB. */
export function createBrowserKeyStore(factory: IDBFactory): KeyStore {
  const keep = async (secret: Uint8Array) => {
    const wrapped = await wrapSecret(secret);
    await transact(factory, "readwrite", (store) => store.put(wrapped, ROW));
  };
  const read = () => transact<WrappedSecret | undefined>(factory, "readonly", (store) => store.get(ROW));

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
    forget: () => transact(factory, "readwrite", (store) => store.delete(ROW)).then(() => undefined),
  };
}

/** Runs one request in its own transaction and waits until it is durable. @throws WEB_STORAGE */
async function transact<T>(
  factory: IDBFactory,
  mode: IDBTransactionMode,
  run: (store: IDBObjectStore) => IDBRequest,
): Promise<T> {
  const database = await open(factory);
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = run(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result as T);
      transaction.onabort = () => reject(storageError(transaction.error));
    });
  } finally {
    database.close();
  }
}

function open(factory: IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(storageError(request.error));
    request.onblocked = () => reject(storageError(null));
  });
}

function storageError(cause: unknown): WebError {
  return new WebError("WEB_STORAGE", { cause });
}
