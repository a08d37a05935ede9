/**
 * DEFLATE (RFC 1951) as WebAssembly, written in AssemblyScript; src/pack/inflate.ts is what the program sees of it.
 *
 * Why not zlib: a stream of it runs in a thread of Node's pool, makes memory anew for each chunk, and takes a third more
 * processor time. What is done here is libdeflate's way (lib/decompress_template.h): 64 bits of input at a time, tables
 * whose entries hold the base and count the extra bits, copies of 16 bytes that may write beyond a match. It refuses what
 * zlib's inflate.c refuses. Everything lies at fixed places of one memory; a block's state stays between calls of `run`,
 * which stops where the input or the room ends and goes on from there.
 */

/** Code lengths of the block whose header is read: up to 320 bytes. */
const lengthsAt: usize = 2048;
/** How many codes have each length, then where the next of each length goes: 16 + 16 numbers. */
const countsAt: usize = 2560;
const nextAt: usize = countsAt + 64;
/** Symbols in the order of their codes: up to 320 numbers of 16 bits. */
const sortedAt: usize = 3072;

const literalBits: u32 = 11;
const distanceBits: u32 = 8;
const lengthCodeBits: u32 = 7;

/** A table for the first bits of codes, with tables for longer ones behind (zlib's ENOUGH: 2,342 and 402 entries). */
const literalsAt: usize = 4096;
const distancesAt: usize = literalsAt + 4 * 2560;
const lengthCodesAt: usize = distancesAt + 4 * 512;
/** What the entry of each symbol says beside its code's length; made once. */
const literalSymbolsAt: usize = lengthCodesAt + 4 * 128;
const distanceSymbolsAt: usize = literalSymbolsAt + 4 * 288;
const lengthCodeSymbolsAt: usize = distanceSymbolsAt + 4 * 32;

/*
 * An entry: bits 0-7 how many bits to take (code and extra bits), 8-11 the bits of the code alone, 16-30 a literal, the
 * base of a length or distance, or where a further table begins (then 8-11 are its bits).
 */
const isLiteral: u32 = 0x80000000;
/** A further table, the end of the block, or neither: a code that does not exist. */
const isOther: u32 = 0x8000;
const isTable: u32 = 0x4000;
const isEnd: u32 = 0x2000;
const noCode: u32 = isOther | (1 << 8) | 1;

/** What `run` answers: the input is used up, the room is, the last block is over; below zero, what is wrong. */
const wantsInput: i32 = 0;
const wantsRoom: i32 = 1;
const isOver: i32 = 2;
const badStoredLength: i32 = -1;
const badBlockType: i32 = -2;
const tooManyCodes: i32 = -3;
const badLengthCodes: i32 = -4;
const badRepeat: i32 = -5;
const noEndOfBlock: i32 = -6;
const badLiterals: i32 = -7;
const badDistances: i32 = -8;
const badLiteral: i32 = -9;
const badDistance: i32 = -10;
const tooFarBack: i32 = -11;

/** Between calls: bits that were read and not used, the lowest first. */
let bits: u64 = 0;
let held: u32 = 0;
/** What comes next. */
const blockHeader: i32 = 0;
const storedBytes: i32 = 1;
const codes: i32 = 2;
let next: i32 = blockHeader;
let isLast: bool = false;
let storedLeft: u32 = 0;
let hasFixedTables: bool = false;

/** Where the last `run` stopped in the input and in the output. */
export let inputAt: usize = 0;
export let outputAt: usize = 0;

/** Before anything else, once. */
export function init(): void {
  for (let i: i32 = 0; i < 288; i++) {
    let entry: u32 = isOther;
    if (i < 256) entry = isLiteral | (<u32>i << 16);
    else if (i == 256) entry = isOther | isEnd;
    else if (i < 286) entry = lengthEntry(i - 257);
    store<u32>(literalSymbolsAt + 4 * i, entry);
  }
  for (let i: i32 = 0; i < 32; i++) {
    const extra: u32 = i < 4 ? 0 : (i >> 1) - 1;
    const base: u32 = i < 4 ? i + 1 : ((2 + (i & 1)) << extra) + 1;
    store<u32>(distanceSymbolsAt + 4 * i, i < 30 ? (base << 16) | extra : isOther);
  }
  for (let i: i32 = 0; i < 19; i++) store<u32>(lengthCodeSymbolsAt + 4 * i, <u32>i << 16);
  reset();
}

