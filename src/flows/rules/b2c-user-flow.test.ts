import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entities } from '../../model/index.ts';
import { addAttribute, createFlow, type House } from '../testing/harness.ts';
import { admin, onEveryEngine, susi } from '../testing/on-every-engine.ts';

type Values = Readonly<Record<string, unknown>>;

const read = async ({ directory }: House): Promise<Values> => {
  const found = await directory.get(susi);
  assert.ok(found);
  return found.entity;
};
const patch = ({ directory }: House, values: Values) => directory.update(admin, susi, values);

/** A value by its path, `a/b`. */
const valueAt = (values: unknown, path: string): unknown =>
  path.split('/').reduce<unknown>((value, name) => (value as Values)[name], values);

/** `{ 'a/b': 1 }` as `{ a: { b: 1 } }`. */
const bodyOf = (path: string, value: unknown): Values =>
  path
    .split('/')
    .reverse()
    .reduce<unknown>((inner, name) => ({ [name]: inner }), value) as Values;

const rule = {
  displayName: 'Office',
  includeApplications: [],
  includeNetworks: ['203.0.113.0/24'],
  excludeNetworks: [],
  isNewDeviceOnly: true,
  control: 'requireMultifactor',
};

/** Each setting with another value than its default. */
const settings: Readonly<Record<string, unknown>> = {
  isLanguageCustomizationEnabled: true,
  defaultLanguageTag: null,
  authenticationMethods: 'emailWithPassword,userName,phoneWithOneTimePassword',
  isConditionalAccessEnforced: true,
  isJavaScriptEnabled: true,
  'tokenClaimsConfiguration/isIssuerEntityUserFlow': true,
  'tokenClaimsConfiguration/isSubjectClaimSupported': false,
  'tokenClaimsConfiguration/claimTypeForUserFlowId': 'acr',
  'tokenLifetimeConfiguration/accessAndIdTokenLifetimeInMinutes': 5,
  'tokenLifetimeConfiguration/refreshTokenLifetimeInDays': 90,
  'tokenLifetimeConfiguration/rollingRefreshTokenLifetimeInDays': -1,
  'singleSignOnSessionConfiguration/isSessionLifetimeAbsolute': true,
  'singleSignOnSessionConfiguration/sessionLifetimeInMinutes': 15,
  'singleSignOnSessionConfiguration/isKeepMeSignedInEnabled': true,
  'singleSignOnSessionConfiguration/sessionScope': 'application',
  'singleSignOnSessionConfiguration/enforceIdTokenHintOnLogout': true,
  'multifactorAuthenticationConfiguration/multifactorAuthenticationState': 'on',
  'multifactorAuthenticationConfiguration/multifactorAuthenticationMethod': 'authenticator',
  'passwordComplexityConfiguration/complexityLevel': 'simple',
  'passwordComplexityConfiguration/isSelfServicePasswordResetAllowed': false,
  'passwordComplexityConfiguration/allowExpiredPasswordReset': true,
  'settings/layoutTemplate': 'oceanBlue',
  'settings/branding/bannerLogoUrl': 'https://example.com/logo.svg',
  'settings/branding/backgroundImageUrl': 'https://example.com/back.jpg?v=2',
  'settings/branding/backgroundColor': '#A0b1c2',
  'settings/branding/accentColor': '#000000',
  'settings/ageGating/isEnabled': true,
  'settings/ageGating/rule': 'blockAllMinors',
  'settings/ageGating/whenBlocked': 'tellApplication',
  'settings/emailTexts': [{ kind: 'passwordReset', languageTag: 'de', subject: 'Neu', body: 'Code: {code}' }],
  'settings/passkeys/isSignInAllowed': true,
  'settings/passkeys/isEnrolmentOffered': true,
  'settings/passkeys/countsAsSecondFactor': true,
  'settings/passkeys/userVerification': 'required',
  'settings/passwordReset/identifier': 'userName',
  'settings/passwordReset/isForcedResetEnabled': true,
  'settings/oneTimeCodes/length': 8,
  'settings/oneTimeCodes/lifetimeInSeconds': 60,
  'settings/oneTimeCodes/maximumTries': 3,
  'settings/oneTimeCodes/maximumCodes': 2,
  'settings/oneTimeCodes/resendAfterSeconds': 0,
  'settings/conditionalAccess/rules': [rule],
  'settings/tokenClaims/isIdentityProviderIncluded': false,
  'settings/tokenClaims/isIdentityProviderAccessTokenIncluded': true,
  'settings/tokenClaims/isNewUserIncluded': false,
  'settings/areRecoveryCodesOffered': true,
  'settings/isRecoveryEmailPromptEnabled': true,
  'settings/isSignInBlocked': true,
  'settings/isUserCreatedBeforeMultifactor': true,
};

