import { compareText, type JsonValue } from '../model/index.js';

/**
 * Reads fields of a JSON object as Go's encoding/json fills a struct after sigs.k8s.io/yaml converted the YAML for it:
 * names match without regard to case, null leaves the zero value, numbers and booleans become text where text is
 * wanted, and a wrong type is remembered while the rest is read. `error()` then gives Go's message for the first one.
 *
 * Follows: sigs.k8s.io/yaml v1.6.0 yaml.go (convertToJSONableObject), encoding/json decode.go (UnmarshalTypeError).
 */
export class StructReader {
  readonly #fields: ReadonlyMap<string, JsonValue>;
  readonly #struct: string;
  readonly #path: string;
  readonly #errors: { readonly order: string; readonly text: string }[];

  private constructor(
    object: { readonly [key: string]: JsonValue },
    struct: string,
    path: string,
    errors: { readonly order: string; readonly text: string }[],
  ) {
    const fields = new Map<string, JsonValue>();
    // Sorted, as the JSON in between is: of two spellings of a name the later one wins.
    for (const key of Object.keys(object).sort(compareText)) {
      const value = object[key];
      if (value !== undefined && value !== null) fields.set(key.toLowerCase(), value);
    }
    this.#fields = fields;
    this.#struct = struct;
    this.#path = path;
    this.#errors = errors;
  }

  /** A reader for the whole document, or Go's message where it is no object. `type` is the Go type (`chart.Metadata`). */
  static of(document: JsonValue, type: string): StructReader | string {
    const struct = type.slice(type.lastIndexOf('.') + 1);
    if (document === null) return new StructReader({}, struct, '', []);
    if (!isObject(document)) return `json: cannot unmarshal ${jsonKind(document)} into Go value of type ${type}`;
    return new StructReader(document, struct, '', []);
  }

  /** Go's message for the first wrong type, or null. */
  error(): string | null {
    const first = [...this.#errors].sort((a, b) => compareText(a.order, b.order))[0];
    return first === undefined ? null : first.text;
  }

  text(name: string): string {
    const value = this.#fields.get(name.toLowerCase());
    return value === undefined ? '' : this.#asText(value, name);
  }

  flag(name: string): boolean {
    const value = this.#fields.get(name.toLowerCase());
    if (value === undefined) return false;
    if (typeof value === 'boolean') return value;
    this.#wrong(value, name, 'bool');
    return false;
  }

  /** Anything, unchecked: null where it is absent. */
  any(name: string): JsonValue {
    return this.#fields.get(name.toLowerCase()) ?? null;
  }

  texts(name: string): readonly string[] {
    return (this.#list(name, '[]string') ?? []).map((item) => (item === null ? '' : this.#asText(item, name)));
  }

  textMap(name: string): ReadonlyMap<string, string> {
    const value = this.#fields.get(name.toLowerCase());
    const map = new Map<string, string>();
    if (value === undefined) return map;
    if (!isObject(value)) {
      this.#wrong(value, name, 'map[string]string');
      return map;
    }
    for (const key of Object.keys(value).sort(compareText)) {
      const item = value[key];
      if (item !== undefined) map.set(key, item === null ? '' : this.#asText(item, name));
    }
    return map;
  }

  /** A list of structs; null for an entry that is null, and null for the whole where the field is absent. */
  structs<T>(name: string, type: string, read: (item: StructReader) => T): readonly (T | null)[] | null {
    const list = this.#list(name, `[]*${type}`);
    if (list === null) return null;
    const struct = type.slice(type.lastIndexOf('.') + 1);
    return list.map((item) => {
      if (item === null) return null;
      if (isObject(item)) return read(new StructReader(item, struct, this.#pathOf(name), this.#errors));
      this.#wrong(item, name, type);
      return null;
    });
  }

  /** A struct field; an empty one where it is absent. `type` is how Go spells the type in its error. */
  struct(name: string, struct: string, type: string): StructReader {
    const value = this.#fields.get(name.toLowerCase());
    if (value !== undefined && isObject(value)) {
      return new StructReader(value, struct, this.#pathOf(name), this.#errors);
    }
    if (value !== undefined) this.#wrong(value, name, type);
    return new StructReader({}, struct, this.#pathOf(name), this.#errors);
  }

  #list(name: string, type: string): readonly JsonValue[] | null {
    const value = this.#fields.get(name.toLowerCase());
    if (value === undefined) return null;
    if (isList(value)) return value;
    this.#wrong(value, name, type);
    return null;
  }

  #asText(value: JsonValue, name: string): string {
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return numberText(value);
    if (typeof value === 'boolean') return value ? 'true' : 'false';
    this.#wrong(value, name, 'string');
    return '';
  }

  #pathOf(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }

  #wrong(value: JsonValue, name: string, type: string): void {
    const path = this.#pathOf(name);
    const text = `json: cannot unmarshal ${jsonKind(value)} into Go struct field ${this.#struct}.${path} of type ${type}`;
    this.#errors.push({ order: path, text });
  }
}

export function isObject(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** The kind of a JSON value as encoding/json names it. */
export function jsonKind(value: JsonValue): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'object') return Array.isArray(value) ? 'array' : 'object';
  return typeof value;
}

/** strconv.FormatFloat(value, 'g', -1, 32), which sigs.k8s.io/yaml uses for a float where text is wanted; whole ones in full. */
export function numberText(value: number): string {
  if (Number.isInteger(value)) return Math.abs(value) < 1e21 ? BigInt(value).toString() : String(value);
  const wanted = Math.fround(value);
  let digits = 1;
  while (digits < 9 && Math.fround(Number(wanted.toPrecision(digits))) !== wanted) digits++;
  const [mantissa = '', power = '0'] = wanted.toExponential(digits - 1).split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 21) return String(Number(`${mantissa}e${power}`));
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
