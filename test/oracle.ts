import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Manifest } from '../src/model/index.js';
import { readYamlDocument } from '../src/template/yaml/index.js';

/** The names of the renders that Helm itself wrote, without `.yaml.gz`. */
export function oracleNames(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml.gz'))
    .map((name) => name.slice(0, -'.yaml.gz'.length))
    .sort();
}

/** The manifests of one render of Helm, split as `helm template` joined them; a document that is no YAML is left out. */
export function oracleManifests(folder: string, name: string): readonly Manifest[] {
  const text = gunzipSync(readFileSync(join(folder, `${name}.yaml.gz`))).toString();
  const manifests: Manifest[] = [];
  const counts = new Map<string, number>();
  for (const document of text.split(/^---\n/m)) {
    const template = /^# Source: (.*)$/m.exec(document)?.[1] ?? '';
    const object = readOrNull(document);
    if (object === null) continue;
    const count = counts.get(template) ?? 0;
    counts.set(template, count + 1);
    const chart = template.split('/templates/')[0] ?? null;
    manifests.push({ object, text: document, template, document: count, line: null, chart, hooks: [] });
  }
  return manifests;
}

function readOrNull(document: string): Manifest['object'] | null {
  try {
    return readYamlDocument(document);
  } catch {
    return null;
  }
}
