import { formatV, quote } from '../format.js';
import { inUnits, roundDuration } from '../named.js';
import { typeName } from '../reflect.js';
import { GoError, type GoFunc, GoInt, type GoValue } from '../value.js';
import { writeYaml } from '../yaml/index.js';
import { define } from './args.js';
import { parseFloat64 } from './cast.js';
import { durationValue, parseDuration } from './duration.js';
import { writeToml } from './toml.js';

const second = 1_000_000_000n;
const hour = 3600n * second;
const mostSeconds = ((1n << 63n) - 1n) / second;

/**
 * The functions that Helm 4 adds to those of Helm 3. What Helm panics with is an error, as it becomes one in a template.
 *
 * Follows: helm v4.3.1 pkg/engine/funcs.go.
 */
export function helm4Functions(): readonly GoFunc[] {
  return [
    define('mustToYaml', ['any'], (a) => writeYaml(a.any(0)).replace(/\n$/, '')),
    define('mustToToml', ['any'], (a) => {
      if (a.any(0) === null) throw new GoError('reflect: call of reflect.Value.Type on zero Value');
      return writeToml(a.any(0));
    }),
    define('mustToDuration', ['any'], (a) => durationValue(durationOf(a.any(0)))),
    inWhole('durationNanoseconds', 1n),
    inWhole('durationMicroseconds', 1000n),
    inWhole('durationMilliseconds', 1_000_000n),
    inPart('durationSeconds', second),
    inPart('durationMinutes', 60n * second),
    inPart('durationHours', hour),
    inPart('durationDays', hour, 24),
    inPart('durationWeeks', hour, 24, 7),
    rounded('durationRoundTo', roundDuration),
    rounded('durationTruncateTo', (value, by) => (by <= 0n ? value : value - (value % by))),
  ];
}

function inWhole(name: string, unit: bigint): GoFunc {
  return define(name, ['any'], (a) => new GoInt('int64', (durationOrNull(a.any(0)) ?? 0n) / unit));
}

/** In larger units by one division after the other, as Helm reckons. */
function inPart(name: string, unit: bigint, ...divisors: readonly number[]): GoFunc {
  return define(name, ['any'], (a) => {
    const units = inUnits(durationOrNull(a.any(0)) ?? 0n, unit);
    return divisors.reduce((value, divisor) => value / divisor, units);
  });
}

function rounded(name: string, round: (value: bigint, by: bigint) => bigint): GoFunc {
  return define(name, ['any', 'any'], (a) => {
    const value = durationOrNull(a.any(0));
    const by = durationOrNull(a.any(1));
    return durationValue(value === null ? 0n : by === null ? value : round(value, by));
  });
}

function durationOrNull(value: GoValue): bigint | null {
  try {
    return durationOf(value);
  } catch (error) {
    if (error instanceof GoError) return null;
    throw error;
  }
}

/** Nanoseconds of a duration, of a text (`1h30m`, or a number of seconds), or of a number of seconds (asDuration). */
function durationOf(value: GoValue): bigint {
  if (value === null) throw new GoError('invalid duration');
  if (typeof value === 'string') return durationOfText(value);
  if (typeof value === 'number') return durationOfSeconds(value);
  if (!(value instanceof GoInt)) throw new GoError(`unsupported duration type ${typeName(value)}`);
  if (value.type === 'time.Duration') return value.value;
  const seconds = value.value;
  if (seconds > mostSeconds || seconds < -mostSeconds) throw new GoError(`duration seconds overflow: ${seconds}`);
  return seconds * second;
}

function durationOfText(given: string): bigint {
  const text = given.trim();
  if (text === '') throw new GoError('empty duration');
  try {
    return parseDuration(text);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
  }
  const seconds = parseFloat64(text);
  if (seconds === null) throw new GoError(`could not parse duration ${quote(given)}`);
  return durationOfSeconds(seconds);
}

function durationOfSeconds(seconds: number): bigint {
  if (!Number.isFinite(seconds)) throw new GoError(`invalid duration seconds: ${formatV(seconds)}`);
  const most = 2 ** 63 / 1e9;
  if (Math.abs(seconds) > most) throw new GoError(`duration seconds overflow: ${formatV(seconds)}`);
  // The one float that is an int64 too large wraps around, as on amd64.
  return BigInt.asIntN(64, BigInt(Math.trunc(seconds * 1e9)));
}
