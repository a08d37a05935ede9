import { BranchNode } from './actions.js';
import { type BranchState, fail, type Machine, type Signal, type Val } from './machine.js';
import { compareBytes } from './text.js';
import { GoInt, GoMap, GoObject, GoSlice, type GoValue } from './value.js';
import { formatV } from './verbs.js';

const staticType = (element: string): string | null => (element === 'interface {}' ? element : null);

/** Small indexes, made once: most ranges are short. */
const indexes: readonly GoInt[] = Array.from({ length: 64 }, (_, i) => new GoInt('int', i));

/** One element: its key or index, its value and static type, and what it is an element of. */
interface Round {
  readonly key: Val;
  readonly value: Val;
  readonly type: string | null;
  readonly within: GoValue;
}

/** `{{range $i, $e := pipeline}}`. Follows: walkRange of text/template/exec.go. */
export class RangeNode extends BranchNode {
  protected get word(): 'range' {
    return 'range';
  }

  exec(machine: Machine, dot: Val): Signal {
    machine.action = this;
    machine.node = this;
    const value = this.pipe.eval(machine, dot);
    const { dotType, tracer } = machine;
    const outer = tracer === null ? null : tracer.under();
    const ran = this.rounds(machine, value, outer);
    machine.dotType = dotType;
    if (tracer !== null && outer !== null) tracer.dot = outer.dot;
    // A `break` in `else` belongs to the loop around it, but Go ends this one with it.
    const other = ran ? 0 : this.otherwise(machine, dot);
    const signal = other === 1 ? 0 : other;
    if (tracer !== null && outer !== null) tracer.leaveBranch(outer);
    return signal;
  }

  /** Goes round for each element; false where there is none, so that `else` runs. */
  private rounds(machine: Machine, value: Val, outer: BranchState | null): boolean {
    if (value === undefined || value === null) return false;
    if (value instanceof GoSlice) return this.overSlice(machine, value, outer);
    if (value instanceof GoMap) return this.overMap(machine, value, value.entries, value.element, outer);
    if (value instanceof GoInt) {
      if (this.pipe.decl.length > 1) {
        fail(machine, `can't use ${formatV(value)} to iterate over more than one variable`);
      }
      return this.overInt(machine, value, outer);
    }
    if (value instanceof GoObject && value.kind === 'map') {
      return this.overMap(machine, value, value.fields, value.type.replace(/^.*\]/, ''), outer);
    }
    if (value instanceof GoObject && value.kind === 'slice') {
      return this.overSlice(machine, new GoSlice([...value.fields.values()], value.type.replace(/^\[\]/, '')), outer);
    }
    fail(machine, `range can't iterate over ${formatV(value)}`);
  }

  /** One round: sets the variables and runs the body; true where the range ends. */
  private round(machine: Machine, { key, value, type, within }: Round, outer: BranchState | null): boolean {
    const { decl } = this.pipe;
    const { tracer } = machine;
    machine.budget.step(machine);
    const first = decl[0];
    const second = decl[1];
    const element = second ?? first;
    if (tracer !== null && outer !== null) tracer.element(within, key, outer);
    if (element !== undefined) {
      machine.vars[element.slot] = value;
      if (element.typeSlot >= 0) machine.vars[element.typeSlot] = type;
      if (tracer !== null) tracer.setVariable(element.slot);
    }
    if (second !== undefined && first !== undefined) {
      machine.vars[first.slot] = key;
      if (tracer !== null) tracer.setVariable(first.slot);
    }
    machine.dotType = type;
    return this.list.exec(machine, value) === 1;
  }

  private overSlice(machine: Machine, slice: GoSlice, outer: BranchState | null): boolean {
    const type = staticType(slice.element);
    const { items } = slice;
    for (let i = 0; i < items.length; i++) {
      const key = indexes[i] ?? new GoInt('int', i);
      if (this.round(machine, { key, value: items[i], type, within: slice }, outer)) break;
    }
    return items.length > 0;
  }

  private overMap(
    machine: Machine,
    map: GoValue,
    content: ReadonlyMap<string, GoValue>,
    element: string,
    outer: BranchState | null,
  ): boolean {
    const type = staticType(element);
    const entries = [...content].sort(([a], [b]) => compareBytes(a, b));
    for (const [key, value] of entries) {
      if (this.round(machine, { key, value, type, within: map }, outer)) break;
    }
    return entries.length > 0;
  }

  private overInt(machine: Machine, end: GoInt, outer: BranchState | null): boolean {
    for (let i = 0n; i < end.value; i++) {
      const value = new GoInt(end.kind, i, end.type);
      if (this.round(machine, { key: undefined, value, type: null, within: end }, outer)) break;
    }
    return end.value > 0n;
  }
}
