import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Clock, digest, isFault, isUuid, sameSecret } from '../kernel/index.ts';
import type { Ephemeral } from '../store/index.ts';
import { faults } from './faults.ts';
import type { Journey } from './journey.ts';

export interface HeldJourney {
  readonly journey: Journey;
  /** Of the stored record: every save names the one it replaces. */
  readonly revision: number;
  readonly browserSecret: string;
}

/**
 * Keeps journeys between requests; the lifetime counts from the start and no answer prolongs it. What a journey holds is sealed
 * with a key made of the browser's secret: nobody who has only the database can read what somebody is typing.
 */
export interface Journeys {
  /** Resolves to the revision it is stored as. */
  create(journey: Journey, browserSecret: string): Promise<number>;
  /** Throws `flows.journeyLost` when expired, unknown, or asked by another browser. */
  load(id: string, browserSecret: string): Promise<HeldJourney>;
  /** As `load`, once nobody else works on it. Throws `flows.busy` when that takes too long. */
  idle(id: string, browserSecret: string): Promise<HeldJourney>;
  /** Exclusive right to work on the journey for a while; of N concurrent calls one gets it, the others `undefined`. */
  claim(held: HeldJourney): Promise<HeldJourney | undefined>;
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

  const put = (journey: Journey, browserSecret: string, revision: number): Promise<number> => {
    const { id, browser, started } = journey;
    const ttlSeconds = Math.max(1, started + lifetimeSeconds - clock.now());
    const payload: Stored = { browser, sealed: seal(journey, browserSecret) };
    return ephemeral.put('journey', { id, payload, ttlSeconds }, revision);
  };

  /** `undefined` when someone else has saved since. */
  const swap = async (held: HeldJourney): Promise<HeldJourney | undefined> => {
    const { journey, browserSecret, revision } = held;
    try {
      return { ...held, revision: await put(journey, browserSecret, revision) };
    } catch (error) {
      if (isFault(error, 'store.stale')) return undefined;
      throw error;
    }
  };

  async function load(id: string, browserSecret: string): Promise<HeldJourney> {
    const held = isUuid(id) ? await ephemeral.get('journey', id) : undefined;
    if (!held) throw faults.journeyLost();
    const { browser, sealed } = held.payload as Stored;
    if (!sameSecret(browser, digest(browserSecret))) throw faults.journeyLost();
    return { journey: open(sealed, browserSecret), revision: held.revision, browserSecret };
  }

  return {
    create: (journey, browserSecret) => put(journey, browserSecret, 0),
    load,
    async idle(id, browserSecret) {
      const deadline = performance.now() + patienceMilliseconds;
      for (;;) {
        const held = await load(id, browserSecret);
        if ((held.journey.busyUntil ?? 0) <= clock.now()) return held;
        if (performance.now() > deadline) throw faults.busy();
        await delay(pollMilliseconds);
      }
    },
    claim: (held) => swap({ ...held, journey: { ...held.journey, busyUntil: clock.now() + claimSeconds } }),
    async release(held, journey) {
      const { busyUntil: _held, ...free } = journey;
      const saved = await swap({ ...held, journey: free });
      if (!saved) throw faults.busy();
      return saved.revision;
    },
  };
}

interface Stored {
  /** Digest of the browser's secret. */
  readonly browser: string;
  /** Nonce, tag and ciphertext (AES-256-GCM, NIST SP 800-38D), base64. */
  readonly sealed: string;
}

/** An object, since Node takes four times as long with the bytes of a key. */
const keyOf = (browserSecret: string): KeyObject =>
  createSecretKey(createHmac('sha256', browserSecret).update('journey').digest());

function seal(journey: Journey, browserSecret: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(browserSecret), nonce);
  const body = Buffer.concat([cipher.update(JSON.stringify(journey), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
}

function open(sealed: string, browserSecret: string): Journey {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', keyOf(browserSecret), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')) as Journey;
}
