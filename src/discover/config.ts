import { Buffer } from 'node:buffer';
import type { Finder } from './finder.js';
import type { Hit, Place } from './hit.js';
import { type Budget, field, isObject, limits, step } from './json.js';
import type { KnownTexts } from './known-texts.js';
import { isProse } from './name.js';
import { nothingInherited, readPairs } from './pairs.js';
import type { Pair } from './parts.js';
import { isOwnKind } from './pod-spec.js';
import { readText } from './text.js';

/** No reference, nor a line of several, is longer. */
const longestPlain = 4096;

const place: Place = { how: 'config', role: 'none', container: null };

/**
 * Images in the data of ConfigMaps and Secrets: under a key of their own (`SIDECAR_IMAGE`), in two keys
 * (`trivy.repository`, `trivy.tag`), or inside the text of one (JSON, YAML, properties, flags).
 */
export const config: Finder = {
  name: 'config',
  *find(object, budget, { texts }) {
    if (!isOwnKind(object) || (object.kind !== 'ConfigMap' && object.kind !== 'Secret')) return;
    for (const key of ['data', 'stringData', 'binaryData']) {
      const data = field(object.value, key);
      if (!isObject(data)) continue;
      const encoded = key === 'binaryData' || (object.kind === 'Secret' && key === 'data');
      const pairs: Pair[] = [];
      for (const [name, value] of Object.entries(data)) {
        if (isProse(name)) continue;
        const text = typeof value !== 'string' ? null : encoded ? decoded(value) : value;
        if (text !== null) pairs.push({ name, value: text, field: step(step(object.pointer, key), name) });
      }
      yield* inData(pairs, budget, texts);
    }
  },
};

function* inData(pairs: readonly Pair[], budget: Budget, texts: KnownTexts): Generator<Hit> {
  const short = pairs.filter((pair) => !isText(pair.value));
  yield* readPairs(short, { place, parent: '', inherited: nothingInherited, standing: 'named', tellOpen: false });
  for (const pair of pairs) {
    if (!isText(pair.value)) continue;
    yield* texts.hitsIn(pair.value, pair.field, () => {
      const hits = readText(pair.value, pair.field, place, budget);
      return { hits, whole: !budget.spent };
    });
  }
}

/** Whether a value is text with a form of its own; a list of images one a line is read as such, too. */
function isText(value: string): boolean {
  if (value.length > longestPlain) return true;
  return value.trim().includes('\n') || /^\s*(?:[{[]|-{1,2}[a-z])/.test(value) || value.includes(': ');
}

/** The text of a Secret's value, null where it is no text: a key, a certificate store, an archive. */
function decoded(value: string): string | null {
  if (value.length > limits.textBytes || !/^[A-Za-z0-9+/=\s]*$/.test(value)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'base64'));
  } catch {
    return null;
  }
}
