import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { sharedData, sharedMissing } from '../../../test/paths.js';
import type { JsonValue } from '../../model/index.js';
import { catalogued, readWith, type TestLayer } from '../image.test.support.js';
import { object } from '../shape.js';
import { sourceOf } from './component.js';
import { rpm } from './index.js';

const real = sharedData('rpmdb');
const skip = real === null ? sharedMissing : false;
const osRelease = 'ID=rhel\nVERSION_ID="9.4"\n';

/** Databases beside the project, each with the rows that rpm itself prints for it. */
const databases: readonly (readonly [name: string, file: string])[] =
  real === null
    ? []
    : readdirSync(real)
        .filter((name) => name.endsWith('.tsv'))
        .map((tsv) => tsv.slice(0, -'.tsv'.length))
        .map((name) => [name, readdirSync(join(real, name))[0] ?? ''] as const);

function packageIn(record: JsonValue | undefined): Readonly<Record<string, JsonValue | undefined>> {
  return object(object(record).package);
}

test('every row of real databases', { skip }, () => {
  assert.ok(databases.length >= 5);
  for (const [name, file] of databases) {
    const expected = readFileSync(join(real ?? '', `${name}.tsv`), 'utf8')
      .replace(/\n$/, '')
      .split('\n')
      .map((row) => row.split('\t').map((word) => (word === '(none)' || word === 'None' ? '' : word)))
      .filter(([title]) => title !== 'gpg-pubkey');
    const result = readWith(rpm, `var/lib/rpm/${file}`, readFileSync(join(real ?? '', name, file)));
    assert.deepEqual(result?.gaps, [], name);
    const hasLicences = expected.some((row) => row[7] !== '');
    const found = result?.records.map((record) => {
      const one = packageIn(record);
      const columns = [one.name, one.epoch, one.version, one.release, one.arch, one.sourceRpm, one.modularity];
      return [...columns, hasLicences ? one.license : ''].map((value) => String(value ?? ''));
    });
    const sorted = (rows: readonly (readonly string[])[]): string[] => rows.map((row) => row.join('\t')).sort();
    assert.deepEqual(sorted(found ?? []), sorted(expected), name);
  }
});
