import { TrowelError } from '../model/index.js';
import { JsonIndexScanner } from './index-json.js';
import { type IndexLimits, type IndexScanner, indexLimits, type ScannedIndex } from './index-scanner.js';
import { YamlIndexScanner } from './index-yaml.js';

/**
 * Reads an `index.yaml` once, as a stream, and keeps of it only the entry of one chart: real ones are tens of MB.
 * YAML and JSON, told apart by the first character, as Helm does.
 *
 * Throws TrowelError `bad-bytes` for what is no index, `too-large`, `unsupported` for YAML that no program writes
 * into an index (keys that are no text). Follows: helm pkg/repo/index.go (loadIndex).
 */
export async function scanIndex(
  chunks: AsyncIterable<Uint8Array>,
  chart: string,
  limits: IndexLimits = indexLimits,
): Promise<ScannedIndex> {
  let scanner: IndexScanner | null = null;
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > limits.indexBytes) {
      throw new TrowelError('too-large', { what: `the index has more than ${limits.indexBytes} bytes` });
    }
    scanner ??= firstLetter(chunk) === '{' ? new JsonIndexScanner(chart, limits) : new YamlIndexScanner(chart, limits);
    scanner.push(chunk);
  }
  if (scanner === null) throw new TrowelError('bad-bytes', { what: 'empty index.yaml file' });
  return { ...scanner.end(), bytes };
}

function firstLetter(chunk: Uint8Array): string {
  const text = Buffer.from(chunk.buffer, chunk.byteOffset, Math.min(chunk.length, 4096)).toString('utf8');
  return text
    .replace(/^\ufeff/, '')
    .trimStart()
    .charAt(0);
}
