import { createHash } from 'node:crypto';
import type { LockedDependency, StatedDependency } from '../chart/index.js';

/**
 * The digest that Chart.lock states: over what Chart.yaml asks for, names of repositories replaced by their URLs, and
 * what it was locked to. Follows: helm internal/resolver/resolver.go (HashReq); the fields and their order are those of
 * pkg/chart/dependency.go (Dependency), the escapes those of Go's encoding/json.
 */
export function lockDigest(stated: readonly StatedDependency[], locked: readonly LockedDependency[]): string {
  return digest([stated.map(statedRow), locked.map(lockedRow)]);
}

/** The digest of a requirements.lock that Helm 2 wrote (HashV2Req). */
export function oldLockDigest(stated: readonly StatedDependency[]): string {
  return digest({ dependencies: stated.map(statedRow) });
}

function digest(value: unknown): string {
  const json = JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `sha256:${createHash('sha256').update(json).digest('hex')}`;
}

function statedRow(dependency: StatedDependency): Readonly<Record<string, unknown>> {
  const { name, version, repository, condition, tags, importValues, alias } = dependency;
  return {
    name,
    ...(version === '' ? {} : { version }),
    repository,
    ...(condition === '' ? {} : { condition }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(importValues.length === 0
      ? {}
      : {
          'import-values': importValues.map((one) =>
            one.kind === 'export' ? one.name : { child: one.child, parent: one.parent },
          ),
        }),
    ...(alias === '' ? {} : { alias }),
  };
}

function lockedRow({ name, version, repository }: LockedDependency): Readonly<Record<string, unknown>> {
  return { name, ...(version === '' ? {} : { version }), repository };
}
