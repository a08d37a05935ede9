import { createHash } from 'node:crypto';
import { readFileSync, type Stats, statSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { type ChartFile, compareText, isTrowelError, TrowelError } from '../model/index.js';
import { type GoMap, goString } from '../template/index.js';
import { checkIsArchive, type LoadBudget, readArchive, readArchiveAtOnce } from './archive.js';
import { type Chart, type ChartLimits, type ChartLock, type ChartMetadata, chartLimits } from './chart.js';
import { directoryFiles } from './directory.js';
import {
  badChart,
  checkForm,
  noMetadata,
  type ReadMetadata,
  readLock,
  readMetadata,
  validateMetadata,
  withRequirements,
} from './metadata.js';
import { wordsOf } from './text.js';
import { readValues } from './values-file.js';

export interface LoadOptions {
  readonly limits?: ChartLimits;
  /** Whose words are spoken where the two differ. */
  readonly helm?: 3 | 4;
}

/**
 * Loads a chart with everything vendored in it, from a directory or a packaged archive (`.tgz`).
 *
 * Throws TrowelError: `not-found`, `bad-chart` with Helm's words, `unsafe-path` for an entry or a link that leads out,
 * `too-large` over a limit, `truncated`. Follows: helm pkg/chart/loader, HELM-ENGINE (c) 1–5.
 */
export async function loadChart(path: string, options: LoadOptions = {}): Promise<Chart> {
  const { helm = 3 } = options;
  const limits = options.limits ?? limitsOf(helm);
  const budget: LoadBudget = { limits, helm, entries: 0, bytes: 0 };
  const found = statOf(path);
  if (found.isDirectory()) {
    if (helm === 4) detect(path);
    const files = await directoryFiles(path, budget);
    return assemble(files, { id: '', archive: null, depth: 0, helm, limits, unpack: await unpacked(files, budget) });
  }
  if (found.size > limits.totalBytes) {
    throw new TrowelError('too-large', {
      what: `the archive has more than ${limits.totalBytes} bytes`,
      where: { file: path },
    });
  }
  // At once: a thread pool costs more than one read.
  const archive = readFileSync(path);
  checkIsArchive(archive, resolve(path));
  const files = await readArchive(archive, path, budget);
  const unpack = await unpacked(files, budget);
  return assembleArchive(files, { id: '', archive, depth: 0, helm, limits, unpack });
}

/**
 * Loads a packaged chart from its bytes, as `loadChart` does, and at once: what it inflates to is held in memory.
 * `name` stands in messages.
 */
export function loadArchive(archive: Uint8Array, name: string, options: LoadOptions = {}): Chart {
  const { helm = 3 } = options;
  const limits = options.limits ?? limitsOf(helm);
  const budget: LoadBudget = { limits, helm, entries: 0, bytes: 0 };
  checkIsArchive(archive, name);
  const unpack: Unpack = (file) => readArchiveAtOnce(file.bytes, file.path, budget);
  const files = readArchiveAtOnce(archive, name, budget);
  return assembleArchive(files, { id: '', archive, depth: 0, helm, limits, unpack });
}

/** Makes a chart of its files, paths relative to the chart (`Chart.yaml`); archives in `charts/` are unpacked. */
export function loadFiles(files: readonly ChartFile[], options: LoadOptions = {}): Chart {
  const { helm = 3 } = options;
  const limits = options.limits ?? limitsOf(helm);
  const budget: LoadBudget = { limits, helm, entries: 0, bytes: 0 };
  const unpack: Unpack = (file) => readArchiveAtOnce(file.bytes, file.path, budget);
  return assembleArchive(files, { id: '', archive: null, depth: 0, helm, limits, unpack });
}

/** The files of an archive that lies in `charts/`. Throws what is wrong with it. */
type Unpack = (file: ChartFile) => readonly ChartFile[];

/** Reads the archives in `charts/`, and those in them; what is wrong with one is thrown when it is asked for. */
async function unpacked(files: readonly ChartFile[], budget: LoadBudget): Promise<Unpack> {
  const known = new Map<Uint8Array, readonly ChartFile[] | { readonly error: unknown }>();
  const visit = async (inner: readonly ChartFile[], depth: number): Promise<void> => {
    if (depth > budget.limits.depth) return;
    for (const { path, bytes } of inner) {
      if (!/(?:^|\/)charts\/[^/]+\.tgz$/.test(path) || known.has(bytes)) continue;
      try {
        const found = await readArchive(bytes, path.slice(path.lastIndexOf('/') + 1), budget);
        known.set(bytes, found);
        await visit(found, depth + 1);
      } catch (error) {
        known.set(bytes, { error });
      }
    }
  };
  await visit(files, 0);
  return (file) => {
    const found = known.get(file.bytes) ?? [];
    if ('error' in found) throw found.error;
    return found;
  };
}

function assembleArchive(files: readonly ChartFile[], place: Place): Chart {
  if (place.helm === 4) {
    const chartYaml = files.findLast((file) => file.path === 'Chart.yaml');
    if (chartYaml === undefined) throw badChart('unable to detect chart version, no Chart.yaml found');
    checkForm(goString(chartYaml.bytes));
  }
  return assemble(files, place);
}

/** Helm 4 has no bound for one file. */
function limitsOf(helm: 3 | 4): ChartLimits {
  return helm === 4 ? { ...chartLimits, fileBytes: chartLimits.totalBytes } : chartLimits;
}

/** Helm 4 reads Chart.yaml before it reads the chart, to choose its loader. */
function detect(path: string): void {
  const file = join(resolve(path), 'Chart.yaml');
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw badChart(`unable to detect chart at ${file}: open ${file}: no such file or directory`, 'Chart.yaml', cause);
  }
  checkForm(goString(bytes));
}

