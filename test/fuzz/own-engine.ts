import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { capabilities } from '../../src/chart/capabilities.js';
import { ByteSlices, filesObject } from '../../src/chart/files-object.js';
import { helm4Message } from '../../src/chart/helm4-error.js';
import { loadArchive } from '../../src/chart/index.js';
import { capabilitiesObject, chartObject, releaseObject, valuesObject, valuesType } from '../../src/chart/objects.js';
import { chartTree } from '../../src/chart/tree.js';
import { isTrowelError } from '../../src/model/index.js';
import { writeTar } from '../../src/pack/index.js';
import { type GoFunc, GoMap, type GoValue, helmFunctions, prepare, render } from '../../src/template/index.js';
import { type Case, type Outcome, toGo } from './case.js';

/** The chart of helm3/main.go without its templates. */
const chartFiles: Readonly<Record<string, Uint8Array | string>> = {
  'Chart.yaml':
    'apiVersion: v2\nname: probe\nversion: 1.2.3\nappVersion: 4.5.6\ntype: application\n' +
    'description: a chart\nkeywords: [k1, k2]\nannotations: {a: b}\nmaintainers: [{name: m, email: e@x}]\n',
  'conf/a.txt': 'line one\nline two\n',
  'conf/b.bin': Uint8Array.of(0xff, 0xfe, 0x78),
  empty: '',
  't.tpl': '{{ .Release.Name }}-{{ . | kindOf }}',
};

/** Trowel's engine with the chart and the release of the programs that link Helm. */
export class OwnEngine {
  readonly #helm: 3 | 4;
  readonly #dot: ReadonlyMap<string, GoValue>;
  readonly functions: ReadonlyMap<string, GoFunc>;
  #now = new Date(0);

  constructor(helm: 3 | 4) {
    this.#helm = helm;
    this.functions = helmFunctions(
      { now: () => this.#now, random: (count) => randomBytes(count), timeZone: 'UTC' },
      helm,
    );
    const entries = Object.entries(chartFiles).map(([path, text]) => ({
      path: `probe/${path}`,
      type: 'file' as const,
      mode: 0o644,
      content: Buffer.from(text),
    }));
    const node = chartTree(loadArchive(gzipSync(Buffer.concat([...writeTar(entries)])), 'probe.tgz'));
    const cluster = {
      ...capabilities('v1.33.1', [], helm),
      apiVersions: ['v1', 'apps/v1', 'batch/v1'],
      helmVersion: helm === 3 ? 'v3.22.0' : 'v4.3.1',
    };
    this.#dot = new Map<string, GoValue>([
      ['Chart', chartObject(node, helm)],
      ['Files', filesObject(node.chart.files, new ByteSlices())],
      ['Release', releaseObject({ name: 'rel', namespace: 'ns', isUpgrade: false })],
      ['Capabilities', capabilitiesObject(cluster, helm)],
      ['Subcharts', new GoMap()],
    ]);
  }

  /** `at` is the time that the case's templates see. */
  answer({ files, values }: Case, at: Date): Outcome {
    this.#now = at;
    const templates = files.map(({ path, text }) => ({
      path: `probe/${path}`,
      text,
      basePath: 'probe/templates',
      chartPath: 'probe',
    }));
    const table = toGo(values);
    const dot = new GoMap(new Map(this.#dot), valuesType(this.#helm));
    dot.entries.set('Values', valuesObject(table instanceof GoMap ? table : new GoMap(), this.#helm));
    try {
      const texts = render(prepare(templates, this.functions), { data: () => dot });
      return { failed: false, text: texts.get(templates[0]?.path ?? '')?.text ?? '' };
    } catch (error) {
      if (!isTrowelError(error)) return { failed: true, text: `internal: ${String(error)}` };
      const cause = error.code === 'internal' && error.cause instanceof Error ? `: ${error.cause.stack}` : '';
      if (cause !== '') return { failed: true, text: `internal${cause}` };
      return { failed: true, text: this.#helm === 3 ? error.what : helm4Message(error.what) };
    }
  }
}
