import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface ShellOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Exit codes beside 0 that are no failure. */
  readonly also?: readonly number[];
}

/** Runs a program and answers what it wrote; throws with the end of what it complained of. */
export async function shell(command: string, args: readonly string[], options: ShellOptions = {}): Promise<string> {
  return await new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...process.env, LC_ALL: 'C.UTF-8', ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const stdout: Buffer[] = [];
    let complaints = '';
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      complaints = (complaints + chunk.toString('utf8')).slice(-4000);
    });
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const text = Buffer.concat(stdout).toString('utf8');
      if (code === 0 || (code !== null && (options.also ?? []).includes(code))) resolve(text);
      else
        reject(
          new Error(`${command} ${args.join(' ')} ended with ${code ?? signal}: ${complaints || text.slice(-2000)}`),
        );
    });
  });
}

/** Where a program lies in the path, or null. */
export function programAt(name: string): string | null {
  const dirs = (process.env.PATH ?? '').split(delimiter);
  const dir = dirs.find((one) => one !== '' && existsSync(join(one, name)));
  return dir === undefined ? null : join(dir, name);
}
