import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createOutside } from '../../connectors/index.ts';
import { createDirectory, createSecretBox, type OpenDirectory } from '../../directory/index.ts';
import { type AdjustableClock, adjustableClock, type Caller, newId, type Observation } from '../../kernel/index.ts';
import { allTypes, type EntityOf, entities } from '../../model/index.ts';
import { type Database, openDatabase, type Tenant } from '../../store/index.ts';
import { webhookBehaviours } from '../behaviours.ts';
import { type Couriers, createCouriers } from '../couriers.ts';
import type { SigningKey } from '../signature.ts';
import { createWebhookWitness } from '../witness.ts';

export const admin: Caller = {
  kind: 'app',
  appId: '44444444-4444-4444-8444-444444444444',
  roles: [],
  correlationId: 'c0ffee00-0000-4000-8000-000000000000',
};

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const key: SigningKey = { kid: newId(), privateKey };
/** As the tenant publishes it. */
export const jwk = { ...publicKey.export({ format: 'jwk' }), kid: key.kid };

type Delivery = EntityOf<typeof entities.webhookDelivery>;
type Called = Extract<Observation, { kind: 'webhook.called' }>;

/** One process on one tenant. */
export interface Office {
  readonly directory: OpenDirectory;
  readonly couriers: Couriers;
  readonly courier: ReturnType<Couriers['of']>;
}

export interface House extends Office {
  readonly database: Database;
  readonly clock: AdjustableClock;
  readonly observed: readonly Observation[];
  /** Resolves when so many calls are over and written down, and to them. */
  called(count: number): Promise<readonly Called[]>;
  /** The oldest first. */
  deliveries(of?: OpenDirectory): Promise<readonly Delivery[]>;
  addWebhook(draft: Readonly<Record<string, unknown>>, of?: OpenDirectory): Promise<string>;
  addUser(of?: OpenDirectory): Promise<string>;
  /** As another process has it; `tenant`: absent, the same. */
  another(tenant?: Tenant): Office;
  createTenant(domain: string): Promise<Tenant>;
}

function watch() {
  const observed: Observation[] = [];
  let waiting: { readonly count: number; readonly go: () => void }[] = [];
  const calls = () => observed.filter((one) => one.kind === 'webhook.called');
  return {
    observed,
    observe(observation: Observation): void {
      observed.push(observation);
      for (const { count, go } of waiting) if (calls().length >= count) go();
      waiting = waiting.filter(({ count }) => calls().length < count);
    },
    async called(count: number): Promise<readonly Called[]> {
      if (calls().length < count) await new Promise<void>((go) => waiting.push({ count, go }));
      return calls();
    },
  };
}

interface HouseOptions {
  /** Nobody of this machine is called. */
  readonly isClosed?: boolean;
  readonly callMilliseconds?: number;
}

export async function openHouse(t: TestContext, url: string, options: HouseOptions = {}): Promise<House> {
  const { isClosed = false, ...limits } = options;
  const clock = adjustableClock({ now: () => 1_800_000_000 });
  const { observed, observe, called } = watch();
  const database = await openDatabase(url, { clock, observe, types: allTypes() });
  const outside = createOutside({ allowLoopback: !isClosed });
  const createTenant = (domain: string) =>
    database.tenants.create({ id: newId(), domains: [domain], displayName: domain });
  const tenant = await createTenant('contoso.onmicrosoft.com');
  const offices: Office[] = [];

  function open(of: Tenant): Office {
    const due = (): void => courier.wake();
    const directory: OpenDirectory = createDirectory({
      tenant: of,
      store: database.tenant(of.id),
      behaviours: webhookBehaviours(due),
      clock,
      observe,
      box: createSecretBox(Buffer.alloc(32, 7)),
      witness: createWebhookWitness({ directory: () => directory, clock, due }),
    });
    const couriers = createCouriers({ outside, clock, observe, ...limits });
    const courier = couriers.of({ directory, key: async () => key });
    const office = { directory, couriers, courier };
    offices.push(office);
    return office;
  }

  const own = open(tenant);
  t.after(async () => {
    await Promise.all(offices.map(({ couriers }) => couriers.stop()));
    await database.close();
  });
  return {
    ...own,
    database,
    clock,
    observed,
    called,
    async deliveries(of = own.directory) {
      const { items } = await of.find({ type: entities.webhookDelivery, limit: 999 });
      // Ids grow with time.
      return items.map(({ entity }) => entity).sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    async addWebhook(draft, of = own.directory) {
      const whole = { displayName: 'CRM', events: ['userCreated'], ...draft };
      return (await of.create(admin, entities.webhook, whole)).entity.id;
    },
    async addUser(of = own.directory) {
      return (await of.create(admin, entities.user, { displayName: 'Adele' })).entity.id;
    },
    another: (other = tenant) => open(other),
    createTenant,
  };
}

/** Runs the test on a fresh database of each engine that needs no server. */
export function onEveryEngine(name: string, run: (house: House, t: TestContext) => Promise<void>): void {
  for (const engine of ['memory', 'sqlite']) {
    test(`${name} (${engine})`, async (t) => {
      const folder = mkdtempSync(join(tmpdir(), 'usher-webhooks-'));
      t.after(() => rmSync(folder, { recursive: true, force: true }));
      await run(await openHouse(t, engine === 'memory' ? 'memory:' : `sqlite:${join(folder, 'usher.sqlite')}`), t);
    });
  }
}
