import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { CallbackAnswer } from '../federation/index.ts';
import { type Clock, digest, isFault } from '../kernel/index.ts';
import type { Ephemeral } from '../store/index.ts';
import { faults } from './faults.ts';

/** People at foreign providers, and what they come back with until their own browser asks for it. */
export interface Absences {
  /** A journey sends its browser away. */
  begin(state: string, journeyId: string): Promise<void>;
  /** See `Flows.bringBack`. Throws `flows.journeyLost`. */
  bringBack(answer: CallbackAnswer): Promise<{ readonly journeyId: string }>;
  /** Hands the answer over once; `undefined`: there is none. */
  take(state: string): Promise<CallbackAnswer | undefined>;
}

interface Stored {
  readonly journeyId: string;
  /** Nonce, tag and ciphertext (AES-256-GCM): it can hold a code or an ID token. Empty: it was handed over. */
  readonly sealed?: string;
}

/** UTF-8 bytes of an answer: SAML responses are the longest. */
const mostBytes = 128 * 1024;

const keyOf = (state: string): Buffer => createHmac('sha256', state).update('foreign answer').digest();

function seal(answer: CallbackAnswer, state: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(state), nonce);
  const body = Buffer.concat([cipher.update(JSON.stringify(answer), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
}

function open(sealed: string, state: string): CallbackAnswer {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', keyOf(state), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8'));
}

/** The name by which the answer finds its journey: `state` (RFC 6749 §4.1.1), in SAML `RelayState` (Bindings §3.4.3). */
const stateIn = ({ params }: CallbackAnswer): string | undefined => params['state'] ?? params['RelayState'];

export function createAbsences(services: {
  readonly ephemeral: Ephemeral;
  readonly clock: Clock;
  readonly lifetimeSeconds: number;
}): Absences {
  const { ephemeral, clock, lifetimeSeconds } = services;
  return {
    async begin(state, journeyId) {
      const payload: Stored = { journeyId };
      await ephemeral.put('away', { id: digest(state), payload, ttlSeconds: lifetimeSeconds }, 0);
    },
    async bringBack(answer) {
      const state = stateIn(answer);
      const held = state === undefined ? undefined : await ephemeral.get('away', digest(state));
      if (state === undefined || !held) throw faults.journeyLost();
      const { journeyId, sealed } = held.payload as Stored;
      // A second answer to one question is somebody else's, or the same once more.
      if (sealed !== undefined || held.consumed !== undefined) return { journeyId };
      const next = seal(answer, state);
      if (next.length > mostBytes) throw faults.journeyLost();
      const payload: Stored = { journeyId, sealed: next };
      const ttlSeconds = Math.max(1, held.expires - clock.now());
      try {
        await ephemeral.put('away', { id: held.id, payload, ttlSeconds }, held.revision);
      } catch (error) {
        if (!isFault(error, 'store.stale')) throw error;
      }
      return { journeyId };
    },
    async take(state) {
      const id = digest(state);
      const held = await ephemeral.get('away', id);
      const { journeyId = '', sealed } = (held?.payload ?? {}) as Partial<Stored>;
      if (!held || !sealed || !(await ephemeral.consume('away', id))) return undefined;
      // What was handed over is kept no longer: a code or a token, and a lot of room for everybody who comes back often.
      const payload: Stored = { journeyId, sealed: '' };
      await ephemeral.put('away', { id, payload, ttlSeconds: Math.max(1, held.expires - clock.now()) });
      return open(sealed, state);
    },
  };
}
