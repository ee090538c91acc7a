import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Caller } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import { addAttribute, type House, openHouse } from '../testing/harness.ts';

const admin: Caller = { kind: 'app', appId: '44444444-4444-4444-8444-444444444444', roles: [] };
const { authenticationEventsFlow: base, externalUsersSelfServiceSignUpEventsFlow: type } = entities;

type Json = Readonly<Record<string, unknown>>;
type Links = Readonly<Record<string, readonly string[]>>;

const named = (name: string, members: Json = {}): Json => ({ '@odata.type': `#microsoft.graph.${name}`, ...members });
const method = named('onAuthenticationMethodLoadStartExternalUsersSelfServiceSignUp');
const start = named('onInteractiveAuthFlowStartExternalUsersSelfServiceSignUp', { isSignUpAllowed: true });
const input = (attribute: string, members: Json = {}) => ({
  attribute,
  label: attribute,
  inputType: 'Text',
  ...members,
});
const collection = (...inputs: readonly Json[]) =>
  named('onAttributeCollectionExternalUsersSelfServiceSignUp', { attributeCollectionPage: { views: [{ inputs }] } });
const forApps = (...appIds: readonly string[]) => ({
  conditions: { applications: { includeApplications: appIds.map((appId) => ({ appId })) } },
});

const providers = 'onAuthenticationMethodLoadStart/identityProviders';
const attributes = 'onAttributeCollection/attributes';
const links: Links = { [providers]: ['EmailPassword-OAUTH'], [attributes]: ['email', 'displayName'] };

let counter = 0;
/** A client id that no other test uses. */
const appId = (): string => {
  counter += 1;
  return `63856651-13d9-4784-9abf-${String(counter).padStart(12, '0')}`;
};

