import assert from 'node:assert/strict';
import { entities } from '../model/index.ts';
import { createDirectory, type OpenDirectory } from './create-directory.ts';
import { app, type Bench, key, onEveryEngine, server } from './harness.test.ts';
import { createSecretBox } from './secret-box.ts';
import type { Witness } from './witness.ts';

const type = entities.journey;

interface Watched {
  readonly directory: OpenDirectory;
  /** What was written by the witness. */
  entries(): Promise<readonly string[]>;
  readonly told: { committed: number };
}

/** A directory whose witness writes an entry for every user that is written and every sign-in that is logged. */
function watched({ tenant, store }: Bench): Watched {
  const told = { committed: 0 };
  const witness: Witness = {
    attend: async () => ({
      entriesOf: ({ deed, type: written, row }, caller) =>
        written === entities.user || written === entities.signIn
          ? [{ type, values: { startedDateTime: '2026-11-21T10:00:00Z', flowId: `${deed} ${row.id} ${caller.kind}` } }]
          : [],
      committed() {
        told.committed += 1;
      },
    }),
  };
  const clock = { now: () => 1_800_000_000 };
  const box = createSecretBox(key);
  const directory = createDirectory({ tenant, store, behaviours: [], clock, observe: () => undefined, box, witness });
  return {
    directory,
    told,
    async entries() {
      const { items } = await directory.find({ type, limit: 100 });
      return items.map(({ entity: { flowId } }) => flowId ?? '').sort();
    },
  };
}

onEveryEngine('what a witness has to tell of stands beside the write, also of a log', async (bench) => {
  const { directory, entries, told } = watched(bench);
  const { entity } = await directory.create(app, entities.user, { displayName: 'Adele' });
  await directory.append(entities.signIn, [{ createdDateTime: '2026-11-21T10:00:00Z' }]);
  const { items } = await directory.find({ type: entities.signIn, limit: 1 });
  await directory.remove(server, { type: entities.user, id: entity.id });
  const expected = [`created ${entity.id} app`, `created ${items[0]?.entity.id} system`, `deleted ${entity.id} system`];
  assert.deepEqual(await entries(), expected.sort());
  assert.equal(told.committed, 3);
});

onEveryEngine('of a write that is rolled back nothing is told', async (bench) => {
  const { directory, entries, told } = watched(bench);
  const draft = { displayName: 'Adele', userPrincipalName: 'adele@contoso.onmicrosoft.com' };
  await directory.create(app, entities.user, draft);
  await assert.rejects(directory.create(app, entities.user, draft), { code: 'store.exists' });
  assert.equal((await entries()).length, 1);
  assert.equal(told.committed, 1);
});
