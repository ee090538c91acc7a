import { createPrivateKey, createPublicKey, generateKeyPair, type JsonWebKey, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { Directory } from '../directory/index.ts';
import { type Clock, isoDateTime, system } from '../kernel/index.ts';
import { type EntityOf, entities } from '../model/index.ts';
import { faults } from './faults.ts';
import type { SigningKey } from './jwt.ts';

export interface PublicKey {
  readonly kid: string;
  /** Seconds; when the key came into use. */
  readonly notBefore: number;
  readonly jwk: JsonWebKey;
  readonly key: KeyObject;
}

export interface KeyRing {
  /** Signs new tokens. */
  readonly signing: SigningKey;
  /** Private part of the oldest key: other secrets are derived from it, and outlive a change of the signing key. */
  readonly root: string;
  /** Every key a token still valid may have been signed with, the signing one included. */
  readonly published: readonly PublicKey[];
}

/** The tenant's signing keys; the first one is made when it is first needed. */
export interface Keys {
  ring(): Promise<KeyRing>;
}

type Stored = EntityOf<typeof entities.signingKey>;

const type = entities.signingKey;
const generate = promisify(generateKeyPair);
/** More keys than any rotation leaves. */
const most = 50;

function read(text: string | undefined, id: string): JsonWebKey {
  try {
    return JSON.parse(text ?? '') as JsonWebKey;
  } catch (cause) {
    throw faults.keyUnusable({ id }, cause);
  }
}

async function list(directory: Directory): Promise<readonly Stored[]> {
  const { items } = await directory.find({ type, limit: most });
  return items.map(({ entity }) => entity).sort((a, b) => order(a).localeCompare(order(b)));
}

/** Oldest first, so that processes that made a key at the same moment agree on one. */
const order = ({ createdDateTime, id }: Stored): string => `${createdDateTime} ${id}`;

async function create(directory: Directory, clock: Clock): Promise<void> {
  const { privateKey, publicKey } = await generate('rsa', { modulusLength: 2048 });
  await directory.create(system('first signing key of the tenant'), type, {
    algorithm: 'RS256',
    publicJwk: JSON.stringify(publicKey.export({ format: 'jwk' })),
    privateJwk: JSON.stringify(privateKey.export({ format: 'jwk' })),
    createdDateTime: isoDateTime(clock.now()),
    active: true,
  });
}

function publish({ id, publicJwk, createdDateTime }: Stored): PublicKey {
  const jwk = read(publicJwk, id);
  const notBefore = Math.floor(Date.parse(createdDateTime) / 1000) || 0;
  return { kid: id, notBefore, jwk, key: createPublicKey({ key: jwk, format: 'jwk' }) };
}

const open = async (directory: Directory, id: string): Promise<JsonWebKey> =>
  read((await directory.reveal({ type, id }))['privateJwk'], id);

async function load(directory: Directory, clock: Clock): Promise<KeyRing> {
  let stored = await list(directory);
  if (!stored.some(({ active }) => active)) {
    await create(directory, clock);
    stored = await list(directory);
  }
  const [oldest] = stored;
  const chosen = stored.find(({ active }) => active);
  if (!oldest || !chosen) throw faults.keyUnusable({ id: 'none' });
  const privateJwk = await open(directory, chosen.id);
  const { d } = oldest.id === chosen.id ? privateJwk : await open(directory, oldest.id);
  if (d === undefined) throw faults.keyUnusable({ id: oldest.id });
  const privateKey = createPrivateKey({ key: privateJwk, format: 'jwk' });
  return { signing: { kid: chosen.id, privateKey }, root: d, published: stored.map(publish) };
}

export function createKeys({ directory, clock }: { directory: Directory; clock: Clock }): Keys {
  let current: Promise<KeyRing> | undefined;
  const forget = (): void => {
    current = undefined;
  };
  directory.onChange(type, forget);

  async function ring(): Promise<KeyRing> {
    const loading = current ?? load(directory, clock);
    current = loading;
    try {
      return await loading;
    } catch (error) {
      if (current === loading) forget();
      throw error;
    }
  }

  return { ring };
}
