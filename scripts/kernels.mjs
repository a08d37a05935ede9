// Compiles kernels/*.ts (AssemblyScript) into WebAssembly, where the compiled program and the joined one look for it.
import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import asc from 'assemblyscript/asc';

const out = process.env.OUT ?? 'dist';
/** Where each is wanted, and how many pages of 64 KiB it lays out. */
const kernels = {
  inflate: { room: 'src/pack', pages: 14 },
  text: { room: 'src/layer', pages: 1 },
};

for (const [name, { room, pages }] of Object.entries(kernels)) {
  const source = `kernels/${name}.ts`;
  const target = `${out}/${room}/${name}.wasm`;
  const newest = Math.max(...[source, 'scripts/kernels.mjs'].map((path) => statSync(path).mtimeMs));
  if (!existsSync(target) || statSync(target).mtimeMs <= newest) await compile(source, target, pages);
  mkdirSync(`${out}/bin`, { recursive: true });
  copyFileSync(target, `${out}/bin/${name}.wasm`);
}

async function compile(source, target, pages) {
  const features = ['--enable', 'simd', '--runtime', 'stub', '--noAssert', '--initialMemory', String(pages)];
  // The lowest KiB is for the compiler's own data; the kernels lay out the rest by hand.
  const { error, stderr } = await asc.main([
    ...['-O3', '--memoryBase', '64', '--outFile', target, ...features],
    source,
  ]);
  if (error !== null) {
    process.stderr.write(stderr.toString());
    process.exit(1);
  }
}
