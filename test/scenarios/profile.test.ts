import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accountWith, newAccount, setAccount } from '../support/accounts.ts';
import { authorizeWeb, membersOf, newFlow, setFlow, webTokens } from '../support/flow-settings.ts';
import { claimsIn } from '../support/sign-in.ts';
import { startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, textOf, type Visit, type Visitor } from '../support/visitor.ts';

let usher: Usher;
let edit: string;
let signIn: string;
before(async () => {
  usher = await startUsher();
  [signIn, edit] = [await newFlow(usher), await newFlow(usher, { userFlowType: 'profileUpdate' })];
  for (const id of ['email', 'displayName', 'city', 'jobTitle']) {
    const asked =
      id === 'email' ? { userInputType: 'emailBox', requiresVerification: true } : { userInputType: 'textBox' };
    const response = await usher.graph('POST', `/beta/identity/b2cUserFlows/${edit}/userAttributeAssignments`, {
      isOptional: id !== 'displayName',
      requiresVerification: false,
      displayName: id,
      ...asked,
      userAttribute: { id },
    });
    assert.equal(response.status, 201, await response.text());
  }
});
after(() => usher?.stop());

const arrives = ({ left }: Visit): boolean => left !== undefined && membersOf(left).has('code');

interface Named {
  readonly email: string;
  readonly password: string;
}

async function enter(visitor: Visitor, flow: string, { email, password }: Named): Promise<Visit> {
  return visitor.submit(await visitor.open(authorizeWeb(usher, flow)), 'next', { email, password });
}

const open = (visitor: Visitor): Promise<Visit> => visitor.open(authorizeWeb(usher, edit));

test('who is signed in goes straight to the page, and the tokens carry what was changed', async () => {
  const account = await newAccount(usher, { city: 'Turin' });
  const visitor = newVisitor(usher);
  assert.ok(arrives(await enter(visitor, signIn, account)));
  const page = await open(visitor);
  assert.match(page.html, /id="city"[^>]* value="Turin"/);
  const saved = await visitor.submit(page, 'continue', { city: 'Oslo', jobTitle: 'Clockmaker' });
  assert.ok(arrives(saved));
  const claims = claimsIn((await webTokens(usher, signIn, visitor)).id_token);
  assert.deepEqual([claims['city'], claims['jobTitle'], claims['name']], ['Oslo', 'Clockmaker', 'Ada']);
});

test('everybody else signs in first', async () => {
  const account = await newAccount(usher, { city: 'Turin' });
  const visitor = newVisitor(usher);
  assert.match((await open(visitor)).html, /type="password"/);
  assert.match((await enter(visitor, edit, account)).html, /id="city"[^>]* value="Turin"/);
});

test('Cancel is AADB2C90091 and changes nothing', async () => {
  const account = await newAccount(usher, { city: 'Turin' });
  const visitor = newVisitor(usher);
  const cancelled = await visitor.submit(await enter(visitor, edit, account), 'cancel', { city: 'Oslo' });
  assert.match(membersOf(cancelled.left).get('error_description') ?? '', /^AADB2C90091: /);
  assert.equal((await accountWith(usher, account.id, ['city']))['city'], 'Turin');
});

test('a name to sign in with is neither shown nor changed, whatever the form holds', async () => {
  const account = await newAccount(usher);
  const visitor = newVisitor(usher);
  const page = await enter(visitor, edit, account);
  assert.doesNotMatch(page.html, /id="email"/);
  assert.ok(
    arrives(await visitor.submit(page, 'continue', { email: 'victim@contoso.example', accountEnabled: 'false' })),
  );
  const { identities, accountEnabled } = await accountWith(usher, account.id, ['identities', 'accountEnabled']);
  assert.equal(accountEnabled, true);
  assert.match(JSON.stringify(identities), new RegExp(account.email));
  assert.doesNotMatch(JSON.stringify(identities), /victim/);
});

test('what an administrator changes meanwhile is never lost', async () => {
  const account = await newAccount(usher, { city: 'Turin' });
  const visitor = newVisitor(usher);
  const page = await enter(visitor, edit, account);
  await setAccount(usher, account.id, { jobTitle: 'Clockmaker' });
  assert.ok(arrives(await visitor.submit(page, 'continue', { city: 'Oslo' })));
  const properties = ['city', 'jobTitle'];
  assert.deepEqual(Object.values(await pick(account.id, properties)), ['Oslo', 'Clockmaker']);

  const second = await open(visitor);
  await setAccount(usher, account.id, { city: 'Rome' });
  const asked = await visitor.submit(second, 'continue', { city: 'Bern' });
  assert.match(textOf(asked.html), /changed elsewhere in the meantime/);
  assert.match(asked.html, /id="city"[^>]* value="Bern"/);
  assert.deepEqual(Object.values(await pick(account.id, properties)), ['Rome', 'Clockmaker']);
  assert.ok(arrives(await visitor.submit(asked, 'continue')));
  assert.deepEqual(Object.values(await pick(account.id, properties)), ['Bern', 'Clockmaker']);
});

async function pick(id: string, properties: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const found = await accountWith(usher, id, properties);
  return Object.fromEntries(properties.map((name) => [name, found[name]]));
}

test('two tabs change two things, and a form sent twice changes one thing once', async () => {
  const account = await newAccount(usher, { city: 'Turin' });
  const visitor = newVisitor(usher);
  await enter(visitor, signIn, account);
  const [one, two] = [await open(visitor), await open(visitor)];
  await Promise.all([
    visitor.submit(one, 'continue', { city: 'Oslo' }),
    visitor.submit(two, 'continue', { jobTitle: 'Clockmaker' }),
  ]);
  assert.deepEqual(Object.values(await pick(account.id, ['city', 'jobTitle'])), ['Oslo', 'Clockmaker']);
  await visitor.submit(one, 'continue', { city: 'Bern' });
  assert.equal((await pick(account.id, ['city']))['city'], 'Oslo');
});

test('the page asks for a sign-in that is still good, and passwords that must be replaced come first', async () => {
  await setFlow(usher, { settings: { passwordReset: { isForcedResetEnabled: true } } }, edit);
  const account = await newAccount(usher, { city: 'Turin' });
  await setAccount(usher, account.id, { passwordProfile: { forceChangePasswordNextSignIn: true } });
  const visitor = newVisitor(usher);
  const page = await enter(visitor, edit, account);
  assert.match(page.html, /id="newPassword"/);
  const shown = await visitor.submit(page, 'continue', {
    newPassword: 'Olive-drum-42',
    reenterPassword: 'Olive-drum-42',
  });
  assert.match(shown.html, /id="city"[^>]* value="Turin"/);
  await setAccount(usher, account.id, { accountEnabled: false });
  const refused = await visitor.submit(shown, 'continue', { city: 'Oslo' });
  assert.ok(refused.left === undefined || !membersOf(refused.left).has('code'));
  assert.equal((await pick(account.id, ['city']))['city'], 'Turin');
});
