import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { entities, type Property, type Shape } from '../../src/model/index.ts';
import { engines } from '../support/engines.ts';
import type { Body } from '../support/golden/example.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';

let usher: Usher;

async function ask(status: number, method: string, path: string, body?: unknown): Promise<Body> {
  const response = await usher.graph(method, path, body);
  const text = await response.text();
  assert.equal(response.status, status, `${method} ${path} ${JSON.stringify(body)}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** Values that a setting takes, and values beyond its range. */
interface Trial {
  readonly good: readonly unknown[];
  readonly wrong: readonly unknown[];
}

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** Settings that are lists, texts, or not only their declaration decides about, by the end of their path. */
const trials: Readonly<Record<string, Trial>> = {
  rollingRefreshTokenLifetimeInDays: { good: [-1, 14, 365], wrong: [-2, 0, 13, 366, null] },
  claimTypeForUserFlowId: { good: ['acr', 'tfp'], wrong: ['policy', '', null] },
  multifactorAuthenticationState: { good: ['on', 'conditional', 'off'], wrong: ['sometimes', null] },
  authenticationMethods: {
    good: ['userName', 'emailWithPassword,userName,phoneWithOneTimePassword', '0', 'emailWithPassword'],
    wrong: ['unknownFutureValue', 'post', null],
  },
  complexityLevel: { good: ['simple', 'strong', null], wrong: ['custom', 'hard'] },
  customConfiguration: {
    good: [
      { minimumLength: 4, maximumLength: 256, minimumCharacterClassesRequired: 2, restrictToNumbersOnly: true },
      null,
    ],
    wrong: [
      { minimumLength: 3 },
      { maximumLength: 257 },
      { minimumCharacterClassesRequired: 5 },
      { minimumLength: 9, maximumLength: 8 },
    ],
  },
  defaultLanguageTag: { good: ['en', null], wrong: ['de', 'english please', 7] },
  bannerLogoUrl: { good: ['https://cdn.example/logo.svg', null], wrong: ['http://cdn.example/logo.svg', 'logo', ''] },
  backgroundImageUrl: { good: ['https://cdn.example/wide.jpg', null], wrong: ['javascript:alert(1)'] },
  backgroundColor: { good: ['#00FF7f', null], wrong: ['red', '#fff'] },
  accentColor: { good: ['#123456', null], wrong: ['#12345g'] },
  emailTexts: {
    good: [[{ kind: 'passwordReset', languageTag: 'de', subject: 'Neu', body: 'Ihr Code: {code}' }], []],
    wrong: [[{ kind: 'passwordReset', languageTag: null, subject: null, body: 'no code' }], [{}], null],
  },
  rules: {
    good: [
      [
        {
          displayName: 'Elsewhere',
          includeApplications: [seeded.spa],
          includeNetworks: ['203.0.113.0/24'],
          excludeNetworks: [],
          isNewDeviceOnly: true,
          control: 'requireMultifactor',
        },
      ],
      [],
    ],
    wrong: [
      [{ displayName: 'x', control: 'maybe' }],
      [{ displayName: 'x', includeNetworks: ['here'], control: 'block' }],
    ],
  },
  jwks: {
    good: [JSON.stringify({ keys: [{ kid: 'one', ...publicKey.export({ format: 'jwk' }) }] }), null],
    wrong: ['keys', '{}', JSON.stringify({ keys: [privateKey.export({ format: 'jwk' })] })],
  },
  jwksUri: { good: ['https://app.example/keys', null], wrong: ['http://app.example/keys', 'keys', 'https://[::1]/#x'] },
  backChannelLogoutUri: { good: ['https://app.example/logout', null], wrong: ['http://app.example/logout', 'logout'] },
  passwordRules: { good: ['nist', 'b2cStrong', 'b2cWeak', null], wrong: ['none'] },
};

function trialOf(name: string, { type, rules }: Property): Trial {
  const known = trials[name];
  if (known) return known;
  const nothing = rules.nullable ? [] : [null];
  if (type.kind === 'boolean') return { good: [true, false], wrong: ['true', 1, ...nothing] };
  if (type.kind === 'int32') {
    const { min = Number.NaN, max = Number.NaN } = type;
    return { good: [min, max], wrong: [min - 1, max + 1, `${min}`, min + 0.5, ...nothing] };
  }
  if (type.kind !== 'enum') throw new assert.AssertionError({ message: `'${name}' needs values to try` });
  const { members, reserved } = type.type;
  return {
    good: Object.keys(members).filter((member) => !reserved.includes(member)),
    wrong: ['other', ...reserved, ...nothing],
  };
}

interface Setting extends Trial {
  readonly path: readonly string[];
}

/** Every setting below a shape, values within values too. */
function settingsIn(shape: Shape, above: readonly string[] = []): readonly Setting[] {
  return Object.entries(shape).flatMap(([name, property]): readonly Setting[] => {
    const path = [...above, name];
    const { type } = property;
    if (type.kind === 'complex' && !trials[name]) return settingsIn(type.type.properties, path);
    return [{ path, ...trialOf(name, property) }];
  });
}

const nested = (path: readonly string[], value: unknown): unknown =>
  path.reduceRight((inner, name) => ({ [name]: inner }), value);

const at = (whole: Body, path: readonly string[]): unknown => path.reduce((value, name) => value[name], whole);

/** The whole with another value at the path. */
const changed = (whole: Body, [name = '', ...rest]: readonly string[], value: unknown): Body => ({
  ...whole,
  [name]: rest.length === 0 ? value : changed(whole[name], rest, value),
});

/** Tries every value at its address: a good one is read back and is all that changed, a wrong one changes nothing. */
async function tryOut(address: string, shape: Shape): Promise<number> {
  const read = () => ask(200, 'GET', `${address}?$select=${Object.keys(shape).join()}`);
  const settings = settingsIn(shape);
  for (const { path, good, wrong } of settings) {
    const first = await read();
    for (const value of good) {
      await ask(204, 'PATCH', address, nested(path, value));
      assert.deepEqual(await read(), changed(first, path, value), path.join('/'));
    }
    await ask(204, 'PATCH', address, nested(path, at(first, path)));
    for (const value of wrong) {
      const { error } = await ask(400, 'PATCH', address, nested(path, value));
      assert.equal(error.code, 'Request_BadRequest');
    }
    assert.deepEqual(await read(), first, path.join('/'));
  }
  return settings.length;
}

const writable = (shape: Shape): Shape =>
  Object.fromEntries(Object.entries(shape).filter(([, { rules }]) => rules.access === undefined));

const only = (shape: Shape, name: string): Shape =>
  Object.fromEntries(Object.entries(shape).filter(([one]) => one === name));

for (const engine of engines) {
  describe(engine.name, () => {
    before(async () => {
      usher = await startUsher(engine.options());
    });
    after(() => usher?.stop());

    test('every setting of a user flow takes its whole range, keeps it, and changes nothing else', async () => {
      const flow = `/beta/identity/b2cUserFlows/${seeded.flow}`;
      // What some settings need before they can be changed.
      await ask(204, 'PATCH', flow, {
        isConditionalAccessEnforced: true,
        singleSignOnSessionConfiguration: { isKeepMeSignedInEnabled: true },
        settings: { passkeys: { isSignInAllowed: true, isEnrolmentOffered: true } },
      });
      assert.ok((await tryOut(flow, writable(entities.b2cIdentityUserFlow.properties))) > 50);
    });

    test('so does every setting of a tenant and of an application', async () => {
      const tenant = `/v1.0/organization/${seeded.tenantId}`;
      assert.ok((await tryOut(tenant, only(entities.organization.properties, 'settings'))) >= 7);
      const application = `/v1.0/applications(appId='${seeded.web}')`;
      assert.ok((await tryOut(application, only(entities.application.properties, 'settings'))) >= 1);
    });
  });
}
