import { isIP } from 'node:net';
import { RE2JS } from 're2js';
import { quoteRune } from '../text.js';

/** Says what keeps a text from having the format, or null where it has it. */
export type FormatCheck = (text: string) => string | null;

/**
 * The formats that santhosh-tekuri/jsonschema v6 asserts up to draft 7 (format.go), with its words. Errors that it
 * takes from Go's own packages are told in short.
 */
export const formatChecks: ReadonlyMap<string, FormatCheck> = new Map<string, FormatCheck>([
  ['json-pointer', jsonPointer],
  ['relative-json-pointer', relativeJsonPointer],
  ['uuid', uuid],
  ['duration', duration],
  ['period', period],
  ['ipv4', ipv4],
  ['ipv6', ipv6],
  ['hostname', hostname],
  ['email', email],
  ['date', date],
  ['time', time],
  ['date-time', dateTime],
  ['uri', uri],
  ['iri', uri],
  ['uri-reference', uriReference],
  ['iri-reference', uriReference],
  ['semver', semver],
  ['regex', regex],
]);

function jsonPointer(text: string): string | null {
  if (text === '') return null;
  if (!text.startsWith('/')) return 'not starting with /';
  return /~(?![01])/.test(text) ? '~ must be followed by 0 or 1' : null;
}

function relativeJsonPointer(text: string): string | null {
  const digits = leadingDigits(text);
  if (digits === 0) return 'must start with non-negative integer';
  if (digits > 1 && text.startsWith('0')) return 'starts with zero';
  const rest = text.slice(digits);
  return rest === '#' ? null : jsonPointer(rest);
}

function uuid(text: string): string | null {
  const groups = text.split('-');
  const lengths = [8, 4, 4, 4, 12];
  if (groups.length !== lengths.length) return `must have ${lengths.length} elements`;
  for (const [index, group] of groups.entries()) {
    const length = lengths[index] ?? 0;
    if (group.length !== length) return `element ${index + 1} must be ${length} characters long`;
    const odd = firstOther(group, /[0-9a-fA-F]/);
    if (odd !== null) return `non-hex character ${odd}`;
  }
  return null;
}

function duration(text: string): string | null {
  if (!text.startsWith('P')) return 'must start with P';
  const whole = text.slice(1);
  if (whole === '') return 'nothing after P';
  if (whole.endsWith('W')) {
    const week = whole.slice(0, -1);
    if (week === '') return 'no number in week';
    return /^[0-9]+$/.test(week) ? null : 'invalid week';
  }
  for (const [index, part] of whole.split('T').entries()) {
    if (index > 0 && part === '') return 'no time elements';
    const all = ['YMD', 'HMS'][index];
    if (all === undefined) return 'more than one T';
    const wrong = durationPart(part, all);
    if (wrong !== null) return wrong;
  }
  return null;
}

function durationPart(part: string, all: string): string | null {
  let rest = part;
  let units = all;
  while (rest !== '') {
    const digits = leadingDigits(rest);
    if (digits === 0) return 'missing number';
    const unit = rest[digits];
    if (unit === undefined) return 'missing unit';
    const place = units.indexOf(unit);
    if (place < 0)
      return `${all.includes(unit) ? 'unit' : 'invalid unit'} ${quoteRune(unit)}${all.includes(unit) ? ' out of order' : ''}`;
    units = units.slice(place + 1);
    rest = rest.slice(digits + 1);
  }
  return null;
}

function period(text: string): string | null {
  const slash = text.indexOf('/');
  if (slash < 0) return 'missing slash';
  const start = text.slice(0, slash);
  const end = text.slice(slash + 1);
  const first = start.startsWith('P')
    ? nested('start duration', duration(start))
    : nested('start date-time', dateTime(start));
  if (first !== null) return first;
  const timed = start.startsWith('P') || !end.startsWith('P');
  return timed ? nested('end date-time', dateTime(end)) : nested('end duration', duration(end));
}

