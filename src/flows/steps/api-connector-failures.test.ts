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
import { entities } from '../../model/index.ts';
import { restRules } from '../callouts/circuit-breaker.ts';
import { type ConnectorStep, connectorSteps } from '../callouts/connector-step.ts';
import { addConnector, callAt } from '../testing/connectors.ts';
import { addForeign, type Foreign } from '../testing/foreign.ts';
import {
  assign,
  contextFor,
  createFlow,
  fieldOf,
  type House,
  messagesOf,
  newPasswords,
  openHouse,
  password,
  prove,
  type Visitor,
} from '../testing/harness.ts';
import { steps } from './index.ts';

describe('when an API connector fails', () => {
  let house: House;
  let api: ListeningApi;
  let provider: Foreign;
  let people = 0;
  before(async () => {
    house = await openHouse({ connectorMilliseconds: 500 });
    api = await listeningApi();
    provider = await addForeign(house);
    const providers = ['EmailPassword-OAUTH', provider.id];
    for (const step of connectorSteps) {
      await createFlow(house, step, { authenticationMethods: 'emailWithPassword' }, providers);
      // Each its own, so that none rests because another one failed.
      await callAt(house, `B2C_1_${step}`, step, await addConnector(house, `${api.origin}/${step}?code=secret-key`));
    }
    await assign(house, 'postalCode', {}, 'B2C_1_PostFederationSignup');
    await assign(house, 'postalCode', {}, 'B2C_1_PostAttributeCollection');
  });
  beforeEach(() => {
    api.answering = goOn();
    api.calls.length = 0;
    house.host.arrivals.length = 0;
    house.host.refusals.length = 0;
    house.host.details.length = 0;
    house.clock.advance(restRules.seconds);
  });
  after(async () => {
    await provider.server.close();
    await api.close();
    await house.close();
  });

  const accounts = async () => (await house.directory.find({ type: entities.user, limit: 999 })).items.length;

  async function signUp(flow = 'B2C_1_PostAttributeCollection', values = {}): Promise<Visitor> {
    people += 1;
    const email = `person${people}@contoso.example`;
    const visitor = await house.begin(flow);
    await prove(house, visitor, email);
    await visitor.press('continue', { email, ...newPasswords, postalCode: '12345', ...values });
    return visitor;
  }
  async function federate(flow: string): Promise<Visitor> {
    people += 1;
    provider.server.person = { sub: `Person-${people}`, name: 'Ida' };
    const visitor = await house.begin(flow);
    await provider.signIn(visitor);
    return visitor;
  }
  const signIn = async (): Promise<Visitor> => {
    const visitor = await house.begin('B2C_1_PreTokenIssuance');
    await visitor.press('next', { email: 'adele@contoso.example', password });
    return visitor;
  };
  /** Up to the moment at which the API of a step has been asked. */
  const walkTo: Readonly<Record<ConnectorStep, () => Promise<Visitor>>> = {
    PostFederationSignup: () => federate('B2C_1_PostFederationSignup'),
    PostAttributeCollection: () => signUp(),
    PreTokenIssuance: signIn,
  };

  const failures: readonly (readonly [string, Answering, string, string])[] = [
    ['answers 500', failing['answers 500'], 'DefaultUserMessageIfRequestFailed', 'AADB2C90075'],
    ['answers what is no object', json([]), 'DefaultUserMessageIfRequestFailed', 'AADB2C90261'],
    ['refuses the password', json({}, 401), 'DefaultUserMessageIfRequestFailed', 'AADB2C90027'],
    ['hangs', failing.hangs, 'UserMessageIfRequestTimeout', 'AADB2C90162'],
    ['drips', failing.drips, 'UserMessageIfRequestTimeout', 'AADB2C90162'],
    ...(
      [
        ['closes the connection', 'AADB2C90162'],
        ['closes it in the middle of the answer', 'AADB2C90162'],
        ['sends it inside', 'AADB2C90075'],
        ['answers 3 MB', 'AADB2C90261'],
        ['answers HTML', 'AADB2C90261'],
        ['answers what is no UTF-8', 'AADB2C90261'],
        ['answers what is no JSON', 'AADB2C90261'],
      ] as const
    ).map(([how, code]) => [how, failing[how], 'DefaultUserMessageIfRequestFailed', code] as const),
  ];
  const refusals = {
    AADB2C90075: 'connectorRefused',
    AADB2C90261: 'connectorUnread',
    AADB2C90027: 'connectorPassword',
    AADB2C90162: 'connectorUnreached',
  } as const;
  const exchanges = {
    PostFederationSignup: 'PostFederationSignupRestful',
    PostAttributeCollection: 'PreUserWriteRestful',
    PreTokenIssuance: 'PreTokenIssuanceRestful',
  } as const;

  for (const step of connectorSteps) {
    for (const [how, answering, message, code] of failures) {
      test(`${step}: nobody goes on past an API that ${how}; it is said, and can be tried again`, async () => {
        const before = await accounts();
        api.answering = answering;
        const visitor = await walkTo[step]();
        assert.deepEqual(messagesOf(visitor.screen), [`selfasserted.${message}`]);
        const shown = JSON.stringify(visitor.screen);
        assert.match(shown, new RegExp(`${code}: .*'${exchanges[step]}'.* Correlation ID: c0ffee00-`));
        assert.doesNotMatch(shown, /secret-key|localhost/, 'the address is not for everybody');
        assert.deepEqual([await accounts(), house.host.arrivals], [before, []]);
        api.answering = goOn();
        const again = step === 'PostAttributeCollection' ? { ...newPasswords, postalCode: '12345' } : {};
        await visitor.press('continue', again);
        if (step === 'PostFederationSignup') await visitor.press('continue', { postalCode: '12345' });
        assert.equal(house.host.arrivals.length, 1);
      });
    }
  }

  test('whoever gives up is sent back to the application with the code', async () => {
    for (const step of ['PostFederationSignup', 'PreTokenIssuance'] as const) {
      for (const [, answering, , code] of failures.slice(0, 3)) {
        api.answering = answering;
        const visitor = await walkTo[step]();
        await visitor.press('cancel');
        assert.equal(house.host.refusals.at(-1), refusals[code as keyof typeof refusals]);
        assert.equal(house.host.details.at(-1)?.[0], exchanges[step]);
      }
    }
    assert.deepEqual(house.host.arrivals, []);
  });

  test('what a status is called is ours to say, not the server’s', async () => {
    api.answering = (response) => void response.writeHead(400, 'Call +49 151 2345678 now').end();
    const visitor = await signIn();
    assert.match(
      JSON.stringify(visitor.screen),
      /returned HTTP error response with Code 'BadRequest' and Reason 'Bad Request'/,
    );
    await visitor.press('cancel');
    assert.deepEqual(house.host.details, [['PreTokenIssuanceRestful', '1', 'BadRequest', 'Bad Request']]);
  });

  test('a form stays as it was filled in', async () => {
    api.answering = json({}, 404);
    const visitor = await signUp(undefined, { postalCode: '54321' });
    assert.equal(visitor.screen.id, 'localaccountsignup');
    assert.equal(fieldOf(visitor.screen, 'postalCode')?.value, '54321');
  });

  test('where no page has asked for anything, what is wrong is said on one of its own', async () => {
    await createFlow(house, 'bare', { authenticationMethods: '0' }, [provider.id]);
    await callAt(house, 'B2C_1_bare', 'PostAttributeCollection', await addConnector(house, `${api.origin}/bare`));
    api.answering = complaining('Nobody from there.');
    const visitor = await federate('B2C_1_bare');
    assert.deepEqual([visitor.screen.id, messagesOf(visitor.screen)], ['selfasserted', ['Nobody from there.']]);
    api.answering = goOn();
    await visitor.press('cancel');
    assert.deepEqual([house.host.refusals, house.host.arrivals], [['cancelled'], []]);
    await federate('B2C_1_bare');
    assert.equal(house.host.arrivals.length, 1);
  });

  test('a page cannot be sent again and again without end', async () => {
    api.answering = complaining('No.');
    const visitor = await signUp();
    for (let turn = 0; turn < 30 && visitor.move.kind === 'show'; turn += 1) {
      await visitor.press('continue', { ...newPasswords, postalCode: '12345' });
    }
    assert.deepEqual([house.host.refusals, api.calls.length], [['tooManyAttempts'], 21]);
  });

  test('an API cannot be tried again and again without end', async () => {
    api.answering = json({}, 404);
    const visitor = await signIn();
    for (let turn = 0; turn < 30 && visitor.move.kind === 'show'; turn += 1) await visitor.press('continue');
    assert.deepEqual([house.host.refusals, api.calls.length], [['connectorRefused'], 10]);
  });

  test('one that rests is told as such, and nobody waits', async () => {
    api.answering = json({}, 503);
    for (let turn = 0; turn < restRules.failures; turn += 1) await signIn();
    const before = api.calls.length;
    const visitor = await signIn();
    assert.deepEqual(messagesOf(visitor.screen), ['selfasserted.UserMessageIfCircuitOpen']);
    assert.equal(api.calls.length, before);
  });

  test('the record says what came of a call, and nothing that was sent or answered', async () => {
    api.answering = goOn({ 'not a name +49': 'x', Unknown: 'secret-value', postalCode: 'secret-value' });
    await signUp(undefined, { postalCode: 'typed-value' });
    await house.journeyLog.flush();
    const { items } = await house.directory.find({ type: entities.journey, limit: 999 });
    const told = JSON.stringify(items.map(({ entity }) => entity));
    assert.match(told, /"what":"PostAttributeCollection","came":"Continue","because":\[[^\]]*"ignored: Unknown"/);
    assert.doesNotMatch(told, /secret-value|typed-value|not a name|contoso.example/);
  });

  test('neither a blocked person nor a failed call leaves anything that a later step would take for consent', async () => {
    const { facts } = contextFor(house, {}).journey;
    const context = contextFor(house, { ...facts, intent: 'signUp', signInName: 'x@contoso.example', amr: ['pwd'] });
    const enter = (kind: string, settings: object, on = context) => steps.get(kind)?.enter(on, settings);
    const settings = { connector: 'none', audience: 'b2c', collected: [], returned: [] };
    const unproved = { code: 'flows.unproved' };
    await assert.rejects(async () => enter('postFederationSignup', settings), unproved, 'no provider has proved them');
    await assert.rejects(async () => enter('preTokenIssuance', settings), unproved, 'nobody has come in');
    const known = contextFor(house, { userId: 'u', signInName: 'x@contoso.example' });
    await assert.rejects(
      async () => enter('postAttributeCollection', settings, known),
      unproved,
      'they have an account',
    );
    const create = { accounts: ['emailWithPassword'], providers: [], email: { label: { literal: 'x' }, proof: false } };
    const approved = contextFor(house, { ...context.journey.facts, passwordHash: 'x' });
    await assert.rejects(async () => enter('createUser', { ...create, needsApproval: true }, approved), unproved);
    api.answering = blocking('No.');
    const connector = await addConnector(house, api.origin);
    const blocked = await enter('postAttributeCollection', { ...settings, connector });
    assert.deepEqual([blocked?.kind, 'learned' in (blocked ?? {})], ['show', false]);
  });
});
