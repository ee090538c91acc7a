import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Flows, flowsFaults, type Input, type Move, type Screen } from '../flows/index.ts';
import type { Exchange, Reply } from '../http/index.ts';
import {
  activities,
  adjustableClock,
  createAdmission,
  newSecret,
  type Observation,
  unlimited,
} from '../kernel/index.ts';
import { csrfToken } from './csrf.ts';
import { pagesFace } from './face.ts';
import { createWords } from './words.ts';

const tenantId = '775527ff-9a37-4307-8b3d-cc311f58d925';
const journeyId = 'journey-1';
const origin = 'https://localhost:8443';
const path = `/journey/${tenantId}/${journeyId}`;
const secret = newSecret();

const screen: Screen = {
  id: 'signuporsignin',
  heading: { literal: 'Sign in' },
  messages: [],
  fields: [{ name: 'email', input: 'email', label: { literal: 'E-mail' }, required: true }],
  actions: [{ name: 'next', label: { literal: 'Sign in' }, style: 'primary' }],
};

const show: Move = {
  kind: 'show',
  screen,
  revision: 4,
  journey: {
    id: journeyId,
    flowId: 'B2C_1_susi',
    client: { appId: '1', displayName: 'Shop' },
    locales: [],
    correlationId: 'c',
  },
};

/** Journeys of one browser: everyone else is refused, as the engine does. */
function setUp(after: Move = show, admission = unlimited) {
  const answers: { revision: number; input: Input }[] = [];
  const observed: Observation[] = [];
  const own = (id: string, key: string) => {
    if (id !== journeyId || key !== secret) throw flowsFaults.journeyLost();
  };
  const flows: Flows = {
    obstacle: () => assert.fail('pages choose no flow'),
    choose: () => assert.fail('pages choose no flow'),
    explainFor: () => assert.fail('pages choose no flow'),
    redeem: async () => undefined,
    start: () => assert.fail('pages start no journey'),
    glide: () => assert.fail('pages start no journey'),
    languages: { ofFlow: async () => ['en'] },
    bringBack: async () => ({ journeyId: '' }),
    samlMetadata: () => '',
    unshown: async () => undefined,
    async about(id, key) {
      own(id, key);
      return { flowId: 'B2C_1_susi', locales: ['en'], correlationId: 'of-the-journey' };
    },
    presentation: async () => undefined,
    async look(id, key) {
      own(id, key);
      return after;
    },
    async answer(id, key, revision, input) {
      own(id, key);
      answers.push({ revision, input });
      return after;
    },
  };
  const face = pagesFace({
    flowsOf: async (id) => (id === tenantId ? flows : undefined),
    tenantIdOf: async (id) => id,
    tenantName: async () => 'Contoso',
    admission,
    clock: adjustableClock({ now: () => 1_795_255_200 }),
    observe: (observation) => observed.push(observation),
    words: createWords(),
    templates: { of: () => assert.fail('no page has a template') },
  });
  async function ask(
    method: string,
    options: { path?: string; headers?: Exchange['headers']; body?: string } = {},
  ): Promise<Reply> {
    const reply = await face.handle({
      method,
      url: new URL(options.path ?? path, origin),
      headers: { cookie: `x-ms-cpim-trans=${secret}`, ...options.headers },
      body: async () => Buffer.from(options.body ?? ''),
      correlationId: '1c4f0397-c6e4-4afe-bf74-42f488f2f15f',
      remoteAddress: '127.0.0.1',
    } as Exchange);
    assert.ok(typeof reply !== 'symbol');
    return reply;
  }
  const post = (fields: Readonly<Record<string, string>> = {}, headers: Exchange['headers'] = {}) =>
    ask('POST', {
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: String(
        new URLSearchParams({
          csrf: csrfToken(secret),
          revision: '4',
          action: 'next',
          email: 'a@b.example',
          ...fields,
        }),
      ),
    });
  return { ask, post, answers, observed, face };
}

test('GET shows the screen and changes nothing; the browser secret is not on the page', async () => {
  const { ask, answers } = setUp();
  const reply = await ask('GET');
  assert.equal(reply.status, 200);
  assert.match(String(reply.body), /id="localAccountForm"/);
  assert.ok(!String(reply.body).includes(secret));
  assert.equal(answers.length, 0);
});

test('POST passes the answer on and always answers 303 to a page that can be refreshed', async () => {
  const { post, answers } = setUp();
  const reply = await post();
  assert.equal(reply.status, 303);
  assert.equal(reply.headers?.['location'], path);
  assert.deepEqual(answers, [{ revision: 4, input: { action: 'next', values: { email: 'a@b.example' } } }]);
});

test('when the journey is over both methods go where it ends', async () => {
  const url = 'http://localhost:3000/?code=1&state=2';
  const { ask, post } = setUp({ kind: 'go', url });
  for (const reply of [await ask('GET'), await post()]) {
    assert.equal(reply.status, 303);
    assert.equal(reply.headers?.['location'], url);
    assert.equal(reply.headers?.['cache-control'], 'no-store');
  }
});

