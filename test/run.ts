/**
 * `npm test`: the quick check beside every test, with whatever they need beyond npm. Ends with one line that counts passed and
 * failed. `npm test -- flows graph` runs the test files whose path holds one of the words, without the check. `npm run test:long` runs
 * those that try a bounded number of cases here with all of them, which takes much longer; `npm run test:faults` does so for those that
 * kill, starve and cut off servers, one file after the other, and ends with what they counted together.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, constants, setPriority, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { run } from 'node:test';
import type { TestEvent } from 'node:test/reporters';
import { emptyLedger, type Ledger, ledgerLine, readLedgerLine, sum } from './support/ledger.ts';
import { share, startPostgres } from './support/postgres.ts';
import { provideBrowser } from './support/provide-browser.ts';
import { type Batches, together } from './support/together.ts';

const root = new URL('../', import.meta.url).pathname;
const isLong = process.argv.includes('--long');
const isFaults = process.argv.includes('--faults');
/** Those that take a bounded number of cases unless `TEST_LONG` asks for all. */
const long = [
  'src/flows/random-walks',
  'test/journeys/proofs-can-fail',
  'test/security/wire',
  'test/security/isolation-graph',
  'test/security/near-misses',
  'test/pages/accessible',
  'test/scenarios/golden',
  'test/scenarios/permissions',
  'test/compat/graph-walk',
];
const faults = ['test/faults/', 'test/nodes/', 'test/scenarios/crash', 'test/scenarios/webhooks'];
const given = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const words = given.length > 0 ? given : isFaults ? faults : isLong ? long : [];
if (isLong) process.env['TEST_LONG'] = '1';
if (isFaults) process.env['TEST_FAULTS'] = '1';

const testMilliseconds = isLong ? 3_600_000 : isFaults ? 900_000 : 180_000;
// The runner bounds each test, and no file: one that fails before it closes what it opened would keep the whole run waiting.
process.env['TEST_FILE_MILLISECONDS'] = String(testMilliseconds * 1.5);

/** Of this run, and gone with it. */
function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `usher-${name}-`));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Modules are the same in every process: stripped and compiled once a run, they cost a third of a second less in each of the others. */
function shareCompiledModules(): void {
  process.env['NODE_COMPILE_CACHE'] = temporaryFolder('compiled');
}

/** Slow or crowded ones first, so that they do not run alone at the end. */
const first = /^test\//;

function testFiles(): readonly string[] {
  const all = globSync('{src,test}/**/*.test.ts', { cwd: root }).sort();
  const wanted = words.length ? all.filter((file) => words.some((word) => file.includes(word))) : all;
  return [...wanted.filter((file) => first.test(file)), ...wanted.filter((file) => !first.test(file))];
}

/** One PostgreSQL server for all files that use it; it ends with this process, however that ends. */
async function providePostgres(files: readonly string[]): Promise<void> {
  const uses = (file: string) =>
    /support\/(engines|postgres|wired-server)\.ts'/.test(readFileSync(`${root}${file}`, 'utf8'));
  if (files.some(uses)) share(await startPostgres());
}

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

interface Outcome {
  readonly name: string;
  readonly file?: string;
  readonly nesting: number;
  readonly skip?: string | boolean;
  readonly details: {
    readonly type?: string;
    readonly duration_ms: number;
    readonly error?: { readonly cause?: unknown } & Error;
  };
}

interface Summary {
  readonly file?: string;
  readonly counts: { readonly passed: number };
  readonly duration_ms: number;
}

interface Diagnostic {
  readonly nesting: number;
  readonly message: string;
}

/** A file's own wrapper is no test; it counts only when it fails by itself, e.g. because it does not load. */
const isTest = ({ details, name, file }: Outcome): boolean => details.type !== 'suite' && name !== file;

function describeFailure({ name, file, details }: Outcome): string {
  const cause = details.error?.cause ?? details.error;
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return `\nFAILED ${file ? relative(root, file) : ''}: ${name}\n${text.replace(/^/gm, '    ')}\n`;
}

