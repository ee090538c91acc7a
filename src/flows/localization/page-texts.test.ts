import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Screen } from '../screen.ts';
import { localize } from './localize.ts';
import { mergeTexts, noTexts, pageTextsOf } from './page-texts.ts';

const entry = (ElementType: string, ElementId: string | null, StringId: string, Value: string, Override = true) => ({
  ElementType,
  ElementId,
  StringId,
  Override,
  Value,
});
const textsOf = (...LocalizedStrings: readonly unknown[]) => pageTextsOf(JSON.stringify({ LocalizedStrings }));

const screen: Screen = {
  id: 'localaccountsignup',
  heading: { id: 'localaccountsignup.heading' },
  messages: [{ tone: 'error', text: { id: 'x.y', values: { field: { id: 'attribute.city' }, seconds: 3 } } }],
  fields: [
    {
      name: 'city',
      input: 'text',
      label: { id: 'attribute.city' },
      required: true,
      help: [{ literal: 'ours' }],
      errors: [{ id: 'field.required', values: { field: { id: 'attribute.city' } } }, { id: 'field.tooLong' }],
    },
  ],
  actions: [
    { name: 'FacebookExchange', label: { literal: 'Facebook' }, style: 'secondary' },
    { name: 'continue', label: { id: 'localaccountsignup.button_continue' }, style: 'primary' },
  ],
};

test('only what says Override is said', () => {
  const texts = textsOf(
    entry('UxElement', null, 'heading', 'Join us'),
    entry('UxElement', null, 'button_continue', 'Go', false),
    entry('ClaimType', 'city', 'DisplayName', 'Town', false),
  );
  const { words, screen: shown } = localize(screen, texts);
  assert.deepEqual(words, { 'localaccountsignup.heading': 'Join us' });
  assert.deepEqual(shown, screen);
});

test('a claim has another label, in messages too, more help, and one sentence for all that does not fit', () => {
  const texts = textsOf(
    entry('ClaimType', 'City', 'DisplayName', '<b>Town</b>'),
    entry('ClaimType', 'city', 'UserHelpText', 'Where you live.'),
    entry('ClaimType', 'city', 'PatternHelpText', 'This is no town.'),
  );
  const town = { literal: '<b>Town</b>' };
  const { screen: shown, words } = localize(screen, texts);
  assert.deepEqual(words, {});
  assert.deepEqual(shown.fields[0], {
    ...screen.fields[0],
    label: town,
    help: [{ literal: 'Where you live.' }, { literal: 'ours' }],
    errors: [{ id: 'field.required', values: { field: town } }, { literal: 'This is no town.' }],
  });
  assert.deepEqual(shown.messages[0]?.text, { id: 'x.y', values: { field: town, seconds: 3 } });
});

test('what is missing stays said as it was, whatever an administrator says of what does not fit', () => {
  const texts = textsOf(entry('ClaimType', 'city', 'PatternHelpText', 'This is no town.'));
  const [field] = screen.fields;
  assert.ok(field?.errors?.[0]);
  const missing: Screen = { ...screen, fields: [{ ...field, errors: [field.errors[0]] }] };
  assert.deepEqual(localize(missing, texts).screen.fields, missing.fields);
});

test('the sign-in name goes by any of the ids that B2C has for it', () => {
  const page: Screen = {
    ...screen,
    id: 'signuporsignin',
    fields: [{ name: 'email', input: 'email', label: { id: 'attribute.email' }, required: true }],
  };
  const texts = textsOf(entry('ClaimType', 'signInName', 'DisplayName', 'Membership'));
  assert.deepEqual(localize(page, texts).screen.fields[0]?.label, { literal: 'Membership' });
  assert.deepEqual(localize({ ...page, id: 'localaccountsignup' }, texts).screen.fields[0]?.label, {
    id: 'attribute.email',
  });
});

