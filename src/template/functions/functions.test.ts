import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { inRoot } from '../../../test/paths.js';
import { cpuMs } from '../../model/cpu.test.support.js';
import type { JsonValue } from '../../model/index.js';
import { TrowelError } from '../../model/index.js';
import { prepare, render } from '../engine.js';
import { fromJsonValue } from '../yaml/index.js';
import { type Environment, helmFunctions } from './index.js';

/** The dot under which the cases of testdata were run. */
const data: JsonValue = {
  i: 8080,
  f: 1.5,
  big: 1000000,
  neg: -3,
  s: 'hello',
  e: '',
  t: true,
  fa: false,
  n: null,
  l: [1, 'two', 3.5, true, null],
  el: [],
  m: { a: 1, b: '2', c: { d: ['x', true] } },
  em: {},
  ls: ['b', 'a', 'c', 'a'],
  u: 'héllo — ✓ 日本',
  nest: { x: { y: { z: 1 } } },
  lm: [{ a: 1 }, { b: 2 }],
};

/** A clock that stands and bytes that are always the same. */
function environment(): Environment {
  let state = 1;
  return {
    now: () => new Date('2026-03-05T07:08:09.000Z'),
    random: (bytes) =>
      Uint8Array.from({ length: bytes }, () => {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        return state >>> 16;
      }),
    timeZone: 'UTC',
  };
}

function run(text: string, dot: JsonValue = data, env: Environment = environment()): { out: string } | { err: string } {
  const path = 'chart/templates/t.yaml';
  try {
    const program = prepare([{ path, text, basePath: 'chart/templates', chartPath: 'chart' }], helmFunctions(env));
    return { out: render(program, { data: () => fromJsonValue(dot) }).get(path)?.text ?? '' };
  } catch (error) {
    assert.ok(error instanceof TrowelError, String(error));
    return { err: error.what };
  }
}

function output(text: string, env?: Environment): string {
  const result = run(text, data, env);
  assert.ok('out' in result, 'err' in result ? result.err : '');
  return result.out;
}

test('the functions answer as sprig and Helm do', () => {
  const lines = readFileSync(inRoot('src', 'template', 'functions', 'testdata', 'go-templates.jsonl'), 'utf8')
    .trim()
    .split('\n');
  for (const line of lines) {
    const { tpl, out, err }: { tpl: string; out?: string; err?: string } = JSON.parse(line);
    const got = run(`{{ ${tpl} }}`);
    if (err === undefined) assert.deepEqual(got, { out }, tpl);
    else assert.ok('err' in got && got.err.includes(err), `${tpl}: ${JSON.stringify(got)} instead of ${err}`);
  }
});

test('every function that Helm has is there, and env is not', () => {
  const names = new Set(helmFunctions(environment()).keys());
  for (const name of [
    'toYaml',
    'fromToml',
    'genSignedCertWithKey',
    'mustToRawJson',
    'date_modify',
    'osBase',
    'push',
    'tuple',
  ]) {
    assert.ok(names.has(name), name);
  }
  for (const name of ['env', 'expandenv']) assert.ok(!names.has(name), name);
  // sprig v3.3.0 has 211; Helm takes env and expandenv and adds 7 here; getHostByName is the engine's.
  assert.equal(names.size, 215);
});

test('the same environment gives the same bytes', () => {
  const text =
    '{{ $ca := genCA "ca" 10 }}{{ (genSignedCert "c" (list "10.0.0.1") (list "a.b") 5 $ca).Cert }}{{ randAlphaNum 20 }}' +
    '{{ uuidv4 }}{{ shuffle "abcdef" }}{{ genPrivateKey "ecdsa" }}{{ genPrivateKey "ed25519" }}{{ bcrypt "x" }}{{ now }}';
  assert.equal(output(text), output(text));
});

test('certificates are what an authority would have signed', () => {
  const [ca = '', leaf = ''] = output(
    '{{ $ca := genCA "my ca" 10 }}{{ $c := genSignedCert "svc" (list "10.0.0.1" "fd00::1") (list "a.b") 5 $ca }}{{ $ca.Cert }};{{ $c.Cert }}',
  ).split(';');
  const authority = new X509Certificate(ca);
  const certificate = new X509Certificate(leaf);
  assert.ok(authority.ca);
  assert.ok(certificate.verify(authority.publicKey));
  assert.equal(certificate.checkIssued(authority), true);
  assert.equal(certificate.subject, 'CN=svc');
  assert.equal(certificate.issuer, 'CN=my ca');
  assert.equal(certificate.subjectAltName, 'DNS:a.b, IP Address:10.0.0.1, IP Address:FD00:0:0:0:0:0:0:1');
  assert.equal(certificate.validTo, 'Mar 10 07:08:09 2026 GMT');
});

test('a certificate of one key kind may be signed by another', () => {
  const leaf = output(
    '{{ $ca := genCAWithKey "ca" 1 (genPrivateKey "ecdsa") }}{{ (genSignedCertWithKey "x" nil (list "h") 1 $ca (genPrivateKey "ed25519")).Cert }}',
  );
  assert.equal(new X509Certificate(leaf).publicKey.asymmetricKeyType, 'ed25519');
});

