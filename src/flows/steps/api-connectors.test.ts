import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import {
  type Answering,
  blocking,
  complaining,
  goOn,
  json,
  type ListeningApi,
  listeningApi,
} from '../../../test/support/listening-api.ts';
import { entities } from '../../model/index.ts';
import { type ConnectorStep, connectorSteps } from '../callouts/connector-step.ts';
import { addConnector, callAt } from '../testing/connectors.ts';
import { addForeign, type Foreign } from '../testing/foreign.ts';
import {
  addAttribute,
  assign,
  codeFor,
  createFlow,
  errorsOf,
  fieldOf,
  type House,
  messagesOf,
  newPasswords,
  openHouse,
  password,
  seed,
  type Visitor,
} from '../testing/harness.ts';

const client = '11111111-1111-4111-8111-111111111111';

describe('API connectors', () => {
  let house: House;
  let api: ListeningApi;
  let provider: Foreign;
  let connector: string;
  let shoe: string;
  let people = 0;
  before(async () => {
    house = await openHouse();
    api = await listeningApi();
    provider = await addForeign(house, { displayName: 'Elsewhere' });
    connector = await addConnector(house, `${api.origin}/check?code=k`);
    shoe = await addAttribute(house, 'Shoesize', 'int64');
    const providers = ['EmailPassword-OAUTH', provider.id];
    for (const userFlowType of ['signUpOrSignIn', 'signUp'] as const) {
      for (const step of connectorSteps) {
        const id = flowOf(userFlowType, step);
        await createFlow(house, id, { userFlowType, authenticationMethods: 'emailWithPassword' }, providers);
        await assign(house, 'postalCode', {}, `B2C_1_${id}`);
        await assign(house, shoe, {}, `B2C_1_${id}`);
        await callAt(house, `B2C_1_${id}`, step, connector);
      }
    }
    await createFlow(house, 'in', { userFlowType: 'signIn' });
    await callAt(house, 'B2C_1_in', 'PreTokenIssuance', connector);
  });
  beforeEach(() => {
    api.answering = goOn();
    api.calls.length = 0;
    house.host.arrivals.length = 0;
    house.host.refusals.length = 0;
    house.host.details.length = 0;
  });
  after(async () => {
    await provider.server.close();
    await api.close();
    await house.close();
  });

  const flowOf = (kind: string, step: ConnectorStep): string => `${kind}${step}`;

  const newEmail = (): string => {
    people += 1;
    return `person${people}@contoso.example`;
  };

  /** Up to the filled-in page of a new local account. */
  async function local(kind: string, step: ConnectorStep, email = newEmail()): Promise<Visitor> {
    const visitor = await house.begin(`B2C_1_${flowOf(kind, step)}`);
    await visitor.press(kind === 'signUp' ? 'SignUpWithLogonEmailExchange' : 'createAccount');
    await visitor.press('email_ver_but_send', { email });
    await visitor.press('email_ver_but_verify', { email, email_ver_input: codeFor(house, email) });
    return visitor;
  }

  const filledIn = (email: string) => ({ email, ...newPasswords, postalCode: '12345', extension_Shoesize: '43' });

  async function signUp(kind: string, step: ConnectorStep, email = newEmail()): Promise<Visitor> {
    const visitor = await local(kind, step, email);
    await visitor.press('continue', filledIn(email));
    return visitor;
  }

  /** Somebody whom nobody has seen before comes back from the provider. */
  async function federate(kind: string, step: ConnectorStep): Promise<Visitor> {
    people += 1;
    provider.server.person = {
      sub: `Person-${people}`,
      name: 'Ida',
      given_name: 'Ida',
      email: 'ida@elsewhere.example',
    };
    const visitor = await house.begin(`B2C_1_${flowOf(kind, step)}`);
    await provider.signIn(visitor);
    return visitor;
  }

  const arrivedUser = async () => {
    const user = await house.identity.find(house.host.arrivals.at(-1)?.userId ?? '');
    return user ?? assert.fail('nobody arrived');
  };
  const accounts = async () => (await house.directory.find({ type: entities.user, limit: 999 })).items.length;
  const detailsOf = (visitor: Visitor): string => JSON.stringify(visitor.screen.messages);

  for (const kind of ['signUpOrSignIn', 'signUp']) {
    describe(`in a ${kind} flow`, () => {
      test('PostFederationSignup: Continue fills in the page that follows', async () => {
        api.answering = goOn({ postalCode: '12349', extension_Shoesize: 41, email: 'mallory@contoso.example' });
        const visitor = await federate(kind, 'PostFederationSignup');
        const [call] = api.calls;
        assert.deepEqual(call?.body, {
          email: 'ida@elsewhere.example',
          identities: [
            { signInType: 'federated', issuer: provider.server.issuer, issuerAssignedId: `Person-${people}` },
          ],
          displayName: 'Ida',
          givenName: 'Ida',
          step: 'PostFederationSignup',
          client_id: client,
          ui_locales: 'en',
        });
        assert.equal(visitor.screen.id, 'socialccountsignup');
        assert.equal(fieldOf(visitor.screen, 'postalCode')?.value, '12349');
        assert.equal(fieldOf(visitor.screen, 'extension_Shoesize')?.value, '41');
        await visitor.press('continue', { postalCode: '12349', extension_Shoesize: '41' });
        assert.equal((await arrivedUser()).postalCode, '12349');
        assert.deepEqual((await arrivedUser()).otherMails, ['ida@elsewhere.example']);
      });

      test('PostFederationSignup: an empty text takes away what the provider told', async () => {
        api.answering = goOn({ displayName: '', givenName: 'Of the API' });
        const visitor = await federate(kind, 'PostFederationSignup');
        await visitor.press('continue', { postalCode: '12345' });
        const { displayName, givenName } = await arrivedUser();
        assert.deepEqual([displayName, givenName], ['unknown', 'Of the API']);
      });

      test('PostFederationSignup: what the flow does not collect reaches the tokens and not the directory', async () => {
        api.answering = goOn({ jobTitle: 'Supplier', postalCode: '12349' });
        const visitor = await federate(kind, 'PostFederationSignup');
        await visitor.press('continue', { postalCode: '12349' });
        const { jobTitle, postalCode } = await arrivedUser();
        assert.deepEqual([jobTitle, postalCode], [null, '12349']);
        assert.deepEqual(house.host.arrivals[0]?.tokenClaims, { jobTitle: 'Supplier' });
      });

      test('PostFederationSignup: ShowBlockPage ends the sign-up', async () => {
        api.answering = blocking('Not <b>you</b>.');
        await assertBlocked(await federate(kind, 'PostFederationSignup'), 'Not <b>you</b>.');
      });

      test('PostFederationSignup: a local account is nothing to it', async () => {
        await signUp(kind, 'PostFederationSignup');
        assert.deepEqual([api.calls.length, house.host.arrivals.length], [0, 1]);
      });

      test('PostAttributeCollection: Continue overrides what was typed, and an empty text takes it away', async () => {
        api.answering = goOn({
          postalCode: '12349',
          extension_Shoesize: '',
          jobTitle: 'Supplier',
          accountEnabled: false,
        });
        const email = newEmail();
        await signUp(kind, 'PostAttributeCollection', email);
        assert.deepEqual(api.calls[0]?.body, {
          email,
          identities: [{ signInType: 'emailAddress', issuer: 'contoso.onmicrosoft.com', issuerAssignedId: email }],
          postalCode: '12345',
          [shoe]: 43,
          step: 'PostAttributeCollection',
          client_id: client,
          ui_locales: 'en',
        });
        const user = await arrivedUser();
        assert.deepEqual(
          [user.postalCode, shoe in user, user.jobTitle, user.accountEnabled],
          ['12349', false, null, true],
        );
        assert.deepEqual(house.host.arrivals[0]?.tokenClaims, { jobTitle: 'Supplier' });
      });

      test('PostAttributeCollection: it is asked for people of a provider as well', async () => {
        const visitor = await federate(kind, 'PostAttributeCollection');
        api.answering = goOn({ postalCode: '' });
        await visitor.press('continue', { postalCode: '12345' });
        const { body } = api.calls[0] ?? assert.fail('it was not asked');
        assert.deepEqual([body['postalCode'], body['displayName'], body['givenName']], ['12345', 'Ida', 'Ida']);
        assert.equal((await arrivedUser()).postalCode, null);
      });

      test('PostAttributeCollection: ShowBlockPage ends the sign-up', async () => {
        api.answering = blocking('Wait until somebody agrees.');
        await assertBlocked(await signUp(kind, 'PostAttributeCollection'), 'Wait until somebody agrees.');
      });

      test('PostAttributeCollection: ValidationError goes back to the page, where nothing but the password is lost', async () => {
        api.answering = complaining('Please enter a valid postal code.');
        const email = newEmail();
        const visitor = await signUp(kind, 'PostAttributeCollection', email);
        assert.equal(visitor.screen.id, 'localaccountsignup');
        assert.deepEqual(messagesOf(visitor.screen), ['Please enter a valid postal code.']);
        assert.equal(visitor.screen.verification?.state, 'verified');
        const values = ['email', 'postalCode', 'extension_Shoesize', 'newPassword'].map(
          (name) => fieldOf(visitor.screen, name)?.value,
        );
        assert.deepEqual(values, [email, '12345', '43', undefined]);
        api.answering = goOn();
        await visitor.press('continue', { email, postalCode: '54321', extension_Shoesize: '43' });
        assert.ok(errorsOf(visitor.screen)['newPassword'], 'the password is asked for again');
        await visitor.press('continue', { ...filledIn(email), postalCode: '54321' });
        assert.equal((await arrivedUser()).postalCode, '54321');
      });

      test('PostAttributeCollection: ValidationError is said on the page of people from a provider too', async () => {
        const visitor = await federate(kind, 'PostAttributeCollection');
        api.answering = complaining('No.');
        await visitor.press('continue', { postalCode: '12345' });
        assert.deepEqual([visitor.screen.id, messagesOf(visitor.screen)], ['socialccountsignup', ['No.']]);
        assert.equal(fieldOf(visitor.screen, 'postalCode')?.value, '12345');
        assert.equal(house.host.arrivals.length, 0);
      });

      test('PreTokenIssuance: Continue reaches the tokens and not the directory', async () => {
        api.answering = goOn({
          displayName: 'Ida of the API',
          extension_Shoesize: 12,
          email: 'mallory@contoso.example',
        });
        const email = newEmail();
        await signUp(kind, 'PreTokenIssuance', email);
        const user = await arrivedUser();
        assert.deepEqual(api.calls[0]?.body, {
          email,
          identities: [{ signInType: 'emailAddress', issuer: 'contoso.onmicrosoft.com', issuerAssignedId: email }],
          displayName: 'unknown',
          objectId: user.id,
          postalCode: '12345',
          [shoe]: 43,
          step: 'PreTokenIssuance',
          client_id: client,
          ui_locales: 'en',
        });
        assert.equal(user.displayName, 'unknown');
        assert.deepEqual(house.host.arrivals[0]?.tokenClaims, { name: 'Ida of the API', extension_Shoesize: 12 });
      });

      test('PreTokenIssuance: it is told of people of a provider by their identity there', async () => {
        api.answering = goOn({ postalCode: '' });
        const visitor = await federate(kind, 'PreTokenIssuance');
        await visitor.press('continue', { postalCode: '12345' });
        const { body } = api.calls[0] ?? assert.fail('it was not asked');
        assert.deepEqual(
          [body['identities'], body['email'], body['objectId']],
          [
            [{ signInType: 'federated', issuer: provider.server.issuer, issuerAssignedId: `Person-${people}` }],
            'ida@elsewhere.example',
            (await arrivedUser()).id,
          ],
        );
        assert.deepEqual(house.host.arrivals[0]?.tokenClaims, { postalCode: '' });
        assert.equal((await arrivedUser()).postalCode, '12345');
      });

      for (const [step, answers] of Object.entries({
        PostFederationSignup: [['ValidationError', complaining('No.'), 'AADB2C90075']],
        PreTokenIssuance: [
          ['ShowBlockPage', blocking('No.'), 'AADB2C90261'],
          ['ValidationError', complaining('No.'), 'AADB2C90075'],
        ],
      } satisfies Partial<Record<ConnectorStep, [string, Answering, string][]>>)) {
        for (const [name, answering, code] of answers as [string, Answering, string][]) {
          test(`${step}: ${name} is no answer there, and nobody goes on`, async () => {
            api.answering = answering;
            const at = step as ConnectorStep;
            const visitor = at === 'PreTokenIssuance' ? await signUp(kind, at) : await federate(kind, at);
            assert.match(detailsOf(visitor), new RegExp(`${code}: .*Correlation ID: c0ffee00`));
            assert.deepEqual(house.host.arrivals, []);
          });
        }
      }
    });
  }

  async function assertBlocked(visitor: Visitor, message: string): Promise<void> {
    const [before, arrivals] = [await accounts(), house.host.arrivals.length];
    assert.equal(visitor.screen.id, 'selfasserted');
    assert.deepEqual(visitor.screen.messages, [{ tone: 'error', text: { literal: message } }]);
    assert.deepEqual(
      visitor.screen.actions.map(({ name }) => name),
      ['cancel'],
    );
    const calls = api.calls.length;
    api.answering = goOn();
    await visitor.press('continue');
    assert.equal(visitor.screen.id, 'selfasserted', 'there is no way on');
    await visitor.press('cancel');
    assert.deepEqual(house.host.refusals, ['cancelled']);
    assert.deepEqual([await accounts(), house.host.arrivals.length, api.calls.length], [before, arrivals, calls]);
  }

  describe('at sign-in', () => {
    const signIn = async (flow = 'B2C_1_in') => {
      const visitor = await house.begin(flow);
      await visitor.press('next', { email: 'adele@contoso.example', password });
      return visitor;
    };

    test('PreTokenIssuance is asked at every sign-in, also by single sign-on', async () => {
      api.answering = goOn({ givenName: 'Of the API' });
      await signIn();
      const { userId = '' } = house.host.arrivals[0] ?? {};
      assert.deepEqual(house.host.arrivals[0]?.tokenClaims, { given_name: 'Of the API' });
      const session = { userId, authTime: house.clock.now(), amr: ['pwd'], keepSignedIn: false };
      const start = { flowId: 'B2C_1_in', client: { appId: client, displayName: 'Tasks' }, uiLocales: [] };
      const sender = { address: '203.0.113.7', userAgent: undefined, device: undefined, origin: undefined };
      const begun = { ...start, acceptLanguages: [], sender, correlationId: 'c', session };
      const glided = await house.flows.glide(begun);
      assert.equal(glided.kind, 'arrive');
      assert.deepEqual(glided.kind === 'arrive' && glided.arrival.tokenClaims, { given_name: 'Of the API' });
      assert.equal(api.calls.length, 2);
      api.answering = json({}, 500);
      assert.equal((await house.flows.glide(begun)).kind, 'page', 'nobody glides past an API that fails');
    });

    for (const [name, answering, code] of [
      ['ShowBlockPage', blocking('No.'), 'AADB2C90261'],
      ['ValidationError', complaining('No.'), 'AADB2C90075'],
    ] as const) {
      test(`PreTokenIssuance: ${name} is no answer there either`, async () => {
        api.answering = answering;
        const visitor = await signIn();
        assert.match(detailsOf(visitor), new RegExp(`${code}: `));
        assert.deepEqual(house.host.arrivals, []);
      });
    }

    test('nobody is told of before they have proved who they are', async () => {
      const visitor = await house.begin('B2C_1_in');
      await visitor.press('next', { email: 'adele@contoso.example', password: 'Wrong-password-1' });
      assert.equal(api.calls.length, 0);
    });

    test('only what the flow returns is taken', async () => {
      const { directory } = house;
      await createFlow(house, 'returns', { userFlowType: 'signIn' });
      const ref = { type: entities.b2cIdentityUserFlow, id: 'B2C_1_returns' };
      await directory.link(seed, ref, 'applicationClaims', 'displayName');
      await callAt(house, ref.id, 'PreTokenIssuance', connector);
      api.answering = goOn({ givenName: 'A', displayName: 'B' });
      await signIn(ref.id);
      assert.deepEqual(house.host.arrivals.at(-1)?.tokenClaims, { name: 'B' });
    });
  });
});
