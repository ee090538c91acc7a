/** Bytes that are hardly HTTP, sent to every kind of address: the server refuses in its own words, says nothing of itself, and mixes nobody up. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { fuzzSeed, longRuns } from '../support/random.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { answersIn, sendRaw } from './raw-client.ts';
import { wire } from './wild-wire.ts';

const runs = longRuns(600, 50_000);
/** Milliseconds that one may take on the average: a slow machine sends fewer of them. */
const usual = 20;

/** What tells how the server is built, or that it broke. */
const leaks = /\bat .+\.(?:ts|js):\d+|node:internal|SQLITE_|TypeError|RangeError|ECONN|ERR_[A-Z]/;

describe('whatever comes over the wire', () => {
  let usher: Usher;
  before(async () => {
    usher = await startUsher();
  });
  after(() => usher?.stop());

  const discovery = `/${seeded.tenant}/${seeded.flow}/v2.0/.well-known/openid-configuration`;

  test('it is answered with a refusal or not at all: never 500, never a stack', async (context) => {
    let [sent, answered] = [0, 0];
    await fc.assert(
      fc.asyncProperty(fc.array(wire(usher.host), { minLength: 8, maxLength: 8 }), async (many) => {
        await Promise.all(
          many.map(async ({ method, bytes }) => {
            const heard = await sendRaw(usher, bytes);
            sent += 1;
            if (heard !== '') answered += 1;
            assert.doesNotMatch(heard, leaks, bytes.toString('latin1').slice(0, 400));
            const first = /^HTTP\/1\.1 (\d{3})/.exec(heard)?.[1];
            assert.ok(heard === '' || first !== undefined, heard.slice(0, 200));
            const broken = [...heard.matchAll(/^HTTP\/1\.1 (5\d\d) /gm)].map(([, status]) => status);
            assert.deepEqual(broken, [], `${method} ${bytes.toString('latin1').slice(0, 400)}`);
            // Nobody was asked who they are.
            assert.doesNotMatch(heard, /userPrincipalName|"access_token"/);
          }),
        );
      }),
      { seed: fuzzSeed, numRuns: runs / 8, interruptAfterTimeLimit: runs * usual, endOnFailure: true },
    );
    context.diagnostic(`seed ${fuzzSeed}: ${sent} of ${runs} requests, ${answered} were answered`);
    assert.ok(sent >= Math.min(100, runs) && answered > sent / 4, `${answered} of ${sent}`);
    assert.equal((await fetch(`${usher.url}${discovery}`)).status, 200, 'it still serves');
    assert.doesNotMatch(usher.log(), /unhandled|uncaught/i);
  });

  const smuggled: Readonly<Record<string, readonly string[]>> = {
    'a length and chunks': ['Content-Length: 4', 'Transfer-Encoding: chunked'],
    'chunks and a length': ['Transfer-Encoding: chunked', 'Content-Length: 4'],
    'two lengths': ['Content-Length: 4', 'Content-Length: 60'],
    'two lengths in one field': ['Content-Length: 4, 60'],
    'a signed length': ['Content-Length: +4'],
    'a hexadecimal length': ['Content-Length: 0x4'],
    'an unknown coding': ['Transfer-Encoding: xchunked'],
    'a coding after the chunks': ['Transfer-Encoding: chunked, identity'],
    'a coding twice': ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
    'a blank before the colon': ['Transfer-Encoding : chunked'],
    'a folded coding': ['Transfer-Encoding:', ' chunked'],
    'an end of line of its own': ['X: y\nTransfer-Encoding: chunked', 'Content-Length: 4'],
  };
  for (const [name, ends] of Object.entries(smuggled)) {
    test(`a request whose end two parsers see at two places is refused, and nothing after it is one: ${name}`, async () => {
      const hidden = `GET ${discovery} HTTP/1.1\r\nHost: ${usher.host}\r\n\r\n`;
      const head = [`POST ${discovery} HTTP/1.1`, `Host: ${usher.host}`, 'Content-Type: application/json', ...ends];
      const heard = await sendRaw(usher, Buffer.from(`${head.join('\r\n')}\r\n\r\n0\r\n\r\n${hidden}`));
      const [first] = answersIn(heard);
      assert.equal(first?.status, 400, heard.slice(0, 300));
      assert.doesNotMatch(heard, /"issuer"/);
    });
  }

  test('answers on one connection come in the order of their requests, each to its own', async () => {
    // As many as one connection may have under way: src/http/connections.ts.
    const marks = Array.from({ length: 10 }, () => randomUUID());
    const requests = marks.map((mark, index) => {
      const path = index % 2 ? `/v1.0/users/${mark}` : `${discovery}?mark=${mark}`;
      return `GET ${path} HTTP/1.1\r\nHost: ${usher.host}\r\nclient-request-id: ${mark}\r\n\r\n`;
    });
    const heard = await sendRaw(usher, Buffer.from(requests.join('')), 1_000);
    const answers = answersIn(heard);
    assert.equal(answers.length, marks.length);
    for (const [index, { status, head, body }] of answers.entries()) {
      assert.equal(status, index % 2 ? 401 : 200);
      if (index % 2) assert.ok(`${head}${body}`.includes(marks[index] ?? ''), 'the answer names the request');
    }
  });

  test('connections at the same time get nothing of each other', async () => {
    const marks = Array.from({ length: 40 }, () => randomUUID());
    const heard = await Promise.all(
      marks.map((mark) =>
        sendRaw(
          usher,
          Buffer.from(
            `GET /v1.0/users HTTP/1.1\r\nHost: ${usher.host}\r\nclient-request-id: ${mark}\r\nConnection: close\r\n\r\n`,
          ),
        ),
      ),
    );
    for (const [index, text] of heard.entries()) {
      assert.ok(text.includes(marks[index] ?? ''));
      assert.deepEqual(
        marks.filter((mark, at) => at !== index && text.includes(mark)),
        [],
      );
    }
  });

  for (const method of ['TRACE', 'TRACK', 'CONNECT', 'PROPFIND', 'DEBUG']) {
    test(`${method} is no way in anywhere and shows nobody their own headers`, async () => {
      for (const path of [discovery, '/v1.0/users', `/${seeded.tenant}/${seeded.flow}/oauth2/v2.0/token`]) {
        const secret = `secret-${randomUUID()}`;
        const request = `${method} ${path} HTTP/1.1\r\nHost: ${usher.host}\r\nCookie: ${secret}\r\nAuthorization: Bearer ${secret}\r\n\r\n`;
        const heard = await sendRaw(usher, Buffer.from(request));
        assert.match(heard, /^HTTP\/1\.1 4\d\d |^$/);
        assert.ok(!heard.includes(secret));
      }
    });
  }
});
