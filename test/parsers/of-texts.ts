import assert from 'node:assert/strict';
import { cvssRating, readAdvisory } from '../../src/advisory/index.js';
import { licenseExpression } from '../../src/catalog/index.js';
import { licensesOfPom } from '../../src/catalog/licenses/pom.js';
import { formatPurl, isTrowelError, parsePurl } from '../../src/model/index.js';
import { parseDig } from '../../src/report/index.js';
import { orderings } from '../../src/version/index.js';
import { exampleDig } from '../example-dig.js';
import { latin1, type Parser, type Seed } from './parser.js';

const seed = (text: string): Seed => ({ label: text.slice(0, 30), bytes: Buffer.from(text) });
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

const record = {
  schema_version: '1.6.0',
  id: 'DEBIAN-CVE-2024-0001',
  modified: '2024-01-02T03:04:05Z',
  published: '2024-01-01T00:00:00Z',
  aliases: ['CVE-2024-0001'],
  related: ['GHSA-aaaa-bbbb-cccc'],
  upstream: ['CVE-2024-0001'],
  summary: 'x',
  details: 'y',
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
  affected: [
    {
      package: { ecosystem: 'Debian:12', name: 'a', purl: 'pkg:deb/debian/a' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.2-3' }, { last_affected: '2' }] }],
      versions: ['1.0', '1.1'],
      ecosystem_specific: { urgency: 'low' },
      database_specific: { source: 'x' },
    },
  ],
};

const versions = [
  '1.2.3',
  '1:2.0~rc1-3+deb12u1',
  '1.0.0-alpha.1+build',
  'v1.2.3-0.20200101000000-abcdef012345',
  '2.0.post1.dev3',
  '1.2.3_p1-r4',
  '1.0-SNAPSHOT',
];

/** Both ways round: what is older than the other cannot be newer, too. */
function compareAll(bytes: Uint8Array): void {
  const [a = '', b = ''] = textOf(bytes).split(' ');
  for (const { name, compare } of orderings) {
    const [there, back] = [compare(a, b), compare(b, a)];
    const isRight = there === undefined ? back === undefined : back !== undefined && there + back === 0;
    assert.ok(isRight, `${name}: ${there} and ${back} of "${a.slice(0, 200)}" and "${b.slice(0, 200)}"`);
  }
}

export const textParsers: readonly Parser[] = [
  {
    name: 'purl',
    memoryMb: 16,
    seeds: () =>
      [
        'pkg:deb/debian/curl@7.88.1-10%2Bdeb12u5?arch=amd64&distro=debian-12',
        'pkg:golang/github.com/a/b@v1.2.3#sub/path',
        'pkg:npm/%40a/b@1.0.0?download_url=https://example.org/b.tgz',
      ].map(seed),
    parse(bytes) {
      const parts = parsePurl(textOf(bytes));
      // What was read can be written, and what was written is read the same.
      const written = formatPurl(parts);
      assert.equal(formatPurl(parsePurl(written)), written);
    },
  },
  {
    name: 'versions',
    memoryMb: 16,
    seeds: () =>
      versions.flatMap((one, at) => [seed(`${one} ${versions[(at + 1) % versions.length]}`), seed(`${one} ${one}`)]),
    parse: compareAll,
  },
  {
    name: 'licences',
    memoryMb: 16,
    seeds: () =>
      ['GPL-2+ or Artistic, and Expat', '(MIT OR Apache-2.0) AND GPLv2+ WITH exceptions', 'EPL-2.0;link=x, MIT'].map(
        seed,
      ),
    parse(bytes) {
      for (const type of ['deb', 'apk', 'npm']) licenseExpression(type, textOf(bytes).split('|'));
    },
  },
  {
    name: 'pom',
    memoryMb: 16,
    seeds: () => [
      seed('<project><!-- a --><licenses><license><name>MIT &amp; x</name></license></licenses></project>'),
    ],
    parse: (bytes) => licensesOfPom(textOf(bytes)),
  },
  {
    name: 'osv',
    memoryMb: 32,
    seeds: () => [seed(JSON.stringify(record))],
    parse(bytes) {
      let value: unknown;
      try {
        value = JSON.parse(textOf(bytes));
      } catch {
        return;
      }
      readAdvisory(value);
    },
  },
  {
    name: 'cvss',
    memoryMb: 16,
    seeds: () => [
      { label: '4', bytes: latin1('CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N') },
      { label: '3', bytes: latin1('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H/E:P') },
      { label: '2', bytes: latin1('AV:N/AC:L/Au:N/C:P/I:P/A:P') },
    ],
    parse: (bytes) => cvssRating(textOf(bytes)),
  },
  {
    name: 'dig',
    memoryMb: 32,
    seeds: () => [{ label: 'example', bytes: Buffer.from(JSON.stringify(exampleDig())) }],
    parse(bytes) {
      try {
        parseDig(textOf(bytes), 'dig.json');
      } catch (error) {
        if (!isTrowelError(error)) throw error;
      }
    },
  },
];
