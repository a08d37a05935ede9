import { compareText } from '../../model/index.js';
import { formatV, GoInt, GoMap, GoSlice, type GoValue } from '../../template/index.js';
import { isJsonList, isJsonMap } from '../go-values.js';
import { type Json, JsonNumber } from '../json.js';
import { compareDecimals, type Decimal, decimal, isMultiple, isWhole } from './decimal.js';
import { message } from './messages.js';
import { type JsonType, readySchema, type Schema, SchemaError, type Violation } from './schema.js';

/** How many times a value may be held against a schema before the check is given up. */
const maxSteps = 1_000_000;
/** How deep values and references may go. */
const maxDepth = 1200;

/**
 * Holds values against a compiled schema; null where they fit.
 *
 * Properties are checked in the order of their names (Go's map order is random), everything else in the order of
 * santhosh-tekuri/jsonschema v6. Throws SchemaError where the check would not end.
 */
export function validate(schema: Schema, value: GoValue): readonly Violation[] {
  const budget = { steps: 0 };
  readySchema(schema);
  const scope: Scope = { schema, keyword: '', value: 0, depth: 0, parent: null };
  const violation = new Check(schema, value, [], scope, unevaluatedOf(value, schema, false), false, budget).run();
  if (violation === null) return [];
  return violation.kind === 'group' ? violation.causes : [violation];
}

/** The schemas on the way to this one; `value` tells values apart, so that a circle of references is found. */
interface Scope {
  readonly schema: Schema;
  /** `$ref` and the like where a reference led here, else empty. */
  readonly keyword: string;
  readonly value: number;
  readonly depth: number;
  readonly parent: Scope | null;
}

/** Properties and items that no keyword has looked at yet. */
interface Unevaluated {
  readonly properties: Set<string>;
  readonly items: Set<number>;
}

class Check {
  readonly #schema: Schema;
  readonly #value: GoValue;
  readonly #path: readonly string[];
  readonly #scope: Scope;
  readonly #unevaluated: Unevaluated;
  /** Only whether it fits is asked: the first violation is enough. */
  readonly #quick: boolean;
  readonly #budget: { steps: number };
  readonly #found: Violation[] = [];

  constructor(
    schema: Schema,
    value: GoValue,
    path: readonly string[],
    scope: Scope,
    unevaluated: Unevaluated,
    quick: boolean,
    budget: { steps: number },
  ) {
    this.#schema = schema;
    this.#value = value;
    this.#path = path;
    this.#scope = scope;
    this.#unevaluated = unevaluated;
    this.#quick = quick;
    this.#budget = budget;
  }

  get unevaluated(): Unevaluated {
    return this.#unevaluated;
  }

