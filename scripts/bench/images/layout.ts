import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** What an image adds up to. */
export interface ImageFacts {
  readonly layers: number;
  readonly storedBytes: number;
  readonly tarBytes: number;
}

/**
 * Writes an OCI layout (image-spec, image-layout.md) with one image, layer by layer, without ever holding one. It comes
 * to lie in its place only when it is whole.
 */
export class LayoutWriter {
  readonly #dir: string;
  readonly #making: string;
  readonly #layers: Descriptor[] = [];
  readonly #diffIds: string[] = [];
  readonly #history: { readonly created: string; readonly created_by: string }[] = [];
  #tarBytes = 0;

  constructor(dir: string) {
    this.#dir = dir;
    this.#making = `${dir}.making`;
    rmSync(this.#making, { recursive: true, force: true });
    mkdirSync(join(this.#making, 'blobs', 'sha256'), { recursive: true });
  }

  /** `tar` is the uncompressed archive; 6 is what most builders compress with. */
  async addLayer(tar: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, createdBy: string, level = 6): Promise<void> {
    const [plain, stored] = [new Counted(), new Counted()];
    const temporary = join(this.#making, 'layer');
    const gzip = createGzip({ level, chunkSize: 1 << 20 });
    await pipeline(Readable.from(tar), plain, gzip, stored, createWriteStream(temporary));
    const digest = stored.digest();
    renameSync(temporary, this.#blob(digest));
    this.#layers.push({ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest, size: stored.bytes });
    this.#diffIds.push(plain.digest());
    this.#tarBytes += plain.bytes;
    this.#history.push({ created: '1970-01-01T00:00:00Z', created_by: createdBy });
  }

  finish(name: string): void {
    const config = this.#document('application/vnd.oci.image.config.v1+json', {
      created: '1970-01-01T00:00:00Z',
      architecture: 'amd64',
      os: 'linux',
      config: { Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'], Cmd: ['/bin/sh'] },
      rootfs: { type: 'layers', diff_ids: this.#diffIds },
      history: this.#history,
    });
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const manifest = this.#document(mediaType, { schemaVersion: 2, mediaType, config, layers: this.#layers });
    const annotations = { 'org.opencontainers.image.ref.name': name };
    const platform = { architecture: 'amd64', os: 'linux' };
    this.#write('index.json', { schemaVersion: 2, manifests: [{ ...manifest, platform, annotations }] });
    this.#write('oci-layout', { imageLayoutVersion: '1.0.0' });
    const storedBytes = this.#layers.reduce((sum, layer) => sum + layer.size, 0);
    const facts: ImageFacts = { layers: this.#layers.length, storedBytes, tarBytes: this.#tarBytes };
    this.#write('facts.json', facts);
    rmSync(this.#dir, { recursive: true, force: true });
    renameSync(this.#making, this.#dir);
  }

  #blob(digest: string): string {
    return join(this.#making, 'blobs', ...digest.split(':'));
  }

  #document(mediaType: string, value: unknown): Descriptor {
    const bytes = Buffer.from(JSON.stringify(value));
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    writeFileSync(this.#blob(digest), bytes);
    return { mediaType, digest, size: bytes.length };
  }

  #write(name: string, value: unknown): void {
    writeFileSync(join(this.#making, name), JSON.stringify(value));
  }
}

/** Hands bytes on, counts them and takes their digest. */
class Counted extends Transform {
  readonly #hash = createHash('sha256');
  bytes = 0;

  override _transform(chunk: Buffer, _: string, done: (error: null, chunk: Buffer) => void): void {
    this.#hash.update(chunk);
    this.bytes += chunk.length;
    done(null, chunk);
  }

  digest(): string {
    return `sha256:${this.#hash.digest('hex')}`;
  }
}
