/** Durations are nanoseconds, as in Go. */
import { GoError, GoInt } from '../value.js';
import { quoteTime } from './layout-parse.js';

const units: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1000n],
  ['µs', 1000n],
  ['μs', 1000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

const largest = 1n << 63n;

/** time.ParseDuration: `1h30m`, `-1.5s`. Throws GoError with its words. */
export function parseDuration(text: string): bigint {
  const wrong = (why: string): GoError => new GoError(`time: ${why} ${quoteTime(text)}`);
  const invalid = wrong('invalid duration');
  const negative = text.startsWith('-');
  let rest = /^[-+]/.test(text) ? text.slice(1) : text;
  if (rest === '0') return 0n;
  if (rest === '') throw invalid;
  let total = 0n;
  while (rest !== '') {
    const [number = '', whole = '', fraction = ''] = /^([0-9]*)(?:\.([0-9]*))?/.exec(rest) ?? [];
    if (whole === '' && fraction === '') throw invalid;
    if (whole.length > 40 || BigInt(whole === '' ? 0 : whole) > largest) throw invalid;
    rest = rest.slice(number.length);
    const name = /^[^.0-9]*/.exec(rest)?.[0] ?? '';
    if (name === '') throw wrong('missing unit in duration');
    const unit = units.get(name);
    if (unit === undefined) throw wrong(`unknown unit ${quoteTime(name)} in duration`);
    rest = rest.slice(name.length);
    const size = BigInt(whole === '' ? 0 : whole);
    if (size > largest / unit) throw invalid;
    const part = size * unit + fractionOf(fraction, unit);
    total += part;
    if (part > largest || total > largest) throw invalid;
  }
  if (negative) return -total;
  if (total === largest) throw invalid;
  return total;
}

/** What the digits behind the point come to, in floating point as Go reckons it. */
function fractionOf(digits: string, unit: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    if (value > (largest - 1n) / 10n) break;
    const next = value * 10n + BigInt(digit);
    if (next > largest) break;
    value = next;
    scale *= 10;
  }
  return value === 0n ? 0n : BigInt(Math.trunc(Number(value) * (Number(unit) / scale)));
}

/** A Go time.Duration. */
export function durationValue(nanoseconds: bigint): GoInt {
  return new GoInt('int64', nanoseconds, 'time.Duration');
}

/** time.Duration.String: `1h30m0s`, `1.5s`, `20ms`, `0s`. */
export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s';
  const sign = nanoseconds < 0n ? '-' : '';
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (size < 1_000_000_000n) {
    const [unit, name] = size < 1000n ? [1n, 'ns'] : size < 1_000_000n ? [1000n, 'µs'] : [1_000_000n, 'ms'];
    return `${sign}${decimal(size, unit)}${name}`;
  }
  const minutes = size / 60_000_000_000n;
  const seconds = `${decimal(size % 60_000_000_000n, 1_000_000_000n)}s`;
  if (minutes === 0n) return sign + seconds;
  const hours = minutes / 60n;
  return `${sign}${hours === 0n ? '' : `${hours}h`}${minutes % 60n}m${seconds}`;
}

function decimal(value: bigint, unit: bigint): string {
  const fraction = (value % unit)
    .toString()
    .padStart(unit.toString().length - 1, '0')
    .replace(/0+$/, '');
  return `${value / unit}${unit === 1n || fraction === '' ? '' : `.${fraction}`}`;
}
