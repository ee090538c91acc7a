import { digest } from '../kernel/index.ts';
import type { Ephemeral } from '../store/index.ts';

/** A browser that nobody has signed in at for so long is new again. */
const yearSeconds = 365 * 86_400;

/** The pair alone is kept: neither which browsers a person has nor who uses a browser can be read from it. */
const pairOf = (device: string, userId: string): string => digest(`${userId}\n${device}`);

/** Whether the person has signed in before at the browser that keeps this secret. */
export async function isKnownDevice(
  ephemeral: Ephemeral,
  device: string | undefined,
  userId: string,
): Promise<boolean> {
  return device !== undefined && (await ephemeral.get('knownDevice', pairOf(device, userId))) !== undefined;
}

/** The person has signed in at the browser. */
export async function knowDevice(ephemeral: Ephemeral, device: string | undefined, userId: string): Promise<void> {
  if (device === undefined) return;
  await ephemeral.put('knownDevice', { id: pairOf(device, userId), payload: {}, ttlSeconds: yearSeconds });
}
