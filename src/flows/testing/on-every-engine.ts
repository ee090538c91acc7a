import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Caller } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import { type House, openHouse } from './harness.ts';

/** An application of the tenant, which may set nothing that is the server's. */
export const admin: Caller = { kind: 'app', appId: '44444444-4444-4444-8444-444444444444', roles: [] };

/** Runs the test on every engine, each time in a new tenant with the flow `B2C_1_susi`. */
export function onEveryEngine(name: string, run: (house: House) => Promise<void>): void {
  for (const engine of ['memory', 'sqlite']) {
    test(`${name} (${engine})`, async (context) => {
      const folder = await mkdtemp(join(tmpdir(), 'usher-flows-'));
      context.after(() => rm(folder, { recursive: true, force: true }));
      const database = engine === 'memory' ? 'memory:' : `sqlite:${join(folder, 'flows.sqlite')}`;
      const house = await openHouse({ database });
      try {
        await run(house);
      } finally {
        await house.close();
      }
    });
  }
}

export const susi = { type: entities.b2cIdentityUserFlow, id: 'B2C_1_susi' };

/** A flow for guests, `B2X_1_guests`. */
export const guests = { type: entities.b2xIdentityUserFlow, id: 'B2X_1_guests' };

export async function createGuestFlow({ directory }: House): Promise<void> {
  const draft = { id: 'guests', userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 1 };
  await directory.create(admin, guests.type, draft);
}
