import assert from 'node:assert/strict';
import { afterEach, before, after as end, test } from 'node:test';
import { isoDateTime, system } from '../kernel/index.ts';
import { type Draft, entities } from '../model/index.ts';
import { createSessions } from './sessions.ts';
import { type House, ids, openHouse, origin } from './testing/harness.ts';
import { authorizeUrl, type Browser, createBrowser, endJourney, readRedirect, signIn } from './testing/visitor.ts';

const by = system('test');
const type = entities.b2cIdentityUserFlow;

type Configuration = Draft<typeof type>['singleSignOnSessionConfiguration'] & {};
type Settings = Partial<Configuration>;

const usual: Settings = {
  sessionScope: 'tenant',
  sessionLifetimeInMinutes: 1440,
  isSessionLifetimeAbsolute: false,
  isKeepMeSignedInEnabled: false,
  enforceIdTokenHintOnLogout: false,
};

const flows = ['B2C_1_susi', 'B2C_1_signin'];

let house: House;
before(async () => {
  house = await openHouse();
});
end(() => house.close());
afterEach(async () => {
  house.clock.reset();
  house.contoso.journeys.glideEnds(undefined);
  for (const id of flows) await set(usual, id);
});

const set = (settings: Settings, id = 'B2C_1_susi') =>
  house.contoso.directory.update(
    by,
    { type, id },
    {
      // Of a complex value only what is named changes.
      singleSignOnSessionConfiguration: settings as Configuration,
    },
  );

/** What a silent request comes to: `code`, or the code of its refusal. */
async function silent(
  browser: Browser,
  flow?: string,
  changes: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { params } = readRedirect(await browser.get(authorizeUrl({ prompt: 'none', ...changes }, flow)));
  return params.has('code') ? 'code' : (/^AADB2C\d+/.exec(params.get('error_description') ?? '')?.[0] ?? 'nothing');
}

const otherApp = { client_id: ids.web, redirect_uri: 'http://localhost:3001/cb' };

async function visited(ending: { keepSignedIn?: boolean } = {}, flow?: string): Promise<Browser> {
  const browser = createBrowser(house);
  const answer = await signIn(house, browser, {
    url: authorizeUrl({}, flow),
    ending: { user: house.adele, ...ending },
  });
  assert.ok(readRedirect(answer).params.has('code'));
  return browser;
}

const named = (browser: Browser, name: string): string =>
  browser.cookies().find((cookie) => cookie.startsWith(`x-ms-cpim-${name}_`)) ?? '';

test('scope tenant: one sign-in serves every flow and application', async () => {
  const browser = await visited();
  assert.equal(await silent(browser), 'code');
  assert.equal(await silent(browser, 'B2C_1_signin'), 'code');
  assert.equal(await silent(browser, 'B2C_1_signin', otherApp), 'code');
});

test('scope application: a sign-in serves every flow, for this application alone', async () => {
  for (const id of flows) await set({ sessionScope: 'application' }, id);
  const browser = await visited();
  assert.equal(await silent(browser, 'B2C_1_signin'), 'code');
  assert.equal(await silent(browser, 'B2C_1_susi', otherApp), 'AADB2C90077');
});

test('scope policy: a sign-in serves this flow alone, for every application', async () => {
  for (const id of flows) await set({ sessionScope: 'policy' }, id);
  const browser = await visited();
  assert.equal(await silent(browser, 'B2C_1_susi', otherApp), 'code');
  assert.equal(await silent(browser, 'B2C_1_signin'), 'AADB2C90077');
});

test('scope disabled: nobody is remembered, and nobody who was is known', async () => {
  const known = await visited();
  await set({ sessionScope: 'disabled' });
  assert.equal(await silent(known), 'AADB2C90077');
  const browser = await visited();
  assert.equal(named(browser, 'sso'), '');
  await set({ sessionScope: 'tenant' });
  assert.equal(await silent(browser), 'AADB2C90077');
  assert.equal(await silent(known), 'code');
});

test('two people can be signed in side by side where scopes keep them apart', async () => {
  await set({ sessionScope: 'policy' }, 'B2C_1_signin');
  const browser = await visited();
  const url = authorizeUrl({}, 'B2C_1_signin');
  await signIn(house, browser, { url, ending: { user: house.lee } });
  const proofs = await sessionOf(browser);
  assert.deepEqual(Object.values(proofs).toSorted(), [house.adele.id, house.lee.id].toSorted());
  assert.equal(await silent(browser), 'code');
  assert.equal(await silent(browser, 'B2C_1_signin'), 'code');
});

