import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { UsesDocument } from '../src/report/index.js';
import { inRoot, sharedData, sharedMissing } from './paths.js';
import { inScratch, trowel } from './run.js';

const validate = new Ajv2020({ strict: false }).compile(
  JSON.parse(readFileSync(inRoot('schema', 'dig.schema.json'), 'utf8')),
);
const archive = sharedData('images', 'containerd-archives__alpine.tar');

test(
  'a dig of a real archive meets the schema, and show and why read it',
  { skip: archive === null && sharedMissing },
  () =>
    inScratch(async (dir) => {
      const places = ['--offline', '--db', `${dir}/db`, '--no-store', '--platform', 'linux/amd64'];
      const out = `${dir}/dig.json`;
      const run = await trowel(['dig', `oci-archive:${archive}`, ...places, '-o', 'tree', '-o', `json=${out}`]);
      assert.equal(run.code, 3, run.stderr);
      assert.match(run.stdout, /alpine/i);
      const dig = JSON.parse(readFileSync(out, 'utf8'));
      assert.ok(validate(dig), JSON.stringify(validate.errors));
      const shown = await trowel(['show', out, '-o', 'json']);
      assert.deepEqual([shown.code, JSON.parse(shown.stdout)], [3, dig]);
      const why = await trowel(['why', out, 'musl']);
      assert.equal(why.code, 0, why.stderr);
      assert.match(why.stdout, /musl/);
      assert.equal((await trowel(['why', out, 'no-such-thing'])).code, 4);
    }),
);

test('images of manifests: from a file, a directory and standard input the same uses, with the keys of the contract', () =>
  inScratch(async (dir) => {
    const chart = inRoot('examples', 'observatory', 'chart');
    const rendered = await trowel(['render', chart, '-o', `text=${dir}/all.yaml`]);
    assert.equal(rendered.code, 0, rendered.stderr);
    const text = readFileSync(`${dir}/all.yaml`);
    const seen: string[] = [];
    for (const [target, input] of [
      [`manifests:${dir}/all.yaml`, undefined],
      [`manifests:${dir}`, undefined],
      ['manifests:-', text],
    ] as const) {
      const run = await trowel(['images', target, '-o', 'json'], input === undefined ? {} : { input });
      assert.ok(run.code === 0 || run.code === 3, run.stderr);
      const document: UsesDocument = JSON.parse(run.stdout);
      assert.deepEqual(Object.keys(document).sort(), ['charts', 'notAssessed', 'schema', 'target', 'tool', 'uses']);
      assert.ok(validate(document), JSON.stringify(validate.errors));
      seen.push(JSON.stringify(document.uses.map((use) => use.image)));
    }
    assert.equal(new Set(seen).size, 1);
    assert.ok((seen[0] ?? '').length > 10);
  }));
