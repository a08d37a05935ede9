import { type JsonValue, TrowelError } from '../model/index.js';
import { quote, readYamlDocument } from '../template/index.js';
import { parseVersion } from '../version/index.js';
import type { ChartLock, ChartMetadata, ImportValue, Maintainer, StatedDependency } from './chart.js';
import { isObject, StructReader } from './go-struct.js';
import { wordsOf } from './text.js';

/** Metadata as it was read; `nulls` names a list that holds null, which is refused when the chart is checked. */
export type ReadMetadata = ChartMetadata & { readonly nulls: 'maintainers' | 'dependencies' | null };

/** What there is where a chart has no Chart.yaml but another file that speaks of it. */
export const noMetadata: ReadMetadata = {
  name: '',
  home: '',
  sources: [],
  version: '',
  description: '',
  keywords: [],
  maintainers: [],
  icon: '',
  apiVersion: '',
  condition: '',
  tags: '',
  appVersion: '',
  deprecated: false,
  annotations: new Map(),
  kubeVersion: '',
  dependencies: null,
  type: '',
  nulls: null,
};

/** The package that Go's error texts name: that of Helm 3's charts, or of Helm 4's. */
const packageOf = (helm: 3 | 4): string => (helm === 4 ? 'v2' : 'chart');

/**
 * Chart.yaml.
 *
 * Throws TrowelError `bad-chart` with Helm's words. Follows: helm pkg/chart/loader/load.go, pkg/chart/metadata.go.
 */
export function readMetadata(chartYaml: string, helm: 3 | 4): ReadMetadata {
  const stated = readFile(chartYaml, 'Chart.yaml', `${packageOf(helm)}.Metadata`);
  const metadata = metadataOf(stated, helm);
  const error = stated.error();
  if (error !== null) throw badChart(`cannot load Chart.yaml: ${jsonError(error)}`, 'Chart.yaml');
  return metadata;
}

/** requirements.yaml of a chart of the old form: its dependencies take the place of those of Chart.yaml. */
export function withRequirements(metadata: ReadMetadata, requirements: string, helm: 3 | 4): ReadMetadata {
  const extra = readFile(requirements, 'requirements.yaml', `${packageOf(helm)}.Metadata`);
  const dependencies = dependenciesOf(extra, helm);
  const wrong = extra.error();
  if (wrong !== null) throw badChart(`cannot load requirements.yaml: ${jsonError(wrong)}`, 'requirements.yaml');
  if (dependencies === null) return metadata;
  return {
    ...metadata,
    dependencies: withoutNull(dependencies),
    nulls: dependencies.includes(null) ? (metadata.nulls ?? 'dependencies') : metadata.nulls,
  };
}

/**
 * The version of the chart's form that Helm 4 looks at before anything else.
 *
 * Throws TrowelError `bad-chart` with its words. Follows: helm v4 pkg/chart/loader/load.go.
 */
export function checkForm(chartYaml: string): void {
  const reader = readFile(chartYaml, 'Chart.yaml', 'loader.chartBase');
  const form = reader.text('apiVersion');
  const error = reader.error();
  if (error !== null) throw badChart(`cannot load Chart.yaml: ${jsonError(error)}`, 'Chart.yaml');
  if (form === 'v3') throw badChart('invalid chart apiVersion', 'Chart.yaml');
  if (!['v1', 'v2', ''].includes(form)) throw badChart('unsupported chart version', 'Chart.yaml');
}

/** Chart.lock or requirements.lock: which version of each dependency was vendored. */
export function readLock(text: string, file: string, helm: 3 | 4): ChartLock {
  const reader = readFile(text, file, `${packageOf(helm)}.Lock`);
  const list = reader.structs('dependencies', `${packageOf(helm)}.Dependency`, (item) => ({
    name: item.text('name'),
    version: item.text('version'),
    repository: item.text('repository'),
  }));
  const digest = reader.text('digest');
  const error = reader.error();
  if (error !== null) throw badChart(`cannot load ${file}: ${jsonError(error)}`, file);
  return { digest, dependencies: withoutNull(list ?? []) };
}

function withoutNull<T>(list: readonly (T | null)[]): readonly T[] {
  return list.filter((item) => item !== null);
}

