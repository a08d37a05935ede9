import { GoError, GoMap, mismatch, readYaml } from '../template/index.js';
import { trimSpace, wordsOf } from './text.js';

/**
 * The text of a values file, a chart's or a user's, as one table. Helm 3 reads the first document; Helm 4 merges all of
 * them, the later over the earlier.
 *
 * Templates see copies of values only, so lists are as in a copy.
 * Throws GoError or TrowelError with the words that Helm puts behind the name of the file.
 * Follows: helm v4 pkg/chart/v2/loader/load.go LoadValues; Helm 3 has sigs.k8s.io/yaml alone there.
 */
export function readValues(text: string, helm: 3 | 4): GoMap {
  if (helm === 3) return tableOf(text);
  let values = new GoMap();
  for (const document of documentsOf(text)) {
    try {
      values = mergeMaps(values, tableOf(document));
    } catch (error) {
      throw new GoError(`cannot unmarshal yaml document: ${wordsOf(error)}`);
    }
  }
  return values;
}

/** `later` over `earlier`, table by table; nulls are kept, they delete defaults afterwards. */
export function mergeMaps(earlier: GoMap, later: GoMap): GoMap {
  const merged = new GoMap(new Map(earlier.entries));
  for (const [key, value] of later.entries) {
    const known = merged.entries.get(key);
    merged.entries.set(key, value instanceof GoMap && known instanceof GoMap ? mergeMaps(known, value) : value);
  }
  return merged;
}

function tableOf(text: string): GoMap {
  const values = readYaml(text.startsWith('\uFEFF') ? text.slice(1) : text, 'exact');
  if (values === null) return new GoMap();
  if (values instanceof GoMap) return values;
  throw new GoError(`error unmarshaling JSON: while decoding JSON: ${mismatch(values, 'map[string]interface {}')}`);
}

/**
 * Documents apart at lines that begin with `---`, also inside of a block of text.
 *
 * Follows: k8s.io/apimachinery v0.37 pkg/util/yaml/decoder.go YAMLReader.
 */
function* documentsOf(text: string): Generator<string> {
  let document = '';
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const line of lines) {
    if (line.startsWith('---')) {
      const rest = trimSpace(line.slice(3));
      if (rest !== '' && !rest.startsWith('#')) {
        throw new GoError(`error reading yaml document: invalid Yaml document separator: ${rest}`);
      }
      if (document !== '') {
        yield document;
        document = '';
        continue;
      }
    }
    document += `${line.endsWith('\r') ? line.slice(0, -1) : line}\n`;
  }
  if (document !== '') yield document;
}
