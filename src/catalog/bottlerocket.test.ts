import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bottlerocket } from './bottlerocket.js';
import { catalogued, readWith } from './image.test.support.js';

const path = 'usr/share/bottlerocket/application-inventory.json';
const inventory = {
  Content: [
    {
      Name: 'bottlerocket-glibc',
      Publisher: 'Bottlerocket',
      Version: '2.40',
      Release: '1.1724956024.a1b2c3',
      Epoch: '1',
      InstalledTime: '2024-08-29T18:27:04Z',
      ApplicationType: 'Unspecified',
      Architecture: 'x86_64',
      Url: 'http://www.gnu.org/software/glibc/',
      Summary: 'The GNU libc libraries',
    },
    { Publisher: 'Bottlerocket', Version: '1' },
  ],
};

test('packages of the inventory', () => {
  const { components, gaps } = catalogued({
    'etc/os-release': 'ID=bottlerocket\nVERSION_ID=1.21.1\n',
    [path]: JSON.stringify(inventory),
  });
  assert.deepEqual(
    components.map((one) => [one.purl, one.version, one.ecosystem, one.supplier]),
    [
      [
        'pkg:rpm/bottlerocket/bottlerocket-glibc@2.40-1.1724956024.a1b2c3?arch=x86_64&distro=bottlerocket-1.21.1&epoch=1',
        '1:2.40-1.1724956024.a1b2c3',
        'bottlerocket',
        'Bottlerocket',
      ],
    ],
  );
  assert.deepEqual(
    gaps.map(({ reason, detail }) => [reason, detail]),
    [['bad-database', '1 entries without a name']],
  );
});

test('what is no inventory is a gap', () => {
  for (const text of ['', '{', '[]', '{"Content":{}}', 'null']) {
    const result = readWith(bottlerocket, path, text);
    assert.deepEqual([result?.records.length, result?.gaps[0]?.reason], [0, 'bad-database'], text);
  }
  fc.assert(
    fc.property(fc.json(), (text) => {
      catalogued({ [path]: text, [`a/${path}`]: `{"Content":[${text}]}` });
    }),
    { numRuns: 200, seed: 7 },
  );
});