test('a form of another site is refused before the journey sees it', async () => {
  const { post, answers } = setUp();
  for (const headers of [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ]) {
    assert.equal((await post({}, headers)).status, 403, JSON.stringify(headers));
  }
  assert.equal((await post({}, { origin, 'sec-fetch-site': 'same-origin' })).status, 303);
  assert.equal(answers.length, 1);
});

test('a form without the token of this browser is refused', async () => {
  const { post, answers } = setUp();
  for (const csrf of ['', 'x', csrfToken(newSecret()), secret]) assert.equal((await post({ csrf })).status, 403);
  assert.equal(answers.length, 0);
});

test('a repeated field, a revision that is no number and a foreign media type are refused', async () => {
  const { ask, post, answers } = setUp();
  const form = `csrf=${csrfToken(secret)}&revision=4&action=next`;
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  assert.equal((await ask('POST', { headers, body: `${form}&email=a&email=b` })).status, 400);
  assert.equal((await ask('POST', { headers: { 'content-type': 'text/plain' }, body: form })).status, 415);
  for (const revision of ['', '-1', '1e3', '99999999999']) assert.equal((await post({ revision })).status, 400);
  assert.equal(answers.length, 0);
});

test('an invitation that is over is said to be over, with what to do about it', async () => {
  const reply = await setUp().ask('GET', { path: `/${tenantId}/redeem` });
  const body = String(reply.body);
  assert.equal(reply.status, 410);
  assert.match(body, /<h1>Accept the invitation<\/h1>/);
  assert.match(body, /error-page-help">This invitation is over[^<]*Ask whoever invited you for a new one/);
  assert.doesNotMatch(body, /sign-in has ended/);
});

test('a form beyond 64 KB is refused, whether it says its size or not', async () => {
  const { post, answers } = setUp();
  assert.equal((await post({ email: 'x'.repeat(64 * 1024) })).status, 413);
  assert.equal((await post({}, { 'content-length': '70000' })).status, 413);
  assert.equal(answers.length, 0);
});

test('a lost journey says in words what to do, with what support needs', async () => {
  const { ask, observed } = setUp();
  for (const options of [
    { headers: { cookie: '' } },
    { headers: { cookie: `x-ms-cpim-trans=${newSecret()}` } },
    { path: `${path}2` },
  ]) {
    const reply = await ask('GET', options);
    const body = String(reply.body);
    assert.equal(reply.status, 410);
    assert.match(body, /Go back to the application and sign in again/);
    assert.match(body, /AADB2C90046/);
    assert.match(body, /error-page-correlationid[\s\S]*1c4f0397-c6e4-4afe-bf74-42f488f2f15f/);
    assert.match(body, /2026-11-21 10:00:00Z/);
  }
  assert.equal(observed.length, 0);
});

test('unknown tenants and addresses are not found, other methods not allowed', async () => {
  const { ask } = setUp();
  assert.equal((await ask('GET', { path: `/journey/11111111-1111-4111-8111-111111111111/${journeyId}` })).status, 404);
  assert.equal((await ask('GET', { path: `/journey/contoso/${journeyId}` })).status, 404);
  assert.equal((await ask('GET', { path: '/journey/' })).status, 404);
  const reply = await ask('DELETE');
  assert.equal(reply.status, 405);
});

test('an unexpected failure is observed in full and told in words without its text', async () => {
  const observed: Observation[] = [];
  const face = pagesFace({
    flowsOf: () => Promise.reject(new TypeError('secret detail')),
    tenantIdOf: async (id) => id,
    tenantName: async () => '',
    admission: unlimited,
    clock: adjustableClock(),
    observe: (observation) => observed.push(observation),
    words: createWords(),
    templates: { of: () => assert.fail('no page has a template') },
  });
  const reply = (await face.handle({
    method: 'GET',
    url: new URL(path, origin),
    headers: {},
    correlationId: 'c',
  } as Exchange)) as Reply;
  assert.equal(reply.status, 500);
  assert.doesNotMatch(String(reply.body), /secret detail/);
  assert.deepEqual(
    observed.map(({ kind }) => kind),
    ['http.failed'],
  );
});

test('the style sheets and scripts that a page links to are served by the face', async () => {
  const { ask, face } = setUp();
  const page = String((await ask('GET')).body);
  const links = [...page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, link = '']) => link);
  assert.equal(links.length, 6);
  for (const link of links) {
    assert.ok(face.answers(new URL(link, origin)));
    assert.equal((await ask('GET', { path: link })).status, 200);
  }
  assert.equal(face.answers(new URL('/assets/../secret', origin)), false);
});

test('an address that asks for too many pages is told when to come back, and journeys stay as they are', async () => {
  let now = 1_000;
  const { ask, post, answers } = setUp(show, createAdmission({ limiting: 'strict', now: () => now }));
  let asked = 0;
  while ((await ask('GET')).status === 200) asked += 1;
  assert.equal(asked, activities.page.perAddress.strict.amount);
  const reply = await post();
  assert.equal(reply.status, 429);
  assert.equal(reply.headers?.['retry-after'], '1');
  assert.match(String(reply.body), /That was a lot of requests/);
  assert.match(String(reply.body), /AADB2C90244/);
  assert.equal(answers.length, 0);
  now += 1;
  assert.equal((await post()).status, 303);
});
