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

export const months = [
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

export const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** Every element of a layout, longer ones before those that they begin with (time/format.go: nextStdChunk). */
const element =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|2006|(?<=_)2006|__2|_2(?!006)|2|15|1|3|4|5|PM|pm|-070000|-07:00:00|-0700|-07:00|-07|Z070000|Z07:00:00|Z0700|Z07:00|Z07|[.,](?:0+|9+)(?![0-9])/g;

/** The next element of a layout, with the text before and after it; null where only text is left. */
export function nextElement(
  layout: string,
): { readonly prefix: string; readonly std: string; readonly suffix: string } | null {
  element.lastIndex = 0;
  const match = element.exec(layout);
  if (match === null) return null;
  const end = match.index + match[0].length;
  return { prefix: layout.slice(0, match.index), std: match[0], suffix: layout.slice(end) };
}

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
    case '06':
      return pad(Math.abs(clock.year) % 100);
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
      return clock.zone === '' ? formatOffset(clock.offset, '-0700') : clock.zone;
    default:
      return std[0] === '.' || std[0] === ',' ? formatFraction(clock.nanosecond, std) : formatOffset(clock.offset, std);
  }
}

/** time.Time.Format. */
export function formatLayout(layout: string, clock: Clock): string {
  let out = '';
  let rest = layout;
  for (let next = nextElement(rest); next !== null; next = nextElement(rest)) {
    out += next.prefix + formatElement(next.std, clock);
    rest = next.suffix;
  }
  return out + rest;
}
