import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Made, purls, type TruthCase } from './case.js';
import { packFolder } from './image.js';
import { programAt, shell } from './shell.js';

const manifest = `[package]
name = "truth-hello"
version = "0.1.0"
edition = "2021"
[dependencies]
serde_json = "=1.0.120"
regex = "=1.10.5"
anyhow = "=1.0.86"
sha2 = "=0.10.8"
`;

const source = `use sha2::Digest;
fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let (pattern, text) = (args.next().unwrap_or_default(), args.next().unwrap_or_default());
    let value: serde_json::Value = serde_json::from_str(&text)?;
    println!("{} {:?}", regex::Regex::new(&pattern)?.is_match(&value.to_string()), sha2::Sha256::digest(text));
    Ok(())
}
`;

/** A program whose crates cargo-auditable lists in it, and the same program stripped. */
export const rust: TruthCase = {
  name: 'rust',
  needs: ['cargo', 'strip', 'tar'],
  async make(dir): Promise<Made> {
    const bin = join(dir, 'root', 'usr', 'bin');
    const crate = join(dir, 'crate');
    mkdirSync(bin, { recursive: true });
    mkdirSync(join(crate, 'src'), { recursive: true });
    writeFileSync(join(crate, 'Cargo.toml'), manifest);
    writeFileSync(join(crate, 'src', 'main.rs'), source);
    // Built once for all runs, where cargo keeps such things.
    const kept = join(process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'bin');
    if (programAt('cargo-auditable') === null && !existsSync(join(kept, 'cargo-auditable'))) {
      await shell('cargo', ['install', '--quiet', '--locked', 'cargo-auditable@0.7.0']);
    }
    const env = { PATH: `${kept}${delimiter}${process.env.PATH ?? ''}` };
    await shell('cargo', ['auditable', 'build', '--quiet', '--release'], { cwd: crate, env });
    const program = join(crate, 'target', 'release', 'truth-hello');
    copyFileSync(program, join(bin, 'hello'));
    await shell('strip', ['-o', join(bin, 'hello-stripped'), program]);
    const tree = await shell(
      'cargo',
      ['tree', '--prefix', 'none', '--edges', 'normal,no-proc-macro', '--format', '{p}'],
      { cwd: crate },
    );
    const rows = [...tree.matchAll(/^(\S+) v(\S+)/gm)].map(([, name = '', version = '']): [string, string] => [
      name,
      version,
    ]);
    return { layers: [await packFolder(join(dir, 'root'))], truth: new Map([['cargo', purls('cargo', rows)]]) };
  },
};