  run(): Violation | null {
    const schema = this.#schema;
    if (++this.#budget.steps > maxSteps) throw new SchemaError('the schema takes too many steps to check');
    if (this.#scope.depth > maxDepth) throw new SchemaError('the schema nests too deep to check');
    if (schema.bool !== null) return schema.bool ? null : this.#violation(message.falseSchema());
    const before = this.#circle();
    if (before !== null) {
      return this.#violation(message.circle(keywordPath(this.#scope), keywordPath(before), schema.location));
    }
    const early = this.#checkWhole();
    if (early !== null) return early;
    if (schema.ref !== null) {
      const violation = this.#checkReference(schema.ref, '$ref');
      if (schema.version < 2019) return violation;
      this.#add(violation);
    }
    const value = this.#value;
    if (value instanceof GoMap) this.#checkObject(value);
    else if (value instanceof GoSlice) this.#checkArray(value.items);
    else if (typeof value === 'string') this.#checkString(value);
    else this.#checkNumber(value);
    if (!this.#enough()) {
      if (schema.version >= 2019) this.#checkDynamic();
      this.#checkCombined();
      if (schema.version >= 2019) this.#checkUnevaluated();
    }
    const [first] = this.#found;
    if (first === undefined) return null;
    return this.#found.length === 1 ? first : { path: this.#path, text: '', kind: 'group', causes: this.#found };
  }

  /** Keywords of which the first one violated is the answer: type, const, enum, format. */
  #checkWhole(): Violation | null {
    const schema = this.#schema;
    const value = this.#value;
    const type = typeOf(value);
    if (type === null) return this.#violation(message.notJson());
    const fits =
      schema.types.includes(type) || (schema.types.includes('integer') && type === 'number' && isInteger(value));
    if (schema.types.length > 0 && !fits) return this.#violation(message.type(type, schema.types));
    if (schema.const !== null && !equalsJson(value, schema.const.value)) {
      return this.#violation(message.constant(schema.const.value));
    }
    if (schema.enum !== null && !schema.enum.some((item) => equalsJson(value, item))) {
      return this.#violation(message.enumeration(schema.enum));
    }
    if (schema.format !== null && typeof value === 'string') {
      const why = schema.format.check(value);
      if (why !== null) return this.#violation(message.format(value, schema.format.name, why));
    }
    return null;
  }

  #checkObject(object: GoMap): void {
    const schema = this.#schema;
    const size = object.entries.size;
    if (schema.minProperties !== null && size < schema.minProperties) {
      this.#report(message.count('minProperties', size, schema.minProperties));
    }
    if (schema.maxProperties !== null && size > schema.maxProperties) {
      this.#report(message.count('maxProperties', size, schema.maxProperties));
    }
    const missing = missingOf(object, schema.required);
    if (missing.length > 0) this.#report(message.required(missing));
    if (this.#enough()) return;
    const names = [...object.entries.keys()].sort(compareText);
    for (const [name, dependency] of schema.dependencies) {
      if (!object.entries.has(name)) continue;
      if (Array.isArray(dependency)) this.#checkDependent(object, name, dependency);
      else if ('location' in dependency) this.#add(this.#self(dependency));
    }
    this.#checkProperties(object, names);
    if (schema.version === 4) return;
    if (schema.propertyNames !== null) for (const name of names) this.#checkName(schema.propertyNames, name);
    if (schema.version === 6) return;
    for (const [name, child] of schema.dependentSchemas) if (object.entries.has(name)) this.#add(this.#self(child));
    for (const [name, required] of schema.dependentRequired) {
      if (object.entries.has(name)) this.#checkDependent(object, name, required);
    }
  }

  #checkDependent(object: GoMap, name: string, required: readonly string[]): void {
    const missing = missingOf(object, required);
    if (missing.length > 0) this.#report(message.dependent(missing, name));
  }

  #checkProperties(object: GoMap, names: readonly string[]): void {
    const schema = this.#schema;
    const extra: string[] = [];
    for (const name of names) {
      if (this.#enough()) return;
      const value = object.entries.get(name) ?? null;
      let evaluated = false;
      const own = schema.properties.get(name);
      if (own !== undefined) {
        evaluated = true;
        this.#add(this.#child(own, value, name));
      }
      for (const { pattern, schema: child } of schema.patternProperties) {
        if (!pattern.test(name)) continue;
        evaluated = true;
        this.#add(this.#child(child, value, name));
      }
      if (!evaluated && schema.additionalProperties !== null) {
        evaluated = true;
        if (schema.additionalProperties === false) extra.push(name);
        else if (schema.additionalProperties !== true) this.#add(this.#child(schema.additionalProperties, value, name));
      }
      if (evaluated) this.#unevaluated.properties.delete(name);
    }
    if (extra.length > 0) this.#report(message.additional(extra));
  }

