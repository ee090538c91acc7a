import { execFile } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const longest = 180_000;

const hint = (line: string): void => void process.stderr.write(`${line}\n`);

/** A folder that nobody else can have put anything into. Throws when somebody has made it before us. */
function ownFolder(): string {
  const { uid } = userInfo();
  const folder = join(tmpdir(), `usher-bench-${uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || (uid >= 0 && found.uid !== uid)) throw new Error(`${folder} belongs to somebody else`);
  return folder;
}

const nameOf = (packages: readonly string[]): string => packages.join('+').replaceAll(/[^\w.+-]/g, '_');

async function install(kept: string, root: string, packages: readonly string[]): Promise<void> {
  hint(`installing ${packages.join(', ')} into ${kept}, once …`);
  const folder = mkdtempSync(join(root, 'new-'));
  try {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'peer', private: true }));
    await run('npm', ['install', '--no-audit', '--no-fund', ...packages], { cwd: folder, timeout: longest });
    renameSync(folder, kept);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The folder in which these packages are installed, below the system's temporary folder, where a later run finds them again. What we are compared
 * with is never a dependency of ours. Absent when they cannot be had, as without a package registry; the reason is then told.
 */
export async function installed(packages: readonly string[]): Promise<string | undefined> {
  try {
    const root = ownFolder();
    const kept = join(root, nameOf(packages));
    if (!existsSync(kept)) await install(kept, root, packages);
    return kept;
  } catch (error) {
    hint(`not installed, so not measured: ${packages.join(', ')} (${error instanceof Error ? error.message : error})`);
    return undefined;
  }
}
