import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import {
  type Answering,
  blocking,
  complaining,
  failing,
  goOn,
  json,
  type ListeningApi,
  listeningApi,
} from '../../../test/support/listening-api.ts';
import { restRules } from '../callouts/circuit-breaker.ts';
import type { ConnectorStep } from '../callouts/connector-step.ts';
import { addConnector, callAt } from '../testing/connectors.ts';
import { addForeign, type Foreign } from '../testing/foreign.ts';
import { assignToGuests, createGuestFlow, guestOf, partner, proveNewcomer } from '../testing/guests.ts';
import { fieldOf, type House, messagesOf, openHouse, type Visitor } from '../testing/harness.ts';

type GuestStep = Exclude<ConnectorStep, 'PreTokenIssuance'>;

const steps: readonly GuestStep[] = ['PostFederationSignup', 'PostAttributeCollection'];

describe('API connectors of flows for guests', () => {
  let house: House;
  let api: ListeningApi;
  let elsewhere: Foreign;
  let people = 0;
  before(async () => {
    house = await openHouse({ connectorMilliseconds: 500 });
    api = await listeningApi();
    elsewhere = await addForeign(house);
    const connector = await addConnector(house, `${api.origin}/check`);
    for (const step of steps) {
      await createGuestFlow(house, ['EmailOtpSignup-OAUTH', elsewhere.id], {}, step);
      await assignToGuests(house, 'city', {}, `B2X_1_${step}`);
      await callAt(house, `B2X_1_${step}`, step, connector);
    }
    await createGuestFlow(house);
  });
  beforeEach(() => {
    api.answering = goOn();
    api.calls.length = 0;
    house.host.arrivals.length = 0;
    house.host.refusals.length = 0;
    house.clock.advance(restRules.seconds);
  });
  after(async () => {
    await elsewhere.server.close();
    await api.close();
    await house.close();
  });

  const newEmail = (): string => {
    people += 1;
    return `guest${people}@fabrikam.example`;
  };

  /** As far as the flow lets a newcomer come by a code; `email`: who it was. */
  async function signUp(step: GuestStep, city = 'Turin'): Promise<{ visitor: Visitor; email: string }> {
    const email = newEmail();
    const visitor = await house.begin(`B2X_1_${step}`);
    await proveNewcomer(house, visitor, email);
    if (visitor.move.kind === 'show' && fieldOf(visitor.screen, 'city')) await visitor.press('continue', { city });
    return { visitor, email };
  }

  const known = (email: string) => house.identity.guests.findByAddress(email);

  test('the body says who it is and what they typed, without the members of B2C', async () => {
    const { email } = await signUp('PostFederationSignup');
    const identities = [{ signInType: 'federated', issuer: 'mail', issuerAssignedId: email }];
    assert.deepEqual(api.calls[0]?.body, { email, identities, ui_locales: 'en' });
    api.calls.length = 0;
    const second = await signUp('PostAttributeCollection');
    const theirs = [{ signInType: 'federated', issuer: 'mail', issuerAssignedId: second.email }];
    assert.deepEqual(api.calls[0]?.body, { email: second.email, identities: theirs, city: 'Turin', ui_locales: 'en' });
  });

  test('of other providers than Google, Facebook and the code the identity is not told', async () => {
    elsewhere.server.person = { sub: 'x-1', email: 'x1@fabrikam.example', email_verified: true };
    const visitor = await house.begin('B2X_1_PostFederationSignup');
    await elsewhere.signIn(visitor);
    assert.deepEqual(api.calls[0]?.body, { email: 'x1@fabrikam.example', ui_locales: 'en' });
  });

  test('an account that is there is nothing to an API', async () => {
    const { email } = await signUp('PostAttributeCollection');
    api.calls.length = 0;
    house.clock.advance(60);
    const again = await house.begin('B2X_1_PostAttributeCollection');
    await proveNewcomer(house, again, email);
    assert.match(again.url, /arrived/);
    assert.deepEqual(api.calls, []);
  });

  test('Continue: the first step fills in the page, the second has the last word', async () => {
    api.answering = goOn({ city: 'Bologna' });
    const visitor = await house.begin('B2X_1_PostFederationSignup');
    await proveNewcomer(house, visitor, newEmail());
    assert.equal(fieldOf(visitor.screen, 'city')?.value, 'Bologna');
    await visitor.press('continue', { city: 'Rome' });
    assert.equal((await guestOf(house)).city, 'Rome');
    await signUp('PostAttributeCollection');
    assert.equal((await guestOf(house)).city, 'Bologna');
    api.answering = goOn({ city: '' });
    await signUp('PostAttributeCollection');
    assert.equal((await guestOf(house)).city, null);
  });

  for (const step of steps) {
    test(`${step}: ShowBlockPage ends it, and nobody is made a guest`, async () => {
      api.answering = blocking('Your account is now waiting for approval.');
      const { visitor, email } = await signUp(step);
      assert.deepEqual(messagesOf(visitor.screen), ['Your account is now waiting for approval.']);
      assert.deepEqual(
        visitor.screen.actions.map(({ name }) => name),
        ['cancel'],
      );
      await visitor.press('cancel');
      assert.deepEqual(house.host.arrivals, []);
      assert.equal(await known(email), undefined);
    });

    const bad: Readonly<Record<string, Answering>> = {
      ...failing,
      'answers in another version': json({ version: '9.9.9', action: 'Continue' }),
      'answers without action': json({ version: '1.0.0' }),
      'refuses the password': json({}, 401),
    };
    for (const [name, answering] of Object.entries(bad)) {
      test(`${step}: an API that ${name} makes nobody a guest`, async () => {
        api.answering = answering;
        const { visitor, email } = await signUp(step);
        assert.ok(api.calls.length > 0);
        assert.match(JSON.stringify(visitor.screen.messages), /AADB2C90(027|075|162|261): .* Correlation ID: /);
        assert.deepEqual(house.host.arrivals, []);
        assert.equal(await known(email), undefined);
      });
    }
  }

  test('ValidationError shows the page again, with everything typed', async () => {
    api.answering = complaining('This city is too far away.');
    const { visitor, email } = await signUp('PostAttributeCollection', 'Ultima Thule');
    assert.deepEqual(messagesOf(visitor.screen), ['This city is too far away.']);
    assert.equal(fieldOf(visitor.screen, 'city')?.value, 'Ultima Thule');
    assert.equal(await known(email), undefined);
    api.answering = goOn();
    await visitor.press('continue', { city: 'Turin' });
    assert.match(visitor.url, /arrived/);
    assert.equal((await known(email))?.city, 'Turin');
  });

  test('ValidationError means nothing before there is a page', async () => {
    api.answering = complaining('Too early.');
    const { visitor, email } = await signUp('PostFederationSignup');
    assert.ok(!messagesOf(visitor.screen).includes('Too early.'));
    assert.equal(await known(email), undefined);
  });

  test('a flow without connectors calls nobody', async () => {
    const visitor = await house.begin(partner);
    await proveNewcomer(house, visitor, newEmail());
    assert.match(visitor.url, /arrived/);
    assert.deepEqual(api.calls, []);
  });
});
