import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { entities } from '../../model/index.ts';
import { guestOf, proveNewcomer } from '../testing/guests.ts';
import {
  addAttribute,
  codeFor,
  errorsOf,
  fieldOf,
  type House,
  newPasswords,
  openHouse,
  seed,
  type Visitor,
} from '../testing/harness.ts';

type Json = Readonly<Record<string, unknown>>;

const named = (name: string, members: Json = {}): Json => ({ '@odata.type': `#microsoft.graph.${name}`, ...members });
const input = (attribute: string, members: Json = {}) => ({
  attribute,
  label: attribute,
  inputType: 'text',
  ...members,
});

describe('flows of external tenants', () => {
  let house: House;
  let shoe: string;
  let news: string;
  let counter = 0;
  before(async () => {
    house = await openHouse();
    shoe = await addAttribute(house, 'Shoesize', 'int64');
    news = await addAttribute(house, 'News', 'boolean');
  });
  after(() => house.close());

  interface Parts {
    readonly inputs?: readonly Json[];
    readonly view?: Json;
    readonly isSignUpAllowed?: boolean;
    readonly userTypeToCreate?: string;
    readonly providers?: readonly string[];
  }

  async function newFlow(parts: Parts = {}): Promise<string> {
    counter += 1;
    const { inputs = [], view = {}, isSignUpAllowed = true, userTypeToCreate } = parts;
    const { providers = ['EmailOtpSignup-OAUTH'] } = parts;
    const draft = {
      displayName: `Flow ${counter}`,
      onInteractiveAuthFlowStart: named('onInteractiveAuthFlowStartExternalUsersSelfServiceSignUp', {
        isSignUpAllowed,
      }),
      onAuthenticationMethodLoadStart: named('onAuthenticationMethodLoadStartExternalUsersSelfServiceSignUp'),
      onAttributeCollection: named('onAttributeCollectionExternalUsersSelfServiceSignUp', {
        attributeCollectionPage: { views: [{ ...view, inputs }] },
      }),
      ...(userTypeToCreate
        ? { onUserCreateStart: named('onUserCreateStartExternalUsersSelfServiceSignUp', { userTypeToCreate }) }
        : {}),
    };
    const links = {
      'onAuthenticationMethodLoadStart/identityProviders': providers,
      'onAttributeCollection/attributes': inputs.map(({ attribute }) => String(attribute)),
    };
    const type = entities.externalUsersSelfServiceSignUpEventsFlow;
    return (await house.directory.create(seed, type, draft, { links })).entity.id;
  }

  /** Up to the page with the attributes. */
  async function newcomer(flow: string): Promise<Visitor> {
    counter += 1;
    const visitor = await house.begin(flow);
    await proveNewcomer(house, visitor, `person${counter}@fabrikam.example`);
    return visitor;
  }

  test('a newcomer becomes a member, or a guest where the flow says so', async () => {
    for (const [userTypeToCreate, expected] of [
      [undefined, 'Member'],
      ['member', 'Member'],
      ['guest', 'Guest'],
    ] as const) {
      const visitor = await newcomer(await newFlow(userTypeToCreate ? { userTypeToCreate } : {}));
      assert.match(visitor.url, /arrived/);
      const made = await guestOf(house);
      assert.equal(made.userType, expected);
      assert.equal(made.userPrincipalName?.includes('#EXT#'), expected === 'Guest');
    }
  });

  test('a flow that allows no sign-up lets people in and nobody sign up', async () => {
    const visitor = await house.begin(await newFlow({ isSignUpAllowed: false }));
    assert.ok(!visitor.screen.actions.some(({ name }) => name === 'createAccount'));
  });

  test('inputs say what is asked, how, and with which words', async () => {
    const flow = await newFlow({
      view: { title: 'Tell us more', description: 'It stays between us.' },
      inputs: [
        input('email', { hidden: true, editable: false, required: true }),
        input('displayName', { label: 'What shall we call you?', required: true }),
        input('city', {
          label: 'Town',
          inputType: 'radioSingleSelect',
          defaultValue: 'B',
          options: [
            { label: 'Athens', value: 'A' },
            { label: 'Berlin', value: 'B' },
          ],
        }),
        input('country', { defaultValue: 'IT', editable: false }),
        input('jobTitle', { hidden: true, defaultValue: 'Guest' }),
        input('postalCode', { validationRegEx: '^[0-9]{5}$' }),
        input('state', { writeToDirectory: false }),
        input(news, { inputType: 'boolean' }),
        input(shoe),
      ],
    });
    const visitor = await newcomer(flow);
    const { heading, intro, fields } = visitor.screen;
    assert.deepEqual([heading, intro], [{ literal: 'Tell us more' }, { literal: 'It stays between us.' }]);
    assert.deepEqual(
      fields.map(({ name }) => name),
      ['displayName', 'city', 'country', 'postalCode', 'state', 'extension_News', 'extension_Shoesize'],
    );
    assert.deepEqual(fieldOf(visitor.screen, 'displayName')?.label, { literal: 'What shall we call you?' });
    assert.equal(fieldOf(visitor.screen, 'city')?.value, 'B');
    const country = fieldOf(visitor.screen, 'country');
    assert.deepEqual([country?.value, country?.readOnly], ['IT', true]);

    const typed = { displayName: '', postalCode: '1234', country: 'FR', jobTitle: 'Owner', city: 'A', state: 'secret' };
    await visitor.press('continue', typed);
    assert.deepEqual(errorsOf(visitor.screen), {
      displayName: ['field.required'],
      postalCode: ['field.notInForm'],
    });
    assert.equal(fieldOf(visitor.screen, 'postalCode')?.value, '1234', 'nothing typed is lost');
    await visitor.press('continue', {
      ...typed,
      displayName: 'Eve',
      postalCode: '12345',
      extension_News: 'true',
      extension_Shoesize: '38',
    });
    const made = await guestOf(house);
    assert.deepEqual(
      [made.displayName, made.city, made.country, made.jobTitle, made.postalCode, made.state, made[news], made[shoe]],
      ['Eve', 'A', 'IT', 'Guest', '12345', null, true, 38],
    );
  });

  test('a pattern that cannot be decided holds nobody up and lets nothing through', async () => {
    const visitor = await newcomer(await newFlow({ inputs: [input('city', { validationRegEx: '^(a+)+$' })] }));
    await visitor.press('continue', { city: `${'a'.repeat(60)}!` });
    assert.deepEqual(errorsOf(visitor.screen), { city: ['field.notInForm'] });
  });

  test('where all inputs are hidden nothing is asked, and their defaults are kept', async () => {
    const inputs = [input('city', { hidden: true, required: true, defaultValue: 'Turin' })];
    const visitor = await newcomer(await newFlow({ inputs }));
    assert.match(visitor.url, /arrived/);
    assert.equal((await guestOf(house)).city, 'Turin');
  });

  test('with a password the account is one of the tenant, proved on one page with what is asked', async () => {
    const email = 'local@fabrikam.example';
    const flow = await newFlow({
      providers: ['EmailPassword-OAUTH'],
      inputs: [input('city')],
      userTypeToCreate: 'guest',
    });
    const visitor = await house.begin(flow);
    await visitor.press('createAccount');
    await visitor.press('email_ver_but_send', { email });
    await visitor.press('email_ver_but_verify', { email, email_ver_input: codeFor(house, email) });
    await visitor.press('continue', { email, city: 'Turin', ...newPasswords });
    assert.match(visitor.url, /arrived/);
    const made = await guestOf(house);
    assert.deepEqual([made.userType, made.city, made.creationType], ['Guest', 'Turin', 'LocalAccount']);
    assert.equal(made.identities[0]?.signInType, 'emailAddress');
    const again = await house.begin(flow);
    const [field] = again.screen.fields;
    await again.press('next', { [field?.name ?? '']: email, password: newPasswords.newPassword });
    assert.match(again.url, /arrived/);
  });

  test('a change of the flow is seen by the next newcomer', async () => {
    const flow = await newFlow();
    await house.begin(flow);
    await house.directory.update(
      seed,
      { type: entities.authenticationEventsFlow, id: flow },
      {
        onInteractiveAuthFlowStart: named('onInteractiveAuthFlowStartExternalUsersSelfServiceSignUp', {
          isSignUpAllowed: false,
        }),
      },
    );
    const visitor = await house.begin(flow);
    assert.ok(!visitor.screen.actions.some(({ name }) => name === 'createAccount'));
  });
});
