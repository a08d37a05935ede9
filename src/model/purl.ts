/** The parts of a package URL (ECMA-427, https://github.com/package-url/purl-spec), decoded. */
export interface PurlParts {
  readonly type: string;
  readonly namespace?: string | null;
  readonly name: string;
  readonly version?: string | null;
  readonly qualifiers?: Readonly<Record<string, string | null | undefined>>;
  readonly subpath?: string | null;
}
