import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { isTrowelError } from '../model/index.js';
import { readElf, readElfSymbols } from './elf.js';
import { buildElf, sourceOf } from './elf-builder.test.support.js';

const typed = (error: unknown): boolean => isTrowelError(error, 'bad-bytes', 'truncated', 'too-large');

test('headers of each word size and byte order', () => {
  for (const bits of [32, 64] as const) {
    for (const littleEndian of [true, false]) {
      const elf = readElf(
        sourceOf(
          buildElf({
            bits,
            littleEndian,
            machine: 21,
            data: new Uint8Array(32),
            address: 0x2000,
            sections: [{ name: '.data', at: 8, size: 8 }],
          }),
        ),
      );
      assert.equal(elf.bits, bits);
      assert.equal(elf.type, 'executable');
      assert.equal(elf.architecture, littleEndian ? 'ppc64le' : 'ppc64');
      assert.deepEqual(elf.sections.map((one) => [one.name, one.address, one.sizeBytes]).slice(1, 2), [
        ['.data', 0x2008, 8],
      ]);
      assert.deepEqual(elf.regions, [{ address: 0x2000, offset: bits === 64 ? 120 : 84, fileBytes: 32 }]);
      assert.deepEqual([elf.needed, elf.soname, elf.interpreter, elf.buildId], [[], null, null, null]);
    }
  }
});

test('what is broken is said', () => {
  const whole = buildElf({ bits: 64, littleEndian: true, data: new Uint8Array(16), address: 0 });
  const edit = (at: number, ...values: number[]): Uint8Array => {
    const copy = Uint8Array.from(whole);
    copy.set(values, at);
    return copy;
  };
  const table: readonly (readonly [string, Uint8Array, string])[] = [
    ['empty', new Uint8Array(), 'truncated'],
    ['magic only', whole.subarray(0, 16), 'truncated'],
    ['no ELF', edit(0, 0x7e), 'bad-bytes'],
    ['bad class', edit(4, 9), 'bad-bytes'],
    ['bad order', edit(5, 0), 'bad-bytes'],
    ['sections past the end', edit(40, 0xff, 0xff, 0xff), 'truncated'],
    ['section table at 2^63', edit(40, 0, 0, 0, 0, 0, 0, 0, 0x80), 'bad-bytes'],
    ['tiny section rows', edit(58, 4, 0), 'bad-bytes'],
    ['tiny segment rows', edit(54, 4, 0), 'bad-bytes'],
    ['cut', whole.subarray(0, whole.length - 1), 'truncated'],
  ];
  for (const [name, bytes, code] of table) {
    assert.throws(
      () => readElf(sourceOf(bytes)),
      (error) => isTrowelError(error) && error.code === code,
      name,
    );
  }
});

const real = ['/bin/bash', '/lib/x86_64-linux-gnu/libc.so.6', process.execPath].filter((path) => existsSync(path));
const readelfMissing = ((): string | false => {
  try {
    execFileSync('readelf', ['--version'], { stdio: 'ignore' });
    return real.length > 0 ? false : 'no ELF programs on this machine';
  } catch {
    return 'no readelf on this machine';
  }
})();

test('real programs read as readelf prints them', { skip: readelfMissing }, () => {
  for (const path of real) {
    const options = { encoding: 'utf8', maxBuffer: 1 << 28, env: { ...process.env, LC_ALL: 'C' } } as const;
    const text = execFileSync('readelf', ['-dnW', path], options);
    const source = sourceOf(readFileSync(path));
    const elf = readElf(source);
    assert.deepEqual(
      elf.needed,
      [...text.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map((match) => match[1]),
    );
    assert.equal(elf.soname, /\(SONAME\).*\[(.*)\]/.exec(text)?.[1] ?? null);
    assert.equal(elf.buildId, /Build ID: ([0-9a-f]+)/.exec(text)?.[1] ?? null);
    const symbols = execFileSync('readelf', ['--dyn-syms', '-W', path], options);
    const rows = [...symbols.matchAll(/^ *\d+: \S+ +\S+ +\S+ +(GLOBAL|WEAK|UNIQUE) +\S+ +(\S+) +(\S+)/gm)];
    const ours = readElfSymbols(source, elf);
    assert.equal(ours.imported.length, rows.filter((row) => row[2] === 'UND').length);
    assert.equal(ours.exported.length, rows.filter((row) => row[2] !== 'UND').length);
    assert.equal(ours.cut, false);
  }
});

test('edits and cuts of a real program end in an answer or a typed error', { skip: real.length === 0 }, () => {
  const whole = readFileSync(real[0] ?? '').subarray(0, 200_000);
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: whole.length }),
      fc.array(fc.tuple(fc.nat(1023), fc.nat(255)), { maxLength: 8 }),
      (length, edits) => {
        const bytes = Uint8Array.from(whole.subarray(0, length));
        for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
        try {
          const elf = readElf(sourceOf(bytes));
          readElfSymbols(sourceOf(bytes), elf);
        } catch (error) {
          assert.ok(typed(error), String(error));
        }
      },
    ),
    { numRuns: 500, seed: 7 },
  );
});