/** Cannot be changed as long as another setting has its default. */
const dependent = [
  'singleSignOnSessionConfiguration/keepMeSignedInDays',
  'passwordComplexityConfiguration/customConfiguration',
  'settings/passkeys/isPasswordOptional',
];

/** The paths of the members that a caller may change. */
function pathsIn(shape: Values, values: Values, above = ''): readonly string[] {
  return Object.keys(shape).flatMap((name) => {
    const value = values[name];
    const here = `${above}${name}`;
    const inside = typeof value === 'object' && value !== null && !Array.isArray(value);
    return inside ? pathsIn(value as Values, value as Values, `${here}/`) : [here];
  });
}

test('every setting a caller can change is in the list of this test', async () => {
  const { properties } = susi.type;
  const open = Object.fromEntries(
    Object.entries(properties).filter(
      ([, { rules }]) => !['create', 'internal', 'server'].includes(rules.access ?? ''),
    ),
  );
  const house = await import('../testing/harness.ts').then(({ openHouse }) => openHouse());
  const paths = pathsIn(open, await read(house));
  await house.close();
  assert.deepEqual(paths.toSorted(), [...Object.keys(settings), ...dependent].toSorted());
});

onEveryEngine('a patch of one setting changes it and nothing else, and can be taken back', async (house) => {
  const before = await read(house);
  for (const [path, value] of Object.entries(settings)) {
    assert.notDeepEqual(valueAt(before, path), value, `${path} has another default`);
    const { entity } = await patch(house, bodyOf(path, value));
    assert.deepEqual(valueAt(entity, path), value, path);
    await patch(house, bodyOf(path, valueAt(before, path)));
    assert.deepEqual(await read(house), before, path);
  }
});

onEveryEngine('settings can be given at creation, and the others have their defaults', async (house) => {
  for (const [index, [path, value]] of Object.entries(settings).entries()) {
    const draft = {
      id: `made${index}`,
      userFlowType: 'signUpOrSignIn',
      userFlowTypeVersion: 3,
      ...bodyOf(path, value),
    };
    const { entity } = await house.directory.create(admin, susi.type, draft);
    assert.deepEqual(valueAt(entity, path), value, path);
    const { id: _id, firstLanguageTag: _first, ...rest } = entity as Values & { readonly id: string };
    const { id: _susi, firstLanguageTag: _other, ...defaults } = await read(house);
    const [member = ''] = path.split('/');
    assert.deepEqual({ ...rest, [member]: null }, { ...defaults, [member]: null }, path);
  }
});

onEveryEngine('what the shipped service does not return is returned only when it is asked for', async (house) => {
  const asked = Object.entries(susi.type.properties).filter(([, { rules }]) => rules.onSelect);
  assert.deepEqual(
    asked.map(([name]) => name),
    [
      'tokenLifetimeConfiguration',
      'singleSignOnSessionConfiguration',
      'multifactorAuthenticationConfiguration',
      'isConditionalAccessEnforced',
      'isJavaScriptEnabled',
      'passwordComplexityConfiguration',
      'settings',
    ],
  );
  assert.deepEqual((await read(house))['tokenLifetimeConfiguration'], {
    accessAndIdTokenLifetimeInMinutes: 60,
    refreshTokenLifetimeInDays: 14,
    rollingRefreshTokenLifetimeInDays: 90,
  });
});

