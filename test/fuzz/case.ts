import { Buffer } from 'node:buffer';
import { collected } from '../../src/template/capacity.js';
import { GoMap, GoSlice, type GoValue, goBytes, int64 } from '../../src/template/index.js';
import { hasInvalidBytes } from '../../src/template/text.js';

/** A value of the chart as YAML or `--set` would give it: `int64` stands for the latter's numbers. */
export type FuzzValue =
  | null
  | boolean
  | number
  | string
  | bigint
  | readonly FuzzValue[]
  | { readonly [key: string]: FuzzValue };

/** One template with its values, and the function or action that it is about. */
export interface Case {
  readonly target: string;
  /** The first is rendered, the others are there to be used by it. Strings as in template/value.ts. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly values: Readonly<Record<string, FuzzValue>>;
  /** How texts with random parts are made comparable (normalise.ts). */
  readonly normaliser?: string;
}

export interface Outcome {
  readonly failed: boolean;
  /** What was written, or the message of the error. */
  readonly text: string;
}

/** The same value as the template engine has it. */
export function toGo(value: FuzzValue): GoValue {
  if (typeof value === 'bigint') return int64(value);
  if (typeof value !== 'object' || value === null) return value;
  // Values come out of JSON.
  if (isList(value)) return new GoSlice(value.map(toGo), 'interface {}', false, collected(value.length));
  return new GoMap(new Map(Object.entries(value).map(([key, inner]) => [key, toGo(inner)])));
}

function isList(value: readonly FuzzValue[] | { readonly [key: string]: FuzzValue }): value is readonly FuzzValue[] {
  return Array.isArray(value);
}

/** The frame of a case as pipe/pipe.go reads it. */
export function frameOf({ files, values }: Case): Buffer {
  const parts: Buffer[] = [Buffer.from([files.length])];
  const add = (bytes: Uint8Array): void => {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(bytes.length);
    parts.push(size, Buffer.from(bytes));
  };
  for (const { path, text } of files) {
    add(goBytes(path));
    add(goBytes(text));
  }
  add(Buffer.from(JSON.stringify(tagged(values))));
  const body = Buffer.concat(parts);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(body.length);
  return Buffer.concat([size, body]);
}

function tagged(value: FuzzValue): unknown {
  if (typeof value === 'bigint') return { '~i': String(value) };
  if (typeof value === 'string') {
    return !hasInvalidBytes(value) ? value : { '~b': Buffer.from(goBytes(value)).toString('base64') };
  }
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map(tagged);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, tagged(inner)]));
}
