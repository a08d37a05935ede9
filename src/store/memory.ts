import { type Store, storeBytes } from './store.js';

/** A store for one run (`--no-store`): nothing is written anywhere. */
export function memoryStore(maxBytes: number = storeBytes / 16): Store {
  /** In order of use, the oldest first. */
  const rows = new Map<string, Uint8Array>();
  let bytes = 0;

  function remove(key: string): number {
    const size = rows.get(key)?.length ?? 0;
    rows.delete(key);
    bytes -= size;
    return size;
  }

  function shrinkTo(limit: number): number {
    let removed = 0;
    for (const key of rows.keys()) {
      if (bytes <= limit) break;
      removed += remove(key);
    }
    return removed;
  }

  return {
    get(digest, producer) {
      const key = `${digest}\n${producer}`;
      const found = rows.get(key);
      if (found === undefined) return null;
      rows.delete(key);
      rows.set(key, found);
      return found;
    },
    put(digest, producer, value) {
      const key = `${digest}\n${producer}`;
      remove(key);
      if (value.length > maxBytes) return;
      rows.set(key, value.slice());
      bytes += value.length;
      shrinkTo(maxBytes);
    },
    status: () => ({ path: null, rows: rows.size, bytes, maxBytes }),
    gc: (limit) => shrinkTo(limit),
    close: () => rows.clear(),
  };
}
