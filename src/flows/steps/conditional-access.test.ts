import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { User } from '../../identity/index.ts';
import type { Sender } from '../journey.ts';
import { type DeviceStanding, knowingDevice, standingOf } from '../known-devices.ts';
import { codeFor, createFlow, type House, openHouse, password, seed, sender } from '../testing/harness.ts';
import { type AccessRule, rulingFor } from './conditional-access-rules.ts';

const [tasks, other] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];

const rule = (control: AccessRule['control'], rest: Partial<AccessRule> = {}): AccessRule => ({
  displayName: control,
  includeApplications: [],
  includeNetworks: [],
  excludeNetworks: [],
  isNewDeviceOnly: false,
  control,
  ...rest,
});

const from = (address: string, rest: { readonly application?: string; readonly device?: DeviceStanding } = {}) => ({
  application: tasks,
  device: 'known' as const,
  address,
  ...rest,
});

const controlOf = (rules: readonly AccessRule[], address: string, rest = {}): string =>
  rulingFor(rules, from(address, rest)).control;

describe('rules of access', () => {
  test('of those that fit the strictest counts, in whatever order they stand', () => {
    const all = [rule('allow'), rule('requireMultifactor'), rule('block')];
    assert.equal(controlOf([], '203.0.113.7'), 'allow');
    assert.equal(controlOf(all, '203.0.113.7'), 'block');
    assert.equal(controlOf(all.toReversed(), '203.0.113.7'), 'block');
    assert.equal(controlOf(all.slice(0, 2), '203.0.113.7'), 'requireMultifactor');
  });

  test('a rule names applications, or is for all of them', () => {
    const only = [rule('block', { includeApplications: [tasks.toUpperCase()] })];
    assert.equal(controlOf(only, '203.0.113.7'), 'block');
    assert.equal(controlOf(only, '203.0.113.7', { application: other }), 'allow');
  });

  test('networks are those of IPv4 and IPv6, and of one in the form of the other', () => {
    const cases = [
      [['203.0.113.0/24'], '203.0.113.7', true],
      [['203.0.113.0/24'], '203.0.114.7', false],
      [['203.0.113.7'], '203.0.113.7', true],
      [['203.0.113.7'], '203.0.113.8', false],
      [['203.0.113.0/24'], '::ffff:203.0.113.7', true],
      [['203.0.113.0/24'], '::ffff:cb00:7107', true],
      [['::ffff:203.0.113.0/120'], '203.0.113.7', true],
      [['::ffff:203.0.113.0/120'], '203.0.114.7', false],
      [['2001:db8::/32'], '2001:db8:1::1', true],
      [['2001:db8::/32'], '2001:db9::1', false],
      [['2001:db8::1'], '2001:0db8:0:0:0:0:0:1', true],
      [['fe80::/10'], 'fe80::1%eth0', true],
      [['0.0.0.0/0'], '198.51.100.1', true],
      [['10.0.0.0/8', '2001:db8::/32'], '10.1.2.3', true],
      [['0.0.0.0/0'], 'unknown', false],
    ] as const;
    for (const [includeNetworks, address, expected] of cases) {
      const found = controlOf([rule('block', { includeNetworks })], address);
      assert.equal(found, expected ? 'block' : 'allow', `${includeNetworks} ${address}`);
    }
  });

  test('what a rule leaves out it does not hold for', () => {
    const outside = [rule('block', { excludeNetworks: ['10.0.0.0/8', '2001:db8::/32'] })];
    assert.equal(controlOf(outside, '203.0.113.7'), 'block');
    assert.equal(controlOf(outside, '::ffff:10.1.1.1'), 'allow');
    assert.equal(controlOf(outside, '2001:db8::5'), 'allow');
    const both = [rule('block', { includeNetworks: ['10.0.0.0/8'], excludeNetworks: ['10.1.0.0/16'] })];
    assert.deepEqual(
      ['10.2.0.1', '10.1.0.1', '203.0.113.7'].map((address) => controlOf(both, address)),
      ['block', 'allow', 'allow'],
    );
  });

  test('a rule for new browsers leaves the others alone', () => {
    const only = [rule('block', { isNewDeviceOnly: true })];
    assert.equal(controlOf(only, '203.0.113.7', { device: 'new' }), 'block');
    assert.equal(controlOf(only, '203.0.113.7'), 'allow');
    const factor = [rule('requireMultifactor', { isNewDeviceOnly: true })];
    assert.equal(controlOf(factor, '203.0.113.7', { device: 'known' }), 'requireMultifactor');
    assert.equal(controlOf(factor, '203.0.113.7', { device: 'proved' }), 'allow');
  });
});