function ipv4(text: string): string | null {
  const groups = text.split('.');
  if (groups.length !== 4) return 'expected four decimals';
  for (const group of groups) {
    if (group.length > 1 && group.startsWith('0')) return 'leading zeros';
    if (!/^[+-]?[0-9]{1,18}$/.test(group)) return `strconv.Atoi: parsing ${JSON.stringify(group)}: invalid syntax`;
    if (Number(group) < 0 || Number(group) > 255) return 'decimal must be between 0 and 255';
  }
  return null;
}

function ipv6(text: string): string | null {
  if (!text.includes(':')) return 'missing colon';
  if (text.includes('%')) return 'zone id is not a part of ipv6 address';
  return isIP(text) === 6 ? null : `ParseAddr(${JSON.stringify(text)}): unable to parse IP`;
}

function hostname(text: string): string | null {
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  if (name.length > 253) return 'more than 253 characters long';
  for (const label of name.split('.')) {
    if (label.length < 1 || label.length > 63) return 'label must be 1 to 63 characters long';
    if (label.startsWith('-')) return 'label starts with hyphen';
    if (label.endsWith('-')) return 'label ends with hyphen';
    const odd = firstOther(label, /[a-zA-Z0-9-]/);
    if (odd !== null) return `invalid character ${odd}`;
  }
  return null;
}

