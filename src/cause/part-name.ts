import { wordsOf } from '../discover/index.js';
import type { Part } from './image-parts.js';
import { stepsOf } from './values-path.js';

/** The last name of a path, indexes of lists left out. */
export function lastName(path: string): string {
  const names = stepsOf(path).filter((step) => typeof step === 'string');
  return names.at(-1) ?? '';
}

/** The part that a value's name promises: `controller.image.tag`, `global.imageRegistry`, `sidecarImage`. */
export function partNamedBy(path: string): Part | null {
  const words = wordsOf(lastName(path));
  const last = words.at(-1) ?? '';
  // `kubeVersion` and `apiVersion` are no versions of images.
  if (last === 'tag' || (last === 'version' && !words.includes('kube') && !words.includes('api'))) return 'tag';
  if (last === 'registry' || last === 'hub' || (words.includes('registry') && last === 'url')) return 'registry';
  if (last === 'digest' || last === 'sha' || last === 'sha256') return 'digest';
  if (last === 'repository' || last === 'repo') return 'repository';
  if (last === 'image' || last === 'img' || (words.includes('image') && ['name', 'override'].includes(last)))
    return 'whole';
  return null;
}

/** Whether any word of a path speaks of images. */
export function saysImage(path: string): boolean {
  return wordsOf(path).some((word) =>
    ['image', 'images', 'tag', 'repository', 'registry', 'version', 'hub', 'digest', 'sha'].includes(word),
  );
}
