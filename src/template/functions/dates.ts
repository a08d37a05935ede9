import { GoError, type GoFunc, GoInt, type GoObject, type GoValue } from '../value.js';
import { alias, define, type Environment } from './args.js';
import { formatDuration, parseDuration } from './duration.js';
import { formatLayout } from './layout.js';
import { parseLayout } from './layout-parse.js';
import { overflows } from './math.js';
import {
  addNanoseconds,
  clockOf,
  isZone,
  localZone,
  type Moment,
  makeTime,
  momentOf,
  placed,
  unixNanoseconds,
  within64,
  zeroTime,
} from './time.js';

const second = 1_000_000_000n;

/** What is shown of a duration by its largest unit alone (sprig's durationRound). */
const largestUnits: readonly (readonly [string, bigint])[] = [
  ['y', 365n * 24n * 3600n * second],
  ['mo', 30n * 24n * 3600n * second],
  ['d', 24n * 3600n * second],
  ['h', 3600n * second],
  ['m', 60n * second],
  ['s', second],
];

function roundDuration(nanoseconds: bigint): string {
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  for (const [name, unit] of largestUnits) if (size > unit) return `${size / unit}${name}`;
  return '0s';
}

/** An int, int32 or int64 as seconds since 1970; null for anything else. */
function unixSeconds(value: GoValue): bigint | null {
  return value instanceof GoInt && ['int', 'int32', 'int64'].includes(value.type) ? value.value : null;
}

/** sprig's functions of dates. Follows: sprig v3.3.0, date.go; the clock and the local zone are the environment's. */
export function dateFunctions(environment: Environment): readonly GoFunc[] {
  const local = (): string => localZone(environment);
  const now = (): Moment => ({
    milliseconds: environment.now().getTime(),
    nanoseconds: 0,
    zone: local(),
    isLocal: true,
  });
  const zoneNamed = (name: string): string => {
    if (name === 'Local') return local();
    return name === '' || !isZone(name) ? 'UTC' : name;
  };
  const momentFrom = (value: GoValue): Moment => {
    const seconds = unixSeconds(value);
    if (seconds !== null) return { milliseconds: Number(seconds) * 1000, nanoseconds: 0, zone: local(), isLocal: true };
    return momentOf(value) ?? now();
  };
  const format = (layout: string, value: GoValue, zone: string): string => {
    const moment = momentOf(makeTime({ ...momentFrom(value), zone: zoneNamed(zone) }));
    return formatLayout(layout, clockOf(moment ?? zeroTime));
  };
  const since = (moment: Moment): bigint => within64(unixNanoseconds(now()) - unixNanoseconds(moment));
  const parse = (layout: string, text: string): GoObject => makeTime(placed(parseLayout(layout, text), local()));
  const dateInZone = define('dateInZone', ['string', 'any', 'string'], (a) => format(a.str(0), a.any(1), a.str(2)));
  const dateModify = define('dateModify', ['string', 'time'], (a) => {
    const by = orNull(() => parseDuration(a.str(0)));
    return by === null ? a.any(1) : makeTime(addNanoseconds(momentFrom(a.any(1)), by));
  });
  const mustDateModify = define('mustDateModify', ['string', 'time'], (a) => {
    return makeTime(addNanoseconds(momentFrom(a.any(1)), parseDuration(a.str(0))));
  });
  return [
    define('now', [], () => makeTime(now())),
    define('date', ['string', 'any'], (a) => format(a.str(0), a.any(1), 'Local')),
    dateInZone,
    alias('date_in_zone', dateInZone),
    dateModify,
    alias('date_modify', dateModify),
    mustDateModify,
    alias('must_date_modify', mustDateModify),
    define('htmlDate', ['any'], (a) => format('2006-01-02', a.any(0), 'Local')),
    define('htmlDateInZone', ['any', 'string'], (a) => format('2006-01-02', a.any(0), a.str(1))),
    define('ago', ['any'], (a) => {
      const passed = since(momentFrom(a.any(0)));
      const half = passed < 0n ? -second / 2n : second / 2n;
      return formatDuration(within64(((passed + half) / second) * second));
    }),
    define('duration', ['any'], (a) => {
      const value = a.any(0);
      if (typeof value === 'string') return formatDuration(BigInt.asIntN(64, leniently(value) * second));
      const seconds = value instanceof GoInt && value.type === 'int64' ? value.value : 0n;
      return formatDuration(BigInt.asIntN(64, seconds * second));
    }),
    define('durationRound', ['any'], (a) => {
      const value = a.any(0);
      const moment = momentOf(value);
      if (moment !== null) return roundDuration(since(moment));
      if (typeof value === 'string') return roundDuration(orNull(() => parseDuration(value)) ?? 0n);
      return roundDuration(value instanceof GoInt && value.type === 'int64' ? value.value : 0n);
    }),
    define('toDate', ['string', 'string'], (a) => orNull(() => parse(a.str(0), a.str(1))) ?? makeTime(zeroTime)),
    define('mustToDate', ['string', 'string'], (a) => parse(a.str(0), a.str(1))),
    define('unixEpoch', ['time'], (a) => Math.floor(momentFrom(a.any(0)).milliseconds / 1000).toString()),
  ];
}

/** What strconv.ParseInt gives beside its error: the nearest int64 where the number is too large. */
function leniently(text: string): bigint {
  if (!/^[-+]?[0-9]+$/.test(text) && !overflows(text)) return 0n;
  const whole = BigInt(/^-?[0-9]+/.exec(text.replace(/^\+/, '').slice(0, 40))?.[0] ?? 0);
  const largest = (1n << 63n) - 1n;
  return whole > largest ? largest : whole < -largest - 1n ? -largest - 1n : whole;
}

/** What an error of Go takes the place of. */
function orNull<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof GoError) return null;
    throw error;
  }
}
