import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Field, Screen, Text } from '../flows/index.ts';
import { printHtml } from '../http/index.ts';
import { plainLook } from './look.ts';
import { renderScreen } from './render.ts';
import { createVoice, createWords } from './words.ts';

const hostile = `"><script>alert('x')</script><img src=x onerror=alert(1)>`;
const say = (literal: string): Text => ({ literal });

const page = (screen: Screen, tenantName = 'Contoso', app = 'Shop', own = {}): string =>
  printHtml(
    renderScreen(screen, {
      voice: createVoice(createWords(), []),
      look: plainLook,
      own,
      tenantName,
      client: { appId: '1', displayName: app },
      csrf: 'token',
      revision: 7,
    }),
  );

const email: Field = { name: 'email', input: 'email', label: say('Email Address'), required: true };
const password: Field = { name: 'newPassword', input: 'password', label: say('New Password'), required: true };

const signUp: Screen = {
  id: 'localaccountsignup',
  heading: say('Sign up'),
  messages: [],
  fields: [email, password, { name: 'displayName', input: 'text', label: say('Name'), required: false, value: 'Ada' }],
  verification: { field: 'email', state: 'initial', messages: [] },
  actions: [
    { name: 'continue', label: say('Create'), style: 'primary' },
    { name: 'cancel', label: say('Cancel'), style: 'secondary' },
  ],
};

const proof = (state: 'initial' | 'sent' | 'verified', messages: Screen['messages'] = []): Screen => ({
  ...signUp,
  verification: { field: 'email', state, messages },
});

const idsOf = (html: string): readonly string[] => [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id = '']) => id);

/** Names of the submit buttons in document order: the first is what Enter presses. */
const buttonsOf = (html: string): readonly string[] =>
  [...html.matchAll(/<button type="submit" name="action" value="([^"]*)"/g)].map(([, value = '']) => value);

test('nothing that comes from outside becomes markup', () => {
  const kinds = ['text', 'email', 'password', 'code', 'dropdown', 'radio', 'checkboxes', 'date', 'number'] as const;
  const fields = kinds.map(
    (input, index): Field => ({
      name: `${hostile}${index}`,
      input,
      label: say(hostile),
      help: [say(hostile)],
      required: true,
      value: hostile,
      autocomplete: hostile,
      choices: [{ value: hostile, label: say(hostile) }],
      errors: [say(hostile)],
    }),
  );
  const action = { name: hostile, label: say(hostile), style: 'link', intro: say(hostile) } as const;
  for (const id of ['signuporsignin', 'localaccountsignup']) {
    const messages = (['error', 'success', 'info'] as const).map((tone) => ({ tone, text: say(hostile) }));
    const screen: Screen = { id, heading: say(hostile), intro: say(hostile), messages, fields, actions: [action] };
    const html = page(screen, hostile, hostile);
    assert.doesNotMatch(html, /<script>|<img/);
    // Tags that a browser would see, in both renderings, are the same as with harmless words.
    const harmless = page(
      JSON.parse(JSON.stringify(screen).replaceAll(JSON.stringify(hostile).slice(1, -1), 'x')),
      'x',
      'x',
    );
    assert.equal(html.match(/</g)?.length, harmless.match(/</g)?.length);
    assert.equal(html.match(/"/g)?.length, harmless.match(/"/g)?.length);
  }
});

test('passwords and codes are never sent back, even when a step puts them into the screen', () => {
  const html = page({
    ...signUp,
    fields: [
      { ...password, value: 'hunter2-secret' },
      { name: 'otp', input: 'code', label: say('Code'), required: true, value: '123456' },
    ],
  });
  assert.doesNotMatch(html, /hunter2-secret|123456/);
  assert.doesNotMatch(
    page({ ...proof('initial'), fields: [email, { ...password, value: 'hunter2-secret' }] }),
    /hunter2/,
  );
  const typed = [email, { ...password, name: 'password', value: 'hunter2-secret' }];
  assert.doesNotMatch(
    page({ id: 'signuporsignin', heading: say('x'), messages: [], fields: typed, actions: [] }),
    /hunter2/,
  );
});

