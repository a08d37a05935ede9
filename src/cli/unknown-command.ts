import { distance, TrowelError } from '../model/index.js';
import type { Command } from './command.js';

/** Commands that are planned: their names are taken, and a call says so instead of guessing what was meant. */
export const laterCommands: readonly string[] = [
  'inspect',
  'ls',
  'pull',
  'compare',
  'fix',
  'verify',
  'reproduce',
  'index',
  'serve',
  'worker',
];

/** The error for a name that is no command: planned, misspelt or neither. */
export function unknownCommand(name: string, commands: readonly Command[]): TrowelError {
  if (laterCommands.includes(name)) {
    return new TrowelError('usage', { what: `${name} is not in this version yet`, todo: 'see trowel help' });
  }
  const near = commands
    .map((command) => ({ name: command.name, steps: distance(command.name, name) }))
    .filter(({ steps }) => steps <= 2)
    .sort((a, b) => a.steps - b.steps)[0];
  const todo = near === undefined ? 'see trowel help' : `did you mean ${near.name}?`;
  return new TrowelError('usage', { what: `no command "${name}"`, todo });
}