onEveryEngine('each number has the documented range', async (house) => {
  await patch(house, bodyOf('singleSignOnSessionConfiguration/isKeepMeSignedInEnabled', true));
  const custom = { complexityLevel: 'custom', customConfiguration: { minimumLength: 10 } };
  await patch(house, { passwordComplexityConfiguration: custom });
  const ranges: Readonly<Record<string, readonly [number, number]>> = {
    'tokenLifetimeConfiguration/accessAndIdTokenLifetimeInMinutes': [5, 1440],
    'tokenLifetimeConfiguration/refreshTokenLifetimeInDays': [1, 90],
    'singleSignOnSessionConfiguration/sessionLifetimeInMinutes': [15, 1440],
    'singleSignOnSessionConfiguration/keepMeSignedInDays': [1, 90],
    'passwordComplexityConfiguration/customConfiguration/minimumLength': [4, 64],
    'passwordComplexityConfiguration/customConfiguration/maximumLength': [64, 256],
    'passwordComplexityConfiguration/customConfiguration/minimumCharacterClassesRequired': [2, 4],
    'settings/oneTimeCodes/length': [6, 10],
    'settings/oneTimeCodes/lifetimeInSeconds': [60, 1200],
  };
  for (const [path, [low, high]] of Object.entries(ranges)) {
    for (const value of [low, high])
      assert.equal(valueAt((await patch(house, bodyOf(path, value))).entity, path), value);
    for (const value of [low - 1, high + 1, low + 0.5, null, '9']) {
      await assert.rejects(patch(house, bodyOf(path, value)), { status: 400 }, `${path} ${value}`);
    }
  }
});

onEveryEngine('refreshing goes on at least as long as a refresh token lives, or without end', async (house) => {
  const refused = { code: 'flows.badSetting', status: 400 };
  const set = (values: Values) => patch(house, { tokenLifetimeConfiguration: values });
  await assert.rejects(set({ rollingRefreshTokenLifetimeInDays: 13 }), refused);
  await assert.rejects(set({ rollingRefreshTokenLifetimeInDays: 0 }), refused);
  await set({ rollingRefreshTokenLifetimeInDays: 14 });
  await assert.rejects(set({ refreshTokenLifetimeInDays: 15 }), refused);
  await set({ refreshTokenLifetimeInDays: 15, rollingRefreshTokenLifetimeInDays: 365 });
  await set({ rollingRefreshTokenLifetimeInDays: -1 });
  await assert.rejects(set({ rollingRefreshTokenLifetimeInDays: -2 }), { code: 'model.invalidValue' });
});

onEveryEngine('the days to stay signed in can be changed while that is offered', async (house) => {
  const set = (values: Values) => patch(house, { singleSignOnSessionConfiguration: values });
  const refused = { code: 'flows.badSetting', message: /isKeepMeSignedInEnabled is false/ };
  await assert.rejects(set({ keepMeSignedInDays: 7 }), refused);
  await assert.rejects(set({ keepMeSignedInDays: 7, isKeepMeSignedInEnabled: false }), refused);
  await set({ keepMeSignedInDays: 30, enforceIdTokenHintOnLogout: true });
  await set({ keepMeSignedInDays: 7, isKeepMeSignedInEnabled: true });
  await set({ keepMeSignedInDays: 8 });
  await set({ isKeepMeSignedInEnabled: false });
  const { singleSignOnSessionConfiguration } = await read(house);
  assert.equal(valueAt(singleSignOnSessionConfiguration, 'keepMeSignedInDays'), 8);
  await assert.rejects(
    createFlow(house, 'x', { singleSignOnSessionConfiguration: { keepMeSignedInDays: 7 } }),
    refused,
  );
});

