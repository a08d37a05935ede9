import type { Domain } from './domains.js';

/** What a function takes where it is called well: its parameters, and domains of which any number may follow. */
export interface Signature {
  readonly params: readonly Domain[];
  readonly rest?: readonly Domain[];
  /** How many arguments may be left out at the end, where it is no function of any number. */
  readonly optional?: number;
}

const row = (params: string, rest = '', optional = 0): Signature => ({
  params: words(params),
  ...(rest === '' ? {} : { rest: words(rest) }),
  ...(optional === 0 ? {} : { optional }),
});

const words = (text: string): Domain[] => text.split(' ').filter((word) => word !== '') as Domain[];

function each(names: string, ...signatures: readonly Signature[]): [string, readonly Signature[]][] {
  return names.split(' ').map((name) => [name, signatures]);
}

/** Functions whose result is not random and that need no more care than their parameters. */
export const signatures: ReadonlyMap<string, readonly Signature[]> = new Map([
  ...each('hello', row('')),
  ...each(
    'trim upper lower title untitle swapcase snakecase kebabcase camelcase nospace initials b64enc b32enc sha1sum ' +
      'sha256sum sha512sum adler32sum regexQuoteMeta',
    row('str'),
  ),
  ...each('trimAll trimall trimSuffix trimPrefix contains hasPrefix hasSuffix', row('word str'), row('str str')),
  ...each('trunc abbrev wrap indent nindent', row('small str'), row('count str')),
  ...each('repeat', row('index str')),
  ...each('substr', row('small small str')),
  ...each('abbrevboth', row('count count str')),
  ...each('wrapWith', row('count word str')),
  ...each('quote squote cat print println html js urlquery', row('', 'any')),
  ...each('printf', row('format', 'any'), row('format any'), row('format number')),
  ...each('replace', row('word str str'), row('word word str')),
  ...each('plural', row('str str small')),
  ...each(
    'toString empty typeOf kindOf toJson toRawJson toPrettyJson mustToJson mustToRawJson mustToPrettyJson',
    row('any'),
  ),
  ...each('toYaml toYamlPretty', row('any'), row('map'), row('list'), row('str')),
  ...each('toToml', row('map'), row('any')),
  ...each('toStrings sortAlpha', row('list'), row('any')),
  ...each('join', row('word list'), row('word any')),
  ...each('split splitList', row('word str')),
  ...each('splitn', row('word small str')),
  ...each('list tuple coalesce all any dict', row('', 'any')),
  ...each('append mustAppend push mustPush prepend mustPrepend', row('list any')),
  ...each(
    'first mustFirst last mustLast rest mustRest initial mustInitial reverse mustReverse compact mustCompact uniq mustUniq',
    row('list'),
    row('any'),
  ),
  ...each('without mustWithout', row('list', 'any')),
  ...each('has mustHas', row('any list')),
  ...each('slice mustSlice', row('list index index'), row('list index'), row('list'), row('any index')),
  ...each('chunk mustChunk', row('index list')),
  ...each('concat', row('', 'list'), row('', 'any')),
  ...each('until', row('small')),
  ...each('untilStep', row('small small small')),
  ...each('seq', row('small'), row('small small'), row('small small small'), row('', 'small')),
  ...each('get hasKey', row('map key')),
  ...each('set', row('ownMap key any')),
  ...each('unset', row('map key')),
  ...each('pluck', row('key', 'map')),
  ...each('pick omit', row('map', 'key')),
  ...each('merge mustMerge mergeOverwrite mustMergeOverwrite', row('ownMap ownMap'), row('ownMap', 'ownMap')),
  ...each('dig', row('key any map'), row('key key any map'), row('', 'any')),
  ...each('deepCopy mustDeepCopy', row('any'), row('map'), row('list')),
  ...each('default', row('any any'), row('any', 'any')),
  ...each('ternary', row('any any bool')),
  ...each('typeIs typeIsLike', row('type any')),
  ...each('kindIs', row('kind any')),
  ...each('deepEqual', row('any any'), row('list list'), row('map map')),
  ...each('int int64 float64 toDecimal add1 add1f ceil floor', row('number'), row('any')),
  ...each('atoi', row('str'), row('semver')),
  ...each('add addf', row('', 'number')),
  ...each('sub div mod', row('number number')),
  ...each('mul max biggest min subf mulf divf maxf minf', row('number', 'number'), row('number number')),
  ...each('round', row('number small'), row('number index float')),
  ...each('regexMatch mustRegexMatch regexFind mustRegexFind', row('pattern str')),
  ...each('regexFindAll mustRegexFindAll regexSplit mustRegexSplit', row('pattern str small')),
  ...each(
    'regexReplaceAll mustRegexReplaceAll regexReplaceAllLiteral mustRegexReplaceAllLiteral',
    row('pattern str replacement'),
  ),
  ...each('semver', row('semver')),
  ...each('semverCompare', row('constraint semver')),
  ...each('date', row('layout date')),
  ...each('dateInZone date_in_zone', row('layout date zone')),
  ...each('dateModify date_modify mustDateModify must_date_modify', row('duration time')),
  ...each('htmlDate', row('date')),
  ...each('htmlDateInZone', row('date zone')),
  ...each('ago', row('time')),
  ...each('duration', row('number'), row('any')),
  ...each('durationRound', row('duration'), row('number'), row('time')),
  ...each('unixEpoch', row('time')),
  ...each('fromYaml fromYamlArray', row('yaml')),
  ...each('fromJson fromJsonArray mustFromJson', row('json')),
  ...each('fromToml', row('toml')),
  ...each('b64dec', row('base64')),
  ...each('b32dec', row('base32')),
  ...each('base osBase dir osDir clean osClean ext osExt isAbs osIsAbs', row('path')),
  ...each('urlParse', row('url')),
  ...each('urlJoin', row('urlMap')),
  ...each('and or', row('any', 'any')),
  ...each('not len', row('any')),
  ...each('index', row('list index'), row('map key'), row('str index'), row('any', 'any'), row('lists index index')),
  ...each('eq', row('number number', 'number'), row('any any', 'any'), row('str str')),
  ...each('ne', row('number number'), row('any any'), row('str str')),
  ...each('lt le gt ge', row('number number'), row('any any'), row('str str')),
  ...each('call', row('any', 'any'), row('special')),
  ...each('required', row('str any')),
  ...each('fail getHostByName', row('str')),
  ...each('lookup', row('str str str str')),
  // Helm 4 has these as well.
  ...each('mustToYaml', row('any'), row('map'), row('list'), row('str')),
  ...each('mustToToml', row('map'), row('any')),
  ...each(
    'mustToDuration durationSeconds durationMilliseconds durationMicroseconds durationNanoseconds durationMinutes ' +
      'durationHours durationDays durationWeeks',
    row('duration'),
    row('number'),
    row('any'),
  ),
  ...each('durationRoundTo durationTruncateTo', row('duration duration'), row('number number'), row('any any')),
]);
