import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { inRoot } from '../../test/paths.js';
import { inScratch, trowel } from '../../test/run.js';
import { isTrowelError } from '../model/index.js';
import { type GivenValues, loadChart, prepareChart, renderChart, splitSetFile } from './index.js';

/** A chart that is broken, how it is rendered, and what the two Helms say of it (testdata/broken/record.mjs). */
interface BrokenChart {
  readonly name: string;
  readonly release: string;
  readonly args: readonly string[];
  /** Whether it takes the whole program: an option names a file that is not there. */
  readonly whole: boolean;
  readonly files: ReadonlyMap<string, string>;
  readonly said: Readonly<Record<3 | 4, string>>;
}

const folder = inRoot('src', 'chart', 'testdata', 'broken');
const plainChart = 'apiVersion: v2\nname: broken\nversion: 1.2.3\n';

/** Where Helm is not followed yet. */
const open = new Set(['gen-signed-cert-of-string']);

for (const file of readdirSync(folder).filter((name) => name.endsWith('.txt'))) {
  const cases = casesOf(readFileSync(join(folder, file), 'utf8'));
  for (const helm of [3, 4] as const) {
    test(`broken charts of ${file} fail in the words of Helm ${helm}`, async (t) => {
      let identical = 0;
      const wrong: { name: string; said: string; helm: string }[] = [];
      for (const one of cases) {
        const said = await inScratch((dir) => (one.whole ? askProgram(one, helm, dir) : ask(one, helm, dir)));
        if (said === one.said[helm]) identical++;
        else wrong.push({ name: one.name, said, helm: one.said[helm] });
      }
      t.diagnostic(`${identical} of ${cases.length} identical`);
      assert.deepEqual(
        wrong.filter(({ name }) => !open.has(name)),
        [],
      );
    });
  }
}

function layOut(files: ReadonlyMap<string, string>, dir: string): void {
  mkdirSync(join(dir, 'chart'));
  for (const [path, text] of new Map([['chart/Chart.yaml', plainChart], ...files])) {
    if (text === 'absent\n') continue;
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), bytesOf(text));
  }
}

/** A whole run of the command line, where files of options are read. */
async function askProgram(one: BrokenChart, helm: 3 | 4, dir: string): Promise<string> {
  layOut(one.files, dir);
  const args = one.args.map((word) => word.replace('DIR', dir));
  const { code, stderr } = await trowel(['render', join(dir, 'chart'), '--helm', String(helm), ...args]);
  assert.equal(code, 2, one.name);
  return stderr
    .replace(/^trowel: --[a-z-]+: /, '')
    .replaceAll(dir, 'DIR')
    .trimEnd();
}

/** What is said of a chart, without what is known of the machine. */
async function ask(one: BrokenChart, helm: 3 | 4, dir: string): Promise<string> {
  layOut(one.files, dir);
  try {
    const chart = await loadChart(join(dir, 'chart'), { helm });
    renderChart(prepareChart(chart), {
      name: one.release,
      namespace: 'default',
      values: givenOf(one.args, dir),
      ...kubeVersionOf(one.args),
      apiVersions: [],
      includeCrds: false,
      noHooks: false,
      skipTests: false,
      showOnly: valuesOf(one.args, '--show-only'),
      isUpgrade: false,
      skipSchemaValidation: false,
      helm,
      now: () => new Date(),
      random: (bytes) => randomBytes(bytes),
    });
    return 'rendered';
  } catch (error) {
    if (!isTrowelError(error)) throw error;
    return error.what.replaceAll(dir, 'DIR').trimEnd();
  }
}

const valuesOf = (args: readonly string[], option: string): string[] =>
  args.flatMap((word, i) => (word === option ? [args[i + 1] ?? ''] : []));

function kubeVersionOf(args: readonly string[]): { kubeVersion?: string } {
  const [kubeVersion] = valuesOf(args, '--kube-version');
  return kubeVersion === undefined ? {} : { kubeVersion };
}

function givenOf(args: readonly string[], dir: string): GivenValues {
  const read = (path: string): string => readFileSync(join(dir, path), 'utf8');
  return {
    files: valuesOf(args, '-f').map((path) => ({ path, text: read(path) })),
    set: valuesOf(args, '--set'),
    setString: valuesOf(args, '--set-string'),
    setJson: valuesOf(args, '--set-json'),
    setLiteral: valuesOf(args, '--set-literal'),
    setFile: valuesOf(args, '--set-file')
      .flatMap(splitSetFile)
      .map(({ key, path }) => ({ key, text: read(path) })),
  };
}

/** The cases of a file; see record.mjs for its form. */
function casesOf(text: string): readonly BrokenChart[] {
  return text
    .split(/^(?=== .* ==$)/m)
    .slice(1)
    .map((part) => {
      const [head = '', ...sections] = part.split(/^-- (.*) --\n/m);
      const files = new Map<string, string>();
      for (let i = 0; i < sections.length; i += 2) files.set(sections[i] ?? '', sections[i + 1] ?? '');
      const helm3 = (files.get('helm 3') ?? '').trimEnd();
      const helm4 = (files.get('helm 4') ?? helm3).trimEnd();
      files.delete('helm 3');
      files.delete('helm 4');
      const args = /^args: (.*)$/m.exec(head)?.[1]?.split(' ') ?? [];
      return {
        name: /^== (.*) ==$/m.exec(head)?.[1] ?? '',
        release: /^name: (.*)$/m.exec(head)?.[1] ?? 'release-name',
        args,
        whole: args.some((word) => word.includes('DIR')),
        files,
        said: { 3: helm3, 4: helm4 },
      };
    });
}

function bytesOf(text: string): Uint8Array {
  const parts = text.split(/«([0-9a-f]{2})»/);
  return Buffer.concat(parts.map((part, i) => (i % 2 === 0 ? Buffer.from(part) : Buffer.from(part, 'hex'))));
}
