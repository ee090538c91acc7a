import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import { emptyLedger, ledgerLine } from '../support/ledger.ts';
import { type TestDatabase, testDatabase } from '../support/postgres.ts';
import { authorize, codeFor, redeem, refresh, type TokenAnswer } from '../support/sign-in.ts';
import { startUsher, temporaryFolder, type Usher } from '../support/usher.ts';
import { newVisitor, type Visitor } from '../support/visitor.ts';
import { startWire, type Wire } from '../support/wire.ts';

interface Told {
  readonly status: number;
  readonly answer: TokenAnswer;
}

/** Something that is good for one use, and what is told when it is presented. */
type Present = () => Promise<Told>;

const mostAnswers = 80;

describe('when nobody knows whether the database has done what it was asked', () => {
  let database: TestDatabase;
  let wire: Wire;
  /** The answer of the database after so many others never arrives, and its connection ends: whoever asked cannot know what was done. */
  let left = Number.POSITIVE_INFINITY;
  let usher: Usher;
  let visitor: Visitor;
  before(async () => {
    database = await testDatabase();
    const url = new URL(database.url);
    wire = await startWire(Number(url.port), (lose) => ({
      sent: () => undefined,
      answered() {
        left -= 1;
        if (left === -1) lose();
      },
    }));
    url.port = String(wire.port);
    usher = await startUsher({
      data: temporaryFolder(),
      database: async () => url.href,
      args: ['--limits', 'none', '--log-level', 'error'],
    });
    visitor = newVisitor(usher);
  });
  after(async () => {
    await usher?.stop();
    await wire?.close();
    await database?.drop();
  });

  async function newCode(): Promise<Present> {
    const attempt = authorize(usher);
    const code = await codeFor(visitor, attempt);
    return () => redeem(usher, attempt, code);
  }

  async function newRefreshToken(): Promise<Present> {
    const { answer } = await (await newCode())();
    const token = answer.refresh_token ?? '';
    return () => refresh(usher, token);
  }

  /** Loses one answer of an exchange, and sends again what was answered with "later". Undefined when it took fewer answers. */
  async function loseOne(present: Present, answers: number): Promise<readonly number[] | undefined> {
    left = answers;
    const first = await present();
    const wasLost = left < 0;
    left = Number.POSITIVE_INFINITY;
    if (!wasLost) return undefined;
    // What was lost may have been another's, e.g. that of whoever follows the changes.
    if (first.status === 200) return [200];
    assert.deepEqual([first.status, first.answer.error], [503, 'temporarily_unavailable'], JSON.stringify(first));
    const second = await present();
    if (second.status !== 200) assert.deepEqual([second.status, second.answer.error], [400, 'invalid_grant']);
    return [503, second.status];
  }

  async function loseEach(t: TestContext, fresh: () => Promise<Present>): Promise<void> {
    const outcomes: string[] = [];
    for (let answers = 0; answers < mostAnswers; answers += 1) {
      const present = await fresh();
      const outcome = await loseOne(present, answers);
      if (!outcome) break;
      outcomes.push(outcome.join(', then '));
      assert.equal((await present()).status, 400, 'it is used at last');
    }
    t.diagnostic(`${outcomes.length} answers lost: ${[...new Set(outcomes)].join('; ')}`);
    t.diagnostic(ledgerLine({ ...emptyLedger, faults: outcomes.length }));
    for (const wanted of ['503, then 200', '503, then 400']) assert.ok(outcomes.includes(wanted), wanted);
    assert.equal((await (await fresh())()).status, 200, 'the next one is good');
  }

  test('a code that is sent again is answered or was spent, and never both', (t) => loseEach(t, newCode));

  test('so is a refresh token', (t) => loseEach(t, newRefreshToken));
});
