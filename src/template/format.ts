/**
 * Go's fmt over Go values: Sprintf, Sprint, Sprintln, and what belongs to it of strconv.
 */
import { typeName } from './reflect.js';
import { GoInt, type GoValue } from './value.js';
import { type Flags, formatArg, noFlags } from './verbs.js';

export { type FloatFormat, formatFloat } from './float.js';
export { quote, unquote } from './quote.js';
export { formatV, sliceBytes, sprint, sprintln } from './verbs.js';

/** A width, precision or argument number beyond this is refused (fmt's tooLarge). */
const maxNumber = 1_000_000;

/** The state of one Sprintf: where it reads, and which argument is next. */
interface Scan {
  readonly format: string;
  readonly args: readonly GoValue[];
  at: number;
  arg: number;
  reordered: boolean;
  goodIndex: boolean;
  afterIndex: boolean;
  out: string;
}

/**
 * fmt.Sprintf: every verb, flag, width, precision and explicit argument index; wrong uses give Go's own error forms
 * (`%!d(string=x)`, `%!s(MISSING)`, `%!(EXTRA int=1)`, `%!(NOVERB)`), never an exception.
 */
export function sprintf(format: string, args: readonly GoValue[]): string {
  const scan: Scan = {
    format,
    args,
    at: 0,
    arg: 0,
    reordered: false,
    goodIndex: true,
    afterIndex: false,
    out: '',
  };
  while (scan.at < format.length) {
    const percent = format.indexOf('%', scan.at);
    if (percent < 0) {
      scan.out += format.slice(scan.at);
      break;
    }
    scan.out += format.slice(scan.at, percent);
    scan.at = percent + 1;
    scan.goodIndex = true;
    scan.afterIndex = false;
    if (!formatOne(scan)) break;
  }
  if (!scan.reordered && scan.arg < args.length) scan.out += extra(args.slice(scan.arg));
  return scan.out;
}

function extra(args: readonly GoValue[]): string {
  const shown = args.map((arg) => (arg === null ? '<nil>' : `${typeName(arg)}=${formatArg(arg, 'v', noFlags())}`));
  return `%!(EXTRA ${shown.join(', ')})`;
}

/** Reads and writes one directive; false where the format ends within it. */
function formatOne(scan: Scan): boolean {
  const flags = noFlags();
  readFlags(scan, flags);
  readIndex(scan);
  readWidth(scan, flags);
  if (scan.format[scan.at] === '.' && scan.at + 1 < scan.format.length) readPrecision(scan, flags);
  if (!scan.afterIndex) readIndex(scan);
  const code = scan.format.codePointAt(scan.at);
  if (code === undefined) {
    scan.out += '%!(NOVERB)';
    return false;
  }
  const char = String.fromCodePoint(code);
  scan.at += char.length;
  const verb = code >= 0xdc80 && code <= 0xdcff ? '�' : char;
  if (verb === '%') {
    scan.out += '%';
  } else if (!scan.goodIndex) {
    scan.out += `%!${verb}(BADINDEX)`;
  } else if (scan.arg >= scan.args.length) {
    scan.out += `%!${verb}(MISSING)`;
  } else {
    writeArg(scan, verb, flags);
  }
  return true;
}

function writeArg(scan: Scan, verb: string, flags: Flags): void {
  if (verb === 'v' || verb === 'w') {
    flags.sharpV = flags.sharp;
    flags.sharp = false;
    flags.plusV = flags.plus;
    flags.plus = false;
  }
  scan.out += formatArg(scan.args[scan.arg] ?? null, verb, flags);
  scan.arg += 1;
}

function readFlags(scan: Scan, flags: Flags): void {
  for (; ; scan.at++) {
    switch (scan.format[scan.at]) {
      case '#':
        flags.sharp = true;
        break;
      case '0':
        flags.zero = true;
        break;
      case '+':
        flags.plus = true;
        break;
      case '-':
        flags.minus = true;
        break;
      case ' ':
        flags.space = true;
        break;
      default:
        return;
    }
  }
}

function readWidth(scan: Scan, flags: Flags): void {
  if (scan.format[scan.at] === '*') {
    scan.at += 1;
    const width = numberFromArg(scan);
    if (width === null) scan.out += '%!(BADWIDTH)';
    flags.width = width;
    if (width !== null && width < 0) {
      flags.width = -width;
      flags.minus = true;
      flags.zero = false;
    }
    scan.afterIndex = false;
    return;
  }
  flags.width = readNumber(scan);
  if (scan.afterIndex && flags.width !== null) scan.goodIndex = false;
}

function readPrecision(scan: Scan, flags: Flags): void {
  scan.at += 1;
  if (scan.afterIndex) scan.goodIndex = false;
  readIndex(scan);
  if (scan.format[scan.at] === '*') {
    scan.at += 1;
    const precision = numberFromArg(scan);
    flags.precision = precision !== null && precision >= 0 ? precision : null;
    if (flags.precision === null) scan.out += '%!(BADPREC)';
    scan.afterIndex = false;
    return;
  }
  flags.precision = readNumber(scan) ?? 0;
}

/** A decimal number, or null where there is none; one that is too large ends the format, as in Go. */
function readNumber(scan: Scan): number | null {
  let value: number | null = null;
  for (; ; scan.at++) {
    const char = scan.format[scan.at] ?? '';
    if (char < '0' || char > '9' || char === '') return value;
    if ((value ?? 0) > maxNumber) {
      scan.at = scan.format.length;
      return null;
    }
    value = (value ?? 0) * 10 + Number(char);
  }
}

function numberFromArg(scan: Scan): number | null {
  if (scan.arg >= scan.args.length) return null;
  const arg = scan.args[scan.arg] ?? null;
  scan.arg += 1;
  if (!(arg instanceof GoInt) || arg.value > BigInt(maxNumber) || arg.value < -BigInt(maxNumber)) return null;
  return Number(arg.value);
}

/** An explicit argument index: `[3]`. */
function readIndex(scan: Scan): void {
  scan.afterIndex = false;
  if (scan.format[scan.at] !== '[') return;
  scan.reordered = true;
  const close = scan.format.indexOf(']', scan.at + 1);
  const inner = close < 0 ? '' : scan.format.slice(scan.at + 1, close);
  const isNumber = /^[0-9]{1,7}$/.test(inner) && Number(inner) <= maxNumber;
  scan.afterIndex = isNumber;
  scan.at = close < 0 ? scan.at + 1 : close + 1;
  const index = Number(inner) - 1;
  if (isNumber && index >= 0 && index < scan.args.length) {
    scan.arg = index;
  } else {
    scan.goodIndex = false;
  }
}
