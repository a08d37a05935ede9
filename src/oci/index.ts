/** References, layouts, image archives, registries. See README.md. */
export * from './reference.js';
