import { formatDuration } from './functions/duration.js';
import { days, months } from './functions/layout.js';
import { GoFunc, GoInt, type GoValue } from './value.js';

/** A named integer type of Go that templates can meet: how it prints, and the methods that it has. */
interface NamedInt {
  readonly text: (value: bigint) => string;
  readonly methods: (value: GoInt) => ReadonlyMap<string, GoFunc>;
}

const outside = (type: string, value: bigint): string => `%!${type}(${BigInt.asUintN(64, value)})`;

const method = (name: string, call: () => GoValue): [string, GoFunc] => [name, new GoFunc(name, [], undefined, call)];

const rounding = (name: string, call: (by: bigint) => GoValue): [string, GoFunc] => [
  name,
  new GoFunc(name, ['duration'], undefined, ([by]) => call(by instanceof GoInt ? by.value : 0n)),
];

/** A duration in a larger unit, reckoned as time.Duration.Hours and the like do. */
export function inUnits(value: bigint, unit: bigint): number {
  return Number(value / unit) + Number(value % unit) / Number(unit);
}

const minDuration = -(1n << 63n);
const maxDuration = -minDuration - 1n;

/** time.Duration.Round. */
export function roundDuration(value: bigint, by: bigint): bigint {
  if (by <= 0n) return value;
  const rest = value < 0n ? -(value % by) : value % by;
  const down = rest * 2n < by;
  if (value < 0n) return down ? value + rest : value - by + rest < minDuration ? minDuration : value - by + rest;
  return down ? value - rest : value + by - rest > maxDuration ? maxDuration : value + by - rest;
}

const named: ReadonlyMap<string, NamedInt> = new Map([
  [
    'time.Month',
    {
      text: (value) => months[Number(value) - 1] ?? outside('Month', value),
      methods: ({ value }) => new Map([method('String', () => months[Number(value) - 1] ?? outside('Month', value))]),
    },
  ],
  [
    'time.Weekday',
    {
      text: (value) => days[Number(value)] ?? outside('Weekday', value),
      methods: ({ value }) => new Map([method('String', () => days[Number(value)] ?? outside('Weekday', value))]),
    },
  ],
  ['time.Duration', { text: formatDuration, methods: durationMethods }],
]);

/** Follows: time.Duration of Go's time package. */
function durationMethods({ value }: GoInt): ReadonlyMap<string, GoFunc> {
  const duration = (nanoseconds: bigint): GoInt => new GoInt('int64', nanoseconds, 'time.Duration');
  const second = 1_000_000_000n;
  return new Map([
    method('String', () => formatDuration(value)),
    method('Nanoseconds', () => new GoInt('int64', value)),
    method('Microseconds', () => new GoInt('int64', value / 1000n)),
    method('Milliseconds', () => new GoInt('int64', value / 1_000_000n)),
    method('Seconds', () => inUnits(value, second)),
    method('Minutes', () => inUnits(value, 60n * second)),
    method('Hours', () => inUnits(value, 3600n * second)),
    method('Abs', () => duration(value >= 0n ? value : value === minDuration ? maxDuration : -value)),
    rounding('Truncate', (by) => duration(by <= 0n ? value : value - (value % by))),
    rounding('Round', (by) => duration(roundDuration(value, by))),
  ]);
}

/** What String() of a named integer type gives; null for a plain one. */
export function intText(value: GoInt): string | null {
  return value.type === value.kind ? null : (named.get(value.type)?.text(value.value) ?? null);
}

/** The method of a named integer type. */
export function intMethod(value: GoInt, name: string): GoFunc | undefined {
  return value.type === value.kind ? undefined : named.get(value.type)?.methods(value).get(name);
}
