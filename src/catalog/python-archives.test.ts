import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogued, readWith } from './image.test.support.js';
import { survivesMutations } from './mutation.test.support.js';
import { pythonArchives } from './python-archives.js';
import { buildZip } from './zip.test.support.js';

const metadata = 'Metadata-Version: 2.1\nName: Zope.Interface\nVersion: 6.0\nLicense: ZPL 2.1\nAuthor: Zope\n\nbody\n';
const egg = buildZip([
  ['EGG-INFO/PKG-INFO', metadata],
  ['zope/interface.py', 'x'],
]);
const wheel = buildZip([
  ['zope/x.py', 'x'],
  ['zope.interface-6.0.dist-info/METADATA', metadata],
]);

test('eggs and wheels that are not unpacked', () => {
  const { components, gaps } = catalogued({
    'lib/Zope.Interface-6.0-py3.9.egg': egg,
    'wheels/zope.interface-6.0-py3-none-any.whl': wheel,
  });
  assert.deepEqual(gaps, []);
  assert.deepEqual(
    components.map((one) => [one.purl, one.name, one.licenses, one.supplier, one.evidence[0]?.what, one.owns.length]),
    [
      ['pkg:pypi/zope-interface@6.0', 'zope-interface', ['ZPL 2.1'], 'Zope', 'egg archive', 1],
      ['pkg:pypi/zope-interface@6.0', 'zope-interface', ['ZPL 2.1'], 'Zope', 'wheel that is not unpacked', 1],
    ],
  );
});

test('an archive without metadata, or a broken one, is a gap', () => {
  const read = (bytes: Uint8Array) => readWith(pythonArchives, 'x.whl', bytes)?.gaps[0]?.reason;
  assert.equal(read(buildZip([['x.py', 'x']])), 'bad-database');
  assert.equal(read(buildZip([['a-1.dist-info/METADATA', 'Name: a\n']])), 'bad-database');
  assert.equal(read(wheel.subarray(0, 60)), 'bad-bytes');
});

test('broken archives', () => survivesMutations('x.whl', wheel));