/** Who is signed in at the browser, by place. */
async function sessionOf(browser: Browser): Promise<Readonly<Record<string, string>>> {
  const { ephemeral } = house.contoso.store;
  const sessions = createSessions({ ephemeral, clock: house.clock, tenantId: house.contoso.tenant.id });
  const header = browser
    .cookies()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
  const { brief } = await sessions.open(header);
  return Object.fromEntries(Object.entries(brief.proofs).map(([slot, { userId }]) => [slot, userId]));
}

test('a rolling session ends when it was not used for its time, an absolute one after its time', async () => {
  await set({ sessionLifetimeInMinutes: 15 });
  const rolling = await visited();
  for (const _ of [1, 2, 3]) {
    house.clock.advance(14 * 60);
    assert.equal(await silent(rolling), 'code');
  }
  house.clock.advance(15 * 60);
  assert.equal(await silent(rolling), 'AADB2C90077');

  await set({ isSessionLifetimeAbsolute: true });
  const absolute = await visited();
  house.clock.advance(14 * 60);
  assert.equal(await silent(absolute), 'code');
  house.clock.advance(60);
  assert.equal(await silent(absolute), 'AADB2C90077');
});

test('each flow says itself how old a session may be that it uses', async () => {
  await set({ sessionLifetimeInMinutes: 15 });
  const browser = await visited();
  house.clock.advance(20 * 60);
  assert.equal(await silent(browser), 'AADB2C90077');
  assert.equal(await silent(browser, 'B2C_1_signin'), 'code');
});

test('who asked to stay signed in is, for the days of the flow and over the end of the browser', async () => {
  await set({ isKeepMeSignedInEnabled: true, keepMeSignedInDays: 7 });
  const browser = await visited({ keepSignedIn: true });
  assert.match(named(browser, 'sso-kept'), /; Max-Age=604800; Secure; HttpOnly; SameSite=None/);
  assert.equal(named(browser, 'sso'), '');
  browser.close();
  house.clock.advance(6 * 86_400);
  assert.equal(await silent(browser), 'code');
  house.clock.advance(6 * 86_400);
  assert.equal(await silent(browser), 'code');
  house.clock.advance(7 * 86_400);
  assert.equal(await silent(browser), 'AADB2C90077');
});

test('a flow of fewer days does not cut short what was asked for at another', async () => {
  const kept = { sessionScope: 'policy', isKeepMeSignedInEnabled: true } as const;
  await set({ ...kept, keepMeSignedInDays: 30 });
  await set({ ...kept, keepMeSignedInDays: 1 }, 'B2C_1_signin');
  const browser = await visited({ keepSignedIn: true });
  const url = authorizeUrl({}, 'B2C_1_signin');
  for (const keepSignedIn of [true, false]) {
    await signIn(house, browser, { url: `${url}&prompt=login`, ending: { user: house.adele, keepSignedIn } });
    assert.match(named(browser, 'sso-kept'), /; Max-Age=7776000;/);
  }
  browser.close();
  house.clock.advance(20 * 86_400);
  assert.equal(await silent(browser), 'code');
  assert.equal(await silent(browser, 'B2C_1_signin'), 'AADB2C90077');
});

test('who did not ask is not, and nobody is where it is not offered', async () => {
  await set({ isKeepMeSignedInEnabled: true, keepMeSignedInDays: 7 });
  const unasked = await visited();
  unasked.close();
  assert.equal(await silent(unasked), 'AADB2C90077');
  await set({ isKeepMeSignedInEnabled: false });
  const unoffered = await visited({ keepSignedIn: true });
  assert.equal(named(unoffered, 'sso-kept'), '');
  unoffered.close();
  assert.equal(await silent(unoffered), 'AADB2C90077');
});

