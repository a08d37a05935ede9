import {
  GoError,
  GoFunc,
  GoMap,
  GoObject,
  GoSlice,
  type GoValue,
  int,
  NilEntries,
  quote,
  writeJson,
  writeYaml,
} from '../template/index.js';
import { type Capabilities, defaultKubeVersion } from './capabilities.js';
import type { ChartMetadata } from './chart.js';
import { scalarAt, tableAt } from './dependencies.js';
import type { ChartNode, TreeDependency } from './tree.js';

/** What `.Release` says. */
export interface Release {
  readonly name: string;
  readonly namespace: string;
  readonly isUpgrade: boolean;
}

/** `.Release`: a plain map (helm pkg/chartutil/values.go ToRenderValues). */
export function releaseObject(release: Release): GoMap {
  return new GoMap(
    new Map<string, GoValue>([
      ['Name', release.name],
      ['Namespace', release.namespace],
      ['IsUpgrade', release.isUpgrade],
      ['IsInstall', !release.isUpgrade],
      ['Revision', int(1)],
      ['Service', 'Helm'],
    ]),
  );
}

/** The package in which Go's type names place Values and Capabilities. */
const packageOf = (helm: 3 | 4): string => (helm === 4 ? 'common' : 'chartutil');

/** The Go type of `.Values` and of the dot of a template. */
export function valuesType(helm: 3 | 4): string {
  return `${packageOf(helm)}.Values`;
}

/** `.Values`: a map with methods over the same entries as the table it is made of (chartutil.Values). */
export function valuesObject(table: GoMap, helm: 3 | 4 = 3): GoMap {
  const { entries } = table;
  const methods = new Map<string, GoFunc>([
    ['AsMap', new GoFunc('AsMap', [], undefined, () => new GoMap(entries.size === 0 ? new Map() : entries))],
    ['YAML', new GoFunc('YAML', [], undefined, () => writeYaml(new GoMap(entries)))],
    ['Encode', new GoFunc('Encode', ['writer'], undefined, noWriter)],
    [
      'Table',
      new GoFunc('Table', ['string'], undefined, ([path]) => {
        const found = tableAt(new GoMap(entries), String(path));
        if (found instanceof GoMap) return valuesObject(found, helm);
        throw new GoError(found.missing);
      }),
    ],
    [
      'PathValue',
      new GoFunc('PathValue', ['string'], undefined, ([path]) => {
        const text = String(path);
        if (text === '') throw new GoError('YAML path cannot be empty');
        const found = scalarAt(new GoMap(entries), text);
        if (found !== undefined) return found;
        throw new GoError(`${quote(text.slice(text.lastIndexOf('.') + 1))} is not a value`);
      }),
    ],
  ]);
  return new GoMap(entries, valuesType(helm), 'interface {}', methods);
}

/** `.Chart`: chart.Metadata embedded in a struct with IsRoot, so that an unknown field is an error; a map in Helm 4. */
export function chartObject(node: ChartNode, helm: 3 | 4): GoValue {
  const metadata = metadataFields(node);
  const isRoot = node.parent === null;
  if (helm === 4) return new GoMap(new Map<string, GoValue>([...asMaps(metadata), ['IsRoot', isRoot]]));
  const embedded = new GoObject({
    type: 'chart.Metadata',
    fields: metadata,
    methods: marshalAs(() => metadataJson(node)),
  });
  const all = (): GoObject =>
    new GoObject({ type: 'struct', fields: new Map([...metadataJson(node).fields, ['IsRoot', isRoot]]) });
  return new GoObject({
    type: 'struct { chart.Metadata; IsRoot bool }',
    fields: new Map<string, GoValue>([
      ['Metadata', embedded],
      ['IsRoot', isRoot],
    ]),
    embedded: ['Metadata'],
    methods: marshalAs(all),
  });
}

/** The JSON of a struct whose fields have other names there. */
function marshalAs(json: () => GoObject): ReadonlyMap<string, GoFunc> {
  return new Map([['MarshalJSON', new GoFunc('MarshalJSON', [], undefined, () => writeJson(json()))]]);
}

/** Structs become maps, and every list one of anything (helm v4 pkg/chart/common.go structToMap). */
function asMaps(fields: ReadonlyMap<string, GoValue>): Map<string, GoValue> {
  const plain = (value: GoValue): GoValue => (value instanceof GoObject ? new GoMap(asMaps(value.fields)) : value);
  const maps = new Map<string, GoValue>();
  for (const [name, value] of fields) {
    maps.set(name, value instanceof GoSlice ? new GoSlice(value.items.map(plain)) : plain(value));
  }
  return maps;
}

