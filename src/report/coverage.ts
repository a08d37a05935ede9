import { type Bucket, buckets, type Coverage } from '../model/index.js';
import { as, type Meaning, type Span, type Text } from './paint.js';
import { bucketWords, bytesText, count, filesText, percent } from './words.js';

// Each bucket has a glyph of its own, so that the bar is read without colours, too.
const glyphs: Readonly<Record<Bucket, { readonly glyph: string; readonly as: Meaning }>> = {
  owned: { glyph: '█', as: 'good' },
  identified: { glyph: '▓', as: 'low' },
  generated: { glyph: '▒', as: 'quiet' },
  modified: { glyph: '≠', as: 'high' },
  added: { glyph: '+', as: 'medium' },
  unknown: { glyph: '░', as: 'missing' },
};

/** A bar of `columns` columns, by bytes; a bucket that holds anything has at least one column of it. */
export function coverageBar(coverage: Coverage, columns: number): Text {
  if (coverage.bytes === 0) return [];
  const present = buckets.filter((bucket) => coverage.byBucket[bucket].bytes > 0);
  const exact = present.map((bucket) => (coverage.byBucket[bucket].bytes / coverage.bytes) * columns);
  const widths = exact.map((width) => Math.max(Math.round(width), 1));
  // Rounding may miss the sum by a few columns: the widest bucket gives or takes them.
  const widest = widths.indexOf(Math.max(...widths));
  const off = columns - widths.reduce((sum, width) => sum + width, 0);
  return present.map((bucket, index) => {
    const width = Math.max((widths[index] ?? 0) + (index === widest ? off : 0), 1);
    return as(glyphs[bucket].as, glyphs[bucket].glyph.repeat(width));
  });
}

/** The buckets that hold anything in words and numbers, and how much of all was proved. */
export function coverageWords(coverage: Coverage): Text {
  if (coverage.files === 0) return ['no file was read'];
  const words: Span[] = [];
  for (const bucket of buckets) {
    const { files, bytes } = coverage.byBucket[bucket];
    if (files === 0) continue;
    if (words.length > 0) words.push(', ');
    words.push(
      as(glyphs[bucket].as, `${glyphs[bucket].glyph} ${bucketWords[bucket]} ${percent(bytes, coverage.bytes)}`),
      ` (${bytesText(bytes)}, ${count(files, 'file')})`,
    );
  }
  const { proved } = coverage.byGrade;
  words.push(' · ', proved.files === 0 ? 'nothing proved' : as('good', `proved ${filesText(proved)}`));
  return words;
}
