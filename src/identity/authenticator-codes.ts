import { digest, type EpochSeconds, isoDateTime } from '../kernel/index.ts';
import type { Ephemeral } from '../store/index.ts';
import type { AuthenticatorShelf } from './authenticator-shelf.ts';
import { recoveryDigest } from './recovery-codes.ts';
import { totpLifetimeSeconds, totpStep } from './totp.ts';

/** `spent`: it was right and has been used already. `tooMany`: it was not looked at, after too many wrong ones of this person. */
export type FactorCheck = 'proved' | 'wrong' | 'spent' | 'tooMany';

/** Wrong codes of one person in an hour, whatever the journeys; a right one clears the count. */
export const factorLimits = { tries: 10, windowSeconds: 3600 } as const;

/** Codes that a person brings along, as opposed to those that are sent. */
export interface AuthenticatorCodes {
  /** A time-based code by any of the person's applications; each code counts once (RFC 6238 §5.2). */
  useTotp(userId: string, code: string, at: EpochSeconds): Promise<FactorCheck>;
  /** The same for a secret that is nobody's yet. The caller counts the tries. */
  proveTotp(secret: string, code: string, at: EpochSeconds): Promise<Exclude<FactorCheck, 'tooMany'>>;
  /** Of any number of simultaneous uses of one code one is `proved`. */
  useRecoveryCode(userId: string, code: string, at: EpochSeconds): Promise<FactorCheck>;
}

export function createCodes(shelf: AuthenticatorShelf, ephemeral: Ephemeral): AuthenticatorCodes {
  /** The try is counted before anything is looked at, so simultaneous ones cannot pass the limit together. */
  async function counted(userId: string, look: () => Promise<FactorCheck>): Promise<FactorCheck> {
    const counter = `factorTries:${userId}`;
    const tries = await ephemeral.increment('attempts', counter, factorLimits.windowSeconds);
    if (tries > factorLimits.tries) return 'tooMany';
    const came = await look();
    if (came === 'proved') await ephemeral.remove('attempts', counter);
    return came;
  }

  async function proveTotp(secret: string, code: string, at: EpochSeconds): Promise<'proved' | 'wrong' | 'spent'> {
    const step = totpStep(secret, code, at);
    if (step === undefined) return 'wrong';
    const uses = await ephemeral.increment('attempts', `totp:${digest(secret)}:${step}`, totpLifetimeSeconds);
    return uses === 1 ? 'proved' : 'spent';
  }

  async function lookAtTotp(userId: string, code: string, at: EpochSeconds): Promise<FactorCheck> {
    let came: FactorCheck = 'wrong';
    for (const found of await shelf.list(userId)) {
      if (found.entity.kind !== 'totp') continue;
      const one = await proveTotp(await shelf.secretOf(found.entity.id), code, at);
      if (one === 'proved') {
        await shelf.noteUse(found, at);
        return one;
      }
      if (one === 'spent') came = one;
    }
    return came;
  }

  async function spend(userId: string, code: string, at: EpochSeconds): Promise<FactorCheck> {
    for (;;) {
      const found = (await shelf.list(userId)).find(({ entity }) => entity.kind === 'recoveryCode');
      if (!found) return 'wrong';
      const { id, recoveryCodes } = found.entity;
      const used = recoveryDigest(await shelf.secretOf(id), code);
      if (!recoveryCodes.includes(used)) return 'wrong';
      const left = recoveryCodes.filter((one) => one !== used);
      if (await shelf.swap(found, { recoveryCodes: left, lastUsedDateTime: isoDateTime(at) })) return 'proved';
    }
  }

  return {
    proveTotp,
    useTotp: (userId, code, at) => counted(userId, () => lookAtTotp(userId, code, at)),
    useRecoveryCode: (userId, code, at) => counted(userId, () => spend(userId, code, at)),
  };
}
