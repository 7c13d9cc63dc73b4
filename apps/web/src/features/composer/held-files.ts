/**
 * The bytes of files that wait in the outbox, by their message's id: in memory at once, and in the browser's own database, so
 * that a reload does not reach them. Where that refuses (private mode, full), they live as long as the tab.
 */
const memory = new Map<string, Blob>();

export function holdFile(messageId: string, bytes: Blob): void {
  memory.set(messageId, bytes);
  void inStore('readwrite', (store) => store.put(bytes, messageId));
}

/** Null: this browser has it no more. */
export async function heldFile(messageId: string): Promise<Blob | null> {
  const known = memory.get(messageId) ?? (await inStore('readonly', (store) => store.get(messageId)));
  if (!(known instanceof Blob)) return null;
  memory.set(messageId, known);
  return known;
}

export function letGoOfFile(messageId: string): void {
  memory.delete(messageId);
  void inStore('readwrite', (store) => store.delete(messageId));
}

const STORE = 'files';
let opened: Promise<IDBDatabase | null> | undefined;

/** Null: it could not be done. */
async function inStore(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
  const database = await (opened ??= open());
  if (!database) return null;
  return new Promise((resolve) => {
    try {
      const request = ask(database.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
}

function open(): Promise<IDBDatabase | null> {
  return new Promise((resolve) => {
    try {
      const request = indexedDB.open('parley-outbox', 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
}
