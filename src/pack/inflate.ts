import { TrowelError } from '../model/index.js';
import { type Kernel, newKernel } from './kernel.js';

/** What kernels/inflate.ts exports. */
interface InflateKernel extends Kernel {
  readonly inputAt: { readonly value: number };
  readonly outputAt: { readonly value: number };
  init(): void;
  reset(): void;
  run(input: number, inputEnd: number, output: number, outputEnd: number, oldest: number): number;
}

const place = new URL('./inflate.wasm', import.meta.url);

/** Its answers from zero on; below are the faults. */
const wantsRoom = 1;
const isOver = 2;

/** In the words of zlib (inflate.c), which users may look for. */
const faults: Readonly<Record<number, string>> = {
  [-1]: 'invalid stored block lengths',
  [-2]: 'invalid block type',
  [-3]: 'too many length or distance symbols',
  [-4]: 'invalid code lengths set',
  [-5]: 'invalid bit length repeat',
  [-6]: 'invalid code -- missing end-of-block',
  [-7]: 'invalid literal/lengths set',
  [-8]: 'invalid distances set',
  [-9]: 'invalid literal/length code',
  [-10]: 'invalid distance code',
  [-11]: 'invalid distance too far back',
};

/** Where things lie in the memory of the kernel, whose own tables are below. */
const inputStart = 64 * 1024;
const inputBytes = 256 * 1024;
/** What is referred to may lie 32 KiB back (RFC 1951, 3.2.5). */
const windowStart = inputStart + inputBytes;
const windowBytes = 32 * 1024;
const outputStart = windowStart + windowBytes;
const outputBytes = 512 * 1024;
const outputEnd = outputStart + outputBytes;

/** What one step of a stream gave. */
export interface Inflated {
  /** Only valid until the next step; empty only at the end. */
  readonly bytes: Uint8Array;
  /** How many bytes of the given input the stream took, where it ends in them; null where it goes on. */
  readonly end: number | null;
}

/**
 * Inflates raw DEFLATE streams (RFC 1951), one after the other, in 0.9 MiB of memory of its own. Takes two thirds of the
 * processor time of Node's zlib, and leaves nothing to collect.
 */
export class Inflate {
  readonly #kernel = newKernel<InflateKernel>(place, ['init', 'reset', 'run', 'inputAt', 'outputAt']);
  readonly #memory = new Uint8Array(this.#kernel.memory.buffer);
  /** Input that lies in memory and was not used. */
  #from = inputStart;
  #to = inputStart;
  /** Where the next output goes. */
  #out = outputStart;
  /** How many bytes before `outputStart` belong to this stream. */
  #window = 0;

  constructor() {
    this.#kernel.init();
  }

  /** Before the first byte of each stream. */
  begin(): void {
    this.#kernel.reset();
    this.#from = inputStart;
    this.#to = inputStart;
    this.#out = outputStart;
    this.#window = 0;
  }

  /**
   * What the stream gives with these bytes more, in pieces of up to 512 KiB; less than that may be held back until more
   * comes. Throws TrowelError `bad-bytes` where the stream is broken, after what stands before that was given.
   */
  *take(input: Uint8Array): Generator<Inflated> {
    for (let given = 0; ; ) {
      given += this.#feed(input, given);
      const answer = this.#run();
      if (answer === isOver) {
        yield { bytes: this.#given(), end: given - (this.#to - this.#from) };
        return;
      }
      if (answer === wantsRoom || answer < 0) yield { bytes: this.#given(), end: null };
      if (answer < 0) throw new TrowelError('bad-bytes', { what: `the gzip stream is broken (${faults[answer]})` });
      if (answer === wantsRoom) this.#makeRoom();
      else if (given === input.length) return;
    }
  }

  /** What was held back, where the stream is not over and nothing follows. */
  rest(): Uint8Array {
    return this.#given();
  }

  /** Copies as much of the input as there is room for, behind what was not used yet; says how much. */
  #feed(input: Uint8Array, given: number): number {
    const free = inputStart + inputBytes - this.#to;
    if (given === input.length || (free === 0 && this.#from === inputStart)) return 0;
    this.#memory.copyWithin(inputStart, this.#from, this.#to);
    this.#to -= this.#from - inputStart;
    this.#from = inputStart;
    const piece = input.subarray(given, given + inputStart + inputBytes - this.#to);
    this.#memory.set(piece, this.#to);
    this.#to += piece.length;
    return piece.length;
  }

  #run(): number {
    const oldest = outputStart - this.#window;
    const answer = this.#kernel.run(this.#from, this.#to, this.#out, outputEnd, oldest);
    this.#from = this.#kernel.inputAt.value;
    this.#out = this.#kernel.outputAt.value;
    return answer;
  }

  #given(): Uint8Array {
    return this.#memory.subarray(outputStart, this.#out);
  }

  /** The end of what was given becomes the window of what follows. */
  #makeRoom(): void {
    this.#window = Math.min(windowBytes, this.#window + this.#out - outputStart);
    this.#memory.copyWithin(windowStart, this.#out - windowBytes, this.#out);
    this.#out = outputStart;
  }
}
