import { randomBytes } from 'node:crypto';
import { createDirectory, createSecretBox, type Directory } from '../../directory/index.ts';
import { type AdjustableClock, adjustableClock, type Caller, silent, system } from '../../kernel/index.ts';
import { allTypes } from '../../model/index.ts';
import { type Database, openDatabase, type Store, type Tenant } from '../../store/index.ts';
import { identityBehaviours } from '../behaviours.ts';
import { bootstrapTenant } from '../catalogue.ts';
import { createHasher, type Hasher } from '../hasher.ts';
import { createIdentity, type Identity } from '../identity.ts';
import type { LockoutRules } from '../lockout.ts';
import type { PasswordRules } from '../password-rules.ts';

export const seed = system('test');
export const app: Caller = {
  kind: 'app',
  appId: '44444444-4444-4444-8444-444444444444',
  roles: ['User.ReadWrite.All'],
};
export const password = 'Usher-dev-1';

/** Cheap enough for hundreds of hashes in a test; the parameters are not what is tested here. */
export const cheap = { memoryKib: 64, passes: 1 };

export interface TestTenant {
  readonly tenant: Tenant;
  readonly database: Database;
  readonly store: Store;
  readonly directory: Directory;
  readonly identity: Identity;
  readonly hasher: Hasher;
  readonly clock: AdjustableClock;
  close(): Promise<void>;
}

/** A bootstrapped tenant on a memory store (or the one named), at a fixed moment. */
export async function openTenant(
  options: {
    readonly url?: string;
    readonly rules?: PasswordRules;
    readonly hasher?: Hasher;
    readonly lockout?: LockoutRules;
  } = {},
): Promise<TestTenant> {
  const clock = adjustableClock({ now: () => 1_800_000_000 });
  const database = await openDatabase(options.url ?? 'memory:', { clock, observe: silent, types: allTypes() });
  const tenant = await database.tenants.create({
    id: '775527ff-9a37-4307-8b3d-cc311f58d925',
    domains: ['contoso.onmicrosoft.com', 'contoso.example'],
    displayName: 'Contoso',
  });
  const store = database.tenant(tenant.id);
  const hasher = options.hasher ?? createHasher({ ...cheap, queueLimit: 1000 });
  const rules = options.rules ?? 'b2c-strong';
  const behaviours = identityBehaviours({ hasher, rules });
  const box = createSecretBox(randomBytes(32));
  const directory = createDirectory({ tenant, store, behaviours, clock, observe: silent, box });
  const lockout = options.lockout ? { lockout: options.lockout } : {};
  const identity = createIdentity({
    directory,
    ephemeral: store.ephemeral,
    hasher,
    clock,
    observe: silent,
    rules,
    ...lockout,
  });
  await bootstrapTenant(directory);
  return {
    tenant,
    database,
    store,
    directory,
    identity,
    hasher,
    clock,
    async close() {
      await database.close();
      await hasher.close();
    },
  };
}
