import { digest } from '../kernel/index.ts';
import type { Ephemeral } from '../store/index.ts';

/** What a person does not want to be asked again for a while. */
type Matter = 'passkey';

/** Ninety days. */
const waitSeconds = 90 * 86_400;

/** Nobody can read from it who has put off what. A browser that keeps no cookie is taken for all of them. */
const idOf = (matter: Matter, userId: string, device = ''): string => digest(`${matter}\n${userId}\n${device}`);

/** The person said "not now" on this browser, which keeps the secret `device`. */
export async function putOff(
  ephemeral: Ephemeral,
  matter: Matter,
  userId: string,
  device: string | undefined,
): Promise<void> {
  await ephemeral.put('putOff', { id: idOf(matter, userId, device), payload: {}, ttlSeconds: waitSeconds });
}

export const isPutOff = async (
  ephemeral: Ephemeral,
  matter: Matter,
  userId: string,
  device: string | undefined,
): Promise<boolean> => (await ephemeral.get('putOff', idOf(matter, userId, device))) !== undefined;
