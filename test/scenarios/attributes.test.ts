import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Account, accountWith, newAccount } from '../support/accounts.ts';
import { authorizeWeb, membersOf, newFlow, webTokens } from '../support/flow-settings.ts';
import { claimsIn } from '../support/sign-in.ts';
import { startUsher, type Usher } from '../support/usher.ts';
import { newVisitor, textOf, type Visit } from '../support/visitor.ts';

let usher: Usher;
before(async () => {
  usher = await startUsher();
});
after(() => usher?.stop());

let counter = 0;

/** A custom attribute of its own; resolves to its id, `extension_{application}_{name}`. */
async function newAttribute(dataType: string): Promise<string> {
  counter += 1;
  const draft = { displayName: `Thing${counter}`, description: 'A thing', dataType };
  const response = await usher.graph('POST', '/v1.0/identity/userFlowAttributes', draft);
  const made = (await response.json()) as { readonly id: string };
  assert.equal(response.status, 201, JSON.stringify(made));
  return made.id;
}

interface Asked {
  readonly userInputType: string;
  readonly isOptional?: boolean;
  readonly displayName?: string;
  readonly userAttributeValues?: readonly {
    readonly name: string;
    readonly value: string;
    readonly isDefault: boolean;
  }[];
}

async function assign(flow: string, id: string, asked: Asked): Promise<void> {
  const response = await usher.graph('POST', `/beta/identity/b2cUserFlows/${flow}/userAttributeAssignments`, {
    isOptional: true,
    requiresVerification: false,
    displayName: id,
    ...asked,
    userAttribute: { id },
  });
  assert.equal(response.status, 201, await response.text());
}

const claimOf = (id: string): string => id.replace(/^extension_[0-9a-f]{32}_/, 'extension_');

/** The page of a sign-up with the attributes, the address proved. */
async function atSignUp(flow: string, visitor = newVisitor(usher)) {
  counter += 1;
  const email = `new${counter}-${process.pid}@contoso.example`;
  const form = await visitor.submit(await visitor.open(authorizeWeb(usher, flow)), 'createAccount');
  const sent = await visitor.submit(form, 'email_ver_but_send', { email });
  const code = { email, email_ver_input: await usher.code(email) };
  const page = await visitor.submit(sent, 'email_ver_but_verify', code);
  const create = (values: Readonly<Record<string, string>>, on: Visit = page) =>
    visitor.submit(on, 'continue', { newPassword: 'Olive-drum-42', reenterPassword: 'Olive-drum-42', ...values });
  return { page, email, create };
}

/** The page of a profile edit. */
async function atProfile(flow: string, { email, password }: Pick<Account, 'email' | 'password'>) {
  const visitor = newVisitor(usher);
  const page = await visitor.submit(await visitor.open(authorizeWeb(usher, flow)), 'next', { email, password });
  return { page, save: (values: Readonly<Record<string, string>>) => visitor.submit(page, 'continue', values) };
}

const idOf = async (email: string): Promise<string> => {
  const response = await usher.graph(
    'GET',
    `/beta/users?$filter=identities/any(i:i/issuerAssignedId eq '${email}' and i/issuer eq 'contoso.onmicrosoft.com')`,
  );
  const { value } = (await response.json()) as { readonly value: readonly { readonly id: string }[] };
  return value[0]?.id ?? '';
};

const arrives = ({ left }: Visit): boolean => left !== undefined && membersOf(left).has('code');

const options = (...values: readonly string[]) =>
  values.map((value, index) => ({ name: value.toUpperCase(), value, isDefault: index === 1 }));

