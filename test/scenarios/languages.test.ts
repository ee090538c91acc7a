import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { authorize } from '../support/sign-in.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';
import { fieldsOf, newVisitor, textOf, type Visit } from '../support/visitor.ts';

const flow = `/beta/identity/b2cUserFlows/${seeded.flow}`;

let usher: Usher;
before(async () => {
  usher = await startUsher();
});
after(() => usher.stop());

async function ask(status: number, method: string, path: string, body?: unknown): Promise<void> {
  const response = await usher.graph(method, path, body);
  assert.equal(response.status, status, `${method} ${path}: ${await response.text()}`);
}

const string = (StringId: string, Value: string, ElementType = 'UxElement', ElementId: string | null = null) => ({
  ElementType,
  ElementId,
  StringId,
  Override: true,
  Value,
});
const overrides = (tag: string, page: string, ...LocalizedStrings: readonly object[]) =>
  ask(204, 'PUT', `${flow}/languages/${tag}/overridesPages/${page}/$value`, { LocalizedStrings });

const begin = (changes: Readonly<Record<string, string>>, acceptLanguage?: string): Promise<Visit> =>
  newVisitor(usher, acceptLanguage === undefined ? {} : { 'accept-language': acceptLanguage }).open(
    authorize(usher, changes).url,
  );
const headingOf = ({ html }: Visit): string => textOf(/<h1[^>]*>([\s\S]*?)<\/h1>/.exec(html)?.[1] ?? '').trim();
const langOf = ({ html }: Visit): string | undefined => /<html[^>]* lang="([^"]*)"/.exec(html)?.[1];

test('languages are customized, enabled and overridden through Graph, and pages say so', async () => {
  assert.equal(headingOf(await begin({}, 'de-AT, de;q=0.9')), 'Sign in');

  await ask(204, 'PATCH', flow, { isLanguageCustomizationEnabled: true });
  await ask(204, 'PUT', `${flow}/languages/de`, { id: 'de', isEnabled: true });
  await ask(201, 'PUT', `${flow}/languages/he`, { id: 'he', isEnabled: true });
  await overrides('de', 'signuporsignin', string('heading', 'Servus <b>&'), string('button_signin', 'Hinein'));
  await overrides('he', 'signuporsignin', string('heading', 'שלום'));

  const german = await begin({}, 'de-AT, en;q=0.9');
  assert.equal(headingOf(german), 'Servus <b>&');
  assert.match(german.html, /Servus &lt;b&gt;&amp;/, 'it is text, never markup');
  assert.match(german.html, />Hinein</);
  assert.equal(
    headingOf(await begin({ ui_locales: 'en' }, 'de')),
    'Sign in',
    'the application chooses before the browser',
  );
  const hebrew = await begin({ ui_locales: 'he-IL' });
  assert.deepEqual([headingOf(hebrew), langOf(hebrew)], ['שלום', 'he']);
  assert.match(hebrew.html, /<html[^>]* dir="rtl"/);

  await ask(204, 'PUT', `${flow}/languages/de`, { id: 'de', isEnabled: false });
  assert.equal(headingOf(await begin({}, 'de')), 'Sign in', 'German is not enabled any more');
  await ask(204, 'PATCH', flow, { defaultLanguageTag: 'he' });
  assert.equal(headingOf(await begin({}, 'de')), 'שלום', 'the flow chooses where nobody else does');
  await ask(204, 'PATCH', flow, { defaultLanguageTag: 'en', isLanguageCustomizationEnabled: false });
  assert.equal(headingOf(await begin({ ui_locales: 'he' })), 'Sign in');
});

test('a journey keeps its language, in letters too, and the flow has its own words for them', async () => {
  const emailTexts = [
    {
      kind: 'addressVerification',
      languageTag: 'de',
      subject: 'Dein Code',
      body: 'Hallo!\n\n{code} für {app}, {minutes} Minuten',
    },
  ];
  await ask(204, 'PATCH', flow, { isLanguageCustomizationEnabled: true, settings: { emailTexts } });
  await ask(204, 'PUT', `${flow}/languages/de`, { id: 'de', isEnabled: true });
  const visitor = newVisitor(usher, { 'accept-language': 'de' });
  const first = await visitor.open(authorize(usher).url);
  await ask(204, 'PUT', `${flow}/languages/de`, { id: 'de', isEnabled: false });
  const form = await visitor.submit(first, 'createAccount');
  await visitor.submit(form, 'email_ver_but_send', { email: 'sprache@contoso.example' });
  const [letter] = await usher.outbox('sprache@contoso.example');
  assert.equal(letter?.subject, 'Dein Code');
  assert.match(letter?.text ?? '', /^Hallo!\n\n\d{6} für .+, 10 Minuten\n$/);
});

test('a collection offers other choices in its language, and what is chosen is stored', async () => {
  await ask(204, 'PUT', `${flow}/languages/de`, { id: 'de', isEnabled: true });
  await ask(204, 'PUT', `${flow}/languages/de/overridesPages/localaccountsignup/$value`, {
    LocalizedCollections: [
      {
        ElementType: 'ClaimType',
        ElementId: 'city',
        TargetCollection: 'Restriction',
        Override: true,
        Items: [{ Name: 'Wien', Value: 'vienna' }],
      },
    ],
  });
  const assigned = await usher.graph('POST', `${flow}/userAttributeAssignments`, {
    userAttribute: { id: 'city' },
    isOptional: true,
    requiresVerification: false,
    userInputType: 'dropdownSingleSelect',
    displayName: 'City',
    userAttributeValues: [],
  });
  assert.ok([201, 409].includes(assigned.status), await assigned.text());
  const visitor = newVisitor(usher, { 'accept-language': 'de' });
  let visit = await visitor.submit(await visitor.open(authorize(usher).url), 'createAccount');
  const email = 'wahl@contoso.example';
  visit = await visitor.submit(visit, 'email_ver_but_send', { email });
  visit = await visitor.submit(visit, 'email_ver_but_verify', { email, email_ver_input: await usher.code(email) });
  assert.match(visit.html, /<option value="vienna"[^>]*>Wien</);
  const rest = { newPassword: 'Correct-horse-7', reenterPassword: 'Correct-horse-7', displayName: 'Wahl' };
  const done = await visitor.submit(visit, 'continue', { ...fieldsOf(visit.html), ...rest, email, city: 'vienna' });
  assert.ok(done.left, textOf(done.html));
  const found = await usher.graph('GET', `/v1.0/users?$filter=displayName eq 'Wahl'&$select=city`);
  const { value } = (await found.json()) as { readonly value: readonly { readonly city: string }[] };
  assert.deepEqual(value, [{ city: 'vienna' }]);
});
