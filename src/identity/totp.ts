import { Secret, TOTP } from 'otpauth';
import type { EpochSeconds } from '../kernel/index.ts';

/** What an application that shows time-based codes is given. */
export interface Totp {
  /** Base32 (RFC 4648 §6). */
  readonly secret: string;
  /** `otpauth://totp/{issuer}:{account}?secret=…&issuer=…` (b2c contract j). */
  readonly uri: string;
}

/** SHA-1, six digits, thirty seconds (b2c contract j): the only form that every application understands. */
const form = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** A clock may be off by one step, and typing takes time (RFC 6238 §5.2). */
const window = 1;
/** 160 bits, as RFC 4226 §4 recommends. */
const secretBytes = 20;

/** Seconds for which a code can be accepted at all; so long it is remembered that it was used. */
export const totpLifetimeSeconds = (2 * window + 1) * form.period;

export function newTotp(issuer: string, account: string): Totp {
  const secret = new Secret({ size: secretBytes });
  const uri = new TOTP({ ...form, issuer, label: account, issuerInLabel: true, secret }).toString();
  return { secret: secret.base32, uri };
}

/** The time step whose code this is; `undefined`: of none that counts now. People copy codes with the space in their middle. */
export function totpStep(secret: string, typed: string, at: EpochSeconds): number | undefined {
  const token = typed.replace(/[\s-]/g, '');
  const delta = TOTP.validate({ ...form, token, secret: Secret.fromBase32(secret), timestamp: at * 1000, window });
  return delta === null ? undefined : Math.floor(at / form.period) + delta;
}
