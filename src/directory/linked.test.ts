import assert from 'node:assert/strict';
import { entities } from '../model/index.ts';
import { flowDraft, flowRef, onEveryEngine, server } from './harness.test.ts';

const navigation = 'userFlowIdentityProviders';
const type = entities.socialIdentityProvider;

onEveryEngine('what is linked is cut where a limit is asked, after it was filtered and ordered', async (bench) => {
  const { directory } = bench;
  const ids: string[] = [];
  for (const displayName of ['c', 'a', 'd', 'b']) {
    const draft = { displayName, identityProviderType: `Kind-${displayName}`, clientId: 'id', clientSecret: 'hidden' };
    ids.push((await directory.create(server, type, draft)).entity.id);
  }
  await directory.create(server, flowRef.type, flowDraft, { links: { [navigation]: ids } });
  const names = async (narrowing: Parameters<typeof directory.linked>[2]) => {
    const found = (await directory.linked([flowRef], navigation, narrowing))[0] ?? [];
    return found.map(({ entity }) => Reflect.get(entity, 'displayName')).join('');
  };
  assert.equal(await names({}), 'cadb');
  assert.equal(await names({ limit: 2 }), 'ca');
  assert.equal(await names({ limit: 9 }), 'cadb');
  assert.equal(await names({ limit: 3, order: [{ path: ['displayName'], descending: false }] }), 'abc');
  const filter = { op: 'ne', path: ['displayName'], value: 'c' } as const;
  assert.equal(await names({ limit: 2, filter }), 'ad');
});
