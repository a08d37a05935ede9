import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import {
  filesOf,
  helm,
  helmDo,
  noHelm,
  plainAccess,
  privateEnv,
  run,
  withHttp,
  writeChart,
} from '../../test/chart-repository.js';
import { programMissing } from '../../test/paths.js';
import { inScratch } from '../../test/run.js';
import { cpuMs } from '../model/cpu.test.support.js';
import { isTrowelError } from '../model/index.js';
import { openCharts } from './fetch.js';
import { readClearSigned, unarmored } from './openpgp/armor.js';
import { readKeyring } from './openpgp/keyring.js';
import { readPackets } from './openpgp/packets.js';
import { loadKeyring, verifyProvenance } from './provenance.js';
import { parseChartReference } from './reference.js';

const noGpg = noHelm || programMissing('gpg');

/** GnuPG with a home of its own. */
async function gpg(dir: string, ...args: readonly string[]): Promise<string> {
  const home = join(dir, 'gnupg');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const ended = await run(
    'gpg',
    ['--batch', '--yes', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', '', ...args],
    {
      ...privateEnv(dir),
      GNUPGHOME: home,
    },
  );
  assert.equal(ended.code, 0, `gpg ${args.join(' ')}: ${ended.stderr}`);
  return ended.stdout;
}

/** Makes a key of one algorithm; `mail` names it. */
async function makeKey(dir: string, mail: string, algorithm: string): Promise<void> {
  await gpg(dir, '--quick-generate-key', `Tester <${mail}>`, algorithm, 'sign', 'never');
}

/** Signs an archive as `helm package --sign` lays it out, with any key that GnuPG has. */
async function signWithGpg(dir: string, archive: string, mail: string, ...more: readonly string[]): Promise<void> {
  const text = readClearSigned(readFileSync(`${archive}.unsigned.prov`))?.text ?? '';
  writeFileSync(join(dir, 'text'), text);
  await gpg(dir, ...more, '--local-user', mail, '--clearsign', '--output', `${archive}.prov`, join(dir, 'text'));
}

/** What `verify` says of an archive: Helm's own and ours, by the same keyring. */
async function both(dir: string, archive: string, keyring: string): Promise<{ helm: string; ours: string }> {
  const theirs = await helm(dir, 'verify', archive, '--keyring', keyring);
  const fetcher = openCharts(
    { ...plainAccess, verify: true, keyring },
    { env: privateEnv(dir), warn: () => undefined },
  );
  const ours = await fetcher.verifyLocal(archive).then(
    () => 'passes',
    (error: unknown) => {
      if (!isTrowelError(error)) throw error;
      return error.what;
    },
  );
  await fetcher.close();
  return { helm: theirs.code === 0 ? 'passes' : theirs.stderr.replace(/^Error: /, '').trim(), ours };
}

test(
  'signatures of helm package --sign and of GnuPG are judged as helm verify does',
  { skip: noGpg, timeout: 240_000 },
  (t) =>
    inScratch(async (dir) => {
      await makeKey(dir, 'rsa@example.org', 'rsa2048');
      const secret = join(dir, 'secret.gpg');
      const keyring = join(dir, 'public.gpg');
      await gpg(dir, '--output', secret, '--export-secret-keys');
      await helmDo(
        dir,
        'package',
        '--sign',
        '--key',
        'Tester',
        '--keyring',
        secret,
        '-d',
        dir,
        writeChart(dir, 'app', '1.2.3+b'),
      );
      const archive = join(dir, 'app-1.2.3+b.tgz');
      const signed = readFileSync(`${archive}.prov`);
      writeFileSync(`${archive}.unsigned.prov`, signed);
      await gpg(dir, '--output', keyring, '--export', 'rsa@example.org');

      await t.test('RSA: from the public and from the secret keyring, armoured or not', async () => {
        for (const path of [keyring, secret])
          assert.deepEqual(await both(dir, archive, path), { helm: 'passes', ours: 'passes' });
        await gpg(dir, '--armor', '--output', join(dir, 'public.asc'), '--export', 'rsa@example.org');
        // Helm takes no armoured keyring.
        assert.equal((await both(dir, archive, join(dir, 'public.asc'))).ours, 'passes');
        const signer = verifyProvenance(
          { bytes: readFileSync(archive), fileName: basename(archive) },
          signed,
          await loadKeyring(keyring),
          Date.now() / 1000,
        );
        const then = { env: privateEnv(dir), now: () => new Date(0), warn: () => undefined };
        const early = openCharts({ ...plainAccess, verify: true, keyring }, then);
        await assert.rejects(early.verifyLocal(archive), /openpgp: key expired/);
        await early.close();
        const listed = await gpg(dir, '--list-keys', '--with-colons', 'rsa@example.org');
        assert.deepEqual(signer, {
          identities: ['Tester <rsa@example.org>'],
          fingerprint: /^fpr:+([0-9A-F]{40}):/m.exec(listed)?.[1],
        });
      });

      for (const algorithm of ['ed25519', 'nistp256', 'nistp384', 'nistp521', 'rsa3072']) {
        await t.test(algorithm, async () => {
          const mail = `${algorithm}@example.org`;
          await makeKey(dir, mail, algorithm);
          await signWithGpg(dir, archive, mail);
          const ring = join(dir, `${algorithm}.gpg`);
          await gpg(dir, '--output', ring, '--export', mail);
          assert.deepEqual(await both(dir, archive, ring), { helm: 'passes', ours: 'passes' });
          const unknown = 'openpgp: signature made by unknown entity';
          assert.deepEqual(await both(dir, archive, keyring), { helm: unknown, ours: unknown });
        });
      }

      await t.test('a subkey signs, bound to its key from both sides', async () => {
        await makeKey(dir, 'sub@example.org', 'rsa2048');
        const listed = await gpg(dir, '--list-keys', '--with-colons', 'sub@example.org');
        await gpg(dir, '--quick-add-key', /^fpr:+([0-9A-F]{40}):/m.exec(listed)?.[1] ?? '', 'ed25519', 'sign');
        await signWithGpg(dir, archive, 'sub@example.org');
        const ring = join(dir, 'sub.gpg');
        await gpg(dir, '--output', ring, '--export', 'sub@example.org');
        assert.deepEqual(await both(dir, archive, ring), { helm: 'passes', ours: 'passes' });
        // Without the binding the subkey is nobody's.
        const [subkey] = readKeyring(readFileSync(ring))[0]?.subkeys ?? [];
        assert.ok(subkey !== undefined);
        const bytes = readFileSync(ring);
        const value = Buffer.from(subkey.binding.values[0] ?? []);
        const at = bytes.indexOf(value);
        assert.ok(at > 0);
        bytes[at + 9] = (bytes[at + 9] ?? 0) ^ 1;
        writeFileSync(ring, bytes);
        assert.equal((await both(dir, archive, ring)).ours, 'openpgp: signature made by unknown entity');
      });

      await t.test('what is expired, revoked or over SHA-1', async () => {
        // The key was good when it signed: the clock of GnuPG stands in the past.
        const then = ['--faked-system-time', '20200101T000000!'];
        await gpg(dir, ...then, '--quick-generate-key', 'Tester <short@example.org>', 'ed25519', 'sign', '1d');
        await signWithGpg(dir, archive, 'short@example.org', ...then);
        const ring = join(dir, 'short.gpg');
        await gpg(dir, '--output', ring, '--export', 'short@example.org');
        assert.deepEqual(await both(dir, archive, ring), {
          helm: 'openpgp: key expired',
          ours: 'openpgp: key expired',
        });

        await makeKey(dir, 'revoked@example.org', 'ed25519');
        await signWithGpg(dir, archive, 'revoked@example.org');
        const listed = await gpg(dir, '--list-keys', '--with-colons', 'revoked@example.org');
        const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(listed)?.[1] ?? '';
        const certificate = readFileSync(join(dir, 'gnupg', 'openpgp-revocs.d', `${fingerprint}.rev`), 'utf8');
        writeFileSync(join(dir, 'revocation'), certificate.replace(':-----BEGIN', '-----BEGIN'));
        await gpg(dir, '--import', join(dir, 'revocation'));
        const revoked = join(dir, 'revoked.gpg');
        await gpg(dir, '--output', revoked, '--export', 'revoked@example.org');
        const words = 'openpgp: signature made by revoked key';
        assert.deepEqual(await both(dir, archive, revoked), { helm: words, ours: words });

        await signWithGpg(dir, archive, 'rsa@example.org', '--digest-algo', 'SHA1', '--allow-weak-digest-algos');
        assert.equal((await both(dir, archive, keyring)).ours, 'openpgp: weak algorithms are rejected: SHA1');
      });

      await t.test('other bytes than were signed', async () => {
        const text = signed.toString('utf8');
        const good = readFileSync(archive);
        const changes: readonly (readonly [string, string | null, Uint8Array | null])[] = [
          ['the text', text.replace('version: 1.2.3+b', 'version: 1.2.4+b'), null],
          ['the stated digest', text.replace(/sha256:./, (part) => `sha256:${part.endsWith('a') ? 'b' : 'a'}`), null],
          ['the archive', null, Buffer.concat([good, Buffer.from('x')])],
          ['no signature', 'apiVersion: v2\n', null],
          ['a signature cut off', text.slice(0, text.indexOf('-----END PGP SIGNATURE')), null],
          ['another header', text.replace('Hash: SHA512', 'Comment: x'), null],
          [
            'blanks at the ends of lines, which are not signed',
            text.replace('apiVersion: v2', 'apiVersion: v2  \t'),
            null,
          ],
          ['line ends of Windows', text.replaceAll('\n', '\r\n'), null],
        ];
        for (const [name, prov, bytes] of changes) {
          writeFileSync(`${archive}.prov`, prov ?? text);
          writeFileSync(archive, bytes ?? good);
          const { helm: theirs, ours } = await both(dir, archive, keyring);
          assert.equal(ours, theirs, name);
        }
        writeFileSync(archive, good);
        writeFileSync(`${archive}.prov`, text);
        const renamed = join(dir, 'app-9.9.9.tgz');
        writeFileSync(renamed, good);
        writeFileSync(`${renamed}.prov`, text);
        const { helm: theirs, ours } = await both(dir, renamed, keyring);
        assert.equal(ours, theirs);
        assert.match(ours, /provenance does not contain a SHA for a file named "app-9.9.9.tgz"/);
      });

      await t.test('keyrings that are none', async () => {
        for (const [name, content] of [
          ['text', 'no keyring'],
          ['cut', readFileSync(keyring).subarray(0, 100)],
          ['empty', ''],
        ] as const) {
          const path = join(dir, `bad-${name}`);
          writeFileSync(path, content);
          const { helm: theirs, ours } = await both(dir, archive, path);
          assert.notEqual(ours, 'passes');
          if (name !== 'cut') assert.equal(ours, theirs, name);
        }
        const { helm: theirs, ours } = await both(dir, archive, join(dir, 'nowhere'));
        assert.equal(ours, theirs);
        const keybox = join(dir, 'gnupg', 'pubring.kbx');
        assert.match((await both(dir, archive, keybox)).ours, /is a keybox of GnuPG, not a keyring/);
      });

      await t.test('from a repository, by the .prov file beside the archive', async () => {
        const repo = join(dir, 'repo');
        mkdirSync(repo);
        for (const name of [basename(archive), `${basename(archive)}.prov`])
          writeFileSync(join(repo, name), readFileSync(join(dir, name)));
        await helmDo(dir, 'repo', 'index', repo);
        await withHttp(filesOf(repo), async ({ url, asked }) => {
          const access = { ...plainAccess, repo: url, verify: true, keyring };
          const world = { env: privateEnv(dir), warn: () => undefined };
          const fetcher = openCharts(access, world);
          const fetched = await fetcher.fetch(parseChartReference('app', url));
          assert.equal(fetched.fileName, 'app-1.2.3+b.tgz');
          assert.ok(asked.some(({ path }) => path.endsWith('.tgz.prov')));
          writeFileSync(join(repo, `${basename(archive)}.prov`), 'nothing');
          await assert.rejects(fetcher.fetch(parseChartReference('app', url)), /signature block not found/);
          await fetcher.close();
        });
        await withHttp(
          (one) => (one.path.endsWith('.prov') ? { status: 404 } : filesOf(repo)(one)),
          async ({ url }) => {
            const fetcher = openCharts(
              { ...plainAccess, repo: url, verify: true, keyring },
              { env: privateEnv(dir), warn: () => undefined },
            );
            await assert.rejects(
              fetcher.fetch(parseChartReference('app', url)),
              /failed to fetch provenance "http.*app-1\.2\.3\+b\.tgz\.prov"/,
            );
            await fetcher.close();
          },
        );
      });
    }),
);

test('packets that are cut, huge or in parts do not hang or pass', () => {
  assert.deepEqual(readPackets(new Uint8Array()), []);
  assert.deepEqual(
    readPackets(Uint8Array.of(0xc0 | 13, 2, 0x61, 0x62)).map(({ type, body }) => [type, Buffer.from(body).toString()]),
    [[13, 'ab']],
  );
  assert.deepEqual(
    readPackets(Uint8Array.of(0x80 | (13 << 2) | 1, 0, 1, 0x61)).map(({ type }) => type),
    [13],
  );
  assert.throws(() => readPackets(Uint8Array.of(0x41)), /tag byte does not have MSB set/);
  assert.throws(() => readPackets(Uint8Array.of(0xc2, 0xff, 0xff, 0xff, 0xff, 0xff)), /unexpected EOF/);
  assert.throws(() => readPackets(Uint8Array.of(0xc2, 0xe1, 0, 0)), /a packet in parts/);
  assert.throws(() => readPackets(Uint8Array.of(0xc2)), /unexpected EOF/);
});

test('armour is taken off, block by block; what is none stays as it is', () => {
  const block = (text: string): string =>
    `-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: 1\n\n${text}\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n`;
  assert.equal(Buffer.from(unarmored(Buffer.from(`${block('YWJj')}\n${block('ZGVm')}`))).toString(), 'abcdef');
  assert.deepEqual([...unarmored(Uint8Array.of(0x99, 1))], [0x99, 1]);
  assert.throws(() => unarmored(Buffer.from(block('YW Jj!'))), /armor invalid/);
  assert.throws(() => unarmored(Buffer.from('-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nYWJj\n')), /armor invalid/);
});

test('blanks within a line of a signed text take no time', () => {
  const text = `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\na${'\t'.repeat(300_000)}b \t\n-----BEGIN PGP SIGNATURE-----\n\nAA==\n-----END PGP SIGNATURE-----\n`;
  const started = cpuMs();
  const signed = readClearSigned(Buffer.from(text));
  assert.equal(signed?.text, `a${'\t'.repeat(300_000)}b`);
  assert.ok(cpuMs() - started < 20_000, `${cpuMs() - started} ms`);
});
