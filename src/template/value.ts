/**
 * Go values in TypeScript: what templates compute with.
 *
 * | Go                       | here                                                          |
 * |--------------------------|---------------------------------------------------------------|
 * | nil interface            | `null`                                                        |
 * | bool                     | `boolean`                                                     |
 * | float64                  | `number` (every number that comes out of YAML or JSON)        |
 * | int, int64, uint8, …     | `GoInt` with its kind (literals are int, `--set` gives int64) |
 * | string                   | `string` (see below)                                          |
 * | []interface{}, []string  | `GoSlice` (shared by reference like Go's backing array)       |
 * | map[string]interface{} … | `GoMap` (shared by reference, mutable)                        |
 * | structs, named types     | `GoObject`                                                    |
 * | func                     | `GoFunc`                                                      |
 *
 * A Go string is bytes. Here it is a JS string in which every byte that is not part of valid UTF-8 stands as the lone
 * surrogate U+DC80 + (byte - 0x80), so that nothing is lost; `goBytes` and `goString` translate.
 */
export type GoValue = null | boolean | number | string | GoInt | GoSlice | GoMap | GoObject | GoFunc;

export type GoIntKind =
  | 'int'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'uintptr';

const bits: Record<GoIntKind, { readonly size: number; readonly signed: boolean }> = {
  int: { size: 64, signed: true },
  int8: { size: 8, signed: true },
  int16: { size: 16, signed: true },
  int32: { size: 32, signed: true },
  int64: { size: 64, signed: true },
  uint: { size: 64, signed: false },
  uint8: { size: 8, signed: false },
  uint16: { size: 16, signed: false },
  uint32: { size: 32, signed: false },
  uint64: { size: 64, signed: false },
  uintptr: { size: 64, signed: false },
};

/** An integer of a Go kind; wraps around as Go's do. `type` is its Go type, `time.Duration` and the like included. */
export class GoInt {
  readonly kind: GoIntKind;
  readonly value: bigint;
  readonly type: string;

  constructor(kind: GoIntKind, value: bigint | number, type: string = kind) {
    const { size, signed } = bits[kind];
    const wide = typeof value === 'bigint' ? value : BigInt(Math.trunc(value));
    this.kind = kind;
    this.value = signed ? BigInt.asIntN(size, wide) : BigInt.asUintN(size, wide);
    this.type = type;
  }

  get signed(): boolean {
    return bits[this.kind].signed;
  }
}

/** Go's `int`. */
export function int(value: number | bigint): GoInt {
  return new GoInt('int', value);
}

/** Go's `int64`. */
export function int64(value: number | bigint): GoInt {
  return new GoInt('int64', value);
}

/** A slice. `element` is the Go type of its elements: `interface {}`, `string`, `uint8`, …; `nil` slices are empty ones with `isNil`. */
export class GoSlice {
  readonly element: string;
  readonly items: GoValue[];
  readonly isNil: boolean;
  /** How many elements Go has room for; those behind the last one are zero (capacity.ts). */
  readonly capacity: number;
  /** Those of them that are not zero: the rest of the list that this one was cut from. */
  readonly spare: readonly GoValue[];

  constructor(
    items: GoValue[],
    element = 'interface {}',
    isNil = false,
    capacity = items.length,
    spare: readonly GoValue[] = [],
  ) {
    this.spare = spare;
    this.items = items;
    this.capacity = capacity;
    this.element = element;
    this.isNil = isNil;
  }
}

/**
 * A map with string keys. `type` is its Go type as `%T` prints it, `element` that of its values; a named map type
 * (`chartutil.Values`) may have methods.
 */
export class GoMap {
  readonly entries: Map<string, GoValue>;
  readonly type: string;
  readonly element: string;
  readonly methods: ReadonlyMap<string, GoFunc> | undefined;

  constructor(
    entries: Map<string, GoValue> = new Map(),
    type = 'map[string]interface {}',
    element = 'interface {}',
    methods?: ReadonlyMap<string, GoFunc>,
  ) {
    this.entries = entries;
    this.type = type;
    this.element = element;
    this.methods = methods;
  }
}

