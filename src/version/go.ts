/** Whether a Go module version names a commit instead of a tag (https://go.dev/ref/mod#pseudo-versions). */
export function isPseudoVersion(version: string): boolean {
  const bare = version.replace(/\+incompatible$/, '');
  return /[-.]\d{14}-[0-9A-Fa-f]{12}$/.test(bare.slice(-28));
}

/**
 * The version of a Go release as the Go vulnerability database writes it: `go1.21rc2` → `1.21.0-rc.2`.
 *
 * Takes what build info and `go version` say: a leading `go` or `v`, words after the version (`X:boringcrypto`) and a
 * vendor's suffix (`-fips`) do not count; `-0`, before all pre-releases, does. Undefined for development versions (`devel go1.22-abc`) and anything else.
 * Follows: golang.org/x/vuln, internal/semver (GoTagToSemver).
 */
export function goReleaseVersion(text: string): string | undefined {
  const match =
    /^(?:go|v)?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:-?(alpha|beta|rc)\.?(\d{1,9})|-(0)(?![.\d]))?(?![.\d])/.exec(
      text.trim().slice(0, 100),
    );
  if (match === null) return undefined;
  const [, major, minor = '0', patch = '0', word, number, first] = match;
  const pre = word !== undefined ? `-${word}.${number}` : first !== undefined ? `-${first}` : '';
  return `${major}.${minor}.${patch}${pre}`;
}

/**
 * Whether a tag can be a version of this Go module: from major version 2 on the module's path must end in it, or the
 * version in `+incompatible` (https://go.dev/ref/mod#major-version-suffixes, #incompatible-versions).
 * `7.2.1` of `github.com/grafana/grafana` cannot: it is a tag of the project outside Go's version space.
 */
export function isModuleVersion(path: string, version: string): boolean {
  const match = /^v?(\d{1,9})\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(\+incompatible)?$/.exec(version.slice(0, 300));
  if (match === null) return false;
  const major = Number(match[1]);
  const suffix = /(?:\/|^gopkg\.in\/.*\.)v(\d{1,9})(?:-unstable)?$/.exec(path.slice(-300))?.[1];
  if (suffix !== undefined) return Number(suffix) === major || (major === 0 && path.startsWith('gopkg.in/'));
  return major < 2 || match[2] !== undefined;
}
