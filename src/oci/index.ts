/** References, layouts, image archives, registries. See README.md. */
export { readLocation } from './archive-table.js';
export type { Credential, Env } from './credential-helper.js';
export { clip, digestOf, isDigest } from './digest.js';
export { type FindOptions, type ImageFinder, openImages } from './find-images.js';
export {
  type ClientTls,
  type HttpAnswer,
  type HttpClient,
  type HttpHints,
  type HttpOptions,
  isTransient,
  openHttp,
  readBody,
  tooSlow,
} from './http.js';
export { type ImageTarget, parseImageTarget, splitPathAndTag } from './image-target.js';
export { type ImageIndex, type ImageManifest, type IndexEntry, mediaTypes, parseManifest } from './manifest.js';
export { hostPlatform, normalisePlatform, parsePlatform } from './platform.js';
export * from './reference.js';
export { openRegistries, type RegistryClient, type RegistryOptions } from './registry.js';
export {
  type NewImage,
  type WrittenImage,
  type WrittenLayer,
  writeImage,
  writeIndex,
  writeLayer,
} from './write-layout.js';
