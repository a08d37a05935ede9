import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { programMissing } from '../../test/paths.js';
import { binaries } from './binaries.js';
import { elf } from './elf.js';
import { go } from './go.js';
import { catalogued, readWith } from './image.test.support.js';

/*
 * Programs that are really built here: what the build information keeps differs by flags and platform, and so does
 * where the values lie that the linker was given.
 */

const skip = programMissing('go');
const folder = mkdtempSync(join(tmpdir(), 'go-built-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function writeSource(): void {
  mkdirSync(join(folder, 'version'), { recursive: true });
  writeFileSync(join(folder, 'go.mod'), 'module example.org/tool/v2\n\ngo 1.20\n');
  writeFileSync(join(folder, 'version', 'version.go'), 'package version\n\nvar Version = "dev"\nvar Commit = "none"\n');
  writeFileSync(
    join(folder, 'main.go'),
    'package main\n\nimport "example.org/tool/v2/version"\n\nfunc main() { println(version.Version, version.Commit, "9.9.9") }\n',
  );
}

const given = '-X example.org/tool/v2/version.Version=2.7.1 -X example.org/tool/v2/version.Commit=abcdef012345';

interface Build {
  readonly name: string;
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly from: string;
  readonly version: string | null;
}

const builds: readonly Build[] = [
  { name: 'without flags', flags: [], env: {}, from: 'nothing', version: null },
  { name: 'with -X', flags: [`-ldflags=${given}`], env: {}, from: '-ldflags', version: 'v2.7.1' },
  {
    name: 'with -X and -trimpath',
    flags: ['-trimpath', `-ldflags=${given}`],
    env: {},
    from: 'linked text',
    version: 'v2.7.1',
  },
  {
    name: 'stripped too',
    flags: ['-trimpath', `-ldflags=-s -w ${given}`],
    env: {},
    from: 'linked text',
    version: 'v2.7.1',
  },
  { name: 'stripped, without -X', flags: ['-trimpath', '-ldflags=-s -w'], env: {}, from: 'nothing', version: null },
  {
    name: 'position-independent',
    flags: ['-trimpath', '-buildmode=pie', `-ldflags=-s -w ${given}`],
    env: {},
    from: 'linked text',
    version: 'v2.7.1',
  },
  {
    name: 'for 32 bits',
    flags: ['-trimpath', `-ldflags=-s -w ${given}`],
    env: { GOARCH: '386' },
    from: 'linked text',
    version: 'v2.7.1',
  },
  {
    name: 'big-endian',
    flags: ['-trimpath', `-ldflags=-s -w ${given}`],
    env: { GOARCH: 's390x' },
    from: 'linked text',
    version: 'v2.7.1',
  },
  {
    name: 'for Windows',
    flags: ['-trimpath', `-ldflags=-s -w ${given}`],
    env: { GOOS: 'windows' },
    from: 'linked text',
    version: 'v2.7.1',
  },
  {
    name: 'for macOS',
    flags: ['-trimpath', `-ldflags=-s -w ${given}`],
    env: { GOOS: 'darwin' },
    from: 'linked text',
    version: 'v2.7.1',
  },
];

for (const { name, flags, env, from, version } of builds) {
  test(`a program built ${name}`, { skip }, () => {
    writeSource();
    execFileSync('go', ['build', '-buildvcs=false', ...flags, '-o', join(folder, 'out'), '.'], {
      cwd: folder,
      env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off', ...env },
      stdio: 'pipe',
    });
    const { components, gaps } = catalogued({ 'bin/tool': readFileSync(join(folder, 'out')) });
    assert.deepEqual(gaps, []);
    const [main] = components.filter((one) => one.name === 'example.org/tool/v2');
    assert.equal(main?.version, version);
    assert.equal(main?.evidence.find(({ what }) => what.startsWith('version from '))?.what, `version from ${from}`);
    assert.equal(main?.grade, version === null ? 'claimed' : 'inferred');
    assert.deepEqual(components.filter((one) => one.name === 'stdlib').length, 1);
  });
}

test('mutated programs of other platforms end in an answer or a gap', { skip }, () => {
  writeSource();
  for (const GOOS of ['windows', 'darwin', 'linux']) {
    execFileSync(
      'go',
      ['build', '-buildvcs=false', '-trimpath', `-ldflags=${given}`, '-o', join(folder, 'seed'), '.'],
      {
        cwd: folder,
        env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off', GOOS },
        stdio: 'pipe',
      },
    );
    const seed = readFileSync(join(folder, 'seed'));
    const changes = fc.array(fc.tuple(fc.nat(4096), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(changes, fc.nat(seed.length), (edits, length) => {
        const copy = Buffer.from(seed.subarray(0, length % 4 === 0 ? length : seed.length));
        for (const [at, value] of edits) if (at < copy.length) copy[at] = value;
        for (const one of [go, elf, binaries]) readWith(one, 'bin/consul', copy);
      }),
      { numRuns: 60 },
    );
  }
});
