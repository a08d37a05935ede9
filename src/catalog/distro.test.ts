import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distroQualifier, ecosystemOf, parseOsRelease } from './distro.js';
import { catalogued } from './image.test.support.js';

test('os-release: quotes, escapes, comments, the last assignment', () => {
  const text =
    '# comment\nID="alpine"\nVERSION_ID=3.18.4\r\nPRETTY_NAME="A \\"quoted\\" \\$name"\nID_LIKE=\'a  b\'\nVERSION_ID=3.18.5\nnonsense\n=x\n';
  assert.deepEqual(parseOsRelease(text), {
    id: 'alpine',
    versionId: '3.18.5',
    prettyName: 'A "quoted" $name',
    idLike: ['a', 'b'],
  });
  for (const empty of ['', '\n', 'VERSION_ID=1\n', 'ID=\n', '\x00\x01'])
    assert.equal(parseOsRelease(empty), null, empty);
});

test('where the distribution is looked for, in order', () => {
  const table: readonly (readonly [string, Readonly<Record<string, string | { link: string }>>, string | null])[] = [
    ['etc before usr/lib', { 'etc/os-release': 'ID=a\nVERSION_ID=1', 'usr/lib/os-release': 'ID=b' }, 'a-1'],
    [
      'through a link',
      { 'etc/os-release': { link: '/usr/lib/os-release' }, 'usr/lib/os-release': 'ID=b\nVERSION_ID=2' },
      'b-2',
    ],
    ['a link to nothing', { 'etc/os-release': { link: '../nowhere' }, 'usr/lib/os-release': 'ID=b' }, 'b'],
    ['an empty etc/os-release', { 'etc/os-release': '', 'usr/lib/os-release': 'ID=b' }, 'b'],
    ['debian_version fills in', { 'etc/os-release': 'ID=debian', 'etc/debian_version': '11.6\n' }, 'debian-11'],
    ['debian_version alone', { 'etc/debian_version': '10.3\n' }, 'debian-10'],
    ['testing has no number', { 'etc/debian_version': 'trixie/sid\n' }, 'debian'],
    ['alpine-release alone', { 'etc/alpine-release': '3.12.0\n' }, 'alpine-3.12.0'],
    ['nothing', {}, null],
  ];
  for (const [name, layer, expected] of table) assert.equal(distroQualifier(catalogued(layer).distro), expected, name);
});

test('an upper layer replaces what a lower one said', () => {
  const { distro } = catalogued({ 'etc/os-release': 'ID=a' }, { 'etc/os-release': 'ID=b' });
  assert.equal(distro?.id, 'b');
});

test("OSV's names", () => {
  const named = (id: string, versionId: string | null) => ecosystemOf({ id, versionId, prettyName: null, idLike: [] });
  assert.deepEqual(named('debian', '12'), { ecosystem: 'Debian', release: '12' });
  assert.deepEqual(named('debian', null), { ecosystem: 'Debian', release: null });
  assert.deepEqual(named('alpine', '3.18.4'), { ecosystem: 'Alpine', release: 'v3.18' });
  assert.deepEqual(named('wolfi', '20230201'), { ecosystem: 'Wolfi', release: null });
  assert.deepEqual(named('kali', '2024.1'), { ecosystem: 'kali', release: '2024.1' });
  assert.deepEqual(ecosystemOf(null), { ecosystem: null, release: null });
});
