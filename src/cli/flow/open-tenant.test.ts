import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../test/support/postgres.ts';
import { newId, resolveConfig, silent, system, systemClock } from '../../kernel/index.ts';
import { allTypes, entities } from '../../model/index.ts';
import { openDatabase } from '../../store/index.ts';
import { openTenant } from './open-tenant.ts';

const send = async () => undefined;
const outside = {
  mailer: { send },
  texter: { send },
  outside: { send: async () => ({ kind: 'failed', cause: 'forbidden', reason: 'nobody is called here' }) as const },
  journeyHost: { arrive: async () => '', refuse: async () => '', stands: async () => true },
};

test('a command beside servers goes by the clock of their database, whatever its machine says', async (context) => {
  const { url, drop } = await testDatabase();
  context.after(drop);
  const own = await openDatabase(url, { clock: systemClock, observe: silent, types: allTypes() });
  await own.tenants.create({ id: newId(), domains: ['contoso.example'], displayName: 'Contoso' });
  await own.close();
  const began = Date.now();
  context.mock.method(Date, 'now', () => began + 3_600_000);
  const key = Buffer.alloc(32, 1).toString('base64');
  const { config } = resolveConfig('flow', ['list', '--database', url, '--encryption-key', key], {});
  const { rooms, close } = await openTenant(config, outside, silent, false);
  context.after(close);
  const { entity } = await rooms.directory.create(system('test'), entities.application, { displayName: 'Tasks' });
  const created = Date.parse(String(entity.createdDateTime));
  assert.ok(Math.abs(created - began) < 600_000, String(entity.createdDateTime));
});
