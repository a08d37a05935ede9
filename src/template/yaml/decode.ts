import { formatFloat, quote } from '../format.js';
import { compareBytes, goString } from '../text.js';
import type { YamlNode } from './parser.js';
import { binaryTag, isText, mergeTag, type Resolved, resolve, timestampTag } from './resolve.js';
import { YamlSyntaxError } from './syntax-error.js';

/** How decoded values are built, so that one decoder serves Go values and plain data. */
export interface Builder<T> {
  readonly scalar: (value: null | boolean | number | string) => T;
  readonly list: (items: T[]) => T;
  readonly map: (entries: Map<string, T>) => T;
}

/**
 * A document as sigs.k8s.io/yaml decodes it into interface{}: numbers are float64, keys that are booleans or numbers
 * become strings, of keys given twice the last counts, merge keys are resolved.
 *
 * Throws YamlSyntaxError for what go-yaml refuses, ConvertError for what has no JSON.
 */
export function decodeYaml<T>(root: YamlNode | null, builder: Builder<T>): T {
  if (root === null) return builder.scalar(null);
  const decoder = new Decoder(builder);
  const value = decoder.value(root);
  if (decoder.problem !== null) throw new ConvertError(decoder.problem);
  return value;
}

/** YAML that is well formed and has no equivalent in JSON. */
export class ConvertError extends Error {}

/** How much of a document may come from aliases (go-yaml v2, decode.go: allowedAliasRatio). */
function allowedAliasRatio(count: number): number {
  if (count <= 400_000) return 0.99;
  if (count >= 4_000_000) return 0.1;
  return 0.99 - 0.89 * ((count - 400_000) / 3_600_000);
}

class Decoder<T> {
  problem: string | null = null;
  private readonly builder: Builder<T>;
  private readonly open = new Set<YamlNode>();
  private count = 0;
  private aliasCount = 0;
  private aliasDepth = 0;

  constructor(builder: Builder<T>) {
    this.builder = builder;
  }

  value(node: YamlNode): T {
    this.tick();
    switch (node.kind) {
      case 'scalar':
        return this.scalar(node);
      case 'sequence': {
        const items: T[] = [];
        for (const child of node.children) items.push(this.value(child));
        return this.builder.list(items);
      }
      case 'mapping': {
        const entries = new Map<string, T>();
        this.fill(node, entries);
        return this.builder.map(entries);
      }
      case 'alias':
        return this.within(node, (target) => this.value(target));
    }
  }

  /** Bounds what aliases can blow up. */
  private tick(): void {
    this.count += 1;
    if (this.aliasDepth === 0) return;
    this.aliasCount += 1;
    if (this.aliasCount > 100 && this.count > 1000 && this.aliasCount / this.count > allowedAliasRatio(this.count)) {
      throw new YamlSyntaxError('document contains excessive aliasing');
    }
  }

  private within<R>(alias: YamlNode, read: (target: YamlNode) => R): R {
    if (this.open.has(alias) || alias.target === null) {
      throw new YamlSyntaxError(`anchor '${alias.value}' value contains itself`);
    }
    this.open.add(alias);
    this.aliasDepth += 1;
    const result = read(alias.target);
    this.aliasDepth -= 1;
    this.open.delete(alias);
    return result;
  }

  private scalar(node: YamlNode): T {
    if (node.tag === '' && (!node.implicit || isText(node.value))) return this.builder.scalar(node.value);
    const { value } = resolveNode(node);
    if (typeof value === 'bigint') return this.builder.scalar(Number(value));
    if (typeof value === 'number' && !Number.isFinite(value)) {
      this.problem ??= `json: unsupported value: ${formatFloat(value, 'g', -1)}`;
    }
    return this.builder.scalar(value);
  }

  private fill(node: YamlNode, entries: Map<string, T>): void {
    const { children } = node;
    for (let i = 0; i + 1 < children.length; i += 2) {
      const key = children[i];
      const value = children[i + 1];
      if (key === undefined || value === undefined) continue;
      if (isMerge(key)) {
        this.merge(value, entries);
        continue;
      }
      const name = this.key(key, value);
      const decoded = this.value(value);
      if (name !== null) entries.set(name, decoded);
    }
  }

