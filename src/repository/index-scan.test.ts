import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import type { JsonValue } from '../model/index.js';
import { readYamlDocument } from '../template/index.js';
import { scanIndex } from './index-scan.js';
import type { IndexLimits, ScannedIndex } from './index-scanner.js';

async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const scan = (text: string, chart: string, size = 7, limits?: IndexLimits): Promise<ScannedIndex> =>
  scanIndex(pieces(text, size), chart, limits);

/** What a whole reader makes of what was kept. */
function value({ entry }: ScannedIndex): JsonValue | undefined {
  if (entry === null) return undefined;
  const document: unknown = entry.format === 'json' ? JSON.parse(entry.text) : readYamlDocument(entry.text);
  const [first] = Object.values(document as Record<string, JsonValue>);
  return first;
}

const tricky = `# an index
apiVersion: v1
entries:
  first:
  - version: 1.0.0
    description: |
      second:
      - version: "9.9.9
    notes: >-
      folded
        second: x

      still

  # between
  second:
  - version: 2.0.0
    description: "goes on
  third: not an entry
      here \\" and ends"
    home: 'it''s
  also: text'
    text: plain goes on
      second: really is an error elsewhere, but a letter here
    list: [a, "b]", 'c[
  d', {e: "}"}]
    urls:
    - a.tgz
    - "b: c.tgz"
  - {version: 1.9.0, urls: [x, y]}
  'quoted name':
    - version: 3.0.0
  "second\\u0041": []
  after: null
generated: "2020-01-01"
serverInfo: {entries: {second: []}}
`;

test('an entry is found among texts that look like entries, in pieces of any size', async () => {
  const valid = tricky.replace('      second: really is an error elsewhere, but a letter here\n', '');
  const whole = readYamlDocument(valid) as { entries: Record<string, JsonValue> };
  for (const size of [1, 3, 64, 1 << 20]) {
    for (const name of Object.keys(whole.entries)) {
      const scanned = await scan(valid, name, size);
      assert.deepEqual(value(scanned), whole.entries[name], `${name} in pieces of ${size}`);
      assert.equal(scanned.hasApiVersion, true);
      assert.deepEqual(scanned.names, ['first', 'second', 'quoted name', 'secondA', 'after']);
    }
    for (const absent of ['third', 'also', 'generated', 'serverInfo', 'version']) {
      assert.equal((await scan(valid, absent, size)).entry, null, absent);
    }
  }
});

test('an index in JSON is read the same way', async () => {
  const whole = {
    apiVersion: 'v1',
    entries: { a: [{ version: '1.0.0', description: '} "b": [' }], 'b"': [], c: [{}] },
  };
  for (const indent of [0, 2]) {
    const text = JSON.stringify({ x: { entries: { a: 1 } }, ...whole }, null, indent);
    for (const size of [1, 5, 1 << 20]) {
      for (const [name, list] of Object.entries(whole.entries)) {
        const scanned = await scan(text, name, size);
        assert.deepEqual(value(scanned), list, name);
        assert.deepEqual(scanned.names, ['a', 'b"', 'c']);
        assert.equal(scanned.hasApiVersion, true);
      }
      assert.equal((await scan(text, 'version', size)).entry, null);
    }
  }
  await assert.rejects(scan('{"entries": {"a": [', 'a'), /unexpected end of JSON input/);
});

test('what is no index says so', async () => {
  await assert.rejects(scan('', 'a'), /empty index.yaml file/);
  const page = await scan('<!DOCTYPE html>\n<html>\n  <body>\napiVersion: v1\n', 'a');
  assert.deepEqual([page.entry, page.hasApiVersion], [null, false]);
  const empty = await scan('apiVersion: v1\nentries: {}\ngenerated: x\n', 'a');
  assert.deepEqual([empty.entry, empty.hasApiVersion], [null, true]);
  // Read as if they were none, they would say that a chart is not there.
  await assert.rejects(scan('apiVersion: v1\nentries: {a: [{version: 1.0.0}]}\n', 'a'), /block mapping/);
  await assert.rejects(scan('apiVersion: v1\nentries:\n  <<: *x\n', 'a'), /block mapping/);
  await assert.rejects(scan('apiVersion: v1\nentries:\n  ? a\n  : []\n', 'a'), /block mapping/);
  await assert.rejects(scan('entries:\n  a: []\n  b: []\n  a: []\n', 'a'), /line 4: key "a" already set in map/);
});

test('documents, marks and line ends of YAML', async () => {
  const lines = [
    '\ufeff%YAML 1.1',
    '---',
    'apiVersion: v1',
    'entries:',
    '  a:',
    '  - version: 1.0.0',
    '...',
    'entries:',
    '  b: []',
    '',
  ];
  for (const end of ['\n', '\r\n']) {
    const text = lines.join(end);
    assert.deepEqual(value(await scan(text, 'a')), readYamlDocument('[{version: 1.0.0}]'));
    assert.equal((await scan(text, 'b')).entry, null, 'only the first document counts');
  }
});

