import { isTrowelError, type PurlParts, parsePurl } from '../model/index.js';
import { fieldsOf, type JsonFields, jsonObject, listOf, supplierOf, textOf } from './json.js';
import type { PackageFacts } from './packages.js';
import { eachLine } from './paragraphs.js';
import { ecosystemOf } from './purl-ecosystems.js';
import { unescapeXml } from './xml.js';

/** A package as a document of either format states it; empty texts where it says nothing. */
interface Stated {
  readonly group: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly cpes: readonly string[];
  readonly licenses: readonly string[];
  readonly supplier: string | null;
  readonly url: string;
}

const maxComponents = 100_000;
const maxDepth = 20;

/** CycloneDX and SPDX documents in JSON; null for JSON that is neither. Throws TrowelError `bad-database`. */
export function readSbomJson(source: string): readonly PackageFacts[] | null {
  const fields = fieldsOf(jsonObject(source, 'a bill of materials'));
  if (textOf(fields.get('bomFormat')) === 'CycloneDX') {
    const root = fieldsOf(fields.get('metadata')).get('component');
    const stated: Stated[] = [];
    for (const one of [root, ...listOf(fields.get('components'))]) collectComponents(one, stated, 0);
    return facts(stated, 'CycloneDX document');
  }
  if (textOf(fields.get('spdxVersion')).startsWith('SPDX-2')) return facts(spdxPackages(fields), 'SPDX document');
  return null;
}

/** Types of CycloneDX, and purposes of SPDX in lower case, that are no packages inside an image. */
const notPackages: ReadonlySet<string> = new Set([
  'archive',
  'container',
  'cryptographic-asset',
  'data',
  'device',
  'file',
  'operating-system',
  'source',
]);

/**
 * Follows: CycloneDX 1.6 JSON, `components` (nested ones too); files and data are no packages. What is `excluded` serves
 * builds and tests and is not delivered (cargo-cyclonedx says so of crates that only build scripts use); `optional`
 * stays, since writers give it to what is there.
 */
function collectComponents(value: unknown, into: Stated[], depth: number): void {
  const fields = fieldsOf(value);
  if (depth > maxDepth || fields.size === 0 || into.length >= maxComponents) return;
  const type = textOf(fields.get('type'));
  if (!notPackages.has(type) && textOf(fields.get('scope')) !== 'excluded') {
    into.push({
      group: textOf(fields.get('group')),
      name: textOf(fields.get('name')),
      version: textOf(fields.get('version')),
      purl: textOf(fields.get('purl')),
      cpes: [textOf(fields.get('cpe'))].filter((one) => one !== ''),
      licenses: listOf(fields.get('licenses')).map((one) => {
        const license = fieldsOf(fieldsOf(one).get('license'));
        return textOf(fieldsOf(one).get('expression')) || textOf(license.get('id')) || textOf(license.get('name'));
      }),
      supplier:
        supplierOf(fields.get('supplier')) ?? supplierOf(fields.get('publisher')) ?? supplierOf(fields.get('author')),
      url: textOf(
        listOf(fields.get('externalReferences'))
          .map(fieldsOf)
          .find((one) => one.get('type') === 'distribution')
          ?.get('url'),
      ),
    });
  }
  for (const one of listOf(fields.get('components'))) collectComponents(one, into, depth + 1);
}

/**
 * What is there, without what it was made of: sources that something was generated from, and what the document calls a
 * source, an archive or the image itself.
 * Follows: SPDX 2.3, 7.24 (primary package purpose), 11 (GENERATED_FROM).
 */
function spdxPackages(fields: JsonFields): readonly Stated[] {
  const sources = new Set(
    listOf(fields.get('relationships'))
      .map(fieldsOf)
      .filter((one) => one.get('relationshipType') === 'GENERATED_FROM')
      .map((one) => one.get('relatedSpdxElement')),
  );
  return listOf(fields.get('packages'))
    .slice(0, maxComponents)
    .map(fieldsOf)
    .filter((one) => !sources.has(one.get('SPDXID') ?? null))
    .filter((one) => !notPackages.has(textOf(one.get('primaryPackagePurpose')).toLowerCase()))
    .map(spdxPackage);
}

/** Follows: SPDX 2.3, 7 "Package information". */
function spdxPackage(fields: JsonFields): Stated {
  const references = listOf(fields.get('externalRefs')).map(fieldsOf);
  const located = (type: RegExp): readonly string[] =>
    references
      .filter((one) => type.test(textOf(one.get('referenceType'))))
      .map((one) => textOf(one.get('referenceLocator')));
  return {
    group: '',
    name: textOf(fields.get('name')),
    version: textOf(fields.get('versionInfo')),
    purl: located(/^purl$/)[0] ?? '',
    cpes: located(/cpe23Type$/),
    licenses: [spdxWord(textOf(fields.get('licenseDeclared')))],
    supplier: spdxActor(textOf(fields.get('supplier'))) ?? spdxActor(textOf(fields.get('originator'))),
    url: spdxWord(textOf(fields.get('downloadLocation'))),
  };
}

function spdxWord(text: string): string {
  return text === 'NOASSERTION' || text === 'NONE' ? '' : text;
}

/** `Organization: X (mail)`, `Person: X` */
function spdxActor(text: string): string | null {
  const word = spdxWord(text).replace(/^(?:Organization|Person):\s*/, '');
  return word === '' ? null : word;
}

