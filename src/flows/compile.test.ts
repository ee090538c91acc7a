import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Versioned } from '../directory/index.ts';
import { complete, entities } from '../model/index.ts';
import type { Assignment, Attribute, Offers } from './attributes/collect.ts';
import type { CollectedAttribute } from './attributes/collected-attribute.ts';
import { compile } from './compile.ts';
import type { Plan } from './plan.ts';
import { steps } from './steps/index.ts';

type Flow = Versioned<typeof entities.b2cIdentityUserFlow>;

function flow(userFlowType: Flow['entity']['userFlowType'] = 'signUpOrSignIn', methods = 'emailWithPassword'): Flow {
  const type = entities.b2cIdentityUserFlow;
  const given = { id: 'B2C_1_susi', userFlowType, userFlowTypeVersion: 3, authenticationMethods: methods };
  return { etag: 'W/"7"', type, entity: complete(type, given) as Flow['entity'] };
}

const switches = {
  isEmailPasswordAuthenticationEnabled: true,
  isUserNameAuthenticationEnabled: true,
  isPhoneOneTimePasswordAuthenticationEnabled: true,
};
const nothing = { assignments: [], attributes: [], providers: [], foreign: [], switches, connectors: {}, returned: [] };

const attribute = (id: string, displayName: string, rest: Partial<Attribute> = {}): Attribute => ({
  id,
  displayName,
  description: null,
  userFlowAttributeType: 'builtIn',
  dataType: 'string',
  ...rest,
});

const assignment = (id: string, rest: Partial<Assignment> = {}): Assignment => ({
  id,
  displayName: null,
  isOptional: true,
  requiresVerification: false,
  userInputType: 'textBox',
  userAttributeValues: [],
  ...rest,
});

const app = '0123456789abcdef0123456789abcdef';
function settingsOf<T>(
  kind: string,
  assignments: readonly Assignment[],
  attributes: readonly Attribute[],
  offers: Offers = {},
): T {
  const planned = compile(flow(), { ...nothing, assignments, attributes, offers }).steps.find(
    (step) => step.kind === kind,
  );
  assert.ok(planned);
  return planned.settings as T;
}
const collected = (assignments: readonly Assignment[], attributes: readonly Attribute[]) => {
  return settingsOf<{ attributes: readonly CollectedAttribute[] }>('localSignUp', assignments, attributes).attributes;
};
const proofOf = (assignments: readonly Assignment[]) => {
  const attributes = [attribute('email', 'Email Address')];
  const proofIn = (kind: string) =>
    settingsOf<{ email: { proof: boolean } }>(kind, assignments, attributes).email.proof;
  return [proofIn('localSignUp'), proofIn('createUser')];
};

test('sign-up or sign-in is: sign in; and who wants an account signs up and is created', () => {
  const plan = compile(flow(), nothing);
  assert.deepEqual(
    plan.steps.map(({ kind, when }) => [kind, when]),
    [
      ['signIn', [{ fact: 'userId', is: null }]],
      ['localSignUp', [{ fact: 'intent', is: 'signUp' }]],
      ['createUser', [{ fact: 'intent', is: 'signUp' }]],
    ],
  );
  assert.deepEqual([plan.flowId, plan.version], ['B2C_1_susi', 'W/"7"']);
  assert.ok(plan.steps.every(({ kind }) => steps.has(kind)));
});

test('a plan is plain data, the same for the same resources', () => {
  const parts = { ...nothing, assignments: [assignment('city')], attributes: [attribute('city', 'City')] };
  const plan = compile(flow(), parts);
  assert.deepEqual(JSON.parse(JSON.stringify(plan)), plan);
  assert.deepEqual(compile(flow(), parts), plan);
});

const kindsOf = (found: Flow, parts = {}) => compile(found, { ...nothing, ...parts }).steps.map(({ kind }) => kind);

test('a flow that only signs in asks nobody to sign up; one that only signs up asks for nothing else', () => {
  assert.deepEqual(kindsOf(flow('signIn')), ['signIn']);
  const { steps: planned } = compile(flow('signUp'), nothing);
  assert.deepEqual(
    planned.map(({ kind, when }) => [kind, when]),
    [
      ['localSignUp', [{ fact: 'userId', is: null }]],
      ['createUser', [{ fact: 'intent', is: 'signUp' }]],
    ],
  );
});

