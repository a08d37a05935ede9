import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DistroWord } from '../model/index.js';
import { distributionClaims } from './claims.js';

const image = { id: 'app:1|linux/amd64' };
const debian = { id: 'debian', versionId: '12', prettyName: 'Debian GNU/Linux 12 (bookworm)', idLike: [] };

function word(id: string, versionId: string | null, where: string, extra: Partial<DistroWord> = {}): DistroWord {
  return {
    id,
    versionId,
    where,
    what: 'package source',
    value: `says ${id}`,
    grade: 'inferred',
    agrees: false,
    ...extra,
  };
}

test('what agrees is evidence of one claim, what does not is a claim that contradicts it', () => {
  const [main, other, ...none] = distributionClaims({
    image,
    distro: debian,
    distroWords: [
      word('debian', '12', 'etc/os-release', { what: 'os-release', grade: 'claimed', agrees: true }),
      word('debian', '13', 'etc/apt/sources.list'),
      word('debian', '13', 'var/lib/dpkg/status'),
    ],
  });
  assert.deepEqual(none, []);
  assert.deepEqual(
    [main?.value, main?.grade, main?.evidence, main?.contradicts],
    [
      'Debian GNU/Linux 12 (bookworm)',
      'claimed',
      [{ what: 'os-release', where: 'etc/os-release', value: 'says debian' }],
      [other?.id],
    ],
  );
  assert.deepEqual(
    [other?.value, other?.grade, other?.evidence.map(({ where }) => where), other?.contradicts],
    ['debian 13', 'inferred', ['etc/apt/sources.list', 'var/lib/dpkg/status'], [main?.id]],
  );
});

test('an image that says nothing has the words alone, and nothing at all has no claim', () => {
  const claims = distributionClaims({
    image,
    distro: null,
    distroWords: [word('busybox', '1.36.1', 'bin/busybox', { agrees: true })],
  });
  assert.deepEqual(
    claims.map((one) => [one.value, one.grade, one.contradicts]),
    [['busybox 1.36.1', 'inferred', []]],
  );
  assert.deepEqual(distributionClaims({ image, distro: null, distroWords: [] }), []);
});