  #checkName(schema: Schema, name: string): void {
    const causes = validate(schema, name);
    if (causes.length > 0) {
      this.#found.push({ path: this.#path, text: message.propertyName(name), kind: 'plain', causes });
    }
  }

  #checkArray(items: readonly GoValue[]): void {
    const schema = this.#schema;
    if (schema.minItems !== null && items.length < schema.minItems) {
      this.#report(message.count('minItems', items.length, schema.minItems));
    }
    if (schema.maxItems !== null && items.length > schema.maxItems) {
      this.#report(message.count('maxItems', items.length, schema.maxItems));
    }
    if (schema.uniqueItems) {
      const twice = duplicates(items);
      if (twice !== null) this.#report(message.unique(twice[0], twice[1]));
    }
    const listed = Math.min(schema.prefixItems.length, items.length);
    for (const [index, item] of items.entries()) {
      const own = schema.prefixItems[index] ?? schema.items;
      if (own !== null) this.#add(this.#child(own, item, String(index)));
      else if (schema.additionalItems !== null && typeof schema.additionalItems !== 'boolean') {
        this.#add(this.#child(schema.additionalItems, item, String(index)));
      }
    }
    if (schema.additionalItems === false && items.length > listed) {
      this.#report(message.additionalItems(items.length - listed));
    }
    if (schema.contains !== null) this.#checkContains(schema.contains, items);
  }

  #checkContains(contains: Schema, items: readonly GoValue[]): void {
    const schema = this.#schema;
    const causes: Violation[] = [];
    const matched: number[] = [];
    for (const [index, item] of items.entries()) {
      const violation = this.#child(contains, item, String(index));
      if (violation !== null) causes.push(violation);
      else {
        matched.push(index);
        if (schema.version >= 2020) this.#unevaluated.items.delete(index);
      }
    }
    if (schema.minContains !== null) {
      if (matched.length < schema.minContains) this.#report(message.minContains(matched, schema.minContains), causes);
    } else if (matched.length === 0) this.#report(message.contains(), causes);
    if (schema.maxContains !== null && matched.length > schema.maxContains) {
      this.#report(message.maxContains(matched, schema.maxContains));
    }
  }

  #checkString(text: string): void {
    const schema = this.#schema;
    const length = schema.minLength === null && schema.maxLength === null ? 0 : [...text].length;
    if (schema.minLength !== null && length < schema.minLength) {
      this.#report(message.count('minLength', length, schema.minLength));
    }
    if (schema.maxLength !== null && length > schema.maxLength) {
      this.#report(message.count('maxLength', length, schema.maxLength));
    }
    if (schema.pattern !== null && !schema.pattern.compiled.test(text)) {
      this.#report(message.pattern(text, schema.pattern.source));
    }
  }

  #checkNumber(value: GoValue): void {
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = this.#schema;
    const number = asDecimal(value);
    if (number === null) return;
    if (minimum !== null && compareDecimals(number, minimum) < 0) this.#bound('minimum', number, minimum);
    if (maximum !== null && compareDecimals(number, maximum) > 0) this.#bound('maximum', number, maximum);
    if (exclusiveMinimum !== null && compareDecimals(number, exclusiveMinimum) <= 0) {
      this.#bound('exclusiveMinimum', number, exclusiveMinimum);
    }
    if (exclusiveMaximum !== null && compareDecimals(number, exclusiveMaximum) >= 0) {
      this.#bound('exclusiveMaximum', number, exclusiveMaximum);
    }
    if (multipleOf !== null && !isMultiple(number, multipleOf)) this.#bound('multipleOf', number, multipleOf);
  }

  #bound(keyword: string, got: Decimal, want: Decimal): void {
    this.#report(message.bound(keyword, asNumber(got), asNumber(want)));
  }

  #checkDynamic(): void {
    const { recursiveRef, dynamicRef } = this.#schema;
    if (recursiveRef !== null) {
      const target = recursiveRef.recursiveAnchor ? this.#recursiveTarget(recursiveRef) : recursiveRef;
      this.#add(this.#checkReference(target, '$recursiveRef'));
    }
    if (dynamicRef !== null) {
      const { anchor, schema } = dynamicRef;
      const dynamic = anchor !== '' && schema.dynamicAnchor === anchor;
      this.#add(this.#checkReference(dynamic ? this.#dynamicTarget(anchor, schema) : schema, '$dynamicRef'));
    }
  }

  /** The outermost schema on the way whose resource says $recursiveAnchor. */
  #recursiveTarget(fallback: Schema): Schema {
    let target = fallback;
    for (let scope: Scope | null = this.#scope; scope !== null; scope = scope.parent) {
      if (scope.schema.resource?.recursiveAnchor === true) target = scope.schema;
    }
    return target;
  }

  /** What the outermost resource on the way has under the dynamic anchor. */
  #dynamicTarget(anchor: string, fallback: Schema): Schema {
    let target = fallback;
    for (let scope: Scope | null = this.#scope; scope !== null; scope = scope.parent) {
      target = scope.schema.resource?.dynamicAnchors.get(anchor) ?? target;
    }
    return target;
  }

  #checkCombined(): void {
    const schema = this.#schema;
    if (schema.not !== null && this.#self(schema.not, true) === null) this.#report(message.not());
    if (schema.allOf.length > 0) {
      const causes = schema.allOf.map((child) => this.#self(child)).filter((violation) => violation !== null);
      if (causes.length > 0) this.#report(message.allOf(), causes);
    }
    if (schema.anyOf.length > 0) this.#checkAny(schema.anyOf);
    if (schema.oneOf.length > 0) this.#checkOne(schema.oneOf);
    if (schema.condition !== null) {
      const branch = this.#self(schema.condition, true) === null ? schema.whenTrue : schema.whenFalse;
      if (branch !== null) this.#add(this.#self(branch));
    }
  }

  #checkAny(schemas: readonly Schema[]): void {
    const causes: Violation[] = [];
    let matched = false;
    for (const schema of schemas) {
      const violation = this.#self(schema);
      if (violation !== null) causes.push(violation);
      else {
        matched = true;
        // The others are looked at only for what they evaluate.
        if (this.#unevaluated.properties.size === 0 && this.#unevaluated.items.size === 0) break;
      }
    }
    if (!matched) this.#report(message.anyOf(), causes);
  }

  #checkOne(schemas: readonly Schema[]): void {
    const causes: Violation[] = [];
    let matched = -1;
    for (const [index, schema] of schemas.entries()) {
      const violation = this.#self(schema, matched !== -1);
      if (violation !== null) {
        if (matched === -1) causes.push(violation);
      } else if (matched === -1) matched = index;
      else {
        this.#report(message.oneOf(matched, index));
        break;
      }
    }
    if (matched === -1) this.#report(message.oneOfNone(), causes);
  }

  #checkUnevaluated(): void {
    const { unevaluatedProperties, unevaluatedItems } = this.#schema;
    const value = this.#value;
    if (value instanceof GoMap && unevaluatedProperties !== null) {
      for (const name of [...this.#unevaluated.properties].sort(compareText)) {
        this.#add(this.#child(unevaluatedProperties, value.entries.get(name) ?? null, name));
      }
      this.#unevaluated.properties.clear();
    }
    if (value instanceof GoSlice && unevaluatedItems !== null) {
      for (const index of this.#unevaluated.items) {
        this.#add(this.#child(unevaluatedItems, value.items[index] ?? null, String(index)));
      }
      this.#unevaluated.items.clear();
    }
  }

  #checkReference(schema: Schema, keyword: string): Violation | null {
    const violation = this.#self(schema, false, keyword);
    if (violation === null) return null;
    const causes = violation.kind === 'group' ? violation.causes : [violation];
    return { path: this.#path, text: message.reference(), kind: 'reference', causes };
  }

  /** Holds the same value against another schema. */
  #self(schema: Schema, quick = false, keyword = ''): Violation | null {
    readySchema(schema);
    const scope = { schema, keyword, value: this.#scope.value, depth: this.#scope.depth + 1, parent: this.#scope };
    const needed = this.#unevaluated.properties.size > 0 || this.#unevaluated.items.size > 0;
    const unevaluated = unevaluatedOf(this.#value, schema, needed);
    const check = new Check(schema, this.#value, this.#path, scope, unevaluated, this.#quick || quick, this.#budget);
    const violation = check.run();
    if (violation === null) {
      for (const name of this.#unevaluated.properties) {
        if (!unevaluated.properties.has(name)) this.#unevaluated.properties.delete(name);
      }
      for (const item of this.#unevaluated.items) {
        if (!unevaluated.items.has(item)) this.#unevaluated.items.delete(item);
      }
    }
    return violation;
  }

  /** Holds a value inside this one against a schema. */
  #child(schema: Schema, value: GoValue, token: string): Violation | null {
    readySchema(schema);
    const scope = {
      schema,
      keyword: '',
      value: this.#scope.value + 1,
      depth: this.#scope.depth + 1,
      parent: this.#scope,
    };
    const unevaluated = unevaluatedOf(value, schema, false);
    return new Check(schema, value, [...this.#path, token], scope, unevaluated, this.#quick, this.#budget).run();
  }

  /** The scope in which the same value met the same schema already. */
  #circle(): Scope | null {
    for (let scope = this.#scope.parent; scope !== null && scope.value === this.#scope.value; scope = scope.parent) {
      if (scope.schema === this.#schema) return scope;
    }
    return null;
  }

  #enough(): boolean {
    return this.#quick && this.#found.length > 0;
  }

  #violation(text: string, causes: readonly Violation[] = []): Violation {
    return { path: this.#path, text, kind: 'plain', causes };
  }

  #report(text: string, causes: readonly Violation[] = []): void {
    this.#found.push(this.#violation(text, causes));
  }

  #add(violation: Violation | null): void {
    if (violation !== null) this.#found.push(violation);
  }
}

