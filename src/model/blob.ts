/** An OCI descriptor (image-spec, descriptor.md), as far as Trowel uses it. */
export interface Descriptor {
  readonly mediaType: string;
  /** `algorithm:hex`, of the bytes as they are stored or sent. */
  readonly digest: string;
  readonly sizeBytes: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly urls?: readonly string[];
}

/**
 * Where the bytes of a blob are: plain data, so that a layer can be read in this thread, a worker or another machine.
 *
 * - `file`: a file, or a stretch of one (a member of an uncompressed image archive)
 * - `member`: a stretch of the uncompressed bytes of a gzip-compressed image archive
 * - `registry`: `GET /v2/<repository>/blobs/<digest>`; credentials are not in here, the opener knows them
 * - `archive`: one file that is told as what it holds or would install (`file:`)
 * - `tree`: a directory that is read as if it were one layer (`dir:`)
 */
export type BlobLocation =
  | { readonly kind: 'file'; readonly path: string; readonly offset: number; readonly sizeBytes: number }
  | { readonly kind: 'member'; readonly path: string; readonly offset: number; readonly sizeBytes: number }
  | { readonly kind: 'registry'; readonly registry: string; readonly repository: string; readonly digest: string }
  | { readonly kind: 'archive'; readonly path: string; readonly format: ArchiveFormat }
  | { readonly kind: 'tree'; readonly path: string };

/**
 * What a file of `file:` is: a package archive (`tar` also npm's, `zip` also a wheel), or a file that is told as itself.
 */
export type ArchiveFormat = 'apk' | 'deb' | 'file' | 'gem' | 'rpm' | 'tar' | 'zip';

/** Opens the bytes of a blob, as they are stored. Throws TrowelError (`not-found`, `denied`, `unreachable`, …). */
export type OpenBlob = (location: BlobLocation) => Promise<AsyncIterable<Uint8Array>>;
