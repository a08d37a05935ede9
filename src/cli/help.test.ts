import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inRoot } from '../../test/paths.js';
import { readArguments } from './arguments.js';
import { commands } from './commands.js';
import { completionScript } from './completion.js';
import { commandHelp, generalHelp } from './help.js';
import { laterCommands, unknownCommand } from './unknown-command.js';

const all = commands.flatMap((command) => command.groups.flatMap((group) => group.options));

test('the help names every command, and that of a command its options but the refused ones', () => {
  for (const command of commands) {
    assert.match(generalHelp(commands), new RegExp(`^  ${command.name} `, 'm'));
    const help = commandHelp(command);
    assert.ok(
      help.split('\n').every((line) => line.length <= 120),
      command.name,
    );
    for (const option of command.groups.flatMap((group) => group.options)) {
      const named = new RegExp(`--${option.name}(?![a-z-])`).test(help.slice(help.indexOf('\n\n')));
      if (option.refused === undefined) assert.ok(named, `${command.name} --${option.name}`);
    }
  }
});

test('each command reads its own options, none twice', () => {
  for (const command of commands) {
    const options = command.groups.flatMap((group) => group.options);
    assert.equal(new Set(options.map((option) => option.name)).size, options.length, command.name);
    const shorts = options.flatMap((option) => option.short ?? []);
    assert.equal(new Set(shorts).size, shorts.length, command.name);
  }
});

test('refused options say why, typed or in the environment', () => {
  const refused = all.filter((option) => option.refused !== undefined);
  assert.ok(refused.length > 3);
  for (const option of refused) {
    assert.throws(() => readArguments([`--${option.name}=x`], [option], {}), /; /);
    const variable = `TROWEL_${option.name.replaceAll('-', '_').toUpperCase()}`;
    assert.throws(() => readArguments([], [option], { [variable]: '1' }), new RegExp(`^TrowelError: ${variable}: `));
  }
});

test('planned commands are told apart from slips of the pen', () => {
  for (const name of laterCommands) assert.match(unknownCommand(name, commands).message, /not in this version/);
  assert.match(unknownCommand('digg', commands).message, /did you mean dig\?/);
  assert.match(unknownCommand('xyzzy-plugh', commands).message, /see trowel help/);
});

test('docs/commands.md names every command and every option, those refused too', () => {
  const docs = readFileSync(inRoot('docs', 'commands.md'), 'utf8');
  const missing = [
    ...commands.map((command) => `trowel ${command.name}`),
    ...laterCommands.map((name) => `\`${name}\``),
    ...new Set(all.map((option) => `--${option.name}`)),
  ].filter((word) => !new RegExp(`${word}(?![a-z-])`).test(docs));
  assert.deepEqual(missing, []);
});

const has = (shell: string): boolean => spawnSync(shell, ['--version']).error === undefined;

test('bash completes commands, verbs and options', { skip: has('bash') ? false : 'bash is not here' }, () => {
  const complete = (...words: string[]): string[] => {
    const script = `${completionScript('bash', commands)}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _trowel; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const run = spawnSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8', cwd: inRoot('docs') });
    assert.equal(run.status, 0, run.stderr);
    return run.stdout.split('\n').filter((line) => line !== '');
  };
  assert.deepEqual(complete('trowel', 'im'), ['images']);
  assert.deepEqual(complete('trowel', 'db', ''), ['import', 'status', 'list']);
  assert.deepEqual(complete('trowel', 'dig', '--fail'), ['--fail-on']);
  assert.deepEqual(complete('trowel', 'dig', '--post'), []);
  assert.deepEqual(complete('trowel', 'show', 'comm'), ['commands.md']);
});

for (const shell of ['zsh', 'fish'] as const) {
  test(`${shell} reads its script`, { skip: has(shell) ? false : `${shell} is not here` }, () => {
    const run = spawnSync(shell, ['-n'], { input: completionScript(shell, commands), encoding: 'utf8' });
    assert.equal(run.status, 0, run.stderr);
  });
}