/** The way from the root schema to this one, by keywords; a reference counts as one step. */
function keywordPath(scope: Scope): string {
  let path = '';
  for (let at = scope; at.parent !== null; at = at.parent) {
    path = (at.keyword === '' ? at.schema.location.slice(at.parent.schema.location.length) : `/${at.keyword}`) + path;
  }
  return path;
}

function unevaluatedOf(value: GoValue, schema: Schema, needed: boolean): Unevaluated {
  const left: Unevaluated = { properties: new Set(), items: new Set() };
  if (value instanceof GoMap && schema.additionalProperties === null) {
    if (needed || schema.unevaluatedProperties !== null)
      for (const key of value.entries.keys()) left.properties.add(key);
  } else if (value instanceof GoSlice && schema.items === null && schema.additionalItems === null) {
    if (needed || schema.unevaluatedItems !== null) {
      for (let index = schema.prefixItems.length; index < value.items.length; index++) left.items.add(index);
    }
  }
  return left;
}

function typeOf(value: GoValue): JsonType | null {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return Number.isFinite(value) ? 'number' : null;
  if (value instanceof GoInt) return 'number';
  if (value instanceof GoSlice) return 'array';
  return value instanceof GoMap ? 'object' : null;
}

function asDecimal(value: GoValue): Decimal | null {
  if (typeof value === 'number') return decimal(formatV(value));
  return value instanceof GoInt ? { coefficient: value.value, exponent: 0 } : null;
}

