/**
 * What is inside an image: cataloguers read single files of single layers into plain records, and join what is visible
 * in the final image to components. `list.ts` names them all; `dpkg.ts` is the one to imitate.
 */
export { type CatalogImageInput, catalogImage, type ImageCatalog } from './catalog-image.js';
export { licenseExpression } from './licenses/expression.js';
export { cataloguers, everyCataloguer } from './list.js';
export type { LockFile } from './locks.js';
