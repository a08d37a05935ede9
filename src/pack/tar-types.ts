/** What one tar entry says, after PAX and GNU extensions were applied. */
export interface TarHeader {
  /** As stored: not cleaned, may begin with `./` or `/`, may hold `..`. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'hardlink' | 'character' | 'block' | 'fifo' | 'other';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Logical size of the content, holes of a sparse file included. */
  readonly sizeBytes: number;
  /** Bytes of content that the archive holds for it. */
  readonly storedBytes: number;
  /** Target of a symbolic or hard link as stored, else the empty string. */
  readonly link: string;
  /** Seconds since 1970. */
  readonly mtime: number;
  /** Where the stored content begins, in bytes of the uncompressed archive. */
  readonly offset: number;
  /** Whether it is a GNU or PAX sparse file: its sink is given the holes as zeros. */
  readonly sparse: boolean;
  /** SHA-1 in hex that apk-tools states of the content (`APK-TOOLS.checksum.SHA1` of a pax header). */
  readonly sha1?: string;
}

/** Takes the content of one entry, in order, holes expanded. `chunk` is only valid during the call: copy to keep. */
export interface TarSink {
  write(chunk: Uint8Array): void;
  end(): void;
}

export interface TarHandler {
  /** Called for each entry; the answer takes its content, null skips it. */
  entry(header: TarHeader): TarSink | null;
}

export interface TarLimits {
  readonly entries: number;
  /** Longest path or link, in bytes; also bounds PAX and GNU headers. */
  readonly pathBytes: number;
  /** Logical bytes of all entries, so that a sparse file cannot promise without end. */
  readonly totalBytes: number;
}
