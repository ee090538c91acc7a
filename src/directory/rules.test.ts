import assert from 'node:assert/strict';
import { defineFaults } from '../kernel/index.ts';
import { type Draft, entities } from '../model/index.ts';
import { type Behaviour, behaviour } from './behaviour.ts';
import { app, assignment, flowDraft, flowRef, google, googleRef, onEveryEngine, server } from './harness.test.ts';

const {
  b2cIdentityUserFlow,
  identityProviderBase,
  identityUserFlow,
  identityUserFlowAttribute,
  socialIdentityProvider,
} = entities;
const faults = defineFaults('test', { refused: { status: 409, message: 'Refused: {why}.' } });

const general = behaviour({
  type: identityUserFlow,
  async prepare(draft: Draft<typeof identityUserFlow>, { verb }) {
    return verb === 'create' ? { ...draft, id: `B2C_1_${draft.id}` } : draft;
  },
});
const special = behaviour({
  type: b2cIdentityUserFlow,
  async prepare(draft: Draft<typeof b2cIdentityUserFlow>, { verb }) {
    return verb === 'create'
      ? { ...draft, authenticationMethods: '0', defaultLanguageTag: draft.id?.slice(-2) ?? '' }
      : draft;
  },
});

onEveryEngine(
  'behaviours run from the most general type to the most special, whatever the order of the list',
  async ({ directory }) => {
    const { entity } = await directory.create(app, b2cIdentityUserFlow, { ...flowDraft, id: 'de' });
    assert.deepEqual([entity.id, entity.defaultLanguageTag, entity.authenticationMethods], ['B2C_1_de', 'de', '0']);
  },
  [special, general],
);

const refusing = behaviour({
  type: identityUserFlow,
  atMost: { maximum: 1, full: ({ maximum } = {}) => faults.refused({ why: `${maximum} is enough` }) },
  async check(next) {
    if ((next as Record<string, unknown>)['defaultLanguageTag'] === 'xx')
      throw faults.refused({ why: 'no such language' });
  },
  async checkRemove({ id }) {
    if (id === 'B2C_1_susi') throw faults.refused({ why: 'it is in use' });
  },
});

onEveryEngine(
  'a rule sees the entity as it will be, and its refusal undoes the write',
  async ({ directory, observed }) => {
    const created = await directory.create(app, b2cIdentityUserFlow, flowDraft);
    const before = observed.length;
    await assert.rejects(directory.create(app, b2cIdentityUserFlow, { ...flowDraft, id: 'two' }), {
      message: 'Refused: 1 is enough.',
    });
    await assert.rejects(directory.update(app, flowRef, { defaultLanguageTag: 'xx' }), {
      message: 'Refused: no such language.',
    });
    await assert.rejects(directory.remove(app, flowRef), { message: 'Refused: it is in use.' });
    assert.deepEqual(await directory.get(flowRef), created);
    assert.equal(observed.length, before);
  },
  [refusing],
);

const seen: string[] = [];
const curious = behaviour({
  type: identityProviderBase,
  async prepare(draft, { current, type }) {
    seen.push(`${type.name} ${JSON.stringify(draft)} ${JSON.stringify(current ?? null)}`);
    return draft;
  },
  async check(next) {
    seen.push(JSON.stringify(next));
  },
});

onEveryEngine(
  'a rule sees a secret only in the draft that brings it',
  async ({ directory }) => {
    seen.length = 0;
    await directory.create(server, socialIdentityProvider, google);
    await directory.update(app, googleRef, { clientId: 'changed' });
    assert.equal(seen.length, 4);
    assert.deepEqual(
      seen.map((text) => text.includes('hush-hush')),
      [true, false, false, false],
    );
    assert.ok(seen.every((text) => !text.includes('v1.')));
    assert.ok(seen[2]?.includes('"clientSecret":"******"'));
  },
  [curious],
);

const linking = behaviour({
  type: entities.identityUserFlowAttributeAssignment,
  async prepare(draft: Draft<typeof entities.identityUserFlowAttributeAssignment>, { verb, links, reader, within }) {
    if (verb === 'update') return draft;
    const [id = ''] = links['userAttribute'] ?? [];
    const attribute = await reader.get({ type: identityUserFlowAttribute, id });
    return {
      ...draft,
      id: attribute?.id ?? '',
      displayName: `${attribute?.values['displayName']} in ${within?.parent.id}`,
    };
  },
});

onEveryEngine(
  'a rule sees what is to be linked and where the entity will live',
  async ({ directory }) => {
    await directory.create(server, identityUserFlowAttribute, { id: 'city', displayName: 'City', dataType: 'string' });
    await directory.create(app, b2cIdentityUserFlow, flowDraft, {
      contained: { userAttributeAssignments: [{ draft: assignment, links: { userAttribute: ['CITY'] } }] },
    });
    const within = { parent: flowRef, navigation: 'userAttributeAssignments' };
    const found = await directory.get({ type: entities.identityUserFlowAttributeAssignment, id: 'city', within });
    assert.equal(found?.entity.displayName, 'City in B2C_1_susi');
  },
  [linking],
);