/** RFC 1951, 3.2.5. */
function lengthEntry(code: i32): u32 {
  if (code < 8) return (3 + code) << 16;
  if (code == 28) return 258 << 16;
  const extra: u32 = (code >> 2) - 1;
  return ((((4 + (code & 3)) << extra) + 3) << 16) | extra;
}

/** Before the first bytes of a stream. */
export function reset(): void {
  bits = 0;
  held = 0;
  next = blockHeader;
  isLast = false;
}

/**
 * Goes on with a stream: input from `input` to `inputEnd`, output to `output` and up to `outputEnd`. Nothing may refer to
 * what lies before `oldest`. Input that is not used, less than 600 bytes, must be given again, before what follows.
 */
export function run(input: usize, inputEnd: usize, output: usize, outputEnd: usize, oldest: usize): i32 {
  inputAt = input;
  outputAt = output;
  let answer: i32 = isOver;
  do {
    if (next == blockHeader) answer = isLast ? over() : beginBlock(inputEnd);
    else if (next == storedBytes) answer = copyStored(inputEnd, outputEnd);
    else answer = runCodes(inputEnd, outputEnd, oldest);
  } while (answer == goesOn);
  return answer;
}

const goesOn: i32 = 3;

/** Gives back whole bytes that were read ahead. */
function over(): i32 {
  inputAt -= held >> 3;
  bits = 0;
  held = 0;
  return isOver;
}

@inline
function fill(inputEnd: usize): void {
  while (held < 56 && inputAt < inputEnd) {
    bits |= (<u64>load<u8>(inputAt++)) << held;
    held += 8;
  }
}

@inline
function drop(count: u32): void {
  bits >>= count;
  held -= count;
}

/** RFC 1951, 3.2.3. */
function beginBlock(inputEnd: usize): i32 {
  fill(inputEnd);
  if (held < 3) return wantsInput;
  const last = (<u32>bits & 1) != 0;
  const kind = (<u32>bits >> 1) & 3;
  if (kind == 3) return badBlockType;
  if (kind == 2) return beginDynamic(inputEnd, last);
  if (kind == 1) {
    drop(3);
    if (!hasFixedTables) makeFixedTables();
    next = codes;
  } else {
    // To the end of the byte, then the length and its complement (3.2.4).
    const skipped: u32 = 3 + ((held - 3) & 7);
    if (held < skipped + 32) return wantsInput;
    const lengths = <u32>(bits >> skipped);
    if ((lengths & 0xffff) != ~lengths >> 16) return badStoredLength;
    drop(skipped);
    drop(32);
    storedLeft = lengths & 0xffff;
    next = storedBytes;
  }
  isLast = last;
  return goesOn;
}

/** RFC 1951, 3.2.6. */
function makeFixedTables(): void {
  memory.fill(lengthsAt, 8, 144);
  memory.fill(lengthsAt + 144, 9, 112);
  memory.fill(lengthsAt + 256, 7, 24);
  memory.fill(lengthsAt + 280, 8, 8);
  makeTable(literalsAt, literalBits, lengthsAt, 288, literalSymbolsAt);
  memory.fill(lengthsAt, 5, 32);
  makeTable(distancesAt, distanceBits, lengthsAt, 32, distanceSymbolsAt);
  hasFixedTables = true;
}

/** In which order the lengths of the code for lengths come (3.2.7). */
@inline
function lengthCode(index: u32): u32 {
  return load<u8>(memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]) + index);
}

/** RFC 1951, 3.2.7. Changes the stream's state only once the whole header is there. */
function beginDynamic(inputEnd: usize, last: bool): i32 {
  const wasBits = bits;
  const wasHeld = held;
  const wasAt = inputAt;
  const answer = readTables(inputEnd);
  if (answer == wantsInput) {
    bits = wasBits;
    held = wasHeld;
    inputAt = wasAt;
  } else if (answer == goesOn) {
    isLast = last;
    next = codes;
  }
  return answer;
}

