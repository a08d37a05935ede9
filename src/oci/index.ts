/** References, layouts, image archives, registries. See README.md. */
export * from './reference.js';
export {
  type NewImage,
  type WrittenImage,
  type WrittenLayer,
  writeImage,
  writeIndex,
  writeLayer,
} from './write-layout.js';
