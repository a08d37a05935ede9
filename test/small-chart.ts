import { gzipSync } from 'node:zlib';
import { loadArchive, type PreparedChart, prepareChart } from '../src/chart/index.js';
import { writeTar } from '../src/pack/index.js';

/** A chart of these files, `Chart.yaml` and `templates/a.yaml` among them. */
export function smallChart(name: string, files: Readonly<Record<string, string>>): PreparedChart {
  const entries = Object.entries(files).map(([path, text]) => ({
    path: `${name}/${path}`,
    type: 'file' as const,
    mode: 0o644,
    content: Buffer.from(text),
  }));
  return prepareChart(loadArchive(gzipSync(Buffer.concat([...writeTar(entries)])), `${name}.tgz`));
}
