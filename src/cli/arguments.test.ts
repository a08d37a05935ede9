import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTrowelError } from '../model/index.js';
import { isSet, optionValue, optionValues, readArguments } from './arguments.js';
import { chartOptions, commonOptions, digOptions } from './option.js';

const options = [...chartOptions.options, ...commonOptions.options, ...digOptions.options];
const read = (...argv: string[]) => readArguments(argv, options, {});

test('values, flags, short forms and operands in any order', () => {
  const args = read(
    'chart',
    '-fa.yaml',
    '--set',
    'a=b,c=d',
    '-f',
    'b.yaml',
    '--set=x=y',
    '--offline',
    '-o',
    'json=f',
    'more',
  );
  assert.deepEqual(args.operands, ['chart', 'more']);
  assert.deepEqual(optionValues(args, 'values'), ['a.yaml', 'b.yaml']);
  assert.deepEqual(optionValues(args, 'set'), ['a=b,c=d', 'x=y']);
  assert.equal(isSet(args, 'offline'), true);
  assert.equal(optionValue(args, 'output'), 'json=f');
});

test('a lone dash and what follows -- are operands', () => {
  assert.deepEqual(read('-', '--', '--offline', '-x').operands, ['-', '--offline', '-x']);
});

test('an option that does not repeat keeps the last value', () => {
  assert.equal(optionValue(read('--db', 'a', '--db=b'), 'db'), 'b');
});

test('an optional value is taken only when attached', () => {
  assert.equal(optionValue(read('--allow-incomplete', 'chart'), 'allow-incomplete'), '');
  assert.equal(optionValue(read('--allow-incomplete=image,file'), 'allow-incomplete'), 'image,file');
});

test('a flag can be switched off again', () => {
  assert.equal(isSet(read('--offline', '--offline=false'), 'offline'), false);
});

test('the environment fills in what was not typed', () => {
  const env = { TROWEL_FAIL_ON: 'high', TROWEL_OFFLINE: '1', TROWEL_DB: '/x', TROWEL_VALUES: 'a,b', TROWEL_DEBUG: '0' };
  const args = readArguments(['--db', '/y'], options, env);
  assert.equal(optionValue(args, 'fail-on'), 'high');
  assert.equal(isSet(args, 'offline'), true);
  assert.equal(optionValue(args, 'db'), '/y');
  assert.deepEqual(optionValues(args, 'values'), ['a', 'b']);
  assert.equal(isSet(args, 'debug'), false);
});

for (const [argv, says] of [
  [['--ofline'], '--ofline: no such option; did you mean --offline?'],
  [['--zzzzzzzz'], '--zzzzzzzz: no such option; see trowel help'],
  [['--db'], '--db: wants a value: PATH; see trowel help'],
  [['--offline=maybe'], '--offline: takes no value, not "maybe"; see trowel help'],
] as const) {
  test(`wrong: ${argv.join(' ')}`, () => {
    assert.throws(
      () => read(...argv),
      (error) => isTrowelError(error, 'usage') && error.message === says,
    );
  });
}

test('no option is named twice in a command', () => {
  const names = options.map((option) => option.name);
  assert.equal(new Set(names).size, names.length);
});

test('an option whose value may be left out takes the next word only where it has the shape of one', () => {
  const option = {
    name: 'plain-http',
    value: 'HOST',
    optionalValue: true,
    word: /^[\w.]+:\d+$/,
    repeat: true,
    help: '',
  };
  const read = (...argv: readonly string[]) => {
    const { values, operands } = readArguments(argv, [option], {});
    return [values.get('plain-http'), operands];
  };
  assert.deepEqual(read('--plain-http', 'name', 'chart'), [[''], ['name', 'chart']]);
  assert.deepEqual(read('--plain-http', 'host:5000', 'chart'), [['host:5000'], ['chart']]);
  assert.deepEqual(read('--plain-http=host', 'chart'), [['host'], ['chart']]);
  assert.deepEqual(read('chart', '--plain-http'), [[''], ['chart']]);
});