function readTables(inputEnd: usize): i32 {
  if (held < 17) return wantsInput;
  const literals: u32 = ((<u32>bits >> 3) & 31) + 257;
  const distances: u32 = ((<u32>bits >> 8) & 31) + 1;
  const lengthCodes: u32 = ((<u32>bits >> 13) & 15) + 4;
  if (literals > 286 || distances > 30) return tooManyCodes;
  drop(17);
  memory.fill(lengthsAt, 0, 19);
  for (let i: u32 = 0; i < lengthCodes; i++) {
    fill(inputEnd);
    if (held < 3) return wantsInput;
    store<u8>(lengthsAt + lengthCode(i), <u8>bits & 7);
    drop(3);
  }
  if (!makeTable(lengthCodesAt, lengthCodeBits, lengthsAt, 19, lengthCodeSymbolsAt, false)) return badLengthCodes;
  const count = literals + distances;
  for (let i: u32 = 0; i < count; ) {
    fill(inputEnd);
    const entry = load<u32>(lengthCodesAt + 4 * (<u32>bits & ((1 << lengthCodeBits) - 1)));
    // Where there are no codes at all, zlib takes each bit for a length of 0, and misses the end of the block in the end.
    const length = entry & 0xff;
    const symbol = entry >> 16;
    const extra: u32 = symbol < 16 ? 0 : symbol == 16 ? 2 : symbol == 17 ? 3 : 7;
    if (held < length + extra) return wantsInput;
    drop(length);
    if (symbol < 16) {
      store<u8>(lengthsAt + i++, <u8>symbol);
      continue;
    }
    const times = (<u32>bits & ((1 << extra) - 1)) + (symbol == 18 ? 11 : 3);
    drop(extra);
    if ((symbol == 16 && i == 0) || i + times > count) return badRepeat;
    memory.fill(lengthsAt + i, symbol == 16 ? load<u8>(lengthsAt + i - 1) : 0, times);
    i += times;
  }
  if (load<u8>(lengthsAt + 256) == 0) return noEndOfBlock;
  hasFixedTables = false;
  if (!makeTable(literalsAt, literalBits, lengthsAt, literals, literalSymbolsAt)) return badLiterals;
  if (!makeTable(distancesAt, distanceBits, lengthsAt + literals, distances, distanceSymbolsAt)) return badDistances;
  return goesOn;
}

/**
 * The table for codes of these lengths; false where they make no code. Codes may be missing only where there is none, or
 * one of a single bit (zlib's inftrees.c; with `mayBeSingle` false not even that).
 */
function makeTable(
  table: usize,
  tableBits: u32,
  lengths: usize,
  count: u32,
  symbols: usize,
  mayBeSingle: bool = true,
): bool {
  memory.fill(countsAt, 0, 64);
  for (let i: u32 = 0; i < count; i++) {
    const at = countsAt + 4 * <usize>load<u8>(lengths + i);
    store<u32>(at, load<u32>(at) + 1);
  }
  let longest: u32 = 15;
  while (longest > 0 && load<u32>(countsAt + 4 * longest) == 0) longest--;
  let left: i32 = 1;
  let before: u32 = 0;
  for (let length: u32 = 1; length <= 15; length++) {
    const many = load<u32>(countsAt + 4 * length);
    left = 2 * left - many;
    if (left < 0) return false;
    store<u32>(nextAt + 4 * length, before);
    before += many;
  }
  if (left > 0 && longest != 0 && (!mayBeSingle || longest != 1)) return false;
  const size: u32 = 1 << tableBits;
  if (left > 0) fillEntries(table, 0, size, 1, noCode);
  for (let i: u32 = 0; i < count; i++) {
    const length = <usize>load<u8>(lengths + i);
    if (length == 0) continue;
    const place = nextAt + 4 * length;
    const at = load<u32>(place);
    store<u32>(place, at + 1);
    store<u16>(sortedAt + 2 * <usize>at, <u16>i);
  }
  placeCodes(table, tableBits, longest, symbols);
  return true;
}

@inline
function fillEntries(table: usize, from: u32, to: u32, step: u32, entry: u32): void {
  for (let i = from; i < to; i += step) store<u32>(table + 4 * i, entry);
}

/** The code after this one of as many bits; both with their first bit lowest. */
@inline
function codeAfter(code: u32, length: u32): u32 {
  let bit: u32 = 1 << (length - 1);
  while (code & bit) bit >>= 1;
  return bit == 0 ? 0 : (code & (bit - 1)) | bit;
}

function placeCodes(table: usize, tableBits: u32, longest: u32, symbols: usize): void {
  const size: u32 = 1 << tableBits;
  let code: u32 = 0;
  let at: usize = sortedAt;
  /** The further table that is being filled, for codes that begin with `prefix`. */
  let prefix: u32 = 0xffffffff;
  let start: u32 = 0;
  let end: u32 = size;
  for (let length: u32 = 1; length <= longest; length++) {
    for (let left = load<u32>(countsAt + 4 * length); left > 0; left--) {
      const symbol = load<u32>(symbols + 4 * <usize>load<u16>(at));
      at += 2;
      if (length <= tableBits) {
        fillEntries(table, code, size, 1 << length, symbol + (length << 8) + length);
      } else {
        if ((code & (size - 1)) != prefix) {
          prefix = code & (size - 1);
          const further = furtherBits(length, left, tableBits);
          start = end;
          end += 1 << further;
          store<u32>(table + 4 * prefix, (start << 16) | isOther | isTable | (further << 8) | tableBits);
        }
        const own = length - tableBits;
        fillEntries(table, start + (code >> tableBits), end, 1 << own, symbol + (own << 8) + own);
      }
      code = codeAfter(code, length);
    }
  }
}