function metadataFields(node: ChartNode): Map<string, GoValue> {
  const metadata = node.chart.metadata;
  return new Map<string, GoValue>([
    ['Name', node.name],
    ['Home', metadata.home],
    ['Sources', texts(metadata.sources)],
    ['Version', metadata.version],
    ['Description', metadata.description],
    ['Keywords', texts(metadata.keywords)],
    ['Maintainers', listOf(metadata.maintainers.map(maintainerObject), '*chart.Maintainer')],
    ['Icon', metadata.icon],
    ['APIVersion', metadata.apiVersion],
    ['Condition', metadata.condition],
    ['Tags', metadata.tags],
    ['AppVersion', metadata.appVersion],
    ['Deprecated', metadata.deprecated],
    ['Annotations', annotationsOf(metadata)],
    ['KubeVersion', metadata.kubeVersion],
    ['Dependencies', listOf(activeDependencies(node).map(dependencyObject), '*chart.Dependency')],
    ['Type', metadata.type],
  ]);
}

/** What is left of the stated dependencies after conditions and tags, under their aliases. */
function activeDependencies(node: ChartNode): readonly ActiveDependency[] {
  return node.dependencies ?? [];
}

type ActiveDependency = TreeDependency;

/** As Helm leaves them once they were imported: every one a child and a parent. */
function importsOf({ imported }: ActiveDependency): GoValue[] {
  return imported.map((one) => {
    const [child, parent] = one.kind === 'export' ? [`exports.${one.name}`, '.'] : [one.child, one.parent];
    const entries = new Map<string, GoValue>([
      ['child', child],
      ['parent', parent],
    ]);
    return new GoMap(entries, 'map[string]string', 'string');
  });
}

function maintainerObject(maintainer: ChartMetadata['maintainers'][number]): GoObject {
  const { name, email, url } = maintainer;
  return new GoObject({
    type: '*chart.Maintainer',
    kind: 'ptr',
    fields: new Map<string, GoValue>([
      ['Name', name],
      ['Email', email],
      ['URL', url],
    ]),
    methods: marshalAs(() => maintainerJson(maintainer)),
  });
}

function dependencyObject(dependency: ActiveDependency): GoObject {
  return new GoObject({
    type: '*chart.Dependency',
    kind: 'ptr',
    fields: new Map<string, GoValue>([
      ['Name', dependency.name],
      ['Version', dependency.version],
      ['Repository', dependency.repository],
      ['Condition', dependency.condition],
      ['Tags', texts(dependency.tags)],
      ['Enabled', dependency.enabled],
      ['ImportValues', listOf(importsOf(dependency), 'interface {}')],
      ['Alias', dependency.alias],
    ]),
    methods: marshalAs(() => dependencyJson(dependency)),
  });
}

function texts(list: readonly string[]): GoSlice {
  return listOf([...list], 'string');
}

/** What a file does not state is nil. */
function listOf(items: GoValue[], element: string): GoSlice {
  return new GoSlice(items, element, items.length === 0);
}

function annotationsOf(metadata: ChartMetadata): GoMap {
  const stated = new Map<string, GoValue>(metadata.annotations);
  return new GoMap(stated.size === 0 ? new NilEntries() : stated, 'map[string]string', 'string');
}

/** Nothing of a template is an io.Writer but nil, which Go cannot write to. */
function noWriter(): never {
  throw new GoError('runtime error: invalid memory address or nil pointer dereference');
}

/** The metadata as its JSON tags write it, in the order of the struct: what is empty is left out. */
function metadataJson(node: ChartNode): GoObject {
  const { metadata } = node.chart;
  return jsonStruct([
    ['name', node.name],
    ['home', metadata.home],
    ['sources', texts(metadata.sources)],
    ['version', metadata.version],
    ['description', metadata.description],
    ['keywords', texts(metadata.keywords)],
    ['maintainers', new GoSlice(metadata.maintainers.map(maintainerJson))],
    ['icon', metadata.icon],
    ['apiVersion', metadata.apiVersion],
    ['condition', metadata.condition],
    ['tags', metadata.tags],
    ['appVersion', metadata.appVersion],
    ['deprecated', metadata.deprecated],
    ['annotations', new GoMap(new Map<string, GoValue>(metadata.annotations))],
    ['kubeVersion', metadata.kubeVersion],
    ['dependencies', new GoSlice(activeDependencies(node).map(dependencyJson))],
    ['type', metadata.type],
  ]);
}

