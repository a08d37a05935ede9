/** Go's time layouts: the reference time Mon Jan 2 15:04:05 MST 2006 written as the wanted text. */

export interface Clock {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly yearDay: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
  /** Seconds east of UTC. */
  readonly offset: number;
  /** `UTC`, `CET`, … */
  readonly zone: string;
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** Every element of a layout, longer ones before those that they begin with (time/format.go: nextStdChunk). */
const element =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|01|02|03|04|05|06|2006|_2006|__2|_2|2|15|1|3|4|5|PM|pm|Z07:00:00|Z070000|Z07:00|Z0700|Z07|-07:00:00|-070000|-07:00|-0700|-07|[.,](?:0+|9+)(?![0-9])/g;

const pad = (value: number, width = 2): string => value.toString().padStart(width, '0');

function formatOffset(offset: number, std: string): string {
  if (std.startsWith('Z') && offset === 0) return 'Z';
  const shape = std.replace('Z', '-');
  const size = Math.abs(offset);
  const colon = shape.includes(':') ? ':' : '';
  let out = (offset < 0 ? '-' : '+') + pad(Math.floor(size / 3600));
  if (shape !== '-07') out += colon + pad(Math.floor(size / 60) % 60);
  if (shape === '-070000' || shape === '-07:00:00') out += colon + pad(size % 60);
  return out;
}

function formatFraction(nanosecond: number, std: string): string {
  const text = pad(nanosecond, 9).slice(0, std.length - 1);
  if (std[1] === '0') return (std[0] ?? '') + text.padEnd(std.length - 1, '0');
  const short = text.replace(/0+$/, '');
  return short === '' ? '' : (std[0] ?? '') + short;
}

function formatElement(std: string, clock: Clock): string {
  const half = clock.hour % 12 === 0 ? 12 : clock.hour % 12;
  switch (std) {
    case '2006':
      return clock.year < 0 ? `-${pad(-clock.year, 4)}` : pad(clock.year, 4);
    case '_2006':
      return `_${pad(clock.year, 4)}`;
    case '06':
      return pad(((clock.year % 100) + 100) % 100);
    case 'January':
      return months[clock.month - 1] ?? '';
    case 'Jan':
      return (months[clock.month - 1] ?? '').slice(0, 3);
    case '01':
      return pad(clock.month);
    case '1':
      return clock.month.toString();
    case 'Monday':
      return days[clock.weekday] ?? '';
    case 'Mon':
      return (days[clock.weekday] ?? '').slice(0, 3);
    case '02':
      return pad(clock.day);
    case '_2':
      return clock.day.toString().padStart(2, ' ');
    case '2':
      return clock.day.toString();
    case '002':
      return pad(clock.yearDay, 3);
    case '__2':
      return clock.yearDay.toString().padStart(3, ' ');
    case '15':
      return pad(clock.hour);
    case '03':
      return pad(half);
    case '3':
      return half.toString();
    case '04':
      return pad(clock.minute);
    case '4':
      return clock.minute.toString();
    case '05':
      return pad(clock.second);
    case '5':
      return clock.second.toString();
    case 'PM':
      return clock.hour >= 12 ? 'PM' : 'AM';
    case 'pm':
      return clock.hour >= 12 ? 'pm' : 'am';
    case 'MST':
      return clock.zone;
    default:
      return std[0] === '.' || std[0] === ',' ? formatFraction(clock.nanosecond, std) : formatOffset(clock.offset, std);
  }
}

/** time.Time.Format. */
export function formatLayout(layout: string, clock: Clock): string {
  let out = '';
  let at = 0;
  for (const match of layout.matchAll(element)) {
    if (match.index < at) continue;
    out += layout.slice(at, match.index) + formatElement(match[0], clock);
    at = match.index + match[0].length;
  }
  return out + layout.slice(at);
}

/** What was read of a time; `offset` is null where the text has no zone. */
export interface Parsed {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
  readonly offset: number | null;
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
  offset: number | null;
  pm: boolean | null;
}

/** time.Parse: what the text says by the layout, or null where it does not follow it. */
export function parseLayout(layout: string, text: string): Parsed | null {
  const fields: Fields = {
    year: 0,
    month: 0,
    day: 0,
    yearDay: 0,
    hour: 0,
    minute: 0,
    second: 0,
    nanosecond: 0,
    offset: null,
    pm: null,
  };
  let rest = text;
  let at = 0;
  for (const match of layout.matchAll(element)) {
    if (match.index < at) continue;
    const literal = layout.slice(at, match.index);
    if (!rest.startsWith(literal)) return null;
    const left = parseElement(match[0], rest.slice(literal.length), fields);
    if (left === null) return null;
    rest = left;
    at = match.index + match[0].length;
  }
  return rest === layout.slice(at) ? finish(fields) : null;
}

function finish(fields: Fields): Parsed | null {
  const { pm, year, minute, second, nanosecond, offset } = fields;
  let { hour, month, day } = fields;
  if (pm === true && hour < 12) hour += 12;
  else if (pm === false && hour === 12) hour = 0;
  if (fields.yearDay > 0) {
    const date = new Date(Date.UTC(2000, 0, fields.yearDay));
    date.setUTCFullYear(year, 0, fields.yearDay);
    month = date.getUTCMonth() + 1;
    day = date.getUTCDate();
  }
  month = Math.max(month, 1);
  day = Math.max(day, 1);
  const last = new Date(Date.UTC(2000 + (((year % 400) + 400) % 400), month, 0)).getUTCDate();
  if (month > 12 || day > last || hour > 23 || minute > 59 || second > 59) return null;
  return { year, month, day, hour, minute, second, nanosecond, offset };
}

/** Takes one element off the text; null where it is not there. */
function parseElement(std: string, text: string, fields: Fields): string | null {
  const take = (pattern: RegExp, use: (found: string) => void): string | null => {
    const match = pattern.exec(text);
    if (match === null) return null;
    use(match[0]);
    // Fractions of a second may follow seconds that the layout has none for.
    return text.slice(match[0].length);
  };
  switch (std) {
    case '2006':
    case '_2006':
      return take(/^[0-9]{4}/, (found) => {
        fields.year = Number(found);
      });
    case '06':
      return take(/^[0-9]{2}/, (found) => {
        fields.year = Number(found) + (Number(found) >= 69 ? 1900 : 2000);
      });
    case 'January':
    case 'Jan':
      return takeName(text, months, std === 'Jan', (index) => {
        fields.month = index + 1;
      });
    case 'Monday':
    case 'Mon':
      return takeName(text, days, std === 'Mon', () => {});
    case '01':
      return take(/^[0-9]{2}/, (found) => {
        fields.month = Number(found);
      });
    case '1':
      return take(/^[0-9]{1,2}/, (found) => {
        fields.month = Number(found);
      });
    case '02':
      return take(/^[0-9]{2}/, (found) => {
        fields.day = Number(found);
      });
    case '2':
      return take(/^[0-9]{1,2}/, (found) => {
        fields.day = Number(found);
      });
    case '_2':
      return take(/^ ?[0-9]{1,2}/, (found) => {
        fields.day = Number(found);
      });
    case '002':
    case '__2':
      return take(/^ {0,2}[0-9]{1,3}/, (found) => {
        fields.yearDay = Number(found);
      });
    case '15':
      return take(/^[0-9]{1,2}/, (found) => {
        fields.hour = Number(found);
      });
    case '03':
      return take(/^[0-9]{2}/, (found) => {
        fields.hour = Number(found);
      });
    case '3':
      return take(/^[0-9]{1,2}/, (found) => {
        fields.hour = Number(found);
      });
    case '04':
      return take(/^[0-9]{2}/, (found) => {
        fields.minute = Number(found);
      });
    case '4':
      return take(/^[0-9]{1,2}/, (found) => {
        fields.minute = Number(found);
      });
    case '05':
    case '5':
      return take(std === '05' ? /^[0-9]{2}(?:[.,][0-9]+)?/ : /^[0-9]{1,2}(?:[.,][0-9]+)?/, (found) => {
        const [whole = '0', fraction = ''] = found.split(/[.,]/);
        fields.second = Number(whole);
        fields.nanosecond = Number(fraction.slice(0, 9).padEnd(9, '0'));
      });
    case 'PM':
    case 'pm':
      return take(std === 'PM' ? /^[AP]M/ : /^[ap]m/, (found) => {
        fields.pm = found.toLowerCase() === 'pm';
      });
    case 'MST':
      return take(/^[A-Z]{3,5}/, (found) => {
        if (found === 'UTC') fields.offset = 0;
      });
    default:
      if (std[0] === '.' || std[0] === ',') return text;
      return take(/^(?:Z|[-+][0-9]{2}(?::?[0-9]{2}){0,2})/, (found) => {
        fields.offset = offsetOf(found);
      });
  }
}

function offsetOf(text: string): number {
  if (text === 'Z') return 0;
  const digits = text.replaceAll(':', '').slice(1).padEnd(6, '0');
  const size = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2, 4)) * 60 + Number(digits.slice(4, 6));
  return text.startsWith('-') ? -size : size;
}

function takeName(text: string, names: readonly string[], short: boolean, use: (index: number) => void): string | null {
  for (const [index, name] of names.entries()) {
    const wanted = short ? name.slice(0, 3) : name;
    if (text.slice(0, wanted.length).toLowerCase() !== wanted.toLowerCase()) continue;
    use(index);
    return text.slice(wanted.length);
  }
  return null;
}