test('errors, controls, predicates, providers and ids of older pages are found', () => {
  const texts = textsOf(
    entry('ErrorMessage', null, 'UserMessageIfClaimsPrincipalAlreadyExists', 'You are here already.'),
    entry('DisplayControl', 'emailVerificationControl', 'but_send_code', 'Mail me'),
    entry('DisplayControl', 'emailVerificationControl', 'success_send_code_msg', 'On its way.'),
    entry('Predicate', 'LengthRange', 'HelpText', 'Longer.'),
    entry('Predicate', 'PIN', 'HelpText', 'Digits!'),
    entry('InputValidation', 'CharacterClasses', 'HelpText', 'More kinds: {0}'),
    entry('ClaimsProvider', null, 'FacebookExchange', 'Meta'),
    entry('UxElement', null, 'ver_but_edit', 'Other address'),
    entry('UxElement', null, 'required_field', 'Needed.'),
    entry('DisplayControl', 'totpQrCodeControl', 'title_text', 'Scan me'),
    entry('ErrorMessage', null, 'UserMessageIfThrottled', 'Slowly.'),
    entry('UxElement', null, 'intro_mixed', 'By text.'),
    entry('UxElement', null, 'field.tooLong', 'Shorter.'),
  );
  const { words, screen: shown } = localize(screen, texts);
  const said: Readonly<Record<string, string>> = {
    'localaccountsignup.UserMessageIfClaimsPrincipalAlreadyExists': 'You are here already.',
    'page.verification.send': 'Mail me',
    'localaccountsignup.ver_info_msg': 'On its way.',
    'password.length': 'Longer.',
    'password.tooShort': 'Longer.',
    'password.notOnlyDigits': 'Digits!',
    'password.tooFewClasses': 'More kinds: {0}',
    'page.verification.edit': 'Other address',
    'page.verification.editPhone': 'Other address',
    'field.required': 'Needed.',
    'localaccountsignup.totpQrCodeControl_title': 'Scan me',
    'localaccountsignup.ver_fail_throttled': 'Slowly.',
    'localaccountsignup.error_throttled': 'Slowly.',
    'localaccountsignup.intro_sms': 'By text.',
    'field.tooLong': 'Shorter.',
  };
  for (const [id, text] of Object.entries(said)) assert.equal(words[id], text, id);
  assert.deepEqual(shown.actions.map(({ label }) => label)[0], { literal: 'Meta' });
});

test('a string counts more under its own name than under another', () => {
  const both = [
    entry('UxElement', null, 'ver_fail_retry', 'own'),
    entry('ErrorMessage', null, 'UserMessageIfVerificationFailedRetryAllowed', 'other'),
  ];
  for (const strings of [both, both.toReversed()]) {
    assert.equal(localize(screen, textsOf(...strings)).words['localaccountsignup.ver_fail_retry'], 'own');
  }
});

test('what a language says takes the place of what it narrows', () => {
  const general = textsOf(entry('UxElement', null, 'heading', 'de'), entry('ClaimType', 'city', 'DisplayName', 'Ort'));
  const special = textsOf(
    entry('UxElement', null, 'heading', 'de-CH'),
    entry('ClaimType', 'city', 'UserHelpText', '?'),
  );
  const { strings, claims } = mergeTexts(general, special);
  assert.equal(strings.get('heading'), 'de-CH');
  assert.deepEqual(claims.get('city'), { label: 'Ort', help: '?' });
  assert.equal(localize(screen, noTexts).screen, screen);
});

test('an id may be anything, also the name of a member that every object has', () => {
  const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', ''];
  const types = ['ClaimType', 'UxElement', 'ErrorMessage', 'Predicate', 'DisplayControl', 'InputValidation'];
  const strings = types.flatMap((type) =>
    names.map((name) => entry(type, name, type === 'Predicate' ? 'HelpText' : name, 'x')),
  );
  const { words, screen: shown } = localize(screen, textsOf(...strings));
  assert.equal(words['localaccountsignup.constructor'], 'x');
  assert.deepEqual(shown.fields, screen.fields);
});

test('a document may leave out what it has nothing to say about, or say null', () => {
  const items = [{ Name: 'Here', Value: 'h' }];
  const collection = { ElementType: 'ClaimType', ElementId: 'City', TargetCollection: 'Restriction', Override: true };
  for (const LocalizedStrings of [null, undefined, []]) {
    const document = { LocalizedStrings, LocalizedCollections: [{ ...collection, Items: items }] };
    assert.deepEqual(pageTextsOf(JSON.stringify(document)).choices.get('city'), items);
  }
  assert.equal(pageTextsOf(JSON.stringify({ LocalizedStrings: [], LocalizedCollections: null })).choices.size, 0);
});
