import { createHash, type Hash } from 'node:crypto';
import { isTrowelError, TrowelError } from '../../model/index.js';
import { decompressBytes, TarReader, type TarSink } from '../../pack/index.js';
import type { TreeHandler } from '../walk-tree.js';
import { Collector, outside, tellFile } from './entries.js';
import { type ArchiveWalk, fileChunks, readPayload } from './payload.js';

const folder = 'GEM';
/** Specifications and checksums have some kilobytes. */
const maxMetadataBytes = 16 * 1024 ** 2;
const data = 'data.tar.gz';
const checksums = 'checksums.yaml.gz';

interface Member {
  readonly offset: number;
  readonly sizeBytes: number;
  readonly sha256: Hash;
  readonly sha512: Hash;
  /** Null for the payload, which is read where it lies. */
  readonly kept: Collector | null;
}

/**
 * A gem: its members in `GEM/` but for the payload, whose files are told as they are.
 * Follows: RubyGems, lib/rubygems/package.rb: an uncompressed tar of metadata.gz, data.tar.gz and checksums.yaml.gz.
 */
export async function walkGem({ path, source, handler, limits }: ArchiveWalk): Promise<void> {
  const members = new Map<string, Member>();
  const outer = new TarReader(
    {
      entry(header): TarSink | null {
        const { offset, sizeBytes } = header;
        if (header.type !== 'file' || header.sparse || header.path.includes('/') || members.has(header.path))
          return null;
        if (members.size >= 100) throw new TrowelError('too-large', { what: 'more than 100 members of a gem' });
        const kept = header.path === data ? null : new Collector(maxMetadataBytes);
        const member = { offset, sizeBytes, sha256: createHash('sha256'), sha512: createHash('sha512'), kept };
        members.set(header.path, member);
        return {
          write(chunk) {
            member.sha256.update(chunk);
            member.sha512.update(chunk);
            kept?.write(chunk);
          },
          end: () => undefined,
        };
      },
    },
    { entries: 10_000, pathBytes: limits.pathBytes, totalBytes: limits.layerBytes },
  );
  for await (const chunk of source.rest()) outer.write(chunk);
  outer.end();
  for (const [name, { kept }] of members) {
    if (kept === null) continue;
    const { bytes } = kept;
    if (bytes === null) handler.gap(`${folder}/${name}`, 'too-large', `more than ${maxMetadataBytes} bytes`);
    else tellFile(handler, `${folder}/${name}`, bytes);
  }
  compare(members, handler);
  const payload = members.get(data);
  if (payload === undefined) return handler.gap(folder, 'truncated', `the gem has no ${data}`);
  const { offset, sizeBytes } = payload;
  if (sizeBytes > 0)
    await readPayload(fileChunks(path, offset, offset + sizeBytes - 1), outside(folder, handler), limits);
}

/** Members against the checksums that the gem carries of them. */
function compare(members: ReadonlyMap<string, Member>, handler: TreeHandler): void {
  const kept = members.get(checksums)?.kept?.bytes ?? null;
  if (kept === null) return;
  for (const { algorithm, name, hex } of statedSums(kept, handler)) {
    const member = members.get(name);
    if (member === undefined) continue;
    const actual = member[algorithm].copy().digest('hex');
    if (actual !== hex) {
      handler.gap(
        `${folder}/${name}`,
        'bad-digest',
        `${name} is ${algorithm}:${actual}, the gem says ${hex.slice(0, 128)}`,
      );
    }
  }
}

interface Sum {
  readonly algorithm: 'sha256' | 'sha512';
  readonly name: string;
  readonly hex: string;
}

/** Lines `SHA256:` and below them `  NAME: HEX`, as RubyGems' own YAML writer has them. */
function statedSums(packed: Uint8Array, handler: TreeHandler): Sum[] {
  const sums: Sum[] = [];
  let algorithm: Sum['algorithm'] | null = null;
  try {
    for (const line of Buffer.from(decompressBytes(packed, maxMetadataBytes)).toString('utf8').split('\n')) {
      if (/^\S/.test(line)) algorithm = line === 'SHA256:' ? 'sha256' : line === 'SHA512:' ? 'sha512' : null;
      const [, name, hex] = /^ {2}([\w.]{1,100}): ["']?([0-9a-f]{1,128})["']?$/.exec(line) ?? [];
      if (algorithm !== null && name !== undefined && hex !== undefined) sums.push({ algorithm, name, hex });
    }
  } catch (error) {
    if (!isTrowelError(error)) throw error;
    handler.gap(`${folder}/${checksums}`, error.code, error.what);
  }
  return sums;
}