test('a visit to a flow that keeps nobody signed in ends it with the browser', async () => {
  await set({ isKeepMeSignedInEnabled: true, keepMeSignedInDays: 7 });
  const browser = await visited({ keepSignedIn: true });
  const before = named(browser, 'sso-kept');
  assert.equal(await silent(browser, 'B2C_1_signin'), 'code');
  assert.equal(named(browser, 'sso-kept'), '');
  assert.equal(await silent(browser), 'code');
  const secret = before.split(';')[0] ?? '';
  const stolen = await house.fetch(authorizeUrl({ prompt: 'none' }), { headers: { cookie: secret } });
  assert.equal(readRedirect(stolen).params.get('error'), 'interaction_required');
  browser.close();
  assert.equal(await silent(browser), 'AADB2C90077');
});

test('signing out ends what was to be kept', async () => {
  await set({ isKeepMeSignedInEnabled: true });
  const browser = await visited({ keepSignedIn: true });
  const cookie = named(browser, 'sso-kept').split(';')[0] ?? '';
  await browser.get(logoutUrl());
  assert.equal(named(browser, 'sso-kept'), '');
  const stolen = await house.fetch(authorizeUrl({ prompt: 'none' }), { headers: { cookie } });
  assert.equal(readRedirect(stolen).params.get('error'), 'interaction_required');
});

const logoutUrl = (query = '', flow = 'B2C_1_susi'): string =>
  `${origin}/contoso.onmicrosoft.com/${flow}/oauth2/v2.0/logout${query}`;

test('signing out ends the session that the scope of the flow keeps apart, and all where it keeps none', async () => {
  await set({ sessionScope: 'application' });
  const browser = await visited();
  await signIn(house, browser, { url: authorizeUrl(otherApp) });
  await browser.get(logoutUrl(`?client_id=${ids.web}`));
  assert.equal(await silent(browser, 'B2C_1_susi', otherApp), 'AADB2C90077');
  assert.equal(await silent(browser), 'code');
  await browser.get(logoutUrl());
  assert.equal(await silent(browser), 'AADB2C90077');

  await set({ sessionScope: 'policy' });
  const both = await visited();
  await signIn(house, both, { url: authorizeUrl({}, 'B2C_1_signin') });
  await both.get(logoutUrl());
  assert.equal(await silent(both), 'AADB2C90077');
  assert.equal(await silent(both, 'B2C_1_signin'), 'code');
  await both.get(logoutUrl('', 'B2C_1_signin'));
  assert.equal(await silent(both, 'B2C_1_signin'), 'AADB2C90077');
});

test('a session is under a new name after each sign-in, and the old name opens nothing', async () => {
  const browser = await visited();
  const first = named(browser, 'sso').split(';')[0] ?? '';
  await signIn(house, browser, { url: authorizeUrl({ prompt: 'login' }) });
  assert.notEqual(named(browser, 'sso').split(';')[0], first);
  const old = await house.fetch(authorizeUrl({ prompt: 'none' }), { headers: { cookie: first } });
  assert.equal(readRedirect(old).params.get('error'), 'interaction_required');
  assert.equal(await silent(browser), 'code');
});

test('a name that somebody planted is not the one of the session that follows', async () => {
  const planted = `x-ms-cpim-sso_${house.contoso.tenant.id}=${'a'.repeat(43)}`;
  const asked = await house.fetch(authorizeUrl(), { headers: { cookie: planted } });
  const jar = asked.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
  const { journeys, host } = house.contoso;
  const journey = journeys.started.at(-1);
  const address = await host.arrive(journey?.hostRef ?? '', {
    userId: house.adele.id,
    newUser: false,
    amr: ['pwd'],
    authTime: house.clock.now(),
    flowId: 'B2C_1_susi',
    keepSignedIn: false,
  });
  const back = await house.fetch(address, { headers: { cookie: [planted, ...jar].join('; ') } });
  assert.ok(readRedirect(back).params.has('code'));
  const named = back.headers.getSetCookie().find((cookie) => cookie.startsWith('x-ms-cpim-sso_'));
  assert.ok(named && !named.startsWith(planted));
  const attacker = await house.fetch(authorizeUrl({ prompt: 'none' }), { headers: { cookie: planted } });
  assert.equal(readRedirect(attacker).params.get('error'), 'interaction_required');
});

