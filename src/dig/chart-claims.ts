import type { Chart, readManifests } from '../chart/index.js';
import { type CarriedDefinitions, compareClaims, KnownTexts, type Surroundings } from '../discover/index.js';
import type { ChartFile, ChartSummary, ImageUse, JsonValue, Manifest } from '../model/index.js';

/**
 * The definitions that lie in the `crds/` of a chart and of its subcharts, which a render leaves out. A file is read
 * when a kind that it names is asked for: they are the largest files of many a chart.
 */
export function carriedDefinitions(chart: Chart, readYaml: typeof readManifests): CarriedDefinitions {
  const files = chartsOf(chart).flatMap((one) => one.crds);
  const read = new Map<ChartFile, readonly JsonValue[]>();
  const known = new Map<string, readonly JsonValue[]>();
  const objectsOf = (file: ChartFile): readonly JsonValue[] => {
    const objects = read.get(file) ?? readYaml(viewOf(file).toString('utf8'), file.path).manifests.map(objectOf);
    read.set(file, objects);
    return objects;
  };
  return (kind) => {
    const found = known.get(kind) ?? files.filter((file) => viewOf(file).includes(kind)).flatMap(objectsOf);
    known.set(kind, found);
    return found;
  };
}

function viewOf({ bytes }: ChartFile): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function objectOf(manifest: Manifest): JsonValue {
  return manifest.object;
}

/** What a chart and its whole render say of images in some of its templates. */
export function surroundingsOf(
  chart: Chart,
  manifests: readonly Manifest[],
  readYaml: typeof readManifests,
): Surroundings {
  return { carried: carriedDefinitions(chart, readYaml), others: manifests, texts: new KnownTexts() };
}

/** The charts that take part, with what their annotations list as their images beside what was found. */
export function withImageClaims(
  summaries: readonly ChartSummary[],
  chart: Chart,
  uses: readonly ImageUse[],
): readonly ChartSummary[] {
  const annotations = new Map(
    chartsOf(chart).map(({ metadata }) => [`${metadata.name} ${metadata.version}`, metadata.annotations]),
  );
  return summaries.map((summary) => {
    const own = annotations.get(`${summary.name} ${summary.version}`);
    if (own === undefined || own.size === 0) return summary;
    const below = uses.filter(({ in: { chart: id } }) => id === summary.id || id?.startsWith(`${summary.id}/`));
    const imageClaims = compareClaims(own, below);
    return imageClaims.length === 0 ? summary : { ...summary, imageClaims };
  });
}

/** What a person should know of a list of images that its chart does not keep; null where it holds. */
export function claimWarning(summary: ChartSummary): string | null {
  const parts = (summary.imageClaims ?? []).flatMap(({ annotation, claimed, notFound, notClaimed }) => {
    if (notFound.length === 0 && notClaimed.length === 0) return [];
    const missing = notFound.length === 0 ? '' : `, of which this render has not ${notFound.join(', ')}`;
    const more = notClaimed.length === 0 ? '' : `; it leaves out ${notClaimed.join(', ')}`;
    return [`${annotation} lists ${claimed.length} images${missing}${more}`];
  });
  return parts.length === 0 ? null : `annotations of ${summary.id}: ${parts.join('; ')}`;
}

function chartsOf(chart: Chart): readonly Chart[] {
  return [chart, ...chart.dependencies.flatMap(chartsOf)];
}
