import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isTrowelError } from '../model/index.js';
import { formatReference, normalise, parseReference, tryReference } from './reference.js';

const f64 = 'f'.repeat(64);
const identifier = '1a3f5e7d9c1b3a5f7e9d1c3b5a7f9e1d3c5b7a9f1e3d5d7c9b1a3f5e7d9c1b3a';

// Cases of distribution/reference v0.6.0, normalize_test.go and reference_test.go, as they come out of normalisation.
const valid: readonly (readonly [text: string, normalised: string])[] = [
  ['redis', 'docker.io/library/redis:latest'],
  ['busybox:latest', 'docker.io/library/busybox:latest'],
  [`busybox@sha256:${f64}`, `docker.io/library/busybox@sha256:${f64}`],
  [`busybox:latest@sha256:${f64}`, `docker.io/library/busybox:latest@sha256:${f64}`],
  ['library/busybox', 'docker.io/library/busybox:latest'],
  ['docker.io/busybox', 'docker.io/library/busybox:latest'],
  ['docker.io/library/busybox', 'docker.io/library/busybox:latest'],
  ['docker.io/busybox:latest', 'docker.io/library/busybox:latest'],
  ['index.docker.io/library/debian', 'docker.io/library/debian:latest'],
  ['index.docker.io/debian', 'docker.io/library/debian:latest'],
  ['index.docker.io/fooo/bar', 'docker.io/fooo/bar:latest'],
  ['gcr.io/library/busybox', 'gcr.io/library/busybox:latest'],
  ['docker.io/library/foo/bar', 'docker.io/library/foo/bar:latest'],
  ['dmcgowan/myapp', 'docker.io/dmcgowan/myapp:latest'],
  ['localhost/fooo', 'localhost/fooo:latest'],
  ['LOCALDOMAIN/fooo/bar', 'LOCALDOMAIN/fooo/bar:latest'],
  ['Foo/bar', 'Foo/bar:latest'],
  ['127.0.0.1:8000/private/moonbase', '127.0.0.1:8000/private/moonbase:latest'],
  ['192.168.0.1', 'docker.io/library/192.168.0.1:latest'],
  ['192.168.0.1:80', 'docker.io/library/192.168.0.1:80'],
  ['192.168.0.1:8/debian', '192.168.0.1:8/debian:latest'],
  ['[fc00::1]:5000/docker', '[fc00::1]:5000/docker:latest'],
  ['[2001:db8:1:2:3:4:5:6]/repo:tag', '[2001:db8:1:2:3:4:5:6]/repo:tag'],
  ['[2001:db8::]:5000/repo', '[2001:db8::]:5000/repo:latest'],
  [`[2001:db8::1]:5000/repo:tag@sha256:${f64}`, `[2001:db8::1]:5000/repo:tag@sha256:${f64}`],
  ['test_com', 'docker.io/library/test_com:latest'],
  ['test_com/foo', 'docker.io/test_com/foo:latest'],
  ['test.com:tag', 'docker.io/library/test.com:tag'],
  ['test.com:5000', 'docker.io/library/test.com:5000'],
  ['test.com/repo:tag', 'test.com/repo:tag'],
  ['test:5000/repo', 'test:5000/repo:latest'],
  [`test:5000/repo:tag@sha256:${f64}`, `test:5000/repo:tag@sha256:${f64}`],
  ['lowercase:Uppercase', 'docker.io/library/lowercase:Uppercase'],
  ['b.gcr.io/test.example.com/my-app:test.example.com', 'b.gcr.io/test.example.com/my-app:test.example.com'],
  [`xn--7o8h.com/myimage:xn--7o8h.com@sha512:${f64}${f64}`, `xn--7o8h.com/myimage:xn--7o8h.com@sha512:${f64}${f64}`],
  ['foo_bar.com:8080', 'docker.io/library/foo_bar.com:8080'],
  ['foo/foo_bar.com:8080', 'docker.io/foo/foo_bar.com:8080'],
  ['docker---rules/docker', 'docker.io/docker---rules/docker:latest'],
  ['dock__er/docker', 'docker.io/dock__er/docker:latest'],
  ['d/docker', 'docker.io/d/docker:latest'],
  [`docker.io/${identifier}`, `docker.io/library/${identifier}:latest`],
  [identifier.slice(1), `docker.io/library/${identifier.slice(1)}:latest`],
  [`example.com/${'a'.repeat(255)}:tag`, `example.com/${'a'.repeat(255)}:tag`],
  [`example.com/a:${'t'.repeat(128)}`, `example.com/a:${'t'.repeat(128)}`],
  ['ubuntu-12.04-base', 'docker.io/library/ubuntu-12.04-base:latest'],
];