describe('an authentication events flow', () => {
  let house: House;
  before(async () => {
    house = await openHouse();
  });
  after(() => house.close());

  const draft = () => {
    counter += 1;
    return {
      displayName: `Woodgrove Drive User Flow ${counter}`,
      onAuthenticationMethodLoadStart: method,
      onInteractiveAuthFlowStart: start,
      onAttributeCollection: collection(input('email', { hidden: true }), input('displayName')),
    };
  };
  const create = (change: Json = {}, related: Links = links) =>
    house.directory.create(admin, type, { ...draft(), ...change }, { links: related });
  const patch = (id: string, change: Json, related?: Links) =>
    house.directory.update(admin, { type: base, id }, change, undefined, related ? { links: related } : {});
  const linked = async (id: string, navigation: string) =>
    [...(await house.directory.linked([{ type, id }], navigation)).values()].flat().map(({ entity }) => entity.id);

  test('has the documented values for what was not said', async () => {
    const { entity } = await create();
    const { id, displayName, onAttributeCollection, applications, ...rest } = entity;
    assert.deepEqual(rest, {
      description: null,
      priority: 500,
      conditions: { applications: { includeAllApplications: false, includeApplications: [] } },
      onInteractiveAuthFlowStart: {
        '@odata.type': 'onInteractiveAuthFlowStartExternalUsersSelfServiceSignUp',
        isSignUpAllowed: true,
      },
      onAuthenticationMethodLoadStart: {
        '@odata.type': 'onAuthenticationMethodLoadStartExternalUsersSelfServiceSignUp',
      },
      onAttributeCollectionStart: null,
      onAttributeCollectionSubmit: null,
      onUserCreateStart: null,
    });
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.ok(displayName);
    assert.deepEqual(applications, []);
    assert.equal(onAttributeCollection?.attributeCollectionPage?.customStringsFileId, null);
    assert.deepEqual(onAttributeCollection?.accessPackages, []);
    const [view] = onAttributeCollection?.attributeCollectionPage?.views ?? [];
    assert.deepEqual([view?.title, view?.description], [null, null]);
    assert.deepEqual(view?.inputs[0], {
      attribute: 'email',
      label: 'email',
      inputType: 'text',
      defaultValue: null,
      hidden: true,
      editable: null,
      writeToDirectory: null,
      required: null,
      validationRegEx: null,
      options: [],
    });
    assert.deepEqual(await linked(id, attributes), ['email', 'displayName']);
    assert.deepEqual(await linked(id, providers), ['EmailPassword-OAUTH']);
  });

  test('needs a name, which no other has', async () => {
    await assert.rejects(create({ displayName: undefined }), { code: 'model.requiredProperty', status: 400 });
    const { entity } = await create();
    await assert.rejects(create({ displayName: entity.displayName.toUpperCase() }), {
      code: 'store.exists',
      data: { property: 'displayName' },
    });
    const plain = await house.directory.create(admin, type, { displayName: 'Nothing but a name' });
    assert.equal(plain.entity.onAuthenticationMethodLoadStart, null);
    await assert.rejects(patch(plain.entity.id, { displayName: entity.displayName }), { code: 'store.exists' });
  });

  test('keeps members that the service may add', async () => {
    const { entity } = await create({ onSomethingNew: 'x' });
    assert.equal((entity as unknown as Json)['onSomethingNew'], 'x');
    await assert.rejects(create({ applications: [] }), { code: 'model.unknownProperty', status: 400 });
  });

  test('is the only one of an application', async () => {
    const [first, second, third] = [appId(), appId(), appId()];
    const one = await create(forApps(first, second, first.toUpperCase()));
    assert.deepEqual(one.entity.conditions?.applications?.includeApplications, [{ appId: first }, { appId: second }]);
    const taken = { code: 'flows.applicationTaken', status: 409, message: new RegExp(`${second}.*${one.entity.id}`) };
    await assert.rejects(create(forApps(third, second)), taken);
    const two = await create(forApps(third));
    await assert.rejects(patch(two.entity.id, forApps(third, second.toUpperCase())), taken);
    await patch(one.entity.id, forApps(first));
    await patch(two.entity.id, forApps(third, second));
    await house.directory.remove(admin, { type: base, id: two.entity.id });
    await create(forApps(third));
  });

  test('is one of many that ask for an application at the same moment, and only one gets it', async () => {
    const wanted = appId();
    const tried = await Promise.allSettled(Array.from({ length: 5 }, () => create(forApps(wanted))));
    assert.equal(tried.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  test('keeps its applications when something else is patched, and loses them to null', async () => {
    const wanted = appId();
    const { entity } = await create(forApps(wanted));
    await patch(entity.id, { description: 'x' });
    await patch(entity.id, { conditions: { applications: { includeAllApplications: true } } });
    await assert.rejects(create(forApps(wanted)), { code: 'flows.applicationTaken' });
    const { entity: emptied } = await patch(entity.id, { conditions: null });
    assert.deepEqual(emptied.conditions, { applications: { includeAllApplications: false, includeApplications: [] } });
    await create(forApps(wanted));
  });

  test('has at least one provider to sign in with', async () => {
    const missing = { code: 'flows.providerMissing', status: 400 };
    await assert.rejects(create({}, { [attributes]: ['email', 'displayName'] }), missing);
    const { entity } = await create();
    await assert.rejects(patch(entity.id, { onAuthenticationMethodLoadStart: method }, { [providers]: [] }), missing);
    await patch(entity.id, { onAuthenticationMethodLoadStart: method });
    assert.deepEqual(await linked(entity.id, providers), ['EmailPassword-OAUTH']);
    await assert.rejects(create({}, { ...links, [providers]: ['Nobody-OAUTH'] }), { status: 404 });
  });

  test('asks on its page for attributes that it collects, each once', async () => {
    const unassigned = { code: 'flows.unassignedInput', status: 400 };
    await assert.rejects(create({ onAttributeCollection: collection(input('city')) }), unassigned);
    await assert.rejects(create({ onAttributeCollection: collection(input('email'), input('EMAIL')) }), {
      code: 'flows.repeatedInput',
      status: 400,
    });
    const { entity } = await create();
    const page = { onAttributeCollection: collection(input('email'), input('displayName'), input('city')) };
    await assert.rejects(patch(entity.id, page), unassigned);
    await house.directory.link(admin, { type, id: entity.id }, attributes, 'city');
    await patch(entity.id, page);
    assert.deepEqual(await linked(entity.id, attributes), ['email', 'displayName', 'city']);
  });

  test('collects no longer what a new page leaves out', async () => {
    const colour = await addAttribute(house, 'Favourite colour', 'string');
    const { entity } = await create({}, { ...links, [attributes]: ['email', 'displayName', colour] });
    await patch(entity.id, { displayName: `${entity.displayName} renamed` });
    assert.deepEqual(await linked(entity.id, attributes), ['email', 'displayName', colour]);
    await patch(entity.id, { onAttributeCollection: collection(input('email'), input(colour)) });
    assert.deepEqual(await linked(entity.id, attributes), ['email', colour]);
  });

  test('has usable inputs', async () => {
    const attempt = (members: Json) =>
      create({ onAttributeCollection: collection(input('email', members), input('displayName')) });
    const option = (value: string) => ({ label: value, value });
    for (const [members, code] of [
      [{ validationRegEx: '[' }, 'flows.badPattern'],
      [{ options: [option('a'), option('a')] }, 'flows.repeatedOption'],
      [{ inputType: 'unknownFutureValue' }, 'model.invalidValue'],
      [{ inputType: 'slider' }, 'model.invalidValue'],
      [{ label: undefined }, 'model.requiredProperty'],
      [{ colour: 'red' }, 'model.unknownProperty'],
    ] as const) {
      await assert.rejects(attempt(members), { code, status: 400 }, JSON.stringify(members));
    }
    const published = "^[a-zA-Z0-9.!#$%&amp;&#8217;'*+/=?^_`{|}~-]+@[a-zA-Z0-9-]+(?:.[a-zA-Z0-9-]+)*$";
    const { entity } = await attempt({
      inputType: 'RadioSingleSelect',
      validationRegEx: published,
      options: [option('a')],
    });
    const [view] = entity.onAttributeCollection?.attributeCollectionPage?.views ?? [];
    assert.equal(view?.inputs[0]?.inputType, 'radioSingleSelect');
    assert.equal(view?.inputs[0]?.validationRegEx, published);
  });

  test('collects attributes from the beginning, or from when the first is added', async () => {
    const { entity } = await create({ onAttributeCollection: null }, { [providers]: ['EmailPassword-OAUTH'] });
    await assert.rejects(patch(entity.id, { onAttributeCollection: collection() }), {
      code: 'flows.lateHandler',
      status: 400,
    });
    await patch(entity.id, { onAttributeCollection: null });
    await house.directory.link(admin, { type, id: entity.id }, attributes, 'city');
    await patch(entity.id, { onAttributeCollection: collection(input('city')) });
    const other = await create();
    await assert.rejects(patch(other.entity.id, { onAttributeCollection: null }), {
      code: 'flows.fixedHandler',
      status: 400,
    });
  });

  test('has handlers of the types of their events', async () => {
    await assert.rejects(create({ onInteractiveAuthFlowStart: method }), { code: 'model.invalidValue', status: 400 });
    const onUserCreateStart = named('onUserCreateStartExternalUsersSelfServiceSignUp', { userTypeToCreate: 'Guest' });
    const { entity } = await create({ onUserCreateStart });
    assert.equal(entity.onUserCreateStart?.userTypeToCreate, 'guest');
    assert.deepEqual(entity.onUserCreateStart?.accessPackages, []);
  });

  test('calls extensions of the types of their events', async () => {
    const authenticationConfiguration = named('azureAdPopTokenAuthentication');
    const extension = async (of: typeof entities.onAttributeCollectionStartCustomExtension) =>
      (await house.directory.create(admin, of, { authenticationConfiguration })).entity.id;
    const onAttributeCollectionStart = named('onAttributeCollectionStartCustomExtensionHandler', {
      configuration: { clientConfiguration: { maximumRetries: 0 } },
    });
    const right = await extension(entities.onAttributeCollectionStartCustomExtension);
    const wrong = await extension(entities.onOtpSendCustomExtension);
    const navigation = 'onAttributeCollectionStart/customExtension';
    const { entity } = await create({ onAttributeCollectionStart }, { ...links, [navigation]: [right] });
    assert.deepEqual(await linked(entity.id, navigation), [right]);
    assert.deepEqual(entity.onAttributeCollectionStart?.configuration, {
      behaviorOnError: null,
      clientConfiguration: { timeoutInMilliseconds: 1000, maximumRetries: 0 },
    });
    await assert.rejects(create({ onAttributeCollectionStart }, { ...links, [navigation]: [wrong] }), {
      code: 'directory.wrongTarget',
    });
  });
});

test('a tenant has at most 250 authentication events flows', async () => {
  const house = await openHouse();
  try {
    const create = (count: number) => house.directory.create(admin, type, { displayName: `Flow ${count}` });
    for (let count = 0; count < 250; count += 1) await create(count);
    await assert.rejects(create(250), { code: 'flows.tooManyEventsFlows', status: 400 });
  } finally {
    await house.close();
  }
});
