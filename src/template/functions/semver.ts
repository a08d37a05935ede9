import { isTrowelError } from '../../model/index.js';
import {
  compareVersions,
  formatVersion,
  type MastermindsVersion,
  parseConstraint,
  parseVersion,
} from '../../version/index.js';
import { GoError, GoFunc, GoInt, GoObject, type GoValue, int } from '../value.js';
import { define } from './args.js';

/** Errors of the version room in Go's words. */
function orGoError<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (isTrowelError(error)) throw new GoError(error.what);
    throw error;
  }
}

function versionOf(value: GoValue): MastermindsVersion {
  const payload = value instanceof GoObject ? value.payload : null;
  if (payload instanceof VersionPayload) return payload.version;
  throw new GoError(nilVersion);
}

const nilVersion = 'runtime error: invalid memory address or nil pointer dereference';

/** What a `*semver.Version` keeps. */
class VersionPayload {
  readonly version: MastermindsVersion;

  constructor(version: MastermindsVersion) {
    this.version = version;
  }
}

function method(name: string, call: () => GoValue): [string, GoFunc] {
  return [name, new GoFunc(name, [], undefined, call)];
}

function compareMethod(name: string, version: MastermindsVersion, test: (order: number) => GoValue): [string, GoFunc] {
  const call = ([other]: GoValue[]): GoValue => test(compareVersions(version, versionOf(other ?? null)));
  return [name, new GoFunc(name, ['any'], undefined, call)];
}

/** What copying a version by reflection gives: none of its fields is exported. */
export function emptyVersion(): GoObject {
  return makeVersion({ major: 0n, minor: 0n, patch: 0n, prerelease: '', metadata: '', original: '' });
}

/** A Masterminds `*semver.Version` with the methods that templates can call. */
function makeVersion(version: MastermindsVersion): GoObject {
  const text = (): string => formatVersion(version);
  const prefix = version.original.startsWith('v') ? 'v' : '';
  const changed = (parts: Partial<MastermindsVersion>): GoObject => {
    const next = { ...version, prerelease: '', metadata: '', ...parts };
    return makeVersion({ ...next, original: prefix + formatVersion(next) });
  };
  return new GoObject({
    type: '*semver.Version',
    kind: 'ptr',
    text,
    hidden: () =>
      new Map<string, GoValue>([
        ['major', new GoInt('uint64', version.major)],
        ['minor', new GoInt('uint64', version.minor)],
        ['patch', new GoInt('uint64', version.patch)],
        ['pre', version.prerelease],
        ['metadata', version.metadata],
        ['original', version.original],
      ]),
    payload: new VersionPayload(version),
    methods: new Map([
      method('Major', () => new GoInt('uint64', version.major)),
      method('Minor', () => new GoInt('uint64', version.minor)),
      method('Patch', () => new GoInt('uint64', version.patch)),
      method('Prerelease', () => version.prerelease),
      method('Metadata', () => version.metadata),
      method('Original', () => version.original),
      method('String', text),
      method('MarshalJSON', () => `"${text()}"`),
      method('IncMajor', () => changed({ major: version.major + 1n, minor: 0n, patch: 0n })),
      method('IncMinor', () => changed({ minor: version.minor + 1n, patch: 0n })),
      method('IncPatch', () => changed(version.prerelease === '' ? { patch: version.patch + 1n } : {})),
      compareMethod('Compare', version, (order) => int(order)),
      compareMethod('Equal', version, (order) => order === 0),
      compareMethod('LessThan', version, (order) => order < 0),
      compareMethod('LessThanEqual', version, (order) => order <= 0),
      compareMethod('GreaterThan', version, (order) => order > 0),
      compareMethod('GreaterThanEqual', version, (order) => order >= 0),
    ]),
  });
}

/** Charts ask the same of the cluster's version in each file. */
const mostAnswers = 500;
const longQuestion = 200;

/** sprig's functions of versions. Follows: sprig v3.3.0, semver.go. */
export function semverFunctions(): readonly GoFunc[] {
  const answers = new Map<string, boolean>();
  return [
    define('semver', ['string'], (a) => makeVersion(orGoError(() => parseVersion(a.str(0))))),
    define('semverCompare', ['string', 'string'], (a) => {
      const question = `${a.str(0)}\n${a.str(1)}`;
      let answer = answers.get(question);
      if (answer === undefined) {
        answer = orGoError(() => parseConstraint(a.str(0)).check(parseVersion(a.str(1))));
        if (answers.size >= mostAnswers) answers.clear();
        if (question.length < longQuestion) answers.set(question, answer);
      }
      return answer;
    }),
  ];
}