const invalid: readonly (readonly [text: string, why: RegExp])[] = [
  ['', /empty/],
  [':justtag', /no repository/],
  [`@sha256:${f64}`, /no repository/],
  [`repo@sha256:${'f'.repeat(34)}`, /64 hexadecimal digits, this one 34/],
  [`validname@invaliddigest:${f64}`, /algorithm/],
  [`repo@sha256:${'F'.repeat(64)}`, /lower-case/],
  ['repo@', /ALGORITHM:HEX/],
  ['Uppercase:tag', /capital/],
  ['test:5000/Uppercase/lowercase:tag', /capital/],
  ['docker/Docker', /capital/],
  [`domain/${'a'.repeat(256)}:tag`, /characters/],
  ['aa/asdf$$^/aa', /character/],
  ['[2001:db8::1]', /character/],
  ['[2001:db8::1]:5000', /character/],
  ['[fe80::1%eth0]:5000/repo', /IPv6/],
  ['[2001:db8:3:4::192.0.2.33]:5000/debian', /IPv6/],
  ['fc00::1:5000/debian', /port/],
  ['https://github.com/docker/docker', /URL/],
  ['-docker', /joined wrongly/],
  ['-docker.io/docker/docker', /host name/],
  ['docker///docker', /empty part/],
  ['docker.io/docker///docker', /empty part/],
  [identifier, /image ID/],
  ['docker-/docker', /joined wrongly/],
  ['____/____', /joined wrongly/],
  ['_docker/_docker', /joined wrongly/],
  ['dock..er/docker', /host name/],
  ['dock_.er/docker', /host name/],
  ['dock-.er/docker', /host name/],
  ['docker/', /empty part/],
  ['docker.io/', /no repository/],
  ['foo.com:http/bar', /port/],
  ['busybox:', /colon/],
  ['busybox:-foo', /tag/],
  [`busybox:${'t'.repeat(129)}`, /tag/],
  ['busybox:a b', /tag/],
  ['busybox :a', /character/],
  ['busybox\n', /character/],
  ['busybox:a\n', /tag/],
  ['{{ .Values.image }}', /character/],
  ['a'.repeat(5000), /5000 characters/],
  ['a-'.repeat(120), /joined wrongly/],
];

test('references are read and normalised as distribution/reference does', () => {
  for (const [text, expected] of valid) {
    assert.equal(normalise(text), expected, text);
    assert.equal(normalise(expected), expected, 'a normalised reference stays as it is');
  }
});

test('what is no reference is refused with the reason', () => {
  for (const [text, why] of invalid) {
    assert.throws(
      () => parseReference(text),
      (error) => isTrowelError(error, 'bad-reference') && why.test(error.message),
      JSON.stringify(text),
    );
    assert.equal(tryReference(text), null);
  }
});

test('parts of a reference', () => {
  assert.deepEqual(parseReference(`quay.io:443/a/b:1@sha256:${f64}`), {
    registry: 'quay.io:443',
    repository: 'a/b',
    tag: '1',
    digest: `sha256:${f64}`,
  });
  assert.equal(parseReference(`a@sha256:${f64}`).tag, null);
});

test('any text is read or refused, and what is read stays the same when read again', () => {
  const letters = fc.constantFrom(...'abAB01._-/:@[]%\\ \n'.split(''), 'sha256:', 'localhost', f64, 'docker.io/');
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 24 }), (parts) => {
      const reference = tryReference(parts.join(''));
      if (reference === null) return;
      assert.deepEqual(parseReference(formatReference(reference)), reference);
    }),
    { numRuns: 2000 },
  );
});
