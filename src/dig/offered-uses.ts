import { findUses } from '../discover/index.js';
import type { Gap, Image, ImageUse } from '../model/index.js';
import { normalise, tryReference } from '../oci/index.js';
import type { DugImage } from './dug-image.js';

/** Images that nothing in the manifests names, and that a program may start all the same. */
export interface OfferedUses {
  readonly uses: readonly ImageUse[];
  readonly gaps: readonly Gap[];
}

/** An image that another one names inside: in a program, or in the environment that its configuration sets. */
interface Offer {
  readonly written: string;
  readonly where: string;
}

/**
 * What the images of a target name inside: references compiled into an operator's program, and those that an image's
 * configuration sets in the environment. Each is a use `operator-default`, `likely`, at every container that runs the
 * image, with the file and the offset in `against`; what the manifests name already is left out.
 *
 * They are offered, not opened: one gap an image says how many, and of which repositories the program makes the tag.
 */
export function offeredUses(images: readonly DugImage[], uses: readonly ImageUse[]): OfferedUses {
  const known = new Set(uses.map((use) => use.image));
  const offered: ImageUse[] = [];
  const gaps: Gap[] = [];
  const seen = new Set<string>();
  for (const { image, named } of images) {
    const places = uses.filter((use) => use.how === 'workload' && use.image === image.reference);
    if (places.length === 0) continue;
    const names = new Set<string>();
    const open = new Set<string>();
    for (const { written, where } of offersOf(image, named)) {
      const repository = repositoryOf(written);
      if (repository !== null) {
        open.add(repository);
        continue;
      }
      const reference = tryReference(written) === null ? null : normalise(written);
      if (reference === null || known.has(reference)) continue;
      names.add(reference);
      for (const place of places) {
        const key = JSON.stringify([place.in, reference]);
        if (seen.has(key)) continue;
        seen.add(key);
        const against = [`${where} of ${image.reference} names it; nothing says that it is started`];
        const found = { image: reference, written, how: 'operator-default', role: 'none' } as const;
        offered.push({ ...place, ...found, certainty: 'likely', against, causes: [] });
      }
    }
    if (names.size + open.size > 0) gaps.push(unopened(image, names.size, [...open].sort()));
  }
  return { uses: offered, gaps };
}

function offersOf(image: Image, named: DugImage['named']): readonly Offer[] {
  const compiled = named.map(({ text, path, offset }) => ({ written: text, where: `${path}, offset ${offset},` }));
  return [...compiled, ...inEnvironment(image.config.env)];
}

/** The images in an image's own variables, found as those of a container are. */
function inEnvironment(variables: readonly string[]): readonly Offer[] {
  const env = variables.map((variable) => {
    const equals = variable.indexOf('=');
    return { name: variable.slice(0, Math.max(equals, 0)), value: variable.slice(equals + 1) };
  });
  const object = { apiVersion: 'v1', kind: 'Pod', spec: { containers: [{ name: '', image: 'scratch', env }] } };
  const manifest = { object, text: '', template: '', document: 0, line: null, chart: null, hooks: [] };
  return findUses([manifest]).uses.flatMap((use) => {
    if (use.how !== 'environment' || use.certainty !== 'certain') return [];
    const name = env[Number(/\/env\/(\d+)\//.exec(use.in.field)?.[1])]?.name ?? '';
    return [{ written: use.image, where: `the variable ${name}` }];
  });
}

/** A repository whose tag the program makes itself (`…/reloader:v`, `…/agent:%s`, no tag at all), else null. */
function repositoryOf(text: string): string | null {
  const name = text.replace(/:v?(?:%[sv])?$/, '');
  return /[:@]/.test(name.slice(name.lastIndexOf('/') + 1)) ? null : name;
}

function unopened(image: Image, count: number, open: readonly string[]): Gap {
  const whole = `${count} ${count === 1 ? 'image' : 'images'} that it names inside and no manifest does: not opened`;
  const tagless = `repositories in its program, whose tags it makes: ${open.join(', ')}`;
  const detail = [...(count === 0 ? [] : [whole]), ...(open.length === 0 ? [] : [tagless])].join('; ');
  const row = { kind: 'use', reason: 'undecided', image: null, subject: image.reference } as const;
  return { ...row, detail, count: count + open.length, bytes: 0 };
}