interface Place {
  readonly limits: ChartLimits;
  readonly unpack: Unpack;
  /** id of the chart above, empty for the root. */
  readonly id: string;
  /** The bytes that it was packed in, or null. */
  readonly archive: Uint8Array | null;
  readonly depth: number;
  readonly helm: 3 | 4;
}

/** Makes a chart of its files: which is what goes by the path (helm pkg/chart/loader/load.go LoadFiles). */
function assemble(files: readonly ChartFile[], place: Place): Chart {
  if (place.depth > place.limits.depth) {
    throw new TrowelError('too-large', { what: `charts are nested more than ${place.limits.depth} deep` });
  }
  const read = readFiles(files, place.helm);
  const { metadata } = read;
  if (metadata === null) throw badChart('Chart.yaml file is missing');
  validateMetadata(metadata);
  const id = place.id === '' ? metadata.name : `${place.id}/${metadata.name}`;
  const warnings: string[] = [];
  const own = filesOf(files, metadata, warnings);
  let digest: string | null | undefined;
  return {
    metadata,
    id,
    get digest(): string | null {
      if (digest === undefined) digest = place.archive === null ? null : digestOf(place.archive);
      return digest;
    },
    lock: read.lock,
    values: read.values,
    valuesText: read.valuesText,
    schema: files.findLast((file) => file.path === 'values.schema.json')?.bytes ?? null,
    templates: files.filter((file) => file.path.startsWith('templates/')),
    files: own,
    crds: own.filter((file) => file.path.startsWith('crds/') && /\.(?:ya?ml|json)$/i.test(file.path)),
    dependencies: subchartsOf(files, metadata.name, { ...place, id }),
    warnings,
  };
}

/** What the files say that have a meaning of their own. */
interface ReadFiles {
  metadata: ReadMetadata | null;
  lock: ChartLock | null;
  values: GoMap | null;
  valuesText: string | null;
}

