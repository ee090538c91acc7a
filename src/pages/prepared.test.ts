import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Screen } from '../flows/index.ts';
import type { Reply } from '../http/index.ts';
import { plainLook } from './look.ts';
import { createPreparedPages, type Ingredients } from './prepared.ts';

const screen: Screen = {
  id: 'signuporsignin',
  heading: { id: 'signuporsignin.heading' },
  messages: [],
  fields: [{ name: 'email', input: 'email', label: { literal: 'E-mail' }, required: true }],
  actions: [],
};

const plain: Ingredients = {
  screen,
  look: plainLook,
  own: {},
  tenantName: 'Contoso',
  client: { appId: '11111111-1111-4111-8111-111111111111', displayName: 'Shop' },
  revision: 1,
  setting: { tenantId: 'one', flowId: 'B2C_1_susi' },
  locales: ['en'],
};

/** Pages that say what they are made of, and how often they were made. */
function kitchen() {
  const pages = createPreparedPages();
  let made = 0;
  const bodyOf = async (ingredients: Ingredients, csrf: string): Promise<Reply['body']> => {
    const make = async (token: string): Promise<Reply> => {
      made += 1;
      return { status: 200, body: `${ingredients.tenantName} <${token}> ${JSON.stringify(ingredients.screen)}` };
    };
    return (await pages.of(ingredients, csrf, make)).body;
  };
  return { bodyOf, made: () => made };
}

test('a first page is made once, and each browser gets its own token in it', async () => {
  const { bodyOf, made } = kitchen();
  const [one, two] = [await bodyOf(plain, 'token-one'), await bodyOf({ ...plain, screen: { ...screen } }, 'token-two')];
  assert.match(String(one), /^Contoso <token-one> /);
  assert.equal(two, String(one).replace('token-one', 'token-two'));
  assert.equal(made(), 1);
});

const others: Readonly<Record<string, Partial<Ingredients>>> = {
  tenant: { setting: { ...plain.setting, tenantId: 'two' } },
  'name of the tenant': { tenantName: 'Fabrikam' },
  flow: { setting: { ...plain.setting, flowId: 'B2C_1_other' } },
  application: { client: { ...plain.client, displayName: 'Bank' } },
  language: { locales: ['de'] },
  'words of the flow': { own: { 'signuporsignin.heading': 'Welcome' } },
  look: { look: { ...plainLook, template: 'classic' } },
  screen: { screen: { ...screen, heading: { id: 'signuporsignin.other' } } },
};

for (const [what, change] of Object.entries(others)) {
  test(`another ${what} is another page`, async () => {
    const { bodyOf, made } = kitchen();
    await bodyOf(plain, 'token');
    await bodyOf({ ...plain, ...change }, 'token');
    await bodyOf(plain, 'token');
    assert.equal(made(), 2);
  });
}

const [field] = screen.fields;
assert.ok(field);
const literal = { literal: 'x' };

const personal: Readonly<Record<string, Partial<Ingredients>>> = {
  'a later page': { revision: 2 },
  'what somebody typed': { screen: { ...screen, fields: [{ ...field, value: 'adele@contoso.example' }] } },
  'what was wrong with it': { screen: { ...screen, fields: [{ ...field, errors: [literal] }] } },
  'a message': { screen: { ...screen, messages: [{ tone: 'info', text: literal }] } },
  'a value in its words': { screen: { ...screen, intro: { id: 'signuporsignin.intro', values: { to: 'a•••@b' } } } },
  'a secret': { screen: { ...screen, exhibits: [{ kind: 'secret', id: 'totp', label: literal, value: 'GEZDGNBV' }] } },
  'a proof': { screen: { ...screen, verification: { field: 'email', state: 'initial', messages: [] } } },
  'a passkey': { screen: { ...screen, passkey: { ceremony: 'get', options: {}, action: 'passkey' } } },
  'a page of an administrator': {
    look: { ...plainLook, custom: { uri: 'https://pages.example', runsScripts: false, runsBodyScripts: false } },
  },
};

for (const [what, change] of Object.entries(personal)) {
  test(`${what} is made anew each time`, async () => {
    const { bodyOf, made } = kitchen();
    const ingredients = { ...plain, ...change };
    assert.equal(await bodyOf(ingredients, 'token'), await bodyOf(ingredients, 'token'));
    assert.equal(made(), 2);
  });
}
