import assert from 'node:assert/strict';
import { request } from 'node:https';
import { performance } from 'node:perf_hooks';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { dumpOf } from '../support/fuzz/dump.ts';
import { type Wild, wild } from '../support/fuzz/request.ts';
import { fuzzRuns, fuzzSeed } from '../support/random.ts';
import { startUsher, temporaryFolder, type Usher } from '../support/usher.ts';

const runs = fuzzRuns(1_500);
/** Milliseconds that a request may take on the average, with two looks into the database: a slow machine sends fewer of them. */
const usual = 40;

/** What would tell an attacker how the server is built, or a reader that it broke. */
const leaks =
  /\bat .+\.(?:ts|js):\d+|node:internal|\bSELECT\b.+\bFROM\b|\bINSERT INTO\b|SQLITE_|sqlite_|syntax error at or near|TypeError|RangeError/;

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly milliseconds: number;
}

/** Node's own client: `fetch` would tidy up what is meant to be untidy. */
function send(usher: Usher, token: string, { method, path, headers, body }: Wild): Promise<Answer> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(usher.url);
    const asked = request(
      { hostname, port, method, path, headers: { ...headers, authorization: `Bearer ${token}` } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode ?? 0, text, milliseconds: performance.now() - began });
        });
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

describe('whatever is sent to the management API', () => {
  const folder = temporaryFolder();
  let usher: Usher;
  before(async () => {
    usher = await startUsher({ data: folder });
  });
  after(() => usher.stop());

  test('it is answered in its own words, and a refused write leaves everything as it was', async (context) => {
    const token = await usher.graphToken();
    let kept = dumpOf(folder);
    let [sent, written] = [0, 0];
    await fc.assert(
      fc.asyncProperty(wild, async (one) => {
        const { status, text, milliseconds } = await send(usher, token, one);
        sent += 1;
        assert.ok(status > 0 && status < 500, `${status} ${text}`);
        assert.ok(milliseconds < 1_000, `answered after ${milliseconds.toFixed(0)} ms`);
        assert.doesNotMatch(text, leaks);
        if (status >= 400) assert.ok(text === '' || isError(text), text);
        if (one.method === 'GET') return;
        const now = dumpOf(folder);
        if (status >= 400) assert.equal(now, kept, 'a refused write changes nothing');
        if (now !== kept) written += 1;
        kept = now;
      }),
      { seed: fuzzSeed, numRuns: runs, interruptAfterTimeLimit: runs * usual, endOnFailure: true },
    );
    context.diagnostic(`${sent} of ${runs} requests, ${written} of them changed something`);
    assert.ok(sent > runs / 10, `only ${sent} of ${runs} requests in time`);
    assert.ok(written > 0, 'some requests are good ones, and the dump tells');
    assert.doesNotMatch(usher.log(), /unhandled|uncaught/i);
  });
});

/** What is no HTTP is refused before it is anybody's, in two lines of text. */
const plain = /^The request [^\n<>]+\nCorrelation ID: [0-9a-f-]{36}\n$/;

function isError(text: string): boolean {
  if (plain.test(text)) return true;
  const { error } = JSON.parse(text) as { error?: { code?: unknown; message?: unknown } };
  return typeof error?.code === 'string' && typeof error.message === 'string';
}
