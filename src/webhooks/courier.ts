import type { EpochSeconds } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { createAlarm } from './alarm.ts';
import { attempt, type Tried } from './attempt.ts';
import type { CallServices } from './call.ts';
import { isTestLane, webhookIdOf } from './delivery.ts';
import { firstIn, lanesIn } from './lanes.ts';
import { mostAtOnce, restAfter } from './schedule.ts';
import type { Tasks } from './tasks.ts';

/** Delivers what waits in one tenant. */
export interface Courier {
  /** Something may be due. Never waits and never fails. */
  wake(): void;
}

interface Lane {
  readonly name: string;
  readonly underWay: Set<string>;
  /** Calls at once. */
  width: number;
  /** In a row. */
  failures: number;
  /** Nothing is called before. */
  restsUntil: EpochSeconds;
}

/** Seconds until the store is asked again that did not answer. */
const trouble = 5;

const newLane = (name: string): Lane => ({ name, underWay: new Set(), width: 1, failures: 0, restsUntil: 0 });

/** A receiver that answers well gets more calls at once; one that fails gets one at a time, less and less often. */
function learn(lane: Lane, outcome: Tried['outcome'], now: EpochSeconds): void {
  if (outcome === 'dropped') return;
  const isWell = outcome === 'taken';
  lane.width = isWell ? Math.min(mostAtOnce, lane.width * 2) : 1;
  lane.failures = isWell ? 0 : lane.failures + 1;
  lane.restsUntil = isWell ? 0 : now + restAfter(lane.failures);
}

/**
 * Looks at every lane when it is woken, and when something is due; in between it sleeps. Each receiver has calls of its own, so that none
 * waits for another. The order of events is not kept.
 */
export function createCourier(services: CallServices, tasks: Tasks): Courier {
  const { directory, clock, observe, stopping } = services;
  const lanes = new Map<string, Lane>();
  const alarm = createAlarm(clock, wake);
  let isWoken = false;
  let isLooking = false;

  async function tryOne(lane: Lane, id: string): Promise<void> {
    try {
      const tried = await tasks.run(() => (stopping.aborted ? undefined : attempt(services, id)));
      lane.underWay.delete(id);
      if (!tried) return wake();
      learn(lane, tried.outcome, clock.now());
      observe({ kind: 'webhook.called', tenantId: directory.tenant.id, ...tried });
      await fill(lane);
    } catch (error) {
      lane.underWay.delete(id);
      learn(lane, 'refused', clock.now());
      if (!stopping.aborted) observe({ kind: 'warning', message: 'A webhook delivery could not be tried.', error });
      wake();
    }
  }

  /** A lane is looked at unless its webhook is disabled; when the webhook is gone, what waits is given up. */
  async function isOpen(lane: string): Promise<boolean> {
    if (isTestLane(lane)) return true;
    const found = await directory.get({ type: entities.webhook, id: webhookIdOf(lane) });
    return found?.entity.isEnabled ?? true;
  }

  /** Starts what is due in a lane, as far as there is room. Others may do the same meanwhile. */
  async function fill(lane: Lane): Promise<void> {
    const { underWay } = lane;
    if (underWay.size >= lane.width) return;
    if (lane.restsUntil > clock.now()) return alarm.set(lane.restsUntil);
    const found = await firstIn(directory, lane.name, lane.width + underWay.size);
    for (const { id, due } of found.filter((one) => !underWay.has(one.id))) {
      if (stopping.aborted || underWay.size >= lane.width) return;
      const start = Math.max(due, lane.restsUntil);
      if (start > clock.now()) return alarm.set(start);
      underWay.add(id);
      tasks.watch(tryOne(lane, id));
    }
  }

  async function look(): Promise<void> {
    const seen = new Set<string>();
    for await (const name of lanesIn(directory)) {
      seen.add(name);
      if (stopping.aborted || !(await isOpen(name))) continue;
      const lane = lanes.get(name) ?? newLane(name);
      lanes.set(name, lane);
      await fill(lane);
    }
    for (const [name, { underWay }] of lanes) if (!seen.has(name) && underWay.size === 0) lanes.delete(name);
  }

  /** One look at a time; whoever wakes it meanwhile causes another. */
  async function lookOn(): Promise<void> {
    isLooking = true;
    while (isWoken && !stopping.aborted) {
      isWoken = false;
      try {
        await look();
      } catch (error) {
        if (!stopping.aborted) observe({ kind: 'warning', message: 'Webhook deliveries could not be found.', error });
        alarm.set(clock.now() + trouble);
      }
    }
    isLooking = false;
  }

  function wake(): void {
    isWoken = true;
    if (!isLooking && !stopping.aborted) tasks.watch(lookOn());
  }

  return { wake };
}
