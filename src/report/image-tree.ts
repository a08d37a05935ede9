import { type Dig, type DigComponent, type DigImage, firstRows, type Gap } from '../model/index.js';
import { ageText } from './age.js';
import { type Branch, branch } from './branch.js';
import { coverageBar, coverageWords } from './coverage.js';
import { findingBranches } from './finding-tree.js';
import type { View } from './format.js';
import { gapBranches } from './gap-tree.js';
import { as, type Span, type Text } from './paint.js';
import { countBySeverity, isCounted, isListed } from './severity.js';
import { countGaps, levelWords, notAssessedWords } from './summary.js';
import { bytesText, count, filesText, grouped, shortDigest } from './words.js';

/** How many of the largest unknown files are named; the rest are counted. */
const unknownShown = 5;
const modifiedShown = 5;

/** One image: what it is, what is inside, what is unknown, what is wrong, and what could not be looked at. */
export function imageBranch(image: DigImage, dig: Dig, view: View): Branch {
  const components = dig.components.filter((component) => component.image === image.id);
  const gaps = dig.notAssessed.filter((gap) => gap.image === image.id);
  return branch(headText(image), [
    branch(originText(image, dig)),
    ...image.base.map((base) => {
      const digest = base.digest === null ? '' : `@${shortDigest(base.digest)}`;
      return branch([
        'base ',
        as('name', `${base.reference}${digest}`),
        as('quiet', ` (${base.grade}: ${base.because})`),
      ]);
    }),
    branch(
      [`${filesText(image.coverage)} `, ...coverageBar(image.coverage, Math.min(40, Math.max(view.width - 50, 16)))],
      [branch(coverageWords(image.coverage))],
    ),
    componentBranch(components),
    ...unknownBranches(image),
    ...modifiedBranches(image, components),
    findingsBranch(image, components, gaps, dig, view),
  ]);
}

function headText(image: DigImage): Text {
  const digest = image.digest ?? image.config.digest;
  const short = digest === null ? '' : ` · ${shortDigest(digest)}`;
  const source =
    image.source === 'registry' ? '' : ` · from ${image.source === 'store' ? 'an image store' : 'an archive'}`;
  return [as('name', image.reference), ` ${image.platform}`, as('quiet', `${short}${source}`)];
}

function originText(image: DigImage, dig: Dig): Text {
  const distro = image.distro;
  const named =
    distro === null
      ? 'no distribution named'
      : (distro.prettyName ?? `${distro.id} ${distro.versionId ?? '(no version)'}`);
  // A configuration that names nobody means root (image-spec, config.md); a directory or a file has none.
  const user = image.config.digest === null ? '' : ` · runs as ${image.config.user || 'root'}`;
  const layers = count(image.layers.length, 'layer');
  return [`${named} · ${ageText(image.created, dig.created)} · ${layers}${user}`];
}

/** `312 components: Go 250, Alpine:v3.12 60`; those of no ecosystem by who found them. */
function componentBranch(components: readonly DigComponent[]): Branch {
  const counts = new Map<string, number>();
  for (const component of components) {
    const name = component.ecosystem ?? `${component.foundBy} (no ecosystem)`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const list = sorted.map(([name, number]) => `${name} ${grouped(number)}`).join(', ');
  return branch([count(components.length, 'component'), list === '' ? '' : `: ${list}`]);
}

function unknownBranches(image: DigImage): readonly Branch[] {
  const { files, bytes } = image.coverage.byBucket.unknown;
  if (files === 0) return [];
  const shown = firstRows(image.unknownFiles, unknownShown);
  const left = bytes - shown.reduce((sum, file) => sum + file.sizeBytes, 0);
  const rest = files - shown.length;
  return [
    branch(
      [as('missing', `${count(files, 'unknown file')}`), `, ${bytesText(bytes)}; the largest:`],
      [
        ...shown.map((file) =>
          branch([file.path, as('quiet', ` ${bytesText(file.sizeBytes)}, ${file.type}, layer ${file.layer}`)]),
        ),
        ...(rest > 0 ? [branch([as('quiet', `${grouped(rest)} more, ${bytesText(left)}`)])] : []),
      ],
    ),
  ];
}

function modifiedBranches(image: DigImage, components: readonly DigComponent[]): readonly Branch[] {
  const list = image.modifiedFiles;
  if (list.length === 0) return [];
  const names = new Map(components.map((component) => [component.id, component.name]));
  return [
    branch(
      [as('high', `${count(list.length, 'file')} not as recorded`)],
      [
        ...list.slice(0, modifiedShown).map((file) => {
          const owner = names.get(file.component) ?? file.component;
          const digests = `${shortDigest(file.recorded)}, is ${shortDigest(file.actual)}`;
          return branch([file.path, as('quiet', ` of ${owner}: recorded ${digests}`)]);
        }),
        ...(list.length > modifiedShown ? [branch([as('quiet', `${grouped(list.length - modifiedShown)} more`)])] : []),
      ],
    ),
  ];
}

/** The findings and, in the same block, what they do not cover. */
function findingsBranch(
  image: DigImage,
  components: readonly DigComponent[],
  gaps: readonly Gap[],
  dig: Dig,
  view: View,
): Branch {
  const findings = dig.findings.filter((finding) => finding.image === image.id);
  const counted = findings.filter(isCounted);
  const ids = new Set(counted.map((finding) => finding.id));
  const text: Span[] = [as('heading', count(ids.size, 'vulnerability', 'vulnerabilities'))];
  if (counted.length > ids.size) text.push(` in ${count(counted.length, 'finding')}`);
  if (counted.length > 0) text.push(' (', ...levelWords(countBySeverity(counted)), ')');
  text.push(' · ', ...notAssessedWords(countGaps(gaps)));
  const byId = new Map(components.map((component) => [component.id, component]));
  const listed = findings.filter((finding) => isListed(finding, view));
  return branch(text, [...findingBranches(listed, byId), ...gapBranches(gaps)]);
}
