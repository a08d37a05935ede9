import { goBytes } from '../reflect.js';
import { GoError } from '../value.js';
import { days, months, nextElement } from './layout.js';

/** What was read of a time. `zone` is an offset in seconds, a zone by its abbreviation, or null where none is said. */
export interface Parsed {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
  readonly zone: 'UTC' | { readonly offset: number; readonly name: string } | { readonly name: string } | null;
}

interface Fields {
  year: number;
  month: number;
  day: number;
  yearDay: number;
  hour: number;
  minute: number;
  second: number;
  nanosecond: number;
  utc: boolean;
  offset: number | null;
  zoneName: string;
  half: 'am' | 'pm' | null;
}

/** What stands in the way: not the wanted element, or a number that is none. */
class Mismatch extends Error {
  /** `hour`, where it is out of range; else null. */
  readonly range: string | null;
  readonly rest: string;

  constructor(range: string | null, rest: string) {
    super(range ?? 'bad value for field');
    this.range = range;
    this.rest = rest;
  }
}

/** time's own quoting, which writes what is not ASCII as bytes. Follows: time/format.go quote. */
export function quoteTime(text: string): string {
  let out = '';
  for (const char of text) {
    if (char >= ' ' && char < '\u0080') out += char === '"' || char === '\\' ? `\\${char}` : char;
    else for (const byte of goBytes(char)) out += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `"${out}"`;
}

/**
 * Reads a time by a layout. Throws GoError with the words of time.ParseError.
 *
 * Follows: parse of time/format.go (Go 1.26).
 */
export function parseLayout(layout: string, text: string): Parsed {
  const about = `parsing time ${quoteTime(text)}`;
  const cannot = (wanted: string, found: string): GoError =>
    new GoError(`${about} as ${quoteTime(layout)}: cannot parse ${quoteTime(found)} as ${quoteTime(wanted)}`);
  const fields: Fields = {
    year: 0,
    month: -1,
    day: -1,
    yearDay: -1,
    hour: 0,
    minute: 0,
    second: 0,
    nanosecond: 0,
    utc: false,
    offset: null,
    zoneName: '',
    half: null,
  };
  let rest = text;
  let left = layout;
  for (;;) {
    const next = nextElement(left);
    const prefix = next?.prefix ?? left;
    const skipped = skip(rest, prefix);
    if ('stuck' in skipped) throw cannot(prefix, skipped.stuck);
    rest = skipped.rest;
    if (next === null) break;
    left = next.suffix;
    try {
      rest = readElement(next.std, rest, left, fields);
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
      if (error.range !== null) throw new GoError(`${about}: ${error.range} out of range`);
      throw cannot(next.std, rest);
    }
  }
  if (rest !== '') throw new GoError(`${about}: extra text: ${quoteTime(rest)}`);
  const wrong = settle(fields);
  if (wrong !== null) throw new GoError(`${about}: ${wrong}`);
  const { utc, offset, zoneName, half, yearDay, ...read } = fields;
  const zone = utc ? 'UTC' : offset !== null ? { offset, name: zoneName } : zoneName === '' ? null : { name: zoneName };
  return { ...read, zone };
}

/** Takes the text between elements off; runs of blanks are equal. */
function skip(value: string, prefix: string): { readonly rest: string } | { readonly stuck: string } {
  let rest = value;
  let wanted = prefix;
  while (wanted !== '') {
    if (wanted[0] === ' ') {
      if (rest !== '' && rest[0] !== ' ') return { stuck: rest };
      wanted = wanted.replace(/^ +/, '');
      rest = rest.replace(/^ +/, '');
      continue;
    }
    if (rest[0] !== wanted[0]) return { stuck: rest };
    wanted = wanted.slice(1);
    rest = rest.slice(1);
  }
  return { rest };
}

/** Hours and days that depend on more than one field; what is wrong with them, or null. */
function settle(fields: Fields): string | null {
  if (fields.half === 'pm' && fields.hour < 12) fields.hour += 12;
  else if (fields.half === 'am' && fields.hour === 12) fields.hour = 0;
  if (fields.yearDay >= 0) {
    const leap = daysIn(2, fields.year) === 29;
    if (fields.yearDay < 1 || fields.yearDay > (leap ? 366 : 365)) return 'day-of-year out of range';
    const date = new Date(Date.UTC(leap ? 2000 : 2001, 0, fields.yearDay));
    if (fields.month >= 0 && fields.month !== date.getUTCMonth() + 1) return 'day-of-year does not match month';
    if (fields.day >= 0 && fields.day !== date.getUTCDate()) return 'day-of-year does not match day';
    fields.month = date.getUTCMonth() + 1;
    fields.day = date.getUTCDate();
  } else {
    if (fields.month < 0) fields.month = 1;
    if (fields.day < 0) fields.day = 1;
  }
  return fields.day < 1 || fields.day > daysIn(fields.month, fields.year) ? 'day out of range' : null;
}

function daysIn(month: number, year: number): number {
  return new Date(Date.UTC(2000 + (((year % 400) + 400) % 400), month, 0)).getUTCDate();
}

const bad = (rest: string): Mismatch => new Mismatch(null, rest);

/** Reads one element off the text and gives what is left. `after` is the layout behind it. */
function readElement(std: string, text: string, after: string, fields: Fields): string {
  const number = (pattern: RegExp): { readonly value: number; readonly rest: string } => {
    const found = pattern.exec(text)?.[0];
    if (found === undefined) throw bad(text);
    return { value: Number(found), rest: text.slice(found.length) };
  };
  const within = (value: number, low: number, high: number, name: string, rest: string): number => {
    if (value < low || value > high) throw new Mismatch(name, rest);
    return value;
  };
  const two = std.startsWith('0') ? /^[0-9]{2}/ : /^[0-9]{1,2}/;
  switch (std) {
    case '06': {
      // Two characters that Go reads as a number: a sign may be one of them.
      const { value, rest } = number(/^(?:[0-9]{2}|[-+][0-9])/);
      fields.year = value + (value >= 69 ? 1900 : 2000);
      return rest;
    }
    case '2006': {
      const { value, rest } = number(/^[0-9]{4}/);
      fields.year = value;
      return rest;
    }
    case 'Jan':
    case 'January': {
      const { index, rest } = lookup(months, std === 'Jan', text);
      fields.month = index + 1;
      return rest;
    }
    case 'Mon':
    case 'Monday':
      return lookup(days, std === 'Mon', text).rest;
    case '1':
    case '01': {
      const { value, rest } = number(two);
      fields.month = within(value, 1, 12, 'month', rest);
      return rest;
    }
    case '2':
    case '02':
    case '_2': {
      const trimmed = std === '_2' && text.startsWith(' ') ? text.slice(1) : text;
      const found = two.exec(trimmed)?.[0];
      if (found === undefined) throw bad(text);
      fields.day = Number(found);
      return trimmed.slice(found.length);
    }
    case '002':
    case '__2': {
      const trimmed = std === '__2' ? text.replace(/^ {1,2}/, '') : text;
      const found = (std === '002' ? /^[0-9]{3}/ : /^[0-9]{1,3}/).exec(trimmed)?.[0];
      if (found === undefined) throw bad(text);
      fields.yearDay = Number(found);
      return trimmed.slice(found.length);
    }
    case '15': {
      const { value, rest } = number(/^[0-9]{1,2}/);
      fields.hour = within(value, 0, 23, 'hour', rest);
      return rest;
    }
    case '3':
    case '03': {
      const { value, rest } = number(two);
      fields.hour = within(value, 0, 12, 'hour', rest);
      return rest;
    }
    case '4':
    case '04': {
      const { value, rest } = number(two);
      fields.minute = within(value, 0, 59, 'minute', rest);
      return rest;
    }
    case '5':
    case '05': {
      const { value, rest } = number(two);
      fields.second = within(value, 0, 59, 'second', rest);
      // A fraction may follow that the layout does not have.
      const fraction = /^[.,][0-9]+/.exec(rest)?.[0];
      if (fraction === undefined || isFraction(nextElement(after)?.std ?? '')) return rest;
      fields.nanosecond = nanoseconds(fraction);
      return rest.slice(fraction.length);
    }
    case 'PM':
    case 'pm': {
      const found = text.slice(0, 2);
      if (found !== std && found !== std.replace(/^p/i, std === 'PM' ? 'A' : 'a')) throw bad(text);
      fields.half = found.toLowerCase() === 'pm' ? 'pm' : 'am';
      return text.slice(2);
    }
    case 'MST': {
      if (text.startsWith('UTC')) {
        fields.utc = true;
        return text.slice(3);
      }
      const length = zoneLength(text);
      if (length === 0) throw bad(text);
      fields.zoneName = text.slice(0, length);
      return text.slice(length);
    }
    default:
      return isFraction(std) ? readFraction(std, text, fields) : readOffset(std, text, fields);
  }
}

const isFraction = (std: string): boolean => std.startsWith('.') || std.startsWith(',');

const nanoseconds = (fraction: string): number => Number(fraction.slice(1, 10).padEnd(9, '0'));

function readFraction(std: string, text: string, fields: Fields): string {
  if (std[1] === '0') {
    const found = text.slice(0, std.length);
    if (!/^[.,][0-9]+$/.test(found) || found.length < std.length) throw bad(text);
    fields.nanosecond = nanoseconds(found);
    return text.slice(std.length);
  }
  const found = /^[.,][0-9]+/.exec(text)?.[0];
  if (found === undefined) return text;
  fields.nanosecond = nanoseconds(found);
  return text.slice(found.length);
}

function readOffset(std: string, text: string, fields: Fields): string {
  if (std.startsWith('Z') && text.startsWith('Z')) {
    fields.utc = true;
    return text.slice(1);
  }
  const shape = new RegExp(`^(.)${std.slice(1).replace(/[0-9]{2}/g, '(..)')}`, 's');
  const found = shape.exec(text);
  if (found === null) throw bad(text);
  const [all, sign, ...parts] = found;
  const [hours = 0, minutes = 0, seconds = 0] = parts.map(Number);
  const digits = parts.every((part) => /^[0-9]{2}$/.test(part));
  if (digits) {
    const rest = text.slice(all.length);
    if (hours > 24) throw new Mismatch('time zone offset hour', rest);
    if (minutes > 60) throw new Mismatch('time zone offset minute', rest);
    if (seconds > 60) throw new Mismatch('time zone offset second', rest);
  }
  if (!digits || (sign !== '+' && sign !== '-')) throw bad(text);
  const size = (hours * 60 + minutes) * 60 + seconds;
  // Go takes an offset of -1 s for none.
  fields.offset = sign === '-' ? -size : size;
  if (fields.offset === -1) fields.offset = null;
  return text.slice(all.length);
}

/** How long an abbreviation of a zone is, 0 where there is none (parseTimeZone). */
function zoneLength(text: string): number {
  if (text.length < 3) return 0;
  if (text.startsWith('ChST') || text.startsWith('MeST')) return 4;
  if (text.startsWith('GMT')) return 3 + signedLength(text.slice(3));
  if (text[0] === '+' || text[0] === '-') return signedLength(text);
  const upper = (/^[A-Z]{0,6}/.exec(text)?.[0] ?? '').length;
  if (upper === 3) return 3;
  if (upper === 4) return text[3] === 'T' || text.startsWith('WITA') ? 4 : 0;
  return upper === 5 && text[4] === 'T' ? 5 : 0;
}

function signedLength(text: string): number {
  const digits = /^[-+]([0-9]+)/.exec(text)?.[1];
  return digits === undefined || Number(digits) > 23 ? 0 : 1 + digits.length;
}

function lookup(names: readonly string[], short: boolean, text: string): { index: number; rest: string } {
  for (const [index, name] of names.entries()) {
    const wanted = short ? name.slice(0, 3) : name;
    if (text.slice(0, wanted.length).toLowerCase() !== wanted.toLowerCase()) continue;
    return { index, rest: text.slice(wanted.length) };
  }
  throw bad(text);
}