/** Type, input, what a person sends, what is stored, how the field looks afterwards, and what they change it into. */
const kinds: readonly {
  readonly dataType: string;
  readonly asked: Asked;
  readonly send: (claim: string) => Readonly<Record<string, string>>;
  readonly stored: unknown;
  readonly shown: (claim: string) => RegExp;
  readonly change: (claim: string) => Readonly<Record<string, string>>;
  readonly changed: unknown;
}[] = [
  {
    dataType: 'string',
    asked: { userInputType: 'textBox' },
    send: (claim) => ({ [claim]: ' Zoë & <Co> ' }),
    stored: 'Zoë & <Co>',
    shown: (claim) => new RegExp(`id="${claim}"[^>]* value="Zoë &amp; &lt;Co&gt;"`),
    change: (claim) => ({ [claim]: '' }),
    changed: undefined,
  },
  {
    dataType: 'string',
    asked: { userInputType: 'emailBox' },
    send: (claim) => ({ [claim]: 'zoe@fabrikam.example' }),
    stored: 'zoe@fabrikam.example',
    shown: (claim) => new RegExp(`id="${claim}"[^>]* type="email"[^>]* value="zoe@fabrikam.example"`),
    change: (claim) => ({ [claim]: 'ada@fabrikam.example' }),
    changed: 'ada@fabrikam.example',
  },
  {
    dataType: 'string',
    asked: { userInputType: 'dateTimeDropdown' },
    send: (claim) => ({ [`${claim}.day`]: '3', [`${claim}.month`]: '02', [`${claim}.year`]: '2001' }),
    stored: '2001-02-03',
    shown: (claim) => new RegExp(`id="${claim}_day"[^>]* value="3"`),
    change: (claim) => ({ [`${claim}.day`]: '4', [`${claim}.month`]: '02', [`${claim}.year`]: '2001' }),
    changed: '2001-02-04',
  },
  {
    dataType: 'string',
    asked: { userInputType: 'radioSingleSelect', userAttributeValues: options('red', 'green') },
    send: (claim) => ({ [claim]: 'red' }),
    stored: 'red',
    shown: (claim) => new RegExp(`id="${claim}_red"[^>]* checked`),
    change: (claim) => ({ [claim]: 'green' }),
    changed: 'green',
  },
  {
    dataType: 'string',
    asked: { userInputType: 'dropdownSingleSelect', userAttributeValues: options('red', 'green') },
    send: (claim) => ({ [claim]: 'red' }),
    stored: 'red',
    shown: (claim) => new RegExp(`id="${claim}"[\\s\\S]*?<option value="red" selected>RED<`),
    change: (claim) => ({ [claim]: 'green' }),
    changed: 'green',
  },
  {
    dataType: 'string',
    asked: { userInputType: 'checkboxMultiSelect', userAttributeValues: options('red', 'green', 'blue') },
    send: (claim) => ({ [`${claim}.choice.2`]: 'blue', [`${claim}.choice.0`]: 'red' }),
    stored: 'red,blue',
    shown: (claim) => new RegExp(`id="${claim}_red"[^>]* checked[\\s\\S]*id="${claim}_blue"[^>]* checked`),
    change: (claim) => ({ [`${claim}.choice.1`]: 'green' }),
    changed: 'green',
  },
  {
    dataType: 'boolean',
    asked: { userInputType: 'radioSingleSelect' },
    send: (claim) => ({ [claim]: 'false' }),
    stored: false,
    shown: (claim) => new RegExp(`id="${claim}_false"[^>]* checked`),
    change: (claim) => ({ [claim]: 'true' }),
    changed: true,
  },
  {
    dataType: 'boolean',
    asked: { userInputType: 'checkboxMultiSelect' },
    send: (claim) => ({ [`${claim}.choice.0`]: 'true' }),
    stored: true,
    shown: (claim) => new RegExp(`id="${claim}_true"[^>]* checked`),
    change: () => ({}),
    changed: false,
  },
  {
    dataType: 'int64',
    asked: { userInputType: 'textBox' },
    send: (claim) => ({ [claim]: '-42' }),
    stored: -42,
    shown: (claim) => new RegExp(`id="${claim}"[^>]* value="-42"`),
    change: (claim) => ({ [claim]: '9007199254740991' }),
    changed: 9007199254740991,
  },
  {
    dataType: 'int64',
    asked: { userInputType: 'dropdownSingleSelect', userAttributeValues: options('1', '2') },
    send: (claim) => ({ [claim]: '1' }),
    stored: 1,
    shown: (claim) => new RegExp(`id="${claim}"[\\s\\S]*?<option value="1" selected>`),
    change: (claim) => ({ [claim]: '2' }),
    changed: 2,
  },
];