function maintainerJson({ name, email, url }: ChartMetadata['maintainers'][number]): GoObject {
  return jsonStruct([
    ['name', name],
    ['email', email],
    ['url', url],
  ]);
}

function dependencyJson(dependency: ActiveDependency): GoObject {
  const { name, version, repository, condition, tags, enabled, alias } = dependency;
  return jsonStruct([
    ['name', name],
    ['version', version],
    ['repository', repository],
    ['condition', condition],
    ['tags', texts(tags)],
    ['enabled', enabled],
    ['import-values', new GoSlice(importsOf(dependency))],
    ['alias', alias],
  ]);
}

/** A struct whose JSON leaves out what is empty; `repository` alone is always written. */
function jsonStruct(entries: readonly (readonly [string, GoValue])[]): GoObject {
  const kept = entries.filter(([name, value]) => {
    if (name === 'repository') return true;
    if (value instanceof GoSlice) return value.items.length > 0;
    if (value instanceof GoMap) return value.entries.size > 0;
    return value !== '' && value !== false;
  });
  return new GoObject({ type: 'struct', fields: new Map(kept) });
}

const goVersion = 'go1.26';

/** What Helm 4 says of the client library that it links. */
const clientVersion = defaultKubeVersion.replace(/\.0$/, '');

/** JSON of the version: the names of its tags, without what is empty. */
function buildInfoJson(helmVersion: string, helm: 3 | 4): GoFunc {
  const client = helm === 4 ? `,"kube_client_version":${writeJson(clientVersion)}` : '';
  return new GoFunc(
    'MarshalJSON',
    [],
    undefined,
    () => `{"version":${writeJson(helmVersion)},"go_version":${writeJson(goVersion)}${client}}`,
  );
}

/** Helm 4 has a field that only printing shows. */
function printedKubeVersion({ version, plainVersion, major, minor }: Capabilities): ReadonlyMap<string, GoValue> {
  return new Map([
    ['Version', version],
    ['normalizedVersion', plainVersion],
    ['Major', major],
    ['Minor', minor],
  ]);
}

/** `.Capabilities` (helm pkg/chartutil/capabilities.go). */
export function capabilitiesObject(capabilities: Capabilities, helm: 3 | 4 = 3): GoObject {
  const { version, plainVersion, major, minor, apiVersions, helmVersion } = capabilities;
  const named = packageOf(helm);
  const show = (name: string, text: string): readonly [string, GoFunc] => {
    return [name, new GoFunc(name, [], undefined, () => text)];
  };
  const known = new Set(apiVersions);
  const kubeVersion = {
    type: `${named}.KubeVersion`,
    fields: new Map<string, GoValue>([
      ['Version', version],
      ['Major', major],
      ['Minor', minor],
    ]),
    ...(helm === 4 ? { hidden: () => printedKubeVersion(capabilities) } : {}),
  };
  const has = new GoFunc('Has', ['string'], undefined, ([wanted]) => known.has(String(wanted)));
  return new GoObject({
    type: `*${named}.Capabilities`,
    kind: 'ptr',
    fields: new Map<string, GoValue>([
      [
        'KubeVersion',
        // String is the pointer's: actions print it, functions get the struct.
        new GoObject({
          ...kubeVersion,
          methods: new Map([show('String', plainVersion), show('GitVersion', version)]),
          passed: new GoObject(kubeVersion),
        }),
      ],
      [
        'APIVersions',
        new GoObject({
          type: `${named}.VersionSet`,
          kind: 'slice',
          fields: new Map<string, GoValue>(apiVersions.map((name, index) => [String(index), name])),
          methods: new Map([['Has', has]]),
        }),
      ],
      [
        'HelmVersion',
        new GoObject({
          type: 'version.BuildInfo',
          methods: new Map([['MarshalJSON', buildInfoJson(helmVersion, helm)]]),
          fields: new Map<string, GoValue>([
            ['Version', helmVersion],
            ['GitCommit', ''],
            ['GitTreeState', ''],
            ['GoVersion', goVersion],
            ...(helm === 4 ? [['KubeClientVersion', clientVersion] as const] : []),
          ]),
        }),
      ],
    ]),
  });
}
