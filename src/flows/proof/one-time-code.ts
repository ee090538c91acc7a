import { createHmac, randomInt } from 'node:crypto';
import { digest, networkOf, newSecret, sameSecret } from '../../kernel/index.ts';
import { fold } from '../../model/index.ts';
import { deliveredByExtension } from '../extensions/code-sender.ts';
import type { StepContext } from '../step.ts';
import { addressLimits, senderLimits } from './code-rules.ts';
import type { Destination } from './destination.ts';
import { codeLetter } from './letter.ts';
import { codeText } from './text-message.ts';

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

/** A counter outlives the longest journey anybody would configure. */
const journeyWindowSeconds = 86_400;

const macOf = ({ browserKey }: StepContext, nonce: string, code: string): string =>
  createHmac('sha256', browserKey).update(`${nonce}\n${code}`).digest('base64url');

/** The proof is of one address in one journey for one purpose, and of nothing else (security.md §5 no. 3, 4). */
const namesOf = ({ journey }: StepContext, { purpose, address, channel }: Destination) => {
  const one = digest(`${purpose}\n${journey.id}\n${channel}\n${fold(address)}`);
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
 * Sends a new code to the address; the one before is void. All limits are counters that are raised before anything else
 * happens, so simultaneous requests cannot pass them together. Whether the address has an account plays no part.
 */
export async function sendCode(context: StepContext, to: Destination): Promise<Sending> {
  const { ephemeral, rules } = context;
  const { digits, lifetimeSeconds, resendSeconds } = rules.codes;
  const names = namesOf(context, to);
  if (resendSeconds > 0 && (await ephemeral.increment('attempts', names.throttle, resendSeconds)) > 1)
    return tooSoon(context, names.throttle);
  if (await isTooMany(context, to)) return { kind: 'tooMany' };
  const code = String(randomInt(10 ** digits)).padStart(digits, '0');
  const nonce = newSecret();
  const payload: Waiting = { mac: macOf(context, nonce, code), nonce };
  await ephemeral.put('oneTimeCode', { id: names.code, payload, ttlSeconds: lifetimeSeconds });
  if (await handOver(context, to, code)) return { kind: 'sent' };
  await Promise.all([ephemeral.remove('oneTimeCode', names.code), ephemeral.remove('attempts', names.throttle)]);
  return { kind: 'failed' };
}

/** Counts one more code of this journey, to this address, and, where each costs money, from this sender. */
async function isTooMany(context: StepContext, to: Destination): Promise<boolean> {
  const { ephemeral, rules, journey } = context;
  const names = namesOf(context, to);
  const passes = async (name: string, most: number, seconds: number): Promise<boolean> =>
    (await ephemeral.increment('attempts', name, seconds)) > most;
  if (await passes(names.journey, rules.codes.codesPerJourney, journeyWindowSeconds)) return true;
  if (to.channel === 'sms') {
    const name = `textsOfSender:${digest(networkOf(journey.sender.address))}`;
    if (await passes(name, senderLimits.texts, senderLimits.windowSeconds)) return true;
  }
  return passes(names.codesOfAddress, addressLimits.codes, addressLimits.windowSeconds);
}

/** False: the extension that sends the letters of this application did not take it. */
async function deliver(context: StepContext, to: Destination, code: string): Promise<boolean> {
  const { mailer, texter } = context;
  if (to.channel === 'sms') {
    await texter.send(await codeText(context, to, code));
    return true;
  }
  const delivered = await deliveredByExtension(context, to, code);
  if (delivered === undefined) await mailer.send(await codeLetter(context, to, code));
  return delivered ?? true;
}

/** False: nobody took it. */
async function handOver(context: StepContext, to: Destination, code: string): Promise<boolean> {
  const { observe } = context;
  const { channel, purpose } = to;
  try {
    if (!(await deliver(context, to, code))) return false;
  } catch (error) {
    observe({ kind: 'warning', message: 'A message with a one-time code could not be sent.', error });
    return false;
  }
  observe({ kind: channel === 'email' ? 'mail.sent' : 'text.sent', to: 'redacted', purpose });
  return true;
}

async function tooSoon({ ephemeral, clock }: StepContext, throttle: string): Promise<Sending> {
  const expires = (await ephemeral.get('attempts', throttle))?.expires ?? clock.now();
  return { kind: 'tooSoon', seconds: Math.max(1, expires - clock.now()) };
}

/**
 * Looks at one try. The try is counted before the code is compared, and the right code is taken out of the store, so of any
 * number of simultaneous tries at most as many as the rules allow are looked at and one is accepted.
 */
export async function checkCode(context: StepContext, to: Destination, typed: string): Promise<Checking> {
  const { ephemeral, rules } = context;
  const { lifetimeSeconds, triesPerCode } = rules.codes;
  const names = namesOf(context, to);
  const waiting = await ephemeral.get('oneTimeCode', names.code);
  if (!waiting || waiting.consumed !== undefined) return 'expired';
  const { mac, nonce } = waiting.payload as Waiting;

  const tries = await ephemeral.increment('attempts', `codeTries:${nonce}`, lifetimeSeconds);
  if (tries > triesPerCode) return 'spent';
  const ofAddress = await ephemeral.increment('attempts', names.triesOfAddress, addressLimits.windowSeconds);
  if (ofAddress > addressLimits.tries) return 'tooMany';

  // People copy codes with the spaces of the letter.
  const code = typed.replace(/[\s-]/g, '');
  if (!sameSecret(macOf(context, nonce, code), mac)) return tries === triesPerCode ? 'spent' : 'wrong';
  return (await ephemeral.consume('oneTimeCode', names.code)) ? 'proved' : 'expired';
}
