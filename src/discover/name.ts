/**
 * The words of a name in lower case: `--thanos-default-base-image`, `pulsarDockerImageName`, `STRIMZI_KAFKA_IMAGES` and
 * `trivy.repository` alike.
 */
export function wordsOf(name: string): readonly string[] {
  return name
    .slice(0, 256)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

const imageWords: ReadonlySet<string> = new Set(['image', 'images', 'img']);
const afterImage: ReadonlySet<string> = new Set([
  'name',
  'names',
  'ref',
  'reference',
  'uri',
  'url',
  'default',
  'override',
]);

/** Whether a name says that its value is an image: `image`, `X_IMAGE`, `docker_image`, `imageName`, `RELATED_IMAGE_X`. */
export function namesImage(name: string): boolean {
  if (!/im(?:age|g)/i.test(name)) return false;
  return imagePrefix(wordsOf(name)) !== null;
}

/** Whether a name says that its value is several images. */
export function namesImages(name: string): boolean {
  return /images/i.test(name) && wordsOf(name).at(-1) === 'images';
}

/**
 * The words of an image's name up to and with `image`, or null where the name says no image. `imagePullPolicy`,
 * `imageFormat`, `IMAGE_TAG` and their like have another last word and are none.
 */
export function imagePrefix(words: readonly string[]): readonly string[] | null {
  const last = words.at(-1);
  if (last === undefined) return null;
  if (imageWords.has(last)) return words;
  const before = words.at(-2);
  if (before !== undefined && imageWords.has(before) && afterImage.has(last)) return words.slice(0, -1);
  // OpenShift's operators (and their bundles) name each operand RELATED_IMAGE_<operand>.
  if (words[0] === 'related' && words[1] === 'image') return words;
  return null;
}

/** Names under which prose stands, in which an example is no use. */
export function isProse(name: string): boolean {
  return /(?:description|schema|readme|notes|summary|message)$/i.test(name);
}