test('entries, lines and the whole are bounded', async () => {
  const limits = { indexBytes: 10_000, entryBytes: 1_000 };
  const entry = (name: string, count: number): string => `  ${name}:\n${'  - version: 1.0.0\n'.repeat(count)}`;
  const text = `apiVersion: v1\nentries:\n${entry('a', 10)}${entry('b', 100)}`;
  assert.ok((await scan(text, 'a', 100, limits)).entry !== null);
  await assert.rejects(scan(text, 'b', 100, limits), /more than 1000 bytes/);
  await assert.rejects(scan(`entries:\n  a: "${'x'.repeat(2000)}`, 'b', 100, limits), /more than 1000 bytes/);
  await assert.rejects(scan(`entries:\n${entry('a', 1000)}`, 'b', 100, limits), /more than 10000 bytes/);
  await assert.rejects(scan(`{"entries":{"a":[${'1,'.repeat(2000)}1]}}`, 'a', 100, limits), /more than 1000 bytes/);
});

/** Texts as programs and people write them into an index, each with what it is. */
const scalar = fc.oneof(
  fc.constantFrom(
    '1.0.0',
    'plain text',
    "it's",
    'a#b',
    'http://x/y',
    '-',
    '"quoted: # [{"',
    "'single: ''x'''",
    '[a, "b]"]',
    '{a: "}"}',
    '~',
    '&anchor x',
    '!!str 1',
  ),
  fc.constantFrom(
    '|\n      text:\n        deeper: "\n\n      more',
    ">-\n      folded: '\n      [",
    '"goes on\n\n      here"',
    "'goes\n      on: '",
    'plain\n      goes on\n      - and on',
  ),
);
const version = fc
  .uniqueArray(fc.tuple(fc.constantFrom('version', 'description', 'urls', 'x-y', '"a b"', "'c: d'"), scalar), {
    selector: ([key]) => key,
    minLength: 1,
    maxLength: 5,
  })
  .map((pairs) => pairs.map(([key, text], at) => `${at === 0 ? '  - ' : '    '}${key}: ${text}\n`).join(''));
const comment = fc.constantFrom('', '', '# comment\n', '  # a: b\n', '\n', '      # deep\n');
const entries = fc.uniqueArray(
  fc.tuple(
    fc.constantFrom('a', 'b', 'entries', 'version', '"q r"', 'x.y-z'),
    fc.array(version, { minLength: 1, maxLength: 3 }),
    comment,
  ),
  {
    selector: ([name]) => name,
    minLength: 1,
  },
);

test('for any index a whole YAML reader finds the same under each name', async () => {
  await fc.assert(
    fc.asyncProperty(entries, fc.integer({ min: 1, max: 40 }), async (list, size) => {
      const text = `apiVersion: v1\nentries:\n${list.map(([name, versions, note]) => `  ${name}:\n${versions.join(note)}`).join('')}generated: x\n`;
      let whole: { entries: Record<string, JsonValue> };
      try {
        whole = readYamlDocument(text) as typeof whole;
      } catch {
        fc.pre(false);
        return;
      }
      for (const [name, expected] of Object.entries(whole.entries)) {
        assert.deepEqual(value(await scan(text, name, size)), expected, text);
      }
      assert.deepEqual((await scan(text, 'no such name', size)).names, Object.keys(whole.entries));
    }),
    { numRuns: 1000 },
  );
});

test('an index of 50 MB is read within bounded memory', { timeout: 120_000 }, () => {
  const script = `
    const { scanIndex } = await import(${JSON.stringify(new URL('./index-scan.js', import.meta.url).href)});
    const one = (name, at) => '  - version: ' + at + '.0.0\\n    description: "some text: of some length # that says nothing"\\n    digest: ' + 'a'.repeat(64) + '\\n    name: ' + name + '\\n    urls:\\n    - ' + name + '-' + at + '.tgz\\n';
    async function* index(bytes) {
      yield Buffer.from('apiVersion: v1\\nentries:\\n');
      let sent = 0;
      for (let chart = 0; sent < bytes; chart++) {
        const name = 'chart-' + chart;
        let text = '  ' + name + ':\\n';
        for (let at = 200; at > 0; at--) text += one(name, at);
        sent += text.length;
        yield Buffer.from(text);
      }
    }
    const before = process.resourceUsage().maxRSS;
    const found = await scanIndex(index(50e6), 'chart-700');
    console.log(JSON.stringify({ bytes: found.bytes, entry: found.entry.text.length, grown: process.resourceUsage().maxRSS - before }));
  `;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    cwd: fileURLToPath(new URL('.', import.meta.url)),
  });
  assert.equal(run.status, 0, run.stderr);
  const { bytes, entry, grown }: { bytes: number; entry: number; grown: number } = JSON.parse(run.stdout);
  assert.ok(bytes > 50e6);
  assert.ok(entry > 30_000);
  assert.ok(grown < 100 * 1024, `grew by ${grown} KiB`);
});
