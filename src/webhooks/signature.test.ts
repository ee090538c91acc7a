import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { listen } from '../../test/support/webhook-receiver.ts';
import { secretBytes, signedHeaders } from './signature.ts';
import { jwk, key, onEveryEngine } from './testing/house.ts';

interface Call {
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

type Check = (call: Call, keys: readonly object[], now: number) => boolean;

/** The check of `docs/webhooks.md`, as receivers copy it. */
let isGenuine: Check;
before(async () => {
  const page = readFileSync(new URL('../../docs/webhooks.md', import.meta.url), 'utf8');
  const [, code = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'usher-webhook-check-'));
  const file = join(folder, 'check.mjs');
  writeFileSync(file, code);
  ({ isGenuine } = (await import(pathToFileURL(file).href)) as { isGenuine: Check });
  rmSync(folder, { recursive: true });
});

const now = 1_800_000_000;
const url = 'https://crm.example/usher?a=1';
const body = '{"type":"test","data":{"name":"ü"}}';
const headers = signedHeaders(key, { id: '1', url, body, now });

test('the check of the documentation believes a call that is signed with a key on P-256', () => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signed = signedHeaders({ kid: 'ec', privateKey: pair.privateKey }, { id: '1', url, body, now });
  const keys = [{ ...pair.publicKey.export({ format: 'jwk' }), kid: 'ec' }];
  assert.match(signed['signature-input'] ?? '', /alg="ecdsa-p256-sha256"/);
  assert.equal(isGenuine({ url, headers: signed, body }, keys, now), true);
  assert.equal(isGenuine({ url, headers: signed, body: `${body} ` }, keys, now), false);
});

test('the check of the documentation believes a call that is signed, and nothing that differs from it', () => {
  assert.equal(isGenuine({ url, headers, body }, [jwk], now + 10), true);
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const other = { ...publicKey.export({ format: 'jwk' }), kid: jwk.kid };
  const parameters = headers['signature-input'] ?? '';
  const altered: readonly [what: string, call: Call, keys: readonly object[], at: number][] = [
    ['another body', { url, headers, body: body.replace('test', 'tost') }, [jwk], now],
    ['another address', { url: 'https://other.example/usher?a=1', headers, body }, [jwk], now],
    ['another id', { url, headers: { ...headers, 'webhook-id': '2' }, body }, [jwk], now],
    ['another time', { url, headers: { ...headers, 'webhook-timestamp': String(now + 5) }, body }, [jwk], now],
    ['another type', { url, headers: { ...headers, 'content-type': 'text/plain' }, body }, [jwk], now],
    ['an hour later', { url, headers, body }, [jwk], now + 3600],
    ['no time', { url, headers: { ...headers, 'webhook-timestamp': 'soon' }, body }, [jwk], now],
    ['another key of that name', { url, headers, body }, [other], now],
    ['an unknown key', { url, headers, body }, [{ ...jwk, kid: 'x' }], now],
    [
      'less covered',
      { url, headers: { ...headers, 'signature-input': parameters.replace('"@target-uri" ', '') }, body },
      [jwk],
      now,
    ],
    ['no signature', { url, headers: { ...headers, signature: undefined }, body }, [jwk], now],
    ['nothing', { url, headers: {}, body }, [jwk], now],
  ];
  for (const [what, call, keys, at] of altered) assert.equal(isGenuine(call, keys, at), false, what);
});

test('a secret signs as Standard Webhooks say, and is no part of what is sent', () => {
  const bytes = randomBytes(32);
  const secret = `whsec_${bytes.toString('base64')}`;
  const signed = signedHeaders(key, { id: '1', url, body, now }, secret);
  const expected = createHmac('sha256', bytes).update(`1.${now}.${body}`).digest('base64');
  assert.equal(signed['webhook-signature'], `v1,${expected}`);
  assert.equal(headers['webhook-signature'], undefined);
  assert.ok(!JSON.stringify(signed).includes(bytes.toString('base64')));
});

test('a secret is whsec_ and the Base64 of 24 to 64 bytes', () => {
  const of = (size: number): string => `whsec_${Buffer.alloc(size, 1).toString('base64')}`;
  for (const size of [24, 64]) assert.equal(secretBytes(of(size))?.length, size);
  for (const text of [of(23), of(65), of(24).slice(6), 'whsec_!!!', `${of(24)}x`, '']) {
    assert.equal(secretBytes(text), undefined, text);
  }
});

onEveryEngine('a receiver that knows nothing but the published key believes a call', async (house, t) => {
  const receiver = await listen(t);
  await house.addWebhook({ targetUrl: receiver.url });
  await house.addUser();
  const [call] = await receiver.received(1);
  assert.ok(call);
  assert.equal(isGenuine({ url: receiver.url, ...call }, [jwk], house.clock.now()), true);
  assert.equal(isGenuine({ url: `${receiver.url}/x`, ...call }, [jwk], house.clock.now()), false);
});
