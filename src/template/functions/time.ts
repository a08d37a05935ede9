import { quote } from '../quote.js';
import { goBytes, typeName } from '../reflect.js';
import {
  GoError,
  GoFunc,
  GoInt,
  GoObject,
  type GoParam,
  GoSlice,
  type GoValue,
  int,
  int64,
  nilPointer,
} from '../value.js';
import { durationValue } from './duration.js';
import { type Clock, formatLayout, months } from './layout.js';
import type { Parsed } from './layout-parse.js';

/** A moment: milliseconds since 1970, the nanoseconds within the last one, and the zone to show it in. */
export interface Moment {
  readonly milliseconds: number;
  /** 0 to 999,999. */
  readonly nanoseconds: number;
  /** IANA name, or what `fixedZone` makes. */
  readonly zone: string;
  /** Whether the zone is what Go calls Local, which may have the name of another. */
  readonly isLocal?: true;
}

/** What a time.Time keeps. */
class TimePayload {
  readonly moment: Moment;

  constructor(moment: Moment) {
    this.moment = moment;
  }

  /** Go compares the zone by its place in memory: those of UTC and of Local are the same, others never. */
  isSame(other: unknown): boolean {
    if (!(other instanceof TimePayload)) return false;
    const { moment } = other;
    const sameZone = this.moment.isLocal ? moment.isLocal === true : moment.zone === this.moment.zone && isUtc(moment);
    return sameZone && unixNanoseconds(moment) === unixNanoseconds(this.moment);
  }
}

/** Whether the zone is what Go calls UTC. */
function isUtc({ zone, isLocal }: Moment): boolean {
  return isLocal !== true && (zone === 'UTC' || zone === '');
}

/** Milliseconds of Go's zero time, January 1 of year 1. */
export const zeroTime: Moment = { milliseconds: -62_135_596_800_000, nanoseconds: 0, zone: 'UTC' };

/** Whether the zone is known (time.LoadLocation), which reads files and so minds the case of letters. */
export function isZone(zone: string): boolean {
  if (!/^[A-Z][A-Za-z0-9_+/-]*$/.test(zone)) return false;
  try {
    const known = new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone;
    return known.toLowerCase() !== zone.toLowerCase() || known === zone;
  } catch {
    return false;
  }
}

const localZones = new WeakMap<object, string>();

/**
 * What Go calls Local: the zone that the environment names, or the machine's. Asked for late, since few charts look at
 * a date and the question costs 10 ms.
 */
export function localZone(environment: { readonly timeZone?: string }): string {
  const known = localZones.get(environment);
  if (known !== undefined) return known;
  const zone = environment.timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const local = isZone(zone) ? zone : 'UTC';
  localZones.set(environment, local);
  return local;
}

/** A zone that is an offset in seconds, with a name or without (time.FixedZone). */
export function fixedZone(name: string, offset: number): string {
  return `fixed ${offset} ${name}`;
}

function readFixed(zone: string): { offset: number; name: string } | null {
  const match = /^fixed (-?[0-9]+) (.*)$/s.exec(zone);
  return match === null ? null : { offset: Number(match[1]), name: match[2] ?? '' };
}

/** The name of a zone that `fixedZone` made; null for another. */
export function fixedName(zone: string): string | null {
  return readFixed(zone)?.name ?? null;
}

