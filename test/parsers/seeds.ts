import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { inRoot } from '../paths.js';
import type { Seed } from './parser.js';

/**
 * A line of testdata/seeds.jsonl: a small file for a cataloguer or another parser, as text, or deflated (zlib) and in
 * base64 where it is none.
 */
interface Line {
  readonly cataloguer?: string;
  readonly parser?: string;
  readonly path: string;
  readonly text?: string;
  readonly deflated?: string;
}

let lines: readonly Line[] | null = null;

function all(): readonly Line[] {
  lines ??= readFileSync(inRoot('test', 'parsers', 'testdata', 'seeds.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): Line => JSON.parse(line));
  return lines;
}

function seedOf({ path, text, deflated }: Line): Seed {
  const bytes = text === undefined ? inflateSync(Buffer.from(deflated ?? '', 'base64')) : Buffer.from(text);
  return { label: path, path, bytes };
}

export function seedsOfCataloguer(name: string): readonly Seed[] {
  return all()
    .filter((line) => line.cataloguer === name)
    .map(seedOf);
}

export function seedsOfParser(name: string): readonly Seed[] {
  return all()
    .filter((line) => line.parser === name)
    .map(seedOf);
}
