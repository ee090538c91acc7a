/** Ways to somebody else's account through a foreign provider, as they went wrong elsewhere (security.md §5 rows 2-5, 7, 11-14, 18). */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { newAccount } from '../support/accounts.ts';
import {
  accounts,
  callbackOf,
  claimsAfter,
  comeBack,
  flowWith,
  type GivenProvider,
  giveProvider,
  graph,
  leave,
  local,
  refusedWith,
  through,
} from '../support/federation.ts';
import { newFlow } from '../support/flow-settings.ts';
import { authorize, codeIn } from '../support/sign-in.ts';
import { seeded, startUsher, temporaryFolder, type Usher } from '../support/usher.ts';
import { newVisitor, textOf, type Visit, type Visitor } from '../support/visitor.ts';

const fabrikam = { id: 'bbbbbbbb-0000-4000-8000-00000000000b', domain: 'fabrikam.onmicrosoft.com' } as const;

describe('attacks on accounts through foreign providers', () => {
  let usher: Usher;
  let good: GivenProvider;
  let evil: GivenProvider;
  let flow: string;
  let people = 0;

  before(async () => {
    const file = join(temporaryFolder(), 'fabrikam.json');
    const tenant = { id: fabrikam.id, domains: [fabrikam.domain], displayName: 'Fabrikam' };
    writeFileSync(file, JSON.stringify({ tenant }));
    usher = await startUsher({ args: ['--seed', file] });
    good = await giveProvider(usher, { displayName: 'Good' });
    evil = await giveProvider(usher, { displayName: 'Evil' });
    flow = await flowWith(usher, [good, evil, local]);
  });
  after(async () => {
    await good?.server.close();
    await evil?.server.close();
    await usher?.stop();
  });
  beforeEach(() => {
    for (const { server } of [good, evil]) server.mischief = undefined;
  });

  const person = (at: GivenProvider, claims: Readonly<Record<string, unknown>> = {}): string => {
    people += 1;
    const sub = `subject-${people}`;
    at.server.person = { sub, name: 'Mallory', ...claims };
    return sub;
  };
  const accountsOf = async (sub: string) =>
    (await accounts(usher)).filter(({ identities }) => identities.some((one) => one.issuerAssignedId === sub));
  const oidAfter = async (visitor: Visitor, at: GivenProvider): Promise<unknown> => {
    const { attempt, shown } = await through(usher, visitor, flow, at);
    return (await claimsAfter(usher, flow, attempt, shown))['oid'];
  };
  const localOid = async (email: string, password: string): Promise<unknown> => {
    const visitor = newVisitor(usher);
    const attempt = authorize(usher, {}, flow);
    const done = await visitor.submit(await visitor.open(attempt.url), 'next', { email, password });
    return (await claimsAfter(usher, flow, attempt, done))['oid'];
  };
  const isLost = ({ status, left, html }: Visit): void => {
    assert.equal(left, undefined);
    assert.equal(status, 410);
    assert.match(textOf(html), /AADB2C90046/);
  };

  test('nOAuth: whatever address a provider claims, proved or not, it opens no account that has it', async () => {
    const victim = await newAccount(usher);
    const before = await accounts(usher);
    for (const email_verified of [true, false, 'true', undefined]) {
      const sub = person(evil, {
        email: victim.email,
        preferred_username: victim.email,
        upn: victim.email,
        email_verified,
      });
      assert.notEqual(await oidAfter(newVisitor(usher), evil), victim.id);
      assert.equal((await accountsOf(sub)).length, 1);
    }
    const untouched = (all: typeof before) => all.find(({ id }) => id === victim.id);
    assert.deepEqual(untouched(await accounts(usher)), untouched(before));
    assert.equal(await localOid(victim.email, victim.password), victim.id);
  });

  test('nOAuth: a subject that looks like an address, a principal name or an id of another account is a name of its own', async () => {
    const victim = await newAccount(usher);
    const names = [victim.email, victim.id, `${victim.id}@${seeded.tenant}`, `cpim_${victim.id}@${seeded.tenant}`];
    for (const sub of names) {
      evil.server.person = { sub, name: 'Mallory' };
      assert.notEqual(await oidAfter(newVisitor(usher), evil), victim.id);
    }
  });

  test('the same subject at two providers is two people', async () => {
    const sub = person(good);
    evil.server.person = { sub };
    const [one, other] = [await oidAfter(newVisitor(usher), good), await oidAfter(newVisitor(usher), evil)];
    assert.notEqual(one, other);
    assert.equal((await accountsOf(sub)).length, 2);
  });

  test('a subject in other letters is another person, and does not get the account', async () => {
    const sub = person(good);
    const owner = await oidAfter(newVisitor(usher), good);
    good.server.person = { sub: sub.toUpperCase() };
    const { shown } = await through(usher, newVisitor(usher), flow, good);
    assert.equal(shown.left, undefined);
    assert.deepEqual(
      (await accountsOf(sub)).map(({ id }) => id),
      [owner],
    );
    assert.deepEqual(await accountsOf(sub.toUpperCase()), []);
  });

  test("pre-hijacking: a password set with somebody's address before they come by a provider opens nothing of theirs", async () => {
    const trap = await newAccount(usher);
    person(good, { email: trap.email, email_verified: true });
    const victim = await oidAfter(newVisitor(usher), good);
    assert.equal(await localOid(trap.email, trap.password), trap.id);
    assert.notEqual(victim, trap.id);
  });

  test("pre-hijacking: an account of a provider with somebody's address gains nothing when they sign up with it", async () => {
    const email = 'later@contoso.example';
    const sub = person(evil, { email, email_verified: true });
    const trap = await oidAfter(newVisitor(usher), evil);
    const visitor = newVisitor(usher);
    const attempt = authorize(usher, {}, flow);
    const form = await visitor.submit(await visitor.open(attempt.url), 'createAccount');
    const sent = await visitor.submit(form, 'email_ver_but_send', { email });
    const proved = await visitor.submit(sent, 'email_ver_but_verify', {
      email,
      email_ver_input: await usher.code(email),
    });
    const passwords = { newPassword: 'Correct-horse-7', reenterPassword: 'Correct-horse-7' };
    const victim = (
      await claimsAfter(usher, flow, attempt, await visitor.submit(proved, 'continue', { email, ...passwords }))
    )['oid'];
    assert.notEqual(victim, trap);
    evil.server.person = { sub };
    assert.equal(await oidAfter(newVisitor(usher), evil), trap);
  });

  test('pre-hijacking: nobody sets a password for an account of a provider by the address that it was told', async () => {
    const email = 'told@contoso.example';
    const sub = person(good, { email, email_verified: true });
    await oidAfter(newVisitor(usher), good);
    const reset = await newFlow(usher, { userFlowType: 'passwordReset' });
    const visitor = newVisitor(usher);
    const page = await visitor.open(authorize(usher, {}, reset).url);
    const sent = await visitor.submit(page, 'emailVerificationControl_but_send_code', { email });
    const code = (await usher.outbox(email))[0]?.code ?? '000000';
    const proved = await visitor.submit(sent, 'emailVerificationControl_but_verify_code', {
      email,
      emailVerificationCode: code,
    });
    const next = await visitor.submit(proved, 'continue', { email });
    assert.doesNotMatch(next.html, /id="newPassword"/);
    const [account] = await accountsOf(sub);
    assert.deepEqual(
      account?.identities.map(({ signInType }) => signInType),
      ['federated'],
    );
  });

  test('forged callback: an answer opens nothing without the cookie of the journey, or in another browser', async () => {
    const sub = person(evil);
    const attacker = newVisitor(usher);
    const { away } = await leave(usher, attacker, flow, evil.button);
    const answer = await evil.server.signIn(away.href);
    const victim = newVisitor(usher);
    // The victim has a journey of their own, and a session.
    await through(usher, victim, flow, good);
    const own = await victim.open(authorize(usher, { prompt: 'login' }, flow).url);
    const cookies = new Map(victim.cookies);
    isLost(await comeBack(newVisitor(usher), answer, evil.server.origin));
    isLost(await comeBack(victim, answer, evil.server.origin));
    isLost(await victim.post(callbackOf(), answer.params, evil.server.origin));
    assert.deepEqual(new Map(victim.cookies), cookies, 'nobody was signed in');
    assert.match((await victim.open(own.url)).html, /type="password"/);
    assert.deepEqual(await accountsOf(sub), []);
    attacker.forgetCookies();
    isLost(await comeBack(attacker, answer, evil.server.origin));
  });

  test('forged callback: a state that was made up, altered or left out belongs to nobody', async () => {
    const visitor = newVisitor(usher);
    const { away } = await leave(usher, visitor, flow, good.button);
    const { params } = await good.server.signIn(away.href);
    const { state = '', ...rest } = params;
    const flipped = `${state.startsWith('A') ? 'B' : 'A'}${state.slice(1)}`;
    for (const other of [
      '',
      'made-up',
      flipped,
      `${state} `,
      state.toLowerCase(),
      `${state}%00`,
      '../'.repeat(20),
      '__proto__',
    ]) {
      isLost(await visitor.open(`${callbackOf()}?${new URLSearchParams({ ...rest, state: other })}`));
    }
    isLost(await visitor.open(`${callbackOf()}?${new URLSearchParams(rest)}`));
    codeIn(await visitor.open(`${callbackOf()}?${new URLSearchParams(params)}`));
  });

  test('forged callback: the address of another tenant takes no answer of this one', async () => {
    const visitor = newVisitor(usher);
    const { away } = await leave(usher, visitor, flow, good.button);
    const { params } = await good.server.signIn(away.href);
    for (const tenant of [fabrikam.domain, fabrikam.id]) {
      isLost(await visitor.open(`${callbackOf(tenant)}?${new URLSearchParams(params)}`));
      isLost(await visitor.post(callbackOf(tenant), params, good.server.origin));
    }
    codeIn(await visitor.open(`${callbackOf(seeded.tenantId)}?${new URLSearchParams(params)}`));
  });

  test('an answer that nobody asked for begins nothing, whoever it proves', async () => {
    const sub = person(good);
    const stolen = await leave(usher, newVisitor(usher), flow, good.button);
    const { params } = await good.server.signIn(stolen.away.href);
    const visitor = newVisitor(usher);
    for (const sent of [
      { code: params['code'] ?? '' },
      { id_token: 'e30.e30.e30' },
      { SAMLResponse: 'PHg+', RelayState: '' },
    ]) {
      isLost(await visitor.post(callbackOf(), sent, good.server.origin));
      isLost(await visitor.open(`${callbackOf()}?${new URLSearchParams(sent as Record<string, string>)}`));
    }
    assert.deepEqual([...visitor.cookies.keys()], []);
    assert.deepEqual(await accountsOf(sub), []);
  });

  test('mix-up: what one provider answered proves nobody in a journey to another, with its name on it or without', async () => {
    for (const hasName of [true, false]) {
      const sub = person(good);
      evil.server.person = { sub };
      const elsewhere = await leave(usher, newVisitor(usher), flow, good.button);
      const { code = '', iss = '' } = (await good.server.signIn(elsewhere.away.href)).params;
      const visitor = newVisitor(usher);
      const { away } = await leave(usher, visitor, flow, evil.button);
      const state = away.searchParams.get('state') ?? '';
      const before = good.server.asked.length;
      const shown = await visitor.open(
        `${callbackOf()}?${new URLSearchParams({ code, state, ...(hasName ? { iss } : {}) })}`,
      );
      assert.match(refusedWith(shown), /^AADB2C90273/);
      assert.equal(good.server.asked.slice(before).length, 0, 'the code went to nobody it was not meant for');
      assert.equal(evil.server.asked.filter(({ params }) => params['code'] === code).length, 0);
      assert.deepEqual(await accountsOf(sub), []);
    }
  });

  test('parameter pollution: an answer that says something twice is none', async () => {
    const visitor = newVisitor(usher);
    const { away } = await leave(usher, visitor, flow, good.button);
    const { params } = await good.server.signIn(away.href);
    const query = String(new URLSearchParams(params));
    for (const more of ['state=other', `state=${params['state']}`, 'code=other', 'c%6Fde=other', 'iss=other']) {
      for (const polluted of [`${query}&${more}`, `${more}&${query}`]) {
        const { status, left } = await visitor.open(`${callbackOf()}?${polluted}`);
        assert.deepEqual([status, left], [400, undefined], polluted);
      }
    }
    const posted = await visitor.post(`${callbackOf()}?${query}`, { state: 'other' }, good.server.origin);
    assert.equal(posted.status, 410);
    codeIn(await visitor.open(`${callbackOf()}?${query}`));
  });

  test('merge: an address that was proved is not exchanged for another on the page', async () => {
    const asks = await flowWith(usher, [good]);
    await graph(usher, 'POST', `/beta/identity/b2cUserFlows/${asks}/userAttributeAssignments`, {
      userAttribute: { id: 'email' },
      isOptional: false,
      requiresVerification: true,
      userInputType: 'emailBox',
    });
    const victim = await newAccount(usher);
    const mine = 'mallory@elsewhere.example';
    const sub = person(good, { email: mine, email_verified: true });
    const visitor = newVisitor(usher);
    const { attempt, shown } = await through(usher, visitor, asks, good);
    const changed = await visitor.submit(shown, 'continue', { email: victim.email });
    assert.equal(changed.left, undefined);
    assert.deepEqual(await accountsOf(sub), []);
    // A code to an address of one's own, then the other address with it.
    const edited = await visitor.submit(await visitor.open(shown.url), 'email_ver_but_send', { email: mine });
    const code = await usher.code(mine);
    const swapped = await visitor.submit(edited, 'continue', { email: victim.email, email_ver_input: code });
    assert.equal(swapped.left, undefined);
    assert.deepEqual(await accountsOf(sub), []);
    const back = await visitor.open(shown.url);
    const sent = await visitor.submit(back, 'email_ver_but_send', { email: 'second@elsewhere.example' });
    const proof = { email: 'second@elsewhere.example', email_ver_input: await usher.code('second@elsewhere.example') };
    const done = await visitor.submit(sent, 'continue', proof);
    const claims = await claimsAfter(usher, asks, attempt, done);
    assert.deepEqual([claims['emails'], claims['oid'] === victim.id], [['second@elsewhere.example'], false]);
  });

  test('linking: nobody who is signed in gains the account of a provider, or gives theirs away', async () => {
    const edit = await flowWith(usher, [good, local], { userFlowType: 'profileUpdate' });
    const owner = await newAccount(usher);
    const sub = person(good, { email: owner.email, email_verified: true });
    const visitor = newVisitor(usher);
    const signedIn = await visitor.open(authorize(usher, {}, flow).url);
    codeIn(await visitor.submit(signedIn, 'next', { email: owner.email, password: owner.password }));
    const { shown } = await through(usher, newVisitor(usher), edit, good);
    assert.match(refusedWith(shown), /^AADB2C99002/);
    const again = await visitor.open(authorize(usher, { prompt: 'login' }, edit).url);
    const away = await visitor.submit(again, good.button);
    assert.ok(away.left);
    const refused = await comeBack(visitor, await good.server.signIn(away.left.href), good.server.origin);
    assert.match(refusedWith(refused), /^AADB2C99002/);
    assert.deepEqual(await accountsOf(sub), []);
    const found = (await accounts(usher)).find(({ id }) => id === owner.id);
    assert.deepEqual(
      found?.identities.map(({ signInType }) => signInType),
      ['emailAddress'],
    );
  });

  test('a provider that is taken away proves nobody any more, neither by an answer nor by a session', async () => {
    const leaving = await giveProvider(usher, { displayName: 'Leaving' });
    const its = await flowWith(usher, [leaving, local]);
    person(leaving);
    const visitor = newVisitor(usher);
    const { shown } = await through(usher, visitor, its, leaving);
    codeIn(shown);
    const silent = async () => visitor.open(authorize(usher, { prompt: 'none' }, its).url);
    codeIn(await silent());
    const late = newVisitor(usher);
    const { away } = await leave(usher, late, its, leaving.button);
    const answer = await leaving.server.signIn(away.href);
    await graph(usher, 'DELETE', `/beta/identity/b2cUserFlows/${its}/userFlowIdentityProviders/${leaving.id}/$ref`);
    assert.match(refusedWith(await silent()), /^AADB2C90077/);
    assert.match(refusedWith(await comeBack(late, answer, leaving.server.origin)), /^AADB2C90273/);
    await leaving.server.close();
  });
});
