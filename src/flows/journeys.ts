import { type Clock, digest, Fault, isUuid, sameSecret } from '../kernel/index.ts';
import type { Ephemeral } from '../store/index.ts';
import { faults } from './faults.ts';
import type { Journey } from './journey.ts';

export interface HeldJourney {
  readonly journey: Journey;
  /** Of the stored record: every save names the one it replaces. */
  readonly revision: number;
}

/** Keeps journeys between requests; the lifetime counts from the start and no answer prolongs it. */
export interface Journeys {
  create(journey: Journey): Promise<void>;
  /** Throws `flows.journeyLost` when expired, unknown, or asked by another browser. */
  load(id: string, browserSecret: string): Promise<HeldJourney>;
  /** Exclusive right to work on the journey for a minute; of N concurrent calls one gets it, the others `undefined`. */
  claim(held: HeldJourney): Promise<HeldJourney | undefined>;
  /** Saves and gives the claim back. Throws `flows.busy` when the claim had lapsed and another request has it. */
  release(held: HeldJourney, journey: Journey): Promise<void>;
}

/** Longer than any step takes (mail and hashing have limits of their own), shorter than a person's patience after a crash. */
const claimSeconds = 60;

export function createJourneys(services: {
  readonly ephemeral: Ephemeral;
  readonly clock: Clock;
  readonly lifetimeSeconds: number;
}): Journeys {
  const { ephemeral, clock, lifetimeSeconds } = services;

  const put = (journey: Journey, revision: number): Promise<number> => {
    const ttlSeconds = Math.max(1, journey.started + lifetimeSeconds - clock.now());
    return ephemeral.put('journey', { id: journey.id, payload: journey, ttlSeconds }, revision);
  };

  /** `undefined` when someone else has saved since. */
  const swap = async (journey: Journey, revision: number): Promise<HeldJourney | undefined> => {
    try {
      return { journey, revision: await put(journey, revision) };
    } catch (error) {
      if (error instanceof Fault && error.code === 'store.stale') return undefined;
      throw error;
    }
  };

  return {
    async create(journey) {
      await put(journey, 0);
    },
    async load(id, browserSecret) {
      const held = isUuid(id) ? await ephemeral.get('journey', id) : undefined;
      if (!held) throw faults.journeyLost();
      const journey = held.payload as Journey;
      if (!sameSecret(journey.browser, digest(browserSecret))) throw faults.journeyLost();
      return { journey, revision: held.revision };
    },
    claim: ({ journey, revision }) => swap({ ...journey, busyUntil: clock.now() + claimSeconds }, revision),
    async release({ revision }, journey) {
      const { busyUntil: _held, ...free } = journey;
      if (!(await swap(free, revision))) throw faults.busy();
    },
  };
}