test('a flow in which sign-in is blocked refuses sessions and goes on to sign-up, if it has one', () => {
  const blocked = (type: 'signIn' | 'signUp' | 'signUpOrSignIn') => {
    const { entity, ...rest } = flow(type);
    const { settings } = entity as unknown as { settings: object };
    return { ...rest, entity: { ...entity, settings: { ...settings, isSignInBlocked: true } } as Flow['entity'] };
  };
  assert.deepEqual(kindsOf(blocked('signIn')), ['signInBlock']);
  assert.deepEqual(kindsOf(blocked('signUp')), ['signInBlock', 'localSignUp', 'createUser']);
  assert.deepEqual(kindsOf(blocked('signUpOrSignIn')), ['signInBlock', 'localSignUp', 'createUser']);
  assert.deepEqual(compile(blocked('signUpOrSignIn'), nothing).steps[0]?.when, [{ fact: 'userId', isNot: null }]);
});

function accountsOf({ steps: [first] }: Plan): readonly string[] {
  assert.ok(first);
  return (first.settings as { accounts: readonly string[] }).accounts;
}

test('each method and each built-in provider offers its kind of account; codes have a step of their own', () => {
  const offered = (methods: string, ...providers: readonly string[]) => {
    const plan = compile(flow('signUpOrSignIn', methods), { ...nothing, providers });
    return [accountsOf(plan).join(), plan.steps.filter(({ kind }) => kind !== 'createUser').map(({ kind }) => kind)];
  };
  const [one, two] = [
    ['signIn', 'localSignUp'],
    ['signUpChoice', 'localSignUp', 'localSignUp'],
  ];
  assert.deepEqual(offered('userName'), ['userName', one]);
  assert.deepEqual(offered('userName, EmailWithPassword'), ['emailWithPassword,userName', ['signIn', ...two]]);
  assert.deepEqual(offered('phoneWithOneTimePassword'), ['phone', ['signIn', 'codeSignIn', 'localSignUp']]);
  assert.deepEqual(offered('0', 'emailotpsignup-oauth'), ['emailCode', ['signIn', 'codeSignIn', 'localSignUp']]);
  const both = offered('emailWithPassword', 'EmailOtpSignup-OAUTH');
  assert.deepEqual(both, ['emailWithPassword,emailCode', ['signIn', 'codeSignIn', ...two]]);
});

test('a kind that the tenant has switched off is not offered; when nothing is left the flow cannot run', () => {
  const off = { ...switches, isUserNameAuthenticationEnabled: false, isEmailPasswordAuthenticationEnabled: false };
  const noProvider = { code: 'flows.noProvider' };
  assert.throws(() => kindsOf(flow('signIn', 'userName'), { switches: off }), noProvider);
  assert.throws(() => kindsOf(flow('signIn', '0'), { switches: off, providers: ['EmailPassword-OAUTH'] }), noProvider);
  const left = compile(flow('signIn', 'userName,phoneWithOneTimePassword'), { ...nothing, switches: off });
  assert.deepEqual(accountsOf(left), ['phone']);
});

test('a flow for passwords alone is not walked: it says where it is used', () => {
  assert.throws(() => compile(flow('resourceOwner'), nothing), {
    code: 'flows.noPages',
    message: /'B2C_1_susi' is of type resourceOwner and has no pages: .* at its token endpoint\.$/,
  });
});

test('a flow that asks for a protection which no step gives yet lets in nobody', () => {
  const asked = [
    [{ multifactorAuthenticationState: 'on', multifactorAuthenticationMethod: 'phoneCall' }, /Method of phoneCall/],
    [{ multifactorAuthenticationState: 'conditional', multifactorAuthenticationMethod: 'phoneCall' }, /of phoneCall/],
  ] as const;
  for (const [multifactorAuthenticationConfiguration, message] of asked) {
    const asking = { ...flow(), entity: { ...flow().entity, multifactorAuthenticationConfiguration } };
    assert.throws(() => compile(asking, nothing), { code: 'flows.notRunnable', message });
  }
  const off = { multifactorAuthenticationConfiguration: { multifactorAuthenticationState: 'off' } };
  compile({ ...flow(), entity: { ...flow().entity, ...off } as Flow['entity'] }, nothing);
});

