import type { ChartFile } from '../model/index.js';
import { GoFunc, GoInt, GoMap, GoSlice, type GoValue, goString, writeYaml } from '../template/index.js';
import { fileGlob } from './glob.js';

/** The bytes of files as Go slices, made when first asked for and kept: a slice takes eight times the room. */
export class ByteSlices {
  readonly #known = new WeakMap<Uint8Array, GoSlice>();
  readonly #units: readonly GoInt[] = Array.from({ length: 256 }, (_, value) => new GoInt('uint8', value));

  of(bytes: Uint8Array): GoSlice {
    const known = this.#known.get(bytes);
    if (known !== undefined) return known;
    const items: GoValue[] = new Array<GoValue>(bytes.length).fill(null);
    for (let i = 0; i < bytes.length; i++) items[i] = this.#units[bytes[i] ?? 0] ?? null;
    const slice = new GoSlice(items, 'uint8');
    this.#known.set(bytes, slice);
    return slice;
  }
}

/**
 * `.Files`: a map from path to bytes with its methods Get, GetBytes, Glob, Lines, AsConfig and AsSecrets.
 *
 * Follows: helm pkg/engine/files.go. Of two files with one base name AsConfig takes the later path (Go: either).
 */
export function filesObject(files: readonly ChartFile[], slices: ByteSlices): GoMap {
  return objectOf(new Map(files.map((file) => [file.path, file.bytes])), slices);
}

function objectOf(files: ReadonlyMap<string, Uint8Array>, slices: ByteSlices): GoMap {
  const text = (path: GoValue | undefined): string => goString(bytesOf(files, path));
  const methods = new Map<string, GoFunc>([
    method('Get', ([path]) => text(path)),
    method('GetBytes', ([path]) => slices.of(bytesOf(files, path))),
    method('Glob', ([pattern]) => {
      const matches = fileGlob(String(pattern));
      return objectOf(new Map([...files].filter(([path]) => matches(path))), slices);
    }),
    method('Lines', ([path]) => linesOf(text(path))),
    ['AsConfig', new GoFunc('AsConfig', [], undefined, () => asYaml(files, goString))],
    [
      'AsSecrets',
      new GoFunc('AsSecrets', [], undefined, () => asYaml(files, (bytes) => Buffer.from(bytes).toString('base64'))),
    ],
  ]);
  return new GoMap(new LazyFiles(files, slices), 'engine.files', '[]uint8', methods);
}

function method(name: string, call: (args: GoValue[]) => GoValue): readonly [string, GoFunc] {
  return [name, new GoFunc(name, ['string'], undefined, call)];
}

function bytesOf(files: ReadonlyMap<string, Uint8Array>, path: GoValue | undefined): Uint8Array {
  return (typeof path === 'string' ? files.get(path) : undefined) ?? new Uint8Array();
}

function linesOf(text: string): GoSlice {
  if (text === '') return new GoSlice([], 'string');
  return new GoSlice((text.endsWith('\n') ? text.slice(0, -1) : text).split('\n'), 'string');
}

/** A YAML map from base name to text, without the line break at its end. */
function asYaml(files: ReadonlyMap<string, Uint8Array>, show: (bytes: Uint8Array) => string): string {
  const map = new GoMap(new Map(), 'map[string]string', 'string');
  for (const path of [...files.keys()].sort()) {
    map.entries.set(path.slice(path.lastIndexOf('/') + 1), show(files.get(path) ?? new Uint8Array()));
  }
  return writeYaml(map).replace(/\n$/, '');
}

/** The entries of `.Files`, whose bytes become slices only when a template looks at them. */
class LazyFiles extends Map<string, GoValue> {
  readonly #files: ReadonlyMap<string, Uint8Array>;
  readonly #slices: ByteSlices;

  constructor(files: ReadonlyMap<string, Uint8Array>, slices: ByteSlices) {
    super([...files.keys()].map((path) => [path, null]));
    this.#files = files;
    this.#slices = slices;
  }

  override get(path: string): GoValue | undefined {
    const bytes = this.#files.get(path);
    return bytes === undefined ? super.get(path) : this.#slices.of(bytes);
  }

  override *entries(): MapIterator<[string, GoValue]> {
    for (const path of this.keys()) yield [path, this.get(path) ?? null];
    return undefined;
  }

  override *values(): MapIterator<GoValue> {
    for (const path of this.keys()) yield this.get(path) ?? null;
    return undefined;
  }

  override [Symbol.iterator](): MapIterator<[string, GoValue]> {
    return this.entries();
  }

  override forEach(visit: (value: GoValue, path: string, map: Map<string, GoValue>) => void): void {
    for (const [path, value] of this.entries()) visit(value, path, this);
  }
}
