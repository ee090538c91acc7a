import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Versioned } from '../directory/index.ts';
import { settled } from '../kernel/index.ts';
import { type EntityType, entities, restore } from '../model/index.ts';
import { entityJson, type Loaded, type Shown } from './entity-json.ts';
import { entityText } from './entity-text.ts';
import type { Expansion } from './options/projection.ts';

const { user, b2cIdentityUserFlow, identityUserFlowAttributeAssignment, identityUserFlowAttribute } = entities;

const found = (type: EntityType, id: string, values: object): Versioned<EntityType> =>
  ({ etag: 'W/"1"', type, entity: { id, ...restore(type, values as never) } }) as Versioned<EntityType>;

const shown = (declared: EntityType, more: Partial<Shown> = {}): Shown => ({
  declared,
  projection: { expand: [] },
  metadata: 'minimal',
  writing: { ieee754: false, unknownMembers: false, metadata: more.metadata ?? 'minimal' },
  home: 'https://localhost/beta/things',
  context: 'things',
  version: 'beta',
  service: 'https://localhost/beta',
  rest: (collection, { name }, after) => `${collection}?${name}=${after}`,
  ...more,
});

const same = (loaded: Loaded, how: Shown, begun?: Readonly<Record<string, string>>) =>
  assert.equal(entityText(loaded, how, begun), JSON.stringify(entityJson(loaded, how, begun)));

test('whatever an entity holds, its text is that of its JSON, also when it is asked for again', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\ud800', '"', '\\', '\u2028', 'é\n'),
  );
  const names = fc.constantFrom(
    'displayName',
    'mail',
    'id',
    'businessPhones',
    'identities',
    'extension_a_b',
    'usageLocation',
  );
  const values = fc.record({
    displayName: fc.option(text),
    mail: fc.option(text),
    accountEnabled: fc.boolean(),
    businessPhones: fc.array(text, { maxLength: 2 }),
    identities: fc.array(fc.record({ signInType: text, issuer: text, issuerAssignedId: text }), { maxLength: 2 }),
    extension_a_b: fc.option(fc.oneof(text, fc.integer()), { nil: undefined }),
  });
  const select = fc.option(fc.uniqueArray(names), { nil: undefined });
  const allowed = fc.option(fc.uniqueArray(names), { nil: undefined });
  const levels = fc.constantFrom('none', 'minimal', 'full');
  fc.assert(
    fc.property(values, select, allowed, levels, fc.boolean(), (given, names, some, metadata, isKept) => {
      const one = found(user, 'a', given);
      const projection = {
        expand: [],
        ...(names ? { select: names } : {}),
        ...(some ? { shown: new Set(some) } : {}),
      };
      const loaded = { found: isKept ? { ...one, entity: settled(one.entity) } : one, expanded: {} };
      const how = shown(user, { projection, metadata });
      same(loaded, how);
      same(loaded, how, { '@odata.context': 'https://localhost/"x"' });
      same(loaded, shown(user, { metadata }));
      same(loaded, how);
    }),
    { numRuns: 150 },
  );
});

test('what stands beside an entity is written as in its JSON, with numbers and links', () => {
  const expansion = (type: EntityType, name: string, more: Partial<Expansion> = {}): Expansion => ({
    name,
    navigation: type.navigations[name] ?? assert.fail(name),
    projection: { expand: [] },
    listing: { count: false },
    options: [],
    ...more,
  });
  const inner = expansion(identityUserFlowAttributeAssignment, 'userAttribute');
  const outer = expansion(b2cIdentityUserFlow, 'userAttributeAssignments', { projection: { expand: [inner] } });
  const attribute = found(identityUserFlowAttribute, 'city', { displayName: 'City', dataType: 'string' });
  const kept = { ...attribute, entity: settled(attribute.entity) };
  const assignment = (id: string, items: Loaded[]): Loaded => ({
    found: {
      ...found(identityUserFlowAttributeAssignment, id, { displayName: id, userInputType: 'textBox' }),
      within: { parent: { type: b2cIdentityUserFlow, id: "B'1" }, navigation: 'userAttributeAssignments' },
    },
    expanded: { userAttribute: { items } },
  });
  const flow = found(b2cIdentityUserFlow, "B'1", { userFlowType: 'signUp', userFlowTypeVersion: 3 });
  const items = [
    assignment('one', [{ found: kept, expanded: {} }]),
    assignment('two', [{ found: kept, expanded: {} }]),
  ];
  for (const metadata of ['none', 'minimal', 'full'] as const) {
    const how = shown(b2cIdentityUserFlow, { projection: { expand: [outer] }, metadata });
    same({ found: flow, expanded: { userAttributeAssignments: { items, count: 7, next: 'x"y' } } }, how);
    same({ found: flow, expanded: { userAttributeAssignments: { items: [assignment('none', [])] } } }, how);
    same({ found: flow, expanded: {} }, how);
    same({ found: flow, expanded: {} }, { ...how, projection: { select: [], expand: [outer] } });
  }
});

test('a member with a context of its own names its place, which differs', () => {
  const type = entities.onTokenIssuanceStartListener;
  const conditions = { applications: { includeApplications: [{ appId: 'app' }] } };
  const one = found(type, 'listener', { conditions });
  const loaded = { found: { ...one, entity: settled(one.entity) }, expanded: {} };
  const texts = ['here', 'there'].map((context) => {
    same(loaded, shown(type, { context }));
    return entityText(loaded, shown(type, { context }));
  });
  assert.ok(texts[0]?.includes('#here(') && texts[1]?.includes('#there('));
});

test('what was written with others beside it is written anew with others, or in another manner', () => {
  const [first, second] = ['userAttributeAssignments', 'userAttribute'] as const;
  const plain = { expand: [], listing: { count: false }, options: [] } as const;
  const expandTo = (select: readonly string[]): readonly Expansion[] => {
    const assignments = b2cIdentityUserFlow.navigations[first] ?? assert.fail();
    const attribute = identityUserFlowAttributeAssignment.navigations[second] ?? assert.fail();
    const inner = { ...plain, name: second, navigation: attribute, projection: { select, expand: [] } };
    return [{ ...plain, name: first, navigation: assignments, projection: { expand: [inner] } }];
  };
  const kept = (type: EntityType, id: string, values: object) => {
    const one = found(type, id, values);
    return { ...one, entity: settled(one.entity) };
  };
  const flow = kept(b2cIdentityUserFlow, 'B2C_1_a', { userFlowType: 'signUp', userFlowTypeVersion: 3 });
  const [city, town] = ['City', 'Town'].map((displayName) => ({
    found: kept(identityUserFlowAttribute, 'city', { displayName, dataType: 'string' }),
    expanded: {},
  }));
  const assignment = kept(identityUserFlowAttributeAssignment, 'city', { displayName: 'x', userInputType: 'textBox' });
  const beside = (items: readonly (Loaded | undefined)[], more = {}): Loaded => ({
    found: flow,
    expanded: {
      [first]: {
        items: items.map((one) => ({ found: assignment, expanded: { [second]: { items: one ? [one] : [] } } })),
        ...more,
      },
    },
  });
  const [short, long] = [['id'], ['id', 'displayName']].map((select) =>
    shown(b2cIdentityUserFlow, { projection: { expand: expandTo(select) } }),
  );
  assert.ok(short && long);
  const all = [beside([city]), beside([town]), beside([city, town]), beside([undefined]), beside([city], { count: 1 })];
  for (const loaded of [...all, ...all.toReversed()]) for (const how of [short, long, short]) same(loaded, how);
  assert.notEqual(entityText(beside([city]), long), entityText(beside([town]), long));
});
