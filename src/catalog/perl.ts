import type { CatalogFile } from '../model/index.js';
import { fileText, type TypedJoin, type TypedRead, type TypedRecord } from './define.js';
import { fieldsOf, jsonObject, textOf } from './json.js';
import { definePackages, manyRows, oneRow, type PackageFacts, type PackageRow } from './packages.js';
import { eachLine } from './paragraphs.js';
import { baseName, folderOf, pathFrom } from './paths.js';

/**
 * CPAN distributions: `install.json` with the META of a distribution in `.meta/` (cpanm, cpm), and `perllocal.pod` and
 * `.packlist` of the core's installer, which know modules and not distributions (`inferred`: a distribution is named
 * after its main module).
 *
 * Follows: CPAN::Meta::Spec; ExtUtils::Packlist; perllocal.pod as ExtUtils::Command::MM writes it.
 */
export const perl = definePackages({
  name: 'perl',
  version: 1,
  wants: (file) => file.type === 'file' && kindOf(file.path) !== null,
  read,
  choose: withFiles,
  about: {
    finds: 'CPAN distributions',
    reads: ['**.meta/*/install.json', '**perllocal.pod', '**/auto/**/.packlist'],
    purls: ['cpan'],
    grades: ['claimed', 'inferred'],
    facts: ['files'],
    limit: "the core's installer knows modules, not distributions: those are `inferred`",
  },
});

type Kind = 'install' | 'local' | 'packlist' | null;

function kindOf(path: string): Kind {
  const name = baseName(path);
  if (name === 'install.json') return /(?:^|\/)\.meta\/[^/]+\/install\.json$/.test(path) ? 'install' : null;
  if (name === 'perllocal.pod') return 'local';
  return name === '.packlist' && /\/auto\/.+\/\.packlist$/.test(path) ? 'packlist' : null;
}

function read(file: CatalogFile): TypedRead<PackageRow> {
  const { path } = file.head;
  const source = fileText(file);
  switch (kindOf(path)) {
    case 'install':
      return readInstall(source, path);
    case 'local':
      return manyRows(readLocal(source), 'a perllocal.pod with a module that can be none');
    case 'packlist':
      return oneRow(readPacklist(source, path), 'a .packlist of a module that can be none');
    case null:
      return { records: [] };
  }
}

/** `{"dist":"URI-5.12","name":"URI","version":"5.12","pathname":"O/OA/…/URI-5.12.tar.gz","provides":{…},"target":"URI"}` */
function readInstall(source: string, path: string): TypedRead<PackageRow> {
  const fields = fieldsOf(jsonObject(source, 'an install.json'));
  const dist = textOf(fields.get('dist')) || baseName(folderOf(path));
  const version = textOf(fields.get('version'));
  const main = textOf(fields.get('name')) || textOf(fields.get('target'));
  const name =
    version !== '' && dist.endsWith(`-${version}`)
      ? dist.slice(0, -version.length - 1)
      : dist.replace(/-v?\d[^-]*$/, '');
  return oneRow(
    {
      ...cpan(name, version),
      what: 'install.json',
      value: `${dist}, main module ${main === '' ? 'unknown' : main}`,
      folders: [folderOf(path)],
    },
    'an install.json without a distribution',
  );
}

function cpan(name: string, version: string | null): Pick<PackageFacts, 'type' | 'name' | 'version' | 'ecosystem'> {
  return { type: 'cpan', name: name.replaceAll('::', '-'), version, ecosystem: null };
}

/** `=head2 DATE: C<Module> L<URI|URI>` and below `C<VERSION: 5.12>`; the last entry of a module counts. */
function readLocal(source: string): readonly PackageFacts[] {
  const found = new Map<string, PackageFacts>();
  let module: string | null = null;
  for (const line of eachLine(source)) {
    const head = line.startsWith('=head2') ? /C<Module> L<([\w:-]{1,200})\|/.exec(line.slice(0, 1000)) : null;
    if (line.startsWith('=head2')) module = head?.[1] ?? null;
    const version = /^C<VERSION: ([^>\s]{1,100})>/.exec(line)?.[1];
    if (module === null || version === undefined) continue;
    found.set(module, {
      ...cpan(module, version),
      grade: 'inferred',
      what: 'perllocal.pod',
      value: `Module ${module}, VERSION: ${version}`,
    });
  }
  return [...found.values()];
}

/** One absolute path a line, attributes (`type=file`) behind a blank; the version is in the module itself: not here. */
function readPacklist(source: string, path: string): PackageFacts | null {
  const at = path.lastIndexOf('/auto/');
  const module = folderOf(path.slice(at + 6)).replaceAll('/', '-');
  const files: (readonly [string, null])[] = [];
  for (const line of eachLine(source)) {
    const place = /^(\/\S*(?: [^\s=]+)*)(?: \w+=|$)/.exec(line.slice(0, 4096))?.[1];
    const inside = place === undefined ? null : pathFrom('', place);
    if (inside !== null && files.length < 50_000) files.push([inside, null]);
  }
  return {
    ...cpan(module, null),
    grade: 'inferred',
    what: '.packlist',
    value: `${module}, ${files.length} files`,
    files,
  };
}

/** A .packlist lends its files to the distribution of the same name that states a version; alone it stays. */
function withFiles(input: TypedJoin<PackageRow>): readonly TypedRecord<PackageRow>[] {
  const lists = new Map(
    input.records.flatMap((record) => (record.data.what === '.packlist' ? [[record.data.name, record] as const] : [])),
  );
  const installed = new Set(input.records.flatMap(({ data }) => (data.what === 'install.json' ? [data.name] : [])));
  const stated = new Set(input.records.flatMap(({ data }) => (data.what === '.packlist' ? [] : [data.name])));
  return input.records
    .filter(({ data }) => (data.what === '.packlist' ? !stated.has(data.name) && data.name !== 'Perl' : true))
    .filter(({ data }) => data.what !== 'perllocal.pod' || !installed.has(data.name))
    .map((record) => {
      const files = record.data.what === '.packlist' ? undefined : lists.get(record.data.name)?.data.files;
      return files === undefined ? record : { ...record, data: { ...record.data, files } };
    });
}