/** Chart.yaml before all others, they in their order: of several broken ones the first is named. */
function readFiles(files: readonly ChartFile[], helm: 3 | 4): ReadFiles {
  const read: ReadFiles = { metadata: null, lock: null, values: null, valuesText: null };
  const chartYaml = files.findLast((file) => file.path === 'Chart.yaml');
  if (chartYaml !== undefined) read.metadata = readMetadata(goString(chartYaml.bytes), helm);
  for (const { path, bytes } of files) {
    if (path === 'values.yaml') {
      read.valuesText = goString(bytes);
      read.values = readOwnValues(read.valuesText, helm);
    } else if (path === 'requirements.yaml') {
      read.metadata = withRequirements(read.metadata ?? noMetadata, goString(bytes), helm);
    } else if (path === 'Chart.lock' || path === 'requirements.lock') {
      const lock = readLock(goString(bytes), path, helm);
      if (read.lock === null || path === 'Chart.lock') read.lock = lock;
      read.metadata ??= noMetadata;
    }
  }
  return read;
}

function filesOf(files: readonly ChartFile[], metadata: ChartMetadata, warnings: string[]): readonly ChartFile[] {
  const old = metadata.apiVersion === 'v1';
  const kept: ChartFile[] = [];
  for (const file of files) {
    const { path } = file;
    if (['Chart.yaml', 'Chart.lock', 'values.yaml', 'values.schema.json'].includes(path)) continue;
    if (path === 'requirements.yaml' || path === 'requirements.lock') {
      if (old) kept.push(file);
      else {
        const what = path === 'requirements.yaml' ? 'Dependencies are' : 'Dependency locking is';
        warnings.push(`Warning: ${what} handled in Chart.yaml since apiVersion "v2"; ${path} should go`);
      }
    } else if (path.startsWith('templates/')) continue;
    else if (!path.startsWith('charts/') || extname(path) === '.prov') kept.push(file);
  }
  return kept;
}

/** The charts of `charts/`: directories and archives; names with `_` or `.` in front are left alone. */
function subchartsOf(files: readonly ChartFile[], parent: string, place: Place): readonly Chart[] {
  const groups = new Map<string, ChartFile[]>();
  for (const file of files) {
    if (!file.path.startsWith('charts/') || extname(file.path) === '.prov') continue;
    const path = file.path.slice('charts/'.length);
    const name = path.split('/', 1)[0] ?? '';
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [{ path, bytes: file.bytes }]);
    else group.push({ path, bytes: file.bytes });
  }
  const charts: Chart[] = [];
  for (const [name, group] of [...groups].sort((a, b) => compareText(a[0], b[0]))) {
    if (name.startsWith('_') || name.startsWith('.')) continue;
    try {
      charts.push(subchart(name, group, parent, { ...place, depth: place.depth + 1 }));
    } catch (error) {
      if (!isTrowelError(error)) throw error;
      throw new TrowelError(error.code, {
        what: `error unpacking subchart ${name} in ${parent}: ${error.what}`,
        where: error.where,
        cause: error,
      });
    }
  }
  return charts;
}

function subchart(name: string, group: readonly ChartFile[], parent: string, place: Place): Chart {
  if (extname(name) === '.tgz') {
    const file = group[0];
    if (file === undefined || file.path !== name) {
      throw badChart(`error unpacking subchart tar in ${parent}: expected ${name}, got ${file?.path ?? ''}`);
    }
    return assemble(place.unpack(file), { ...place, archive: file.bytes });
  }
  const inner: ChartFile[] = [];
  for (const { path, bytes } of group) {
    const slash = path.indexOf('/');
    if (slash > 0) inner.push({ path: path.slice(slash + 1), bytes });
  }
  return assemble(inner, { ...place, archive: null });
}

function readOwnValues(text: string, helm: 3 | 4): GoMap {
  try {
    return readValues(text, helm);
  } catch (error) {
    throw badChart(`cannot load values.yaml: ${wordsOf(error)}`, 'values.yaml', error);
  }
}

function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (cause) {
    throw new TrowelError('not-found', { what: `path "${path}" not found`, where: { file: path }, cause });
  }
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
