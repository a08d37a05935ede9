import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogued } from './image.test.support.js';
import { survivesMutations } from './mutation.test.support.js';

const plugin = `<?php
/**
 * @package Akismet
 */
/*
Plugin Name: Akismet Anti-spam: Spam Protection
Plugin URI: https://akismet.example/
Version: 5.3.2
Author: Automattic
License: GPLv2 or later
*/
`;
const theme = '/*\nTheme Name: Twenty Four\nAuthor: the WordPress team\nVersion: 1.1\n*/\nbody {}\n';

test('the core, plug-ins and themes, each with its folder', () => {
  const { components, gaps } = catalogued({
    'var/www/wp-includes/version.php': "<?php\n$wp_version = '6.5.3';\n",
    'var/www/wp-includes/load.php': '<?php',
    'var/www/wp-content/plugins/akismet/akismet.php': plugin,
    'var/www/wp-content/plugins/akismet/class.akismet.php': '<?php class Akismet {}',
    'var/www/wp-content/plugins/hello.php': '<?php\n/* Plugin Name: Hello Dolly\nVersion: 1.7.2 */',
    'var/www/wp-content/themes/twentyfour/style.css': theme,
    'var/www/wp-content/plugins/index.php': '<?php // Silence is golden.',
  });
  assert.deepEqual(gaps, []);
  assert.deepEqual(
    components.map((one) => [one.purl, one.supplier, one.owns.length]),
    [
      ['pkg:generic/wordpress@6.5.3', undefined, 2],
      ['pkg:wordpress/plugin/akismet@5.3.2', 'Automattic', 2],
      ['pkg:wordpress/plugin/hello@1.7.2', undefined, 1],
      ['pkg:wordpress/theme/twentyfour@1.1', 'the WordPress team', 1],
    ],
  );
});

test('broken headers', () => {
  survivesMutations('w/wp-content/plugins/a/a.php', plugin);
  survivesMutations('w/wp-content/themes/a/style.css', theme);
});
