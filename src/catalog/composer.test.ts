import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composer } from './composer.js';
import { catalogued, readWith } from './image.test.support.js';
import { survivesMutations } from './mutation.test.support.js';

const packages = [
  {
    name: 'monolog/monolog',
    version: '2.9.1',
    version_normalized: '2.9.1.0',
    dist: { type: 'zip', url: 'https://api.example.org/monolog/zipball/f259e2b' },
    license: ['MIT'],
    authors: [{ name: 'Jordi Boggiano', email: 'j@example.org' }],
    'install-path': '../monolog/monolog',
  },
  { name: 'Symfony/Console', version: 'v5.4.28', license: 'MIT', 'install-path': '../symfony/console' },
];
const version2 = JSON.stringify({ packages, dev: false, 'dev-package-names': [] });

const installedPhp = `<?php return array(
    'root' => array(
        'name' => 'acme/shop',
        'pretty_version' => '1.4.0',
        'install_path' => __DIR__ . '/../../',
    ),
    'versions' => array(
        'acme/shop' => array(
            'pretty_version' => '1.4.0',
            'version' => '1.4.0.0',
            'install_path' => __DIR__ . '/../../',
        ),
        'monolog/monolog' => array(
            'pretty_version' => '2.9.1',
            'install_path' => __DIR__ . '/../monolog/monolog',
        ),
        'psr/log-implementation' => array(
            'provided' => array(
                0 => '1.0.0 || 2.0.0 || 3.0.0',
            ),
        ),
    ),
);
`;

test('both forms of installed.json; packages own their folders', () => {
  for (const source of [version2, JSON.stringify(packages)]) {
    const { components, gaps } = catalogued({
      'app/vendor/composer/installed.json': source,
      'app/vendor/monolog/monolog/src/Logger.php': '<?php',
      'app/vendor/symfony/console/Application.php': '<?php',
    });
    assert.deepEqual(gaps, []);
    assert.deepEqual(
      components.map((one) => [one.purl, one.name, one.licenses, one.supplier, one.owns.map(({ path }) => path)]),
      [
        [
          'pkg:composer/monolog/monolog@2.9.1',
          'monolog/monolog',
          ['MIT'],
          'Jordi Boggiano <j@example.org>',
          ['app/vendor/monolog/monolog/src/Logger.php'],
        ],
        [
          'pkg:composer/symfony/console@v5.4.28',
          'symfony/console',
          ['MIT'],
          undefined,
          ['app/vendor/symfony/console/Application.php'],
        ],
      ],
    );
    assert.equal(components[0]?.downloadLocation, 'https://api.example.org/monolog/zipball/f259e2b');
  }
});

test('installed.php alone speaks for all, beside installed.json for the application only', () => {
  const purls = (files: Record<string, string>) => catalogued(files).components.map((one) => one.purl);
  const php = { 'app/vendor/composer/installed.php': installedPhp };
  assert.deepEqual(purls(php), ['pkg:composer/acme/shop@1.4.0', 'pkg:composer/monolog/monolog@2.9.1']);
  const { components } = catalogued({ ...php, 'app/vendor/composer/installed.json': version2 });
  assert.deepEqual(
    components.map((one) => [one.purl, one.locations.length]),
    [
      ['pkg:composer/acme/shop@1.4.0', 1],
      ['pkg:composer/monolog/monolog@2.9.1', 1],
      ['pkg:composer/symfony/console@v5.4.28', 1],
    ],
  );
});

test('what is broken is a gap', () => {
  const read = (source: string) => readWith(composer, 'vendor/composer/installed.json', source);
  assert.equal(read('{')?.gaps[0]?.reason, 'bad-database');
  assert.deepEqual([read('[{}]')?.records.length, read('[{}]')?.gaps.length], [0, 1]);
  assert.deepEqual(read('{"packages":[]}'), { records: [], gaps: [] });
  assert.equal(readWith(composer, 'app/installed.json', version2), null);
});

test('broken files of Composer', () => {
  survivesMutations('app/vendor/composer/installed.json', version2);
  survivesMutations('app/vendor/composer/installed.php', installedPhp);
});
