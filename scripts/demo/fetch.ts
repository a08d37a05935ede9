import type { Client } from './clients.js';
import { fetchDebian } from './fetch-debian.js';
import { fetchGo } from './fetch-go.js';
import { fetchMaven } from './fetch-maven.js';
import { fetchNpm } from './fetch-npm.js';
import { fetchPython } from './fetch-python.js';
import type { Lock } from './lock.js';
import { type Brought, nothing, type Parts } from './parts.js';

/** Asks each client that is there for its packages; names what is left out and why. */
export async function fetchParts(
  clients: ReadonlySet<Client>,
  lock: Lock,
  say: (text: string) => void,
): Promise<Parts> {
  const absent: string[] = [];
  async function ask(client: Client, what: string, fetch: () => Promise<Brought>): Promise<Brought> {
    if (!clients.has(client)) {
      absent.push(`${what}: no ${client} here`);
      return nothing;
    }
    say(`fetching ${what} with ${client}`);
    return await fetch();
  }
  const npm = await ask('npm', 'npm packages', () => fetchNpm(lock));
  const python = await ask('python3', 'Python packages', () => fetchPython(lock));
  const debian = await ask('apt-get', 'Debian packages', fetchDebian);
  const go = await ask('go', 'a Go program', fetchGo);
  const maven = await ask('mvn', 'Maven jars', fetchMaven);
  const all = [npm, python, debian, go, maven];
  return {
    npm: npm.files,
    python: python.files,
    debian: debian.files,
    programs: go.files,
    jars: maven.files,
    left: [...absent, ...all.flatMap((brought) => brought.left)],
    notes: all.flatMap((brought) => brought.notes ?? []),
  };
}