test('local accounts are offered when the methods name them or the built-in provider is linked', () => {
  const kinds = (methods: string, ...providers: readonly string[]) =>
    compile(flow('signUpOrSignIn', methods), { ...nothing, providers }).steps.map(({ kind }) => kind);
  for (const [methods, ...providers] of [
    ['emailWithPassword', 'Google-OAUTH'],
    ['0', 'EmailPassword-OAUTH'],
    ['0', 'Google-OAUTH', 'emailpassword-oauth'],
  ] as const) {
    assert.deepEqual(kinds(methods, ...providers), ['signIn', 'localSignUp', 'createUser'], methods);
  }
});

test('a flow without a method of sign-in that can be offered cannot run', () => {
  for (const [methods, ...providers] of [['0', 'Google-OAUTH'], ['0'], ['']] as const) {
    assert.throws(() => compile(flow('signUpOrSignIn', methods), { ...nothing, providers }), {
      code: 'flows.noProvider',
      message: 'No suitable claims providers were found.',
    });
  }
});

test('the address is proved unless its assignment says otherwise', () => {
  const on = [true, true];
  assert.deepEqual(proofOf([]), on);
  assert.deepEqual(proofOf([assignment('email', { requiresVerification: true })]), on);
  assert.deepEqual(proofOf([assignment('Email', { requiresVerification: false })]), [false, false]);
});

test('attributes come in the order of their assignments, the address apart; one that is gone is left out', () => {
  const attributes = [attribute('surname', 'Surname'), attribute('city', 'City'), attribute('email', 'Email Address')];
  const assignments = ['City', 'email', 'gone', 'surname'].map((id) => assignment(id));
  assert.deepEqual(
    collected(assignments, attributes).map(({ id, claim }) => [id, claim]),
    [
      ['city', 'city'],
      ['surname', 'surname'],
    ],
  );
});

test('a built-in label is translated, one that an administrator wrote is literal', () => {
  const city = attribute('city', 'City');
  const hobby = attribute(`extension_${app}_Hobby`, 'Hobby', { userFlowAttributeType: 'custom' });
  const labels = (id: string, displayName: string | null) =>
    collected([assignment(id, { displayName })], [city, hobby])[0]?.label;
  assert.deepEqual(labels('city', null), { id: 'attribute.city' });
  assert.deepEqual(labels('city', 'city'), { id: 'attribute.city' });
  assert.deepEqual(labels('city', ' '), { id: 'attribute.city' });
  assert.deepEqual(labels('city', 'Home town'), { literal: 'Home town' });
  assert.deepEqual(labels(hobby.id, null), { literal: 'Hobby' });
  assert.deepEqual(labels(hobby.id, 'What you like'), { literal: 'What you like' });
});

test('custom attributes are named without the id of their application, unless two would be the same', () => {
  const ids = [`extension_${app}_Hobby`, `extension_${app.toUpperCase().replace('0', 'F')}_hobby`];
  const attributes = ids.map((id) => attribute(id, 'Hobby', { userFlowAttributeType: 'custom' }));
  assert.deepEqual(
    collected(
      ids.map((id) => assignment(id)),
      attributes,
    ).map(({ id, claim }) => [id, claim]),
    [
      [ids[0], 'extension_Hobby'],
      [ids[1], ids[1]],
    ],
  );
});

test('choices are what the administrator wrote; a list without any becomes a text box', () => {
  const country = attribute('country', 'Country/Region');
  const values = [
    { name: 'Italy', value: 'IT', isDefault: true },
    { name: 'Malta', value: null, isDefault: false },
    { name: null, value: 'FR', isDefault: false },
    { name: null, value: null, isDefault: false },
  ];
  const one = (rest: Partial<Assignment>) => collected([assignment('country', rest)], [country])[0];
  const dropdown = { userInputType: 'dropdownSingleSelect' } as const;
  assert.deepEqual(one({ ...dropdown, userAttributeValues: values })?.choices, [
    { value: 'IT', label: { literal: 'Italy' }, isDefault: true },
    { value: 'Malta', label: { literal: 'Malta' }, isDefault: false },
    { value: 'FR', label: { literal: 'FR' }, isDefault: false },
  ]);
  assert.equal(one(dropdown)?.inputType, 'textBox');
});

