import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { Dig } from '../src/model/index.js';
import { buildImage, file } from './image-builder.js';
import { inScratch, trowel } from './run.js';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** A package that owns three files, one of them through a merged /usr and one under two names. */
const database = [
  file('etc/os-release', 'ID=debian\nVERSION_ID="12"\n'),
  file(
    'var/lib/dpkg/status',
    'Package: tool\nStatus: install ok installed\nVersion: 1.0-1\nArchitecture: amd64\nConffiles:\n /etc/tool.conf aaaa\n',
  ),
  file(
    'var/lib/dpkg/info/tool.list',
    '/.\n/bin\n/bin/tool\n/usr\n/usr/bin\n/usr/bin/twin\n/etc/tool.conf\n/usr/share/tool\n',
  ),
  file(
    'var/lib/dpkg/info/tool.md5sums',
    `${md5('tool')}  bin/tool\n${md5('tool')}  usr/bin/twin\n${md5('data')}  usr/share/tool\n`,
  ),
  { path: 'bin', type: 'symlink', mode: 0o777, link: 'usr/bin' },
] as const;

async function dig(dir: string): Promise<Dig> {
  const args = [
    'dig',
    `oci-dir:${dir}/layout`,
    '--offline',
    '-o',
    'json',
    '--db',
    `${dir}/db`,
    '--store',
    `${dir}/store`,
  ];
  const run = await trowel([...args, '--allow-incomplete', '--files']);
  assert.equal(run.code, 0, run.stderr);
  return JSON.parse(run.stdout);
}

test('files that are what their package recorded are owned; one that a later layer changed is modified', async () => {
  await inScratch(async (dir) => {
    await buildImage(`${dir}/layout`, 'registry.example/a/b:1', [
      [
        ...database,
        file('usr/bin/tool', 'tool', 0o755),
        { path: 'usr/bin/twin', type: 'hardlink', mode: 0o755, link: 'usr/bin/tool' },
        file('usr/share/tool', 'data'),
        file('etc/tool.conf', 'mine'),
      ],
      [file('usr/share/tool', 'other')],
    ]);
    for (const again of [false, true]) {
      const found = await dig(dir);
      const [component] = found.components;
      assert.deepEqual(
        found.images[0]?.modifiedFiles,
        [
          {
            path: 'usr/share/tool',
            component: component?.id,
            recorded: `md5:${md5('data')}`,
            actual: `md5:${md5('other')}`,
          },
        ],
        again ? 'from the store' : 'read',
      );
      const buckets = [...(found.images[0]?.files ?? [])].map((row) => [row.path, row.bucket]);
      assert.deepEqual(
        buckets.filter(([path]) => !path?.startsWith('var/')),
        [
          ['etc/os-release', 'unknown'],
          ['etc/tool.conf', 'owned'],
          ['usr/bin/tool', 'owned'],
          ['usr/share/tool', 'modified'],
        ],
      );
    }
  });
});
