/** What a stolen copy of the database, or of the log, is good for: no browser's cookie may stand in it. */

import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { type House, openHouse } from './testing/harness.ts';
import { authorizeUrl, createBrowser, readRedirect } from './testing/visitor.ts';

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

const cookieValues = (response: Response): readonly string[] =>
  response.headers.getSetCookie().flatMap((cookie) => {
    const [, value = ''] = /^x-ms-cpim-(?:sso|resume|rp)_[0-9a-f-]+=([^;]+)/.exec(cookie) ?? [];
    return value === '' ? [] : [value];
  });

/** Signs in with a session already there, so that the interaction knows one; hands over every answer on the way. */
async function signInTwice(): Promise<{
  readonly answers: readonly Response[];
  readonly addresses: readonly string[];
}> {
  const browser = createBrowser(house);
  const { host, journeys } = house.contoso;
  const answers: Response[] = [];
  const addresses: string[] = [];
  for (const changes of [{}, { prompt: 'login' }]) {
    answers.push(await browser.get(authorizeUrl(changes)));
    const { hostRef, flowId } = journeys.started.at(-1) ?? { hostRef: '', flowId: '' };
    const authTime = house.clock.now();
    const arrival = { userId: house.adele.id, newUser: false, amr: ['pwd'], authTime, flowId, keepSignedIn: false };
    const address = await host.arrive(hostRef, arrival);
    addresses.push(address, hostRef);
    answers.push(await browser.get(address));
    assert.ok(readRedirect(answers.at(-1) as Response).params.get('code'));
  }
  return { answers, addresses };
}

test('no cookie of a sign-in is stored, is in an address, or is known to the journey', async (t: TestContext) => {
  const { ephemeral } = house.contoso.store;
  const writing = [t.mock.method(ephemeral, 'put'), t.mock.method(ephemeral, 'together')];
  const { answers, addresses } = await signInTwice();
  const values = answers.flatMap(cookieValues);
  assert.equal(new Set(values).size, 4, 'two interactions, and a session whose value changes at each sign-in');
  const stored = JSON.stringify(writing.flatMap(({ mock }) => mock.calls.map((call) => call.arguments)));
  // Each time a request that waits, its result, a code and a session.
  for (const kind of ['Interaction', 'Interaction.*result', 'AuthorizationCode', 'Session'])
    assert.match(stored, new RegExp(`oidc\\.${kind}.*oidc\\.${kind}`));
  const paths = answers.flatMap(({ headers }) => headers.getSetCookie().map((cookie) => cookie.replace(/^[^;]*/, '')));
  const told = JSON.stringify([addresses, paths, answers.map(({ headers }) => headers.get('location'))]);
  for (const value of values) {
    assert.ok(!stored.includes(value), 'a cookie stands in the store');
    assert.ok(!told.includes(value), 'a cookie stands in an address');
  }
});

test('the address alone, or with the cookie of another sign-in, leads nowhere', async () => {
  const [mine, other] = [createBrowser(house), createBrowser(house)];
  const { host, journeys } = house.contoso;
  await mine.get(authorizeUrl());
  const { hostRef, flowId } = journeys.started.at(-1) ?? { hostRef: '', flowId: '' };
  const started = await other.get(authorizeUrl());
  const authTime = house.clock.now();
  const address = await host.arrive(hostRef, {
    userId: house.adele.id,
    newUser: false,
    amr: [],
    authTime,
    flowId,
    keepSignedIn: false,
  });
  const foreign = started.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
  for (const headers of [{}, { cookie: foreign }]) {
    const response = await house.fetch(address, { headers });
    assert.equal(response.headers.get('location'), null);
    assert.match(await response.text(), /AADB2C90046/);
  }
  assert.ok(readRedirect(await mine.get(address)).params.get('code'));
});
