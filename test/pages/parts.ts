import type { Action, Field, Screen, Text } from '../../src/flows/index.ts';

/** What the screens of `screens.ts` are made of. */

/** Said by the server, in the language of the page. */
export const word = (id: string, values: Extract<Text, { id: string }>['values'] = {}): Text => ({ id, values });

/** Named by an administrator, the same in every language. */
const given = (literal: string): Text => ({ literal });

export const button = (name: string, id: string, style: Action['style'] = 'secondary'): Action => ({
  name,
  label: word(id),
  style,
});

export const cancel = button('cancel', 'localaccountsignup.button_cancel');
export const goOn = button('continue', 'selfasserted.button_continue', 'primary');

export const email: Field = {
  name: 'email',
  input: 'email',
  label: word('attribute.email'),
  required: true,
  autocomplete: 'username',
  maxLength: 320,
};

export const signIn: Screen = {
  id: 'signuporsignin',
  heading: word('signuporsignin.heading'),
  messages: [],
  fields: [
    email,
    {
      name: 'password',
      input: 'password',
      label: word('signuporsignin.password'),
      required: true,
      autocomplete: 'current-password',
    },
  ],
  actions: [
    { name: 'next', label: word('signuporsignin.button_signin'), style: 'primary' },
    { name: 'forgotPassword', label: word('signuporsignin.forgotpassword_link'), style: 'link' },
    {
      name: 'createAccount',
      label: word('signuporsignin.createaccount_one_link'),
      style: 'link',
      intro: word('signuporsignin.createaccount_intro'),
    },
  ],
};

export const passwords: readonly Field[] = [
  {
    name: 'newPassword',
    input: 'password',
    label: word('localaccountsignup.newPassword'),
    help: [word('password.length', { minimum: 15, maximum: 256 }), word('password.tooFewClasses', { required: 3 })],
    required: true,
    autocomplete: 'new-password',
  },
  {
    name: 'reenterPassword',
    input: 'password',
    label: word('localaccountsignup.reenterPassword'),
    required: true,
    autocomplete: 'new-password',
  },
];

export const attributes: readonly Field[] = [
  { name: 'displayName', input: 'text', label: word('attribute.displayName'), required: true, autocomplete: 'name' },
  { name: 'givenName', input: 'text', label: word('attribute.givenName'), required: false, autocomplete: 'given-name' },
];

export const signUp: Screen = {
  id: 'localaccountsignup',
  heading: word('localaccountsignup.heading'),
  messages: [],
  fields: [{ ...email, autocomplete: 'email' }, ...passwords, ...attributes],
  intro: word('localaccountsignup.initial_intro'),
  verification: {
    field: 'email',
    state: 'initial',
    messages: [{ tone: 'info', text: word('localaccountsignup.ver_intro_msg') }],
  },
  actions: [{ name: 'continue', label: word('localaccountsignup.button_continue'), style: 'primary' }, cancel],
};

export const filled = (fields: readonly Field[], values: Readonly<Record<string, string>>): readonly Field[] =>
  fields.map((field) => {
    const value = values[field.name];
    return value === undefined ? field : { ...field, value };
  });

export const typed = { email: 'ada.lovelace@example.com' };

const size = ['Small', 'Medium', 'Large'].map((name) => ({ value: name.toLowerCase(), label: given(name) }));

export const everyKind: readonly Field[] = [
  { name: 'jobTitle', input: 'text', label: word('attribute.jobTitle'), required: false, value: 'Analyst' },
  {
    name: 'country',
    input: 'dropdown',
    label: word('attribute.country'),
    required: true,
    choices: size,
    autocomplete: 'country-name',
  },
  {
    name: 'extension_size',
    input: 'radio',
    label: given('Shirt size'),
    required: true,
    choices: size,
    value: 'medium',
  },
  {
    name: 'extension_topics',
    input: 'checkboxes',
    label: given('Send me news about'),
    help: [given('You can change this at any time.')],
    required: false,
    choices: size,
    value: 'small,large',
  },
  {
    name: 'dateOfBirth',
    input: 'date',
    label: word('attribute.dateOfBirth'),
    required: true,
    autocomplete: 'bday',
    value: '1990-12-05',
  },
  { name: 'extension_age', input: 'number', label: given('Loyalty number'), required: false },
  { name: 'extension_code', input: 'code', label: given('Invitation code'), required: false },
  {
    name: 'identityProvider',
    input: 'text',
    label: given('Member since'),
    required: false,
    readOnly: true,
    value: '2019',
  },
];

export const wrong = (fields: readonly Field[], id: string): readonly Field[] =>
  fields.map((field) => ({ ...field, errors: [word(id, { field: field.label, minimum: 15 })] }));

export const providers: readonly Action[] = [
  { name: 'GoogleExchange', label: given('Google'), style: 'secondary' },
  { name: 'MicrosoftAccountExchange', label: given('Microsoft'), style: 'secondary' },
];

const rememberMe: Field = {
  name: 'rememberMe',
  input: 'checkbox',
  label: word('signuporsignin.remember_me'),
  required: false,
};

