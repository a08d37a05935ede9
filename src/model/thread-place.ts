/**
 * Where a file of the program lies that starts a thread, seen from the module that starts it (`here`): `beside` it as it
 * was compiled, or at `joined` where the command line was joined into one file (ARCHITECTURE.md), which is CommonJS.
 */
export function threadPlace(here: string, beside: string, joined: string): URL {
  return new URL(here.endsWith('.cjs') ? joined : beside, here);
}