function email(text: string): string | null {
  if (text.length > 254) return 'more than 255 characters long';
  const at = text.lastIndexOf('@');
  if (at < 0) return 'missing @';
  const local = text.slice(0, at);
  const domain = text.slice(at + 1);
  if (local.length > 64) return 'local part more than 64 characters long';
  if (local.length > 1 && local.startsWith('"') && local.endsWith('"')) {
    if (/[\\"]/.test(local.slice(1, -1))) return 'backslash and quote are not allowed within quoted local part';
  } else {
    if (local.startsWith('.')) return 'starts with dot';
    if (local.endsWith('.')) return 'ends with dot';
    if (local.includes('..')) return 'consecutive dots';
    const odd = firstOther(local, /[a-zA-Z0-9.!#$%&'*+\-/=?^_`{|}~]/);
    if (odd !== null) return `invalid character ${odd}`;
  }
  if (domain.startsWith('[') && domain.endsWith(']')) {
    const address = domain.slice(1, -1);
    if (address.startsWith('IPv6:')) return nested('ipv6 address', ipv6(address.slice(5)));
    return nested('ipv4 address', ipv4(address));
  }
  return nested('domain', hostname(domain));
}

function date(text: string): string | null {
  const match = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  const begin = `parsing time ${JSON.stringify(text)}`;
  if (match === null) return `${begin} as "2006-01-02": cannot parse ${JSON.stringify(text)} as "2006"`;
  const [, year = '', month = '', day = ''] = match;
  if (Number(month) < 1 || Number(month) > 12) return `${begin}: month out of range`;
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number(day) < 1 || Number(day) > days ? `${begin}: day out of range` : null;
}

function time(text: string): string | null {
  if (text.length < 9) return 'less than 9 characters long';
  if (text[2] !== ':' || text[5] !== ':') return 'missing colon in correct place';
  const match = /^([0-9]{2}):([0-9]{2}):([0-9]{2})/.exec(text);
  if (match === null) return 'invalid hour/min/sec';
  const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (hour > 23 || minute > 59 || second > 60) return 'hour/min/sec out of range';
  let rest = text.slice(8);
  if (rest.startsWith('.')) {
    const digits = leadingDigits(rest.slice(1));
    if (digits === 0) return 'no digits in second fraction';
    rest = rest.slice(1 + digits);
  }
  const minutes = rest === 'z' || rest === 'Z' ? hour * 60 + minute : utcMinutes(hour * 60 + minute, rest);
  if (typeof minutes === 'string') return minutes;
  return second >= 60 && minutes !== 23 * 60 + 59 ? 'invalid leap second' : null;
}

function utcMinutes(minutes: number, offset: string): number | string {
  if (offset.length !== 6) return 'offset must be 6 characters long';
  const sign = offset.startsWith('+') ? -1 : offset.startsWith('-') ? 1 : null;
  if (sign === null) return 'offset must begin with plus/minus';
  if (offset[3] !== ':') return 'missing colon in offset in correct place';
  const match = /^.([0-9]{2}):([0-9]{2})$/.exec(offset);
  if (match === null) return 'invalid hour/min in offset';
  const [hour, minute] = [Number(match[1]), Number(match[2])];
  if (hour > 23 || minute > 59) return 'hour/min in offset out of range';
  const utc = minutes + sign * (hour * 60 + minute);
  return utc < 0 ? utc + 24 * 60 : utc;
}

function dateTime(text: string): string | null {
  if (text.length < 20) return 'less than 20 characters long';
  if (text[10] !== 't' && text[10] !== 'T') return '11th character must be t or T';
  return nested('date element', date(text.slice(0, 10))) ?? nested('time element', time(text.slice(11)));
}

function uri(text: string): string | null {
  const wrong = urlProblem(text);
  if (wrong !== null) return wrong;
  return /^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(text) ? null : 'relative url';
}

function uriReference(text: string): string | null {
  return text.includes('\\') ? 'contains \\' : urlProblem(text);
}

/** What Go's net/url refuses to parse, as far as it is common. */
function urlProblem(text: string): string | null {
  const begin = `parse ${JSON.stringify(text)}: `;
  if ([...text].some((char) => char < ' ' || char === '\x7f'))
    return `${begin}net/url: invalid control character in URL`;
  if (text.startsWith(':')) return `${begin}missing protocol scheme`;
  const broken = /%(?![0-9a-fA-F]{2}).{0,2}/.exec(text);
  if (broken !== null) return `${begin}invalid URL escape ${JSON.stringify(broken[0])}`;
  const scheme = /^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(text);
  const first = text.split(/[/?#]/, 1)[0] ?? '';
  if (!scheme && first.includes(':')) return `${begin}first path segment in URL cannot contain colon`;
  const authority = /^(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?\/\/([^/?#]*)/.exec(text)?.[1] ?? '';
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const odd = /[ "<>\\^`{|}]/.exec(host);
  if (odd !== null) return `${begin}invalid character ${JSON.stringify(odd[0])} in host name`;
  const port = /:([^:\]]*)$/.exec(host)?.[1] ?? '';
  return /^[0-9]*$/.test(port) ? null : `${begin}invalid port ${JSON.stringify(`:${port}`)} after host`;
}

function semver(text: string): string | null {
  let rest = text;
  const plus = rest.indexOf('+');
  if (plus >= 0) {
    const build = rest.slice(plus + 1);
    if (build === '') return 'build is empty';
    for (const part of build.split('.')) {
      if (part === '') return 'build identifier is empty';
      const odd = firstOther(part, /[0-9a-zA-Z-]/);
      if (odd !== null) return `invalid character ${odd} in build identifier`;
    }
    rest = rest.slice(0, plus);
  }
  const dash = rest.indexOf('-');
  if (dash >= 0) {
    for (const part of rest.slice(dash + 1).split('.')) {
      if (part === '') return 'pre-release identifier is empty';
      const odd = firstOther(part, /[0-9a-zA-Z-]/);
      if (odd !== null) return `invalid character ${odd} in pre-release identifier`;
      if (/^0[0-9]+$/.test(part)) return 'pre-release numeric identifier starts with zero';
    }
    rest = rest.slice(0, dash);
  }
  const numbers = rest.split('.');
  if (numbers.length !== 3) return 'versionCore must have 3 numbers separated by dot';
  for (const [index, number] of numbers.entries()) {
    const name = ['major', 'minor', 'patch'][index] ?? '';
    if (number === '') return `${name} is empty`;
    if (number.length > 1 && number.startsWith('0')) return `${name} starts with zero`;
    if (!/^[0-9]+$/.test(number)) return `${name} contains non-digit`;
  }
  return null;
}

function regex(text: string): string | null {
  try {
    RE2JS.compile(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function nested(what: string, why: string | null): string | null {
  return why === null ? null : `invalid ${what}: ${why}`;
}

function leadingDigits(text: string): number {
  return /^[0-9]*/.exec(text)?.[0].length ?? 0;
}

/** The first character that is not of the class, as `%q` prints it. */
function firstOther(text: string, wanted: RegExp): string | null {
  for (const char of text) if (!wanted.test(char)) return quoteRune(char);
  return null;
}
