import assert from 'node:assert/strict';
import { test } from 'node:test';
import { everyCataloguer } from '../catalog/list.js';
import { Interests } from './interests.js';
import type { LayerReader } from './readers.js';

function reader(name: string, reads?: readonly string[]): LayerReader {
  const rest = { name, version: 1, wants: () => true, read: () => ({ records: [], gaps: [] }) };
  return reads === undefined ? rest : { ...rest, about: { reads } };
}

const none = new Uint8Array(0);

test('readers are found by name, ending, piece of a path and first bytes, in their order', () => {
  const interests = new Interests([
    reader('any'),
    reader('name', ['**/package.json', 'var/lib/db']),
    reader('ending', ['**.jar', '**/x*.tar.spdx']),
    reader('piece', ['etc/sources.d/*', '**lib/modules/**.ko.*']),
    reader('magic', ['ELF', 'PE']),
    reader('said', ['(what only words can say)', '**.jar']),
  ]);
  const found = (path: string, head: Uint8Array = none): string =>
    interests
      .of(path, head)
      .map(({ name }) => name)
      .join(' ');
  assert.equal(found('a/b'), 'any said');
  assert.equal(found('package.json'), 'any name said');
  assert.equal(found('a/PACKAGE.json'), 'any name said');
  assert.equal(found('var/lib/db'), 'any name said');
  assert.equal(found('a/x.jar'), 'any ending said');
  assert.equal(found('a/xy.tar.spdx'), 'any ending said');
  assert.equal(found('etc/sources.d/one'), 'any piece said');
  assert.equal(found('usr/lib/modules/6.1/a.ko.xz'), 'any piece said');
  assert.equal(found('bin/x', Uint8Array.from([0x7f, 0x45, 0x4c, 0x46])), 'any magic said');
  assert.equal(found('bin/x.jar', Uint8Array.from([0x4d, 0x5a, 0, 0])), 'any ending magic said');
  assert.equal(found('bin/x', Uint8Array.from([0x7f])), 'any said');
});

test('whatever a cataloguer declares leads to it', () => {
  const interests = new Interests(everyCataloguer);
  const heads: Readonly<Record<string, string>> = {
    ELF: '\x7fELF',
    PE: 'MZ\x90\0',
    'Mach-O': '\xcf\xfa\xed\xfe',
    GGUF: 'GGUF',
  };
  // `**/` stands for no folder, one and several; `*` for nothing, a text, and one with a dot.
  const fillings: readonly (readonly [string, string])[] = [
    ['', ''],
    ['opt/', 'a'],
    ['srv/a/b/', 'x.y'],
  ];
  let asked = 0;
  for (const { name, about } of everyCataloguer) {
    for (const one of about.reads) {
      const head = heads[one];
      for (const [folders, text] of fillings) {
        const path =
          head === undefined ? one.replace(/\*\*\/|\*+/g, (stars) => (stars === '**/' ? folders : text)) : 'x';
        const found = interests.of(path, Buffer.from(head ?? '', 'latin1'));
        assert.ok(
          found.some((reader) => reader.name === name),
          `${name} is not asked of ${path} (${one})`,
        );
        asked += 1;
      }
    }
  }
  assert.ok(asked > 500);
});
