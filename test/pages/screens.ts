import type { Field, Screen, Text } from '../../src/flows/index.ts';

/** Screens as steps send them: every kind of field, every state of a proof, every tone of message. */

const say = (literal: string): Text => ({ literal });

const email: Field = {
  name: 'email',
  input: 'email',
  label: say('Email Address'),
  required: true,
  autocomplete: 'username',
  maxLength: 320,
};

const signIn: Screen = {
  id: 'signuporsignin',
  heading: say('Sign in'),
  messages: [],
  fields: [
    email,
    { name: 'password', input: 'password', label: say('Password'), required: true, autocomplete: 'current-password' },
  ],
  actions: [
    { name: 'next', label: say('Sign in'), style: 'primary' },
    { name: 'forgotPassword', label: say('Forgot your password?'), style: 'link' },
    { name: 'createAccount', label: say('Sign up now'), style: 'link', intro: say("Don't have an account?") },
  ],
};

const passwords: readonly Field[] = [
  {
    name: 'newPassword',
    input: 'password',
    label: say('New Password'),
    help: [say('At least 15 characters.'), say('A few words you can remember make a good password.')],
    required: true,
    autocomplete: 'new-password',
  },
  {
    name: 'reenterPassword',
    input: 'password',
    label: say('Confirm New Password'),
    required: true,
    autocomplete: 'new-password',
  },
];

const attributes: readonly Field[] = [
  { name: 'displayName', input: 'text', label: say('Display Name'), required: true, autocomplete: 'name' },
  { name: 'givenName', input: 'text', label: say('Given Name'), required: false, autocomplete: 'given-name' },
];

const signUp: Screen = {
  id: 'localaccountsignup',
  heading: say('Create your account'),
  messages: [],
  fields: [{ ...email, autocomplete: 'email' }, ...passwords, ...attributes],
  intro: say('Please provide the following details.'),
  verification: {
    field: 'email',
    state: 'initial',
    messages: [{ tone: 'info', text: say('We will send a code to this address, to be sure that it is yours.') }],
  },
  actions: [
    { name: 'continue', label: say('Create'), style: 'primary' },
    { name: 'cancel', label: say('Cancel'), style: 'secondary' },
  ],
};

const filled = (fields: readonly Field[], values: Readonly<Record<string, string>>): readonly Field[] =>
  fields.map((field) => {
    const value = values[field.name];
    return value === undefined ? field : { ...field, value };
  });

const typed = { email: 'ada.lovelace@example.com' };

const size = ['Small', 'Medium', 'Large'].map((name) => ({ value: name.toLowerCase(), label: say(name) }));

const everyKind: readonly Field[] = [
  { name: 'jobTitle', input: 'text', label: say('Job Title'), required: false, value: 'Analyst' },
  {
    name: 'country',
    input: 'dropdown',
    label: say('Country/Region'),
    required: true,
    choices: size,
    autocomplete: 'country-name',
  },
  { name: 'extension_size', input: 'radio', label: say('Shirt size'), required: true, choices: size, value: 'medium' },
  {
    name: 'extension_topics',
    input: 'checkboxes',
    label: say('Send me news about'),
    help: [say('You can change this at any time.')],
    required: false,
    choices: size,
    value: 'small,large',
  },
  {
    name: 'dateOfBirth',
    input: 'date',
    label: say('Date of birth'),
    required: true,
    autocomplete: 'bday',
    value: '1990-12-05',
  },
  { name: 'extension_age', input: 'number', label: say('Loyalty number'), required: false },
  { name: 'extension_code', input: 'code', label: say('Invitation code'), required: false },
  {
    name: 'identityProvider',
    input: 'text',
    label: say('Member since'),
    required: false,
    readOnly: true,
    value: '2019',
  },
];

const wrong = (fields: readonly Field[], message: string): readonly Field[] =>
  fields.map((field) => ({ ...field, errors: [say(message)] }));

export const screens: Readonly<Record<string, Screen>> = {
  'sign-in': signIn,
  'sign-in-refused': {
    ...signIn,
    messages: [{ tone: 'error', text: say('Your e-mail address or your password is not right.') }],
    fields: filled(signIn.fields, typed),
  },
  'sign-up': signUp,
  'sign-up-not-sent': {
    ...signUp,
    fields: filled(signUp.fields, typed),
    verification: {
      field: 'email',
      state: 'initial',
      messages: [{ tone: 'error', text: say('There have been too many requests. Wait a while, then try again.') }],
    },
  },
  'sign-up-sent': {
    ...signUp,
    fields: filled(signUp.fields, { ...typed, displayName: 'Ada' }),
    verification: {
      field: 'email',
      state: 'sent',
      messages: [{ tone: 'info', text: say('We have sent a code to your inbox. Enter it below.') }],
    },
  },
  'sign-up-wrong-code': {
    ...signUp,
    fields: filled(signUp.fields, typed),
    verification: {
      field: 'email',
      state: 'sent',
      messages: [{ tone: 'error', text: say('That code is incorrect. Please try again.') }],
    },
  },
  'sign-up-verified': {
    ...signUp,
    fields: filled(signUp.fields, typed),
    verification: {
      field: 'email',
      state: 'verified',
      messages: [{ tone: 'success', text: say('E-mail address verified. You can now continue.') }],
    },
  },
  'sign-up-incomplete': {
    ...signUp,
    fields: [
      ...filled(signUp.fields.slice(0, 1), typed),
      ...wrong(passwords, 'Use at least 15 characters.'),
      ...wrong(attributes.slice(0, 1), 'This information is required.'),
      ...attributes.slice(1),
    ],
    messages: [
      { tone: 'error', text: { id: 'localaccountsignup.error_fieldIncorrect' } },
      { tone: 'error', text: { id: 'localaccountsignup.error_passwordEntryMismatch' } },
    ],
    verification: { field: 'email', state: 'verified', messages: [] },
  },
  attributes: {
    id: 'selfasserted',
    heading: say('A few details'),
    intro: say('They help us to greet you properly.'),
    messages: [{ tone: 'success', text: say('Your password was changed.') }],
    fields: everyKind,
    actions: [
      { name: 'continue', label: say('Continue'), style: 'primary' },
      { name: 'cancel', label: say('Cancel'), style: 'secondary' },
    ],
  },
  'attributes-incorrect': {
    id: 'selfasserted',
    heading: say('A few details'),
    messages: [],
    fields: wrong(everyKind, 'Please check this entry.'),
    actions: [{ name: 'continue', label: say('Continue'), style: 'primary' }],
  },
};
