/** What a journey came to is kept by its host, and that it has ended by the engine: never the one without the other. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { newId, newSecret } from '../kernel/index.ts';
import type { CloseJourney } from './host.ts';
import { createHost, type House, openHouse, password } from './testing/harness.ts';

const writes = ['put', 'consume', 'together', 'take', 'increment', 'remove', 'drop'] as const;

/** Lets so many writes through, then none, as if the database had died; gives what brings it back. */
function dieAfter(t: TestContext, { ephemeral }: House, most: number): () => void {
  let left = most;
  const mocks = writes.map((name) => {
    const write: (...args: never[]) => unknown = ephemeral[name].bind(ephemeral);
    return t.mock.method(ephemeral, name, async (...args: never[]) => {
      left -= 1;
      if (left < 0) throw new RangeError('the database has died');
      return write(...args);
    });
  });
  return () => {
    for (const { mock } of mocks) mock.restore();
  };
}

type Press = readonly [action: string, values: Readonly<Record<string, string>>];

/** What somebody presses; the last of it ends the journey. */
interface End {
  readonly before?: readonly Press[];
  readonly last: Press;
}

interface Waiting {
  readonly house: House;
  readonly told: { times: number };
  begin(): Promise<{ readonly id: string; readonly visitor: Awaited<ReturnType<House['begin']>> }>;
}

/** Keeps what it is told with the end of the journey, as the host of applications does. */
async function openWaiting(t: TestContext, database: string): Promise<Waiting> {
  const told = { times: 0 };
  async function keep(id: string, close: CloseJourney = () => []): Promise<string> {
    told.times += 1;
    const url = `https://login.example/resume/${id}`;
    const record = { id, payload: { result: {} }, ttlSeconds: 3600 };
    const held = await house.ephemeral.get('oidc.Interaction', id);
    const put = { act: 'put', kind: 'oidc.Interaction', record, was: held?.revision ?? 0 } as const;
    if (!(await house.ephemeral.together([put, ...close(url)]))) throw new RangeError('not kept');
    return url;
  }
  const house: House = await openHouse({
    database,
    host: {
      ...createHost(),
      arrive: (id, _arrival, close) => keep(id, close),
      refuse: (id, _refusal, _detail, close) => keep(id, close),
    },
  });
  t.after(() => house.close());
  return {
    house,
    told,
    async begin() {
      const id = newId();
      await house.ephemeral.put('oidc.Interaction', { id, payload: {}, ttlSeconds: 3600 });
      const sender = { address: '192.0.2.1', userAgent: undefined, device: newSecret(), origin: undefined };
      return { id, visitor: await house.begin('B2C_1_susi', { hostRef: id, sender }) };
    },
  };
}

async function hasResult({ ephemeral }: House, id: string): Promise<boolean> {
  const held = await ephemeral.get('oidc.Interaction', id);
  assert.ok(held);
  return 'result' in (held.payload as object);
}

/** How a journey came out for whom; the store dies after ever more writes, until it outlives the request. */
async function endAtEveryWrite(t: TestContext, database: string, { before = [], last }: End) {
  const { house, told, begin } = await openWaiting(t, database);
  const found: (readonly [isKept: boolean, isEnded: boolean])[] = [];
  for (let most = 0; ; most += 1) {
    const { id, visitor } = await begin();
    for (const press of before) await visitor.press(...press);
    const revive = dieAfter(t, house, most);
    const answered = await visitor.press(...last).then(
      () => true,
      () => false,
    );
    revive();
    const isKept = await hasResult(house, id);
    told.times = 0;
    house.clock.advance(151);
    const next = await visitor.look();
    found.push([isKept, next.kind === 'go' && told.times === 0]);
    if (answered) return found;
  }
}

const arriving: End = { last: ['next', { email: 'adele@contoso.example', password }] };

const ends: Readonly<Record<string, End>> = {
  'somebody arrives': arriving,
  'somebody turns back': { before: [['createAccount', {}]], last: ['cancel', {}] },
};

for (const engine of ['memory', 'sqlite'])
  for (const [what, end] of Object.entries(ends))
    test(`${what}, and the database dies at any write: the result is kept exactly when the journey has ended (${engine})`, async (t) => {
      const folder = mkdtempSync(join(tmpdir(), 'usher-end-'));
      t.after(() => rmSync(folder, { recursive: true, force: true }));
      const database = engine === 'memory' ? 'memory:' : `sqlite:${join(folder, 'end.sqlite')}`;
      const found = await endAtEveryWrite(t, database, end);
      assert.ok(found.length > 1, 'it died at least once');
      for (const [isKept, isEnded] of found) assert.equal(isKept, isEnded);
      assert.deepEqual(found.at(-1), [true, true]);
    });

test('a journey that another request works on by now is not ended, and its result is not kept', async (t) => {
  const { house, begin } = await openWaiting(t, 'memory:');
  const { id, visitor } = await begin();
  const { together } = house.ephemeral;
  const mock = t.mock.method(house.ephemeral, 'together', async (asked: Parameters<typeof together>[0]) => {
    if (asked.some(({ kind }) => kind === 'oidc.Interaction')) {
      const held = await house.ephemeral.get('journey', visitor.journeyId);
      await house.ephemeral.put('journey', { id: visitor.journeyId, payload: held?.payload, ttlSeconds: 3600 });
    }
    return together(asked);
  });
  await assert.rejects(visitor.press(...arriving.last), { code: 'flows.busy' });
  mock.mock.restore();
  assert.equal(await hasResult(house, id), false);
});

test('where the host cannot keep what the journey is for, nobody is sent to a journey that was not kept either', async (t) => {
  const house = await openHouse({ database: 'memory:', host: createHost() });
  t.after(() => house.close());
  const client = { appId: newId(), displayName: 'Tasks' };
  const sender = { address: '192.0.2.1', userAgent: undefined, device: undefined, origin: undefined };
  const start = { flowId: 'B2C_1_susi', hostRef: newId(), client, uiLocales: [], acceptLanguages: [], sender };
  const used = { act: 'consume', kind: 'oidc.Interaction', id: newId() } as const;
  await assert.rejects(house.flows.start({ ...start, correlationId: newId() }, [used]), { code: 'flows.busy' });
});
