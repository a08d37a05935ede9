import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { isTrowelError } from '../model/index.js';
import { buildElf, goProgram, inlineBlob, pointerBlob, sourceOf } from './elf-builder.test.support.js';
import { type GoBuildInfo, type GoModule, parseModuleInfo, readGoBuildInfo } from './go-buildinfo.js';

const modules = [
  'path\texample.org/app/cmd/app',
  'mod\texample.org/app\t(devel)\t',
  'dep\texample.org/one\tv1.2.3\th1:abc=',
  'dep\texample.org/two\tv2.0.0+incompatible',
  '=>\texample.org/fork\tv2.0.1\th1:def=',
  'dep\texample.org/local\tv0.0.0',
  '=>\t./local\t(devel)\t',
  'build\t-compiler=gc',
  'build\t-ldflags="-X main.version=1.2.3 -X \'main.date=a b\'"',
  'build\tCGO_ENABLED=0',
  '',
].join('\n');

const expected: GoBuildInfo = {
  goVersion: 'go1.21.3',
  path: 'example.org/app/cmd/app',
  main: { path: 'example.org/app', version: '(devel)', sum: '', replace: null },
  deps: [
    { path: 'example.org/one', version: 'v1.2.3', sum: 'h1:abc=', replace: null },
    {
      path: 'example.org/two',
      version: 'v2.0.0+incompatible',
      sum: '',
      replace: { path: 'example.org/fork', version: 'v2.0.1', sum: 'h1:def=', replace: null },
    },
    {
      path: 'example.org/local',
      version: 'v0.0.0',
      sum: '',
      replace: { path: './local', version: '(devel)', sum: '', replace: null },
    },
  ],
  settings: [
    { key: '-compiler', value: 'gc' },
    { key: '-ldflags', value: "-X main.version=1.2.3 -X 'main.date=a b'" },
    { key: 'CGO_ENABLED', value: '0' },
  ],
};

test('both layouts of the blob, both word sizes, both byte orders', () => {
  for (const bits of [32, 64] as const) {
    for (const littleEndian of [true, false]) {
      const address = 0x400000;
      const pointed = pointerBlob('go1.17.13', modules, { address, size: bits === 64 ? 8 : 4, littleEndian });
      // Old programs have no section of their own where they were stripped: the first writable segment is searched.
      const old = buildElf({ bits, littleEndian, data: pointed, address });
      assert.deepEqual(readGoBuildInfo(sourceOf(old)), { ...expected, goVersion: 'go1.17.13' }, `${bits} pointers`);
      const inline = Buffer.concat([Buffer.alloc(48), inlineBlob('go1.21.3', modules)]);
      const section = [{ name: '.go.buildinfo', at: 48, size: inline.length - 48 }];
      const recent = buildElf({ bits, littleEndian, data: inline, address, sections: section });
      assert.deepEqual(readGoBuildInfo(sourceOf(recent)), expected, `${bits} inline`);
    }
  }
});

test('a magic that is not aligned is passed over', () => {
  const inline = Buffer.concat([Buffer.from('\xff Go buildinf:....', 'latin1'), Buffer.alloc(7), Buffer.alloc(7)]);
  const at = Math.ceil((inline.length + 3) / 16) * 16;
  const data = Buffer.concat([Buffer.alloc(3), inline, Buffer.alloc(at - inline.length - 3), inlineBlob('go1.20', '')]);
  const elf = buildElf({ bits: 64, littleEndian: true, data, address: 0x1000 });
  assert.deepEqual(readGoBuildInfo(sourceOf(elf)), {
    goVersion: 'go1.20',
    path: '',
    main: null,
    deps: [],
    settings: [],
  });
});

test('what is no Go program is null', () => {
  const plain = buildElf({ bits: 64, littleEndian: true, data: new Uint8Array(64), address: 0x1000 });
  for (const bytes of [new Uint8Array(), Buffer.from('#!/bin/sh\n'), Buffer.from('MZ'), plain]) {
    assert.equal(readGoBuildInfo(sourceOf(bytes)), null);
  }
});