test('a country to choose is one of all there are, unless the administrator wrote others', () => {
  const country = attribute('country', 'Country/Region');
  const offers = { countries: [{ code: 'IT', name: 'Italien' }] };
  const one = (rest: Partial<Assignment>) => {
    const given = [[assignment('country', rest)], [country], offers] as const;
    const [found] = settingsOf<{ attributes: readonly CollectedAttribute[] }>('localSignUp', ...given).attributes;
    return [found?.inputType, found?.choices.map(({ value, label }) => [value, 'literal' in label && label.literal])];
  };
  assert.deepEqual(one({ userInputType: 'dropdownSingleSelect' }), ['dropdownSingleSelect', [['IT', 'Italien']]]);
  assert.deepEqual(one({ userInputType: 'textBox' }), ['textBox', []]);
  const own = [{ name: 'Malta', value: 'MT', isDefault: false }];
  assert.deepEqual(one({ userInputType: 'dropdownSingleSelect', userAttributeValues: own }), [
    'dropdownSingleSelect',
    [['MT', 'Malta']],
  ]);
});

test('a yes-or-no attribute is always something to choose', () => {
  const terms = attribute(`extension_${app}_Terms`, 'Terms', { userFlowAttributeType: 'custom', dataType: 'boolean' });
  const choices = (userInputType: Assignment['userInputType']) => {
    const [one] = collected([assignment(terms.id, { userInputType })], [terms]);
    return [one?.inputType, one?.choices.map(({ value }) => value)];
  };
  assert.deepEqual(choices('textBox'), ['radioSingleSelect', ['true', 'false']]);
  assert.deepEqual(choices('dropdownSingleSelect'), ['dropdownSingleSelect', ['true', 'false']]);
  assert.deepEqual(choices('checkboxMultiSelect'), ['checkboxMultiSelect', ['true']]);
});

const connectors = { PostFederationSignup: 'one', PostAttributeCollection: 'two', PreTokenIssuance: 'three' };
const google = { id: 'Google-OAUTH', name: 'Google', exchange: 'GoogleExchange' };

/** Every kind of flow that makes accounts, with every kind of account there is. */
const everyWay = 'emailWithPassword,userName,phoneWithOneTimePassword';

test('no account is made past the API that is to be asked before, whichever way leads to it', () => {
  for (const kind of ['signUp', 'signUpOrSignIn'] as const) {
    const { steps: planned } = compile(flow(kind, everyWay), { ...nothing, foreign: [google], connectors });
    const at = (step: string) => planned.findIndex((one) => one.kind === step);
    const [asks, creates] = [planned[at('postAttributeCollection')], planned[at('createUser')]];
    assert.deepEqual(asks?.when, creates?.when, 'it is asked whenever an account is made');
    const lastForm = planned.findLastIndex((one) => ['localSignUp', 'socialSignUp'].includes(one.kind));
    assert.ok(lastForm < at('postAttributeCollection') && at('postAttributeCollection') < at('createUser'));
    assert.ok((creates?.settings as { needsApproval?: true } | undefined)?.needsApproval);
    assert.ok(at('postFederationSignup') >= 0);
    assert.equal(at('preTokenIssuance'), planned.length - 1, 'nothing is shown after it');
  }
});

test('flows that make no accounts and no new sign-in call the APIs that have a place in them, and no others', () => {
  const called = (kind: Flow['entity']['userFlowType']) =>
    compile(flow(kind), { ...nothing, foreign: [google], connectors })
      .steps.map((one) => one.kind)
      .filter((step) => step.startsWith('post') || step.startsWith('pre'));
  assert.deepEqual(called('signIn'), ['preTokenIssuance']);
  assert.deepEqual(called('profileUpdate'), []);
  assert.deepEqual(called('passwordReset'), []);
});
