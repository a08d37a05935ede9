import { quote } from '../quote.js';
import { GoError } from '../value.js';

/**
 * Checks an IP address as netip.ParseAddr does, and says which kind it is.
 *
 * Throws GoError with its text. Follows: net/netip/netip.go of Go 1.26.
 */
export function checkAddress(text: string): 4 | 6 {
  const fail = failOf(text);
  const sign = /[.:%]/.exec(text)?.[0];
  if (sign === undefined) return fail('unable to parse IP');
  if (sign === '%') return fail('missing IPv6 address');
  if (sign === ':') {
    checkIPv6(text);
    return 6;
  }
  checkIPv4(text, fail);
  return 4;
}

type Fail = (problem: string, at?: string) => never;

function failOf(text: string): Fail {
  return (problem, at) => {
    throw new GoError(`ParseAddr(${quote(text)}): ${problem}${at === undefined ? '' : ` (at ${quote(at)})`}`);
  };
}

function checkIPv4(text: string, fail: Fail): void {
  let value = 0;
  let digits = 0;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    if (char >= '0' && char <= '9') {
      if (digits === 1 && value === 0) fail('IPv4 field has octet with leading zero');
      value = value * 10 + Number(char);
      digits++;
      if (value > 255) fail('IPv4 field has value >255');
    } else if (char === '.') {
      if (i === 0 || i === text.length - 1 || text[i - 1] === '.') {
        fail('IPv4 field must have at least one digit', text.slice(i));
      }
      if (dots === 3) fail('IPv4 address too long');
      dots++;
      value = 0;
      digits = 0;
    } else fail('unexpected character', text.slice(i));
  }
  if (dots < 3) fail('IPv4 address too short');
}

function checkIPv6(text: string): void {
  const fail = failOf(text);
  const zone = text.indexOf('%');
  if (zone === text.length - 1) fail('zone must be a non-empty string');
  let rest = zone < 0 ? text : text.slice(0, zone);
  let ellipsis = -1;
  if (rest.startsWith('::')) {
    ellipsis = 0;
    rest = rest.slice(2);
    if (rest === '') return;
  }
  let bytes = 0;
  while (bytes < 16) {
    const digits = /^[0-9a-fA-F]*/.exec(rest)?.[0].length ?? 0;
    if (digits > 4) fail('each group must have 4 or less digits', rest);
    if (digits === 0) fail('each colon-separated field must have at least one digit', rest);
    if (rest[digits] === '.') {
      if (ellipsis < 0 && bytes !== 12) {
        fail('embedded IPv4 address must replace the final 2 fields of the address', rest);
      }
      if (bytes + 4 > 16) {
        fail('too many hex fields to fit an embedded IPv4 at the end of the address', rest);
      }
      checkIPv4(rest, fail);
      rest = '';
      bytes += 4;
      break;
    }
    bytes += 2;
    rest = rest.slice(digits);
    if (rest === '') break;
    if (rest[0] !== ':') fail('unexpected character, want colon', rest);
    if (rest.length === 1) fail('colon must be followed by more characters', rest);
    rest = rest.slice(1);
    if (rest[0] !== ':') continue;
    if (ellipsis >= 0) fail('multiple :: in address', rest);
    ellipsis = bytes;
    rest = rest.slice(1);
    if (rest === '') break;
  }
  if (rest !== '') fail('trailing garbage after address', rest);
  if (bytes < 16 && ellipsis < 0) fail('address string too short');
  if (bytes === 16 && ellipsis >= 0) fail('the :: must expand to at least one field of zeros');
}
