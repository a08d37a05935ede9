import { GoError, type GoFunc, GoInt, type GoValue } from '../value.js';
import { alias, define, type Environment } from './args.js';
import { parseInt64 } from './cast.js';
import { formatDuration, parseDuration } from './duration.js';
import { formatLayout, parseLayout } from './layout.js';
import {
  addNanoseconds,
  clockOf,
  isZone,
  type Moment,
  makeTime,
  momentOf,
  unixNanoseconds,
  zeroTime,
  zoneAt,
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
  const localZone = environment.timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const local = isZone(localZone) ? localZone : 'UTC';
  const now = (): Moment => ({ milliseconds: environment.now().getTime(), nanoseconds: 0, zone: local });
  const zoneNamed = (name: string): string => {
    if (name === 'Local') return local;
    return name === '' || !isZone(name) ? 'UTC' : name;
  };
  const momentFrom = (value: GoValue): Moment => {
    const seconds = unixSeconds(value);
    if (seconds !== null) return { milliseconds: Number(seconds) * 1000, nanoseconds: 0, zone: local };
    return momentOf(value) ?? now();
  };
  const format = (layout: string, value: GoValue, zone: string): string => {
    const moment = momentOf(makeTime({ ...momentFrom(value), zone: zoneNamed(zone) }));
    return formatLayout(layout, clockOf(moment ?? zeroTime));
  };
  const since = (moment: Moment): bigint => unixNanoseconds(now()) - unixNanoseconds(moment);
  const parse = (layout: string, text: string): Moment | null => {
    const parsed = parseLayout(layout, text);
    if (parsed === null) return null;
    const date = new Date(0);
    date.setUTCFullYear(parsed.year, parsed.month - 1, parsed.day);
    date.setUTCHours(parsed.hour, parsed.minute, parsed.second, Math.floor(parsed.nanosecond / 1_000_000));
    const wall = date.getTime();
    const offset = parsed.offset ?? zoneAt(wall - zoneAt(wall, local).offset * 1000, local).offset;
    const moment = { milliseconds: wall - offset * 1000, nanoseconds: parsed.nanosecond % 1_000_000, zone: local };
    if (parsed.offset === null || zoneAt(moment.milliseconds, local).offset === offset) return moment;
    return { ...moment, zone: offset === 0 ? 'UTC' : fixedZone(offset) };
  };
  const dateInZone = define('dateInZone', ['string', 'any', 'string'], (a) => format(a.str(0), a.any(1), a.str(2)));
  const dateModify = define('dateModify', ['string', 'time'], (a) => {
    const by = parseDuration(a.str(0));
    return by === null ? a.any(1) : makeTime(addNanoseconds(momentFrom(a.any(1)), by));
  });
  const mustDateModify = define('mustDateModify', ['string', 'time'], (a) => {
    const by = parseDuration(a.str(0));
    if (by === null) throw new GoError(`time: invalid duration ${JSON.stringify(a.str(0))}`);
    return makeTime(addNanoseconds(momentFrom(a.any(1)), by));
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
      return formatDuration(((passed + half) / second) * second);
    }),
    define('duration', ['any'], (a) => {
      const value = a.any(0);
      if (typeof value === 'string') return formatDuration(BigInt.asIntN(64, (parseInt64(value, 10) ?? 0n) * second));
      const seconds = value instanceof GoInt && value.type === 'int64' ? value.value : 0n;
      return formatDuration(BigInt.asIntN(64, seconds * second));
    }),
    define('durationRound', ['any'], (a) => {
      const value = a.any(0);
      const moment = momentOf(value);
      if (moment !== null) return roundDuration(since(moment));
      if (typeof value === 'string') return roundDuration(parseDuration(value) ?? 0n);
      return roundDuration(value instanceof GoInt && value.type === 'int64' ? value.value : 0n);
    }),
    define('toDate', ['string', 'string'], (a) => makeTime(parse(a.str(0), a.str(1)) ?? zeroTime)),
    define('mustToDate', ['string', 'string'], (a) => {
      const moment = parse(a.str(0), a.str(1));
      if (moment !== null) return makeTime(moment);
      const [layout, text] = [JSON.stringify(a.str(0)), JSON.stringify(a.str(1))];
      throw new GoError(`parsing time ${text} as ${layout}: cannot parse ${text} as ${layout}`);
    }),
    define('unixEpoch', ['time'], (a) => Math.floor(momentFrom(a.any(0)).milliseconds / 1000).toString()),
  ];
}

function fixedZone(offset: number): string {
  const size = Math.abs(offset);
  const part = (value: number): string => value.toString().padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${part(Math.floor(size / 3600))}:${part(Math.floor(size / 60) % 60)}`;
}
