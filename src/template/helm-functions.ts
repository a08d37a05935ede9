import { recalled, runTemplate } from './actions.js';
import { warnWrap } from './helm-error.js';
import { type Callable, type Definition, ExecError, type Machine, type Val } from './machine.js';
import { quote } from './quote.js';
import { Templates } from './template-set.js';
import { GoError, GoMap, type GoParam, type GoValue } from './value.js';

/** How many nested uses of one name `include` allows (recursionMaxNums of Helm's engine.go). */
const maxIncludes = 1000;

/** The name of Helm's set of templates, and so of every text given to `tpl`. */
export const setName = 'gotpl';

function helmFunction(name: string, params: readonly GoParam[], call: Callable['call']): Callable {
  return { name, params, variadic: undefined, call };
}

const text = (value: Val): string => (typeof value === 'string' ? value : '');

/** What Go prints for nothing; Helm takes it out of files and of `tpl` results, not of `include` results. */
export function withoutNoValue(output: string): string {
  return output.includes('<no value>') ? output.replaceAll('<no value>', '') : output;
}

/**
 * Runs a template as an execution of its own, and gives what it writes.
 *
 * Follows: ExecuteTemplate of text/template; the data arrives as a plain interface, so a nil is an invalid value.
 */
export function execute(machine: Machine, name: string, data: Val): string {
  const definition = machine.set.find(name);
  if (definition === undefined) {
    throw new GoError(`template: no template ${quote(name)} associated with template ${quote(setName)}`);
  }
  const { out, tracer, depth, node, action } = machine;
  machine.out = '';
  const outer = tracer === null ? null : tracer.begin();
  machine.depth = 0;
  runTemplate(machine, definition, data ?? undefined);
  const written = machine.out;
  machine.out = out;
  if (tracer !== null && outer !== null) tracer.end(outer);
  machine.depth = depth;
  machine.node = node;
  machine.action = action;
  return written;
}

/** Follows: includeFun of Helm's engine.go. */
function include([first, data]: readonly Val[], machine: Machine): string {
  const name = text(first);
  const { includes } = machine.host;
  const uses = includes.get(name) ?? 0;
  if (uses > maxIncludes) {
    throw new GoError(`rendering template has a nested reference name: ${name}: unable to execute template`);
  }
  const { recall } = machine;
  if (recall === null || name === setName) return counted(machine, name, uses, data);
  recall.include();
  const written = recalled(machine, recall, machine.set.find(name), data, () => counted(machine, name, uses, data));
  recall.included();
  return written;
}

function counted(machine: Machine, name: string, uses: number, data: Val): string {
  const { includes } = machine.host;
  includes.set(name, uses + 1);
  const written = execute(machine, name, data);
  includes.set(name, uses);
  return written;
}

/** Parses the texts given to `tpl`; the same text is parsed once. */
export type ParseText = (source: string) => ReadonlyMap<string, Definition>;

/** Follows: tplFun of Helm's engine.go. */
function tplWith(parse: ParseText): Callable['call'] {
  return ([first, data], machine) => {
    const source = text(first);
    const outer = machine.set;
    const set = new Templates(outer);
    try {
      set.add(parse(source), setName);
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      throw new GoError(`cannot parse template ${quote(source)}: ${error.message}`);
    }
    machine.set = set;
    const { recall } = machine;
    // Templates of its own may stand for others wherever they are called.
    if (!set.holdsOnly(setName)) machine.recall = null;
    try {
      return withoutNoValue(execute(machine, setName, data));
    } catch (error) {
      if (!(error instanceof GoError) && !(error instanceof ExecError)) throw error;
      throw new GoError(`error during tpl function execution for ${quote(source)}: ${error.message}`);
    } finally {
      machine.set = outer;
      machine.recall = recall;
    }
  };
}

/** `required`: nil and the empty string fail; 0 and false pass. */
function required([warning, value]: readonly Val[]): Val {
  if (value === undefined || value === null || value === '') throw new GoError(warnWrap(text(warning)));
  return value;
}

function failWith([message]: readonly Val[]): never {
  throw new GoError(warnWrap(text(message)));
}

function lookup([apiVersion, kind, namespace, name]: readonly Val[], machine: Machine): GoValue {
  return machine.host.lookup(text(apiVersion), text(kind), text(namespace), text(name));
}

/** What `lookup` finds without a cluster. */
export function nothingFound(): GoValue {
  return new GoMap();
}

/** The functions that Helm's engine itself adds. Follows: initFunMap of Helm 3.22's engine.go. */
export function engineFunctions(parse: ParseText): readonly Callable[] {
  return [
    helmFunction('include', ['string', 'any'], include),
    helmFunction('tpl', ['string', 'any'], tplWith(parse)),
    helmFunction('required', ['string', 'any'], required),
    helmFunction('fail', ['string'], failWith),
    helmFunction('lookup', ['string', 'string', 'string', 'string'], lookup),
    helmFunction('getHostByName', ['string'], () => ''),
  ];
}
