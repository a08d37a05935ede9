/**
 * Processor time of this process in milliseconds, for tests that something grows with the size of its input and not with
 * its square: what other programs do meanwhile does not count. Bounds leave slow machines ten times what is needed.
 */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
