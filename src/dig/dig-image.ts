import { createHash } from 'node:crypto';
import { type Attribution, attribute } from '../attribution/index.js';
import { catalogImage, type LockFile } from '../catalog/index.js';
import { compose, passName } from '../layer/index.js';
import type { Component, Distro, Gap, Image, NamedImage, VisibleFile } from '../model/index.js';
import { capGrades } from './bad-bytes.js';
import type { DigImageTools } from './image-tools.js';
import { type ReadLayers, readLayers } from './read-layers.js';
import { statedDigests } from './stated-digests.js';

/** A component with its row id. */
export interface DugComponent extends Component {
  readonly id: string;
  /** id of the image */
  readonly image: string;
}

/** One image, read to the last byte. `components[i]` is what `attribution` calls component i. */
export interface DugImage {
  readonly image: Image;
  readonly layers: ReadLayers;
  readonly distro: Distro | null;
  readonly components: readonly DugComponent[];
  /** Regular files of the final image, a hard-linked one once. */
  readonly files: readonly VisibleFile[];
  readonly attribution: Attribution;
  readonly gaps: readonly Gap[];
  /** Images that its programs name. */
  readonly named: readonly NamedImage[];
  /** What lock files in it pin. */
  readonly locks: readonly LockFile[];
}

/** Reads an image: layers → final files → components → each byte in one bucket. */
export async function digImage(image: Image, tools: DigImageTools): Promise<DugImage> {
  const layers = await readLayers(image, tools);
  const final = compose(layers.results);
  const { files: all, resolve, placed, contentOf } = final;
  const cataloged = catalogImage({ layers: layers.results, files: all, resolve, placed });
  const graded = capGrades(cataloged.components, layers.bad);
  const digests = await statedDigests(image, layers, final, graded, tools);
  const files = final.regularFiles();
  const attribution = attribute({
    files,
    all,
    resolve,
    contentOf,
    components: graded,
    digests: digests.actual,
  });
  tools.io.progress({ kind: 'image', reference: image.reference, state: 'done' });
  return {
    image,
    layers,
    distro: cataloged.distro,
    named: cataloged.named,
    locks: cataloged.locks,
    components: withIds(image, graded),
    files,
    attribution,
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
function withIds(image: Image, components: readonly Component[]): DugComponent[] {
  const imageDigest = image.digest ?? image.config.digest ?? image.id;
  const seen = new Map<string, number>();
  return components.map((component) => {
    const first = component.locations[0]?.path ?? '';
    const text = [imageDigest, image.id, component.purl, first].join('\n');
    const before = seen.get(text) ?? 0;
    seen.set(text, before + 1);
    const suffix = before === 0 ? '' : `\n${component.foundBy}\n${before}`;
    const id = createHash('sha256').update(`${text}${suffix}`).digest('hex').slice(0, 24);
    return { ...component, id, image: image.id };
  });
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
  const first = files[0];
  if (first === undefined) return [];
  const bytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const named = files.slice(0, 3).map((file) => file.path);
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