export const usePasskey = {
  ceremony: 'get',
  options: { challenge: 'AAAAAAAAAAAAAAAAAAAAAA', rpId: 'localhost', userVerification: 'preferred' },
  action: 'usePasskey',
} as const;

/** Everything a sign-in page can offer at once. */
export const signInFull: Screen = {
  ...signIn,
  fields: [...signIn.fields, rememberMe],
  passkey: { ...usePasskey, isConditional: true },
  actions: [...signIn.actions, ...providers],
};

export const phoneNumber: Field = {
  name: 'phoneNumber',
  input: 'phone',
  label: word('phonefactor.number_label'),
  required: true,
};

export const phoneSignIn: Screen = {
  id: 'phoneSignIn',
  heading: word('phoneSignIn.heading'),
  messages: [],
  fields: [phoneNumber],
  actions: [goOn, button('createAccount', 'signuporsignin.createaccount_one_link', 'link')],
};

export const phoneSignUp: Screen = {
  id: 'phoneSignUp',
  heading: word('phoneSignUp.heading'),
  messages: [],
  fields: [phoneNumber, ...attributes],
  verification: {
    field: 'phoneNumber',
    control: 'phoneVerificationControl',
    state: 'initial',
    messages: [{ tone: 'info', text: word('phoneSignUp.ver_intro_msg') }],
  },
  actions: [button('continue', 'localaccountsignup.button_continue', 'primary'), cancel],
};

export const number = { phoneNumber: '+442079460958' };

export const phonefactor: Screen = {
  id: 'phonefactor',
  heading: word('phonefactor.heading'),
  intro: word('phonefactor.intro_entry_sms'),
  messages: [],
  fields: [{ ...phoneNumber, name: 'localNumber' }],
  actions: [button('sendCode', 'phonefactor.button_send_code', 'primary'), cancel],
};

export const phonefactorSent: Screen = {
  ...phonefactor,
  intro: word('phonefactor.enter_code_text_intro'),
  fields: [
    {
      name: 'verificationCode',
      input: 'code',
      label: word('phonefactor.verification_code_input_placeholder_text'),
      required: true,
    },
  ],
  actions: [
    button('verifyCode', 'phonefactor.button_verify_code', 'primary'),
    button('retryCode', 'phonefactor.text_button_send_second_code', 'link'),
    cancel,
  ],
};

export const reset: Screen = {
  id: 'localaccountpasswordreset',
  heading: word('localaccountpasswordreset.heading'),
  messages: [],
  fields: [
    {
      name: 'UserId',
      input: 'text',
      label: word('localaccountpasswordreset.UserId'),
      required: true,
      readOnly: true,
      value: 'ada',
    },
    { ...email, value: typed.email },
  ],
  verification: {
    field: 'email',
    control: 'emailVerificationControl',
    isFixed: true,
    state: 'sent',
    messages: [{ tone: 'error', text: { id: 'localaccountsignup.ver_fail_retry' } }],
  },
  actions: [goOn, cancel],
};

const otpCode: Field = { name: 'otpCode', input: 'code', label: word('selfasserted.otpCode'), required: true };

export const totp: Screen = {
  id: 'selfasserted',
  heading: word('selfasserted.totp_enrol_heading'),
  messages: [],
  exhibits: [
    { kind: 'paragraph', text: word('selfasserted.totp_enrol_intro') },
    {
      kind: 'qrCode',
      id: 'totpQrCodeControl',
      content: 'otpauth://totp/Contoso:ada@example.com?secret=JBSWY3DPEHPK3PXP&issuer=Contoso',
      label: word('selfasserted.totpQrCodeControl_title'),
    },
    {
      kind: 'secret',
      id: 'authenticatorInfoControl',
      label: word('selfasserted.authenticatorInfoControl_title', { account: typed.email }),
      value: 'JBSWY3DPEHPK3PXP',
    },
  ],
  fields: [otpCode],
  actions: [goOn, cancel],
};

export const recoveryCodes: Screen = {
  id: 'selfasserted',
  heading: word('selfasserted.recoveryCodes_heading'),
  intro: word('selfasserted.recoveryCodes_intro'),
  messages: [],
  exhibits: [
    {
      kind: 'codes',
      id: 'recoveryCodesControl',
      label: word('selfasserted.recoveryCodes_title'),
      values: Array.from({ length: 10 }, (_, index) => `4f${index}k-9tq${index}`),
    },
  ],
  fields: [{ name: 'kept', input: 'checkbox', label: word('selfasserted.recoveryCodes_button'), required: true }],
  actions: [goOn],
};

export const newPasskey: Screen = {
  id: 'selfasserted',
  heading: word('selfasserted.passkeyOffer_heading'),
  intro: word('selfasserted.passkeyOffer_intro'),
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
  actions: [button('skip', 'selfasserted.passkeyOffer_skip')],
};

export const wrongAt = (screen: Screen, id: string): Screen => ({
  ...screen,
  fields: wrong(filled(screen.fields, { ...typed, ...number, localNumber: '+44 12 x' }), id),
  messages: [{ tone: 'error', text: word('selfasserted.error_fieldIncorrect') }],
});
