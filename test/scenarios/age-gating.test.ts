import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { newAccount } from '../support/accounts.ts';
import { authorize, claimsIn, codeIn, redeem } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, textOf, type Visit, type Visitor } from '../support/visitor.ts';

describe('age gating, as Graph sets it', () => {
  let usher: Usher;
  before(async () => {
    usher = await startUsher();
  });
  after(() => usher.stop());

  const address = `/beta/identity/b2cUserFlows/${seeded.flow}`;
  async function set(ageGating: object): Promise<void> {
    const { status } = await usher.graph('PATCH', address, { settings: { ageGating } });
    assert.equal(status, 204);
  }
  const person = async (properties: object = {}): Promise<string> => (await newAccount(usher, properties)).email;
  const usersWith = (email: string): string =>
    `/v1.0/users?$filter=identities/any(i:i/issuerAssignedId eq '${email}' and i/issuer eq '${seeded.tenant}')`;
  async function signIn(email: string, visitor: Visitor = newVisitor(usher)): Promise<Visit> {
    const page = await visitor.open(authorize(usher).url);
    return page.left ? page : visitor.submit(page, 'next', { email, password: seeded.password });
  }
  const birthday = (years: number): Readonly<Record<string, string>> => ({
    'dateOfBirth.day': '1',
    'dateOfBirth.month': '1',
    'dateOfBirth.year': String(new Date().getUTCFullYear() - years),
  });
  const answer = (visitor: Visitor, page: Visit, years: number, country = 'DE') =>
    visitor.submit(page, 'continue', { ...birthday(years), country });

  test('off, nobody is asked; on, everybody is asked once and can come in', async () => {
    await set({ isEnabled: false });
    const email = await person();
    codeIn(await signIn(email));
    await set({ isEnabled: true, rule: 'allowMinors' });
    const visitor = newVisitor(usher);
    const page = await signIn(email, visitor);
    assert.match(page.html, /id="dateOfBirth_day"/);
    assert.match(page.html, /<select[^>]*id="country"[\s\S]*<option value="DE">Germany<\/option>/);
    codeIn(await answer(visitor, page, 12));
    codeIn(await signIn(email));
  });

  test('a rule keeps people out at their next sign-in, also those whom the browser knows', async () => {
    await set({ isEnabled: true, rule: 'allowMinors', whenBlocked: 'showErrorPage' });
    const email = await person();
    const visitor = newVisitor(usher);
    codeIn(await answer(visitor, await signIn(email, visitor), 12));
    codeIn(await signIn(email, visitor));
    await set({ isEnabled: true, rule: 'blockMinorsBelowAgeOfConsent' });
    const shut = await signIn(email, visitor);
    assert.match(textOf(shut.html), /You cannot sign in yet/);
    const back = await visitor.submit(shut, 'cancel');
    assert.equal(back.left?.searchParams.get('code'), null);
    assert.equal(back.left?.searchParams.get('error'), 'access_denied');
    const { value } = (await (await usher.graph('GET', `${usersWith(email)}&$select=id,ageGroup,country`)).json()) as {
      value: readonly { id: string; ageGroup: string; country: string }[];
    };
    assert.deepEqual([value[0]?.ageGroup, value[0]?.country], ['minor', 'DE']);
    await usher.graph('PATCH', `/v1.0/users/${value[0]?.id}`, { consentProvidedForMinor: 'granted' });
    codeIn(await signIn(email, visitor));
    await set({ isEnabled: true, rule: 'blockAllMinors' });
    assert.match(textOf((await signIn(email, visitor)).html), /You cannot sign in yet/);
  });

  test('the application is told instead of the person where the flow says so', async () => {
    const email = await person({ ageGroup: 'minor' });
    await set({ isEnabled: true, rule: 'blockAllMinors', whenBlocked: 'showErrorPage' });
    assert.equal((await signIn(email)).left, undefined);
    await set({ isEnabled: true, rule: 'blockAllMinors', whenBlocked: 'tellApplication' });
    const { left } = await signIn(email);
    assert.equal(left?.searchParams.get('error'), 'access_denied');
    assert.equal(left?.searchParams.get('code'), null);
    const [, told] = /^AADB2C99900: (.*)\r\n/.exec(left?.searchParams.get('error_description') ?? '') ?? [];
    assert.deepEqual(JSON.parse(told ?? ''), { blocked: 'minor' });
  });

  test('tokens of a flow that asks say how old the person is before the law, and others do not', async () => {
    const email = await person({ ageGroup: 'minor', consentProvidedForMinor: 'granted' });
    const claims = async () => {
      const [visitor, attempt] = [newVisitor(usher), authorize(usher)];
      const page = await visitor.open(attempt.url);
      const code = codeIn(await visitor.submit(page, 'next', { email, password: seeded.password }));
      const { ageGroup, legalAgeGroupClassification } = claimsIn((await redeem(usher, attempt, code)).answer.id_token);
      return [ageGroup, legalAgeGroupClassification];
    };
    await set({ isEnabled: false });
    assert.deepEqual(await claims(), [undefined, undefined]);
    await set({ isEnabled: true, rule: 'allowMinors' });
    assert.deepEqual(await claims(), ['minor', 'minorWithParentalConsent']);
  });

  test('a new person who is kept out has no account', async () => {
    await set({ isEnabled: true, rule: 'blockAllMinors', whenBlocked: 'showErrorPage' });
    const email = 'too-young@contoso.example';
    const visitor = newVisitor(usher);
    let page = await visitor.submit(await visitor.open(authorize(usher).url), 'createAccount');
    page = await visitor.submit(page, 'email_ver_but_send', { email });
    page = await visitor.submit(page, 'email_ver_but_verify', { email, email_ver_input: await usher.code(email) });
    const passwords = { newPassword: 'Correct-horse-7', reenterPassword: 'Correct-horse-7' };
    page = await visitor.submit(page, 'continue', { email, displayName: 'Tim', ...passwords });
    page = await answer(visitor, page, 12);
    assert.match(textOf(page.html), /You cannot sign in yet/);
    const found = await usher.graph('GET', `${usersWith(email)}&$select=id`);
    assert.deepEqual(((await found.json()) as { value: unknown }).value, []);
  });
});
