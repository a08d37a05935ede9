import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { inScratch } from '../../test/run.js';
import { isTrowelError } from '../model/index.js';
import { readArguments } from './arguments.js';
import type { Context } from './command.js';
import { chartOptions } from './option.js';
import { chartInputs, durationMs, sizeBytes } from './settings.js';

const context: Context = {
  io: {
    now: () => new Date(0),
    progress: () => {},
    env: {},
    stdin: (async function* () {
      yield Buffer.from('from: stdin\n');
    })(),
  },
  write: async () => {},
  say: () => {},
  outputIsTerminal: false,
  errorIsTerminal: false,
  width: 80,
  version: '0',
  commands: [],
};
const usage = (error: unknown): boolean => isTrowelError(error, 'usage');

test('durations and sizes', () => {
  for (const [text, ms] of [
    ['500ms', 500],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['7', 7000],
  ] as const) {
    assert.equal(durationMs(text), ms);
  }
  for (const text of ['', '0', '1.5s', '-1s', '5d', '999999999h']) assert.throws(() => durationMs(text), usage, text);
  for (const [text, bytes] of [
    ['512MiB', 536_870_912],
    ['2gib', 2_147_483_648],
    ['1KB', 1000],
    ['9', 9],
  ] as const) {
    assert.equal(sizeBytes(text, 'max'), bytes);
  }
  for (const text of ['', 'MiB', '1.5GiB', '-1', '1TB']) assert.throws(() => sizeBytes(text, 'max'), usage, text);
});

test('values files, standard input and --set-file as Helm reads them; what is missing ends before any work', () =>
  inScratch(async (dir) => {
    for (const name of ['a', 'b', 'c,d']) writeFileSync(`${dir}/${name}`, `text of ${name}`);
    const read = (...argv: string[]) => chartInputs(readArguments(argv, chartOptions.options, {}), context, null);
    const { values, name, namespace, helm } = await read(
      ...['-f', `${dir}/a,${dir}/b`, '-f', '-', '--set-file', `x.y=${dir}/a,z=${dir}/c\\,d`],
    );
    assert.deepEqual(
      values.files.map((file) => file.text),
      ['text of a', 'text of b', 'from: stdin\n'],
    );
    assert.deepEqual(values.setFile, [
      { key: 'x.y', text: 'text of a' },
      { key: 'z', text: 'text of c,d' },
    ]);
    assert.deepEqual([name, namespace, helm], ['release-name', 'default', 3]);
    for (const wrong of [
      ['-f', `${dir}/none`],
      ['-f', dir],
      ['-f', 'https://values.example/a'],
      ['--set-file', 'a'],
      ['--helm', '5'],
    ]) {
      await assert.rejects(read(...wrong), usage, wrong.join(' '));
    }
  }));

test('in the environment the --set family is one value', () => {
  const args = readArguments([], chartOptions.options, { TROWEL_SET: 'a={x,y}', TROWEL_VALUES: 'p,q' });
  assert.deepEqual([args.values.get('set'), args.values.get('values')], [['a={x,y}'], ['p', 'q']]);
});
