import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
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
import type { Mischief } from '../support/foreign-provider/mischief.ts';
import { authorize, redirectUri } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, textOf } from '../support/visitor.ts';

/** The ways in which OpenID Connect providers answer. */
const manners = [
  { manner: 'a code in the address', parts: {} },
  { manner: 'a code in a form', parts: { responseMode: 'form_post' } },
  { manner: 'an ID token in a form', parts: { responseType: 'id_token', responseMode: 'form_post' } },
] as const;

for (const { manner, parts } of manners) {
  describe(`OpenID Connect by ${manner}`, () => {
    let usher: Usher;
    let given: GivenProvider;
    let flow: string;
    let people = 0;
    before(async () => {
      usher = await startUsher();
      given = await giveProvider(usher, parts);
      flow = await flowWith(usher, [given, local]);
    });
    after(async () => {
      await given?.server.close();
      await usher?.stop();
    });

    const newPerson = (claims: Readonly<Record<string, unknown>> = {}): string => {
      people += 1;
      const sub = `person-${people}`;
      given.server.person = { sub, name: `Person ${people}`, ...claims };
      return sub;
    };
    const accountOf = async (sub: string) =>
      (await accounts(usher)).filter(({ identities }) => identities.some((one) => one.issuerAssignedId === sub));
    const go = () => through(usher, newVisitor(usher), flow, given);

    test('somebody signs up, and signs in again as the same person', async () => {
      const sub = newPerson({ email: 'Robin@elsewhere.example', email_verified: false });
      const first = await go();
      const claims = await claimsAfter(usher, flow, first.attempt, first.shown);
      const [account, ...others] = await accountOf(sub);
      assert.ok(account && others.length === 0);
      assert.deepEqual(
        [claims['oid'], claims['newUser'], claims['idp'], claims['name'], claims['emails']],
        [account.id, true, given.server.issuer, 'Person 1', ['Robin@elsewhere.example']],
      );
      assert.match(account.userPrincipalName, /^cpim_[0-9a-f-]{36}@contoso\.onmicrosoft\.com$/);
      assert.deepEqual([account.mailNickname, account.otherMails], ['unknown', ['Robin@elsewhere.example']]);
      const again = await go();
      const renewed = await claimsAfter(usher, flow, again.attempt, again.shown);
      assert.deepEqual([renewed['oid'], renewed['newUser']], [account.id, undefined]);
    });

    test('single sign-on says who proved the person, and a flow without that provider asks again', async () => {
      newPerson();
      const visitor = newVisitor(usher);
      await through(usher, visitor, flow, given);
      const attempt = authorize(usher, {}, flow);
      const claims = await claimsAfter(usher, flow, attempt, await visitor.open(attempt.url));
      assert.equal(claims['idp'], given.server.issuer);
      const other = await flowWith(usher, [local]);
      const shown = await visitor.open(authorize(usher, {}, other).url);
      assert.match(shown.html, /type="password"/);
    });

    test('whoever turns back there, or meets trouble, comes back to the application with that', async () => {
      for (const [mischief, said] of [
        ['cancel', 'access_denied'],
        ['error', 'server_error'],
      ] as const) {
        const sub = newPerson();
        given.server.mischief = mischief;
        const { shown } = await go();
        given.server.mischief = undefined;
        assert.equal(shown.left?.searchParams.get('error'), 'access_denied');
        assert.match(
          refusedWith(shown),
          new RegExp(`^AADB2C90273: An invalid response was received : 'Error: ${said}'`),
        );
        assert.deepEqual(await accountOf(sub), []);
      }
    });

    test('an answer that proves nobody lets nobody in', async () => {
      const inToken: readonly Mischief[] = [
        ...([
          'wrongNonce',
          'absentNonce',
          'otherIssuer',
          'otherAudience',
          'expired',
          'absentSubject',
          'algNone',
        ] as const),
        ...(['hmacWithPublicKey', 'forged', 'unknownKey', 'issOfAnother', 'noToken'] as const),
      ];
      const ofCodes: readonly Mischief[] = 'responseType' in parts ? [] : ['foreignCode'];
      for (const mischief of [...inToken, ...ofCodes]) {
        const sub = newPerson();
        given.server.mischief = mischief;
        const { shown } = await go();
        given.server.mischief = undefined;
        assert.match(refusedWith(shown), /^AADB2C90273: /, mischief);
        assert.deepEqual(await accountOf(sub), [], mischief);
      }
    });

    test('an answer without the state that was sent belongs to no journey', async () => {
      for (const mischief of ['wrongState', 'absentState'] as const) {
        newPerson();
        given.server.mischief = mischief;
        const { shown } = await go();
        given.server.mischief = undefined;
        assert.equal(shown.left, undefined);
        assert.equal(shown.status, 410);
        assert.match(textOf(shown.html), /AADB2C90046/);
      }
    });

    test('an answer is good once', async () => {
      const sub = newPerson();
      const visitor = newVisitor(usher);
      const { away } = await leave(usher, visitor, flow, given.button);
      const answer = await given.server.signIn(away.href);
      assert.ok((await comeBack(visitor, answer, given.server.origin)).left?.searchParams.get('code'));
      const asked = given.server.asked.length;
      const again = await comeBack(visitor, answer, given.server.origin);
      assert.equal(again.left?.searchParams.get('code') ?? null, null);
      const other = await leave(usher, newVisitor(usher), flow, given.button);
      const { state } = Object.fromEntries(other.away.searchParams);
      const stolen = await comeBack(
        visitor,
        { ...answer, params: { ...answer.params, state: state ?? '' } },
        given.server.origin,
      );
      assert.equal(stolen.left, undefined);
      assert.equal(given.server.asked.slice(asked).filter(({ endpoint }) => endpoint === 'token').length, 0);
      assert.equal((await accountOf(sub)).length, 1);
    });

    test('a provider that has changed its keys is believed, by the new ones', async () => {
      newPerson();
      await go();
      given.server.rotateKeys();
      const { attempt, shown } = await go();
      assert.ok((await claimsAfter(usher, flow, attempt, shown))['oid']);
    });

    test('an issuer that has changed is another one: nobody comes in by it', async () => {
      newPerson();
      await go();
      given.server.mischief = 'otherIssuer';
      const { shown } = await go();
      given.server.mischief = undefined;
      assert.match(refusedWith(shown), /^AADB2C90273/);
    });

    test('an address is proved here when the provider has not', async () => {
      const asks = await flowWith(usher, [given]);
      await graph(usher, 'POST', `/beta/identity/b2cUserFlows/${asks}/userAttributeAssignments`, {
        userAttribute: { id: 'email' },
        isOptional: false,
        requiresVerification: true,
        userInputType: 'emailBox',
      });
      const sub = newPerson({ email: 'claimed@elsewhere.example', email_verified: false });
      const visitor = newVisitor(usher);
      const { attempt, shown } = await through(usher, visitor, asks, given);
      assert.match(shown.html, /value="claimed@elsewhere\.example"/);
      const email = 'claimed@elsewhere.example';
      assert.equal((await visitor.submit(shown, 'continue', { email })).left, undefined);
      const sent = await visitor.submit(await visitor.open(shown.url), 'email_ver_but_send', { email });
      assert.deepEqual(await accountOf(sub), []);
      const done = await visitor.submit(sent, 'email_ver_but_verify', {
        email,
        email_ver_input: await usher.code(email),
      });
      const arrived = done.left ? done : await visitor.submit(done, 'continue', { email });
      assert.deepEqual((await claimsAfter(usher, asks, attempt, arrived))['emails'], [email]);
    });

    test('a provider that leaves the flow, and one that is deleted, lets nobody in who was on the way', async () => {
      const leaving = await giveProvider(usher, parts);
      const its = await flowWith(usher, [leaving, local]);
      const visitors = [newVisitor(usher), newVisitor(usher)] as const;
      const answers = [];
      for (const visitor of visitors) {
        const { away } = await leave(usher, visitor, its, leaving.button);
        answers.push(await leaving.server.signIn(away.href));
      }
      await graph(usher, 'DELETE', `/beta/identity/b2cUserFlows/${its}/userFlowIdentityProviders/${leaving.id}/$ref`);
      for (const [index, visitor] of visitors.entries()) {
        const answer = answers[index];
        assert.ok(answer);
        assert.match(refusedWith(await comeBack(visitor, answer, leaving.server.origin)), /^AADB2C90273/);
        if (index === 0) await graph(usher, 'DELETE', `/beta/identity/identityProviders/${leaving.id}`);
      }
      await leaving.server.close();
    });

    test('a provider that does not answer is said on the page, and the other ways in are still there', async () => {
      const dark = await giveProvider(usher, parts);
      await dark.server.close();
      const its = await flowWith(usher, [dark, local]);
      const visitor = newVisitor(usher);
      const shown = await visitor.submit(await visitor.open(authorize(usher, {}, its).url), dark.button);
      assert.equal(shown.left, undefined);
      assert.match(textOf(shown.html), /Elsewhere does not answer at the moment/);
      assert.match(shown.html, /type="password"/);
    });
  });
}