/** SPDX tag-value text; null where it is none. Follows: SPDX 2.3, 7 and Annex on tag-value; only packages are read. */
export function readSbomTagValue(source: string): readonly PackageFacts[] | null {
  if (!/^SPDXVersion:\s?SPDX-2/m.test(source.slice(0, 4096))) return null;
  const stated: Stated[] = [];
  let open: Map<string, string[]> | null = null;
  const close = (): void => {
    const fields = open;
    if (fields === null || stated.length >= maxComponents) return;
    const first = (tag: string): string => fields.get(tag)?.[0] ?? '';
    const references = (fields.get('ExternalRef') ?? []).map((one) => one.split(/\s+/));
    stated.push({
      group: '',
      name: first('PackageName'),
      version: first('PackageVersion'),
      purl: references.find(([, type]) => type === 'purl')?.[2] ?? '',
      cpes: references.flatMap(([, type, value]) =>
        type?.endsWith('cpe23Type') === true && value !== undefined ? [value] : [],
      ),
      licenses: [spdxWord(first('PackageLicenseDeclared'))],
      supplier: spdxActor(first('PackageSupplier')) ?? spdxActor(first('PackageOriginator')),
      url: spdxWord(first('PackageDownloadLocation')),
    });
  };
  for (const line of eachLine(source)) {
    const colon = line.indexOf(': ');
    if (colon <= 0 || line.length > 10_000) continue;
    const tag = line.slice(0, colon);
    if (tag === 'PackageName' || tag === 'FileName' || tag === 'SnippetSPDXID') {
      close();
      open = tag === 'PackageName' ? new Map() : null;
    }
    const list = open?.get(tag);
    if (list === undefined) open?.set(tag, [line.slice(colon + 2).trim()]);
    else list.push(line.slice(colon + 2).trim());
  }
  close();
  return facts(stated, 'SPDX document');
}

/** CycloneDX in XML; null where it is none. Names, versions and purls are taken, nested components too. */
export function readSbomXml(source: string): readonly PackageFacts[] | null {
  if (!source.slice(0, 4096).includes('cyclonedx.org/schema/bom')) return null;
  const stated: Stated[] = [];
  const stack: Map<string, string>[] = [];
  const path: string[] = [];
  for (const [, slash, name = '', attributes = '', text = ''] of source.matchAll(
    /<(\/?)(?:[\w.-]{1,100}:)?([\w.-]{1,100})(?=[\s/>])([^<>]{0,2000})>([^<]{0,2000})/g,
  )) {
    if (slash === '/') {
      if (path.at(-1) === name) path.pop();
      const done = name === 'component' ? stack.pop() : undefined;
      // The tools that wrote the document are components of its metadata.
      const isLeftOut = notPackages.has(done?.get('type') ?? '') || done?.get('scope') === 'excluded';
      const isPackage = done !== undefined && !isLeftOut && !path.includes('tools');
      if (isPackage && stated.length < maxComponents) stated.push(xmlComponent(done));
      continue;
    }
    if (name === 'component') stack.push(new Map([['type', /\btype="([^"]{1,40})"/.exec(attributes)?.[1] ?? '']]));
    else if (path.at(-1) === 'component' && !stack.at(-1)?.has(name)) stack.at(-1)?.set(name, unescapeXml(text.trim()));
    if (!attributes.endsWith('/')) path.push(name);
    else if (name === 'component') stack.pop();
    if (path.length > 1000 || stack.length > 1000) break;
  }
  return facts(stated, 'CycloneDX document');
}

function xmlComponent(fields: ReadonlyMap<string, string>): Stated {
  return {
    group: fields.get('group') ?? '',
    name: fields.get('name') ?? '',
    version: fields.get('version') ?? '',
    purl: fields.get('purl') ?? '',
    cpes: [fields.get('cpe') ?? ''].filter((one) => one !== ''),
    licenses: [],
    supplier: fields.get('publisher') ?? null,
    url: '',
  };
}

/** What has no purl and no version names nothing that could be looked up, and is left out. */
function facts(stated: readonly Stated[], what: string): readonly PackageFacts[] {
  return stated.flatMap((one): PackageFacts[] => {
    const parts = parsed(one.purl);
    if (parts === null && (one.name === '' || one.version === '')) return [];
    const { licenses, supplier, url, cpes } = one;
    const common = { licenses: licenses.filter((text) => text !== ''), supplier, url, cpes, what };
    if (parts === null) {
      const { group, name, version } = one;
      const value = `${group === '' ? '' : `${group}/`}${name} ${version}`;
      return [{ ...common, type: 'generic', namespace: group, name, fullName: name, version, ecosystem: null, value }];
    }
    const version = parts.version ?? (one.version === '' ? null : one.version);
    return [
      {
        ...common,
        ...ecosystemOf(parts),
        type: parts.type,
        namespace: parts.namespace ?? null,
        name: parts.name,
        version,
        qualifiers: parts.qualifiers,
        value: one.purl,
      },
    ];
  });
}

function parsed(purl: string): PurlParts | null {
  if (purl === '') return null;
  try {
    return parsePurl(purl);
  } catch (error) {
    if (isTrowelError(error)) return null;
    throw error;
  }
}
