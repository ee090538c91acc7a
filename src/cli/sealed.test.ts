import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDirectory, createSecretBox, type Directory } from '../directory/index.ts';
import { type Fault, resolveConfig, system, systemClock } from '../kernel/index.ts';
import { allTypes, entities } from '../model/index.ts';
import { openDatabase, type Tenant } from '../store/index.ts';
import { checkSealed } from './sealed.ts';

const services = { clock: systemClock, observe: () => undefined };

test('a key that is not that of the stored secrets is told with what helps where they are stored', async (context) => {
  const database = await openDatabase('memory:', { ...services, types: allTypes() });
  context.after(() => database.close());
  const id = '775527ff-9a37-4307-8b3d-cc311f58d925';
  await database.tenants.create({ id, domains: ['contoso.example'], displayName: 'Contoso' });
  const directoryWith =
    (key: number) =>
    (tenant: Tenant): Directory =>
      createDirectory({
        ...services,
        tenant,
        store: database.tenant(tenant.id),
        behaviours: [],
        box: createSecretBox(Buffer.alloc(32, key)),
      });
  const [tenant] = await database.tenants.list();
  assert.ok(tenant);
  const createdDateTime = '2026-11-21T10:00:00Z';
  const signingKey = { algorithm: 'RS256', publicJwk: '{}', privateJwk: '{}', createdDateTime };
  await directoryWith(1)(tenant).create(system('test'), entities.signingKey, signingKey);

  for (const [args, cure] of [
    [[], /put that key back, or use another folder with --data\.$/],
    [['--database', 'sqlite:/var/usher/usher.db'], /put that key back, or use another database with --database\.$/],
    [
      ['--database', 'postgres://usher:hunter2@db.example/usher'],
      /put that key back, or give this server the key of the others \(--encryption-key or USHER_ENCRYPTION_KEY_FILE\)\.$/,
    ],
  ] as const) {
    const { config } = resolveConfig('dev', [...args], {});
    await checkSealed(database, directoryWith(1), config);
    await assert.rejects(checkSealed(database, directoryWith(2), config), (error: Fault) => {
      assert.equal(error.code, 'cli.wrongSecretKey');
      assert.match(error.message, cure);
      assert.doesNotMatch(error.message, /hunter2/);
      return true;
    });
  }
});
