import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { entities } from '../../model/index.ts';
import { addForeign, type Foreign, offerForeign } from '../testing/foreign.ts';
import {
  addUser,
  assign,
  codeFor,
  fieldOf,
  type House,
  messagesOf,
  openHouse,
  password,
  seed,
} from '../testing/harness.ts';

const local = { authenticationMethods: 'emailWithPassword' };

describe('foreign providers', () => {
  let house: House;
  let one: Foreign;
  let other: Foreign;
  let people = 0;
  before(async () => {
    house = await openHouse();
    one = await addForeign(house, { displayName: 'One', domainHint: 'One.Example' });
    other = await addForeign(house, { displayName: 'Other', domainHint: 'other.example' });
    await offerForeign(house, 'both', local, one, other);
    await offerForeign(house, 'only', {}, one);
    await offerForeign(house, 'in', { userFlowType: 'signIn' }, one);
    await offerForeign(house, 'up', { userFlowType: 'signUp', ...local }, one);
    await offerForeign(house, 'edit', { userFlowType: 'profileUpdate' }, one);
    await assign(house, 'displayName', {}, 'B2C_1_edit');
    await offerForeign(house, 'asks', {}, one);
    await assign(house, 'displayName', { isOptional: false }, 'B2C_1_asks');
    await assign(house, 'surname', {}, 'B2C_1_asks');
    await assign(house, 'city', {}, 'B2C_1_asks');
  });
  after(async () => {
    await Promise.all([one.server.close(), other.server.close()]);
    await house.close();
  });

  /** Somebody whom nobody has seen before. */
  const newPerson = (claims: Readonly<Record<string, unknown>> = {}): string => {
    people += 1;
    one.server.person = { sub: `Person-${people}`, name: `Person ${people}`, ...claims };
    return `Person-${people}`;
  };
  const userOf = (sub: string) => house.identity.findByForeignIdentity(one.server.issuer, sub);
  const arrival = () => house.host.arrivals.at(-1);

  test('the sign-in page has a button for each, below what this tenant asks for itself', async () => {
    const { screen } = await house.begin('B2C_1_both');
    assert.deepEqual(
      screen.actions.map(({ name }) => name),
      ['next', 'forgotPassword', one.button, other.button, 'createAccount'],
    );
    assert.deepEqual(screen.actions.find(({ name }) => name === one.button)?.label, { literal: 'One' });
  });

  test('where they are the only way in, the page has nothing else', async () => {
    const { screen } = await house.begin('B2C_1_only');
    assert.deepEqual(
      [screen.id, screen.fields, screen.actions.map(({ name }) => name)],
      ['signuporsignin', [], [one.button]],
    );
  });

  test('whoever is new gets an account made of what the provider tells, and finds it again', async () => {
    const sub = newPerson({ given_name: 'Ida', email: 'ida@elsewhere.example' });
    await one.signIn(await house.begin('B2C_1_only'));
    const user = await userOf(sub);
    assert.ok(user);
    assert.deepEqual(
      [user.displayName, user.givenName, user.otherMails],
      [`Person ${people}`, 'Ida', ['ida@elsewhere.example']],
    );
    const { issuer } = one.server;
    assert.deepEqual(user.identities, [{ signInType: 'federated', issuer, issuerAssignedId: sub }]);
    const first = arrival();
    assert.deepEqual(
      [first?.userId, first?.newUser, first?.amr, first?.foreign?.provider, first?.foreign?.issuer],
      [user.id, true, ['fed'], one.id, issuer],
    );
    await one.signIn(await house.begin('B2C_1_in'));
    assert.deepEqual([arrival()?.userId, arrival()?.newUser], [user.id, false]);
  });

  test('what the provider tells later is not written again', async () => {
    const sub = newPerson({ name: 'Before' });
    await one.signIn(await house.begin('B2C_1_only'));
    one.server.person = { sub, name: 'After' };
    await one.signIn(await house.begin('B2C_1_only'));
    assert.equal((await userOf(sub))?.displayName, 'Before');
  });

  test('the page asks for what the flow collects, filled in, and the person has the last word', async () => {
    const sub = newPerson({ name: 'Grace H', family_name: 'Hopper', given_name: 'Grace' });
    const visitor = await house.begin('B2C_1_asks');
    await one.signIn(visitor);
    assert.equal(visitor.screen.id, 'socialccountsignup');
    assert.deepEqual(
      visitor.screen.fields.map(({ name, value }) => [name, value]),
      [
        ['displayName', 'Grace H'],
        ['surname', 'Hopper'],
        ['city', undefined],
      ],
    );
    assert.equal(await userOf(sub), undefined, 'nobody has an account before they say so');
    await visitor.press('continue', { displayName: '', surname: '', city: 'Arlington' });
    assert.deepEqual(messagesOf(visitor.screen), ['socialccountsignup.error_requiredFieldMissing']);
    assert.equal(fieldOf(visitor.screen, 'city')?.value, 'Arlington');
    await visitor.press('continue', { displayName: 'Grace', surname: '', city: 'Arlington' });
    const user = await userOf(sub);
    assert.deepEqual(
      [user?.displayName, user?.surname, user?.city, user?.givenName],
      ['Grace', null, 'Arlington', 'Grace'],
    );
    assert.equal(arrival()?.newUser, true);
  });

  test('who cancels there, or brings nothing that proves them, goes back to the application with that', async () => {
    for (const [mischief, detail] of [
      ['cancel', 'Error: access_denied'],
      ['error', 'Error: server_error'],
      ['wrongNonce', 'Error: server_error'],
    ] as const) {
      const sub = newPerson();
      one.server.mischief = mischief;
      await one.signIn(await house.begin('B2C_1_only'));
      one.server.mischief = undefined;
      assert.deepEqual(house.host.refusals.at(-1), 'foreignFailed');
      assert.equal(house.host.details.at(-1), detail);
      assert.equal(await userOf(sub), undefined);
    }
  });

  test('where nobody signs up, whoever is unknown is refused and gets no account', async () => {
    for (const flow of ['B2C_1_in', 'B2C_1_edit']) {
      const sub = newPerson();
      await one.signIn(await house.begin(flow));
      assert.deepEqual([house.host.refusals.at(-1), house.host.details.at(-1)], ['foreignUnknown', flow]);
      assert.equal(await userOf(sub), undefined);
    }
  });

  test('an account that is switched off is told so on the page, and in the log', async () => {
    const sub = newPerson();
    await one.signIn(await house.begin('B2C_1_only'));
    const user = await userOf(sub);
    await house.directory.update(seed, { type: entities.user, id: user?.id ?? '' }, { accountEnabled: false });
    const visitor = await house.begin('B2C_1_both');
    await one.signIn(visitor);
    assert.deepEqual(messagesOf(visitor.screen), ['signuporsignin.UserMessageIfUserAccountDisabled']);
    const told = house.signIns.at(-1);
    assert.equal(told?.user?.id, user?.id);
  });

  test('a provider that does not answer keeps nobody: the page says so, and what was typed stays', async () => {
    const gone = await addForeign(house, { displayName: 'Gone' });
    await gone.server.close();
    await offerForeign(house, 'gone', { ...local }, gone);
    const visitor = await house.begin('B2C_1_gone');
    await visitor.press(gone.button, { email: 'ada@contoso.example' });
    assert.deepEqual(messagesOf(visitor.screen), ['signuporsignin.provider_unreachable']);
    assert.equal(fieldOf(visitor.screen, 'email')?.value, 'ada@contoso.example');
  });

  test('the application can name where to go: there at once, and with "back" to the page', async () => {
    const visitor = await house.begin('B2C_1_both', {
      domainHint: ' oNe.example',
      loginHint: 'ida@elsewhere.example',
      isFresh: true,
    });
    const asked = new URL(visitor.url).searchParams;
    assert.equal(new URL(visitor.url).origin, one.server.origin);
    assert.deepEqual([asked.get('login_hint'), asked.get('prompt')], ['ida@elsewhere.example', 'login']);
    assert.equal(asked.get('redirect_uri'), 'https://login.example/contoso.onmicrosoft.com/oauth2/authresp');
    await visitor.look();
    assert.equal(visitor.screen.id, 'signuporsignin');
    assert.equal(fieldOf(visitor.screen, 'email')?.value, 'ida@elsewhere.example');
    const up = await house.begin('B2C_1_up', { domainHint: 'one.example' });
    assert.equal(new URL(up.url).origin, one.server.origin);
    for (const domainHint of ['elsewhere.example', '', 'other.example.evil']) {
      assert.equal((await house.begin('B2C_1_both', { domainHint })).move.kind, 'show', domainHint);
    }
  });

  test('in a flow that only signs up the choice has them too, and whoever has an account is signed in to it', async () => {
    const sub = newPerson();
    const visitor = await house.begin('B2C_1_up');
    assert.deepEqual(
      visitor.screen.actions.map(({ name }) => name),
      ['SignUpWithLogonEmailExchange', one.button, 'cancel'],
    );
    await one.signIn(visitor);
    assert.deepEqual([arrival()?.userId, arrival()?.newUser], [(await userOf(sub))?.id, true]);
    await one.signIn(await house.begin('B2C_1_up'));
    assert.deepEqual([arrival()?.userId, arrival()?.newUser], [(await userOf(sub))?.id, false]);
    const local = await house.begin('B2C_1_up');
    await local.press('SignUpWithLogonEmailExchange');
    assert.equal(local.screen.id, 'localaccountsignup');
  });

  test('where sign-in is blocked, whoever has an account is refused, and who has none gets one', async () => {
    await offerForeign(house, 'blocked', { settings: { isSignInBlocked: true } }, one);
    const sub = newPerson();
    await one.signIn(await house.begin('B2C_1_blocked'));
    assert.deepEqual([arrival()?.userId, arrival()?.newUser], [(await userOf(sub))?.id, true]);
    await one.signIn(await house.begin('B2C_1_blocked'));
    assert.equal(house.host.refusals.at(-1), 'blocked');
  });

  test('people of a provider change their profile, and are asked for no password', async () => {
    const sub = newPerson();
    await one.signIn(await house.begin('B2C_1_only'));
    const visitor = await house.begin('B2C_1_edit');
    await one.signIn(visitor);
    assert.equal(visitor.screen.id, 'selfasserted.profileupdate');
    await visitor.press('continue', { displayName: 'Changed' });
    assert.equal((await userOf(sub))?.displayName, 'Changed');
  });

  test('an answer that comes twice, or for a journey that went on, changes nothing', async () => {
    const sub = newPerson();
    const visitor = await house.begin('B2C_1_both');
    const params = await one.visit(visitor);
    await visitor.look();
    assert.equal(visitor.screen.id, 'signuporsignin', 'back without an answer');
    assert.equal((await house.flows.bringBack({ params })).journeyId, visitor.journeyId);
    await visitor.look();
    assert.equal(visitor.screen.id, 'signuporsignin');
    await visitor.press('next', { email: 'adele@contoso.example', password });
    const adele = arrival()?.userId;
    await house.flows.bringBack({ params });
    await visitor.look();
    assert.equal(arrival()?.userId, adele);
    assert.equal(await userOf(sub), undefined);
  });

  test('two journeys of one new person make one account; the second is told that there is one', async () => {
    const sub = newPerson();
    const visitors = [await house.begin('B2C_1_asks'), await house.begin('B2C_1_asks')] as const;
    for (const visitor of visitors) await one.signIn(visitor);
    await Promise.all(visitors.map((visitor) => visitor.press('continue', { displayName: 'Twice' })));
    const told = visitors.filter(({ move }) => move.kind === 'show');
    assert.deepEqual(
      told.map(({ screen }) => [screen.id, messagesOf(screen)]),
      [['socialccountsignup', ['socialccountsignup.UserMessageIfClaimsPrincipalAlreadyExists']]],
    );
    await told[0]?.press('cancel');
    assert.equal(house.host.refusals.at(-1), 'cancelled');
    assert.ok(await userOf(sub));
  });

  test('a provider that the flow does not offer any more, or that is gone, lets nobody in who was on the way', async () => {
    const leaving = await addForeign(house, { displayName: 'Leaving' });
    await offerForeign(house, 'leaving', local, leaving);
    leaving.server.person = { sub: 'late' };
    const flow = { type: entities.b2cIdentityUserFlow, id: 'B2C_1_leaving' };
    const visitors = [await house.begin('B2C_1_leaving'), await house.begin('B2C_1_leaving')];
    const answers = [];
    for (const visitor of visitors) answers.push(await leaving.visit(visitor));
    await house.directory.unlink(seed, flow, 'userFlowIdentityProviders', leaving.id);
    for (const [index, visitor] of visitors.entries()) {
      await house.flows.bringBack({ params: answers[index] ?? {} });
      await visitor.look();
      assert.equal(house.host.refusals.at(-1), 'foreignFailed');
      assert.equal(house.host.details.at(-1), 'Error: temporarily_unavailable');
      assert.equal(await house.identity.findByForeignIdentity(leaving.server.issuer, 'late'), undefined);
      if (index === 0) {
        await house.directory.remove(seed, { type: entities.openIdConnectIdentityProvider, id: leaving.id });
      }
    }
    await leaving.server.close();
  });

  describe('the address', () => {
    before(async () => {
      await offerForeign(house, 'mail', {}, one);
      await assign(house, 'email', { requiresVerification: true }, 'B2C_1_mail');
      await offerForeign(house, 'lax', {}, one);
      await assign(house, 'email', { requiresVerification: false }, 'B2C_1_lax');
    });

    test('that the provider has proved needs no code, and another one does', async () => {
      const sub = newPerson({ email: 'proved@elsewhere.example', email_verified: true });
      const visitor = await house.begin('B2C_1_mail');
      await one.signIn(visitor);
      assert.equal(visitor.screen.verification?.state, 'verified');
      await visitor.press('continue', { email: 'victim@contoso.example' });
      assert.deepEqual(messagesOf(visitor.screen), ['socialccountsignup.UserMessageIfClaimNotVerified']);
      assert.equal(await userOf(sub), undefined);
      await visitor.press('email_ver_but_edit', { email: 'victim@contoso.example' });
      await visitor.press('email_ver_but_send', { email: 'mine@contoso.example' });
      const code = codeFor(house, 'mine@contoso.example');
      await visitor.press('continue', { email: 'victim@contoso.example', email_ver_input: code });
      assert.equal(await userOf(sub), undefined, 'the proof is of one address');
      await visitor.press('email_ver_but_send', { email: 'mine@contoso.example' });
      await visitor.press('continue', {
        email: 'mine@contoso.example',
        email_ver_input: codeFor(house, 'mine@contoso.example'),
      });
      assert.deepEqual((await userOf(sub))?.otherMails, ['mine@contoso.example']);
    });

    test('that the provider has not proved needs a code', async () => {
      const sub = newPerson({ email: 'claimed@elsewhere.example', email_verified: false });
      const visitor = await house.begin('B2C_1_mail');
      await one.signIn(visitor);
      assert.equal(visitor.screen.verification?.state, 'initial');
      await visitor.press('continue', { email: 'claimed@elsewhere.example' });
      assert.equal(await userOf(sub), undefined);
    });

    test('is one to write to where the flow wants no proof, and never the way to another account', async () => {
      await addUser(house, 'victim@contoso.example');
      const victim = await house.identity.findBySignInName('victim@contoso.example');
      const sub = newPerson();
      const visitor = await house.begin('B2C_1_lax');
      await one.signIn(visitor);
      await visitor.press('continue', { email: 'no address' });
      assert.deepEqual(messagesOf(visitor.screen), ['socialccountsignup.error_fieldIncorrect']);
      await visitor.press('continue', { email: 'victim@contoso.example' });
      const mine = await userOf(sub);
      assert.deepEqual(mine?.otherMails, ['victim@contoso.example']);
      assert.notEqual(mine?.id, victim?.id);
      assert.equal((await house.identity.findBySignInName('victim@contoso.example'))?.id, victim?.id);
    });
  });
});
