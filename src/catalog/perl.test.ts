import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogued, readWith } from './image.test.support.js';
import { survivesMutations } from './mutation.test.support.js';
import { perl } from './perl.js';

const lib = 'usr/local/lib/perl5/site_perl/5.38.0';
const install =
  '{"dist":"URI-5.28","name":"URI","version":"5.28","pathname":"O/OA/URI-5.28.tar.gz","target":"URI","provides":{}}';
const pod = `=head2 Mon Jan  1 00:00:00 2024: C<Module> L<HTTP::Tiny|HTTP::Tiny>

=over 4

=item *

C<installed into: /usr/local/lib/perl5>

=item *

C<VERSION: 0.088>

=back

=head2 Mon Jan  1 00:00:01 2024: C<Module> L<URI|URI>

C<VERSION: 5.28>
`;
const packlist = `/${lib}/x86_64-linux/HTTP/Tiny.pm\n/${lib}/x86_64-linux/a b.pm type=file\n`;

test('distributions by what cpanm left, by perllocal.pod, and their files', () => {
  const { components } = catalogued({
    [`${lib}/x86_64-linux/.meta/URI-5.28/install.json`]: install,
    [`${lib}/x86_64-linux/perllocal.pod`]: pod,
    [`${lib}/x86_64-linux/auto/HTTP/Tiny/.packlist`]: packlist,
    [`${lib}/x86_64-linux/auto/Only/Here/.packlist`]: `/${lib}/Here.pm\n`,
    [`${lib}/x86_64-linux/HTTP/Tiny.pm`]: 'x',
    [`${lib}/x86_64-linux/a b.pm`]: 'y',
  });
  assert.deepEqual(
    components.map((one) => [one.purl, one.grade, one.owns.length]),
    [
      ['pkg:cpan/HTTP-Tiny@0.088', 'inferred', 2],
      ['pkg:cpan/Only-Here', 'inferred', 0],
      ['pkg:cpan/URI@5.28', 'claimed', 1],
    ],
  );
});

test('what is broken is a gap', () => {
  assert.equal(readWith(perl, 'x/.meta/A-1/install.json', '{')?.gaps[0]?.reason, 'bad-database');
  assert.equal(readWith(perl, 'x/install.json', install), null);
});

test('broken files of CPAN', () => {
  survivesMutations(`${lib}/.meta/URI-5.28/install.json`, install);
  survivesMutations(`${lib}/perllocal.pod`, pod);
  survivesMutations(`${lib}/auto/HTTP/Tiny/.packlist`, packlist);
});
