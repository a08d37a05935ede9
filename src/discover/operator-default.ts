import { judgeNamed, readCandidate } from './candidate.js';
import type { Finder } from './finder.js';
import { type Hit, type Place, troubleHit } from './hit.js';
import { dig, isList, isObject, type JsonObject, step } from './json.js';
import type { KubeObject } from './objects.js';
import { type OperatorRule, operatorRules, type Piece } from './operator-rules.js';
import { scalarText } from './parts.js';
import type { Settings } from './settings.js';

const place: Place = { how: 'operator-default', role: 'none', container: null };

/**
 * Objects that run an image which no manifest names, because their operator makes it (`operatorRules`): a use that is
 * `likely` where the object and the operator's settings in the same render say enough, else a trouble `undecided`, so
 * that a chart of such objects is not taken for one without images.
 */
export const operatorDefault: Finder = {
  name: 'operator-default',
  beyondText: true,
  *find(object, _budget, { settings }) {
    const group = object.apiVersion.slice(0, Math.max(object.apiVersion.indexOf('/'), 0));
    const open = new Set<string>();
    for (const rule of operatorRules) {
      if (rule.group !== group || !rule.kinds.includes(object.kind)) continue;
      if (rule.when !== undefined && !isGiven(object.value, rule.when)) continue;
      if (rule.given.some((path) => isGiven(object.value, path))) continue;
      const hit = compose(rule, object, settings);
      // An object is undecided once, however many of its images are.
      if (hit.trouble === null || !open.has(hit.trouble.detail)) yield hit;
      if (hit.trouble !== null) open.add(hit.trouble.detail);
    }
  },
};

function compose(rule: OperatorRule, object: KubeObject, settings: Settings): Hit {
  const reading: Reading = { object: object.value, settings, field: null, from: [] };
  const base = rule.base === undefined ? null : join(rule.base, reading);
  const isWhole = base !== null && /[:@]/.test(base.slice(base.lastIndexOf('/') + 1));
  const tag = rule.tag === undefined || isWhole ? '' : join(rule.tag, reading);
  const image = base === null || tag === null ? null : tag === '' ? base : `${base}:${tag}`;
  const verdict = image === null ? null : judgeNamed(image);
  if (verdict === null) return undecided(rule, object);
  const field = reading.field ?? 'spec';
  const written = scalarText(dig(object.value, ...field.split('.'))) ?? '';
  const against = [`no manifest names it: the operator makes it of ${reading.from.join(' and ')}`];
  const pointer = field.split('.').reduce<string>(step, object.pointer);
  const found = { field: pointer, written, image: verdict.candidate.image, certainty: 'likely', against } as const;
  return { ...place, ...found, trouble: null };
}

function undecided(rule: OperatorRule, object: KubeObject): Hit {
  const version = rule.tag === undefined ? null : scalarText(dig(object.value, 'spec', 'version'));
  const stated = version === null || version === '' ? '' : ` (the object states version ${version})`;
  return troubleHit('undecided', `its operator chooses the image${stated}`, '', step(object.pointer, 'spec'), place);
}

interface Reading {
  readonly object: JsonObject;
  readonly settings: Settings;
  /** The field of the object that decided something, the last of several. */
  field: string | null;
  /** What the image was made of, in words. */
  readonly from: string[];
}

/** The text of all pieces, or null where one of them is not there. */
function join(pieces: readonly Piece[], reading: Reading): string | null {
  let text = '';
  for (const piece of pieces) {
    const value = read(piece, reading);
    if (value === null) return null;
    text += value;
  }
  return text;
}

function read(piece: Piece, reading: Reading): string | null {
  if ('text' in piece) return piece.text;
  if ('field' in piece) {
    const value = stated(piece.field, reading);
    if (value !== null) reading.from.push(piece.field);
    return value ?? piece.otherwise ?? null;
  }
  const names = piece.setting.map((name) =>
    name.replace(/\{([\w.]+)\}/, (_, path: string) => stated(path, reading) ?? ''),
  );
  const value = reading.settings.valueOf(names);
  if (value !== null) reading.from.push(`its setting ${names[0] ?? ''}`);
  else if ('otherwise' in piece && piece.otherwise !== undefined) reading.from.push('its default repository');
  if ('entry' in piece) return value === null ? null : entryOf(value, stated(piece.entry, reading));
  return value ?? ('otherwise' in piece ? (piece.otherwise ?? null) : null);
}

function stated(path: string, reading: Reading): string | null {
  const value = scalarText(dig(reading.object, ...path.split('.')));
  if (value === null || value === '') return null;
  reading.field = path;
  return value;
}

/** Of lines `VERSION=IMAGE` that of a version, or the last: operators list the oldest first. */
function entryOf(list: string, version: string | null): string | null {
  const lines = list.split(/\s+/).filter((line) => line.includes('='));
  const line = version === null ? lines.at(-1) : lines.find((one) => one.startsWith(`${version}=`));
  const image = line?.slice(line.indexOf('=') + 1);
  return image === undefined || readCandidate(image) === null ? null : image;
}

function isGiven(object: JsonObject, path: string): boolean {
  const value = dig(object, ...path.split('.'));
  return (
    (typeof value === 'string' && value !== '') ||
    value === true ||
    isObject(value) ||
    (isList(value) && value.length > 0)
  );
}
