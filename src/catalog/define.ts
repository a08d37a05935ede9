import {
  type About,
  type CatalogFile,
  type CatalogGap,
  type Cataloguer,
  type Component,
  isTrowelError,
  type JoinInput,
  type JsonValue,
  type ReadGap,
} from '../model/index.js';

/** A record of one cataloguer with its own type. */
export interface TypedRecord<R> {
  readonly path: string;
  readonly layer: number;
  readonly data: R;
}

export interface TypedJoin<R> extends Omit<JoinInput, 'records'> {
  readonly records: readonly TypedRecord<R>[];
}

export interface TypedRead<R> {
  readonly records: readonly R[];
  readonly gaps?: readonly ReadGap[];
}

/** A cataloguer in terms of its own record type `R`, which `decode` reads back from what was stored. */
export interface CataloguerPlan<R extends JsonValue> {
  readonly name: string;
  readonly version: number;
  readonly wants: Cataloguer['wants'];
  readonly read: (file: CatalogFile) => TypedRead<R>;
  readonly decode: (value: JsonValue) => R;
  readonly join: (input: TypedJoin<R>) => {
    readonly components: readonly Component[];
    readonly gaps?: readonly Omit<CatalogGap, 'by'>[];
  };
  readonly about: About;
}

/**
 * The cataloguer of a plan. What the plan's `read` throws as TrowelError becomes a gap with the same reason; anything
 * else is our own fault and is thrown on.
 */
export function defineCataloguer<R extends JsonValue>(plan: CataloguerPlan<R>): Cataloguer {
  return {
    name: plan.name,
    version: plan.version,
    about: plan.about,
    wants: plan.wants,
    read(file) {
      try {
        const { records, gaps } = plan.read(file);
        return { records, gaps: gaps ?? [] };
      } catch (error) {
        if (!isTrowelError(error)) throw error;
        return { records: [], gaps: [{ reason: error.code, detail: error.message }] };
      }
    },
    join(input) {
      const records = input.records
        .filter((record) => record.by === plan.name)
        .map(({ path, layer, data }) => ({ path, layer, data: plan.decode(data) }));
      const { components, gaps } = plan.join({ ...input, records });
      return { components, gaps: (gaps ?? []).map((gap) => ({ ...gap, by: plan.name })) };
    },
  };
}

const decoder = new TextDecoder();

/** The whole file as UTF-8 text without a byte-order mark; bytes that are not UTF-8 become U+FFFD. */
export function fileText(file: CatalogFile): string {
  return decoder.decode(file.bytes());
}