for (const { dataType, asked, send, stored, shown, change, changed } of kinds) {
  test(`${dataType} by ${asked.userInputType}: asked at sign-up, kept, told in tokens, and changed in the profile`, async () => {
    const id = await newAttribute(dataType);
    const claim = claimOf(id);
    const [signUp, edit] = [await newFlow(usher), await newFlow(usher, { userFlowType: 'profileUpdate' })];
    for (const flow of [signUp, edit]) await assign(flow, id, asked);
    const { email, create } = await atSignUp(signUp);
    assert.ok(arrives(await create(send(claim))));
    const user = await idOf(email);
    assert.deepEqual((await accountWith(usher, user, ['id', id]))[id], stored);
    const person = { email, password: 'Olive-drum-42' };
    const { page, save } = await atProfile(edit, person);
    assert.match(page.html, shown(claim));
    assert.ok(arrives(await save(change(claim))));
    assert.deepEqual((await accountWith(usher, user, ['id', id]))[id] ?? undefined, changed);
    const visitor = newVisitor(usher);
    await visitor.submit(await visitor.open(authorizeWeb(usher, signUp)), 'next', person);
    assert.deepEqual(claimsIn((await webTokens(usher, signUp, visitor)).id_token)[claim], changed);
  });
}

test('required, order, label and default are those of the assignment', async () => {
  const flow = await newFlow(usher);
  await assign(flow, 'city', { userInputType: 'textBox', isOptional: false, displayName: 'Where you live' });
  await assign(flow, 'state', {
    userInputType: 'dropdownSingleSelect',
    userAttributeValues: options('north', 'south'),
  });
  const { page, create } = await atSignUp(flow);
  assert.ok(page.html.indexOf('id="city"') < page.html.indexOf('id="state"'));
  assert.match(textOf(page.html), /Where you live/);
  assert.match(page.html, /<option value="south" selected>SOUTH</);
  const refused = await create({ state: 'north' });
  assert.match(textOf(refused.html), /Please fill in: Where you live/);
  assert.match(refused.html, /<option value="north" selected>NORTH</, 'what was chosen is still there');
  assert.ok(arrives(await create({ city: 'Turin', state: 'north' }, refused)));

  const address = `/beta/identity/b2cUserFlows/${flow}/userAttributeAssignments`;
  const order = { newAssignmentOrder: { order: ['state', 'city'] } };
  assert.equal((await usher.graph('POST', `${address}/setOrder`, order)).status, 204);
  assert.equal((await usher.graph('PATCH', `${address}/city`, { isOptional: true })).status, 204);
  const again = await atSignUp(flow);
  assert.ok(again.page.html.indexOf('id="state"') < again.page.html.indexOf('id="city"'));
  assert.ok(arrives(await again.create({ state: 'south' })));
});

test('limits and patterns hold, and nothing that was typed is lost', async () => {
  const [flow, number] = [await newFlow(usher), await newAttribute('int64')];
  for (const id of ['displayName', 'postalCode', number]) await assign(flow, id, { userInputType: 'textBox' });
  const { create } = await atSignUp(flow);
  const wrong = { displayName: '<b>', postalCode: '1'.repeat(41), [claimOf(number)]: '9007199254740992' };
  const refused = await create(wrong);
  const said = textOf(refused.html);
  assert.match(said, /some of these characters cannot be used/);
  assert.match(said, /use at most 40 characters/);
  assert.match(said, /too large or too small/);
  assert.match(refused.html, /value="&lt;b&gt;"/);
});

test('a country is chosen from all there are, in the language of the page', async () => {
  const flow = await newFlow(usher);
  await assign(flow, 'country', { userInputType: 'dropdownSingleSelect' });
  const { page, email, create } = await atSignUp(flow);
  assert.match(page.html, /<option value="DE">Germany</);
  assert.ok(arrives(await create({ country: 'DE' })));
  assert.equal((await accountWith(usher, await idOf(email), ['country']))['country'], 'DE');
  const other = await atSignUp(flow);
  assert.match(textOf((await other.create({ country: 'Atlantis' })).html), /choose from what is offered/);
});

test('a stored value that is offered no more is shown in the profile and stays', async () => {
  const edit = await newFlow(usher, { userFlowType: 'profileUpdate' });
  await assign(edit, 'state', {
    userInputType: 'dropdownSingleSelect',
    userAttributeValues: options('north', 'south'),
  });
  await assign(edit, 'city', { userInputType: 'textBox' });
  const account = await newAccount(usher, { state: 'west', city: 'Turin' });
  const { page, save } = await atProfile(edit, account);
  assert.match(page.html, /<option value="west" selected>west</);
  assert.ok(arrives(await save({ state: 'west', city: 'Oslo' })));
  const { state, city } = await accountWith(usher, account.id, ['state', 'city']);
  assert.deepEqual([state, city], ['west', 'Oslo']);
});
