import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { type Engine, engines } from '../support/engines.ts';
import { emptyLedger, ledgerLine } from '../support/ledger.ts';
import { startUsher, type Usher } from '../support/usher.ts';
import { type Books, check, newBooks } from './books.ts';
import { type Phase, phases, workUntil } from './load.ts';

const isWhole = process.env['TEST_FAULTS'] !== undefined;
/** How a server ends: at once, or while it is about to end by itself. */
type End = 'killed' | 'killed while it drains';

interface Life {
  readonly phase: Phase;
  readonly end: End;
}

const ends: readonly End[] = ['killed', 'killed while it drains'];
const all: readonly Life[] = ends.flatMap((end) => phases.map((phase) => ({ phase, end })));
/** How often every life is lived; otherwise, how many of them are, beginning anywhere. */
const wholeRounds = 1;
const few = { sqlite: 2, postgres: 1 } as const;

function livesOf(name: keyof typeof few): readonly Life[] {
  if (isWhole) return Array.from({ length: wholeRounds }, () => all).flat();
  const first = randomInt(all.length);
  return Array.from({ length: few[name] }, (_, index) => all[(first + index * 7) % all.length]).flatMap((life) =>
    life ? [life] : [],
  );
}

/** Ends the server the hard way, for the second kind a moment after it was asked to end. */
async function strikeDown(usher: Usher, end: End): Promise<void> {
  if (end === 'killed while it drains') {
    void usher.stop('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, randomInt(40)));
  }
  await usher.stop('SIGKILL');
}

async function live(usher: Usher, { phase, end }: Life, books: Books): Promise<void> {
  const act = () => strikeDown(usher, end);
  await workUntil({ phase, count: randomInt(1, 4), delay: randomInt(25), act }, usher, books);
}

function tell(t: TestContext, kills: number, { acknowledged, lost, doubleSpent }: Books): void {
  t.diagnostic(ledgerLine({ ...emptyLedger, kills, acknowledged, lost, doubleSpent }));
  assert.deepEqual({ lost, doubleSpent }, { lost: 0, doubleSpent: 0 });
  assert.ok(acknowledged > kills, `only ${acknowledged} writes were acknowledged`);
}

function killed(engine: Engine, lives: readonly Life[]): void {
  test(`${engine.name}: killed with -9 in the middle of journeys, codes, refreshes, sign-ups and management, it keeps what it acknowledged and nothing is spent twice`, async (t) => {
    const store = { ...engine.options(), args: ['--limits', 'none', '--log-level', 'error'] };
    const books = newBooks();
    let usher = await startUsher(store);
    t.after(() => usher.stop('SIGKILL'));
    for (const life of lives) {
      await t.test(`${life.end}: ${life.phase}`, async () => {
        await live(usher, life, books);
        usher = await startUsher(store);
        await check(usher, books);
        assert.deepEqual({ lost: books.lost, doubleSpent: books.doubleSpent }, { lost: 0, doubleSpent: 0 });
      });
    }
    tell(t, lives.length, books);
  });
}

for (const engine of engines)
  if (engine.name === 'sqlite' || engine.name === 'postgres') killed(engine, livesOf(engine.name));
