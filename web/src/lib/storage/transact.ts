import { WebError } from "#lib/errors.ts";

/** A table of a browser's IndexedDB. Each database holds one. */
export interface Table {
  database: string;
  store: string;
}

/** Runs one request in its own transaction and waits until it is durable. @throws WEB_STORAGE */
export async function transact<T>(
  factory: IDBFactory,
  table: Table,
  mode: IDBTransactionMode,
  run: (store: IDBObjectStore) => IDBRequest,
): Promise<T> {
  const database = await open(factory, table);
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(table.store, mode);
      const request = run(transaction.objectStore(table.store));
      transaction.oncomplete = () => resolve(request.result as T);
      transaction.onabort = () => reject(storageError(transaction.error));
    });
  } finally {
    database.close();
  }
}

function open(factory: IDBFactory, table: Table): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(table.database, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(table.store);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(storageError(request.error));
    request.onblocked = () => reject(storageError(null));
  });
}

function storageError(cause: unknown): WebError {
  return new WebError("WEB_STORAGE", { cause });
}