/** How many bits the further table needs that begins with a code of `length` bits, of which `left` are to come. */
function furtherBits(length: u32, left: u32, tableBits: u32): u32 {
  let further = length - tableBits;
  for (let used = left; used < 1 << further && tableBits + further < 15; ) {
    further++;
    used = 2 * used + load<u32>(countsAt + 4 * (tableBits + further));
  }
  return further;
}

function copyStored(inputEnd: usize, outputEnd: usize): i32 {
  while (storedLeft > 0 && held > 0 && outputAt < outputEnd) {
    store<u8>(outputAt++, <u8>bits);
    drop(8);
    storedLeft--;
  }
  const count = min<usize>(storedLeft, min<usize>(inputEnd - inputAt, outputEnd - outputAt));
  if (held == 0 && count > 0) {
    memory.copy(outputAt, inputAt, count);
    inputAt += count;
    outputAt += count;
    storedLeft -= <u32>count;
  }
  if (storedLeft > 0) return outputAt == outputEnd ? wantsRoom : wantsInput;
  next = blockHeader;
  return goesOn;
}

@inline
function literalEntry(from: u64): u32 {
  return load<u32>(literalsAt + 4 * (<u32>from & ((1 << literalBits) - 1)));
}

@inline
function distanceEntry(from: u64): u32 {
  return load<u32>(distancesAt + 4 * (<u32>from & ((1 << distanceBits) - 1)));
}

/** The entry in the further table that `entry` names; `from` begins behind the bits of the first. */
@inline
function furtherEntry(table: usize, entry: u32, from: u64): u32 {
  return load<u32>(table + 4 * ((entry >> 16) + (<u32>from & ((1 << ((entry >> 8) & 15)) - 1))));
}

/** Base and extra bits; `from` begins with the code. Shifts count by their lowest bits alone. */
@inline
function valueOf(entry: u32, from: u64): usize {
  return (entry >> 16) + (<u32>(from & (((<u64>1) << <u64>entry) - 1)) >> (entry >> 8));
}

/** The codes of a block: fast while there is room and input for the largest of all, then with an eye on both ends. */
function runCodes(inputEnd: usize, outputEnd: usize, oldest: usize): i32 {
  if (inputEnd - inputAt > 32 && outputEnd - outputAt > 320) {
    const answer = runFast(inputEnd - 32, outputEnd - 320, oldest);
    if (answer != wantsInput) return answer;
  }
  return runSlowly(inputEnd, outputEnd, oldest);
}

/**
 * What is shifted by, and how many bits are held (`n`), counts by its lowest six bits alone, as WebAssembly shifts: the rest
 * of an entry need not be masked away.
 *
 * At the top of the loop at least 56 bits are held. Each turn loads at most three times 8 bytes, and writes at most 3
 * literals, a match of 258 and 32 bytes beyond.
 */
