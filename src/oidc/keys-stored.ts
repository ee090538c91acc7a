import { createPublicKey, generateKeyPair, type JsonWebKey, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { Directory } from '../directory/index.ts';
import { type Caller, type Clock, type EpochSeconds, isFault, isoDateTime } from '../kernel/index.ts';
import { type EntityOf, entities } from '../model/index.ts';
import { faults } from './faults.ts';
import type { KeyTimes } from './keys-timeline.ts';

export type SigningAlgorithm = 'RS256' | 'ES256';

/** A key as it is stored, without its private part. */
export interface StoredKey extends KeyTimes {
  readonly algorithm: SigningAlgorithm;
  readonly created: EpochSeconds;
  readonly jwk: JsonWebKey;
  readonly key: KeyObject;
}

const type = entities.signingKey;
const generate = promisify(generateKeyPair);
/** More keys than any rotation leaves. */
const most = 100;

function read(text: string | undefined, id: string): JsonWebKey {
  try {
    return JSON.parse(text ?? '') as JsonWebKey;
  } catch (cause) {
    throw faults.keyUnusable({ id }, cause);
  }
}

const secondsOf = (dateTime: string): EpochSeconds => Math.floor(Date.parse(dateTime) / 1000) || 0;

function storedKey(entity: EntityOf<typeof type>): StoredKey {
  const { id, algorithm, publicJwk, createdDateTime, activeDateTime, withdrawnDateTime, active, generation } = entity;
  const jwk = read(publicJwk, id);
  const created = secondsOf(createdDateTime);
  return {
    id,
    algorithm: algorithm === 'ES256' ? 'ES256' : 'RS256',
    generation: Number(generation ?? 0),
    created,
    active: activeDateTime ? secondsOf(activeDateTime) : created,
    withdrawn: withdrawnDateTime ? secondsOf(withdrawnDateTime) : undefined,
    isStopped: !active && !withdrawnDateTime,
    jwk,
    key: createPublicKey({ key: jwk, format: 'jwk' }),
  };
}

/** Oldest first, so that processes that made a key at the same moment agree on one. */
export async function listKeys(directory: Directory): Promise<readonly StoredKey[]> {
  const { items } = await directory.find({ type, limit: most });
  const keys = items.map(({ entity }) => storedKey(entity));
  return keys.sort((a, b) => a.created - b.created || a.id.localeCompare(b.id));
}

/** The private part of a key. Throws `oidc.keyUnusable`, and `directory.wrongKey` when it was stored with another encryption key. */
export const openKey = async (directory: Directory, id: string): Promise<JsonWebKey> =>
  read((await directory.reveal({ type, id }))['privateJwk'], id);

const makePair = (algorithm: SigningAlgorithm) =>
  algorithm === 'ES256' ? generate('ec', { namedCurve: 'P-256' }) : generate('rsa', { modulusLength: 2048 });

export interface NewKey {
  readonly algorithm: SigningAlgorithm;
  readonly generation: number;
  /** When it begins to sign. */
  readonly active: EpochSeconds;
}

/** Resolves to its id; undefined when another process has made this generation. */
export async function createKey(
  directory: Directory,
  { now }: Pick<Clock, 'now'>,
  by: Caller,
  { algorithm, generation, active }: NewKey,
): Promise<string | undefined> {
  const { privateKey, publicKey } = await makePair(algorithm);
  try {
    const { entity } = await directory.create(by, type, {
      algorithm,
      publicJwk: JSON.stringify(publicKey.export({ format: 'jwk' })),
      privateJwk: JSON.stringify(privateKey.export({ format: 'jwk' })),
      createdDateTime: isoDateTime(now()),
      activeDateTime: isoDateTime(active),
      generation: String(generation),
    });
    return entity.id;
  } catch (error) {
    if (isFault(error, 'store.exists')) return undefined;
    throw error;
  }
}

/** What it has signed is worth nothing from then on. */
export async function withdrawKey(directory: Directory, by: Caller, id: string, from: EpochSeconds): Promise<void> {
  await directory.update(by, { type, id }, { active: false, withdrawnDateTime: isoDateTime(from) });
}

/** One that another process has removed meanwhile is as good as removed. */
export async function removeKey(directory: Directory, by: Caller, id: string): Promise<void> {
  try {
    await directory.remove(by, { type, id });
  } catch (error) {
    if (!isFault(error, 'directory.notFound') && !isFault(error, 'store.absent')) throw error;
  }
}
