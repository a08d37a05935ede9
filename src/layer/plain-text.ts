import { type Kernel, newKernel } from '../pack/index.js';

/** What kernels/text.ts exports. */
interface TextKernel extends Kernel {
  plainLength(length: number): number;
}

const place = new URL('./text.wasm', import.meta.url);

/** Where the kernel looks, and how much is shown to it at once. */
const start = 1024;
const mostBytes = 32 * 1024;

let loaded: { readonly kernel: TextKernel; readonly memory: Uint8Array } | null = null;

function load(): { readonly kernel: TextKernel; readonly memory: Uint8Array } {
  const kernel = newKernel<TextKernel>(place, ['plainLength']);
  loaded = { kernel, memory: new Uint8Array(kernel.memory.buffer) };
  return loaded;
}

/** How many of the first bytes, at most 32 KiB, are printable ASCII or control characters that texts have. */
export function plainLength(bytes: Uint8Array): number {
  const { kernel, memory } = loaded ?? load();
  const shown = bytes.length > mostBytes ? bytes.subarray(0, mostBytes) : bytes;
  memory.set(shown, start);
  return kernel.plainLength(shown.length);
}
