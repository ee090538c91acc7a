import { digest } from '../kernel/index.ts';
import type { Ephemeral, EphemeralWrite } from '../store/index.ts';

/** A browser that nobody has signed in at for so long is new again. */
const yearSeconds = 365 * 86_400;

/** The pair alone is kept: neither which browsers a person has nor who uses a browser can be read from it. */
const pairOf = (device: string, userId: string): string => digest(`${userId}\n${device}`);

/**
 * How a browser stands with a person: `known`, they have signed in there before; `proved`, and once with two factors. What a password alone
 * has made known must not do in place of a second factor: with a stolen one another flow could be gone through first.
 */
export type DeviceStanding = 'new' | 'known' | 'proved';

interface Kept {
  /** Absent: one factor. */
  readonly isProved?: true;
}

export async function standingOf(
  ephemeral: Ephemeral,
  device: string | undefined,
  userId: string,
): Promise<DeviceStanding> {
  const held = device === undefined ? undefined : await ephemeral.get('knownDevice', pairOf(device, userId));
  if (!held) return 'new';
  return (held.payload as Kept).isProved ? 'proved' : 'known';
}

/**
 * To be written when the person has signed in at the browser; `isProved`: with two factors. What was proved once stays so. Nothing, of a browser
 * that keeps no cookie.
 */
export async function knowingDevice(
  ephemeral: Ephemeral,
  device: string | undefined,
  { userId, isProved }: { readonly userId: string; readonly isProved: boolean },
): Promise<readonly EphemeralWrite[]> {
  if (device === undefined) return [];
  const stays = isProved || (await standingOf(ephemeral, device, userId)) === 'proved';
  const payload: Kept = stays ? { isProved: true } : {};
  const record = { id: pairOf(device, userId), payload, ttlSeconds: yearSeconds };
  return [{ act: 'put', kind: 'knownDevice', record }];
}
