import { entities } from '../model/index.ts';
import type { CallServices } from './call.ts';
import { type Courier, createCourier } from './courier.ts';
import { createTasks } from './tasks.ts';
import { createTeller, type Tell } from './teller.ts';

/** The couriers of all tenants of one process. */
export interface Couriers {
  /** For a tenant that was opened. What waits from before is delivered too once it is woken. */
  of(tenant: Pick<CallServices, 'directory' | 'key'>): Courier & { readonly tell: Tell };
  /** Gives up the calls under way, which are made again by whoever comes next; resolves when all is quiet. */
  stop(): Promise<void>;
}

/** Calls of one process at once. Receivers that hang hold one each, so that it takes so many of them to make others wait. */
const mostCalls = 500;

export function createCouriers(
  services: Pick<CallServices, 'outside' | 'clock' | 'observe' | 'callMilliseconds'>,
): Couriers {
  const stopping = new AbortController();
  const tasks = createTasks(mostCalls);

  return {
    of(tenant) {
      const own = { ...services, ...tenant, stopping: stopping.signal };
      const courier = createCourier(own, tasks);
      // One that was disabled may be enabled again, with what has waited.
      tenant.directory.onChange(entities.webhook, courier.wake);
      return { ...courier, tell: createTeller(own, tasks, courier.wake) };
    },
    async stop() {
      stopping.abort();
      await tasks.idle();
    },
  };
}
