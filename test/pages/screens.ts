import type { Action, Field, Screen, Text } from '../../src/flows/index.ts';

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

const button = (name: string, label: string, style: Action['style'] = 'secondary'): Action => ({
  name,
  label: say(label),
  style,
});

const providers = [button('GoogleExchange', 'Google'), button('MicrosoftAccountExchange', 'Microsoft')];

const rememberMe: Field = { name: 'rememberMe', input: 'checkbox', label: say('Keep me signed in'), required: false };

const usePasskey = {
  ceremony: 'get',
  options: { challenge: 'AAAAAAAAAAAAAAAAAAAAAA', rpId: 'localhost', userVerification: 'preferred' },
  action: 'usePasskey',
} as const;

/** Everything a sign-in page can offer at once. */
const signInFull: Screen = {
  ...signIn,
  fields: [...signIn.fields, rememberMe],
  passkey: { ...usePasskey, isConditional: true },
  actions: [...signIn.actions, ...providers],
};

const phoneNumber: Field = { name: 'phoneNumber', input: 'phone', label: say('Phone number'), required: true };

const phoneSignIn: Screen = {
  id: 'phoneSignIn',
  heading: say('Sign in with your phone'),
  messages: [],
  fields: [phoneNumber],
  actions: [button('continue', 'Continue', 'primary'), button('createAccount', 'Sign up now', 'link')],
};

const phoneSignUp: Screen = {
  id: 'phoneSignUp',
  heading: say('Create your account'),
  messages: [],
  fields: [phoneNumber, ...attributes],
  verification: {
    field: 'phoneNumber',
    control: 'phoneVerificationControl',
    state: 'initial',
    messages: [{ tone: 'info', text: say('We will send a code to this number.') }],
  },
  actions: [button('continue', 'Create', 'primary'), button('cancel', 'Cancel')],
};

const number = { phoneNumber: '+442079460958' };

const phonefactor: Screen = {
  id: 'phonefactor',
  heading: say('Confirm that it is you'),
  intro: say('Enter a number that we can send a code to.'),
  messages: [],
  fields: [{ ...phoneNumber, name: 'localNumber' }],
  actions: [button('sendCode', 'Send code', 'primary'), button('cancel', 'Cancel')],
};

const phonefactorSent: Screen = {
  ...phonefactor,
  intro: say('We have sent a code to the number that ends in 58.'),
  fields: [{ name: 'verificationCode', input: 'code', label: say('Verification code'), required: true }],
  actions: [
    button('verifyCode', 'Verify code', 'primary'),
    button('retryCode', 'Send a new code', 'link'),
    button('cancel', 'Cancel'),
  ],
};

const reset: Screen = {
  id: 'localaccountpasswordreset',
  heading: say('Reset your password'),
  messages: [],
  fields: [
    { name: 'UserId', input: 'text', label: say('User name'), required: true, readOnly: true, value: 'ada' },
    { ...email, value: typed.email },
  ],
  verification: {
    field: 'email',
    control: 'emailVerificationControl',
    isFixed: true,
    state: 'sent',
    messages: [{ tone: 'error', text: { id: 'localaccountsignup.ver_fail_retry' } }],
  },
  actions: [button('continue', 'Continue', 'primary'), button('cancel', 'Cancel')],
};

const otpCode: Field = { name: 'otpCode', input: 'code', label: say('Code from the app'), required: true };

const totp: Screen = {
  id: 'selfasserted',
  heading: say('Set up your authenticator'),
  messages: [],
  exhibits: [
    { kind: 'paragraph', text: say('Open an authenticator app and scan the picture, or enter the key by hand.') },
    {
      kind: 'qrCode',
      id: 'totpQrCodeControl',
      content: 'otpauth://totp/Contoso:ada@example.com?secret=JBSWY3DPEHPK3PXP&issuer=Contoso',
      label: say('Scan the QR code'),
    },
    { kind: 'secret', id: 'authenticatorInfoControl', label: say('Key to enter by hand'), value: 'JBSWY3DPEHPK3PXP' },
  ],
  fields: [otpCode],
  actions: [button('continue', 'Continue', 'primary'), button('cancel', 'Cancel')],
};

