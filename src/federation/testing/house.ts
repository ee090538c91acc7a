import { randomBytes } from 'node:crypto';
import { createOutside } from '../../connectors/index.ts';
import { createDirectory, createSecretBox, type Directory } from '../../directory/index.ts';
import { type AdjustableClock, adjustableClock, type Observation, system } from '../../kernel/index.ts';
import { allTypes } from '../../model/index.ts';
import { openDatabase } from '../../store/index.ts';
import { createFederation } from '../federation.ts';
import type { Federation } from '../provider.ts';
import type { FederationServices } from '../services.ts';

export const admin = system('test');

export interface House {
  readonly directory: Directory;
  readonly federation: Federation;
  readonly clock: AdjustableClock;
  readonly observations: readonly Observation[];
  close(): Promise<void>;
}

/** The foreign providers of a tenant on a memory store, with servers of this machine in reach. */
export async function openHouse(
  originOf: (kind: string) => string | undefined = () => undefined,
  more: Pick<FederationServices, 'signingKey'> = {},
): Promise<House> {
  const clock = adjustableClock();
  const observations: Observation[] = [];
  const observe = (observation: Observation) => void observations.push(observation);
  const database = await openDatabase('memory:', { clock, observe, types: allTypes() });
  const tenant = await database.tenants.create({
    id: '775527ff-9a37-4307-8b3d-cc311f58d925',
    domains: ['contoso.onmicrosoft.com'],
    displayName: 'Contoso',
  });
  const store = database.tenant(tenant.id);
  const box = createSecretBox(randomBytes(32));
  const directory = createDirectory({ tenant, store, behaviours: [], clock, observe, box });
  const outside = createOutside({ allowLoopback: true });
  return {
    directory,
    federation: createFederation({ directory, outside, clock, observe, originOf, ...more }),
    clock,
    observations,
    close: () => database.close(),
  };
}