/** Counts how often it prepares, and lets another write in between as often as it is told to. */
function interrupted(): { rule: Behaviour; interruptions: (() => Promise<unknown>)[]; prepared: (string | null)[] } {
  const interruptions: (() => Promise<unknown>)[] = [];
  const prepared: (string | null)[] = [];
  const rule = behaviour({
    type: b2cIdentityUserFlow,
    async prepare(draft: Draft<typeof b2cIdentityUserFlow>, { verb, current }) {
      if (verb === 'create' || !('isLanguageCustomizationEnabled' in draft)) return draft;
      prepared.push(current?.defaultLanguageTag ?? null);
      await interruptions.shift()?.();
      return { ...draft, authenticationMethods: `was ${current?.defaultLanguageTag}` };
    },
  });
  return { rule, interruptions, prepared };
}

onEveryEngine('an update that was overtaken starts over with what is there now', async ({ again }) => {
  const { rule, interruptions, prepared } = interrupted();
  const directory = again([rule]);
  await directory.create(app, b2cIdentityUserFlow, flowDraft);
  interruptions.push(() => directory.update(app, flowRef, { defaultLanguageTag: 'de' }));
  const { entity } = await directory.update(app, flowRef, { isLanguageCustomizationEnabled: true });
  assert.deepEqual(prepared, ['en', 'de']);
  assert.deepEqual([entity.defaultLanguageTag, entity.authenticationMethods], ['de', 'was de']);
});

onEveryEngine('an update that is overtaken again and again gives up', async ({ again }) => {
  const { rule, interruptions, prepared } = interrupted();
  const directory = again([rule]);
  await directory.create(app, b2cIdentityUserFlow, flowDraft);
  for (const tag of ['de', 'fr', 'es', 'it', 'pt', 'nl']) {
    interruptions.push(() => directory.update(app, flowRef, { defaultLanguageTag: tag }));
  }
  await assert.rejects(directory.update(app, flowRef, { isLanguageCustomizationEnabled: true }), {
    code: 'store.stale',
  });
  assert.deepEqual(prepared, ['en', 'de', 'fr', 'es', 'it']);
  assert.equal((await directory.get(flowRef))?.entity.isLanguageCustomizationEnabled, false);
});

onEveryEngine('an update with a version that was overtaken is refused and not tried again', async ({ again }) => {
  const { rule, interruptions, prepared } = interrupted();
  const directory = again([rule]);
  const { etag } = await directory.create(app, b2cIdentityUserFlow, flowDraft);
  interruptions.push(() => directory.update(app, flowRef, { defaultLanguageTag: 'de' }));
  await assert.rejects(directory.update(app, flowRef, { isLanguageCustomizationEnabled: true }, etag), {
    code: 'store.stale',
  });
  assert.deepEqual(prepared, ['en']);
});

onEveryEngine('updates of one entity at the same time are all kept', async ({ directory }) => {
  const { entity } = await directory.create(app, entities.user, { displayName: 'A' });
  const ref = { type: entities.user, id: entity.id };
  await Promise.all(
    Array.from({ length: 20 }, (_, index) => directory.update(app, ref, { [`extension_x_${index}`]: index })),
  );
  const found = (await directory.get(ref))?.entity as Record<string, unknown> | undefined;
  assert.deepEqual(
    Array.from({ length: 20 }, (_, index) => found?.[`extension_x_${index}`]),
    [...Array(20).keys()],
  );
});

const relinking = behaviour({
  type: b2cIdentityUserFlow,
  async relink({ defaultLanguageTag }) {
    return defaultLanguageTag === 'xx' ? { userFlowIdentityProviders: [] } : {};
  },
});

onEveryEngine(
  'links that follow from an update go with it, unless the update names them itself',
  async ({ directory }) => {
    const userFlowIdentityProviders = [google.id];
    const linked = async () =>
      [...(await directory.linked([flowRef], 'userFlowIdentityProviders')).values()]
        .flat()
        .map(({ entity }) => entity.id);
    await directory.create(server, socialIdentityProvider, google);
    await directory.create(app, b2cIdentityUserFlow, flowDraft, { links: { userFlowIdentityProviders } });
    await directory.update(app, flowRef, { defaultLanguageTag: 'de' });
    assert.deepEqual(await linked(), [google.id]);
    const named = { links: { identityProviders: userFlowIdentityProviders } };
    await directory.update(app, flowRef, { defaultLanguageTag: 'xx' }, undefined, named);
    assert.deepEqual(await linked(), [google.id]);
    await directory.update(app, flowRef, { defaultLanguageTag: 'xx' });
    assert.deepEqual(await linked(), []);
  },
  [relinking],
);
