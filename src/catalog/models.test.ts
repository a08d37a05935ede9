import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogued, readWith } from './image.test.support.js';
import { models } from './models.js';
import { survivesMutations } from './mutation.test.support.js';

function u32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32LE(value);
  return out;
}

function u64(value: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64LE(BigInt(value));
  return out;
}

const text = (value: string): Buffer => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);

/** ggml docs/gguf.md: magic, version, tensors, pairs; 4 is UINT32, 8 STRING, 9 ARRAY. */
const pairs: readonly Buffer[] = [
  Buffer.concat([text('general.architecture'), u32(8), text('llama')]),
  Buffer.concat([text('llama.context_length'), u32(4), u32(4096)]),
  Buffer.concat([text('tokenizer.ggml.tokens'), u32(9), u32(8), u64(2), text('a'), text('b')]),
  Buffer.concat([text('tokenizer.ggml.scores'), u32(9), u32(4), u64(2), u32(0), u32(1)]),
  Buffer.concat([text('general.name'), u32(8), text('Tiny Llama')]),
  Buffer.concat([text('general.license'), u32(8), text('apache-2.0')]),
];
const gguf = Buffer.concat([Buffer.from('GGUF'), u32(3), u64(0), u64(pairs.length), ...pairs, Buffer.alloc(64)]);

function safetensors(metadata: unknown): Buffer {
  const header = Buffer.from(
    JSON.stringify({ __metadata__: metadata, w: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }),
  );
  return Buffer.concat([u64(header.length), header, Buffer.alloc(4)]);
}

test('GGUF and SafeTensors by their headers', () => {
  const { components, gaps } = catalogued({
    'models/tiny.gguf': gguf,
    'models/model.safetensors': safetensors({ format: 'pt' }),
    'models/sd.safetensors': safetensors({ 'modelspec.title': 'SD', 'modelspec.architecture': 'sd-1' }),
  });
  assert.deepEqual(gaps, []);
  assert.deepEqual(
    components.map((one) => [one.purl, one.grade, one.licenses, one.owns.map(({ path }) => path)]),
    [
      ['pkg:generic/SD', 'claimed', [], ['models/sd.safetensors']],
      ['pkg:generic/Tiny%20Llama', 'claimed', ['apache-2.0'], ['models/tiny.gguf']],
      ['pkg:generic/model', 'inferred', [], ['models/model.safetensors']],
    ],
  );
});

test('headers that lie about their size', () => {
  assert.equal(readWith(models, 'a.gguf', gguf.subarray(0, 30))?.gaps[0]?.reason, 'bad-bytes');
  assert.equal(
    readWith(models, 'a.safetensors', Buffer.concat([u64(2 ** 40), Buffer.alloc(9)]))?.gaps[0]?.reason,
    'too-large',
  );
  assert.equal(
    readWith(models, 'a.safetensors', Buffer.concat([u64(500), Buffer.alloc(9)]))?.gaps[0]?.reason,
    'bad-bytes',
  );
  // A name that comes before the cut is enough: large vocabularies follow it.
  const long = Buffer.concat([
    Buffer.from('GGUF'),
    u32(3),
    u64(0),
    u64(2),
    pairs[4] ?? u32(0),
    text('x'),
    u32(9),
    u32(8),
    u64(2 ** 50),
  ]);
  assert.equal(readWith(models, 'a.gguf', long)?.records.length, 1);
});

test('broken models', () => {
  survivesMutations('a.gguf', gguf, 400);
  survivesMutations('a.safetensors', safetensors({ format: 'pt' }));
});
