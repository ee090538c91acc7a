import assert from 'node:assert/strict';
import type { House } from '../testing/harness.ts';
import { admin, onEveryEngine, susi } from '../testing/on-every-engine.ts';

type Values = Readonly<Record<string, unknown>>;

const set = async ({ directory }: House, settings: Values) =>
  (await directory.update(admin, susi, { settings })).entity.settings;
const refused = (message: RegExp) => ({ code: 'flows.badSetting', status: 400, message });
const wrongValue = { code: 'model.invalidValue', status: 400 };

const letter = {
  kind: 'addressVerification',
  languageTag: 'de',
  subject: 'Code für {tenant}',
  body: 'Hallo, {code}\n',
};

onEveryEngine('the text of a letter names its code and only what is filled in', async (house) => {
  const letters = (...emailTexts: readonly Values[]) => set(house, { emailTexts });
  const { emailTexts } = await letters(letter, { ...letter, languageTag: null, subject: null });
  assert.equal(emailTexts.length, 2);
  await letters({ ...letter, body: null });
  await assert.rejects(letters({ ...letter, body: 'Hello' }), refused(/must hold '\{code\}'/));
  await assert.rejects(letters({ ...letter, body: '{code} {password}' }), refused(/'\{password\}'; what is filled in/));
  await assert.rejects(letters({ ...letter, subject: '{code}' }), refused(/'\{code\}'/));
  await assert.rejects(letters({ ...letter, body: '{code}\u0007' }), wrongValue);
  await assert.rejects(letters({ ...letter, subject: 'a\r\nBcc: b@example.com' }), wrongValue);
  await assert.rejects(letters(letter, { ...letter, languageTag: 'DE' }), refused(/another text of this kind/));
  await assert.rejects(letters({ ...letter, languageTag: 'd_e' }), refused(/not a language tag/));
  await assert.rejects(letters({ ...letter, kind: 'advertisement' }), wrongValue);
  await assert.rejects(letters({ subject: 'x' }), { code: 'model.requiredProperty' });
  const many = Array.from({ length: 401 }, (_, index) => ({ ...letter, languageTag: `de-x-${index}` }));
  await assert.rejects(letters(...many), refused(/at most 400/));
  await letters(...many.slice(1));
});

const office = { displayName: 'Office', control: 'block' };

onEveryEngine('a rule of access names networks, applications and what it does', async (house) => {
  const rules = (...list: readonly Values[]) => set(house, { conditionalAccess: { rules: list } });
  const networks = ['192.0.2.7', '203.0.113.0/24', '2001:db8::/32', '::1', '0.0.0.0/0'];
  const { conditionalAccess } = await rules({ ...office, includeNetworks: networks });
  assert.deepEqual(conditionalAccess.rules[0], {
    displayName: 'Office',
    includeApplications: [],
    includeNetworks: networks,
    excludeNetworks: [],
    isNewDeviceOnly: false,
    control: 'block',
  });
  for (const network of [
    '203.0.113.0/33',
    '203.0.113/24',
    '::/129',
    'office',
    '1.2.3.4/',
    '1.2.3.4/8/8',
    '1.2.3.4/-1',
    '',
  ]) {
    await assert.rejects(rules({ ...office, excludeNetworks: [network] }), refused(/address or a CIDR block/), network);
  }
  await assert.rejects(rules({ ...office, includeApplications: ['x'] }), wrongValue);
  await assert.rejects(rules({ displayName: 'x' }), { code: 'model.requiredProperty' });
  await assert.rejects(rules({ ...office, control: 'maybe' }), wrongValue);
  await assert.rejects(rules(...Array.from({ length: 51 }, () => office)), refused(/at most 50/));
  const addresses = Array.from({ length: 201 }, (_, index) => `10.0.0.${index}`);
  await assert.rejects(rules({ ...office, includeNetworks: addresses }), refused(/at most 200/));
});

onEveryEngine('a password can be left out only where a passkey is made and can be used', async (house) => {
  const passkeys = (values: Values) => set(house, { passkeys: values });
  const needs = refused(/needs isEnrolmentOffered and isSignInAllowed/);
  await assert.rejects(passkeys({ isPasswordOptional: true }), needs);
  await assert.rejects(passkeys({ isPasswordOptional: true, isSignInAllowed: true }), needs);
  await passkeys({ isPasswordOptional: true, isSignInAllowed: true, isEnrolmentOffered: true });
  await assert.rejects(passkeys({ isSignInAllowed: false }), needs);
});

onEveryEngine(
  'branding is fetched by https, without secrets in the address; colours are hexadecimal',
  async (house) => {
    const branding = (values: Values) => set(house, { branding: values });
    for (const bannerLogoUrl of [
      'http://example.com/a.png',
      'https://u:p@example.com/',
      'https:///x',
      'javascript:1',
      '',
    ]) {
      await assert.rejects(branding({ bannerLogoUrl }), wrongValue, bannerLogoUrl);
    }
    for (const accentColor of ['red', '#fff', '#12345g', '#123456;', '']) {
      await assert.rejects(branding({ accentColor }), wrongValue, accentColor);
    }
    const { branding: stored } = await branding({ accentColor: '#0a0B0c', bannerLogoUrl: 'https://example.com' });
    assert.equal(stored.accentColor, '#0a0B0c');
    assert.equal((await branding({ accentColor: null })).branding.accentColor, null);
  },
);

onEveryEngine('what is no setting is refused', async (house) => {
  await assert.rejects(set(house, { colour: 'red' }), { code: 'model.unknownProperty', status: 400 });
  await assert.rejects(set(house, { ageGating: null }), { code: 'model.nullProperty', status: 400 });
});