test('rows that Go refuses are refused, with the line', () => {
  const table: readonly (readonly [string, RegExp])[] = [
    ['mod\ta\n', /:1|line 1|columns/],
    ['dep\ta\tb\tc\td\n', /columns/],
    ['path\ta\n=>\ta\tb\tc\n', /replacement/],
    ['dep\ta\tb\n=>\ta\tb\n', /columns/],
    ['build\t=x\n', /key/],
    ['build\tnothing\n', /key/],
    ['build\tk="open\n', /quoted/],
    ['build\tk="\\q"\n', /escape/],
    ['build\t"a b"x\n', /key/],
  ];
  for (const [text, message] of table) {
    assert.throws(
      () => parseModuleInfo(text),
      (error) => isTrowelError(error, 'bad-bytes') && message.test(error.message),
      text,
    );
  }
});

test('quoted settings are read as strconv.Unquote reads them', () => {
  const { settings } = parseModuleInfo('build\t"a=b"="x\\ty\\u00e9\\x41\\101\\\\"\nbuild\tr=`raw\\n`\nbuild\te=\n');
  assert.deepEqual(settings, [
    { key: 'a=b', value: 'x\ty\u00e9AA\\' },
    { key: 'r', value: 'raw\\n' },
    { key: 'e', value: '' },
  ]);
});

test('a broken program ends in a typed error or an answer, never in anything else', () => {
  const whole = goProgram('go1.21.3', modules);
  fc.assert(
    fc.property(fc.nat(whole.length), fc.array(fc.tuple(fc.nat(300), fc.nat(255)), { maxLength: 6 }), (cut, edits) => {
      const bytes = Uint8Array.from(whole.subarray(0, whole.length - (cut % 400)));
      for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
      try {
        readGoBuildInfo(sourceOf(bytes));
      } catch (error) {
        assert.ok(isTrowelError(error, 'bad-bytes', 'truncated', 'too-large'), String(error));
      }
    }),
    { numRuns: 2000, seed: 7 },
  );
});

/** What `go version -m` prints of a program. */
function printed(info: GoBuildInfo): string {
  const module = (word: string, one: GoModule): string =>
    one.replace === null
      ? `\t${word}\t${one.path}\t${one.version}\t${one.sum}\n`
      : `\t${word}\t${one.path}\t${one.version}\n${module('=>', one.replace)}`;
  const quoted = (text: string): string => (/[ \t\r\n"`]/.test(text) ? JSON.stringify(text) : text);
  return [
    info.path === '' ? '' : `\tpath\t${info.path}\n`,
    info.main === null ? '' : module('mod', info.main),
    ...info.deps.map((one) => module('dep', one)),
    ...info.settings.map((one) => `\tbuild\t${one.key}=${quoted(one.value)}\n`),
  ].join('');
}

function go(args: readonly string[], cwd?: string): string {
  return execFileSync('go', [...args], { encoding: 'utf8', cwd, env: { ...process.env, GOFLAGS: '', GOWORK: 'off' } });
}

const goMissing = ((): string | false => {
  try {
    go(['version']);
    return false;
  } catch {
    return 'no go toolchain on this machine';
  }
})();

test('programs that go built read as `go version -m` prints them', { skip: goMissing }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'trowel-go-'));
  try {
    writeFileSync(join(dir, 'main.go'), 'package main\n\nvar version string\n\nfunc main() { println(version) }\n');
    writeFileSync(join(dir, 'go.mod'), 'module example.org/app\n\ngo 1.21\n');
    const builds: readonly (readonly string[])[] = [
      [],
      ['-trimpath', '-ldflags=-s -w -X main.version=7.2.1'],
      ['-ldflags=-X "main.version=a b"'],
    ];
    for (const flags of builds) {
      go(['build', '-buildvcs=false', ...flags, '-o', 'app', '.'], dir);
      const info = readGoBuildInfo(sourceOf(readFileSync(join(dir, 'app'))));
      assert.ok(info !== null);
      assert.equal(`app: ${info.goVersion}\n${printed(info)}`, go(['version', '-m', 'app'], dir), flags.join(' '));
    }
    const tool = join(go(['env', 'GOROOT']).trim(), 'bin', 'go');
    const info = readGoBuildInfo(sourceOf(readFileSync(tool)));
    assert.equal(`${tool}: ${info?.goVersion}\n${info === null ? '' : printed(info)}`, go(['version', '-m', tool]));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
