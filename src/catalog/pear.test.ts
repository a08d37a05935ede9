import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { catalogued, readWith } from './image.test.support.js';
import { survivesMutations } from './mutation.test.support.js';
import { pear } from './pear.js';
import { readPhpSerialized } from './php-serialized.js';

type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** PHP's `serialize` of plain values (php.net/serialize, "Notes" and ext/standard/var.c). */
function serialize(value: Plain): string {
  if (value === null) return 'N;';
  if (typeof value === 'boolean') return `b:${value ? 1 : 0};`;
  if (typeof value === 'number') return `i:${value};`;
  if (typeof value === 'string') return `s:${Buffer.byteLength(value)}:"${value}";`;
  const entries = Object.entries(value);
  const isList = Array.isArray(value);
  return `a:${entries.length}:{${entries.map(([key, item]) => `${isList ? `i:${key};` : serialize(key)}${serialize(item)}`).join('')}}`;
}

const code = '<?php class Archive_Tar {}';
const registry = serialize({
  attribs: { version: '2.0' },
  name: 'Archive_Tar',
  channel: 'pear.example.net',
  summary: 'Tär file management; "quoted"',
  lead: [{ name: 'Vincent Blavet', active: 'no' }],
  version: { release: '1.4.14', api: '1.4.0' },
  license: { attribs: { uri: 'x' }, _content: 'New BSD License' },
  filelist: {
    'Archive/Tar.php': {
      role: 'php',
      md5sum: createHash('md5').update(code).digest('hex'),
      installed_as: '/usr/share/php/Archive/Tar.php',
    },
    'gone.php': { installed_as: '/usr/share/php/gone.php' },
  },
  _lastmodified: 1_600_000_000,
  ok: true,
  nothing: null,
});

test('a package of the registry with its files and their digests', () => {
  const { components, gaps } = catalogued({
    'usr/share/php/.registry/archive_tar.reg': registry,
    'usr/share/php/Archive/Tar.php': code,
  });
  assert.deepEqual(gaps, []);
  const [one] = components;
  assert.deepEqual(
    [one?.purl, one?.name, one?.licenses, one?.supplier],
    ['pkg:pear/pear.example.net/Archive_Tar@1.4.14', 'Archive_Tar', ['New BSD License'], 'Vincent Blavet'],
  );
  assert.deepEqual(
    one?.owns.map(({ path, digest }) => [path, digest?.algorithm]),
    [
      ['usr/share/php/Archive/Tar.php', 'md5'],
      ['usr/share/php/.registry/archive_tar.reg', undefined],
    ],
  );
});

test('a version as text, as package.xml 1.0 has it', () => {
  const old = serialize({ package: 'Log', version: '1.9', license: 'MIT' });
  const [one] = catalogued({ 'php/.registry/.channel.pecl.example/log.reg': old }).components;
  assert.deepEqual([one?.purl, one?.licenses], ['pkg:pear/Log@1.9', ['MIT']]);
});

test('serialised values: objects as their properties, lengths in bytes, everything else refused', () => {
  const value = readPhpSerialized(Buffer.from('O:3:"Foo":2:{s:1:"a";d:0.5;s:2:"é";a:1:{i:0;b:1;}}'));
  assert.ok(value instanceof Map);
  assert.deepEqual([value.get('a'), value.get('é')], [0.5, new Map([['0', true]])]);
  for (const bad of [
    '',
    'x',
    's:5:"abc";',
    's:-1:"";',
    'a:9999999:{',
    `${'a:1:{i:0;'.repeat(100)}`,
    'a:1:{a:0:{}i:1;}',
    'R:1;',
  ]) {
    assert.equal(readWith(pear, 'php/.registry/x.reg', bad)?.gaps[0]?.reason, 'bad-database', bad.slice(0, 20));
  }
});

test('broken registries', () => survivesMutations('usr/share/php/.registry/archive_tar.reg', registry));
