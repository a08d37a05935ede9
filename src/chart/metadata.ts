import { type JsonValue, TrowelError } from '../model/index.js';
import { readYamlDocument } from '../template/index.js';
import { parseVersion } from '../version/index.js';
import type { ChartMetadata, ImportValue, LockedDependency, Maintainer, StatedDependency } from './chart.js';
import { isObject, StructReader } from './go-struct.js';
import { wordsOf } from './text.js';

/**
 * Chart.yaml, with requirements.yaml laid over it where the chart has one.
 *
 * Throws TrowelError `bad-chart` with Helm's words. Follows: helm pkg/chart/loader/load.go, pkg/chart/metadata.go.
 */
export function readMetadata(chartYaml: string, requirements: string | null): ChartMetadata {
  const stated = readFile(chartYaml, 'Chart.yaml');
  const metadata = metadataOf(stated);
  const error = stated.error();
  if (error !== null) throw badChart(`cannot load Chart.yaml: ${jsonError(error)}`, 'Chart.yaml');
  if (requirements === null) return metadata;
  const extra = readFile(requirements, 'requirements.yaml');
  const dependencies = dependenciesOf(extra) ?? metadata.dependencies;
  const wrong = extra.error();
  if (wrong !== null) throw badChart(`cannot load requirements.yaml: ${jsonError(wrong)}`, 'requirements.yaml');
  return { ...metadata, dependencies };
}

/** Chart.lock or requirements.lock: which version of each dependency was vendored. */
export function readLock(text: string, file: string): readonly LockedDependency[] {
  const reader = readFile(text, file, 'chart.Lock');
  const list = reader.structs('dependencies', 'chart.Dependency', (item) => ({
    name: item.text('name'),
    version: item.text('version'),
    repository: item.text('repository'),
  }));
  const error = reader.error();
  if (error !== null) throw badChart(`cannot load ${file}: ${jsonError(error)}`, file);
  return (list ?? []).filter((item) => item !== null);
}

/** Checks a chart's metadata as Helm does before it looks at subcharts. Throws TrowelError `bad-chart`. */
export function validateMetadata(metadata: ChartMetadata): void {
  const wrong = (text: string): TrowelError => badChart(`validation: ${text}`, 'Chart.yaml');
  if (metadata.name === '') throw wrong('chart.metadata.name is required');
  if (metadata.name === '.' || metadata.name === '..') {
    throw wrong(`chart.metadata.name "${metadata.name}" is not allowed`);
  }
  if (metadata.name.includes('/')) throw wrong(`chart.metadata.name "${metadata.name}" is invalid`);
  if (metadata.version === '') throw wrong('chart.metadata.version is required');
  if (!isVersion(metadata.version)) throw wrong(`chart.metadata.version "${metadata.version}" is invalid`);
  if (!['', 'application', 'library'].includes(metadata.type)) {
    throw wrong('chart.metadata.type must be application or library');
  }
  const names = new Set<string>();
  for (const dependency of metadata.dependencies ?? []) {
    if (dependency.alias !== '' && !/^[a-zA-Z0-9_-]+$/.test(dependency.alias)) {
      throw wrong(`dependency "${dependency.name}" has disallowed characters in the alias`);
    }
    const key = dependency.alias === '' ? dependency.name : dependency.alias;
    if (names.has(key)) throw wrong(`more than one dependency with name or alias "${key}"`);
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

function metadataOf(reader: StructReader): ChartMetadata {
  const maintainers = reader.structs('maintainers', 'chart.Maintainer', maintainerOf) ?? [];
  if (maintainers.includes(null)) throw badChart('validation: maintainers must not contain empty or null nodes');
  const apiVersion = reader.text('apiVersion');
  return {
    name: clean(reader.text('name')),
    home: clean(reader.text('home')),
    sources: reader.texts('sources').map(clean),
    version: reader.text('version'),
    description: clean(reader.text('description')),
    keywords: reader.texts('keywords').map(clean),
    maintainers: maintainers.filter((item) => item !== null),
    icon: clean(reader.text('icon')),
    // Helm 2 took charts without one.
    apiVersion: apiVersion === '' ? 'v1' : apiVersion,
    condition: clean(reader.text('condition')),
    tags: clean(reader.text('tags')),
    appVersion: clean(reader.text('appVersion')),
    deprecated: reader.flag('deprecated'),
    annotations: reader.textMap('annotations'),
    kubeVersion: clean(reader.text('kubeVersion')),
    dependencies: dependenciesOf(reader),
    type: reader.text('type'),
  };
}

function maintainerOf(reader: StructReader): Maintainer {
  return { name: clean(reader.text('name')), email: clean(reader.text('email')), url: clean(reader.text('url')) };
}

function dependenciesOf(reader: StructReader): readonly StatedDependency[] | null {
  const list = reader.structs('dependencies', 'chart.Dependency', (item) => ({
    name: clean(item.text('name')),
    version: clean(item.text('version')),
    repository: clean(item.text('repository')),
    condition: clean(item.text('condition')),
    tags: item.texts('tags').map(clean),
    importValues: importValuesOf(item.any('import-values')),
    alias: item.text('alias'),
  }));
  if (list === null) return null;
  if (list.includes(null)) throw badChart('validation: dependencies must not contain empty or null nodes');
  return list.filter((item) => item !== null);
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
  return text.replace(/\p{White_Space}/gu, ' ').replace(/[^ \p{L}\p{M}\p{N}\p{P}\p{S}]/gu, '');
}

function readFile(text: string, file: string, type = 'chart.Metadata'): StructReader {
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
