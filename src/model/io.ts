/** Something that happened on the way, for whoever draws progress. Rooms never print. */
export type ProgressEvent =
  | { readonly kind: 'stage'; readonly name: string; readonly detail?: string }
  | { readonly kind: 'image'; readonly reference: string; readonly state: 'open' | 'done' | 'failed' }
  | {
      readonly kind: 'layer';
      readonly digest: string;
      readonly state: 'read' | 'stored' | 'failed';
      readonly bytes: number;
    }
  | { readonly kind: 'bytes'; readonly bytes: number }
  | { readonly kind: 'warning'; readonly text: string };

/** What a dig needs of the outside world; only the command line builds the real one. */
export interface Io {
  readonly now: () => Date;
  readonly progress: (event: ProgressEvent) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: AsyncIterable<Uint8Array>;
}
