import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type TarEntry, tarEntries, writeTar } from '../../../src/pack/index.js';
import { salted } from './tenfold.js';

const limits = { entries: 1000, pathBytes: 4096, totalBytes: 2 ** 20 };

test('a copy: other paths, other bytes, the same links; archives as they were', async () => {
  const file = (path: string, content: string): TarEntry => ({
    path,
    type: 'file',
    mode: 0o644,
    content: Buffer.from(content),
  });
  const original = [
    { path: './etc/', type: 'directory', mode: 0o755 } as const,
    file('./etc/name', 'one'),
    file('lib/a.jar', 'PK'),
    file('/empty', ''),
    { path: 'hard', type: 'hardlink', mode: 0o644, link: './etc/name' } as const,
    { path: 'soft', type: 'symlink', mode: 0o777, link: 'etc/name' } as const,
  ];
  const bytes = Buffer.concat([...writeTar(original)]);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 700) yield bytes.subarray(at, at + 700);
  }
  const copied: Uint8Array[] = [];
  for await (const piece of salted(pieces(), 3)) copied.push(piece);
  const found = [...tarEntries(Buffer.concat(copied), limits)].map(({ header, content }) => [
    header.path,
    header.type,
    header.link,
    Buffer.from(content).toString(),
  ]);
  assert.deepEqual(found, [
    ['copies/3/etc/', 'directory', '', ''],
    ['copies/3/etc/name', 'file', '', 'one\n\n\n'],
    ['copies/3/lib/a.jar', 'file', '', 'PK'],
    ['copies/3/empty', 'file', '', ''],
    ['copies/3/hard', 'hardlink', 'copies/3/etc/name', ''],
    ['copies/3/soft', 'symlink', 'etc/name', ''],
  ]);
});