/** What a process ran, as it is told: a file, or the first of many. */
function titleOf(files: readonly string[]): string {
  const [one = '', ...more] = files.map((file) => relative(root, file));
  return more.length > 0 ? `${one} and ${more.length} more up to ${more.at(-1)}` : one;
}

/** Counts and prints what the runner tells. */
function createReport(batches: Batches) {
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
  let ledger: Ledger = emptyLedger;
  const failedFiles = new Set<string>();
  const hasFailed = (path: string): boolean => (batches.get(path) ?? [path]).some((file) => failedFiles.has(file));
  const handlers: Readonly<Record<string, (data: never) => void>> = {
    'test:pass': (outcome: Outcome) => {
      if (outcome.skip) tally.skipped += 1;
      else if (isTest(outcome)) tally.passed += 1;
    },
    'test:fail': (outcome: Outcome) => {
      if (!isTest(outcome) && hasFailed(outcome.name)) return;
      if (outcome.file) failedFiles.add(outcome.file);
      tally.failed += 1;
      process.stdout.write(describeFailure(outcome));
    },
    // What a test says of itself; the runner's own counts stand at the top level.
    'test:diagnostic': ({ nesting, message }: Diagnostic) => {
      if (nesting > 0) process.stdout.write(`${message}\n`);
      ledger = sum(ledger, readLedgerLine(message) ?? emptyLedger);
    },
    'test:summary': ({ file, counts, duration_ms }: Summary) => {
      if (!file) return;
      const mark = hasFailed(file) ? 'FAIL' : 'ok  ';
      const seconds = (duration_ms / 1000).toFixed(1);
      process.stdout.write(`${mark} ${titleOf(batches.get(file) ?? [file])} (${counts.passed} passed, ${seconds} s)\n`);
    },
  };
  return { tally, ledger: () => ledger, tell: ({ type, data }: TestEvent) => handlers[type]?.(data as never) };
}

async function runTests(files: readonly string[]): Promise<Tally> {
  const paths = files.map((file) => join(root, file));
  // A few are run as they are asked for, each with a line of its own.
  const alone = new Map(paths.map((path) => [path, [path]]));
  const batches = words.length > 0 ? alone : together(paths, temporaryFolder('together'));
  const { tally, ledger, tell } = createReport(batches);
  const stream = run({
    files: [...batches.keys()],
    concurrency: isFaults ? 1 : Math.max(2, availableParallelism()),
    timeout: testMilliseconds,
    execArgv: ['--import', new URL('./support/bounded-file.ts', import.meta.url).href],
  });
  for await (const event of stream as AsyncIterable<TestEvent>) tell(event);
  if (ledger() !== emptyLedger) process.stdout.write(`\nin all: ${ledgerLine(ledger())}\n`);
  return tally;
}

/** Types, lint and walls, in the time that tests leave: none of them waits for it. Resolves to whether all is well; it says itself what is not. */
async function check(): Promise<boolean> {
  const child = spawn(process.execPath, ['scripts/check.ts'], { cwd: root, stdio: 'inherit' });
  const exited = once(child, 'exit');
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  return (await exited)[0] === 0;
}

async function main(): Promise<number> {
  const files = testFiles();
  const trouble = provideBrowser((line) => process.stdout.write(`${line}\n`));
  if (trouble) {
    process.stdout.write(`${trouble}\n\n0 passed, 1 failed\n`);
    return 1;
  }
  process.stdout.write(`${files.length} test files\n`);
  if (files.length === 0) process.stderr.write(`No path of a test file holds '${words.join("' or '")}'.\n`);
  shareCompiledModules();
  await providePostgres(files);
  const checked = words.length === 0 ? check() : Promise.resolve(true);
  const tally = await runTests(files);
  const failed = tally.failed + ((await checked) ? 0 : 1);
  const { passed, skipped } = tally;
  process.stdout.write(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

process.exitCode = await main();
