import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Account, newAccount } from '../support/accounts.ts';
import { authorizeWeb, membersOf, newFlow, setFlow } from '../support/flow-settings.ts';
import { logged } from '../support/logs.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, type Visit, type Visitor } from '../support/visitor.ts';

let usher: Usher;
before(async () => {
  usher = await startUsher();
});
after(() => usher?.stop());

/** Where this test comes from, whichever loopback address the system prefers. */
const here = ['127.0.0.0/8', '::1/128'];
const elsewhere = ['198.51.100.0/24', '2001:db8::/32'];

const rule = (control: string, rest: object = {}): object => ({ displayName: `Rule ${control}`, control, ...rest });
const rules = (...all: readonly object[]) => ({
  isConditionalAccessEnforced: true,
  settings: { conditionalAccess: { rules: all } },
});
const conditional = {
  multifactorAuthenticationConfiguration: {
    multifactorAuthenticationState: 'conditional',
    multifactorAuthenticationMethod: 'phoneSms',
  },
};

async function signIn(
  flow: string,
  { email, password }: Account,
  visitor: Visitor = newVisitor(usher),
): Promise<Visit> {
  const page = await visitor.open(authorizeWeb(usher, flow));
  return page.left ? page : visitor.submit(page, 'next', { email, password });
}

/** What came of it, in a word: the code of a refusal, `arrived`, or the page that is shown. */
function cameTo({ left, html }: Visit): string {
  if (left) return /^AADB2C\d+/.exec(membersOf(left).get('error_description') ?? '')?.[0] ?? 'arrived';
  return /id="(sendCode|localNumber|password)"/.exec(html)?.[1] ?? html;
}

test('a rule holds for the networks it names, and only while rules are enforced', async () => {
  const account = await newAccount(usher);
  const flow = await newFlow(usher, rules(rule('block', { includeNetworks: here })));
  assert.equal(cameTo(await signIn(flow, account)), 'AADB2C90037');
  await setFlow(usher, rules(rule('block', { includeNetworks: elsewhere })), flow);
  assert.equal(cameTo(await signIn(flow, account)), 'arrived');
  await setFlow(usher, rules(rule('block', { excludeNetworks: here })), flow);
  assert.equal(cameTo(await signIn(flow, account)), 'arrived');
  await setFlow(usher, rules(rule('block', { excludeNetworks: elsewhere })), flow);
  assert.equal(cameTo(await signIn(flow, account)), 'AADB2C90037');
  await setFlow(usher, { isConditionalAccessEnforced: false }, flow);
  assert.equal(cameTo(await signIn(flow, account)), 'arrived');
});

test('a rule holds for the applications it names, and the strictest of several counts', async () => {
  const account = await newAccount(usher);
  const flow = await newFlow(usher, rules(rule('allow'), rule('block', { includeApplications: [seeded.spa] })));
  assert.equal(cameTo(await signIn(flow, account)), 'arrived');
  await setFlow(usher, rules(rule('block', { includeApplications: [seeded.web] }), rule('allow')), flow);
  assert.equal(cameTo(await signIn(flow, account)), 'AADB2C90037');
});

test('rules are asked at single sign-on too', async () => {
  const account = await newAccount(usher);
  const [open, guarded] = [await newFlow(usher), await newFlow(usher, rules(rule('block')))];
  const visitor = newVisitor(usher);
  assert.equal(cameTo(await signIn(open, account, visitor)), 'arrived');
  assert.equal(cameTo(await visitor.open(authorizeWeb(usher, guarded))), 'AADB2C90037');
  assert.equal(cameTo(await visitor.open(authorizeWeb(usher, guarded, { prompt: 'none' }))), 'AADB2C90037');
});

test('a browser is known by its own cookie once the person has signed in with it', async () => {
  const [account, other] = [await newAccount(usher), await newAccount(usher)];
  const [open, guarded] = [
    await newFlow(usher, { singleSignOnSessionConfiguration: { sessionScope: 'disabled' } }),
    await newFlow(usher, rules(rule('block', { isNewDeviceOnly: true }))),
  ];
  const visitor = newVisitor(usher);
  assert.equal(cameTo(await signIn(guarded, account, visitor)), 'AADB2C90037');
  assert.ok(visitor.cookies.has('usher-device'));
  assert.equal(cameTo(await signIn(open, account, visitor)), 'arrived');
  const device = visitor.cookies.get('usher-device');
  assert.equal(cameTo(await signIn(guarded, account, visitor)), 'arrived');
  assert.equal(visitor.cookies.get('usher-device'), device, 'one for everybody who uses the browser');
  assert.equal(cameTo(await signIn(guarded, account)), 'AADB2C90037');
  visitor.close();
  assert.equal(cameTo(await signIn(guarded, other, visitor)), 'AADB2C90037');
});

test('a rule that asks for a second factor stops whoever has none only where the sign-in is out of the ordinary', async () => {
  const [none, one] = [await newAccount(usher), await newAccount(usher)];
  const phone = { userId: one.id, kind: 'phone', phoneNumber: '+4915112345678' };
  assert.equal((await usher.graph('POST', '/beta/usher/authenticationMethods', phone)).status, 201);
  const flow = await newFlow(usher, { ...conditional, ...rules(rule('requireMultifactor')) });
  assert.equal(cameTo(await signIn(flow, none)), 'localNumber');
  assert.equal(cameTo(await signIn(flow, one)), 'sendCode');
  await setFlow(usher, rules(rule('requireMultifactor', { isNewDeviceOnly: true })), flow);
  assert.equal(cameTo(await signIn(flow, none)), 'AADB2C90145');
  assert.equal(cameTo(await signIn(flow, one)), 'sendCode');
  await setFlow(usher, rules(rule('requireMultifactor', { includeNetworks: elsewhere })), flow);
  assert.equal(cameTo(await signIn(flow, one)), 'arrived');
  const offered = await signIn(flow, none);
  assert.match(offered.html, /value="skip"/);
});

test('a rule that asks for a second factor lets nobody in where second factors are off', async () => {
  const flow = await newFlow(usher, rules(rule('requireMultifactor')));
  assert.equal(cameTo(await signIn(flow, await newAccount(usher))), 'AADB2C90037');
});

const recordOf = async (flow: string): Promise<string> =>
  JSON.stringify(await logged(usher, 'usher/journeys', `flowId eq '${flow}'`));

test('the record of the journey names the rule that decided', async () => {
  const flow = await newFlow(usher, rules(rule('block', { displayName: 'Nobody today' })));
  await signIn(flow, await newAccount(usher));
  const text = await recordOf(flow);
  assert.match(text, /conditionalAccess/);
  assert.match(text, /Nobody today/);
});