test('a session says nothing for a person who is gone, disabled, or was told to sign in anew', async () => {
  const register = (email: string) =>
    house.contoso.identity.register(by, { email, passwordHash: '$argon2id$unused', attributes: {} });
  const changes = [{ accountEnabled: false }, { signInSessionsValidFromDateTime: isoDateTime(house.clock.now() + 1) }];
  for (const [index, change] of changes.entries()) {
    const user = await register(`gone${index}@contoso.example`);
    const browser = createBrowser(house);
    await signIn(house, browser, { ending: { user } });
    assert.equal(await silent(browser), 'code');
    await house.contoso.directory.update(by, { type: entities.user, id: user.id }, change);
    assert.equal(await silent(browser), 'AADB2C90077');
  }
  const user = await register('removed@contoso.example');
  const browser = createBrowser(house);
  await signIn(house, browser, { ending: { user } });
  await house.contoso.directory.remove(by, { type: entities.user, id: user.id });
  assert.equal(await silent(browser), 'AADB2C90077');
});

test('a flow that has more to do than signing in is walked with the person the session knows', async () => {
  const browser = await visited();
  const { journeys } = house.contoso;
  journeys.glideEnds({ kind: 'page' });
  assert.equal(await silent(browser), 'AADB2C90077');
  assert.equal((await browser.get(authorizeUrl())).status, 303);
  const { userId, amr, keepSignedIn } = journeys.started.at(-1)?.session ?? {};
  assert.deepEqual([userId, amr, keepSignedIn], [house.adele.id, ['pwd'], false]);
});

test('what a flow refuses to a person whom the session knows, the application hears', async () => {
  const browser = await visited();
  house.contoso.journeys.glideEnds({ kind: 'refuse', refusal: 'blocked' });
  for (const prompt of ['none', 'select_account']) {
    const { params } = readRedirect(await browser.get(authorizeUrl({ prompt })));
    assert.equal(params.get('error'), 'server_error');
    assert.match(params.get('error_description') ?? '', /^AADB2C90037: /);
  }
});

test('journeys rest on the session where the flow may, and begin with nobody where it may not', async () => {
  const kinds = { B2C_1_edit: true, B2C_1_made: false, B2C_1_reset: false } as const;
  const { directory, journeys } = house.contoso;
  for (const [id, userFlowType] of [
    ['B2C_1_made', 'signUp'],
    ['B2C_1_reset', 'passwordReset'],
  ] as const)
    await directory.create(by, type, { id, userFlowType, userFlowTypeVersion: 3 });
  for (const [flow, rests] of Object.entries(kinds)) {
    const browser = await visited();
    const asked = journeys.glided.length;
    assert.equal((await browser.get(authorizeUrl({}, flow))).status, 303, flow);
    assert.equal(journeys.started.at(-1)?.session !== undefined, rests, flow);
    assert.equal(journeys.glided.length, asked, `${flow} is walked without being asked`);
    assert.equal(await silent(browser, flow), 'AADB2C90077');
  }
  const anew = await visited();
  await anew.get(authorizeUrl({ prompt: 'login' }, 'B2C_1_edit'));
  assert.equal(journeys.started.at(-1)?.session, undefined);
});

test('what a journey on a session arrives with is what the session says from then on', async () => {
  const browser = await visited();
  house.clock.advance(100);
  const url = authorizeUrl({}, 'B2C_1_edit');
  const authTime = house.clock.now() - 100;
  await signIn(house, browser, { url, ending: { user: house.adele, authTime } });
  assert.equal(await silent(browser, 'B2C_1_susi', { max_age: '50' }), 'AADB2C90121');
  assert.equal(await silent(browser, 'B2C_1_susi', { max_age: '100' }), 'code');
});

test('max_age counts for access tokens alone too, and zero asks anew within the second', async () => {
  const browser = await visited();
  assert.equal(await silent(browser, 'B2C_1_susi', { max_age: '0' }), 'AADB2C90121');
  house.clock.advance(61);
  const scope = ids.spa;
  assert.equal(await silent(browser, 'B2C_1_susi', { max_age: '60', scope }), 'AADB2C90121');
});

test('a journey that outlasts the session it began beside still signs in', async () => {
  await set({ sessionLifetimeInMinutes: 15 });
  const browser = await visited();
  house.clock.advance(14 * 60);
  await browser.get(authorizeUrl({ prompt: 'login' }));
  house.clock.advance(20 * 60);
  const back = await endJourney(house, browser, { user: house.adele });
  assert.ok(readRedirect(back).params.has('code'));
});