test('the sign-in page has the element ids of B2C', () => {
  const html = page({
    id: 'signuporsignin',
    heading: say('Sign in'),
    messages: [{ tone: 'error', text: say('No') }],
    fields: [email, { ...password, name: 'password' }],
    actions: [
      { name: 'next', label: say('Sign in'), style: 'primary' },
      { name: 'forgotPassword', label: say('Forgot?'), style: 'link' },
      { name: 'createAccount', label: say('Sign up'), style: 'link' },
    ],
  });
  for (const id of [
    'api',
    'localAccountForm',
    'email',
    'email_label',
    'password',
    'next',
    'forgotPassword',
    'createAccount',
  ]) {
    assert.ok(idsOf(html).includes(id), id);
  }
  assert.match(html, /id="api" data-name="Unified"/);
  assert.match(html, /class="error pageLevel"/);
  assert.match(html, /<title>Error: Sign in · Contoso<\/title>/);
});

test('the sign-up page has the element ids of B2C in every state of the proof', () => {
  const shown = (html: string, ids: readonly string[]) =>
    ids.every((id) => idsOf(html).includes(id) || assert.fail(`${id} is missing`));
  const initial = page(proof('initial'));
  shown(initial, [
    'api',
    'attributeVerification',
    'attributeList',
    'email',
    'email_label',
    'email_ver_but_send',
    'cancel',
  ]);
  assert.match(initial, /data-name="SelfAsserted"/);
  assert.match(initial, /<li class="EmailBox email_li/);
  shown(page(proof('sent')), [
    'email_info',
    'email_ver_input',
    'email_ver_but_verify',
    'email_ver_but_resend',
    'email_ver_but_edit',
  ]);
  const verified = page(proof('verified'));
  shown(verified, [
    'email_success',
    'email_ver_but_edit',
    'newPassword',
    'newPassword_label',
    'displayName',
    'continue',
    'cancel',
  ]);
  assert.match(verified, /<li class="Password newPassword_li">/);
});

test('what went wrong with a proof has the id that B2C gives it', () => {
  for (const [end, id] of [
    ['ver_fail_retry', 'email_fail_retry'],
    ['ver_fail_no_retry', 'email_fail_no_retry'],
    ['ver_fail_code_expired', 'email_fail_code_expired'],
    ['ver_fail_throttled', 'email_fail_throttled'],
    ['ver_fail_server', 'email_fail_server'],
  ] as const) {
    const html = page(proof('sent', [{ tone: 'error', text: { id: `localaccountsignup.${end}` } }]));
    assert.ok(idsOf(html).includes(id), id);
  }
  const wrong = page(proof('sent', [{ tone: 'error', text: { id: 'localaccountsignup.ver_fail_retry' } }]));
  assert.match(wrong, /<input[^>]*id="email_ver_input"[^>]*aria-describedby="email_fail_retry" aria-invalid="true"/);
});

test('page errors have the ids that B2C gives them', () => {
  for (const id of ['requiredFieldMissing', 'fieldIncorrect', 'passwordEntryMismatch']) {
    const text: Text = { id: `localaccountsignup.error_${id}` };
    const html = page({ ...proof('verified'), messages: [{ tone: 'error', text }] });
    assert.match(html, new RegExp(`<div class="error pageLevel" id="${id}" role="alert" tabindex="-1">`));
  }
});

test('every id on a page is there once', () => {
  const errors = [say('No'), say('No again')];
  for (const screen of [proof('initial'), proof('sent'), proof('verified')]) {
    const html = page({ ...screen, fields: screen.fields.map((field) => ({ ...field, errors })) });
    assert.deepEqual([...idsOf(html)].sort(), [...new Set(idsOf(html))].sort());
  }
});

test('Enter presses the main button, although others come before it', () => {
  assert.equal(buttonsOf(page(proof('verified')))[0], 'continue');
  assert.ok(buttonsOf(page(proof('verified'))).includes('email_ver_but_edit'));
  assert.equal(buttonsOf(page(proof('initial')))[0], 'email_ver_but_send');
  assert.equal(buttonsOf(page(proof('sent')))[0], 'email_ver_but_verify');
});

test('while an address is unproved nothing else is asked, and nothing typed is lost', () => {
  const html = page(proof('sent'));
  assert.ok(!idsOf(html).includes('newPassword') && !idsOf(html).includes('continue'));
  assert.match(html, /<input type="hidden" name="displayName" value="Ada">/);
  assert.match(html, /<input[^>]*id="email"[^>]*readonly/);
});

test('providers look the same beside a form as on a page of their own', () => {
  const google = { name: 'GoogleExchange', label: say('Google'), style: 'secondary' } as const;
  const shown = page({ ...signUp, id: 'selfasserted', actions: [...signUp.actions, google] });
  const { verification: _none, ...bare } = signUp;
  const chosen = page({ ...bare, id: 'providerselection', fields: [email], actions: [google] });
  const listOf = (html: string) => /<div class="divider">[\s\S]*?claims-provider-list-buttons/.exec(html)?.[0];
  const providerOf = (html: string) => /<button[^>]*value="GoogleExchange"[\s\S]*?<\/button>/.exec(html)?.[0];
  assert.ok(providerOf(shown) && listOf(shown));
  assert.equal(providerOf(shown), providerOf(chosen));
  assert.equal(buttonsOf(shown).filter((name) => name === google.name).length, 1);
});

test('ways out of a page need no field filled in', () => {
  const html = page(proof('sent'));
  for (const id of ['cancel', 'email_ver_but_resend', 'email_ver_but_edit']) {
    assert.match(html, new RegExp(`id="${id}"[^>]*formnovalidate`), id);
  }
  assert.doesNotMatch(html, /id="email_ver_but_verify"[^>]*formnovalidate/);
});

test('the keyboard starts at the first wrong field, else at the first empty one', () => {
  const focused = (screen: Screen) =>
    [...page(screen).matchAll(/<(?:input|select)[^>]*\sid="([^"]*)"[^>]*\sautofocus/g)].map(([, id]) => id);
  assert.deepEqual(focused(proof('initial')), ['email']);
  assert.deepEqual(focused(proof('sent')), ['email_ver_input']);
  assert.deepEqual(focused(proof('verified')), ['newPassword']);
  const [first, second, third] = signUp.fields as [Field, Field, Field];
  const fields = [{ ...first, value: 'a@b.example' }, second, { ...third, errors: [say('No')] }];
  assert.deepEqual(focused({ ...proof('verified'), fields }), ['displayName']);
});

test('codes and numbers bring up digits, codes are offered from messages, passwords from the manager', () => {
  const html = page({
    ...signUp,
    fields: [
      { ...password, autocomplete: 'new-password' },
      { name: 'extension_age', input: 'number', label: say('Age'), required: false },
    ],
    verification: { field: 'none', state: 'verified', messages: [] },
  });
  assert.match(html, /<input id="newPassword"[^>]*type="password"[^>]*autocomplete="new-password"/);
  assert.match(html, /<input id="extension_age"[^>]*inputmode="numeric"/);
  assert.match(page(proof('sent')), /<input id="email_ver_input"[^>]*inputmode="numeric" autocomplete="one-time-code"/);
});

test('terms that the flow names stand at the foot of their page, as links that lead to pages only', () => {
  const own = {
    'localaccountsignup.disclaimer_msg_intro': 'By going on you accept',
    'localaccountsignup.disclaimer_link_1_text': 'our <terms>',
    'localaccountsignup.disclaimer_link_1_url': 'https://shop.example/terms?a=1&b=2',
    'localaccountsignup.disclaimer_link_2_text': 'more',
    'localaccountsignup.disclaimer_link_2_url': 'javascript:alert(1)',
  };
  const html = page(signUp, 'Contoso', 'Shop', own);
  assert.match(
    html,
    /<div class="disclaimer"><p>By going on you accept <a href="https:\/\/shop\.example\/terms\?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">our &lt;terms&gt;<\/a><\/p><\/div>/,
  );
  assert.doesNotMatch(page({ ...signUp, id: 'selfasserted' }, 'Contoso', 'Shop', own), /disclaimer/);
  assert.doesNotMatch(page(signUp), /disclaimer/);
});

test('a list of what is wrong leads to each field and names it once', () => {
  const broken = { id: 'field.required', values: { field: email.label } };
  const fields = [
    { ...email, errors: [broken] },
    { ...password, errors: [{ id: 'password.tooShort', values: { minimum: 8 } }] },
  ];
  const list = /<ul>(.*?)<\/ul>/s.exec(
    page({ ...signUp, fields, verification: { field: 'none', state: 'verified', messages: [] } }),
  )?.[1];
  assert.equal(
    list,
    '<li><a href="#email">Please fill in: Email Address.</a></li><li><a href="#newPassword">New Password</a>: Use at least 8 characters.</li>',
  );
});
