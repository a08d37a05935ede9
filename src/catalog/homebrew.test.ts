import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { homebrew } from './homebrew.js';
import { catalogued, readWith } from './image.test.support.js';

const cellar = 'home/linuxbrew/.linuxbrew/Cellar';
const receipt = JSON.stringify({ homebrew_version: '4.2.0', source: { tap: 'homebrew/core', path: 'jq.rb' } });

test('a package a receipt, which owns what lies in its folder', () => {
  const { components, gaps } = catalogued({
    [`${cellar}/jq/1.7.1/INSTALL_RECEIPT.json`]: receipt,
    [`${cellar}/jq/1.7.1/bin/jq`]: 'jq',
    [`${cellar}/jq/1.7.1/.brew/jq.rb`]: 'class Jq < Formula\n  desc "x"\n  license "MIT"\nend\n',
    [`${cellar}/jq/1.6/bin/jq`]: 'left over',
  });
  assert.deepEqual(gaps, []);
  assert.deepEqual(components[0]?.licenses, ['MIT']);
  assert.deepEqual(
    components.map((one) => [one.purl, one.evidence[0]?.value, one.owns.map(({ path }) => path)]),
    [
      [
        'pkg:brew/jq@1.7.1',
        'jq 1.7.1 of homebrew/core',
        [`${cellar}/jq/1.7.1/INSTALL_RECEIPT.json`, `${cellar}/jq/1.7.1/bin/jq`, `${cellar}/jq/1.7.1/.brew/jq.rb`],
      ],
    ],
  );
});

test('what is no receipt', () => {
  assert.equal(readWith(homebrew, `${cellar}/INSTALL_RECEIPT.json`, receipt), null);
  assert.equal(readWith(homebrew, 'opt/jq/1/INSTALL_RECEIPT.json', receipt), null);
  const path = `${cellar}/jq/1.7.1/INSTALL_RECEIPT.json`;
  assert.equal(readWith(homebrew, path, '{')?.gaps[0]?.reason, 'bad-database');
  fc.assert(
    fc.property(fc.json(), (text) => {
      assert.equal(catalogued({ [path]: text }).components.length, 1);
    }),
    { numRuns: 100, seed: 7 },
  );
});
