import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { accountWith } from '../support/accounts.ts';
import { connect, examplePassword, newConnector, startExample } from '../support/example.ts';
import { freshEmail, Person } from '../support/flow-person.ts';
import { allowIdTokens, newFlow, setFlow } from '../support/flow-settings.ts';
import { startUsher, type Usher } from '../support/usher.ts';

let usher: Usher;
before(async () => {
  usher = await startUsher();
  await allowIdTokens(usher);
});
after(() => usher?.stop());

async function attributeNamed(displayName: string, dataType: string): Promise<string> {
  const draft = { displayName, description: displayName, dataType };
  const response = await usher.graph('POST', '/beta/identity/userFlowAttributes', draft);
  const made = (await response.json()) as { readonly id: string };
  assert.equal(response.status, 201, JSON.stringify(made));
  return made.id;
}

async function collect(flow: string, id: string): Promise<void> {
  const response = await usher.graph('POST', `/beta/identity/b2cUserFlows/${flow}/userAttributeAssignments`, {
    isOptional: true,
    requiresVerification: false,
    userInputType: 'textBox',
    displayName: id,
    userAttribute: { id },
  });
  assert.equal(response.status, 201, await response.text());
}

/** A flow that asks for attributes, and calls one of the examples before it makes an account. */
async function flowWith(
  t: TestContext,
  example: string,
  { attributes, args = [], path = '/sign-up' }: { attributes: readonly string[]; args?: string[]; path?: string },
): Promise<{ readonly flow: string; readonly origin: string }> {
  const flow = await newFlow(usher);
  await setFlow(usher, { settings: { tokenClaims: { isNewUserIncluded: true } } }, flow);
  for (const id of attributes) await collect(flow, id);
  const origin = await startExample(t, usher, example, args);
  await connect(usher, flow, 'postAttributeCollection', await newConnector(usher, `${origin}${path}`));
  return { flow, origin };
}

const chosen = { newPassword: 'Olive-drum-42', reenterPassword: 'Olive-drum-42' };

/** Up to the page with everything but the address still to be filled in. */
async function signingUp(flow: string, email = freshEmail()): Promise<Person> {
  const person = await (await new Person(usher).open(flow)).press('createAccount');
  return person.proveEmail(email);
}

test('a sign-up needs an invitation code, and a code is good for one person', async (t) => {
  const code = await attributeNamed('InvitationCode', 'string');
  const { flow } = await flowWith(t, 'invitation-code', { attributes: [code], args: ['--codes', 'SPRING-1'] });
  const first = await signingUp(flow);
  await first.press('continue', { ...chosen, extension_InvitationCode: 'SPRING-9' });
  assert.match(first.text, /This invitation code is not valid/);
  await first.press('continue', { ...chosen, extension_InvitationCode: 'spring-1' });
  assert.equal(first.claims['newUser'], true);
  const kept = await accountWith(usher, String(first.claims['oid']), [code]);
  assert.equal(kept[code] ?? null, null, 'the API cleared the code, so it is not in the directory');
  const second = await signingUp(flow);
  await second.press('continue', { ...chosen, extension_InvitationCode: 'SPRING-1' });
  assert.match(second.text, /This invitation code is not valid/);
});

test('who is in the register becomes a verified account, anybody else is stopped after three tries', async (t) => {
  const verified = await attributeNamed('Verified', 'boolean');
  const attributes = ['givenName', 'surname', 'postalCode'];
  const { flow } = await flowWith(t, 'identity-verification', { attributes });
  await collect(flow, verified);
  const adele = await signingUp(flow);
  await adele.press('continue', { ...chosen, givenName: 'Adele', surname: 'Vance', postalCode: '11111' });
  assert.match(adele.text, /do not match our records/);
  await adele.press('continue', { ...chosen, givenName: 'Adele', surname: 'Vance', postalCode: '98052' });
  const kept = await accountWith(usher, String(adele.claims['oid']), [verified, 'displayName', 'postalCode']);
  assert.deepEqual([kept[verified], kept['postalCode']], [true, '98052']);
  const email = freshEmail();
  const stranger = await signingUp(flow, email);
  const wrong = { ...chosen, givenName: 'Mallory', surname: 'Vance', postalCode: '98052' };
  for (let count = 0; count < 3; count += 1) await stranger.press('continue', wrong);
  assert.match(stranger.text, /We could not verify who you are/);
  const { value } = (await (
    await usher.graph(
      'GET',
      `/v1.0/users?$filter=identities/any(i:i/issuerAssignedId eq '${email}' and i/issuer eq 'contoso.onmicrosoft.com')`,
    )
  ).json()) as { readonly value: readonly unknown[] };
  assert.deepEqual(value, []);
});

test('what was typed is refused where it is wrong, and tidied where it is right', async (t) => {
  const attributes = ['displayName', 'city', 'postalCode', 'country'];
  const { flow } = await flowWith(t, 'input-validation', { attributes });
  const person = await signingUp(flow);
  const values = { ...chosen, displayName: 'Adele', city: 'new  york', postalCode: '1', country: 'United States' };
  await person.press('continue', values);
  assert.match(person.text, /Please enter a valid postal code, e\.g\. 98052/);
  await person.press('continue', { ...values, displayName: 'root', postalCode: '98052' });
  assert.match(person.text, /This name is reserved/);
  await person.press('continue', { ...values, city: 'new york', postalCode: '98052-1234' });
  const kept = await accountWith(usher, String(person.claims['oid']), ['city', 'postalCode']);
  assert.deepEqual([kept['city'], kept['postalCode']], ['New York', '98052-1234']);
});

test('a sign-up waits for somebody to agree', async (t) => {
  const { flow, origin } = await flowWith(t, 'approval', { attributes: ['displayName'], path: '/request' });
  const email = freshEmail();
  const first = await signingUp(flow, email);
  await first.press('continue', { ...chosen, displayName: 'Adele' });
  assert.match(first.text, /Your account is now waiting for approval/);
  const second = await signingUp(flow, email);
  await second.press('continue', { ...chosen, displayName: 'Adele' });
  assert.match(second.text, /already processing/);
  const decided = await fetch(`${origin}/decide`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`usher:${examplePassword}`).toString('base64')}` },
    body: JSON.stringify({ email, decision: 'approve' }),
  });
  assert.equal(decided.status, 200, await decided.text());
  const third = await signingUp(flow, email);
  await third.press('continue', { ...chosen, displayName: 'Adele' });
  assert.equal(third.claims['newUser'], true);
});
