import { createHash } from 'node:crypto';
import { type Attribution, attribute } from '../attribution/index.js';
import { catalogImage } from '../catalog/index.js';
import { compose, passName } from '../layer/index.js';
import {
  type Component,
  type ComponentFile,
  type FileContent,
  type FinalFiles,
  firstRows,
  type Gap,
  type Image,
} from '../model/index.js';
import { capGrades } from './bad-bytes.js';
import type { DugComponent, DugImage } from './dug-image.js';
import type { DigImageTools } from './image-tools.js';
import { keepImage, keptImage } from './kept-image.js';
import { type ReadLayers, readLayers } from './read-layers.js';
import { statedDigests } from './stated-digests.js';
import { withTagVersion } from './tag-version.js';

/** Reads an image: layers → final files → components → each byte in one bucket. What an earlier run made is taken. */
export async function digImage(image: Image, tools: DigImageTools): Promise<DugImage> {
  const kept = keptImage(image, tools);
  const dug = kept ?? (await readImage(image, tools));
  if (kept === null && tools.keeps) keepImage(dug, tools);
  tools.io.progress({ kind: 'image', reference: image.reference, state: 'done' });
  return dug;
}

async function readImage(image: Image, tools: DigImageTools): Promise<DugImage> {
  const layers = await readLayers(image, tools);
  if (tools.isLast) tools.lanes.rest();
  const final = compose(layers.results);
  const { files: all, resolve, placed, regular: files } = final;
  const cataloged = catalogImage({ layers: layers.results, files: all, resolve, placed });
  const graded = withTagVersion(image, capGrades(cataloged.components, layers.bad), resolve);
  const digests = await statedDigests(image, layers, final, graded, tools);
  const attribution = attribute({ files, components: graded, digests: digests.actual });
  const { coverage, unknownFiles, modifiedFiles, ownedBy, owner } = attribution;
  return {
    image,
    layers: layers.results.map((one) =>
      one === null ? null : { digest: one.digest, diffID: one.diffID, sizeBytes: one.sizeBytes },
    ),
    distro: cataloged.distro,
    distroWords: cataloged.distroWords,
    named: cataloged.named,
    locks: cataloged.locks,
    components: withIds(image, graded, files),
    attribution: { coverage, unknownFiles, modifiedFiles, ownedBy },
    files: { all: files, owner },
    gaps: [
      ...layers.gaps,
      ...digests.gaps,
      ...entryGaps(image, layers),
      ...cataloged.gaps
        .filter((gap) => gap.by !== passName)
        .map((gap) => fileGap(image, gap.path, gap.reason, gap.detail)),
      ...unownedGap(image, attribution),
    ],
  };
}

/**
 * A row id from content: image digest, purl and first location; the image's id too, since the same bytes can be dug
 * under two references, whose rows differ.
 */
function withIds(image: Image, components: readonly Component[], files: FinalFiles): DugComponent[] {
  const imageDigest = image.digest ?? image.config.digest ?? image.id;
  const seen = new Map<string, number>();
  return components.map((component) => {
    const first = component.locations[0]?.path ?? '';
    const text = [imageDigest, image.id, component.purl, first].join('\n');
    const before = seen.get(text) ?? 0;
    seen.set(text, before + 1);
    const suffix = before === 0 ? '' : `\n${component.foundBy}\n${before}`;
    const id = createHash('sha256').update(`${text}${suffix}`).digest('hex').slice(0, 24);
    const { owns: _owns, ...rest } = component;
    return { ...rest, id, image: image.id, file: fileOf(component, files) };
  });
}

/** Kinds of files that can be a component on their own; a package's record is none. */
const deployable: readonly FileContent[] = ['elf', 'pe', 'mach-o', 'script', 'archive'];

function fileOf({ owns, locations }: Component, files: FinalFiles): ComponentFile | null {
  const [only] = owns;
  if (only === undefined || owns.length > 1 || locations[0]?.path !== only.path) return null;
  const index = files.indexOf(only.path);
  if (index < 0) return null;
  const { path, sizeBytes, sha256, content, mode } = files.at(index).entry;
  if (!deployable.includes(content)) return null;
  return { path, sizeBytes, sha256, type: content, executable: (mode & 0o111) !== 0 };
}

/** What the pass itself had to leave out of a layer: such entries are in no final image, so no cataloguer tells of them. */
function entryGaps(image: Image, layers: ReadLayers): Gap[] {
  return layers.results.flatMap((result, index) =>
    (result?.gaps ?? [])
      .filter((gap) => gap.by === passName)
      .map((gap) => fileGap(image, gap.path === '' ? `layer ${index}` : gap.path, gap.reason, gap.detail)),
  );
}

function fileGap(image: Image, path: string, reason: Gap['reason'], detail: string): Gap {
  return { kind: 'file', reason, image: image.id, subject: path, detail, count: 1, bytes: 0 };
}

/** Executables and libraries that nobody owns: one row an image, with how many and how many bytes. */
function unownedGap(image: Image, attribution: Attribution): Gap[] {
  const files = attribution.unownedExecutables;
  const first = files.at(0);
  if (first === undefined) return [];
  let bytes = 0;
  for (const file of files) bytes += file.sizeBytes;
  const named = firstRows(files, 3).map((file) => file.path);
  const more = files.length > named.length ? ` and ${files.length - named.length} more` : '';
  return [
    {
      kind: 'file',
      reason: 'no-owner',
      image: image.id,
      subject: first.path,
      detail: `executables and libraries that no package owns: ${named.join(', ')}${more}`,
      count: files.length,
      bytes,
    },
  ];
}
