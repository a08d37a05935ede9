import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Tells builds of this program apart, by size and time of the file that runs: what one keeps another does not read. */
export function buildStamp(): string {
  const { size, mtimeMs } = statSync(fileURLToPath(import.meta.url));
  return `${size.toString(36)}-${Math.round(mtimeMs).toString(36)}-${process.version}`;
}
