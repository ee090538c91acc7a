import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entities } from '../model/index.ts';
import type { Change } from '../store/index.ts';
import { changedId, createChangeCache } from './change-cache.ts';
import type { Directory } from './directory.ts';
import { flowDraft, flowRef, onEveryEngine, server } from './harness.test.ts';

const change: Change = {
  sequence: 1,
  tenantId: '775527ff-9a37-4307-8b3d-cc311f58d925',
  type: 'b2cIdentityUserFlow',
  key: 'B2C_1_susi',
  verb: 'updated',
  properties: [],
  by: server,
  at: 1_800_000_000,
};

/** Loads end when the test says so. */
function bench(capacity = 10) {
  let listening = 0;
  const loads: { readonly key: string; readonly end: PromiseWithResolvers<string | undefined> }[] = [];
  const source: Pick<Directory, 'onChange'> = {
    onChange() {
      listening += 1;
      return () => {
        listening -= 1;
      };
    },
  };
  const cache = createChangeCache<string>(source, {
    types: [entities.identityUserFlow, entities.identityUserFlowAttribute],
    capacity,
    load(key) {
      const end = Promise.withResolvers<string | undefined>();
      loads.push({ key, end });
      return end.promise;
    },
  });
  return {
    cache,
    listening: () => listening,
    asked: () => loads.map(({ key }) => key),
    end: (value: string | undefined) => loads.at(-1)?.end.resolve(value),
    fail: (error: Error) => loads.at(-1)?.end.reject(error),
  };
}

test('a value is loaded once, also for those who ask while it loads, without regard to case', async () => {
  const { cache, asked, end } = bench();
  const both = Promise.all([cache.get('Flow'), cache.get('FLOW')]);
  end('one');
  assert.deepEqual(await both, ['one', 'one']);
  assert.equal(await cache.get('flow'), 'one');
  assert.deepEqual(asked(), ['Flow']);
});

test('a load under way when a notice arrives serves who asked before it, and is not kept', async () => {
  const ends: ((value: string) => void)[] = [];
  let tell = (): void => undefined;
  const cache = createChangeCache<string>(
    {
      onChange: (_type, listener) => {
        tell = () => listener(change);
        return () => undefined;
      },
    },
    { types: [entities.identityUserFlow], capacity: 3, load: () => new Promise((resolve) => ends.push(resolve)) },
  );
  const early = cache.get('a');
  tell();
  const late = cache.get('a');
  ends[1]?.('new');
  assert.equal(await late, 'new');
  ends[0]?.('old');
  assert.equal(await early, 'old');
  assert.equal(await cache.get('a'), 'new');
});

test('what does not exist and what failed is asked for again', async () => {
  const { cache, asked, end, fail } = bench();
  const nothing = cache.get('a');
  end(undefined);
  assert.equal(await nothing, undefined);
  const broken = cache.get('a');
  fail(new RangeError('unreadable'));
  await assert.rejects(broken, RangeError);
  const found = cache.get('a');
  end('one');
  assert.equal(await found, 'one');
  assert.deepEqual(asked(), ['a', 'a', 'a']);
});

test('the value used longest ago makes room', async () => {
  const { cache, asked, end } = bench(2);
  const load = async (key: string): Promise<void> => {
    const value = cache.get(key);
    end(key);
    await value;
  };
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await load(key);
  assert.deepEqual(asked(), ['a', 'b', 'c', 'b']);
});

/** A cache of what is named like its key, which hears of changes when the test says so. */
function choosy(load: (key: string) => Promise<string | undefined>) {
  let hear = (_: Change): void => undefined;
  const source: Pick<Directory, 'onChange'> = {
    onChange: (_type, listener) => {
      hear = listener;
      return () => undefined;
    },
  };
  const cache = createChangeCache<string>(source, {
    types: [entities.identityUserFlow],
    concerns: (one, _, key) => changedId(one, entities.identityUserFlow) === key,
    capacity: 5,
    load,
  });
  return { cache, hear: (key: string) => hear({ ...change, key }) };
}

test('a change forgets only what it concerns', async () => {
  const asked: string[] = [];
  const { cache, hear } = choosy(async (key) => {
    asked.push(key);
    return key;
  });
  const all = () => Promise.all(['a', 'b'].map(cache.get));
  await all();
  hear('B');
  await all();
  hear('c');
  await all();
  assert.deepEqual(asked, ['a', 'b', 'b']);
});

test('a load under way is kept when no change meanwhile concerns it, and who asks after one does not share it', async () => {
  const ends: ((value: string) => void)[] = [];
  const { cache, hear } = choosy(() => new Promise((resolve) => ends.push(resolve)));
  for (const [changed, kept] of [
    ['other', true],
    ['a', false],
  ] as const) {
    const before = ends.length;
    const early = cache.get('a');
    hear(changed);
    const late = cache.get('a');
    assert.equal(ends.length, before + 2);
    ends.at(-2)?.('old');
    assert.equal(await early, 'old');
    const next = cache.get('a');
    ends.at(-1)?.('new');
    assert.equal(await late, 'new');
    assert.equal(await next, kept ? 'old' : 'new');
    hear('a');
  }
});

test('what changed is the entity itself, or the topmost one around it', () => {
  const { identityUserFlow, b2xIdentityUserFlow, identityUserFlowAttribute } = entities;
  assert.equal(changedId(change, identityUserFlow), 'b2c_1_susi');
  assert.equal(changedId(change, b2xIdentityUserFlow), undefined);
  const within: Change = { ...change, type: 'userFlowLanguageConfiguration', key: 'de', root: change };
  assert.equal(changedId(within, identityUserFlow), 'b2c_1_susi');
  assert.equal(changedId({ ...change, type: 'fromTheFuture' }, identityUserFlowAttribute), undefined);
});

test('a closed cache listens no longer', () => {
  const { cache, listening } = bench();
  assert.equal(listening(), 2);
  cache.close();
  assert.equal(listening(), 0);
});

onEveryEngine('a cached view follows the directory', async ({ directory }) => {
  const cache = createChangeCache(directory, {
    types: [entities.identityUserFlow],
    capacity: 5,
    load: async (id) => (await directory.get({ type: entities.identityUserFlow, id }))?.etag,
  });
  assert.equal(await cache.get('B2C_1_susi'), undefined);
  const { etag } = await directory.create(server, flowRef.type, flowDraft);
  assert.equal(await cache.get('b2c_1_SUSI'), etag);
  const next = await directory.update(server, flowRef, { defaultLanguageTag: 'de' });
  assert.equal(await cache.get('B2C_1_susi'), next.etag);
  await directory.remove(server, flowRef);
  assert.equal(await cache.get('B2C_1_susi'), undefined);
});
