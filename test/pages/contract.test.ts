import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gallery, pathOf, secret } from './gallery.ts';
import { type Listener, listen } from './listener.ts';

/** Kind of page and element ids that style sheets and test scripts written for B2C rest on (b2c contract e.1, e.4). */
const contract: Readonly<Record<string, readonly [dataName: string, ...ids: readonly string[]]>> = {
  'sign-in-full': [
    'Unified',
    'localAccountForm',
    'email',
    'password',
    'forgotPassword',
    'rememberMe',
    'next',
    'createAccount',
    'GoogleExchange',
    'MicrosoftAccountExchange',
  ],
  'sign-in-only': ['Unified', 'localAccountForm', 'email', 'password', 'next', 'forgotPassword'],
  selection: ['ProviderSelection', 'GoogleExchange', 'SignUpWithLogonEmailExchange'],
  'sign-up': [
    'SelfAsserted',
    'attributeVerification',
    'attributeList',
    'email',
    'email_label',
    'email_ver_but_send',
    'email_intro',
    'cancel',
  ],
  'sign-up-sent': [
    'SelfAsserted',
    'email_info',
    'email_ver_input',
    'email_ver_but_verify',
    'email_ver_but_resend',
    'email_ver_but_edit',
  ],
  'sign-up-wrong-code': ['SelfAsserted', 'email_fail_retry', 'email_ver_input'],
  'sign-up-verified': [
    'SelfAsserted',
    'email_success',
    'email_ver_but_edit',
    'newPassword',
    'reenterPassword',
    'continue',
    'cancel',
  ],
  'sign-up-incomplete': ['SelfAsserted', 'fieldIncorrect', 'passwordEntryMismatch', 'newPassword_label'],
  'social-sign-up': ['SelfAsserted', 'attributeVerification', 'displayName', 'givenName', 'continue', 'cancel'],
  'profile-edit': ['SelfAsserted', 'attributeVerification', 'displayName', 'continue', 'cancel'],
  'reset-wrong-code': [
    'SelfAsserted',
    'UserId',
    'emailVerificationControl',
    'emailVerificationControl_error_message',
    'emailVerificationCode',
    'emailVerificationControl_but_verify_code',
    'emailVerificationControl_but_send_new_code',
  ],
  'new-password': ['SelfAsserted', 'newPassword', 'reenterPassword', 'continue', 'cancel'],
  'phone-sign-up': [
    'SelfAsserted',
    'countryCode',
    'phoneVerificationControl',
    'phoneVerificationControl_info_message',
    'phoneVerificationControl_but_send_code',
  ],
  'phone-sign-up-verified': [
    'SelfAsserted',
    'phoneVerificationControl_success_message',
    'phoneVerificationControl_but_change_claims',
  ],
  phonefactor: ['Phonefactor', 'phonefactor_initial', 'countryCode', 'localNumber', 'sendCode', 'cancel'],
  'phonefactor-sent': ['Phonefactor', 'verificationCode', 'verifyCode', 'retryCode', 'cancel'],
  totp: [
    'SelfAsserted',
    'totpQrCodeControl',
    'totpQrCodeControl-title',
    'totpQrCodeControl-picture',
    'authenticatorInfoControl',
    'authenticatorInfoControl-secret',
    'otpCode',
    'continue',
  ],
  error: ['GlobalException'],
};

let listener: Listener;
before(async () => {
  listener = await listen(gallery());
});
after(() => listener.close());

const read = async (screen: string): Promise<string> =>
  (await fetch(listener.origin + pathOf({ screen }), { headers: { cookie: `x-ms-cpim-trans=${secret}` } })).text();

const idsOf = (html: string): readonly string[] => [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id = '']) => id);

for (const [screen, [dataName, ...ids]] of Object.entries(contract)) {
  test(`${screen} has the name and the ids of the contract, each once`, async () => {
    const html = await read(screen);
    assert.match(html, new RegExp(`<main id="api" data-name="${dataName}">`));
    const found = idsOf(html);
    assert.deepEqual(
      ids.filter((id) => !found.includes(id)),
      [],
    );
    assert.deepEqual(found, [...new Set(found)], 'an id stands once');
  });
}

test('classes by which style sheets know the parts of a page', async () => {
  const signUp = await read('sign-up-verified');
  for (const item of ['EmailBox email_li', 'Password newPassword_li', 'TextBox displayName_li']) {
    assert.match(signUp, new RegExp(`<li class="${item}`), item);
  }
  assert.match(await read('sign-in-full'), /class="accountButton firstButton claims-provider-selection"/);
  assert.match(await read('reset-wrong-code'), /<li class="VerificationControl emailVerificationControl_li/);
  assert.match(
    await read('sign-in'),
    /class="container unified_container"[\s\S]*<form id="localAccountForm" class="localAccount"/,
  );
  assert.match(await read('phonefactor'), /class="container phonefactor_container"/);
  const error = await read('error');
  for (const name of [
    'error-page-content',
    'error-page-help',
    'error-page-messagedetails',
    'error-page-detail',
    'error-page-correlationid',
  ]) {
    assert.match(error, new RegExp(`class="${name}"`), name);
  }
});