/** Seconds east of UTC, and the short name, of a zone at a moment. */
export function zoneAt(milliseconds: number, zone: string): { offset: number; name: string } {
  // JavaScript has no names for the far future, when the rules are those of 400 years before.
  if (milliseconds > farFuture)
    return zoneAt(milliseconds - calendarCycle * Math.ceil((milliseconds - farFuture) / calendarCycle), zone);
  if (zone === 'UTC' || zone === '') return { offset: 0, name: 'UTC' };
  const fixed = readFixed(zone);
  if (fixed !== null) return fixed;
  const old = oldNames.get(zone);
  if (old !== undefined) return { offset: old, name: zone };
  const date = new Date(milliseconds);
  const shown = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    era: 'short',
    timeZoneName: 'short',
  }).formatToParts(date);
  const part = (type: string): string => shown.find((entry) => entry.type === type)?.value ?? '0';
  const year = part('era').startsWith('B') ? 1 - Number(part('year')) : Number(part('year'));
  const local = new Date(0);
  local.setUTCFullYear(year, Number(part('month')) - 1, Number(part('day')));
  local.setUTCHours(Number(part('hour')), Number(part('minute')), Number(part('second')));
  const offset = Math.round((local.getTime() - Math.floor(milliseconds / 1000) * 1000) / 1000);
  // Before there was standard time.
  if (milliseconds < firstStandardTime && offset % 3600 !== 0) return { offset, name: 'LMT' };
  const name = part('timeZoneName');
  return {
    offset,
    name: /^[A-Z]{2,5}$/.test(name) ? name : (abbreviation(date, zone) ?? laterName(milliseconds, offset, zone)),
  };
}

const calendarCycle = 146_097 * 86_400_000;
/** The year 2500. */
const farFuture = 16_725_225_600_000;

/** Zones that are their own name, where JavaScript has places. */
const oldNames: ReadonlyMap<string, number> = new Map([
  ['EST', -5 * 3600],
  ['MST', -7 * 3600],
  ['HST', -10 * 3600],
]);

/** 1847: the railways of Great Britain. */
const firstStandardTime = -3_881_520_000_000;

/** The tz database's abbreviations for names that JavaScript only has in full. */
const abbreviations: ReadonlyMap<string, string> = new Map([
  ['Greenwich Mean Time', 'GMT'],
  ['British Summer Time', 'BST'],
  ['Irish Standard Time', 'IST'],
  ['Western European Standard Time', 'WET'],
  ['Western European Summer Time', 'WEST'],
  ['Central European Standard Time', 'CET'],
  ['Central European Summer Time', 'CEST'],
  ['Eastern European Standard Time', 'EET'],
  ['Eastern European Summer Time', 'EEST'],
  ['Moscow Standard Time', 'MSK'],
  ['India Standard Time', 'IST'],
  ['China Standard Time', 'CST'],
  ['Hong Kong Standard Time', 'HKT'],
  ['Japan Standard Time', 'JST'],
  ['Korean Standard Time', 'KST'],
  ['Australian Eastern Standard Time', 'AEST'],
  ['Australian Eastern Daylight Time', 'AEDT'],
  ['South Africa Standard Time', 'SAST'],
]);

function abbreviation(date: Date, zone: string): string | undefined {
  const shown = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'long' }).formatToParts(date);
  return abbreviations.get(shown.find((entry) => entry.type === 'timeZoneName')?.value ?? '');
}

/** JavaScript has names since 1970 only: that of then, where the offset was the same, or the offset itself. */
function laterName(milliseconds: number, offset: number, zone: string): string {
  const later = milliseconds < 0 ? [0, 182].map((day) => zoneAt(day * 86_400_000, zone)) : [];
  return later.find((one) => one.offset === offset)?.name ?? numericName(offset);
}

