import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goString } from '../../src/template/index.js';
import { inRoot } from '../paths.js';
import { type Case, frameOf, type Outcome } from './case.js';

/** An answer of the real engine, and when it was given: templates ask for the time. */
export interface Answer extends Outcome {
  readonly at: Date;
}

/** Builds the program that links Helm into a folder of its own. Throws where Go or the modules are not to be had. */
export function buildRealEngine(helm: 3 | 4): { readonly program: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'trowel-fuzz-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const program = join(folder, `helm${helm}`);
  const built = spawnSync('go', ['build', '-o', program, '.'], {
    cwd: inRoot('test', 'fuzz', `helm${helm}`),
    env: { ...process.env, GOTOOLCHAIN: 'auto', GOFLAGS: '-mod=mod' },
    encoding: 'utf8',
  });
  if (built.status !== 0) {
    remove();
    throw new Error(`go build failed: ${built.error?.message ?? built.stderr}`);
  }
  return { program, remove };
}

/** A template that runs so long is taken for one that does not end. */
const longestCase = 20_000;

/** The real engine as a child process; answers come in the order of the cases. */
export class RealEngine {
  readonly #program: string;
  #child: ChildProcess | null = null;
  #pending: { readonly settle: (answer: Answer | null) => void }[] = [];
  #received: Buffer = Buffer.alloc(0);

  constructor(program: string) {
    this.#program = program;
  }

  /** null where the case ended the process (Go cannot recover from a full stack) or did not end itself. */
  async ask(cases: readonly Case[]): Promise<readonly (Answer | null)[]> {
    const answers: (Answer | null)[] = [];
    while (answers.length < cases.length) {
      const rest = cases.slice(answers.length);
      const promises = rest.map(() => new Promise<Answer | null>((settle) => this.#pending.push({ settle })));
      this.#start().stdin?.write(Buffer.concat(rest.map(frameOf)));
      for (const promise of promises) {
        const timer = setTimeout(() => this.#child?.kill('SIGKILL'), longestCase);
        const answer = await promise;
        clearTimeout(timer);
        answers.push(answer);
        // The others were lost with the process and are asked again.
        if (answer === null) break;
      }
    }
    return answers;
  }

  stop(): void {
    this.#child?.stdin?.end();
    this.#child = null;
  }

  #start(): ChildProcess {
    if (this.#child !== null) return this.#child;
    // Times print the same everywhere.
    const child = spawn(this.#program, [], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, TZ: 'UTC', GOGC: '400' },
    });
    child.stdout?.on('data', (bytes: Buffer) => this.#take(bytes));
    child.stdin?.on('error', () => {});
    child.on('close', () => {
      if (this.#child === child) this.#child = null;
      this.#received = Buffer.alloc(0);
      const lost = this.#pending;
      this.#pending = [];
      for (const { settle } of lost) settle(null);
    });
    this.#child = child;
    return child;
  }

  #take(bytes: Buffer): void {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    let at = 0;
    while (this.#received.length - at >= 4) {
      const size = this.#received.readUInt32LE(at);
      if (this.#received.length - at - 4 < size) break;
      const frame = this.#received.subarray(at + 4, at + 4 + size);
      at += 4 + size;
      this.#pending.shift()?.settle({
        failed: frame[0] === 1,
        at: new Date(Number(frame.readBigInt64LE(1) / 1_000_000n)),
        text: goString(frame.subarray(9)),
      });
    }
    this.#received = this.#received.subarray(at);
  }
}
