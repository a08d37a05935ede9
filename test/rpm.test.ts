import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { rpmTag } from '../src/catalog/rpm/header.js';
import { header } from '../src/catalog/rpm/header.test.support.js';
import { buildBerkeley } from '../src/database/build.test.support.js';
import type { Dig } from '../src/model/index.js';
import { buildImage, file } from './image-builder.js';
import { inScratch, trowel } from './run.js';

const hex = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest('hex');

/** A package of two programs and a configuration, whose digests are of the algorithm with this number in rpm. */
function packageWith(name: string, number: number, algorithm: string): Uint8Array {
  return header({
    [rpmTag.name]: name,
    [rpmTag.version]: '1.0',
    [rpmTag.release]: '1.el8',
    [rpmTag.arch]: 'x86_64',
    [rpmTag.sourceRpm]: `${name}-1.0-1.el8.src.rpm`,
    [rpmTag.fileDigestAlgorithm]: { int32: [number] },
    [rpmTag.dirNames]: ['/usr/bin/', '/etc/'],
    [rpmTag.dirIndexes]: { int32: [0, 0, 1] },
    [rpmTag.baseNames]: [`${name}-same`, `${name}-changed`, `${name}.conf`],
    [rpmTag.fileModes]: { int16: [0o100755, 0o100755, 0o100644] },
    [rpmTag.fileFlags]: { int32: [0, 0, 1] },
    [rpmTag.fileDigests]: [hex(algorithm, 'same'), hex(algorithm, 'as packaged'), hex(algorithm, 'default')],
  });
}

test('files of rpm packages are held to their digests, whatever the algorithm', async () => {
  const packages = [packageWith('new', 8, 'sha256'), packageWith('old', 1, 'md5')];
  const files = ['new', 'old'].flatMap((name) => [
    file(`usr/bin/${name}-same`, 'same', 0o755),
    file(`usr/bin/${name}-changed`, 'as packaged', 0o755),
    file(`etc/${name}.conf`, 'edited'),
  ]);
  await inScratch(async (dir) => {
    await buildImage(`${dir}/layout`, 'registry.example/a/b:1', [
      [
        file('etc/os-release', 'ID="rocky"\nVERSION_ID="8.9"\nID_LIKE="rhel centos fedora"\n'),
        file('var/lib/rpm/Packages', buildBerkeley([new Uint8Array(4), ...packages], true)),
        ...files,
      ],
      [file('usr/bin/new-changed', 'changed', 0o755), file('usr/bin/old-changed', 'changed', 0o755)],
    ]);
    const options = ['--offline', '-o', 'json', '--db', `${dir}/db`, '--store', `${dir}/store`, '--allow-incomplete'];
    const run = await trowel(['dig', `oci-dir:${dir}/layout`, ...options]);
    assert.equal(run.code, 0, run.stderr);
    const found: Dig = JSON.parse(run.stdout);
    assert.deepEqual(
      found.components.map((one) => one.purl),
      ['new', 'old'].map(
        (name) => `pkg:rpm/rocky/${name}@1.0-1.el8?arch=x86_64&distro=rocky-8.9&upstream=${name}-1.0-1.el8.src.rpm`,
      ),
    );
    const [image] = found.images;
    assert.deepEqual(
      image?.modifiedFiles.map((one) => [one.path, one.recorded, one.actual]),
      [
        ['usr/bin/new-changed', `sha256:${hex('sha256', 'as packaged')}`, `sha256:${hex('sha256', 'changed')}`],
        ['usr/bin/old-changed', `md5:${hex('md5', 'as packaged')}`, `md5:${hex('md5', 'changed')}`],
      ],
    );
    const { byBucket } = image?.coverage ?? {};
    assert.deepEqual([byBucket?.owned.files, byBucket?.modified.files, byBucket?.generated.files], [4, 2, 1]);
  });
});