/**
 * A struct, pointer or other named Go type: `.Chart`, `.Files`, `.Capabilities`, a time, an error.
 *
 * `type` is what `%T` prints, `kind` what reflect calls it, `fields` in declaration order; `text` is what printing it
 * gives where it has a String or Error method, `goText` the same for `%#v`; `hidden` are the fields that only printing
 * sees (in place of `fields`); `payload` is what its own functions keep in it. `passed` is what functions get in its
 * place: a struct that has an address, and with it methods of its pointer, loses both when it becomes an interface{}.
 */
export class GoObject {
  readonly type: string;
  readonly kind: 'struct' | 'ptr' | 'map' | 'slice' | 'string' | 'func' | 'complex128';
  readonly fields: ReadonlyMap<string, GoValue>;
  readonly methods: ReadonlyMap<string, GoFunc>;
  readonly text: (() => string) | undefined;
  readonly goText: (() => string) | undefined;
  readonly hidden: (() => ReadonlyMap<string, GoValue>) | undefined;
  readonly payload: unknown;
  /** Names of fields that are embedded structs: their fields are reached without naming them. */
  readonly embedded: readonly string[];
  readonly passed: GoObject | undefined;

  constructor(init: {
    type: string;
    kind?: GoObject['kind'];
    fields?: ReadonlyMap<string, GoValue>;
    methods?: ReadonlyMap<string, GoFunc>;
    text?: () => string;
    goText?: () => string;
    hidden?: () => ReadonlyMap<string, GoValue>;
    payload?: unknown;
    embedded?: readonly string[];
    passed?: GoObject;
  }) {
    this.type = init.type;
    this.kind = init.kind ?? 'struct';
    this.fields = init.fields ?? new Map();
    this.methods = init.methods ?? new Map();
    this.text = init.text;
    this.goText = init.goText;
    this.hidden = init.hidden;
    this.payload = init.payload;
    this.embedded = init.embedded ?? [];
    this.passed = init.passed;
  }
}

/**
 * The static type of a parameter, as Go's reflection checks it before a call.
 *
 * `any` is interface{}, `value` reflect.Value (a missing value is allowed), `map` map[string]interface{}, `bytes`
 * []byte; a function that takes lists of any kind takes `any` and looks itself.
 */
export type GoParam =
  | 'any'
  | 'value'
  | 'string'
  | 'bool'
  | 'int'
  | 'int64'
  | 'uint32'
  | 'float64'
  | 'map'
  | 'strings'
  | 'anys'
  | 'bytes'
  | 'time'
  | 'certificate'
  | 'duration'
  | 'location'
  | 'writer'
  | 'error';

/** The payload of a GoObject that is a nil pointer. */
export const nilPointer: unique symbol = Symbol('nil');

/** A function that templates can call. Arguments were checked against `params` and converted before `call`. */
export class GoFunc {
  readonly name: string;
  readonly params: readonly GoParam[];
  /** The type of further arguments, if it takes any number of them. */
  readonly variadic: GoParam | undefined;
  /** Throws GoError for what Go returns as the second result. */
  readonly call: (args: GoValue[]) => GoValue;
  /** Why templates cannot call it, though Go can: its results are not one, or one and an error. */
  readonly refused: string | undefined;

  constructor(
    name: string,
    params: readonly GoParam[],
    variadic: GoParam | undefined,
    call: (args: GoValue[]) => GoValue,
    refused?: string,
  ) {
    this.name = name;
    this.params = params;
    this.variadic = variadic;
    this.call = call;
    this.refused = refused;
  }
}

/** What a function returns as its error; the executor wraps it with the template's name and place. */
export class GoError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'GoError';
  }
}

/** Whether a map is nil in Go: an empty one that JSON, `%#v` and comparisons tell from others. */
export function isNilMap(map: GoMap): boolean {
  return map.entries instanceof NilEntries;
}

/** The entries of a nil map: they can be read and not written. */
export class NilEntries extends Map<string, GoValue> {
  override set(): this {
    throw new GoError('assignment to entry in nil map');
  }
}
