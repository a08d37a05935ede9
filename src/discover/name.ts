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

// Words of rules about images: what stands below them is judged or let pass, not run.
const ruleWords: ReadonlySet<string> = new Set([
  'allow',
  'allowed',
  'block',
  'blocked',
  'denied',
  'deny',
  'disallow',
  'disallowed',
  'exclude',
  'excluded',
  'exempt',
  'exempted',
  'ignore',
  'ignored',
  'skip',
  'trusted',
  'verify',
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
  if (last === undefined || words.some((word) => ruleWords.has(word))) return null;
  if (imageWords.has(last)) return words;
  const before = words.at(-2);
  if (before !== undefined && imageWords.has(before) && afterImage.has(last)) return words.slice(0, -1);
  // OpenShift's operators (and their bundles) name each operand RELATED_IMAGE_<operand>.
  if (words[0] === 'related' && words[1] === 'image') return words;
  return null;
}

const aroundImage: ReadonlySet<string> = new Set(['spec', 'config', 'settings', 'details']);

/** Whether the fields of an object of this name are an image's parts: `image`, `proxyImage`, `redisImageSpec`. */
export function namesImageParts(name: string): boolean {
  if (namesImage(name)) return true;
  const words = wordsOf(name);
  return aroundImage.has(words.at(-1) ?? '') && imagePrefix(words.slice(0, -1)) !== null;
}

// What follows `image` in the names of an image's attributes.
const attributes =
  /^(?:tag|tags|pull|pulled|puller|policy|secrets?|credentials?|repository|repo|registry|version|digest|sha|sha256|format|features?|type|size|id|family|gc|rewrite|scan|scanning|scanner|automation|reflector)$/;

/** Whether a name begins with `image` and then says whose (`imageEnvoy`, `image_spark`); `imageTag` does not. */
export function beginsWithImage(name: string): boolean {
  const [first, second] = wordsOf(name);
  return first === 'image' && second !== undefined && !attributes.test(second);
}

// Artifacts that lie in registries beside images, and which no container runtime starts.
const artifacts =
  /^(?:artifacts?|bundles?|charts?|db|database|oci|plugins?|polic(?:y|ies)|refs?|rules?|rulesfiles?|wasm|modules?)$/;

/**
 * Whether a name says that its value is no image that runs, whatever it looks like: an artifact of a registry (falco's
 * rules, trivy's database) or what a rule about images matches (`exemptImages`, `imageReferences`).
 */
export function namesNoImage(name: string): boolean {
  const words = wordsOf(name);
  if (words.some((word) => artifacts.test(word))) return true;
  return words.some((word) => ruleWords.has(word) || word === 'references') && /im(?:age|g)/i.test(name);
}

/** Names under which prose stands, in which an example is no use. */
export function isProse(name: string): boolean {
  return /(?:description|schema|readme|notes|summary|message|examples?)$/i.test(name);
}
