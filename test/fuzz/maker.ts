import { byteLength, goBytes } from '../../src/template/index.js';
import type { FuzzValue } from './case.js';
import { type Domain, domains } from './domains.js';
import type { Random } from './random.js';

/** How deep expressions stand in expressions. */
const mostNested = 3;

/**
 * Makes the text of one template and the values that it reads. Every method gives an operand: a text that can stand as
 * an argument.
 */
export class Maker {
  readonly random: Random;
  readonly values: Record<string, FuzzValue> = {};
  /** Whether `.` is the chart's dot here. */
  atRoot = true;
  /** Variables that are in scope, `$` not among them. */
  variables: string[] = [];
  nested = 0;
  /** Whether this template is to go wrong somewhere; the others go wrong only where a value happens not to fit. */
  readonly wild: boolean;
  #count = 0;

  constructor(random: Random) {
    this.random = random;
    this.wild = random.chance(0.4);
  }

  /** An operand of a domain; now and then one that only happens to be of its type. */
  of(domain: Domain): string {
    return domains[domain](this);
  }

  oneOf(...list: readonly Domain[]): string {
    return this.of(this.random.pick(list));
  }

  /** One of the right forms, in wild templates often one of the wrong ones. */
  form(right: readonly string[], wrong: readonly string[]): string {
    return this.random.pick(this.wild && this.random.chance(0.3) ? wrong : right);
  }

  /** Puts a value into the chart's values and names it. */
  held(value: FuzzValue): string {
    const name = `v${this.#count++}`;
    this.values[name] = value;
    return this.atRoot && this.random.chance(0.8) ? `.Values.${name}` : `$.Values.${name}`;
  }

  /** A text, written out or from the values. */
  text(value: string): string {
    if (this.random.chance(0.3)) return this.held(value);
    return literal(value, this.random);
  }

  /** A call in parentheses, where expressions are not too deep already. */
  nest(make: () => string, otherwise: () => string): string {
    if (this.nested >= mostNested) return otherwise();
    this.nested++;
    try {
      return `(${make()})`;
    } finally {
      this.nested--;
    }
  }
}

/** A Go literal of a string: between quotes, or raw where that is possible and chance will have it. */
export function literal(value: string, random: Random): string {
  if (!/[`\r\ufeff\0]/.test(value) && random.chance(0.15)) return `\`${value}\``;
  let out = '"';
  for (const char of value) {
    const code = char.codePointAt(0) ?? 0;
    if (char === '"' || char === '\\') out += `\\${char}`;
    else if (char === '\n') out += '\\n';
    else if (char === '\t') out += '\\t';
    else if (code < 0x20 || code === 0x7f || code === 0xfeff) out += `\\x${hex(code < 0x80 ? [code] : goBytes(char))}`;
    else if (code >= 0xd800 && code < 0xe000) out += `\\x${hex(goBytes(char))}`;
    else out += char;
  }
  return `${out}"`;
}

function hex(bytes: Iterable<number>): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('\\x');
}

/** For texts that must not be too long. */
export const bytesOf = byteLength;
