import { createHmac, randomInt } from 'node:crypto';
import { digest, newSecret, sameSecret } from '../../kernel/index.ts';
import { fold } from '../../model/index.ts';
import type { StepContext } from '../step.ts';
import { codeLetter } from './letter.ts';

/** The numbers of product.md choice 9 and the b2c contract (j). Times in seconds. */
export const codeRules = {
  digits: 6,
  lifetimeSeconds: 600,
  triesPerCode: 5,
  resendSeconds: 30,
  codesPerJourney: 10,
  /** An address is written to and guessed at by many journeys: these hold for all of them together. */
  codesPerAddress: 20,
  triesPerAddress: 50,
  addressWindowSeconds: 3600,
} as const;

/** `tooSoon`: `seconds` until the next code may be asked for. `failed`: the letter could not be handed over. */
export type Sending =
  | { readonly kind: 'sent' }
  | { readonly kind: 'tooSoon'; readonly seconds: number }
  | { readonly kind: 'tooMany' }
  | { readonly kind: 'failed' };

/** `expired`: no code is waiting, it ran out or was used. `spent`: this code is closed after too many tries. */
export type Checking = 'proved' | 'wrong' | 'expired' | 'spent' | 'tooMany';

interface Waiting {
  /** Keyed digest of the code; the code itself is stored nowhere. */
  readonly mac: string;
  /** Names the try counter, so that each code has its own. */
  readonly nonce: string;
}

const { digits, lifetimeSeconds, resendSeconds, addressWindowSeconds } = codeRules;

/** A counter outlives the longest journey anybody would configure. */
const journeyWindowSeconds = 86_400;

const macOf = ({ browserKey }: StepContext, nonce: string, code: string): string =>
  createHmac('sha256', browserKey).update(`${nonce}\n${code}`).digest('base64url');

/** The proof is of one address in one journey for one purpose, and of nothing else (security.md §5 no. 3, 4). */
const namesOf = ({ journey }: StepContext, purpose: string, address: string) => {
  const one = digest(`${purpose}\n${journey.id}\n${fold(address)}`);
  const anywhere = digest(fold(address));
  return {
    code: one,
    throttle: `codeThrottle:${one}`,
    journey: `codesOfJourney:${journey.id}`,
    codesOfAddress: `codesOfAddress:${anywhere}`,
    triesOfAddress: `codeTriesOfAddress:${anywhere}`,
  };
};

/**
 * Mails a new code to the address; the one before is void. All limits are counters that are raised before anything else
 * happens, so simultaneous requests cannot pass them together. Whether the address has an account plays no part.
 */
export async function sendCode(context: StepContext, purpose: string, address: string): Promise<Sending> {
  const { ephemeral, mailer, observe } = context;
  const names = namesOf(context, purpose, address);
  if ((await ephemeral.increment('attempts', names.throttle, resendSeconds)) > 1)
    return tooSoon(context, names.throttle);
  const ofJourney = await ephemeral.increment('attempts', names.journey, journeyWindowSeconds);
  if (ofJourney > codeRules.codesPerJourney) return { kind: 'tooMany' };
  const ofAddress = await ephemeral.increment('attempts', names.codesOfAddress, addressWindowSeconds);
  if (ofAddress > codeRules.codesPerAddress) return { kind: 'tooMany' };

  const code = String(randomInt(10 ** digits)).padStart(digits, '0');
  const nonce = newSecret();
  const payload: Waiting = { mac: macOf(context, nonce, code), nonce };
  await ephemeral.put('oneTimeCode', { id: names.code, payload, ttlSeconds: lifetimeSeconds });
  try {
    await mailer.send(codeLetter(context, address, purpose, code, lifetimeSeconds / 60));
  } catch (error) {
    observe({ kind: 'warning', message: 'A letter with a one-time code could not be sent.', error });
    await Promise.all([ephemeral.remove('oneTimeCode', names.code), ephemeral.remove('attempts', names.throttle)]);
    return { kind: 'failed' };
  }
  observe({ kind: 'mail.sent', to: 'redacted', purpose });
  return { kind: 'sent' };
}

async function tooSoon({ ephemeral, clock }: StepContext, throttle: string): Promise<Sending> {
  const expires = (await ephemeral.get('attempts', throttle))?.expires ?? clock.now();
  return { kind: 'tooSoon', seconds: Math.max(1, expires - clock.now()) };
}

/**
 * Looks at one try. The try is counted before the code is compared, and the right code is taken out of the store, so of any
 * number of simultaneous tries at most five are looked at and one is accepted.
 */
export async function checkCode(
  context: StepContext,
  purpose: string,
  address: string,
  typed: string,
): Promise<Checking> {
  const { ephemeral } = context;
  const names = namesOf(context, purpose, address);
  const waiting = await ephemeral.get('oneTimeCode', names.code);
  if (!waiting || waiting.consumed !== undefined) return 'expired';
  const { mac, nonce } = waiting.payload as Waiting;

  const tries = await ephemeral.increment('attempts', `codeTries:${nonce}`, lifetimeSeconds);
  if (tries > codeRules.triesPerCode) return 'spent';
  const ofAddress = await ephemeral.increment('attempts', names.triesOfAddress, addressWindowSeconds);
  if (ofAddress > codeRules.triesPerAddress) return 'tooMany';

  // People copy codes with the spaces of the letter.
  const code = typed.replace(/[\s-]/g, '');
  if (!sameSecret(macOf(context, nonce, code), mac)) return tries === codeRules.triesPerCode ? 'spent' : 'wrong';
  return (await ephemeral.consume('oneTimeCode', names.code)) ? 'proved' : 'expired';
}
