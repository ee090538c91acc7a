import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { entities } from '../model/index.ts';
import { app, openTenant, password, seed } from './testing/harness.ts';

test('on SQLite the same rules hold: sign-in names, lockout, identifier URIs, attributes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'usher-identity-'));
  const house = await openTenant({ url: `sqlite:${join(folder, 'usher.db')}` });
  try {
    const { identity, directory, hasher } = house;
    const passwordHash = await hasher.hash(password);
    await identity.register(seed, { email: 'Adele@contoso.example', passwordHash, attributes: {} });
    const again = identity.register(seed, { email: 'adele@contoso.example', passwordHash, attributes: {} });
    await assert.rejects(again, { code: 'identity.taken', status: 409 });
    assert.equal((await identity.provePassword('ADELE@contoso.example', password)).kind, 'proved');
    const kinds = await Promise.all(
      Array.from(
        { length: 40 },
        async (_, i) => (await identity.provePassword('adele@contoso.example', `no ${i}`)).kind,
      ),
    );
    assert.equal(kinds.filter((kind) => kind === 'wrong').length, 10);
    house.clock.advance(60);
    assert.equal((await identity.provePassword('adele@contoso.example', password)).kind, 'proved');

    const api = { displayName: 'API', identifierUris: ['https://contoso.onmicrosoft.com/tasks-api'] };
    await directory.create(app, entities.application, api);
    await assert.rejects(directory.create(app, entities.application, api), { code: 'identity.identifierUriTaken' });

    const attribute = { displayName: 'Shoe size', dataType: 'int64' };
    const { entity } = await directory.create(app, entities.identityUserFlowAttribute, attribute);
    await assert.rejects(directory.create(app, entities.identityUserFlowAttribute, attribute), { status: 409 });
    await directory.remove(app, { type: entities.identityUserFlowAttribute, id: entity.id });
  } finally {
    await house.close();
    await rm(folder, { recursive: true, force: true });
  }
});
