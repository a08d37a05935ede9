import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogued, readWith } from './image.test.support.js';
import { survivesMutations } from './mutation.test.support.js';
import { ruby } from './ruby.js';

/** As RubyGems writes it (Gem::Specification#to_ruby_for_cache). */
const rack = `# -*- encoding: utf-8 -*-
# stub: rack 2.2.8 ruby lib

Gem::Specification.new do |s|
  s.name = "rack".freeze
  s.version = "2.2.8"

  s.required_rubygems_version = Gem::Requirement.new(">= 0".freeze) if s.respond_to? :required_rubygems_version=
  s.metadata = { "source_code_uri" => "https://example.org/rack" } if s.respond_to? :metadata=
  s.authors = ["Leah Neukirchen".freeze, "O\\"Neil".freeze]
  s.description = "Rack\\nname = \\"other\\"".freeze
  s.licenses = ["MIT".freeze]
  s.files = ["bin/rackup".freeze]
  s.version = "9.9.9"
end
`;

const home = 'usr/local/lib/ruby/gems/3.2.0';

test('installed gems own their folders, extensions included; the first assignment counts', () => {
  const { components, gaps } = catalogued({
    [`${home}/specifications/rack-2.2.8.gemspec`]: rack,
    [`${home}/gems/rack-2.2.8/lib/rack.rb`]: 'x',
    [`${home}/gems/rack-2.2.8/rack.gemspec`]: 'Gem::Specification.new { |s| s.version = Rack::VERSION }',
    [`${home}/extensions/x86_64-linux/3.2.0/rack-2.2.8/gem.build_complete`]: 'y',
    [`${home}/gems/rack-2.2.80/lib/no.rb`]: 'z',
  });
  assert.deepEqual(gaps, []);
  assert.equal(components.length, 1);
  const [one] = components;
  assert.deepEqual(
    [one?.purl, one?.ecosystem, one?.licenses, one?.supplier, one?.grade],
    ['pkg:gem/rack@2.2.8', 'RubyGems', ['MIT'], 'Leah Neukirchen, O"Neil', 'claimed'],
  );
  assert.deepEqual(one?.owns.map(({ path }) => path.slice(home.length + 1)).sort(), [
    'extensions/x86_64-linux/3.2.0/rack-2.2.8/gem.build_complete',
    'gems/rack-2.2.8/lib/rack.rb',
    'gems/rack-2.2.8/rack.gemspec',
    'specifications/rack-2.2.8.gemspec',
  ]);
});

test('gems for a platform, and default gems whose files lie with the library', () => {
  const { components } = catalogued({
    [`${home}/specifications/nokogiri-1.15.4-x86_64-linux.gemspec`]:
      '# stub: nokogiri 1.15.4 x86_64-linux lib\n  s.name = "nokogiri".freeze\n  s.version = "1.15.4"\n  s.platform = "x86_64-linux".freeze\n',
    [`${home}/gems/nokogiri-1.15.4-x86_64-linux/lib/n.rb`]: 'n',
    [`${home}/specifications/default/json-2.6.3.gemspec`]:
      '  s.name = "json".freeze\n  s.version = Gem::Version.new("2.6.3")\n  s.files = ["lib/json.rb".freeze, "LICENSE".freeze]\n',
    'usr/local/lib/ruby/3.2.0/json.rb': 'j',
  });
  assert.deepEqual(
    components.map((one) => [
      one.purl,
      one.owns.map(({ path }) => path).filter((path) => !path.includes('specifications')),
    ]),
    [
      ['pkg:gem/json@2.6.3', ['usr/local/lib/ruby/3.2.0/json.rb']],
      ['pkg:gem/nokogiri@1.15.4?platform=x86_64-linux', [`${home}/gems/nokogiri-1.15.4-x86_64-linux/lib/n.rb`]],
    ],
  );
});

test('a version that is computed is concluded from the name of the file; nothing at all is a gap', () => {
  const [one] = catalogued({ 'g/specifications/x-1.2.gemspec': 's.name = "x"\ns.version = X::VERSION\n' }).components;
  assert.deepEqual([one?.purl, one?.grade], ['pkg:gem/x@1.2', 'inferred']);
  assert.equal(
    readWith(ruby, 'g/specifications/x.gemspec', 's.version = "#{major}.1"')?.gaps[0]?.reason,
    'bad-database',
  );
  assert.equal(readWith(ruby, 'g/gems/x-1/x.gemspec', rack), null);
});

test('broken gemspecs', () => survivesMutations(`${home}/specifications/rack-2.2.8.gemspec`, rack));
