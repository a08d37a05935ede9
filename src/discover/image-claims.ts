import type { ImageClaim, ImageUse, JsonValue } from '../model/index.js';
import { readCandidate } from './candidate.js';
import { isList, isObject, parseJson, textField } from './json.js';
import { readOutline } from './outline.js';

/** Annotations by which a chart lists its images; the last is what Bitnami's charts and helm-dt write. */
const listing = ['artifacthub.io/images', 'helm.sh/images', 'images'] as const;

/**
 * What the annotations of a Chart.yaml list as its images, compared with the uses that were found: which of them no
 * use names, and which images nobody listed. Neither is an error: a list may hold images of features that are off, and
 * nobody checks it. Empty where no annotation lists any.
 *
 * Follows: Artifact Hub's "Helm annotations" (a YAML list of `name`, `image`), HIP 15 (`helm.sh/images`).
 */
export function compareClaims(
  annotations: ReadonlyMap<string, string>,
  uses: readonly ImageUse[],
): readonly ImageClaim[] {
  const found = [...new Set(uses.map((use) => use.image))].sort();
  return listing.flatMap((annotation) => {
    const claimed = claimedBy(annotations.get(annotation) ?? '');
    if (claimed.length === 0) return [];
    const notFound = claimed.filter((image) => !found.includes(image));
    return [{ annotation, claimed, notFound, notClaimed: found.filter((image) => !claimed.includes(image)) }];
  });
}

/** The images of a list of `{name, image}` or of plain references, in normal form and sorted; what is none is left out. */
function claimedBy(text: string): readonly string[] {
  const list: JsonValue = parseJson(text) ?? readOutline(text) ?? [];
  const images = new Set<string>();
  for (const item of isList(list) ? list : []) {
    const written = isObject(item) ? (textField(item, 'image') ?? '') : item;
    const candidate = typeof written === 'string' ? readCandidate(written.trim()) : null;
    if (candidate !== null) images.add(candidate.image);
  }
  return [...images].sort();
}
