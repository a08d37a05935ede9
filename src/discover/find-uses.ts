import { by, type Gap, type ImageUse, type Manifest } from '../model/index.js';
import { contextOf, type Surroundings } from './context.js';
import type { Hit } from './hit.js';
import { Budget, dig } from './json.js';
import { LineFinder } from './line.js';
import { finders } from './list.js';
import { mayHoldImage } from './may-hold.js';
import { type KubeObject, objectsOf } from './objects.js';

/**
 * Every place in the manifests that names an image: one use a place and image, sorted by template, document and field.
 *
 * `causes` are empty and `conditional` null: they need the chart, which this room does not see. A container whose
 * image is missing or no reference is a use (its `image` is what is written) and a gap of kind `use`, reason
 * `bad-reference`; an image that only something else completes is a gap with reason `undecided`. A manifest that is
 * too large to be looked at to its end is a gap, too. Definitions of custom resources hold no uses, but examples; what
 * they say of fields is read, in the manifests and in what the chart carries beside its templates. Never throws for what a manifest holds.
 */
export function findUses(
  manifests: readonly Manifest[],
  surroundings: Surroundings = {},
): {
  readonly uses: readonly ImageUse[];
  readonly gaps: readonly Gap[];
} {
  const uses: ImageUse[] = [];
  const gaps: Gap[] = [];
  const context = contextOf(manifests, surroundings);
  for (const manifest of manifests) {
    const budget = new Budget();
    const lines = new LineFinder(manifest);
    const seen = new Set<string>();
    // Most objects hold no image, and their text tells so at once; without a text all of the object is read.
    const isBare = manifest.text !== '' && !mayHoldImage(manifest.text);
    const wanted = isBare ? finders.filter((finder) => finder.beyondText === true) : finders;
    for (const object of objectsOf(manifest.object)) {
      if (object.kind === 'CustomResourceDefinition') continue;
      const hooks = hooksOf(manifest, object);
      for (const finder of wanted) {
        for (const hit of finder.find(object, budget, context)) {
          if (!budget.spendHit()) break;
          const key = `${hit.field}\n${hit.image ?? hit.written}`;
          if (seen.has(key)) continue;
          seen.add(key);
          if (hit.image !== null || hit.how === 'workload') uses.push(useOf(hit, object, manifest, hooks, lines));
          if (hit.trouble !== null) gaps.push(gapOf(hit, object, manifest));
        }
      }
    }
    if (budget.spent) gaps.push(tooLarge(manifest));
  }
  uses.sort(by((use) => [use.in.template, use.in.document, use.in.field, use.image]));
  return { uses, gaps };
}

/** What Helm says of the manifest, or for plain manifests what the annotation says. */
function hooksOf(manifest: Manifest, object: KubeObject): readonly string[] {
  if (manifest.hooks.length > 0) return manifest.hooks;
  const stated = dig(object.value, 'metadata', 'annotations', 'helm.sh/hook');
  if (typeof stated !== 'string') return [];
  return stated
    .split(',')
    .map((hook) => hook.trim())
    .filter((hook) => hook !== '');
}

function useOf(
  hit: Hit,
  object: KubeObject,
  manifest: Manifest,
  hooks: readonly string[],
  lines: LineFinder,
): ImageUse {
  return {
    image: hit.image ?? hit.written,
    written: hit.written,
    how: hit.how,
    role: hit.role,
    hooks,
    // `test-success` and `test-failure` are Helm 2's names, which Helm 3 still takes.
    test: hooks.some((hook) => hook === 'test' || hook === 'test-success' || hook === 'test-failure'),
    conditional: null,
    certainty: hit.certainty,
    against: hit.against,
    in: {
      kind: object.kind,
      name: object.name,
      namespace: object.namespace,
      container: hit.container,
      field: hit.field,
      template: manifest.template,
      line: lines.lineOf(hit.written),
      document: manifest.document,
      chart: manifest.chart,
    },
    causes: [],
  };
}

function gapOf(hit: Hit, object: KubeObject, manifest: Manifest): Gap {
  const inside = hit.container === null ? '' : `, ${hit.role === 'volume' ? 'volume' : 'container'} ${hit.container}`;
  return {
    kind: 'use',
    reason: hit.trouble?.reason ?? 'undecided',
    image: null,
    subject: hit.written === '' ? `${object.kind}/${object.name}` : hit.written,
    detail: `${object.kind}/${object.name}${inside}, ${hit.field} of ${manifest.template}: ${hit.trouble?.detail ?? ''}`,
    count: 1,
    bytes: 0,
  };
}

function tooLarge(manifest: Manifest): Gap {
  return {
    kind: 'use',
    reason: 'too-large',
    image: null,
    subject: manifest.template,
    detail: `document ${manifest.document} has too many fields: images may be missing`,
    count: 1,
    bytes: 0,
  };
}
