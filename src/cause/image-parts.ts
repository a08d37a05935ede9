/** The parts of a reference in normal form; the empty text for a part that it lacks. */
export interface ImageParts {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

export type PartName = keyof ImageParts;

/** `PartName`, or all of a reference. */
export type Part = PartName | 'whole';

export const partNames: readonly PartName[] = ['registry', 'repository', 'tag', 'digest'];

/** Takes a reference in normal form apart, as `formatReference` of the room `oci` writes it. */
export function imageParts(image: string): ImageParts {
  const slash = image.indexOf('/');
  const at = image.indexOf('@');
  const name = at < 0 ? image : image.slice(0, at);
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  return {
    registry: image.slice(0, Math.max(slash, 0)),
    repository: name.slice(slash + 1, colon < 0 ? undefined : colon),
    tag: colon < 0 ? '' : name.slice(colon + 1),
    digest: at < 0 ? '' : image.slice(at + 1),
  };
}

/** The reference of these parts. */
export function joinParts({ registry, repository, tag, digest }: ImageParts): string {
  const name = [registry, repository].filter((text) => text !== '').join('/');
  return `${name}${tag === '' ? '' : `:${tag}`}${digest === '' ? '' : `@${digest}`}`;
}

/** A reference without what Docker implies: `docker.io/library/busybox` is `busybox`. */
export function shortName(image: string): string {
  return image.replace(/^docker\.io\/(?:library\/)?/, '');
}

/** The parts in which two references differ. */
export function changedParts(before: string, after: string): ReadonlySet<PartName> {
  const one = imageParts(before);
  const other = imageParts(after);
  return new Set(partNames.filter((part) => one[part] !== other[part]));
}

/** One word for several parts: what a values path that moves all of them decides. */
export function oneWordFor(parts: ReadonlySet<PartName>): Part {
  if (parts.has('repository')) return parts.has('tag') || parts.has('digest') ? 'whole' : 'repository';
  if (parts.has('registry')) return parts.has('tag') || parts.has('digest') ? 'whole' : 'registry';
  return parts.has('tag') ? 'tag' : 'digest';
}
