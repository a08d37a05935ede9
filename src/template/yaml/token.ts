/** A place where a key without `?` may have begun. */
export interface SimpleKey {
  possible: boolean;
  /** Whether the scanner no longer waits for its `:`; see fetchFlowEnd. */
  forgotten: boolean;
  required: boolean;
  number: number;
  index: number;
  line: number;
  column: number;
}

export type TokenKind =
  | 'stream-end'
  | 'version-directive'
  | 'tag-directive'
  | 'document-start'
  | 'document-end'
  | 'block-sequence-start'
  | 'block-mapping-start'
  | 'block-end'
  | 'flow-sequence-start'
  | 'flow-sequence-end'
  | 'flow-mapping-start'
  | 'flow-mapping-end'
  | 'block-entry'
  | 'flow-entry'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar';

/** A token of a YAML text; lines count from 0. */
export interface Token {
  readonly kind: TokenKind;
  readonly line: number;
  readonly endLine: number;
  /** The text of a scalar, the name of an anchor, the handle of a tag. */
  readonly value: string;
  readonly suffix: string;
  /** Whether a scalar is neither quoted nor a block. */
  readonly plain: boolean;
  /** The scanner's own note that this may be a key. */
  readonly key: SimpleKey | null;
}