/** Go names zones without an abbreviation by their offset: `+03`, `+0530`. */
function numericName(offset: number): string {
  const size = Math.abs(offset);
  const minutes = Math.floor(size / 60) % 60;
  const hours = Math.floor(size / 3600)
    .toString()
    .padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${hours}${minutes === 0 ? '' : minutes.toString().padStart(2, '0')}`;
}

/** The moment as calendar and clock show it in its zone. */
export function clockOf(moment: Moment): Clock {
  const { offset, name } = zoneAt(moment.milliseconds, moment.zone);
  const date = new Date(moment.milliseconds + offset * 1000);
  const start = new Date(date);
  start.setUTCMonth(0, 1);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    yearDay: Math.round((date.getTime() - start.getTime()) / 86_400_000) + 1,
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    nanosecond: date.getUTCMilliseconds() * 1_000_000 + moment.nanoseconds,
    offset,
    zone: name,
  };
}

export function unixNanoseconds(moment: Moment): bigint {
  return BigInt(moment.milliseconds) * 1_000_000n + BigInt(moment.nanoseconds);
}

/** The moment so many nanoseconds later. What JavaScript's calendar cannot hold is an error. */
export function addNanoseconds(moment: Moment, nanoseconds: bigint): Moment {
  const total = unixNanoseconds(moment) + nanoseconds;
  const within = ((total % 1_000_000n) + 1_000_000n) % 1_000_000n;
  return { ...moment, milliseconds: Number((total - within) / 1_000_000n), nanoseconds: Number(within) };
}

/** The moment in a time.Time, or null for another value. */
export function momentOf(value: GoValue): Moment | null {
  return value instanceof GoObject && value.payload instanceof TimePayload ? value.payload.moment : null;
}

const rfc3339 = '2006-01-02T15:04:05.999999999Z07:00';

/** A Go time.Time with its methods; those that give several values, and those for encoders, are left out. */
export function makeTime(moment: Moment): GoObject {
  if (!Number.isFinite(new Date(moment.milliseconds).getTime())) throw new GoError('time is out of range');
  const show = (layout: string): string => formatLayout(layout, clockOf(moment));
  return new GoObject({
    type: 'time.Time',
    kind: 'struct',
    text: () => show('2006-01-02 15:04:05.999999999 -0700 MST'),
    goText: () => sourceText(moment),
    hidden: () => hiddenFields(moment),
    methods: timeMethods(moment, show),
    payload: new TimePayload(moment),
  });
}

/** The time as Go source (Time.GoString). */
function sourceText(moment: Moment): string {
  const { year, month, day, hour, minute, second, nanosecond } = clockOf(moment);
  const name = isUtc(moment) ? 'time.UTC' : `time.Location(${quote(locationName(moment.zone))})`;
  const zone = moment.isLocal ? 'time.Local' : name;
  return `time.Date(${year}, time.${months[month - 1]}, ${[day, hour, minute, second, nanosecond].join(', ')}, ${zone})`;
}

function locationName(zone: string): string {
  return readFixed(zone)?.name ?? zone;
}

/** What a zone without transitions consists of. */
function locationFields(name: string): ReadonlyMap<string, GoValue> {
  return new Map<string, GoValue>([
    ['name', name],
    ['zone', new GoSlice([], 'time.zone', true)],
    ['tx', new GoSlice([], 'time.zoneTrans', true)],
    ['extend', ''],
    ['cacheStart', int64(0)],
    ['cacheEnd', int64(0)],
    ['cacheZone', new GoObject({ type: '*time.zone', kind: 'ptr', payload: nilPointer })],
  ]);
}

/** What a time.Time consists of, for printing it with verbs that do not ask for its text. */
function hiddenFields(moment: Moment): ReadonlyMap<string, GoValue> {
  const nano = unixNanoseconds(moment);
  const within = ((nano % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const since = (nano - within) / 1_000_000_000n + 62_135_596_800n;
  const location = new GoObject({
    type: '*time.Location',
    kind: 'ptr',
    payload: isUtc(moment) ? nilPointer : moment.zone,
    hidden: () => locationFields(locationName(moment.zone)),
  });
  return new Map<string, GoValue>([
    ['wall', new GoInt('uint64', within)],
    ['ext', int64(since)],
    ['loc', location],
  ]);
}

function timeMethods(moment: Moment, show: (layout: string) => string): ReadonlyMap<string, GoFunc> {
  const clock = (): Clock => clockOf(moment);
  const nano = unixNanoseconds(moment);
  const floor = (by: bigint): bigint => (nano - (((nano % by) + by) % by)) / by;
  const methods = new Map<string, GoFunc>();
  const method = (name: string, params: readonly GoParam[], call: (args: GoValue[]) => GoValue): void => {
    methods.set(name, new GoFunc(name, params, undefined, call));
  };
  const other = (value: GoValue | undefined): bigint => unixNanoseconds(momentOf(value ?? null) ?? zeroTime);
  const moved = (by: bigint): GoObject => makeTime(addNanoseconds(moment, by));
  // Since the year 1, which is what Go rounds to.
  const since = nano - unixNanoseconds(zeroTime);
  const rest = (by: bigint): bigint => ((since % by) + by) % by;
  method('Format', ['string'], ([layout]) => show(typeof layout === 'string' ? layout : ''));
  method('String', [], () => show('2006-01-02 15:04:05.999999999 -0700 MST'));
  method('MarshalJSON', [], () => {
    const { year } = clock();
    if (year >= 0 && year <= 9999) return `"${show(rfc3339)}"`;
    const problem = 'Time.MarshalJSON: year outside of range [0,9999]';
    throw new GoError(`json: error calling MarshalJSON for type time.Time: ${problem}`);
  });
  method('Unix', [], () => int64(floor(1_000_000_000n)));
  method('UnixMilli', [], () => int64(floor(1_000_000n)));
  method('UnixMicro', [], () => int64(floor(1000n)));
  method('UnixNano', [], () => int64(nano));
  method('Year', [], () => int(clock().year));
  method('Month', [], () => new GoInt('int', clock().month, 'time.Month'));
  method('Day', [], () => int(clock().day));
  method('Weekday', [], () => new GoInt('int', clock().weekday, 'time.Weekday'));
  method('YearDay', [], () => int(clock().yearDay));
  method('Hour', [], () => int(clock().hour));
  method('Minute', [], () => int(clock().minute));
  method('Second', [], () => int(clock().second));
  method('Nanosecond', [], () => int(clock().nanosecond));
  method('UTC', [], () => makeTime({ ...moment, zone: 'UTC' }));
  method('Local', [], () => makeTime(moment));
  method('In', ['location'], ([location]) => {
    if (!(location instanceof GoObject)) throw new GoError('time: missing Location in call to Time.In');
    const { payload } = location;
    return payload instanceof ZonePayload ? makeTime({ ...moment, ...payload.of }) : makeTime(moment);
  });
  method('IsDST', [], () => isSummer(moment));
  method('GoString', [], () => sourceText(moment));
  method('MarshalText', [], () => byteSlice(show(rfc3339)));
  method('AppendFormat', ['bytes', 'string'], ([bytes, layout]) => {
    const before = bytes instanceof GoSlice ? bytes.items : [];
    return new GoSlice([...before, ...byteSlice(show(typeof layout === 'string' ? layout : '')).items], 'uint8');
  });
  for (const [name, why] of refusedMethods) methods.set(name, new GoFunc(name, [], undefined, () => null, why));
  method('Location', [], () =>
    locationObject(readFixed(moment.zone)?.name ?? (moment.zone === '' ? 'UTC' : moment.zone), moment),
  );
  method('IsZero', [], () => nano === unixNanoseconds(zeroTime));
  method('Before', ['time'], ([value]) => nano < other(value));
  method('After', ['time'], ([value]) => nano > other(value));
  method('Equal', ['time'], ([value]) => nano === other(value));
  method('Compare', ['time'], ([value]) => int(nano < other(value) ? -1 : nano > other(value) ? 1 : 0));
  method('Sub', ['time'], ([value]) => durationValue(within64(nano - other(value))));
  method('Add', ['duration'], ([by]) => moved(durationOf(by)));
  method('Truncate', ['duration'], ([by]) => {
    const unit = durationOf(by);
    return unit <= 0n ? moved(0n) : moved(-rest(unit));
  });
  method('Round', ['duration'], ([by]) => {
    const unit = durationOf(by);
    if (unit <= 0n) return moved(0n);
    const over = rest(unit);
    return moved(over * 2n < unit ? -over : unit - over);
  });
  method('AddDate', ['int', 'int', 'int'], ([years, months, days]) =>
    makeTime(addDate(moment, numberOf(years), numberOf(months), numberOf(days))),
  );
  return methods;
}

const signature = (name: string, second: string): [string, string] => [
  name,
  `invalid function signature for ${name}: second return value should be error; is ${second}`,
];

const refusedMethods: readonly (readonly [name: string, why: string])[] = [
  ['Date', 'function Date has 3 return values; should be 1 or 2'],
  ['Clock', 'function Clock has 3 return values; should be 1 or 2'],
  signature('ISOWeek', 'int'),
  signature('Zone', 'int'),
  signature('ZoneBounds', 'time.Time'),
];

function byteSlice(text: string): GoSlice {
  return new GoSlice(
    [...goBytes(text)].map((byte) => new GoInt('uint8', byte)),
    'uint8',
  );
}

/** Whether clocks are ahead of those of the other half of the year. */
function isSummer({ milliseconds, zone }: Moment): boolean {
  const { offset } = zoneAt(milliseconds, zone);
  const year = new Date(milliseconds).getUTCFullYear();
  return [0, 6].some((month) => zoneAt(Date.UTC(year, month, 1), zone).offset < offset);
}

/** What a *time.Location keeps. */
class ZonePayload {
  readonly of: { readonly zone: string; readonly isLocal?: true };

  constructor({ zone, isLocal }: Moment) {
    this.of = isLocal ? { zone, isLocal } : { zone };
  }
}

function locationObject(name: string, moment: Moment): GoObject {
  return new GoObject({
    type: '*time.Location',
    kind: 'ptr',
    text: () => name,
    methods: new Map([['String', new GoFunc('String', [], undefined, () => name)]]),
    payload: new ZonePayload(moment),
  });
}

/** What a parameter of type time.Duration gets: a duration, or a number as it is written in a template. */
function durationOf(value: GoValue | undefined): bigint {
  if (value instanceof GoInt && (value.type === 'time.Duration' || value.type === 'int')) return value.value;
  throw new GoError(`wrong type for value; expected time.Duration; got ${typeName(value ?? null)}`);
}

/** time.Duration ends at some 292 years. */
export function within64(value: bigint): bigint {
  const largest = (1n << 63n) - 1n;
  return value > largest ? largest : value < -largest - 1n ? -largest - 1n : value;
}

function numberOf(value: GoValue | undefined): number {
  return value instanceof GoInt ? Number(value.value) : 0;
}

/** time.AddDate: months and days that overflow go on in the next. */
function addDate(moment: Moment, years: number, monthCount: number, dayCount: number): Moment {
  const { offset } = zoneAt(moment.milliseconds, moment.zone);
  const date = new Date(moment.milliseconds + offset * 1000);
  date.setUTCFullYear(date.getUTCFullYear() + years, date.getUTCMonth() + monthCount, date.getUTCDate() + dayCount);
  const guess = date.getTime() - offset * 1000;
  return { ...moment, milliseconds: date.getTime() - zoneAt(guess, moment.zone).offset * 1000 };
}

/** What was read of a time as a moment, in the zone that was read with it, else in the local one (end of time.parse). */
export function placed(parsed: Parsed, local: string): Moment {
  const { zone, nanosecond } = parsed;
  const date = new Date(0);
  date.setUTCFullYear(parsed.year, parsed.month - 1, parsed.day);
  date.setUTCHours(parsed.hour, parsed.minute, parsed.second, Math.floor(nanosecond / 1_000_000));
  const wall = date.getTime();
  const nanoseconds = nanosecond % 1_000_000;
  if (zone === 'UTC') return { milliseconds: wall, nanoseconds, zone: 'UTC' };
  if (zone === null) {
    const { offset } = zoneAt(wall - zoneAt(wall, local).offset * 1000, local);
    return { milliseconds: wall - offset * 1000, nanoseconds, zone: local, isLocal: true };
  }
  if ('offset' in zone) {
    const milliseconds = wall - zone.offset * 1000;
    const here = zoneAt(milliseconds, local);
    const isLocal = here.offset === zone.offset && (zone.name === '' || zone.name === here.name);
    if (isLocal) return { milliseconds, nanoseconds, zone: local, isLocal };
    return { milliseconds, nanoseconds, zone: fixedZone(zone.name, zone.offset) };
  }
  const { name } = zone;
  const shown = [0, 182].map((day) => zoneAt(wall + day * 86_400_000, local)).find((one) => one.name === name);
  if (shown !== undefined) return { milliseconds: wall - shown.offset * 1000, nanoseconds, zone: local, isLocal: true };
  // As Go does, the clock is taken for that of UTC, but for GMT+3 and the like in name only.
  const offset = name.startsWith('GMT') ? Number(name.slice(3)) * 3600 : 0;
  return { milliseconds: wall, nanoseconds, zone: fixedZone(name, offset) };
}
