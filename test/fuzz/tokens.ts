import type { Random } from './random.js';

/** Pieces of a template as a person would name them: the units that mutation and shrinking work on. */
export function tokens(text: string): string[] {
  return text.match(/\{\{-?|-?\}\}|"(?:[^"\\\n]|\\.)*"|`[^`]*`|[$.]?[\p{L}\p{N}_.]+|\s+|[\s\S]/gu) ?? [];
}

const strange = [
  ...['{{', '}}', '{{-', '-}}', '(', ')', '|', ':=', '=', ',', '.', '$', '"', '`', "'", 'end', 'else', 'if', 'range'],
  ...['define', 'block', 'template', 'with', 'break', 'continue', 'nil', '\n', '/*', '*/', '{{end}}', '{{else}}', '\0'],
  ...['\udcff', 'é', '#', '\\', ';', '&', '!', '1', '"x"', '..', ' '],
];

/** A template made wrong somewhere: a piece lost, doubled, moved, or a strange one added. */
export function broken(random: Random, text: string): string {
  const parts = tokens(text);
  for (let i = random.between(1, 3); i > 0; i--) {
    const at = random.below(parts.length + 1);
    switch (random.below(4)) {
      case 0:
        parts.splice(at, random.between(1, 2));
        break;
      case 1:
        parts.splice(at, 0, parts[random.below(parts.length)] ?? '');
        break;
      case 2:
        parts.splice(at, 0, random.pick(strange));
        break;
      default:
        parts.splice(at, 1, random.pick(strange));
    }
  }
  return parts.join('');
}
