/** Work kept by content: a layer is read once, for any image, chart or run. */
export { type KeptLayer, keepLayer, keptLayer, keptParts, mergeLayer } from './layer-store.js';
export { memoryStore } from './memory.js';
export { type SqliteStoreOptions, sqliteStore } from './sqlite.js';
export { type Store, type StoreStatus, storeBytes } from './store.js';