  private merge(node: YamlNode, entries: Map<string, T>): void {
    // Of several maps the earlier ones win, so they are written last.
    const sources = node.kind === 'sequence' ? [...node.children].reverse() : [node];
    for (const source of sources) {
      const target = source.kind === 'alias' ? source.target : source;
      if (target?.kind !== 'mapping') {
        throw new YamlSyntaxError('map merge requires map or sequence of maps as the value');
      }
      this.tick();
      if (source.kind !== 'alias') {
        this.fill(source, entries);
        continue;
      }
      this.within(source, (mapping) => {
        this.tick();
        this.fill(mapping, entries);
      });
    }
  }

  /** The key as a string; null where JSON has none for it, which the caller learns at the end. */
  private key(node: YamlNode, value: YamlNode): string | null {
    this.tick();
    if (node.kind === 'scalar' && node.tag === '' && (!node.implicit || isText(node.value))) return node.value;
    return node.kind === 'alias' ? this.within(node, (inner) => this.keyOf(inner, value)) : this.keyOf(node, value);
  }

  private keyOf(target: YamlNode, value: YamlNode): string | null {
    if (target.kind !== 'scalar') {
      this.value(target); // what is wrong inside comes first
      throw new YamlSyntaxError(`invalid map key: ${goSyntax(target, 0)}`);
    }
    const resolved = resolveNode(target).value;
    if (typeof resolved === 'string') return resolved;
    if (typeof resolved === 'boolean') return resolved ? 'true' : 'false';
    if (typeof resolved === 'number') return float32Text(resolved);
    if (typeof resolved === 'bigint' && BigInt.asIntN(64, resolved) === resolved) return resolved.toString();
    const type = resolved === null ? '%!s(<nil>)' : 'uint64';
    const key = resolved === null ? '<nil>' : `0x${resolved.toString(16)}`;
    this.problem ??= `unsupported map key of type: ${type}, key: ${key}, value: ${goSyntax(value, 0, true)}`;
    return null;
  }
}

function isMerge(node: YamlNode): boolean {
  return node.value === '<<' && node.kind === 'scalar' && (node.implicit || node.tag === mergeTag);
}

function resolveNode(node: YamlNode): Resolved {
  if (node.tag === '' && !node.implicit) return { tag: '', value: node.value };
  const resolved = resolve(node.tag, node.value);
  if (resolved.tag === timestampTag) return { tag: '', value: node.value };
  if (resolved.tag !== binaryTag) return resolved;
  const text = node.value.replace(/[\r\n]/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
    throw new YamlSyntaxError('!!binary value contains invalid base64 data');
  }
  return { tag: binaryTag, value: goString(Buffer.from(text, 'base64')) };
}

/** A float key as sigs.k8s.io/yaml writes it: with the digits that a float32 needs. */
function float32Text(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return value > 0 ? '.inf' : '-.inf';
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return formatFloat(short, 'g', -1);
  }
  return formatFloat(single, 'g', -1);
}

/** A node as Go's `%#v` prints what go-yaml makes of it, for the error about keys that are maps. */
function goSyntax(node: YamlNode, depth: number, top = false): string {
  if (depth > 100) return '…';
  switch (node.kind) {
    case 'alias':
      return node.target === null ? 'nil' : goSyntax(node.target, depth + 1, top);
    case 'sequence':
      return `[]interface {}{${node.children.map((child) => goSyntax(child, depth + 1)).join(', ')}}`;
    case 'mapping': {
      const pairs: [string, string][] = [];
      for (let i = 0; i + 1 < node.children.length; i += 2) {
        const key = node.children[i];
        const value = node.children[i + 1];
        if (key !== undefined && value !== undefined) {
          pairs.push([key.value, `${goSyntax(key, depth + 1)}:${goSyntax(value, depth + 1)}`]);
        }
      }
      return `map[interface {}]interface {}{${pairs
        .sort((a, b) => compareBytes(a[0], b[0]))
        .map((pair) => pair[1])
        .join(', ')}}`;
    }
    case 'scalar': {
      const { value } = resolveNode(node);
      if (value === null) return top ? '<nil>' : 'interface {}(nil)';
      if (typeof value === 'string') return quote(value);
      if (typeof value === 'number') return formatFloat(value, 'g', -1);
      return value.toString();
    }
  }
}
