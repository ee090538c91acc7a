import type { KeyObject } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Clock, digest, type EpochSeconds, isUuid, sameSecret } from '../kernel/index.ts';
import type { Ephemeral, EphemeralWrite } from '../store/index.ts';
import { faults } from './faults.ts';
import type { Journey } from './journey.ts';
import { createJourneySeal, keyOf, type SealedJourney } from './journey-seal.ts';

export interface HeldJourney {
  readonly journey: Journey;
  /** Of the stored record: every save names the one it replaces. */
  readonly revision: number;
  /** As it is stored. */
  readonly stored: Stored;
  readonly key: KeyObject;
}

interface Stored extends SealedJourney {
  /** Digest of the browser's secret. */
  readonly browser: string;
  /** Until then one request works on the journey alone; a request that died is overtaken afterwards. */
  readonly busyUntil?: EpochSeconds;
}

/**
 * Keeps journeys between requests; the lifetime counts from the start and no answer prolongs it. What a journey holds is sealed
 * with a key made of the browser's secret: nobody who has only the database can read what somebody is typing.
 */
export interface Journeys {
  /** Resolves to the revision it is stored as. `beside`: kept in the same commit. Throws `flows.busy` when one of those is not as it wants to be. */
  create(journey: Journey, browserSecret: string, beside: readonly EphemeralWrite[]): Promise<number>;
  /** Throws `flows.journeyLost` when expired, unknown, or asked by another browser. */
  load(id: string, browserSecret: string): Promise<HeldJourney>;
  /** As `load`, once nobody else works on it. Throws `flows.busy` when that takes too long. */
  idle(id: string, browserSecret: string): Promise<HeldJourney>;
  /** Exclusive right to work on the journey for a while; of N concurrent calls one gets it, the others `undefined`. */
  claim(held: HeldJourney): Promise<HeldJourney | undefined>;
  /** What `release` writes, for whoever keeps more in the same commit. */
  saving(held: HeldJourney, journey: Journey): EphemeralWrite;
  /** Saves and gives the claim back; resolves to the new revision. Throws `flows.busy` when the claim had lapsed and another request has it. */
  release(held: HeldJourney, journey: Journey): Promise<number>;
}

/**
 * Longer than any walk takes from one page to the next (mail and hashing have limits of their own; three APIs may have to be waited for
 * twice, 20 seconds each, b2c contract k), and as long as a person waits after a crash.
 */
const claimSeconds = 150;

/** How long a request waits for the one before it, and how often it looks. */
const patienceMilliseconds = 15_000;
const pollMilliseconds = 20;

export function createJourneys(services: {
  readonly ephemeral: Ephemeral;
  readonly clock: Clock;
  readonly lifetimeSeconds: number;
}): Journeys {
  const { ephemeral, clock, lifetimeSeconds } = services;
  const { seal, open } = createJourneySeal();

  const written = ({ id, started }: Journey, payload: Stored, was?: number): EphemeralWrite => {
    const ttlSeconds = Math.max(1, started + lifetimeSeconds - clock.now());
    return { act: 'put', kind: 'journey', record: { id, payload, ttlSeconds }, ...(was === undefined ? {} : { was }) };
  };

  const saving: Journeys['saving'] = (held, journey) =>
    written(journey, { browser: journey.browser, ...seal(journey, held.key, held) }, held.revision);

  async function find(id: string, browserSecret: string): Promise<Pick<HeldJourney, 'revision' | 'stored'>> {
    const held = isUuid(id) ? await ephemeral.get('journey', id) : undefined;
    if (!held) throw faults.journeyLost();
    const stored = held.payload as Stored;
    if (!sameSecret(stored.browser, digest(browserSecret))) throw faults.journeyLost();
    return { stored, revision: held.revision };
  }

  const opened = (found: Pick<HeldJourney, 'revision' | 'stored'>, browserSecret: string): HeldJourney => {
    const key = keyOf(browserSecret);
    return { ...found, key, journey: open(found.stored, key) };
  };

  return {
    async create(journey, browserSecret, beside) {
      const stored = { browser: journey.browser, ...seal(journey, keyOf(browserSecret)) };
      // Nobody has typed anything yet.
      if (!(await ephemeral.together([written(journey, stored), ...beside], 'seen'))) throw faults.busy();
      return 1;
    },
    load: async (id, browserSecret) => opened(await find(id, browserSecret), browserSecret),
    async idle(id, browserSecret) {
      const deadline = performance.now() + patienceMilliseconds;
      for (;;) {
        const found = await find(id, browserSecret);
        if ((found.stored.busyUntil ?? 0) <= clock.now()) return opened(found, browserSecret);
        if (performance.now() > deadline) throw faults.busy();
        await delay(pollMilliseconds);
      }
    },
    async claim(held) {
      const stored = { ...held.stored, busyUntil: clock.now() + claimSeconds };
      // Nobody is told of a claim before what comes of it is kept.
      const claimed = await ephemeral.together([written(held.journey, stored, held.revision)], 'seen');
      return claimed ? { ...held, stored, revision: held.revision + 1 } : undefined;
    },
    saving,
    async release(held, journey) {
      if (!(await ephemeral.together([saving(held, journey)]))) throw faults.busy();
      return held.revision + 1;
    },
  };
}
