import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ImageFacts, LayoutWriter } from './layout.js';
import { cacheFolder } from './places.js';
import { base, hundred, mixed } from './real.js';
import { large, manyFiles } from './synthetic.js';
import { tenfold } from './tenfold.js';

/** One image to measure with. */
export interface BenchImage {
  readonly name: string;
  readonly about: string;
  /** Whether `npm run bench` takes it where none is named. */
  readonly usual: boolean;
  readonly make: (image: LayoutWriter) => Promise<void>;
}

export const images: readonly BenchImage[] = [
  { name: 'base', about: 'a small base of Debian packages', usual: true, make: base },
  { name: 'mixed', about: 'Debian, Go, Java, Python and Node', usual: true, make: mixed },
  { name: 'hundred', about: 'the base and jars in a hundred layers', usual: true, make: hundred },
  { name: 'large', about: 'large files, 8 GB', usual: false, make: large },
  { name: 'files', about: 'a million small files', usual: false, make: manyFiles },
  { name: 'tenfold', about: 'ten of the mixed image, for the bound on memory', usual: false, make: tenfold },
];

/** The OCI layout of an image, which is made where it is not there yet. */
export async function layoutOf(image: BenchImage): Promise<string> {
  const layout = join(cacheFolder(), image.name);
  if (existsSync(join(layout, 'index.json'))) return layout;
  process.stderr.write(`making the image ${image.name} …\n`);
  const writer = new LayoutWriter(layout);
  await image.make(writer);
  writer.finish(image.name);
  return layout;
}

/** What a layout that was made here adds up to; null for another one. */
export function factsOf(layout: string): ImageFacts | null {
  const path = join(layout, 'facts.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}
