import { exceptionOf, licenseOf } from './names.js';

/** An expression as a tree; `with` names an exception. */
type Node =
  | { readonly kind: 'license'; readonly id: string; readonly exception: string | null }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Node[] };

const limits = { textLength: 2000, words: 400, depth: 32, licenses: 100 } as const;

/**
 * Purl types whose records list licences of which one may be chosen: package.json(5) of npm ("licenses" as an array),
 * Composer's schema ("license": disjunctive), Maven's POM Reference ("the user can select any"). Everywhere else all of
 * them hold.
 */
const choices: ReadonlySet<string> = new Set(['npm', 'composer', 'maven']);

/** Purl types whose record joins licences with blanks: apk-tools, APKBUILD(5) before SPDX. */
const blanks: ReadonlySet<string> = new Set(['apk']);

/**
 * What a component's licences are together, as one SPDX expression; null where it states none.
 *
 * Names that SPDX does not have stay as `LicenseRef-` and the name, so nothing that was stated is lost: `BSD` is
 * `LicenseRef-BSD`, since nobody says which. Portage's choices are not kept by its records, so of several names there no
 * expression is made.
 * Follows: SPDX 2.3, annex D (expressions), annex A and B (the list); Debian's machine-readable copyright file 1.0, 7.2
 * (`and`, `or`, the comma binds weaker than both); RPM packaging guides of Fedora and openSUSE (`and`, `or`, parentheses).
 */
export function licenseExpression(type: string, licenses: readonly string[]): string | null {
  const stated = licenses.map((one) => one.trim()).filter((one) => one !== '' && !saysNothing(one));
  if (stated.length === 0 || (type === 'ebuild' && stated.length > 1)) return null;
  const parts = stated.slice(0, limits.licenses).map((one) => nodeOf(one, blanks.has(type)));
  const whole = joined(choices.has(type) ? 'or' : 'and', parts);
  return render(whole, false);
}

function saysNothing(license: string): boolean {
  return /^(?:noassertion|none|unknown|n\/a|\(none\)|see licen[cs]e.{0,200})$/i.test(license);
}

function nodeOf(text: string, isList: boolean): Node {
  const known = licenseOf(text);
  if (known !== null) return ofSpdx(known);
  if (text.length > limits.textLength) return reference(text);
  // OSGi: `ID;link=…`, several with commas (Core 3.2.1.7); other texts have no such part.
  const named = /;\s*(?:link|description)=/.test(text) ? text.replace(/;[^,]*/g, '') : text;
  const parser = new Parser(named, isList);
  return parser.whole() ?? reference(text);
}

const ofSpdx = (known: string): Node =>
  known.includes(' ')
    ? (new Parser(known, false).whole() ?? { kind: 'license', id: known, exception: null })
    : { kind: 'license', id: known, exception: null };

/** A name that SPDX does not have; its idstring has letters, digits, `.` and `-` (annex D.2). */
function reference(name: string): Node {
  const id = name
    .replace(/\+(?=[\s-]|$)/g, '-or-later')
    .replace(/[^A-Za-z0-9.]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80);
  return { kind: 'license', id: `LicenseRef-${id === '' ? 'unnamed' : id}`, exception: null };
}

/** `or` binds weakest, but for Debian's comma, which binds weaker still; then `and`, then `with`. */
class Parser {
  readonly #words: readonly string[];
  readonly #isList: boolean;
  #at = 0;

  constructor(text: string, isList: boolean) {
    this.#words = text.match(/[()]|,|&&?|\|\|?|[^\s(),&|]+/g)?.slice(0, limits.words) ?? [];
    this.#isList = isList;
  }

  /** Null where the text is no expression: words that are no licences between each other, brackets that do not close. */
  whole(): Node | null {
    if (this.#words.length === 0 || this.#words.length >= limits.words) return null;
    const node = this.#commas(0);
    return this.#at === this.#words.length ? node : null;
  }

  #commas(depth: number): Node | null {
    const parts: Node[] = [];
    let operator: 'and' | 'or' = 'and';
    for (;;) {
      const part = this.#any(depth);
      if (part === null) return null;
      parts.push(part);
      if (this.#words[this.#at] !== ',') return joined(operator, parts);
      this.#at++;
      const next = operatorOf(this.#words[this.#at]);
      if (next === null) continue;
      operator = next;
      this.#at++;
    }
  }

  #any(depth: number): Node | null {
    return this.#operands('or', () => this.#operands('and', () => this.#one(depth)));
  }

  #operands(operator: 'and' | 'or', operand: () => Node | null): Node | null {
    const parts: Node[] = [];
    for (;;) {
      const part = operand();
      if (part === null) return null;
      parts.push(part);
      const word = this.#words[this.#at];
      if (operatorOf(word) === operator) this.#at++;
      else if (!(this.#isList && operator === 'and' && word !== undefined && isName(word))) {
        return joined(operator, parts);
      }
    }
  }

  #one(depth: number): Node | null {
    if (this.#words[this.#at] === '(') {
      if (depth >= limits.depth) return null;
      this.#at++;
      const inner = this.#commas(depth + 1);
      if (inner === null || this.#words[this.#at] !== ')') return null;
      this.#at++;
      return inner;
    }
    const name: string[] = [];
    while (isName(this.#words[this.#at]) && !(this.#isList && name.length > 0))
      name.push(this.#words[this.#at++] ?? '');
    if (name.length === 0) return null;
    const license = name.join(' ');
    const exception = /^with$/i.test(this.#words[this.#at] ?? '') ? this.#exception() : null;
    const known = licenseOf(license);
    if (exception === '') return null;
    if (exception === null) {
      // Prose is no list of names: `see the file COPYING and so on`.
      return known === null ? (name.length > 4 ? null : reference(license)) : ofSpdx(known);
    }
    const text = exceptionOf(exception);
    if (known === null || text === null || known.includes(' ')) return reference(`${license}-with-${exception}`);
    return { kind: 'license', id: known, exception: text };
  }

  #exception(): string {
    this.#at++;
    const words: string[] = [];
    while (isName(this.#words[this.#at])) words.push(this.#words[this.#at++] ?? '');
    return words.join(' ');
  }
}

function operatorOf(word: string | undefined): 'and' | 'or' | null {
  if (word === undefined) return null;
  if (/^(?:and|&&?)$/i.test(word)) return 'and';
  return /^(?:or|\|\|?|and\/or)$/i.test(word) ? 'or' : null;
}

function isName(word: string | undefined): boolean {
  return word !== undefined && !/^[(),]$|^with$/i.test(word) && operatorOf(word) === null;
}

/** One level for each operator, what stands twice once. */
function joined(kind: 'and' | 'or', parts: readonly Node[]): Node {
  const flat = parts.flatMap((part) => (part.kind === kind ? part.parts : [part]));
  const unique = [...new Map(flat.map((part) => [render(part, true), part])).values()];
  const [only] = unique;
  return unique.length === 1 && only !== undefined ? only : { kind, parts: unique };
}

function render(node: Node, isInner: boolean): string {
  if (node.kind === 'license') return node.exception === null ? node.id : `${node.id} WITH ${node.exception}`;
  const text = node.parts.map((part) => render(part, true)).join(node.kind === 'and' ? ' AND ' : ' OR ');
  return isInner ? `(${text})` : text;
}
