import {
  type About,
  type CatalogFile,
  type Cataloguer,
  type FileHead,
  isTrowelError,
  type ReadResult,
} from '../model/index.js';

/** The half of a cataloguer that the pass over a layer needs; one that declares nothing is asked of every file. */
export type LayerReader = Pick<Cataloguer, 'name' | 'version' | 'wants' | 'read'> & {
  readonly about?: Pick<About, 'reads'>;
};

/** The name under which the pass itself reports gaps. */
export const passName = 'layer';

/** Whether the reader wants the file; what it throws is given as a gap of that file. */
export function asks(reader: LayerReader, head: FileHead, first: Uint8Array): boolean | ReadResult {
  try {
    return reader.wants(head, first);
  } catch (error) {
    return failed(error, 'asked whether it wants the file');
  }
}

/** What the reader finds in the file; what it throws is a gap, so that one bad file costs no more than itself. */
export function reads(reader: LayerReader, file: CatalogFile): ReadResult {
  try {
    return reader.read(file);
  } catch (error) {
    return failed(error, 'read the file');
  }
}

function failed(error: unknown, when: string): ReadResult {
  const text = error instanceof Error ? error.message : String(error);
  const reason = isTrowelError(error) ? error.code : 'internal';
  const detail = isTrowelError(error) ? text : `failed when it ${when}: ${text}`;
  return { records: [], gaps: [{ reason, detail: detail.slice(0, 500) }] };
}
