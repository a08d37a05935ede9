import { spawnSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import type { Random } from '../fuzz/random.js';
import type { Made } from './made.js';
import { headerTags } from './mutate.js';

/** An archive compressed as layers are, now and then in pieces, with bytes behind it, or broken. */
export function packed(made: Made, random: Random): Made {
  const kind = random.pick(['gzip', 'gzip', 'zstd', 'bzip2', 'xz'] as const);
  const parts = random.chance(0.4) ? pieces(made.bytes, random) : [made.bytes];
  const tags = [...made.tags, ...headerTags(made.bytes), `packed:${kind}`, ...(parts.length > 1 ? ['members'] : [])];
  const bytes = kind === 'gzip' ? gzipped(parts, random) : compressed(kind, parts, random);
  if (bytes === null) return made;
  return behind({ bytes, tags }, kind, random);
}

function pieces(bytes: Buffer, random: Random): Buffer[] {
  const cuts = [random.below(bytes.length + 1), random.below(bytes.length + 1)].sort((a, b) => a - b);
  const [first = 0, second = 0] = cuts;
  return [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)];
}

function gzipped(parts: readonly Buffer[], random: Random): Buffer {
  return Buffer.concat(parts.map((part) => gzipSync(part, { level: random.between(0, 9) })));
}

/** With the format's own tool; null where it is not on this machine. */
function compressed(tool: 'zstd' | 'bzip2' | 'xz', parts: readonly Buffer[], random: Random): Buffer | null {
  const out: Buffer[] = [];
  for (const part of parts) {
    const options =
      tool === 'zstd'
        ? ['-q', '-c', `-${random.between(1, 12)}`, ...(random.chance(0.5) ? ['--no-check'] : [])]
        : ['-c'];
    const run = spawnSync(tool, options, { input: part, maxBuffer: 2 ** 28 });
    if (run.status !== 0) return null;
    if (tool === 'zstd' && random.chance(0.3)) out.push(skippable(random));
    out.push(run.stdout);
  }
  return Buffer.concat(out);
}

/** A frame that says nothing (RFC 8878, 3.1.2). */
function skippable(random: Random): Buffer {
  const content = Buffer.alloc(random.pick([0, 1, 100]), 7);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a50 + random.below(16), 0);
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content]);
}

function behind(made: Made, kind: string, random: Random): Made {
  const { bytes, tags } = made;
  switch (random.below(8)) {
    case 0:
      return {
        bytes: Buffer.concat([bytes, Buffer.from('bytes that are no member')]),
        tags: [...tags, 'garbage-behind'],
      };
    case 1:
      return kind === 'gzip'
        ? { bytes: Buffer.concat([bytes, Buffer.alloc(512)]), tags: [...tags, 'zeros-behind'] }
        : made;
    case 2:
      return { bytes: bytes.subarray(0, random.below(bytes.length)), tags: [...tags, 'packed-cut'] };
    case 3: {
      const flipped = Buffer.from(bytes);
      const at = random.below(flipped.length);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << random.below(8));
      return { bytes: flipped, tags: [...tags, 'packed-flip'] };
    }
    default:
      return made;
  }
}