const recoveryCodes: Screen = {
  id: 'selfasserted',
  heading: say('Keep these codes'),
  intro: say('Each of them lets you in once when you have lost your phone.'),
  messages: [],
  exhibits: [
    {
      kind: 'codes',
      id: 'recoveryCodesControl',
      label: say('Recovery codes'),
      values: Array.from({ length: 10 }, (_, index) => `4f${index}k-9tq${index}`),
    },
  ],
  fields: [{ name: 'kept', input: 'checkbox', label: say('I have kept my codes in a safe place'), required: true }],
  actions: [button('continue', 'Continue', 'primary')],
};

const newPasskey: Screen = {
  id: 'selfasserted',
  heading: say('Sign in faster next time'),
  intro: say('A passkey lets you in with your finger, your face or the code of your device.'),
  messages: [],
  fields: [],
  passkey: {
    ceremony: 'create',
    options: {
      challenge: 'AAAAAAAAAAAAAAAAAAAAAA',
      rp: { id: 'localhost', name: 'Contoso' },
      user: { id: 'dXNlcg', name: 'ada@example.com', displayName: 'Ada' },
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
    },
    action: 'createPasskey',
  },
  actions: [button('skip', 'Not now')],
};

const wrongAt = (screen: Screen, message: string): Screen => ({
  ...screen,
  fields: wrong(filled(screen.fields, { ...typed, ...number, localNumber: '+44 12 x' }), message),
  messages: [{ tone: 'error', text: say('That did not work. Check what is marked below.') }],
});

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
  'sign-in-full': signInFull,
  'sign-in-full-refused': wrongAt(signInFull, 'Check this.'),
  'sign-in-providers-only': { ...signIn, fields: [], actions: providers },
  'sign-in-only': { ...signIn, id: 'localaccountsignin', actions: signIn.actions.slice(0, 2) },
  selection: {
    id: 'idpselections',
    heading: say('Choose your account'),
    messages: [],
    fields: [],
    actions: [
      ...providers,
      button('SignUpWithLogonEmailExchange', 'E-mail address'),
      button('cancel', 'Cancel', 'link'),
    ],
  },
  'selection-refused': {
    id: 'idpselections',
    heading: say('Choose your account'),
    messages: [{ tone: 'error', text: say('You are not signed in there. Choose again.') }],
    fields: [],
    actions: providers,
  },
  'social-sign-up': {
    id: 'socialccountsignup',
    heading: say('Almost done'),
    messages: [],
    fields: attributes,
    actions: signUp.actions,
  },
  'profile-edit': {
    id: 'selfasserted.profileupdate',
    heading: say('Your profile'),
    messages: [],
    fields: filled(attributes, { displayName: 'Ada Lovelace', givenName: 'Ada' }),
    actions: signUp.actions,
  },
  'phone-sign-in': phoneSignIn,
  'phone-sign-in-refused': wrongAt(phoneSignIn, 'Enter a phone number that exists.'),
  'phone-sign-up': phoneSignUp,
  'phone-sign-up-sent': {
    ...phoneSignUp,
    fields: filled(phoneSignUp.fields, number),
    verification: { field: 'phoneNumber', control: 'phoneVerificationControl', state: 'sent', messages: [] },
  },
  'phone-sign-up-verified': {
    ...phoneSignUp,
    fields: filled(phoneSignUp.fields, number),
    verification: { field: 'phoneNumber', control: 'phoneVerificationControl', state: 'verified', messages: [] },
  },
  phonefactor,
  'phonefactor-refused': wrongAt(phonefactor, 'Enter a phone number that exists.'),
  'phonefactor-sent': phonefactorSent,
  'phonefactor-wrong-code': wrongAt(phonefactorSent, 'This is not the code we sent.'),
  'reset-wrong-code': reset,
  'new-password': {
    id: 'localaccountpasswordreset',
    heading: say('Choose a new password'),
    messages: [],
    fields: passwords,
    actions: [button('continue', 'Continue', 'primary'), button('cancel', 'Cancel')],
  },
  totp,
  'totp-wrong-code': wrongAt(totp, 'This code is not right, or it was used already.'),
  'recovery-codes': recoveryCodes,
  'recovery-codes-not-kept': wrongAt(recoveryCodes, 'Keep your codes before you go on.'),
  'new-passkey': newPasskey,
  'second-factor-passkey': {
    id: 'selfasserted',
    heading: say('Confirm that it is you'),
    messages: [],
    fields: [],
    passkey: usePasskey,
    actions: [button('other', 'Another way', 'link'), button('cancel', 'Cancel')],
  },
};