describe('a flow with rules of access', () => {
  let house: House;
  let flows = 0;
  let people = 0;

  const person = async (): Promise<User & { readonly email: string }> => {
    people += 1;
    const email = `person${people}@contoso.example`;
    const passwordHash = await house.identity.hashPassword(password);
    return { ...(await house.identity.register(seed, { email, passwordHash, attributes: {} })), email };
  };
  /** A flow with these rules; the second factor where a rule asks for it. */
  const flowWith = async (rules: readonly AccessRule[], state = 'conditional', draft = {}): Promise<string> => {
    flows += 1;
    await createFlow(house, `rules${flows}`, {
      isConditionalAccessEnforced: true,
      multifactorAuthenticationConfiguration: {
        multifactorAuthenticationState: state,
        multifactorAuthenticationMethod: 'phoneSms',
      },
      settings: { conditionalAccess: { rules } },
      ...draft,
    });
    return `B2C_1_rules${flows}`;
  };
  /** Where a sign-in with the right password leads. */
  const signIn = async (flowId: string, email: string, by: Partial<Sender> = {}): Promise<string> => {
    const visitor = await house.begin(flowId);
    const { move, journeyId, browserSecret } = visitor;
    const revision = move.kind === 'show' ? move.revision : 0;
    const input = { action: 'next', values: { email, password } };
    const after = await house.flows.answer(journeyId, browserSecret, revision, input, { ...sender, ...by });
    if (after.kind === 'show') return after.screen.id;
    return after.url.includes('arrived') ? 'arrived' : (house.host.refusals.at(-1) ?? '');
  };
  const glide = async (flowId: string, userId: string, by: Partial<Sender> = {}) => {
    const session = { userId, authTime: house.clock.now() - 60, amr: ['pwd'], keepSignedIn: false };
    const client = { appId: tasks, displayName: 'Tasks' };
    const start = { flowId, client, uiLocales: [], acceptLanguages: [], correlationId: 'c', session };
    const ending = await house.flows.glide({ ...start, sender: { ...sender, ...by } });
    return ending.kind === 'refuse' ? ending.refusal : ending.kind;
  };

  before(async () => {
    house = await openHouse();
  });
  after(() => house.close());

  test('keeps out whom a rule blocks, also by single sign-on, and nobody while the rules are not enforced', async () => {
    const { id, email } = await person();
    const rules = [rule('block', { includeNetworks: ['198.51.100.0/24'] })];
    const flowId = await flowWith(rules, 'off');
    assert.equal(await signIn(flowId, email, { address: '198.51.100.9' }), 'blocked');
    assert.equal(await signIn(flowId, email), 'arrived');
    assert.equal(await glide(flowId, id, { address: '::ffff:198.51.100.9' }), 'blocked');
    assert.equal(await glide(flowId, id), 'arrive');
    const open = await flowWith(rules, 'off', { isConditionalAccessEnforced: false });
    assert.equal(await signIn(open, email, { address: '198.51.100.9' }), 'arrived');
  });

  test('asks for a second factor where a rule does, and lets it be set up when nothing is out of the ordinary', async () => {
    const { id, email } = await person();
    const flowId = await flowWith([rule('requireMultifactor', { includeApplications: [tasks] })]);
    assert.equal(await signIn(flowId, email), 'phonefactor');
    assert.equal(await glide(flowId, id), 'page');
    const elsewhere = await flowWith([rule('requireMultifactor', { includeApplications: [other] })]);
    assert.equal(await glide(elsewhere, id), 'arrive');
  });

  test('keeps out whoever has none when the sign-in is out of the ordinary, and asks the others', async () => {
    const [none, one] = [await person(), await person()];
    await house.identity.authenticators.add(seed, one.id, { kind: 'phone', content: '+4915112345678' });
    for (const rest of [{ isNewDeviceOnly: true }, { includeNetworks: ['203.0.113.0/24'] }]) {
      const flowId = await flowWith([rule('requireMultifactor', rest)]);
      assert.equal(await signIn(flowId, none.email), 'notEnrolled');
      assert.equal(await signIn(flowId, one.email), 'phonefactor');
    }
  });

  test('lets nobody in whom a rule asks for what the flow has not', async () => {
    const flowId = await flowWith([rule('requireMultifactor')], 'off');
    assert.equal(await signIn(flowId, (await person()).email), 'blocked');
  });

  test('knows a browser again in which the person has signed in, and no other person', async () => {
    const [adele, alex] = [await person(), await person()];
    const flowId = await flowWith([rule('block', { isNewDeviceOnly: true })], 'off');
    const device = 'a-secret-of-the-browser';
    assert.equal(await signIn(flowId, adele.email, { device }), 'blocked');
    assert.equal(await signIn('B2C_1_susi', adele.email, { device }), 'arrived');
    assert.equal(await signIn(flowId, adele.email, { device }), 'arrived');
    assert.equal(await signIn(flowId, adele.email, { device: 'another' }), 'blocked');
    assert.equal(await signIn(flowId, adele.email), 'blocked');
    assert.equal(await signIn(flowId, alex.email, { device }), 'blocked');
    assert.equal(await glide(flowId, adele.id, { device }), 'arrive');
    house.clock.advance(365 * 86_400);
    assert.equal(await signIn(flowId, adele.email, { device }), 'blocked');
  });

  test('a password alone makes no browser known that is to stand in for a second factor', async () => {
    const { id, email } = await person();
    await house.identity.authenticators.add(seed, id, { kind: 'phone', content: '+4915112345678' });
    const flowId = await flowWith([rule('requireMultifactor', { isNewDeviceOnly: true })]);
    const device = 'of a thief';
    assert.equal(await signIn('B2C_1_susi', email, { device }), 'arrived');
    assert.equal(await signIn(flowId, email, { device }), 'phonefactor');
    assert.equal(await glide(flowId, id, { device }), 'page');
    await house.ephemeral.together(await knowingDevice(house.ephemeral, device, { userId: id, isProved: true }));
    assert.equal(await signIn(flowId, email, { device }), 'arrived');
    assert.equal(await signIn('B2C_1_susi', email, { device }), 'arrived');
    assert.equal(await signIn(flowId, email, { device }), 'arrived', 'what was proved once stays so');
  });

  test('whoever has no second factor yet comes in where they have before, and is offered one', async () => {
    const { email } = await person();
    const device = 'of a newcomer';
    assert.equal(await signIn('B2C_1_susi', email, { device }), 'arrived');
    const newcomers = rule('requireMultifactor', { isNewDeviceOnly: true });
    assert.equal(await signIn(await flowWith([newcomers]), email, { device }), 'phonefactor');
    assert.equal(await signIn(await flowWith([newcomers], 'off'), email, { device }), 'arrived');
    assert.equal(await signIn(await flowWith([newcomers]), email, { device: 'another' }), 'notEnrolled');
  });

  test('a second factor makes the browser known to the rules that ask for one', async () => {
    const { id, email } = await person();
    await house.identity.authenticators.add(seed, id, { kind: 'phone', content: '+4915112345679' });
    const flowId = await flowWith([rule('requireMultifactor', { isNewDeviceOnly: true })]);
    const by = { ...sender, device: 'of her own' };
    const visitor = await house.begin(flowId);
    const answer = async (action: string, values: Readonly<Record<string, string>>) => {
      const now = await visitor.look();
      const revision = now.kind === 'show' ? now.revision : 0;
      return house.flows.answer(visitor.journeyId, visitor.browserSecret, revision, { action, values }, by);
    };
    await answer('next', { email, password });
    await answer('sendCode', {});
    const after = await answer('verifyCode', { verificationCode: codeFor(house, '+4915112345679') });
    assert.ok(after.kind === 'go' && after.url.includes('arrived'));
    assert.equal(await signIn(flowId, email, by), 'arrived');
  });

  test('a browser that keeps no cookie is known by nobody', async () => {
    const { id, email } = await person();
    assert.equal(await signIn('B2C_1_susi', email), 'arrived');
    assert.equal(await standingOf(house.ephemeral, undefined, id), 'new');
  });

  test('whoever signs up sets the second factor up at once', async () => {
    const flowId = await flowWith([rule('requireMultifactor', { isNewDeviceOnly: true })]);
    const visitor = await house.begin(flowId);
    await visitor.press('createAccount');
    await visitor.press('email_ver_but_send', { email: 'new@contoso.example' });
    const code = codeFor(house, 'new@contoso.example');
    await visitor.press('email_ver_but_verify', { email_ver_input: code });
    await visitor.press('continue', { newPassword: 'Correct-horse-7', reenterPassword: 'Correct-horse-7' });
    assert.equal(visitor.screen.id, 'phonefactor');
    assert.ok(!visitor.screen.actions.some(({ name }) => name === 'skip'));
  });
});
