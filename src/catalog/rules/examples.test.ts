import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { inRoot } from '../../../test/paths.js';
import { buildElf } from '../../binary/elf-builder.test.support.js';
import { binaries } from '../binaries.js';
import { fileOf, readWith } from '../image.test.support.js';
import { banners, findPrograms, type Rule, ruleName, rules, rulesFor } from './select.js';

interface Example {
  readonly kind: 'own' | 'linked';
  readonly name: string;
  readonly path: string;
  readonly version: string | null;
  readonly bytes: Buffer;
}

const escapes: Readonly<Record<string, string>> = { '0': '\0', n: '\n', t: '\t', r: '\r', '\\': '\\' };

function unescaped(text: string): Buffer {
  const plain = text.replace(/\\(?:x([0-9a-f]{2})|(.))/g, (_, hex?: string, char?: string) =>
    hex === undefined ? (escapes[char ?? ''] ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(plain, 'latin1');
}

const examples: readonly Example[] = readFileSync(inRoot('src', 'catalog', 'rules', 'testdata', 'examples.tsv'), 'utf8')
  .trimEnd()
  .split('\n')
  .filter((row) => !row.startsWith('#'))
  .map((row) => {
    const [kind = '', name = '', path = '', version = '', , text = ''] = row.split('\t');
    assert.ok(kind === 'own' || kind === 'linked', row);
    return { kind, name, path, version: version === '-' ? null : version, bytes: unescaped(text) };
  });

const all = () => true;

function found(example: Example): readonly { readonly rule: Rule; readonly version: string | null }[] {
  const { kind, path, bytes } = example;
  const source = fileOf(path, bytes);
  return kind === 'own'
    ? findPrograms(source, ruleName(path), rulesFor({ path }, bytes))
    : banners.find(source, [{ offset: 0, sizeBytes: bytes.length }], all);
}

test('programs are known by what they print', () => {
  const wrong = examples.flatMap((example) => {
    const matches = found(example).map(({ rule, version }) => `${rule.name} ${version}`);
    const expected = `${example.name} ${example.version}`;
    const isRight = example.kind === 'own' ? matches.join() === expected : matches.includes(expected);
    return isRight ? [] : [`${example.kind} ${example.path}: ${matches.join() || 'nothing'}, not ${expected}`];
  });
  assert.deepEqual(wrong, []);
});

/** Known by the library's name alone, which the next test tries. */
const isByName = (rule: Rule): boolean => rule.patterns.length === 0;

test('every rule has an example, of its file and of its banner', () => {
  const own = new Set(
    examples.filter(({ kind }) => kind === 'own').flatMap((one) => found(one).map(({ rule }) => rule)),
  );
  const linked = new Set(examples.flatMap(({ kind, name }) => (kind === 'linked' ? [name] : [])));
  const missing = rules.filter((rule) => !isByName(rule) && !own.has(rule)).map((rule) => rule.name);
  const silent = rules.filter((rule) => rule.banner !== null && !linked.has(rule.name)).map((rule) => rule.name);
  assert.deepEqual({ missing, silent }, { missing: [], silent: [] });
});

test('a library that says nothing is known by its name', () => {
  const table: readonly (readonly [string, string, string | null])[] = [
    ['libbrotlicommon.so.1.0.9', 'brotli', '1.0.9'],
    ['libicuuc.so.72.1', 'icu', '72.1'],
    ['libreadline.so.8.2', 'readline', '8.2'],
    ['libxslt.so.1.1.35', 'libxslt', '1.1.35'],
    ['libseccomp.so.2.5.4', 'libseccomp', '2.5.4'],
    ['libbrotlidec-6e9e1ac9.so.1.0.9', 'brotli', '1.0.9'],
    ['libpq.so.5.15', 'libpq', '15'],
    ['libjxl.so.0.7.0', 'libjxl', '0.7.0'],
    ['libgdal-1a2b3c4d.so.32.3.6.2', 'gdal', '3.6.2'],
    ['libx264.so.164', 'x264', '164'],
  ];
  for (const [path, name, version] of table) {
    const bytes = Buffer.from('nothing');
    const [match] = findPrograms(fileOf(path, bytes), ruleName(path), rulesFor({ path }, bytes));
    assert.deepEqual([match?.rule.name, match?.version], [name, version]);
  }
});

test('a number in the name that is none of the program says nothing', () => {
  for (const path of ['libpq.so.5.9', 'libgdal.so.32', 'libmbedtls.so.14', 'libfuse.so.2']) {
    const bytes = Buffer.from('nothing');
    assert.deepEqual(findPrograms(fileOf(path, bytes), ruleName(path), rulesFor({ path }, bytes)), []);
  }
});

test('rules are sound: names of rules, CPEs, sources, anchors', () => {
  for (const rule of rules) {
    assert.match(rule.name, /^[a-z0-9][a-z0-9+.-]*$/, rule.name);
    assert.ok(rule.source.length > 5, rule.name);
    for (const cpe of rule.cpes) assert.match(cpe, /^[a-z0-9_.-]+:[a-z0-9_./-]+$/, cpe);
    for (const { regex, anchor } of [...rule.patterns, ...(rule.banner === null ? [] : [rule.banner])]) {
      // Nothing in an expression may repeat without a bound: windows are short, and stay cheap.
      assert.doesNotMatch(
        regex.source.replace(/\\./g, '_').replace(/\[[^\]]*\]/g, '_'),
        /[*+](?!\?<)/,
        `${rule.name}: ${regex.source}`,
      );
      assert.ok(anchor === null || anchor.length >= 2, rule.name);
    }
  }
});

test('a text lies across two windows as well as in one', () => {
  const mark = Buffer.from('\0nginx version: nginx/1.25.1\n\0');
  for (const before of [64 * 1024 - 20, 64 * 1024 - 1, 64 * 1024, 1024 * 1024 - 5]) {
    const bytes = Buffer.concat([Buffer.alloc(before, 0x41), mark, Buffer.alloc(5000, 0x42)]);
    const [match] = findPrograms(fileOf('nginx', bytes), 'nginx', rulesFor({ path: 'nginx' }, bytes));
    assert.deepEqual([match?.version, match?.offset], ['1.25.1', before + 1]);
  }
});

test('of two bare versions neither is told, whichever comes first and however often one asks', () => {
  const bytes = Buffer.from('\x004.8\0GNU sed\0\x004.9\0');
  for (let turn = 0; turn < 3; turn++) {
    const [match] = findPrograms(fileOf('sed', bytes), 'sed', rulesFor({ path: 'sed' }, bytes));
    assert.deepEqual([match?.rule.name, match?.version], ['sed', null]);
    const one = Buffer.from('\x004.9\0GNU sed\0');
    assert.equal(findPrograms(fileOf('sed', one), 'sed', rulesFor({ path: 'sed' }, one))[0]?.version, '4.9');
  }
});

test('the program of another is not found in a file that has only its name', () => {
  const elf = (words: string) =>
    buildElf({ bits: 64, littleEndian: true, data: Buffer.from(words, 'latin1'), address: 0 });
  // The version that the interpreter's extension carries is not that of the file called curl (grype#3571).
  assert.deepEqual(readWith(binaries, 'usr/bin/curl', elf('\0PHP/8.5.8\0libcurl\0'))?.records, []);
  assert.equal(readWith(binaries, 'usr/share/bash-completion/completions/curl', 'curl/7.1.2\n'), null);
  assert.equal(readWith(binaries, 'usr/bin/nginx', '#!/bin/sh\necho nginx version: nginx/1.2.3\n'), null);
});

test('any bytes: no exception, no hang, offsets within the file', () => {
  const names = [...new Set(examples.map(({ path }) => path))];
  const mutated = fc
    .tuple(
      fc.constantFrom(...examples),
      fc.constantFrom(...names),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 12 }),
      fc.nat(400),
    )
    .map(([{ bytes }, path, changes, length]) => {
      const copy = Buffer.concat([bytes, bytes, Buffer.alloc(40)]);
      for (const [at, value] of changes) copy[at % copy.length] = value;
      return { path, bytes: copy.subarray(0, length) };
    });
  fc.assert(
    fc.property(mutated, ({ path, bytes }) => {
      for (const { offset } of findPrograms(fileOf(path, bytes), ruleName(path), rulesFor({ path }, bytes))) {
        assert.ok(offset >= 0 && offset <= bytes.length);
      }
      for (const { offset } of banners.find(fileOf(path, bytes), [{ offset: 0, sizeBytes: bytes.length }], all)) {
        assert.ok(offset >= 0 && offset <= bytes.length);
      }
    }),
    { numRuns: 2000 },
  );
});

test('many marks and no version end soon', () => {
  for (const { path, bytes } of examples) {
    // The mark of a rule over and over, its version taken away.
    const words = bytes.toString('latin1').replace(/\d/g, 'x');
    const many = Buffer.from(words.repeat(Math.ceil(400_000 / words.length)), 'latin1');
    const started = process.cpuUsage();
    findPrograms(fileOf(path, many), ruleName(path), rulesFor({ path }, many));
    banners.find(fileOf(path, many), [{ offset: 0, sizeBytes: many.length }], all);
    const { user } = process.cpuUsage(started);
    assert.ok(user < 3e6, `${path}: ${user / 1e6} s`);
  }
});
