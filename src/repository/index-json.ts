import { TrowelError } from '../model/index.js';
import { type IndexLimits, type IndexScanner, mostNames } from './index-scanner.js';

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const longestName = 1024;

/** Finds one entry in an index that is JSON, byte by byte: only its depth and its strings are looked at. */
export class JsonIndexScanner implements IndexScanner {
  readonly #chart: string;
  readonly #limits: IndexLimits;
  readonly #names: string[] = [];
  #hasApiVersion = false;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** Bytes of a string at depth 1 or 2, which may be a key. */
  #word: number[] | null = null;
  #lastWord = '';
  /** The key that was read last at depth 1. */
  #section = '';
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #keeping = false;
  #entry: string | null = null;

  constructor(chart: string, limits: IndexLimits) {
    this.#chart = chart;
    this.#limits = limits;
  }

  push(chunk: Uint8Array): void {
    let from = this.#keeping ? 0 : -1;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      if (this.#inString) {
        this.#insideString(byte);
        continue;
      }
      switch (byte) {
        case quote:
          this.#inString = true;
          this.#word = this.#depth <= 2 && !this.#keeping ? [] : null;
          break;
        case colon:
          if (this.#keeping) break;
          if (this.#depth === 1) {
            this.#section = this.#lastWord;
            if (this.#section === 'apiVersion') this.#hasApiVersion = true;
          } else if (this.#depth === 2 && this.#section === 'entries') {
            if (this.#names.length < mostNames) this.#names.push(this.#lastWord);
            if (this.#lastWord === this.#chart) {
              this.#keeping = true;
              from = i + 1;
            }
          }
          break;
        case 0x7b:
        case 0x5b:
          this.#depth++;
          break;
        case 0x7d:
        case 0x5d:
          this.#depth--;
          if (this.#keeping && this.#depth === 1) from = this.#finish(chunk, from, i);
          break;
        case comma:
          if (this.#keeping && this.#depth === 2) from = this.#finish(chunk, from, i);
          break;
        default:
      }
    }
    if (this.#keeping) this.#keep(chunk, from, chunk.length);
  }

  end(): ReturnType<IndexScanner['end']> {
    if (this.#depth !== 0 || this.#inString) {
      throw new TrowelError('bad-bytes', { what: 'unexpected end of JSON input' });
    }
    const entry =
      this.#entry === null
        ? null
        : { format: 'json' as const, text: `{${JSON.stringify(this.#chart)}:${this.#entry}}` };
    return { entry, hasApiVersion: this.#hasApiVersion, names: this.#names };
  }

  #insideString(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === backslash) this.#escaped = true;
    else if (byte === quote) {
      this.#inString = false;
      if (this.#word !== null) this.#lastWord = stringOf(this.#word);
      return;
    }
    if (this.#word !== null && this.#word.length <= longestName) this.#word.push(byte);
  }

  /** The last of two entries of one name counts, as for Go. */
  #finish(chunk: Uint8Array, from: number, to: number): number {
    this.#keep(chunk, from, to);
    this.#entry = Buffer.concat(this.#kept).toString('utf8');
    this.#kept = [];
    this.#keptBytes = 0;
    this.#keeping = false;
    return -1;
  }

  #keep(chunk: Uint8Array, from: number, to: number): void {
    this.#keptBytes += to - from;
    if (this.#keptBytes > this.#limits.entryBytes) {
      throw new TrowelError('too-large', {
        what: `its entry in the index has more than ${this.#limits.entryBytes} bytes`,
      });
    }
    this.#kept.push(Buffer.from(chunk.subarray(from, to)));
  }
}

function stringOf(bytes: readonly number[]): string {
  const text = Buffer.from(bytes).toString('utf8');
  if (!text.includes('\\')) return text;
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}
