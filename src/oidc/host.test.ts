import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newId } from '../kernel/index.ts';
import { type House, openHouse } from './testing/harness.ts';
import { authorizeUrl, createBrowser } from './testing/visitor.ts';

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

/** A journey that has begun, stored in its first revision, and what the host is told of it. */
async function begun() {
  await createBrowser(house).get(authorizeUrl());
  const { journeys, store, host } = house.contoso;
  const { hostRef = '', flowId = '' } = journeys.started.at(-1) ?? {};
  const id = newId();
  await store.ephemeral.put('journey', { id, payload: 'under way', ttlSeconds: 60 });
  const record = { id, payload: 'ended', ttlSeconds: 60 };
  const close = () => [{ act: 'put', kind: 'journey', record, was: 1 } as const];
  const { clock, adele } = house;
  const arrival = {
    ...{ userId: adele.id, newUser: false, amr: ['pwd'], keepSignedIn: false },
    ...{ authTime: clock.now(), flowId },
  };
  return {
    id,
    arrive: () => host.arrive(hostRef, arrival, close),
    refuse: () => host.refuse(hostRef, 'cancelled', undefined, close),
    /** Whether the result is kept, and whether the journey is closed. */
    async kept() {
      const waiting = await store.ephemeral.get('oidc.Interaction', hostRef);
      const journey = await store.ephemeral.get('journey', id);
      assert.ok(waiting);
      return ['result' in (waiting.payload as object), journey?.payload === 'ended'];
    },
  };
}

for (const end of ['arrive', 'refuse'] as const) {
  test(`${end}: the result and the end of the journey are one write, so neither is kept without the other`, async (t) => {
    const { ephemeral } = house.contoso.store;
    const writes = (['put', 'take', 'consume', 'increment', 'remove', 'drop'] as const).map((name) =>
      t.mock.method(ephemeral, name),
    );
    const together = t.mock.method(ephemeral, 'together');
    const journey = await begun();
    for (const { mock } of [...writes, together]) mock.resetCalls();
    await journey[end]();
    assert.deepEqual(await journey.kept(), [true, true]);
    assert.deepEqual(
      [...writes, together].map(({ mock }) => mock.callCount()),
      [...writes.map(() => 0), 1],
    );
  });

  test(`${end}: of a journey that has gone on elsewhere nothing is kept`, async () => {
    const journey = await begun();
    const { ephemeral } = house.contoso.store;
    await ephemeral.put('journey', { id: journey.id, payload: 'elsewhere', ttlSeconds: 60 });
    await assert.rejects(journey[end](), { code: 'oidc.AADB2C90046' });
    assert.deepEqual(await journey.kept(), [false, false]);
  });
}
