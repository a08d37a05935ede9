import assert from 'node:assert/strict';
import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { inScratch } from '../../test/run.js';
import { isTrowelError } from '../model/index.js';
import { readArguments } from './arguments.js';
import type { Context } from './command.js';
import { commonOptions } from './option.js';
import { readOutputs, viewOf, writeOutput } from './outputs.js';

const written: string[] = [];

function context(env: Record<string, string> = {}): Context {
  return {
    io: { now: () => new Date(0), progress: () => {}, env, stdin: (async function* () {})() },
    write: async (text) => {
      written.push(text);
    },
    say: () => {},
    outputIsTerminal: true,
    errorIsTerminal: true,
    width: 77,
    version: '0',
    commands: [],
  };
}

const args = (...argv: string[]) => readArguments(argv, commonOptions.options, {});
const read = (...argv: string[]) =>
  readOutputs(args(...argv), context(), ['tree', 'json'], { terminal: 'tree', piped: 'json' });
const usage = (says: RegExp) => (error: unknown) => isTrowelError(error, 'usage') && says.test(error.message);

test('formats and files are checked before any work; files are written first', () =>
  inScratch(async (dir) => {
    assert.deepEqual(await read(), [{ format: 'tree', file: null }]);
    assert.deepEqual(await read('-o', 'tree', '-o', `json=${dir}/a=b`), [
      { format: 'json', file: `${dir}/a=b` },
      { format: 'tree', file: null },
    ]);
    mkdirSync(`${dir}/sub`);
    await assert.rejects(read('-o', 'tree', '-o', 'json=-'), usage(/two formats on standard output/));
    await assert.rejects(read('-o', `tree=${dir}/a`, '-o', `json=${dir}/a`), usage(/two formats in one file/));
    await assert.rejects(read('-o', 'yaml'), usage(/no format "yaml"; one of tree, json/));
    await assert.rejects(read('-o', 'sarif'), usage(/sarif is not in this version/));
    await assert.rejects(read('-o', `json=${dir}/none/a`), usage(/cannot write there/));
    await assert.rejects(read('-o', `json=${dir}/sub`), usage(/a directory/));
  }));

test('a file appears whole or not at all, and what is no file is never replaced', () =>
  inScratch(async (dir) => {
    const output = { format: 'json', file: `${dir}/out` };
    writeFileSync(output.file, 'before');
    const broken = function* () {
      yield 'x'.repeat(1 << 17);
      throw new RangeError('ours');
    };
    await assert.rejects(writeOutput(output, broken(), context()), RangeError);
    assert.equal(readFileSync(output.file, 'utf8'), 'before');
    assert.deepEqual(readdirSync(dir), ['out']);
    symlinkSync('out', `${dir}/link`);
    await writeOutput({ format: 'json', file: `${dir}/link` }, ['a', 'b'], context());
    assert.equal(readFileSync(output.file, 'utf8'), 'ab');
    assert.ok(lstatSync(`${dir}/link`).isSymbolicLink());
    await writeOutput({ format: 'json', file: '/dev/null' }, ['a'], context());
    assert.ok(lstatSync('/dev/null').isCharacterDevice());
  }));

test('colour and width are those of the terminal, and of nothing else', () => {
  const screen = { format: 'tree', file: null };
  assert.deepEqual(viewOf(args(), context(), screen), { width: 77, color: true });
  assert.equal(viewOf(args('--no-color'), context(), screen).color, false);
  assert.equal(viewOf(args(), context({ NO_COLOR: '1' }), screen).color, false);
  assert.equal(viewOf(args(), context({ TERM: 'dumb' }), screen).color, false);
  assert.deepEqual(viewOf(args(), context(), { format: 'tree', file: 'f' }), { width: 120, color: false });
});