test('a source of bytes that repeats itself does not hang', () => {
  for (const byte of [0, 0xff]) {
    const env: Environment = { ...environment(), random: (bytes) => new Uint8Array(bytes).fill(byte) };
    assert.equal(
      output('{{ randAlphaNum 5 | len }}{{ randInt 0 3 | kindOf }}{{ genPrivateKey "ecdsa" | len | lt 100 }}', env),
      '5inttrue',
    );
    assert.match(output('{{ (genCA "x" 1).Cert }}', env), /^-----BEGIN CERTIFICATE-----/);
  }
});

test('dicts are shared and lists are not', () => {
  assert.equal(
    output('{{ $d := dict "a" 1 }}{{ $e := $d }}{{ $_ := set $e "b" 2 }}{{ $d | toJson }}'),
    '{"a":1,"b":2}',
  );
  assert.equal(output('{{ $l := list 1 }}{{ $m := append $l 2 }}{{ $l }}{{ $m }}'), '[1][1 2]');
  assert.equal(
    output('{{ $a := dict "m" (dict "x" 1) }}{{ $b := deepCopy $a }}{{ $_ := set $b.m "x" 2 }}{{ $a | toJson }}'),
    '{"m":{"x":1}}',
  );
  assert.equal(
    output('{{ $s := dict "n" (dict "x" 1) }}{{ $d := merge (dict) $s }}{{ $_ := set $d.n "x" 9 }}{{ $s | toJson }}'),
    '{"n":{"x":9}}',
  );
});

test('what would fill the memory is refused', () => {
  for (const text of [
    '{{ repeat 999999999 "abcdefgh" }}',
    '{{ until 999999999 }}',
    '{{ randBytes 9999999999 }}',
    '{{ indent 999999999 "a" }}',
  ]) {
    const result = run(text);
    assert.ok('err' in result && /over the limit/.test(result.err), text);
  }
});

test('patterns that make other engines backtrack are linear', () => {
  const start = cpuMs();
  assert.equal(output(`{{ regexMatch "(a+)+$" "${'a'.repeat(5000)}b" }}`), 'false');
  assert.ok(cpuMs() - start < 20_000);
});

test('values that contain themselves end in an error', () => {
  const knot = '{{ $d := dict }}{{ $_ := set $d "d" $d }}';
  assert.equal(output(`${knot}{{ toYaml $d }}{{ toJson $d }}`), '');
  for (const call of ['deepCopy $d', 'merge (dict "d" $d) (dict "d" $d)', 'toToml $d | trunc 5 | fail']) {
    assert.ok('err' in run(`${knot}{{ ${call} }}`), call);
  }
});

test("the clock is the environment's", () => {
  assert.equal(
    output('{{ now | date "2006-01-02T15:04:05Z07:00" }} {{ now | unixEpoch }}'),
    '2026-03-05T07:08:09Z 1772694489',
  );
  assert.equal(output('{{ now | htmlDate }} {{ ago (now | dateModify "-90s") }}'), '2026-03-05 1m30s');
  const tokyo: Environment = { ...environment(), timeZone: 'Asia/Tokyo' };
  assert.equal(output('{{ now | date "15:04 MST -0700" }}', tokyo), '16:08 JST +0900');
});

test('TOML is read and written', () => {
  assert.equal(output('{{ fromToml "a = 1\\n[b]\\nc = [1.5, true]\\n" | toJson }}'), '{"a":1,"b":{"c":[1.5,true]}}');
  assert.equal(output('{{ typeOf (fromToml "a = 1").a }}'), 'int64');
  assert.equal(output('{{ fromToml (printf "[%s]" (repeat 200 "a." | trimSuffix ".")) | toJson | len }}'), '1202');
  assert.match(
    output('{{ (fromToml (printf "[%s]" (repeat 300 "a." | trimSuffix "."))).Error }}'),
    /more than 200 parts/,
  );
  for (const [open, close] of [
    ['{a=', '}'],
    ['[', ']'],
    ['[{a=', '}]'],
  ]) {
    const nested = (depth: number) =>
      output(`{{ (fromToml (printf "a = %s1%s" (repeat ${depth} "${open}") (repeat ${depth} "${close}"))).Error }}`);
    assert.equal(nested(90), '');
    assert.match(nested(20_000), /more than 200 tables and arrays inside each other/);
  }
  assert.equal(output('{{ (fromToml "a = ").Error }}'), 'toml: line 1 (last key "a"): unexpected EOF; expected value');
});

test('powers of ten are those of Go, which are not all the nearest', () => {
  // Answers of Helm's engine, and of math.Pow.
  assert.equal(output('{{ printf "%#v" (round 1.5 39) }}'), '1.4999999999999998');
  assert.equal(output('{{ round 3.14159 4 }}'), '3.1416');
  assert.equal(output('{{ round 12345 -2 }}'), '12300');
  assert.equal(output('{{ round 1e-33 33 }}'), '9.999999999999999e-34');
});
