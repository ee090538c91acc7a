import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { adjustableClock, type Caller, type Observation, system } from '../kernel/index.ts';
import { allTypes, entities } from '../model/index.ts';
import { type Database, openDatabase, type Store, type Tenant } from '../store/index.ts';
import type { Behaviour } from './behaviour.ts';
import { createDirectory, type OpenDirectory } from './create-directory.ts';
import { createSecretBox } from './secret-box.ts';

export const server = system('test');
export const app: Caller = { kind: 'app', appId: '44444444-4444-4444-8444-444444444444', roles: [] };
export const key = Buffer.alloc(32, 7);

export interface Bench {
  readonly directory: OpenDirectory;
  readonly database: Database;
  readonly store: Store;
  readonly tenant: Tenant;
  readonly observed: readonly Observation[];
  /** A directory on another tenant of the same database. */
  readonly other: OpenDirectory;
  /** Another directory on the same tenant, as another process or another key would have. */
  again(behaviours?: readonly Behaviour[], otherKey?: Buffer): OpenDirectory;
}

/** Runs the test on every engine, each on a fresh database with two tenants. */
export function onEveryEngine(
  name: string,
  run: (bench: Bench, context: TestContext) => Promise<void>,
  behaviours: readonly Behaviour[] = [],
): void {
  for (const engine of ['memory', 'sqlite']) {
    test(`${name} (${engine})`, async (context) => {
      const folder = await mkdtemp(join(tmpdir(), 'usher-directory-'));
      context.after(() => rm(folder, { recursive: true, force: true }));
      const url = engine === 'memory' ? 'memory:' : `sqlite:${join(folder, 'directory.sqlite')}`;
      const clock = adjustableClock({ now: () => 1_800_000_000 });
      const observed: Observation[] = [];
      // How long the store took is told of every question, and is no matter here.
      const observe = (observation: Observation): void => {
        if (observation.kind !== 'store.asked') observed.push(observation);
      };
      const database = await openDatabase(url, { clock, observe, types: allTypes() });
      try {
        const tenant = await database.tenants.create({
          id: '775527ff-9a37-4307-8b3d-cc311f58d925',
          domains: ['contoso.onmicrosoft.com'],
          displayName: 'Contoso',
        });
        const neighbour = await database.tenants.create({
          id: '0ab5a3d1-6c6e-4b2f-a3a5-0d2e6e1f7c11',
          domains: ['fabrikam.onmicrosoft.com'],
          displayName: 'Fabrikam',
        });
        const open = (of: Tenant, rules: readonly Behaviour[], secret: Buffer): OpenDirectory =>
          createDirectory({
            tenant: of,
            store: database.tenant(of.id),
            behaviours: rules,
            clock,
            observe,
            box: createSecretBox(secret),
          });
        const bench: Bench = {
          directory: open(tenant, behaviours, key),
          other: open(neighbour, behaviours, key),
          again: (rules = behaviours, secret = key) => open(tenant, rules, secret),
          database,
          store: database.tenant(tenant.id),
          tenant,
          observed,
        };
        await run(bench, context);
      } finally {
        await database.close();
      }
    });
  }
}

export const flowDraft = { id: 'B2C_1_susi', userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 3 } as const;
export const flowRef = { type: entities.b2cIdentityUserFlow, id: 'B2C_1_susi' };

export const google = {
  id: 'Google-OAUTH',
  displayName: 'Google',
  identityProviderType: 'Google',
  clientId: 'client',
  clientSecret: 'hush-hush',
};
export const googleRef = { type: entities.socialIdentityProvider, id: 'Google-OAUTH' };

export const assignment = { isOptional: false, requiresVerification: false, userInputType: 'TextBox' };
