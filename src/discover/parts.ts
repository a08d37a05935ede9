import type { JsonValue } from '../model/index.js';
import { isOpen, judgeNamed, troubleOf, type Verdict } from './candidate.js';
import { imagePrefix, namesImageParts, namesImages, wordsOf } from './name.js';

/** A text under a name: a field of an object, an environment variable, a flag, a line of a properties file. */
export interface Pair {
  readonly name: string;
  readonly value: string;
  /** JSON pointer to the value. */
  readonly field: string;
}

/** An image whose parts stand under several names; `missing` says why its parts make none. */
export interface PartsHit {
  readonly pair: Pair;
  readonly text: string;
  readonly verdict: Verdict | null;
  readonly trouble: { readonly reason: 'bad-reference' | 'undecided'; readonly detail: string } | null;
}

/** What an object above says for all images below it (Istio: `hub` and `tag`; TiDB: `version` of each `baseImage`). */
export interface Inherited {
  readonly hub: string | null;
  readonly tag: string | null;
  readonly version: string | null;
}

interface Base {
  readonly pair: Pair;
  /** The words of the name before the part's own: siblings share them. */
  readonly prefixes: readonly (readonly string[])[];
  /** Whether `version` may stand for the tag. */
  readonly versioned: boolean;
  /** Whether the repository alone is enough. */
  readonly named: boolean;
  /** The name's words before `image`: a version under the same words may be its tag. Null where none may. */
  readonly owner: readonly string[] | null;
  /** Whether the name says that it is a base image, to which a version belongs. */
  readonly ofBase: boolean;
}

/**
 * Joins what stands in sibling names: `repository` + `tag` (+ `registry`, `digest` or `sha`), `baseImage` + `version`,
 * `metricsImage` + `metricsImageTag`, `trivy.repository` + `trivy.tag`, `image: {name, tag}`.
 *
 * A repository counts only beside a tag or digest, or below a name that says image; `written` is the repository as it
 * stands. Addresses of Git and chart repositories are none. `parent` is the name of the object around the pairs.
 */
export function readParts(pairs: readonly Pair[], parent: string, inherited: Inherited): readonly PartsHit[] {
  const bases = pairs.map((pair) => baseOf(pair, parent));
  if (bases.every((base) => base === null)) return [];
  const byWords = new Map(pairs.map((pair) => [wordsOf(pair.name).join(' '), pair.value.trim()]));
  const hits: PartsHit[] = [];
  for (const base of bases) {
    if (base === null) continue;
    const hit = join(base, byWords, inherited);
    if (hit !== null) hits.push(hit);
  }
  return hits;
}

/** What a name must hold for its value to be the repository of an image: asked first, since most names hold none. */
const mayBeBase = /im(?:age|g)|repo|^(?:name|newName|uri|url|ref|reference|path)$/i;

