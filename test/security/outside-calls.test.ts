/** An administrator of a tenant must not reach the operator's own network with the addresses they set (server-side request forgery). */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { createOutside, type OutsideAnswer } from '../../src/connectors/index.ts';
import { type Loopback, listenOnLoopback } from '../support/loopback.ts';
import { flawed, insideAddresses, insideUrls } from './outside-corpus.ts';

const limits = { target: 'other', method: 'GET', milliseconds: 2_000, bytes: 1_000 } as const;
const causeOf = (answer: OutsideAnswer): string => (answer.kind === 'failed' ? answer.cause : answer.kind);
const familyOf = (address: string): number => (address.includes(':') ? 6 : 4);

describe('calls to addresses that tenants choose', () => {
  let own: Loopback;
  let asked = 0;
  before(async () => {
    own = await listenOnLoopback(
      createServer((_, response) => {
        asked += 1;
        response.end();
      }),
    );
  });
  after(() => own?.close());

  for (const [what, urls] of Object.entries(insideUrls)) {
    test(`go nowhere inside by ${what}`, async () => {
      let looked = 0;
      const outside = createOutside({
        allowLoopback: false,
        // Were such a name ever looked up, it would lead to the machine itself.
        resolve: (_, __, callback) => {
          looked += 1;
          callback(null, [{ address: '127.0.0.1', family: 4 }]);
        },
      });
      for (const text of urls) {
        const url = text.replace('PORT', String(own.port));
        assert.equal(causeOf(await outside.send({ ...limits, url })), 'forbidden', url);
      }
      assert.equal(asked, 0);
      assert.ok(looked <= urls.length);
    });
  }

  test('are not made to a name that leads inside, whichever of its addresses does', async () => {
    for (const address of insideAddresses) {
      const inside = { address, family: familyOf(address) };
      const open = { address: '93.184.216.34', family: 4 };
      for (const addresses of [[inside], [open, inside], [inside, open]]) {
        const outside = createOutside({
          allowLoopback: false,
          resolve: (_, __, callback) => callback(null, addresses),
        });
        const url = 'https://rebinding.example/';
        assert.equal(causeOf(await outside.send({ ...limits, url })), 'forbidden', address);
      }
    }
  });

  test('go to the address that was looked at, and look once: a name cannot change its mind in between', async () => {
    let looked = 0;
    const outside = createOutside({
      allowLoopback: true,
      resolve: (_, __, callback) => {
        looked += 1;
        const address = looked === 1 ? '127.0.0.1' : '10.0.0.1';
        callback(null, [{ address, family: 4 }]);
      },
    });
    const url = `https://rebinding.example:${own.port}/`;
    // The listener speaks no TLS: a call that is let through ends there.
    assert.equal(causeOf(await outside.send({ ...limits, url })), 'unreachable');
    assert.equal(looked, 1);
    assert.equal(causeOf(await outside.send({ ...limits, url })), 'forbidden');
  });

  test('over plain HTTP stay on the machine itself, wherever its name leads', async () => {
    const resolve = (
      _: string,
      __: object,
      callback: (error: null, all: { address: string; family: number }[]) => void,
    ) => callback(null, [{ address: '93.184.216.34', family: 4 }]);
    const outside = createOutside({ allowLoopback: true, resolve });
    assert.equal(causeOf(await outside.send({ ...limits, url: 'http://localhost/' })), 'forbidden');
    assert.equal(causeOf(await outside.send({ ...limits, url: 'http://93.184.216.34/' })), 'forbidden');
  });

  test('follow no redirect, neither inside nor anywhere', async () => {
    let trapped = 0;
    const trap = await listenOnLoopback(
      createServer((_, response) => {
        trapped += 1;
        response.end('caught');
      }),
    );
    const outside = createOutside({ allowLoopback: true });
    for (const status of [301, 302, 303, 307, 308]) {
      const location = `http://127.0.0.1:${trap.port}/`;
      const turning = await listenOnLoopback(
        createServer((_, response) => void response.writeHead(status, { location }).end()),
      );
      const answer = await outside.send({ ...limits, url: `http://localhost:${turning.port}/` });
      assert.deepEqual([answer.kind, answer.kind === 'answered' && answer.status], ['answered', status]);
      await turning.close();
    }
    await trap.close();
    assert.equal(trapped, 0);
  });

  test('are not made for addresses that two programs may read in two ways', async () => {
    const outside = createOutside({ allowLoopback: true });
    for (const url of flawed) {
      assert.equal(
        causeOf(await outside.send({ ...limits, url: url.replace('PORT', String(own.port)) })),
        'forbidden',
        url,
      );
    }
    assert.equal(asked, 0);
  });

  test('are made in one place: no other file of the product can call out', () => {
    const root = new URL('../../', import.meta.url).pathname;
    const files = globSync('src/**/*.ts', { cwd: root }).filter((file) => !/\.test\.ts$|\/testing\//.test(file));
    const calls =
      /\bfetch\(|\bhttps?\.(?:get|request)\(|\brequest(?:Plain|Secure)?\b[^;\n]*from 'node:https?'|\bconnect\b[^;\n]*from 'node:(?:net|tls)'|undici/;
    const callers = files.filter((file) => calls.test(readFileSync(`${root}${file}`, 'utf8')));
    assert.deepEqual(
      callers.sort(),
      [
        // Addresses of the operator, not of tenants.
        'src/connectors/sms/http-texter.ts',
        'src/connectors/outside/outside.ts',
      ].sort(),
    );
  });
});
