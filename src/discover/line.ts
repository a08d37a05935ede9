import type { Manifest } from '../model/index.js';

/** Finds the lines of a template that wrote what stands in a manifest. Keeps the manifest's lines once read. */
export class LineFinder {
  readonly #manifest: Manifest;
  readonly #next = new Map<string, number>();
  #lines: readonly string[] | null = null;

  constructor(manifest: Manifest) {
    this.#manifest = manifest;
  }

  /**
   * The line (1-based) of the template that wrote this text: the first line of the document that holds it, at the next
   * call with the same text the next one. Null where the text is not in one line, or nobody traced the lines.
   */
  lineOf(written: string): number | null {
    const { lineOf, line, chart } = this.#manifest;
    if (written === '' || (lineOf === undefined && (chart !== null || line === null))) return null;
    this.#lines ??= this.#manifest.text.split('\n');
    const from = this.#next.get(written) ?? 0;
    const at = this.#lines.findIndex((text, index) => index >= from && text.includes(written));
    if (at < 0) return null;
    this.#next.set(written, at + 1);
    if (lineOf !== undefined) return lineOf(at);
    // A plain manifest is its own template.
    return line === null ? null : line + at;
  }
}
