import { readFileSync } from 'node:fs';
import { TrowelError } from '../model/index.js';

/** Of what every Node has, and its types do not tell. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: Readonly<Record<string, unknown>> };
};

/** What each of kernels/ exports. */
export interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
}

const compiled = new Map<string, object>();

/**
 * A new instance of what `scripts/kernels.mjs` compiled to `place`, with memory of its own. `exports` names all that the
 * caller uses beside the memory.
 */
export function newKernel<T extends Kernel>(place: URL, exports: readonly (keyof T & string)[]): T {
  const module = compiled.get(place.href) ?? new WebAssembly.Module(readFileSync(place));
  compiled.set(place.href, module);
  const made: unknown = new WebAssembly.Instance(module).exports;
  if (!has<T>(made, exports))
    throw new TrowelError('internal', { what: 'not what this build made', where: { file: place.pathname } });
  return made;
}

function has<T extends Kernel>(made: unknown, exports: readonly string[]): made is T {
  return typeof made === 'object' && made !== null && ['memory', ...exports].every((name) => name in made);
}
