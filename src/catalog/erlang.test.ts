import assert from 'node:assert/strict';
import { test } from 'node:test';
import { erlang } from './erlang.js';
import { readErlangTerms } from './erlang-terms.js';
import { catalogued, readWith } from './image.test.support.js';
import { survivesMutations } from './mutation.test.support.js';

const app = `%% This is the app file
{application, cowboy, [
	{description, "Small, fast, modern HTTP server."},
	{vsn, "2.9.0"},
	{modules, ['cowboy','cowboy_app']},
	{applications, [kernel,stdlib,crypto]},
	{env, []}
]}.
`;
const otp = `{application, ssl, [{vsn,"10.8.7"},{runtime_dependencies,["stdlib-4.1","kernel-9.0"]}]}.\n`;
const hex = `{<<"app">>,<<"jason">>}.
{<<"build_tools">>,[<<"mix">>]}.
{<<"licenses">>,[<<"Apache-2.0">>]}.
{<<"name">>,<<"jason">>}.
{<<"version">>,<<"1.4.1"/utf8>>}.
`;

test('applications of OTP, of a release, and packages of hex', () => {
  const { components, gaps } = catalogued({
    'usr/lib/erlang/lib/ssl-10.8.7/ebin/ssl.app': otp,
    'usr/lib/erlang/lib/ssl-10.8.7/ebin/ssl.beam': 'beam',
    'app/lib/cowboy-2.9.0/ebin/cowboy.app': app,
    'src/deps/jason/hex_metadata.config': hex,
    'src/deps/jason/ebin/jason.app': '{application,jason,[{vsn,"1.4.1"}]}.',
  });
  assert.deepEqual(gaps, []);
  assert.deepEqual(
    components.map((one) => [one.purl, one.ecosystem, one.licenses, one.owns.length]),
    [
      ['pkg:hex/cowboy@2.9.0', 'Hex', [], 1],
      ['pkg:hex/jason@1.4.1', 'Hex', ['Apache-2.0'], 2],
      ['pkg:otp/ssl@10.8.7', null, [], 2],
    ],
  );
});

test('terms: comments, quotes, nesting; what is none ends the list', () => {
  assert.deepEqual(readErlangTerms('% c\n{a, "b\\"c", [1.5, \'D e\'], #{k => v}}.\n[].\n?'), [
    ['a', 'b"c', ['1.5', 'D e'], ['k', 'v']],
    [],
  ]);
  assert.deepEqual(readErlangTerms('['.repeat(10_000)), []);
  assert.deepEqual(readErlangTerms('<<'.repeat(100_000)), []);
  assert.equal(readWith(erlang, 'a/ebin/a.app', '{x}.')?.gaps[0]?.reason, 'bad-database');
});

test('broken application files', () => {
  survivesMutations('a/ebin/a.app', app);
  survivesMutations('a/hex_metadata.config', hex);
});
