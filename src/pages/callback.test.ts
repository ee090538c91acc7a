import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Exchange, Reply } from '../http/index.ts';
import { bringBack, isCallback } from './callback.ts';

const tenantId = '775527ff-9a37-4307-8b3d-cc311f58d925';
const journeyId = 'c0ffee00-0000-4000-8000-000000000000';

function setUp() {
  const answers: Readonly<Record<string, string>>[] = [];
  const services = {
    tenantIdOf: async (name: string) =>
      [tenantId, 'contoso.onmicrosoft.com'].includes(name.toLowerCase()) ? tenantId : undefined,
    flowsOf: async () => ({
      async bringBack({ params }: { readonly params: Readonly<Record<string, string>> }) {
        answers.push(params);
        return { journeyId };
      },
    }),
  };
  const ask = (method: string, path: string, body = '', headers: Exchange['headers'] = {}): Promise<Reply> => {
    const url = new URL(path, 'https://login.example');
    const type = { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://provider.example' };
    return bringBack(
      { method, url, headers: { ...type, ...headers }, body: async () => Buffer.from(body) } as Exchange,
      services,
    );
  };
  return { ask, answers };
}

const path = '/contoso.onmicrosoft.com/oauth2/authresp';

test('the answer of a provider, in the address or in a form of any origin, is kept, and the journey opened with GET', async () => {
  const { ask, answers } = setUp();
  const replies = [
    await ask('GET', `${path}?state=s%2B1&code=c`),
    await ask('POST', path, 'state=s%2B1&code=c'),
    await ask('GET', `/${tenantId.toUpperCase()}/OAuth2/AuthResp?state=s%2B1&code=c`),
  ];
  for (const { status, headers } of replies) {
    assert.deepEqual([status, headers?.['location']], [303, `/journey/${tenantId}/${journeyId}`]);
  }
  assert.deepEqual(
    answers,
    [1, 2, 3].map(() => ({ state: 's+1', code: 'c' })),
  );
});

test('only the address itself is one to come back to', () => {
  assert.ok(isCallback(path) && isCallback(path.toUpperCase()));
  for (const other of [
    `${path}/`,
    `${path}/x`,
    `/x${path}`,
    '/oauth2/authresp',
    '//oauth2/authresp',
    '/a%2Fb/oauth2/authresp',
  ]) {
    assert.ok(!isCallback(other), other);
  }
});

test('an answer that two readers could read differently is refused, in the address and in the form', async () => {
  const { ask, answers } = setUp();
  await assert.rejects(ask('GET', `${path}?state=a&state=b`), { code: 'http.repeated' });
  await assert.rejects(ask('GET', `${path}?state=a&code=1&co%64e=2`), { code: 'http.repeated' });
  await assert.rejects(ask('POST', path, 'state=a&state=a'), { code: 'http.repeated' });
  await ask('POST', `${path}?state=a&code=evil`, 'state=b');
  assert.deepEqual(answers, [{ state: 'b' }], 'of a form nothing else is read');
});

test('what is no answer is refused: other methods, other tenants, other forms, too much of it', async () => {
  const { ask, answers } = setUp();
  for (const method of ['HEAD', 'PUT', 'OPTIONS', 'DELETE']) {
    await assert.rejects(ask(method, `${path}?state=s`), { status: 405 });
  }
  await assert.rejects(ask('GET', '/fabrikam.onmicrosoft.com/oauth2/authresp?state=s'), { status: 404 });
  await assert.rejects(ask('POST', path, '{"state":"s"}', { 'content-type': 'application/json' }), { status: 415 });
  await assert.rejects(ask('POST', path, `state=s&SAMLResponse=${'a'.repeat(256 * 1024)}`), { status: 413 });
  await assert.rejects(ask('POST', path, 'state=s', { 'content-length': '300000' }), { status: 413 });
  assert.deepEqual(answers, []);
});
