/**
 * Lists of numbers and of texts as bytes: a line of numbers that says how long each is, the numbers (32 bits, as this
 * machine orders them), then each list of texts joined to one, in one byte a unit where all of it fits.
 */
export interface Pack {
  readonly numbers: readonly [readonly number[], Int32Array];
  readonly texts: readonly [readonly string[], readonly string[]];
}

/** What was packed, as little read as can be: texts are cut out of one when somebody asks. */
export interface Unpacked {
  readonly numbers: readonly [Int32Array, Int32Array];
  readonly texts: readonly [JoinedTexts, JoinedTexts];
}

const headLength = 8;

/** Bytes that `unpacked` reads again. */
export function packed({ numbers, texts }: Pack): Uint8Array {
  const joined = texts.map((list) => {
    const whole = list.join('');
    const isNarrow = !/[^\0-\xff]/.test(whole);
    return { ends: endsOf(list), bytes: Buffer.from(whole, isNarrow ? 'latin1' : 'utf16le'), isNarrow };
  });
  const [first, second] = joined;
  if (first === undefined || second === undefined) throw new Error('two lists of texts are packed');
  const head = [numbers[0].length, numbers[1].length];
  for (const { ends, bytes, isNarrow } of [first, second]) head.push(ends.length, bytes.length, isNarrow ? 1 : 0);
  const words = Int32Array.from([...head, ...numbers[0], ...first.ends, ...second.ends]);
  return Buffer.concat([bytesOf(words), bytesOf(numbers[1]), first.bytes, second.bytes]);
}

function bytesOf(words: Int32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

function endsOf(list: readonly string[]): readonly number[] {
  let end = 0;
  return list.map((text) => {
    end += text.length;
    return end;
  });
}

/** What `packed` made; null where the bytes are of another length than they say. */
export function unpacked(bytes: Uint8Array): Unpacked | null {
  if (bytes.length < headLength * 4) return null;
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
  const buffer = Buffer.from(aligned.buffer, aligned.byteOffset, aligned.length);
  const words = new Int32Array(aligned.buffer, aligned.byteOffset, Math.floor(aligned.length / 4));
  const [index = 0, code = 0, ends1 = 0, size1 = 0, narrow1 = 0, ends2 = 0, size2 = 0, narrow2 = 0] = words;
  const counts = [index, code, ends1, size1, ends2, size2];
  const wordCount = headLength + index + ends1 + ends2 + code;
  if (counts.some((count) => count < 0) || wordCount * 4 + size1 + size2 !== bytes.length) return null;
  let at = headLength;
  const take = (count: number): Int32Array => {
    at += count;
    return words.subarray(at - count, at);
  };
  const numbers = take(index);
  const firstEnds = take(ends1);
  const secondEnds = take(ends2);
  const codes = take(code);
  const start = wordCount * 4;
  return {
    numbers: [numbers, codes],
    texts: [
      new JoinedTexts(buffer.toString(narrow1 === 1 ? 'latin1' : 'utf16le', start, start + size1), firstEnds),
      new JoinedTexts(
        buffer.toString(narrow2 === 1 ? 'latin1' : 'utf16le', start + size1, start + size1 + size2),
        secondEnds,
      ),
    ],
  };
}

/** Texts that stand in one, cut out when asked for. */
export class JoinedTexts {
  private readonly whole: string;
  private readonly ends: Int32Array;
  private readonly cut: string[] = [];

  constructor(whole: string, ends: Int32Array) {
    this.whole = whole;
    this.ends = ends;
  }

  get(number: number): string {
    let text = this.cut[number];
    if (text === undefined) {
      text = this.whole.slice(number === 0 ? 0 : this.ends[number - 1], this.ends[number]);
      this.cut[number] = text;
    }
    return text;
  }
}