function runFast(inputLast: usize, outputLast: usize, oldest: usize): i32 {
  let from = inputAt;
  let to = outputAt;
  let b = bits;
  let n = held;
  let answer: i32 = wantsInput;
  b |= load<u64>(from) << n;
  from += (63 - (n & 63)) >> 3;
  n |= 56;
  let entry = literalEntry(b);
  do {
    // Up to three literals a turn, written out: what they change are locals.
    if (entry & isLiteral) {
      b >>= <u64>entry;
      n -= entry;
      store<u8>(to++, <u8>(entry >> 16));
      entry = literalEntry(b);
      if (entry & isLiteral) {
        b >>= <u64>entry;
        n -= entry;
        store<u8>(to++, <u8>(entry >> 16));
        entry = literalEntry(b);
        if (entry & isLiteral) {
          b >>= <u64>entry;
          n -= entry;
          store<u8>(to++, <u8>(entry >> 16));
          b |= load<u64>(from) << n;
          from += (63 - (n & 63)) >> 3;
          n |= 56;
          entry = literalEntry(b);
          continue;
        }
      }
    }
    // At least 56 - 2 * 11 bits are left: enough for any length, which takes up to 15 + 5.
    if (entry & isOther) {
      if (entry & isTable) {
        b >>= literalBits;
        n -= literalBits;
        entry = furtherEntry(literalsAt, entry, b);
        if (entry & isLiteral) {
          b >>= <u64>entry;
          n -= entry;
          store<u8>(to++, <u8>(entry >> 16));
          b |= load<u64>(from) << n;
          from += (63 - (n & 63)) >> 3;
          n |= 56;
          entry = literalEntry(b);
          continue;
        }
      }
      if (entry & isOther) {
        answer = entry & isEnd ? goesOn : badLiteral;
        b >>= <u64>entry;
        n -= entry;
        if (entry & isEnd) next = blockHeader;
        break;
      }
    }
    const length = valueOf(entry, b);
    b >>= <u64>entry;
    n -= entry;
    b |= load<u64>(from) << n;
    from += (63 - (n & 63)) >> 3;
    n |= 56;
    entry = distanceEntry(b);
    if (entry & isOther) {
      if (entry & isTable) {
        b >>= distanceBits;
        n -= distanceBits;
        entry = furtherEntry(distancesAt, entry, b);
      }
      if (entry & isOther) {
        answer = badDistance;
        break;
      }
    }
    const distance = valueOf(entry, b);
    b >>= <u64>entry;
    n -= entry;
    let source = to - distance;
    if (source < oldest) {
      answer = tooFarBack;
      break;
    }
    // At least 56 - 15 - 13 bits are left, so the next code can be looked up before more are loaded.
    entry = literalEntry(b);
    b |= load<u64>(from) << n;
    from += (63 - (n & 63)) >> 3;
    n |= 56;
    let target = to;
    to += length;
    if (distance >= 16) {
      v128.store(target, v128.load(source));
      if (length > 16) {
        v128.store(target, v128.load(source, 16), 16);
        if (length > 32) {
          target += 32;
          source += 32;
          do {
            v128.store(target, v128.load(source));
            target += 16;
            source += 16;
          } while (target < to);
        }
      }
    } else if (distance == 1) {
      const byte = i8x16.splat(load<i8>(source));
      do {
        v128.store(target, byte);
        target += 16;
      } while (target < to);
    } else {
      // Of the 8 bytes that a step writes, `step` are right; the next one writes over the others.
      const step = min<usize>(distance, 8);
      do {
        store<u64>(target, load<u64>(source));
        target += step;
        source += step;
      } while (target < to);
    }
  } while (from <= inputLast && to <= outputLast);
  // Whole bytes go back to the input.
  n &= 63;
  inputAt = from - (n >> 3);
  held = n & 7;
  bits = b & (((<u64>1) << held) - 1);
  outputAt = to;
  return answer;
}

/** Uses a code only when all of it is there, and there is room for all that it stands for. */
function runSlowly(inputEnd: usize, outputEnd: usize, oldest: usize): i32 {
  while (true) {
    fill(inputEnd);
    let entry = literalEntry(bits);
    let taken: u32 = 0;
    if ((entry & (isLiteral | isOther | isTable)) == (isOther | isTable)) {
      taken = literalBits;
      entry = furtherEntry(literalsAt, entry, bits >> taken);
    }
    const code = bits >> taken;
    taken += entry & 0xff;
    // What looks like a code may go on in what is not there.
    if (held < taken) return wantsInput;
    if (entry & isLiteral) {
      if (outputAt == outputEnd) return wantsRoom;
      store<u8>(outputAt++, <u8>(entry >> 16));
      drop(taken);
      continue;
    }
    if (entry & isOther) {
      if (!(entry & isEnd)) return badLiteral;
      drop(taken);
      next = blockHeader;
      return goesOn;
    }
    const length = valueOf(entry, code);
    entry = distanceEntry(bits >> taken);
    if ((entry & (isOther | isTable)) == (isOther | isTable)) {
      if (held < taken + distanceBits) return wantsInput;
      taken += distanceBits;
      entry = furtherEntry(distancesAt, entry, bits >> taken);
    }
    const distanceCode = bits >> taken;
    taken += entry & 0xff;
    if (held < taken) return wantsInput;
    if (entry & isOther) return badDistance;
    const distance = valueOf(entry, distanceCode);
    if (outputAt - distance < oldest) return tooFarBack;
    if (outputEnd - outputAt < length) return wantsRoom;
    drop(taken);
    const end = outputAt + length;
    for (let source = outputAt - distance; outputAt < end; ) store<u8>(outputAt++, load<u8>(source++));
  }
}
