import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { entities } from '../model/index.ts';
import type { Change } from '../store/index.ts';
import { app, assignment, flowDraft, flowRef, onEveryEngine, server } from './harness.test.ts';

const { b2cIdentityUserFlow, identityUserFlow, identityUserFlowAttribute, user } = entities;
const words = ({ verb, type, key }: Change): string => `${verb} ${type} ${key}`;

onEveryEngine(
  'listeners of a type and of its bases hear of a change before the write resolves',
  async ({ directory }) => {
    const [own, base, others]: [string[], string[], string[]] = [[], [], []];
    directory.onChange(b2cIdentityUserFlow, (change) => own.push(words(change)));
    directory.onChange(identityUserFlow, (change) => base.push(words(change)));
    directory.onChange(user, (change) => others.push(words(change)));
    await directory.create(app, b2cIdentityUserFlow, flowDraft);
    assert.deepEqual(own, ['created b2cIdentityUserFlow B2C_1_susi']);
    await directory.update(app, flowRef, { defaultLanguageTag: 'de' });
    await directory.remove(app, flowRef);
    assert.deepEqual(own.slice(1), [
      'updated b2cIdentityUserFlow B2C_1_susi',
      'deleted b2cIdentityUserFlow B2C_1_susi',
    ]);
    assert.deepEqual(base, own);
    assert.deepEqual(others, []);
  },
);

onEveryEngine(
  'a change names who, what and which properties, and a listener sees it committed',
  async ({ directory }) => {
    await directory.create(app, b2cIdentityUserFlow, flowDraft);
    const changes: Change[] = [];
    const reads: Promise<unknown>[] = [];
    directory.onChange(b2cIdentityUserFlow, (change) => {
      changes.push(change);
      reads.push(directory.get(flowRef).then((found) => found?.entity.defaultLanguageTag));
    });
    await directory.update(app, flowRef, { DefaultLanguageTag: 'de' });
    assert.deepEqual(
      changes.map(({ by, properties }) => [by, properties]),
      [[app, ['defaultLanguageTag']]],
    );
    assert.deepEqual(await Promise.all(reads), ['de']);
  },
);

onEveryEngine('listeners of a type hear of changes inside its entities', async ({ directory }) => {
  await directory.create(server, identityUserFlowAttribute, { id: 'city', displayName: 'City', dataType: 'string' });
  await directory.create(app, b2cIdentityUserFlow, flowDraft);
  const heard: string[] = [];
  directory.onChange(identityUserFlow, (change) => heard.push(`${words(change)} in ${change.root?.key}`));
  const within = { parent: flowRef, navigation: 'userAttributeAssignments' };
  const type = entities.identityUserFlowAttributeAssignment;
  await directory.create(server, type, { ...assignment, id: 'city' }, { within });
  const ref = { type, id: 'city', within };
  await directory.link(app, ref, 'userAttribute', 'city');
  await directory.remove(app, ref);
  const name = 'identityUserFlowAttributeAssignment city in B2C_1_susi';
  assert.deepEqual(heard, [`created ${name}`, `updated ${name}`, `deleted ${name}`]);
});

onEveryEngine('a listener that stopped listening hears nothing more', async ({ directory }) => {
  let heard = 0;
  const listener = (): void => {
    heard += 1;
  };
  const stop = directory.onChange(b2cIdentityUserFlow, listener);
  const stopOther = directory.onChange(b2cIdentityUserFlow, listener);
  await directory.create(app, b2cIdentityUserFlow, flowDraft);
  assert.equal(heard, 2);
  stop();
  stop();
  await directory.update(app, flowRef, { defaultLanguageTag: 'de' });
  assert.equal(heard, 3);
  stopOther();
  await directory.remove(app, flowRef);
  assert.equal(heard, 3);
});

onEveryEngine(
  'a listener that fails is reported and disturbs neither the write nor the others',
  async ({ directory, observed }) => {
    let heard = 0;
    directory.onChange(b2cIdentityUserFlow, () => {
      throw new TypeError('broken');
    });
    directory.onChange(b2cIdentityUserFlow, async () => {
      throw new TypeError('broken later');
    });
    directory.onChange(b2cIdentityUserFlow, () => {
      heard += 1;
    });
    await directory.create(app, b2cIdentityUserFlow, flowDraft);
    await setImmediate();
    assert.equal(heard, 1);
    const warnings = observed.filter(({ kind }) => kind === 'warning');
    assert.deepEqual(
      warnings.map((warning) => 'error' in warning && String(warning.error)),
      ['TypeError: broken', 'TypeError: broken later'],
    );
  },
);

onEveryEngine(
  'changes of other processes are told, those of other tenants are not',
  async ({ directory, again, observed }) => {
    const elsewhere = again();
    const heard: string[] = [];
    elsewhere.onChange(identityUserFlow, (change) => heard.push(words(change)));
    const changes: Change[] = [];
    directory.onChange(identityUserFlow, (change) => changes.push(change));
    await directory.create(app, b2cIdentityUserFlow, flowDraft);
    assert.deepEqual(heard, []);
    const [change] = changes;
    assert.ok(change);
    const before = observed.length;
    elsewhere.receive(change);
    elsewhere.receive({ ...change, tenantId: '0ab5a3d1-6c6e-4b2f-a3a5-0d2e6e1f7c11' });
    elsewhere.receive({ ...change, type: 'somethingNewer' });
    elsewhere.receive({ ...change, type: 'somethingNewer', root: { type: 'b2cIdentityUserFlow', key: 'B2C_1_susi' } });
    assert.deepEqual(heard, ['created b2cIdentityUserFlow B2C_1_susi', 'created somethingNewer B2C_1_susi']);
    assert.equal(observed.length, before);
  },
);

onEveryEngine('every committed change is observed, without values', async ({ directory, observed, tenant }) => {
  await directory.create(app, b2cIdentityUserFlow, flowDraft);
  assert.deepEqual(
    observed.filter(({ kind }) => kind === 'directory.changed'),
    [
      {
        kind: 'directory.changed',
        tenantId: tenant.id,
        type: 'b2cIdentityUserFlow',
        key: 'B2C_1_susi',
        verb: 'created',
        by: 'app',
      },
    ],
  );
});
