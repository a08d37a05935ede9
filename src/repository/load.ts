import type { Chart } from '../chart/index.js';
import { TrowelError } from '../model/index.js';
import type { ChartAccess } from './access.js';
import type { World } from './fetch.js';
import type { ChartReference } from './reference.js';

/** A chart of this machine, or one that is fetched. */
export type ChartPlace = { readonly kind: 'path'; readonly path: string } | ChartReference;

export interface LoadedChart {
  readonly chart: Chart;
  /** Where it was fetched from; null for one of this machine. */
  readonly from: string | null;
}

/**
 * Loads a chart from wherever it is, held to its provenance and with its missing dependencies where that is wanted.
 *
 * Throws TrowelError as `loadChart`, `ChartFetcher.fetch` and `vendorDependencies` do.
 * Follows: helm pkg/action/install.go (LocateChart), cmd/helm/install.go (runInstall).
 */
export async function loadWantedChart(
  place: ChartPlace,
  access: ChartAccess,
  helm: 3 | 4,
  world: World,
): Promise<LoadedChart> {
  // Loaded here, so that whoever only asks what a word means does without the template engine.
  const [{ loadArchive, loadChart }, { openCharts }] = await Promise.all([
    import('../chart/index.js'),
    import('./fetch.js'),
  ]);
  const fetcher = openCharts(access, world);
  try {
    let chart: Chart;
    let from: string | null = null;
    let directory: string | null = null;
    if (place.kind === 'path') {
      directory = await directoryOf(place.path);
      if (access.verify && directory !== null) {
        throw new TrowelError('usage', {
          what: 'unpacked charts cannot be verified',
          where: { option: '--verify', file: place.path },
        });
      }
      if (access.verify) await fetcher.verifyLocal(place.path);
      chart = await loadChart(place.path, { helm });
    } else {
      const fetched = await fetcher.fetch(place);
      from = fetched.from;
      chart = loadArchive(fetched.bytes, fetched.fileName, { helm });
    }
    if (access.dependencyUpdate) {
      const { vendorDependencies } = await import('./dependencies.js');
      chart = await vendorDependencies(chart, fetcher, { directory, helm, warn: world.warn });
    }
    return { chart, from };
  } finally {
    await fetcher.close();
  }
}

async function directoryOf(path: string): Promise<string | null> {
  const { stat } = await import('node:fs/promises');
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() === true ? path : null;
}