onEveryEngine('a second factor on condition needs conditional access', async (house) => {
  const conditional = bodyOf('multifactorAuthenticationConfiguration/multifactorAuthenticationState', 'conditional');
  const refused = { code: 'flows.badSetting', message: /isConditionalAccessEnforced/ };
  await assert.rejects(patch(house, conditional), refused);
  await patch(house, { ...conditional, isConditionalAccessEnforced: true });
  await assert.rejects(patch(house, { isConditionalAccessEnforced: false }), refused);
});

onEveryEngine('custom password rules are there when they count, and can be met', async (house) => {
  const set = (values: Values) => patch(house, { passwordComplexityConfiguration: values });
  const refused = { code: 'flows.badSetting', status: 400 };
  await assert.rejects(set({ complexityLevel: 'custom' }), refused);
  await assert.rejects(set({ customConfiguration: { minimumLength: 20, maximumLength: 19 } }), refused);
  const { entity } = await set({ complexityLevel: 'custom', customConfiguration: { minimumLength: 6 } });
  assert.deepEqual(entity.passwordComplexityConfiguration.customConfiguration, {
    minimumLength: 6,
    maximumLength: 64,
    minimumCharacterClassesRequired: 3,
    restrictToNumbersOnly: false,
  });
  await assert.rejects(set({ customConfiguration: { maximumLength: 5 } }), refused);
  await assert.rejects(set({ customConfiguration: null }), refused);
  await set({ complexityLevel: 'strong', customConfiguration: null });
  await set({ complexityLevel: null });
});

onEveryEngine(
  'a recommended flow in which people sign in resets passwords itself unless told otherwise',
  async (house) => {
    const resets = async (values: Values) => {
      const draft = {
        id: `f${JSON.stringify(values).length}`,
        userFlowType: 'signIn',
        userFlowTypeVersion: 3,
        ...values,
      };
      const { entity } = await house.directory.create(admin, susi.type, draft);
      await house.directory.remove(admin, { type: susi.type, id: entity.id });
      return entity.passwordComplexityConfiguration.isSelfServicePasswordResetAllowed;
    };
    assert.equal(await resets({}), true);
    assert.equal(await resets({ userFlowType: 'signUpOrSignIn' }), true);
    assert.equal(await resets({ userFlowType: 'signUp' }), false);
    assert.equal(await resets({ userFlowTypeVersion: 1 }), false);
    const off = { passwordComplexityConfiguration: { isSelfServicePasswordResetAllowed: false } };
    assert.equal(await resets(off), false);
  },
);

onEveryEngine('kinds of accounts are named in any order and case, or by their number', async (house) => {
  const set = async (authenticationMethods: unknown) =>
    (await patch(house, { authenticationMethods })).entity.authenticationMethods;
  assert.equal(await set('USERNAME, emailWithPassword'), 'emailWithPassword,userName');
  assert.equal(await set('0'), '0');
  assert.equal(await set('4'), 'phoneWithOneTimePassword');
  for (const wrong of ['none', '', '8', 'unknownFutureValue', 'emailWithPassword userName', 1, null]) {
    await assert.rejects(set(wrong), { status: 400 }, String(wrong));
  }
});

onEveryEngine('claims to return are attributes of the tenant, linked and unlinked', async (house) => {
  const { directory } = house;
  const hobby = await addAttribute(house, 'Hobby', 'string');
  for (const id of ['city', hobby]) assert.equal(await directory.link(admin, susi, 'applicationClaims', id), true);
  assert.equal(await directory.link(admin, susi, 'applicationClaims', 'CITY'), false);
  const claims = async () =>
    ((await directory.linked([susi], 'applicationClaims'))[0] ?? []).map(({ entity }) => entity.id);
  assert.deepEqual(await claims(), ['city', hobby]);
  await assert.rejects(directory.link(admin, susi, 'applicationClaims', 'none'), { status: 404 });
  const attribute = { type: entities.identityUserFlowAttribute, id: hobby };
  await assert.rejects(directory.remove(admin, attribute), { code: 'flows.attributeInUse', status: 400 });
  await directory.unlink(admin, susi, 'applicationClaims', hobby);
  await directory.remove(admin, attribute);
  assert.deepEqual(await claims(), ['city']);
});
