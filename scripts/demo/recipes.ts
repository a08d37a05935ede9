import { readFile } from 'node:fs/promises';
import { FileTree } from './file-tree.js';
import type { Parts } from './parts.js';
import { type DebianPackage, debianPackage, npmEntries, sourceEntries, wheelFiles } from './unpack.js';
import { writeZip } from './write-zip.js';

/** One image of the example: how it is laid out of the parts that are there. */
export interface Recipe {
  readonly reference: string;
  readonly created: string | null;
  readonly labels?: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  /** Layers from the bottom up, each with the history line that a Dockerfile would have left. */
  layers(parts: Parts): Promise<readonly PlannedLayer[]>;
}

export interface PlannedLayer {
  readonly createdBy: string;
  readonly tree: FileTree;
}

const python = 'usr/lib/python3.8/site-packages';

/** A static Go program and nothing else: no distribution, no package database, a main module without a version. */
const operator: Recipe = {
  reference: 'registry.example/observatory/operator:v0.4.0',
  created: '2020-11-12T09:00:00Z',
  labels: { 'org.opencontainers.image.source': 'https://git.example/observatory/operator' },
  entrypoint: ['/usr/bin/operator'],
  layers: async (parts) => {
    const tree = new FileTree();
    await npmProgram(parts, 'esbuild-linux-64@0.8.0', tree, 'usr/bin/operator');
    return tree.has('usr/bin/operator') ? [{ createdBy: 'COPY operator /usr/bin/operator', tree }] : [];
  },
};

/** Node packages of 2020, as an application of that year would have installed them. */
const configReloader: Recipe = {
  reference: 'registry.example/observatory/config-reloader:v0.4.0',
  created: '2020-11-12T09:10:00Z',
  entrypoint: ['node', '/app/index.js'],
  layers: async (parts) => {
    const tree = new FileTree().file('app/index.js', "'use strict';\nrequire('axios');\n");
    for (const [spec, path] of parts.npm) {
      if (programs.has(spec)) continue;
      const name = spec.slice(0, spec.lastIndexOf('@'));
      for (const entry of await npmEntries(path))
        tree.add({ ...entry, path: `app/node_modules/${name}/${entry.path}` });
    }
    return [{ createdBy: 'RUN npm ci --only=production', tree }];
  },
};

/** npm packages that bring a program, a jar or a library instead of a module. */
const programs: ReadonlySet<string> = new Set([
  'google-closure-compiler-java@20200719.0.0',
  'esbuild-linux-64@0.8.0',
  '@esbuild/linux-x64@0.16.0',
  '@img/sharp-libvips-linux-x64@1.0.0',
]);

/** A jar that holds jars, as a server packed by Spring Boot does. */
const collector: Recipe = {
  reference: 'registry.example/observatory/collector:v2.22.1',
  created: '2020-11-04T12:00:00Z',
  entrypoint: ['java', '-jar', '/app/collector.jar'],
  layers: async (parts) => {
    const inner: { path: string; content: Uint8Array }[] = [];
    const compiler = parts.npm.get('google-closure-compiler-java@20200719.0.0');
    if (compiler !== undefined) {
      const jar = (await npmEntries(compiler)).find((entry) => entry.path === 'compiler.jar')?.content;
      if (jar !== undefined) inner.push({ path: 'BOOT-INF/lib/closure-compiler.jar', content: jar });
    }
    for (const [coordinate, path] of parts.jars) {
      const [, artifact, version] = coordinate.split(':');
      inner.push({ path: `BOOT-INF/lib/${artifact}-${version}.jar`, content: await readFile(path) });
    }
    if (inner.length === 0) return [];
    const manifest = [
      'Manifest-Version: 1.0',
      'Implementation-Title: collector',
      'Implementation-Version: 2.22.1',
      'Main-Class: org.springframework.boot.loader.JarLauncher',
      '',
      '',
    ].join('\r\n');
    const jar = writeZip([{ path: 'META-INF/MANIFEST.MF', content: Buffer.from(manifest) }, ...inner]);
    return [{ createdBy: 'COPY collector.jar /app/', tree: new FileTree().file('app/collector.jar', jar) }];
  },
};

