import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { run } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Guard } from './guards/guard.ts';

/** What the tests of a guard came to, with it or without. */
interface Came {
  readonly passed: number;
  /** Names of the tests that failed by themselves, not because their file or a hook before them did. */
  readonly failed: readonly string[];
  /** The file did not load, or a hook failed: nothing was tried. */
  readonly broken: boolean;
}

export interface Verdict {
  readonly guard: Guard;
  /** Undefined: the tests pass with the guard and fail without it. */
  readonly flaw?: string;
  readonly failed: readonly string[];
}

interface Outcome {
  readonly name: string;
  readonly file?: string;
  readonly skip?: string | boolean;
  readonly details: { readonly type?: string; readonly error?: { readonly failureType?: string } & Error };
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const milliseconds = 75_000;
const unneeded = new Set(['node_modules', '.git', 'dist', 'data']);

/** A copy of the project in which code may be taken out. */
export function copyTree(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'usher-guards-'));
  cpSync(root, folder, { recursive: true, filter: (path) => !unneeded.has(basename(path)) });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

async function tests(folder: string, { test, named }: Guard): Promise<Came> {
  const file = join(folder, test);
  const stream = run({
    files: [file],
    cwd: folder,
    timeout: milliseconds,
    // A test that fails may leave a server open that keeps its process alive: what it has told by then counts.
    signal: AbortSignal.timeout(milliseconds),
    ...(named === undefined ? {} : { testNamePatterns: [new RegExp(quoted(named))] }),
  });
  const failed: string[] = [];
  let passed = 0;
  let broken = false;
  const isTest = ({ name, details }: Outcome): boolean => details.type !== 'suite' && name !== file && name !== test;
  stream.on('test:pass', (outcome: Outcome) => {
    if (isTest(outcome) && !outcome.skip) passed += 1;
  });
  stream.on('test:fail', (outcome: Outcome) => {
    if (!isTest(outcome)) broken ||= failed.length === 0;
    else if (outcome.details.error?.failureType === 'hookFailed') broken = true;
    else failed.push(outcome.name);
  });
  for await (const _ of stream);
  return { passed, failed, broken: broken && failed.length === 0 };
}

/** Something that does not load makes every test fail, and would prove nothing. */
function loads(path: string): boolean {
  const script = `await import(${JSON.stringify(pathToFileURL(path).href)})`;
  const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { timeout: milliseconds });
  return status === 0;
}

/** Throws when the code is not there, or not alone. */
export function withoutGuard({ file, code, without }: Guard, source: string): string {
  const parts = source.split(code);
  if (parts.length !== 2) throw new Error(`the code stands ${parts.length - 1} times in ${file}: ${code}`);
  return parts.join(without);
}

/** Takes one guard out of the copy, runs its tests, and puts it back. */
async function tryWithout(folder: string, guard: Guard): Promise<Verdict> {
  const path = join(folder, guard.file);
  const source = readFileSync(path, 'utf8');
  const none = { guard, failed: [] };
  try {
    writeFileSync(path, withoutGuard(guard, source));
    if (!loads(path)) return { ...none, flaw: 'the file does not load without the guard' };
    const { failed, broken } = await tests(folder, guard);
    if (broken) return { ...none, flaw: 'nothing could be tried without the guard' };
    return failed.length > 0
      ? { guard, failed }
      : { ...none, flaw: 'SURVIVED: no test notices that the guard is gone' };
  } finally {
    writeFileSync(path, source);
  }
}

/** Proves one guard in the copy. `isSound`: whether tests with the guard in place are known to pass; filled as they are run. */
export async function prove(folder: string, guard: Guard, isSound: Map<string, Promise<Came>>): Promise<Verdict> {
  const key = `${guard.test}\n${guard.named ?? ''}`;
  const sound = isSound.get(key) ?? tests(folder, guard);
  isSound.set(key, sound);
  const { passed, failed, broken } = await sound;
  if (broken || failed.length > 0)
    return { guard, failed: [], flaw: `fails with the guard in place: ${failed.join('; ')}` };
  if (passed === 0) return { guard, failed: [], flaw: 'no test has that name' };
  return tryWithout(folder, guard);
}