/** Checks a chart's metadata as Helm does before it looks at subcharts. Throws TrowelError `bad-chart`. */
export function validateMetadata(metadata: ReadMetadata): void {
  const wrong = (text: string): TrowelError => badChart(`validation: ${text}`, 'Chart.yaml');
  if (metadata.apiVersion === '') throw wrong('chart.metadata.apiVersion is required');
  if (metadata.name === '') throw wrong('chart.metadata.name is required');
  if (metadata.name === '.' || metadata.name === '..') {
    throw wrong(`chart.metadata.name ${quote(metadata.name)} is not allowed`);
  }
  if (metadata.name.includes('/')) throw wrong(`chart.metadata.name ${quote(metadata.name)} is invalid`);
  if (metadata.version === '') throw wrong('chart.metadata.version is required');
  if (!isVersion(metadata.version)) throw wrong(`chart.metadata.version ${quote(metadata.version)} is invalid`);
  if (!['', 'application', 'library'].includes(metadata.type)) {
    throw wrong('chart.metadata.type must be application or library');
  }
  if (metadata.nulls !== null) throw wrong(`${metadata.nulls} must not contain empty or null nodes`);
  const names = new Set<string>();
  for (const dependency of metadata.dependencies ?? []) {
    if (dependency.alias !== '' && !/^[a-zA-Z0-9_-]+$/.test(dependency.alias)) {
      throw wrong(`dependency ${quote(dependency.name)} has disallowed characters in the alias`);
    }
    const key = dependency.alias === '' ? dependency.name : dependency.alias;
    if (names.has(key)) throw wrong(`more than one dependency with name or alias ${quote(key)}`);
    names.add(key);
  }
}

function isVersion(text: string): boolean {
  try {
    parseVersion(text);
    return true;
  } catch {
    return false;
  }
}

/** A TrowelError for a chart that cannot be loaded, with Helm's words. */
export function badChart(what: string, entry?: string, cause?: unknown): TrowelError {
  return new TrowelError('bad-chart', { what, where: entry === undefined ? {} : { entry }, cause });
}

function metadataOf(reader: StructReader, helm: 3 | 4): ReadMetadata {
  const maintainers = reader.structs('maintainers', `${packageOf(helm)}.Maintainer`, maintainerOf) ?? [];
  const dependencies = dependenciesOf(reader, helm);
  const apiVersion = reader.text('apiVersion');
  return {
    name: clean(reader.text('name')),
    home: clean(reader.text('home')),
    sources: reader.texts('sources').map(clean),
    version: reader.text('version'),
    description: clean(reader.text('description')),
    keywords: reader.texts('keywords').map(clean),
    maintainers: withoutNull(maintainers),
    icon: clean(reader.text('icon')),
    // Helm 2 took charts without one.
    apiVersion: apiVersion === '' ? 'v1' : apiVersion,
    condition: clean(reader.text('condition')),
    tags: clean(reader.text('tags')),
    appVersion: clean(reader.text('appVersion')),
    deprecated: reader.flag('deprecated'),
    annotations: reader.textMap('annotations'),
    kubeVersion: clean(reader.text('kubeVersion')),
    dependencies: dependencies === null ? null : withoutNull(dependencies),
    type: reader.text('type'),
    nulls: maintainers.includes(null) ? 'maintainers' : dependencies?.includes(null) === true ? 'dependencies' : null,
  };
}

function maintainerOf(reader: StructReader): Maintainer {
  return { name: clean(reader.text('name')), email: clean(reader.text('email')), url: clean(reader.text('url')) };
}

function dependenciesOf(reader: StructReader, helm: 3 | 4): readonly (StatedDependency | null)[] | null {
  return reader.structs('dependencies', `${packageOf(helm)}.Dependency`, (item) => ({
    name: clean(item.text('name')),
    version: clean(item.text('version')),
    repository: clean(item.text('repository')),
    condition: clean(item.text('condition')),
    tags: item.texts('tags').map(clean),
    importValues: importValuesOf(item.any('import-values')),
    alias: item.text('alias'),
  }));
}

function importValuesOf(list: JsonValue): readonly ImportValue[] {
  if (!Array.isArray(list)) return [];
  const imports: ImportValue[] = [];
  for (const item of list) {
    if (typeof item === 'string') imports.push({ kind: 'export', name: item });
    else if (isObject(item)) imports.push({ kind: 'table', child: shown(item.child), parent: shown(item.parent) });
  }
  return imports;
}

/** A path of import-values as `%v` prints it. */
function shown(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '<nil>';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Blanks of any kind become a space, what does not print is left out (helm pkg/chart/metadata.go sanitizeString). */
function clean(text: string): string {
  if (/^[ -~]*$/.test(text)) return text;
  return text.replace(/\p{White_Space}/gu, ' ').replace(/[^ \p{L}\p{M}\p{N}\p{P}\p{S}]/gu, '');
}

function readFile(text: string, file: string, type: string): StructReader {
  let document: JsonValue;
  try {
    document = readYamlDocument(text);
  } catch (error) {
    throw badChart(`cannot load ${file}: ${wordsOf(error)}`, file, error);
  }
  const reader = StructReader.of(document, type);
  if (typeof reader === 'string') throw badChart(`cannot load ${file}: ${jsonError(reader)}`, file);
  return reader;
}

function jsonError(text: string): string {
  return `error unmarshaling JSON: while decoding JSON: ${text}`;
}