/**
 * The base that was assembled by hand: busybox, the C library, a CA bundle, time zones and /etc/services, all from
 * Debian and without its package database, under a real Go program.
 */
const nodeProbe: Recipe = {
  reference: 'registry.example/prober/node-probe:v1.0.1',
  created: '1970-01-01T00:00:00Z',
  labels: { 'org.opencontainers.image.base.name': 'registry.example/prober/base-glibc:latest' },
  entrypoint: ['/bin/node_exporter'],
  layers: async (parts) => {
    const base = new FileTree();
    const take = async (name: string, keep: (path: string) => boolean): Promise<void> => {
      const deb = parts.debian.get(name);
      if (deb === undefined) return;
      for (const entry of (await debianPackage(deb)).entries) if (keep(entry.path)) base.add(entry);
    };
    await take('busybox-static', (path) => /^(usr\/)?bin\/busybox$/.test(path));
    await take('libc6', (path) =>
      /^(usr\/)?lib(64)?\/(x86_64-linux-gnu\/|aarch64-linux-gnu\/)?[^/]*\.so[^/]*$/.test(path),
    );
    await take('tzdata', (path) => path.startsWith('usr/share/zoneinfo/') && !/\/(right|posix)\//.test(path));
    await take('netbase', (path) => path === 'etc/services' || path === 'etc/protocols');
    const roots = new FileTree();
    const certificates = parts.debian.get('ca-certificates');
    if (certificates !== undefined) {
      for (const entry of (await debianPackage(certificates)).entries) {
        if (entry.path.endsWith('.crt')) roots.add(entry);
      }
      const bundle = roots.under('usr').map(({ content }) => Buffer.from(content));
      base.file('etc/ssl/certs/ca-certificates.crt', Buffer.concat(bundle));
    }
    const vips = parts.npm.get('@img/sharp-libvips-linux-x64@1.0.0');
    if (vips !== undefined) {
      const library = (await npmEntries(vips)).find((entry) => /^lib\/libvips-cpp\.so/.test(entry.path));
      if (library?.content !== undefined) base.file('usr/lib/libvips-cpp.so.42', library.content, 0o755);
    }
    const program = new FileTree();
    const built = parts.programs.get('node_exporter');
    if (built !== undefined) program.file('bin/node_exporter', await readFile(built), 0o755);
    else await npmProgram(parts, '@esbuild/linux-x64@0.16.0', program, 'bin/node_exporter');
    return [
      { createdBy: 'ADD rootfs.tar.xz /', tree: base },
      { createdBy: 'COPY node_exporter /bin/node_exporter', tree: program },
    ];
  },
};

/** A Debian image with its package database, under another Go program. */
const dashboard: Recipe = {
  reference: 'registry.example/dashboard/dashboard:7.2.1',
  created: '2020-10-08T08:00:00Z',
  labels: { maintainer: 'Dashboard team', 'org.opencontainers.image.version': '7.2.1' },
  entrypoint: ['/usr/share/dashboard/bin/dashboard-server'],
  layers: async (parts) => {
    const layers: PlannedLayer[] = [];
    const base = new FileTree();
    const status: string[] = [];
    for (const name of ['base-files', 'libc6', 'zlib1g', 'netbase']) {
      const deb = parts.debian.get(name);
      if (deb !== undefined) status.push(installed(await debianPackage(deb), name, base));
    }
    if (status.length > 0) {
      base.file('var/lib/dpkg/status', status.join('\n'));
      layers.push({ createdBy: 'ADD file:rootfs.tar.xz in /', tree: base });
    }
    const program = new FileTree();
    await npmProgram(parts, '@esbuild/linux-x64@0.16.0', program, 'usr/share/dashboard/bin/dashboard-server');
    layers.push({ createdBy: 'COPY dashboard-server /usr/share/dashboard/bin/', tree: program });
    return layers;
  },
};

/** Two pinned Python packages and the fifteen that they resolved to in November 2020. */
const sidecar: Recipe = {
  reference: 'registry.example/dashboard/sidecar:1.1.0',
  created: '2020-10-29T10:00:00Z',
  entrypoint: ['python', '-u', '/app/sidecar.py'],
  layers: async (parts) => {
    if (parts.python.size === 0) return [];
    const tree = new FileTree();
    for (const [pin, path] of parts.python) {
      if (path.endsWith('.whl')) await installWheel(path, tree);
      else await layOutSource(pin, path, tree);
    }
    const app = new FileTree()
      .file('app/requirements.txt', 'kubernetes==12.0.0\nrequests==2.24.0\n')
      .file('app/sidecar.py', 'import kubernetes, requests\n');
    return [
      { createdBy: 'RUN pip install -r requirements.txt', tree },
      { createdBy: 'COPY sidecar/ /app/', tree: app },
    ];
  },
};

/** In the order in which the chart names them; observatory/migrate is not here: nobody can pull it. */
export const recipes: readonly Recipe[] = [operator, configReloader, collector, nodeProbe, dashboard, sidecar];

/** `bin/esbuild` of an npm package under another name: a Go program of its own time. */
async function npmProgram(parts: Parts, spec: string, tree: FileTree, path: string): Promise<void> {
  const tarball = parts.npm.get(spec);
  if (tarball === undefined) return;
  const content = (await npmEntries(tarball)).find((entry) => entry.path === 'bin/esbuild')?.content;
  if (content !== undefined) tree.file(path, content, 0o755);
}

/** Lays out a package as dpkg would, and gives its paragraph for `status`. */
function installed(deb: DebianPackage, name: string, tree: FileTree): string {
  const paths: string[] = [];
  for (const entry of deb.entries) {
    tree.add(entry);
    paths.push(`/${entry.path}`);
  }
  const info = `var/lib/dpkg/info/${/^Multi-Arch: same$/m.test(deb.control) ? `${name}:${architecture(deb)}` : name}`;
  tree.file(`${info}.list`, `/.\n${paths.sort().join('\n')}\n`);
  if (deb.md5sums !== '') tree.file(`${info}.md5sums`, deb.md5sums);
  return deb.control
    .trimEnd()
    .replace(/^(Package: .*)$/m, '$1\nStatus: install ok installed')
    .concat('\n');
}

function architecture(deb: DebianPackage): string {
  return /^Architecture: (\S+)$/m.exec(deb.control)?.[1] ?? 'amd64';
}

/** A wheel's files where an installer puts them (the binary distribution format, "Installing a wheel"). */
async function installWheel(path: string, tree: FileTree): Promise<void> {
  for (const { path: name, content } of await wheelFiles(path)) {
    const scheme = /^[^/]+\.data\/(purelib|platlib)\/(.*)$/.exec(name);
    if (scheme === null && /^[^/]+\.data\//.test(name)) continue;
    tree.file(`${python}/${scheme?.[2] ?? name}`, content);
  }
}

/** A source archive's package and metadata, as `setup.py install` would have left them; setup.py is not run. */
async function layOutSource(pin: string, path: string, tree: FileTree): Promise<void> {
  const [name, version] = pin.split('==');
  for (const { path: file, content, type } of await sourceEntries(path)) {
    if (type !== 'file' || content === undefined) continue;
    const module = /^lib3\/(.+\.py)$/.exec(file);
    if (module !== null) tree.file(`${python}/${module[1]}`, content);
    if (file === 'PKG-INFO') tree.file(`${python}/${name}-${version}.egg-info/PKG-INFO`, content);
  }
  tree.file(`${python}/${name}-${version}.egg-info/top_level.txt`, 'yaml\n');
}
