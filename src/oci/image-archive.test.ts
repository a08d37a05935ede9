import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sharedData, sharedMissing } from '../../test/paths.js';
import { type Image, isTrowelError, platformName } from '../model/index.js';
import type { ImageFinder } from './find-images.js';
import { digestsOf, withFinder } from './finder.test.support.js';

const images = sharedData('images');

interface Row {
  readonly archive: string;
  readonly shape: string;
  readonly platforms: readonly string[];
  readonly state: readonly string[];
}

function stateRows(folder: string): readonly Row[] {
  const lines = readFileSync(join(folder, 'STATE.tsv'), 'utf8').trimEnd().split('\n').slice(1);
  return lines.map((line) => {
    const [archive = '', shape = '', platforms = '', state = ''] = line.split('\t');
    return {
      archive,
      shape,
      platforms: platforms.split(' ').filter((word) => word !== '' && word !== 'attestation'),
      // Attestations are no images: that one is absent is not our concern.
      state: state.split('; ').filter((word) => word !== 'sound' && !/^manifest \w+ unknown absent$/.test(word)),
    };
  });
}

/** What the table would say of an image that was found, in its words, its layers read by plain means. */
async function stateOf(finder: ImageFinder, image: Image): Promise<readonly string[]> {
  const name = nameOf(image);
  if (image.manifest === null && image.digest !== null) {
    return [`manifest ${image.digest.slice(7, 19)} ${image.platform.architecture} absent`];
  }
  const state: string[] = [];
  const missing = image.problems.filter((problem) => problem.reason === 'layer-missing');
  if (missing.length > 0) {
    state.push(`${name}: ${image.layers.length - missing.length} layers for ${image.layers.length} diff IDs`);
  }
  for (const [at, layer] of image.layers.entries()) {
    assert.equal(
      layer.location === null,
      missing.some((problem) => problem.layer === at),
    );
    if (layer.location === null) continue;
    const actual = await digestsOf(finder.openBlob, layer.location).catch((error: unknown) => {
      if (isTrowelError(error, 'bad-bytes', 'truncated')) return { digest: 'bad', diffID: 'bad', sizeBytes: 0 };
      throw error;
    });
    if (layer.digest !== null && actual.digest !== layer.digest) {
      state.push(`${name}: layer ${at} is not its digest (${actual.sizeBytes} bytes)`);
    }
    if (actual.diffID !== layer.diffID) state.push(`${name}: layer ${at} is not its diff ID`);
  }
  return state;
}

function nameOf(image: Image): string {
  if (image.digest !== null) return image.digest.slice(7, 19);
  if (image.reference.includes('archive:')) return 'untagged';
  return image.reference.replace(/^docker\.io\/(?:library\/)?/, '');
}

for (const row of images === null ? [] : stateRows(images)) {
  const path = join(images ?? '', row.archive);
  const kinds = row.shape.includes('OCI+docker')
    ? (['oci-archive', 'docker-archive'] as const)
    : row.shape.includes('OCI')
      ? (['oci-archive'] as const)
      : (['docker-archive'] as const);
  for (const kind of kinds) {
    test(`${kind} of ${row.archive}: ${row.state.length === 0 ? 'sound' : row.state.join('; ')}`, () =>
      withFinder({ platforms: 'all' }, async (finder) => {
        const found = finder.find({ kind, path, tag: null });
        if (row.shape.startsWith('no image')) {
          await assert.rejects(
            found,
            (error) => isTrowelError(error, 'bad-bytes') && /begins with/.test(error.message),
          );
          return;
        }
        const all = await found;
        const states = (await Promise.all(all.map((image) => stateOf(finder, image)))).flat();
        assert.deepEqual([...states].sort(), [...row.state].sort());
        const there = all.filter((image) => image.layers.length > 0);
        assert.deepEqual(
          there.map((image) => platformName(image.platform)),
          row.platforms,
        );
      }));
  }
}

test('an archive of one platform is taken and said to be', { skip: images === null && sharedMissing }, () =>
  withFinder({ platforms: ['linux/s390x'] }, async (finder) => {
    const path = join(images ?? '', 'containerd-archives__busybox.arm64.tar');
    const [image, ...others] = await finder.find({ kind: 'oci-archive', path, tag: null });
    assert.deepEqual(others, []);
    assert.equal(image?.platformTaken, true);
    assert.equal(image?.id, 'docker.io/library/busybox:latest|linux/arm64');
    assert.match(image?.indexDigest ?? '', /^sha256:6d9ac9237a84/);
  }),
);

test('the real archives are there', { skip: images === null && sharedMissing }, () => {
  assert.equal(stateRows(images ?? '').length, 21);
});
