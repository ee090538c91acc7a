/**
 * `npm run test:guards`: takes each guard of `guards.ts` out of a copy of the project, one at a time, and runs the test that has to
 * notice. Prints guard → tests that failed, and fails when one survives. `npm run test:guards -- WORD…` tries those whose line holds
 * one of the words.
 */
import { availableParallelism } from 'node:os';
import { share, startPostgres } from '../support/postgres.ts';
import { copyTree, prove, type Verdict } from './guard-run.ts';
import { type Guard, titleOf } from './guards/guard.ts';
import { guards } from './guards.ts';

const words = process.argv.slice(2);
const wanted = guards.filter((guard) => words.length === 0 || words.some((word) => titleOf(guard).includes(word)));

if (wanted.length === 0)
  process.stderr.write(`No guard's file or line holds '${words.join("' or '")}': without words all are tried.\n`);

/** Those of one file of tests after one another, so that each file is tried with its guards once. */
const queue: Guard[] = [...wanted].sort((one, other) => one.test.localeCompare(other.test));

function print({ guard, flaw, failed }: Verdict): void {
  const [first = '', ...others] = failed;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  process.stdout.write(`${flaw ? 'FAIL' : 'ok  '} ${titleOf(guard)}\n       → ${flaw ?? `${first}${more}`}\n`);
}

async function lane(verdicts: Verdict[]): Promise<void> {
  const { folder, remove } = copyTree();
  const isSound = new Map();
  try {
    for (let guard = queue.shift(); guard; guard = queue.shift()) {
      const verdict = await prove(folder, guard, isSound);
      verdicts.push(verdict);
      print(verdict);
    }
  } finally {
    remove();
  }
}

if (wanted.some(({ test }) => test === 'test/security/single-use.test.ts')) share(await startPostgres());
const verdicts: Verdict[] = [];
const lanes = Math.min(queue.length, Math.max(1, availableParallelism()));
await Promise.all(Array.from({ length: lanes }, () => lane(verdicts)));
const flawed = verdicts.filter(({ flaw }) => flaw !== undefined).length;
process.stdout.write(
  `\n${verdicts.length} guards: ${verdicts.length - flawed} are missed by a test, ${flawed} are not\n`,
);
process.exitCode = flawed > 0 || verdicts.length === 0 ? 1 : 0;