describe('the address to come back to', () => {
  let usher: Usher;
  before(async () => {
    usher = await startUsher();
  });
  after(() => usher?.stop());

  test('says of what it cannot use that there is no such sign-in', async () => {
    const visitor = newVisitor(usher);
    for (const query of ['', '?state=made-up&code=c', '?code=c', '?error=access_denied']) {
      const { status, html } = await visitor.open(`${callbackOf()}${query}`);
      assert.equal(status, 410, query);
      assert.match(textOf(html), /AADB2C90046/);
    }
    assert.equal((await visitor.open(`${callbackOf('nobody.onmicrosoft.com')}?state=s`)).status, 404);
    assert.equal((await visitor.open(`${callbackOf()}?state=a&state=b`)).status, 400);
  });
});

describe('signing out', () => {
  let usher: Usher;
  let given: GivenProvider;
  let flow: string;
  before(async () => {
    usher = await startUsher();
    given = await giveProvider(usher);
    flow = await flowWith(usher, [given, local]);
  });
  after(async () => {
    await given?.server.close();
    await usher?.stop();
  });

  const bye = (query: Readonly<Record<string, string>>) =>
    `/${seeded.tenant}/${flow}/oauth2/v2.0/logout?${new URLSearchParams(query)}`;
  const wanted = { post_logout_redirect_uri: redirectUri, state: 'mine|1' };
  const atApplication = (url: URL | undefined) => `${url?.origin}${url?.pathname} ${url?.searchParams.get('state')}`;

  test('signs people of a provider out there too, and then leads where the application wants them', async () => {
    const visitor = newVisitor(usher);
    await through(usher, visitor, flow, given);
    const { left } = await visitor.open(bye(wanted));
    assert.equal(`${left?.origin}${left?.pathname}`, `${given.server.origin}/logout`);
    const sent = await given.server.signIn(left?.href ?? '');
    assert.equal(sent.url, `${usher.url}/${seeded.tenant}/oauth2/v2.0/logout`);
    const state = left?.searchParams.get('state') ?? '';
    const back = await visitor.open(`${sent.url}?${new URLSearchParams({ ...sent.params, state })}`);
    assert.equal(atApplication(back.left), `${redirectUri} mine|1`);
    const again = await visitor.open(`${sent.url}?state=${state}`);
    assert.deepEqual([again.left, again.status], [undefined, 200], 'once');
    const silent = await visitor.open(authorize(usher, { prompt: 'none' }, flow).url);
    assert.match(refusedWith(silent), /^AADB2C90077/);
  });

  test('without an application that waits people come back to the page that says so', async () => {
    const visitor = newVisitor(usher);
    await through(usher, visitor, flow, given);
    const { left } = await visitor.open(bye({}));
    assert.equal(left?.origin, given.server.origin);
    const shown = await visitor.open((await given.server.signIn(left?.href ?? '')).url);
    assert.deepEqual([shown.status, shown.left], [200, undefined]);
  });

  test('sends nobody to a provider who was not proved by it, or when it has no place for it', async () => {
    const stranger = newVisitor(usher);
    assert.equal(atApplication((await stranger.open(bye(wanted))).left), `${redirectUri} mine|1`);
    const own = newVisitor(usher);
    const page = await own.open(authorize(usher, {}, flow).url);
    await own.submit(page, 'next', { email: seeded.user, password: seeded.password });
    assert.equal(atApplication((await own.open(bye(wanted))).left), `${redirectUri} mine|1`);
    const plain = await giveProvider(usher);
    plain.server.metadata = { end_session_endpoint: undefined };
    flow = await flowWith(usher, [plain, local]);
    const theirs = newVisitor(usher);
    await through(usher, theirs, flow, plain);
    assert.equal(atApplication((await theirs.open(bye(wanted))).left), `${redirectUri} mine|1`);
    await plain.server.close();
  });
});
