import { distance, TrowelError } from '../model/index.js';
import type { Option } from './option.js';

/** What was typed: values by option name, in the order given; a flag holds one empty string. */
export interface Arguments {
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly operands: readonly string[];
}

/**
 * Reads arguments by the records of the options: `--name VALUE`, `--name=VALUE`, `-n VALUE`, `-nVALUE`, flags, `--`
 * and operands in any order. An option given again replaces the earlier one unless it repeats.
 * The environment (`TROWEL_SET_STRING` for `--set-string`) fills in what was not typed.
 *
 * Throws TrowelError `usage` for an unknown option (with the nearest name), one that is refused, a missing or a
 * needless value.
 */
export function readArguments(
  argv: readonly string[],
  options: readonly Option[],
  env: Readonly<Record<string, string | undefined>>,
): Arguments {
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  /** Flags typed as `--x=false`: the environment does not switch them on again. */
  const switchedOff = new Set<string>();
  const byName = new Map(options.map((option) => [`--${option.name}`, option]));
  for (const option of options) if (option.short !== undefined) byName.set(`-${option.short}`, option);

  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (word === '--') {
      operands.push(...argv.slice(i + 1));
      break;
    }
    if (word === '-' || !word.startsWith('-')) {
      operands.push(word);
      continue;
    }
    const { key, attached } = splitWord(word);
    const option = byName.get(key);
    if (option === undefined) throw unknownOption(key, byName);
    refuse(option, key);
    if (option.value === null) {
      if (attached !== null && attached !== 'true' && attached !== 'false') {
        throw usage(key, `takes no value, not "${attached}"`);
      }
      switchedOff.delete(option.name);
      values.set(option.name, ['']);
      if (attached === 'false') {
        values.delete(option.name);
        switchedOff.add(option.name);
      }
      continue;
    }
    let value = attached;
    if (value === null && option.word?.test(argv[i + 1] ?? '') === true) value = argv[++i] ?? null;
    if (value === null && option.optionalValue !== true) {
      i++;
      value = argv[i] ?? null;
      if (value === null) throw usage(key, `wants a value: ${option.value}`);
    }
    const earlier = option.repeat === true ? (values.get(option.name) ?? []) : [];
    values.set(option.name, [...earlier, value ?? '']);
  }

  for (const option of options) {
    const variable = `TROWEL_${option.name.replaceAll('-', '_').toUpperCase()}`;
    const given = env[variable];
    if (given === undefined || given === '' || values.has(option.name) || switchedOff.has(option.name)) continue;
    if (option.value === null) {
      if (given === '0' || given.toLowerCase() === 'false') continue;
      refuse(option, variable);
      values.set(option.name, ['']);
    } else {
      refuse(option, variable);
      values.set(option.name, option.repeat === true && option.whole !== true ? given.split(',') : [given]);
    }
  }
  return { values, operands };
}

/** `--set=a=b` → `--set` and `a=b`; `-fvalues.yaml` → `-f` and `values.yaml`. */
function splitWord(word: string): { key: string; attached: string | null } {
  if (!word.startsWith('--')) {
    const rest = word.slice(2);
    return { key: word.slice(0, 2), attached: rest === '' ? null : rest.replace(/^=/, '') };
  }
  const equals = word.indexOf('=');
  return equals === -1
    ? { key: word, attached: null }
    : { key: word.slice(0, equals), attached: word.slice(equals + 1) };
}

function usage(option: string, what: string): TrowelError {
  return new TrowelError('usage', { what, where: { option }, todo: 'see trowel help' });
}

function refuse(option: Option, written: string): void {
  if (option.refused === undefined) return;
  throw new TrowelError('usage', { what: option.refused, where: { option: written } });
}

function unknownOption(key: string, known: ReadonlyMap<string, Option>): TrowelError {
  const near = [...known]
    .filter(([, option]) => option.refused === undefined)
    .map(([name]) => ({ name, steps: distance(key, name) }))
    .filter(({ steps }) => steps <= 2)
    .sort((a, b) => a.steps - b.steps)[0];
  return new TrowelError('usage', {
    what: 'no such option',
    where: { option: key },
    todo: near === undefined ? 'see trowel help' : `did you mean ${near.name}?`,
  });
}

/** The last value given, or null. */
export function optionValue(args: Arguments, name: string): string | null {
  return args.values.get(name)?.at(-1) ?? null;
}

/** All values given, in order. */
export function optionValues(args: Arguments, name: string): readonly string[] {
  return args.values.get(name) ?? [];
}

export function isSet(args: Arguments, name: string): boolean {
  return args.values.has(name);
}
