import type { Definition, TemplateSet } from './machine.js';

/**
 * Templates by name. A set made on top of another sees its templates and keeps its own definitions to itself, as a
 * clone in Go does.
 */
export class Templates implements TemplateSet {
  private readonly own = new Map<string, Definition>();
  private readonly below: TemplateSet | undefined;

  constructor(below?: TemplateSet) {
    this.below = below;
  }

  find(name: string): Definition | undefined {
    return this.own.get(name) ?? this.below?.find(name);
  }

  /** Whether it has no definitions of its own but that one. */
  holdsOnly(name: string): boolean {
    return this.own.size === (this.own.has(name) ? 1 : 0);
  }

  /**
   * Adds what was parsed: a later definition replaces an earlier one, unless it is empty.
   *
   * `own` is a name whose definition below does not count. Follows: AddParseTree, associate of text/template.
   */
  add(trees: ReadonlyMap<string, Definition>, own?: string): void {
    for (const [name, tree] of trees) {
      const old = name === own ? this.own.get(name) : this.find(name);
      if (old !== undefined && tree.root.isEmpty) continue;
      this.own.set(name, tree);
    }
  }
}
