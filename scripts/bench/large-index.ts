/**
 * `node dist/scripts/bench/large-index.js [ROUNDS]`: renders a chart of a repository whose index has 50 MB, with Helm
 * and with Trowel in turn, whole processes, and prints medians as Markdown. Needs helm and python3 (measure.py).
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { writeTar } from '../../src/pack/index.js';

interface Measured {
  readonly wall: number;
  readonly cpu: number;
  readonly peak: number;
  readonly code: number;
}

const root = ((): string => {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, 'package.json'))) dir = dirname(dir);
  return dir;
})();
const rounds = Number(process.argv[2] ?? '3');

/** As `helm repo index` writes them: 112 charts of 500 versions, about a kilobyte a version. */
function makeIndex(): string {
  const parts = ['apiVersion: v1\nentries:\n'];
  for (let chart = 0; chart < 112; chart++) {
    const name = `chart-${chart}`;
    parts.push(`  ${name}:\n`);
    for (let version = 500; version > 0; version--) {
      parts.push(
        `  - annotations:\n      images: |\n${'        - name: part\n          image: registry.example/team/part:1.2.3\n'.repeat(6)}`,
        `    apiVersion: v2\n    appVersion: ${version}.0.0\n    created: "2024-01-01T00:00:00.000000000Z"\n`,
        `    dependencies:\n    - name: common\n      repository: oci://registry.example/charts\n      version: 2.x.x\n`,
        `    description: '${name} is a chart: it does things, one of many in this index'\n`,
        `    home: https://example.org/${name}\n    kubeVersion: '>=1.20.0-0'\n    name: ${name}\n    type: application\n`,
        `    urls:\n    - archive.tgz\n    version: ${version}.0.0\n`,
      );
    }
  }
  return `${parts.join('')}generated: "2024-01-01T00:00:00Z"\n`;
}

const index = Buffer.from(makeIndex());
const chartYaml = Buffer.from('apiVersion: v2\nname: chart-50\nversion: 500.0.0\n');
const archive = gzipSync(
  Buffer.concat([...writeTar([{ path: 'chart-50/Chart.yaml', type: 'file', mode: 0o644, content: chartYaml }])]),
);
const server = createServer((request, response) => response.end(request.url === '/index.yaml' ? index : archive));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = server.address();
const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
const home = mkdtempSync(join(tmpdir(), 'trowel-bench-'));

async function measure(command: readonly string[]): Promise<Measured> {
  const env = { PATH: process.env.PATH ?? '', HOME: home, NO_PROXY: '*' };
  const child = spawn('python3', [join(root, 'scripts', 'bench', 'measure.py'), ...command], { env });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  child.stderr.pipe(process.stderr);
  await new Promise((resolve) => child.on('close', resolve));
  return JSON.parse(text);
}

const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
const from = ['--repo', url, 'chart-50'];
const contenders: Readonly<Record<string, readonly string[]>> = {
  'helm template': ['helm', 'template', ...from],
  'trowel render --no-store': [process.execPath, join(root, 'bin', 'trowel'), 'render', ...from, '--no-store'],
};
const lines = [
  `index of ${(index.length / 1e6).toFixed(0)} MB, ${rounds} rounds in turn, medians; Node ${process.version}`,
  '',
];
lines.push('| what | wall s | CPU s | peak MiB |', '|---|---|---|---|');
const runs = new Map<string, Measured[]>();
for (let round = 0; round < rounds; round++) {
  for (const [name, command] of Object.entries(contenders)) {
    const measured = await measure(command);
    if (measured.code !== 0) throw new Error(`${name} ended with ${measured.code}`);
    runs.set(name, [...(runs.get(name) ?? []), measured]);
  }
}
for (const [name, list] of runs) {
  const [wall, cpu, peak] = (['wall', 'cpu', 'peak'] as const).map((key) => middle(list.map((one) => one[key])));
  lines.push(`| ${name} | ${wall?.toFixed(2)} | ${cpu?.toFixed(2)} | ${((peak ?? 0) / 2 ** 20).toFixed(0)} |`);
}
process.stdout.write(`${lines.join('\n')}\n`);
server.closeAllConnections();
server.close();
rmSync(home, { recursive: true, force: true });
