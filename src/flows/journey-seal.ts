import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { createLru, digest } from '../kernel/index.ts';
import { faults } from './faults.ts';
import type { Journey } from './journey.ts';
import type { Plan } from './plan.ts';

/** A journey as it is stored; nonce, tag and ciphertext (AES-256-GCM, NIST SP 800-38D) of each part, base64. */
export interface SealedJourney {
  /** The journey, behind a line that holds the digest of its plan. */
  readonly sealed: string;
  /** Its plan. Absent where an earlier version of the server has sealed the journey whole, as JSON. */
  readonly plan?: string;
}

/** The same journey as it was opened. */
interface Opened {
  readonly journey: Journey;
  readonly stored: SealedJourney;
}

/** Seals journeys with keys of their browsers. */
export interface JourneySeal {
  /** `before`: whose sealed plan still holds where the plan is the same. */
  seal(journey: Journey, key: KeyObject, before?: Opened): SealedJourney;
  /** Throws `flows.journeyLost` for parts that do not belong together, and Node's error for what another key has sealed. */
  open(stored: SealedJourney, key: KeyObject): Journey;
}

/** An object, since Node takes four times as long with the bytes of a key. */
export const keyOf = (browserSecret: string): KeyObject =>
  createSecretKey(createHmac('sha256', browserSecret).update('journey').digest());

interface PlanText {
  readonly text: string;
  readonly digest: string;
}

/** Plans kept at most; a flow has one for each language, of some kilobytes. */
const capacity = 200;

/**
 * The plan is most of a journey, the same in all of its flow, and does not change on the way. So it is sealed once, and read once for everybody: what is
 * sealed with each journey says by its digest which plan it has.
 */
export function createJourneySeal(): JourneySeal {
  const texts = new WeakMap<Plan, PlanText>();
  const plans = createLru<Plan>(capacity);

  function textOf(plan: Plan): PlanText {
    const known = texts.get(plan);
    if (known) return known;
    const text = JSON.stringify(plan);
    const made = { text, digest: digest(text) };
    texts.set(plan, made);
    return made;
  }

  function planOf(wanted: string, sealed: string, key: KeyObject): Plan {
    const known = plans.get(wanted);
    if (known) return known;
    const text = open(sealed, key);
    if (digest(text) !== wanted) throw faults.journeyLost();
    const plan = JSON.parse(text) as Plan;
    plans.set(wanted, plan);
    texts.set(plan, { text, digest: wanted });
    return plan;
  }

  return {
    seal(journey, key, before) {
      const { plan, ...rest } = journey;
      const of = textOf(plan);
      const kept = before?.journey.plan === plan ? before.stored.plan : undefined;
      return { sealed: seal(`${of.digest}\n${JSON.stringify(rest)}`, key), plan: kept ?? seal(of.text, key) };
    },
    open({ sealed, plan }, key) {
      const text = open(sealed, key);
      if (plan === undefined) return JSON.parse(text) as Journey;
      const end = text.indexOf('\n');
      if (end < 0) throw faults.journeyLost();
      const rest = JSON.parse(text.slice(end + 1)) as Omit<Journey, 'plan'>;
      return { ...rest, plan: planOf(text.slice(0, end), plan, key) };
    },
  };
}

const algorithm = 'aes-256-gcm';
/** Bytes. */
const [nonceLength, authTagLength] = [12, 16];

function seal(text: string, key: KeyObject): string {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv(algorithm, key, nonce);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
}

function open(sealed: string, key: KeyObject): string {
  const bytes = Buffer.from(sealed, 'base64');
  const begin = nonceLength + authTagLength;
  // Without its length a tag of four bytes would do, which somebody can guess.
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceLength), { authTagLength });
  decipher.setAuthTag(bytes.subarray(nonceLength, begin));
  return Buffer.concat([decipher.update(bytes.subarray(begin)), decipher.final()]).toString('utf8');
}
