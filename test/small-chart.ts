import { gzipSync } from 'node:zlib';
import {
  helmDefaults,
  loadArchive,
  type PreparedChart,
  prepareChart,
  type RenderChartOptions,
} from '../src/chart/index.js';
import { writeTar } from '../src/pack/index.js';

/** `helm template rel … --namespace ns`, in 1970, without chance. */
export const plainOptions: RenderChartOptions = {
  ...helmDefaults,
  name: 'rel',
  namespace: 'ns',
  now: () => new Date(0),
  random: (bytes) => new Uint8Array(bytes),
};

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
