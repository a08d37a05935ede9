import { type CatalogFile, isTrowelError, TrowelError } from '../model/index.js';
import type { TypedRead } from './define.js';
import { fieldsOf, jsonObject, textOf } from './json.js';
import { definePackages, oneRow, type PackageRow } from './packages.js';
import { baseName } from './paths.js';

/**
 * Models of machine learning by their files: GGUF (`general.*` of its header) and SafeTensors (`__metadata__`). The
 * weights are not read.
 *
 * A model without a name of its own goes by its file's, `inferred`.
 * Follows: ggml docs/gguf.md (versions 2 and 3), safetensors README "Format".
 */
export const models = definePackages({
  name: 'models',
  version: 2,
  wants: (file, head) =>
    file.type === 'file' && (isGguf(head) || (file.path.endsWith('.safetensors') && file.sizeBytes > 10)),
  read,
  about: {
    finds: 'models of machine learning',
    reads: ['GGUF', '**.safetensors'],
    purls: ['generic', 'huggingface'],
    grades: ['claimed', 'inferred'],
    facts: ['licenses', 'supplier', 'files'],
    limit: "a model without a name of its own goes by its file's, `inferred`",
  },
});

function isGguf(head: Uint8Array): boolean {
  return head[0] === 0x47 && head[1] === 0x47 && head[2] === 0x55 && head[3] === 0x46;
}

const maxHeaderBytes = 8 * 1024 * 1024;
const maxFields = 10_000;

function read(file: CatalogFile): TypedRead<PackageRow> {
  const isLlama = isGguf(file.slice(0, 4));
  const fields = isLlama ? ggufFields(file) : safetensorsFields(file);
  const stem = baseName(file.head.path).replace(/\.(?:gguf|safetensors)$/, '');
  const stated = fields.get('general.name') ?? fields.get('modelspec.title') ?? '';
  const version = fields.get('general.version') ?? null;
  const architecture =
    fields.get('general.architecture') ?? fields.get('modelspec.architecture') ?? fields.get('format') ?? 'unknown';
  return oneRow(
    {
      type: 'generic',
      name: stated === '' ? stem : stated.trim(),
      version,
      ecosystem: null,
      licenses: [fields.get('general.license') ?? fields.get('modelspec.license') ?? ''],
      supplier:
        fields.get('general.organization') ?? fields.get('general.author') ?? fields.get('modelspec.author') ?? null,
      grade: stated === '' ? 'inferred' : 'claimed',
      what: isLlama ? 'GGUF header' : 'SafeTensors header',
      value: `${stated === '' ? `file ${stem}` : stated}, architecture ${architecture}`,
      places: [file.head.path],
    },
    'a model whose name can be none',
  );
}

/** Magic, version, number of tensors, number of pairs; then key, type and value of each. Arrays are walked over. */
function ggufFields(file: CatalogFile): ReadonlyMap<string, string> {
  const bytes = firstBytes(file);
  const fields = new Map<string, string>();
  let at = 8;
  const check = (length: number): number => {
    if (length < 0 || at + length > bytes.length) throw endsEarly;
    at += length;
    return at - length;
  };
  const count64 = (): number => Number(bytes.readBigUInt64LE(check(8)));
  const text = (): string => {
    const length = count64();
    const from = check(length);
    return bytes.toString('utf8', from, Math.min(from + length, from + 2000));
  };
  const widths: Readonly<Record<number, number>> = {
    0: 1,
    1: 1,
    2: 2,
    3: 2,
    4: 4,
    5: 4,
    6: 4,
    7: 1,
    10: 8,
    11: 8,
    12: 8,
  };
  try {
    if (bytes.readUInt32LE(4) < 2) throw new TrowelError('unsupported', { what: 'a GGUF file of version 1' });
    check(8);
    const pairs = Math.min(count64(), maxFields);
    for (let index = 0; index < pairs; index++) {
      const key = text();
      const type = bytes.readUInt32LE(check(4));
      if (type === 8) {
        const value = text();
        if (key.startsWith('general.')) fields.set(key, value);
      } else if (type === 9) {
        const inner = bytes.readUInt32LE(check(4));
        const length = count64();
        if (inner === 8) for (let item = 0; item < length; item++) check(count64());
        else check((widths[inner] ?? Number.NaN) * length);
      } else check(widths[type] ?? -1);
    }
  } catch (error) {
    // `general.*` comes first; the vocabularies behind it may be longer than what is read here.
    if (error !== endsEarly && !(error instanceof RangeError)) throw error;
    if (fields.size === 0)
      throw new TrowelError('bad-bytes', { what: 'a GGUF header that ends before it says anything' });
  }
  return fields;
}

/** Of a file that is too large to hold only the first bytes can be seen: the `general.*` fields come first. */
function firstBytes(file: CatalogFile): Buffer {
  try {
    return Buffer.from(file.slice(0, Math.min(file.sizeBytes, maxHeaderBytes)));
  } catch (error) {
    if (!isTrowelError(error) || error.code !== 'too-large') throw error;
    return Buffer.from(file.slice(0, Math.min(file.sizeBytes, headBytes)));
  }
}

/** What a pass over a layer keeps of every file. */
const headBytes = 4096;

const endsEarly = new Error('the header ends');

/** Eight bytes of length, then JSON with `__metadata__` of text to text. */
function safetensorsFields(file: CatalogFile): ReadonlyMap<string, string> {
  const head = Buffer.from(file.slice(0, 8));
  const length = head.length < 8 ? 0n : head.readBigUInt64LE();
  if (length > BigInt(maxHeaderBytes))
    throw new TrowelError('too-large', { what: `a SafeTensors header of ${length} bytes` });
  if (length < 2n || length > BigInt(file.sizeBytes - 8))
    throw new TrowelError('bad-bytes', { what: 'a SafeTensors file without its header' });
  if (Number(length) + 8 > headBytes && firstBytes(file).length < Number(length) + 8) return new Map();
  const source = Buffer.from(file.slice(8, Number(length))).toString('utf8');
  const metadata = fieldsOf(fieldsOf(jsonObject(source, 'a SafeTensors header')).get('__metadata__'));
  return new Map([...metadata].map(([key, value]) => [key, textOf(value)]));
}