function baseOf(pair: Pair, parent: string): Base | null {
  if (!mayBeBase.test(pair.name)) return null;
  const words = wordsOf(pair.name);
  const last = words.at(-1);
  const below = namesImageParts(parent);
  const value = pair.value.trim();
  if (value === '' || value.includes('://') || /^(github|gitlab|bitbucket)\.\w+\//.test(value)) return null;
  if (last === 'repository' || last === 'repo') {
    const prefix = words.slice(0, -1);
    const named = below || prefix.at(-1) === 'image';
    return { pair, prefixes: shorter(prefix), versioned: named, named, owner: null, ofBase: false };
  }
  const prefix = imagePrefix(words);
  if (prefix !== null) {
    const owner = prefix.at(-1) === 'image' ? prefix.slice(0, -1) : null;
    const ofBase = prefix.at(-2) === 'base';
    return { pair, prefixes: shorter(prefix), versioned: ofBase, named: true, owner, ofBase };
  }
  if (below && words.length === 1 && ['name', 'uri', 'url', 'ref', 'reference', 'path'].includes(last ?? '')) {
    return { pair, prefixes: [[]], versioned: true, named: true, owner: null, ofBase: false };
  }
  // Kustomize replaces an image's name and tag by these.
  if (namesImages(parent) && words.join(' ') === 'new name') {
    return { pair, prefixes: [['new'], []], versioned: false, named: true, owner: null, ofBase: false };
  }
  return null;
}

/** The prefix, and the prefix without its `image` or `base image`. */
function shorter(prefix: readonly string[]): readonly (readonly string[])[] {
  const all = [prefix];
  if (prefix.at(-1) === 'image') all.push(prefix.slice(0, -1));
  if (prefix.at(-2) === 'base' && prefix.at(-1) === 'image') all.push(prefix.slice(0, -2));
  return all;
}

function join(base: Base, byWords: ReadonlyMap<string, string>, inherited: Inherited): PartsHit | null {
  const find = (...names: readonly string[]): string | null => {
    for (const prefix of base.prefixes) {
      for (const name of names) {
        const value = byWords.get([...prefix, ...name.split(' ')].join(' '));
        if (value !== undefined && value !== '') return value;
      }
    }
    return null;
  };
  const repository = base.pair.value.trim().replace(/^docker:\/\//, '');
  const complete = /:[^/]*$/.test(repository) || repository.includes('@');
  if (complete) return null;
  // NVIDIA's operators: `repository: nvcr.io/nvidia`, `image: driver`, `version: 550.54.15`.
  const folder =
    base.owner === null || repository.includes('/') ? null : find('repository', 'repo', 'image repository');
  if (base.owner === null && /^[^/:]+$/.test(find('image') ?? '/')) return null;
  let tag = find('tag', 'image tag', 'version tag', 'image version') ?? (base.versioned ? find('version') : null);
  let digest = find('digest', 'sha', 'sha256', 'image digest');
  const beside = tag === null && digest === null && base.owner !== null ? versionBeside(base.owner, byWords) : null;
  if (tag === null && digest === null && beside === null) {
    if (base.ofBase && inherited.version !== null) {
      return asLikely(settle(base, `${repository}:${inherited.version}`), 'its tag is taken from a version above it');
    }
    if (inherited.hub === null || inherited.tag === null || !base.named || repository.includes('/')) return null;
    const hit = settle(base, `${inherited.hub.replace(/\/$/, '')}/${repository}:${inherited.tag}`);
    return asLikely(hit, 'is joined from hub, image and tag, as its reader is thought to do');
  }
  const registry = find('registry', 'image registry', 'hub');
  tag ??= beside;
  if (tag?.startsWith('sha256:') === true && digest === null) [tag, digest] = [null, tag];
  if (digest !== null && /^[0-9a-f]{64}$/.test(digest)) digest = `sha256:${digest}`;
  let text = folder === null ? repository : `${folder.replace(/\/$/, '')}/${repository}`;
  if (registry !== null && !/^[^/]*[.:][^/]*\//.test(text)) text = `${registry.replace(/\/$/, '')}/${text}`;
  if (tag !== null) text += `:${tag}`;
  if (digest !== null) text += `@${digest}`;
  const hit = settle(base, text);
  return beside === null ? hit : asLikely(hit, 'its tag is taken from a version that stands beside it');
}

/** A version under the words before `image`, if it may be a tag or digest. */
function versionBeside(owner: readonly string[], byWords: ReadonlyMap<string, string>): string | null {
  const version = byWords.get([...owner, 'version'].join(' ')) ?? '';
  return /^\w[\w.-]*$|^sha256:[0-9a-f]{64}$/.test(version) && /\d/.test(version) ? version : null;
}

function asLikely(hit: PartsHit, why: string): PartsHit {
  return hit.verdict === null ? hit : { ...hit, verdict: { ...hit.verdict, certainty: 'likely', against: [why] } };
}

function settle(base: Base, text: string): PartsHit {
  if (isOpen(text))
    return { pair: base.pair, text, verdict: null, trouble: { reason: 'undecided', detail: troubleOf(text) } };
  const verdict = judgeNamed(text);
  if (verdict === null) {
    const detail = `${text}: ${troubleOf(text)}`;
    return { pair: base.pair, text, verdict, trouble: { reason: 'bad-reference', detail } };
  }
  // What speaks against a bare word does not speak against parts that were joined.
  return { pair: base.pair, text, verdict: { ...verdict, certainty: 'certain', against: [] }, trouble: null };
}

/** A scalar as text: a tag `1.20` that YAML made a number is what is left of it. */
export function scalarText(value: JsonValue | undefined): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : null;
}
