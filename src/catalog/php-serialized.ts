import { TrowelError } from '../model/index.js';

/** A value of PHP's `serialize`: arrays (also lists and objects) are maps with text keys. */
export type PhpValue = string | number | boolean | null | PhpMap;
export interface PhpMap extends ReadonlyMap<string, PhpValue> {}

const maxDepth = 64;
const maxValues = 500_000;

/**
 * The value of a serialised text; lengths count bytes. Objects are read as their properties, never made.
 *
 * Throws TrowelError `bad-database` for anything that PHP's unserialize would refuse, and for references.
 * Follows: php-src ext/standard/var_unserializer.re.
 */
export function readPhpSerialized(bytes: Uint8Array): PhpValue {
  return new Reader(bytes).value(0);
}

function bad(what: string, offset: number): never {
  throw new TrowelError('bad-database', { what: `no PHP serialised data: ${what}`, where: { offset } });
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;
  #values = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  value(depth: number): PhpValue {
    if (depth > maxDepth || ++this.#values > maxValues) bad('too deep or too long', this.#at);
    const kind = this.#bytes.toString('latin1', this.#at, this.#at + 2);
    this.#at += 2;
    switch (kind) {
      case 'N;':
        return null;
      case 'b:':
        return this.#until(';') === '1';
      case 'i:':
      case 'd:':
        return Number(this.#until(';'));
      case 's:': {
        const text = this.#text();
        this.#expect(';');
        return text;
      }
      case 'a:':
        return this.#map(depth);
      case 'O:':
        this.#text();
        this.#expect(':');
        return this.#map(depth);
      default:
        return bad(`a value that begins with ${JSON.stringify(kind)}`, this.#at);
    }
  }

  /** `N:{key;value;…}` */
  #map(depth: number): PhpMap {
    const count = Number(this.#until(':'));
    this.#expect('{');
    const map = new Map<string, PhpValue>();
    for (let index = 0; index < count; index++) {
      const key = this.value(maxDepth);
      map.set(String(key), this.value(depth + 1));
    }
    this.#expect('}');
    return map;
  }

  /** `N:"bytes"` */
  #text(): string {
    const length = Number(this.#until(':'));
    if (!Number.isSafeInteger(length) || length < 0 || this.#at + length > this.#bytes.length) {
      bad('a text that is longer than the file', this.#at);
    }
    this.#expect('"');
    const text = this.#bytes.toString('utf8', this.#at, this.#at + length);
    this.#at += length;
    this.#expect('"');
    return text;
  }

  #until(mark: string): string {
    const end = this.#bytes.indexOf(mark, this.#at, 'latin1');
    if (end < 0 || end - this.#at > 40) bad(`no ${mark}`, this.#at);
    const text = this.#bytes.toString('latin1', this.#at, end);
    this.#at = end + 1;
    return text;
  }

  #expect(mark: string): void {
    if (this.#bytes[this.#at] !== mark.charCodeAt(0)) bad(`${mark} is missing`, this.#at);
    this.#at += 1;
  }
}
