import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.js';

/** Digests of what the demo fetches: npm's as Subresource Integrity, Python's as SHA-256 of the file. */
export interface Lock {
  readonly npm: Readonly<Record<string, string>>;
  readonly pypi: Readonly<Record<string, { readonly file: string; readonly sha256: string }>>;
}

export function lockText(): string {
  return readFileSync(join(root, 'scripts', 'demo', 'lock.json'), 'utf8');
}

export function readLock(): Lock {
  return JSON.parse(lockText());
}
