import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The package clients that the demo can use; npm is always there, the others where the machine has them. */
export const clientNames = ['npm', 'python3', 'apt-get', 'go', 'mvn'] as const;

export type Client = (typeof clientNames)[number];

/** The clients on PATH. */
export function findClients(): ReadonlySet<Client> {
  const found = new Set<Client>();
  for (const name of clientNames) {
    for (const dir of (process.env.PATH ?? '').split(delimiter)) {
      try {
        accessSync(join(dir, name), constants.X_OK);
        found.add(name);
        break;
      } catch {
        // Not in this one.
      }
    }
  }
  return found;
}

/** How one run of a client ended; `output` is standard output, `errors` the end of standard error. */
export interface ClientRun {
  readonly ok: boolean;
  readonly output: string;
  readonly errors: string;
}

/** Runs a client with its user's own configuration, never through a shell. */
export async function runClient(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<ClientRun> {
  return await new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    child.on('error', (error) => resolve({ ok: false, output: '', errors: error.message }));
    child.on('close', (code) => {
      const text = Buffer.concat(errors).toString('utf8').trim();
      resolve({ ok: code === 0, output: Buffer.concat(output).toString('utf8'), errors: text.slice(-400) });
    });
  });
}