function asNumber(value: Decimal): number {
  return Number(`${value.coefficient}e${value.exponent}`);
}

function isInteger(value: GoValue): boolean {
  const number = asDecimal(value);
  return number !== null && isWhole(number);
}

function missingOf(object: GoMap, required: readonly string[]): readonly string[] {
  return required.filter((name) => !object.entries.has(name));
}

/** Whether a value is the one of the schema: 1 equals 1.0. */
function equalsJson(value: GoValue, json: Json): boolean {
  if (json instanceof JsonNumber) {
    const left = asDecimal(value);
    const right = decimal(json.text);
    return left !== null && right !== null && compareDecimals(left, right) === 0;
  }
  if (isJsonMap(json)) {
    if (!(value instanceof GoMap) || value.entries.size !== json.size) return false;
    for (const [key, item] of json) {
      const own = value.entries.get(key);
      if (own === undefined || !equalsJson(own, item)) return false;
    }
    return true;
  }
  if (isJsonList(json)) {
    return (
      value instanceof GoSlice &&
      value.items.length === json.length &&
      json.every((item, index) => equalsJson(value.items[index] ?? null, item))
    );
  }
  return value === json;
}

/** The first two equal items, or null; by a text that equal values share, so that long lists cost no square. */
function duplicates(items: readonly GoValue[]): readonly [number, number] | null {
  const seen = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const key = identity(item);
    const first = seen.get(key);
    if (first !== undefined) return [first, index];
    seen.set(key, index);
  }
  return null;
}

function identity(value: GoValue): string {
  if (value instanceof GoMap) {
    const keys = [...value.entries.keys()].sort(compareText);
    return `{${keys.map((key) => `${JSON.stringify(key)}:${identity(value.entries.get(key) ?? null)}`).join()}}`;
  }
  if (value instanceof GoSlice) return `[${value.items.map(identity).join()}]`;
  if (value instanceof GoInt) return `${value.value}`;
  if (typeof value === 'number') return Number.isInteger(value) ? `${BigInt(value)}` : `${value}`;
  return JSON.stringify(value) ?? '';
}
