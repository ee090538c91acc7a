import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { type EpochSeconds, isFault } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { faults } from './faults.ts';
import type { SigningKey } from './jwt.ts';
import { dueAt, type KeyServices, tendKeys } from './keys-rotation.ts';
import { openKey, type SigningAlgorithm, type StoredKey } from './keys-stored.ts';
import { type KeyState, timelineOf } from './keys-timeline.ts';

export interface PublicKey {
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  /** Seconds; when the key came into use, or will. */
  readonly notBefore: number;
  readonly jwk: JsonWebKey;
  readonly key: KeyObject;
}

export interface KeyRing {
  /** Signs new tokens. */
  readonly signing: SigningKey;
  /** Private part of the oldest key: other secrets are derived from it, and outlive a change of the signing key. */
  readonly root: string;
  /** Every key a token still valid may have been signed with, the signing one included, and those that will sign. */
  readonly published: readonly PublicKey[];
  /** These, and those that tokens no longer valid may have been signed with: an old ID token says who signs out. */
  readonly known: readonly PublicKey[];
}

/** The tenant's signing keys. The first one is made when it is first needed, and so are those that its settings ask for. */
export interface Keys {
  /** As they are now. With the name of a key that another server may have just made, read again for it if need be. */
  ring(kid?: string): Promise<KeyRing>;
}

interface Loaded {
  readonly ring: KeyRing;
  readonly from: EpochSeconds;
  /** When it is another one though nobody has changed anything. */
  readonly until: EpochSeconds;
}

/** Seconds between two looks for keys that are not there: anybody can send a token that names one. */
const looksApart = 1;

const published: readonly KeyState[] = ['next', 'signing', 'published'];
const known: readonly KeyState[] = [...published, 'kept'];

const publish = ({ id, algorithm, jwk, key, active }: StoredKey): PublicKey => ({
  kid: id,
  algorithm,
  notBefore: active,
  jwk,
  key,
});

async function load(services: KeyServices): Promise<Loaded> {
  const { directory, clock, settings } = services;
  const stored = await tendKeys(services);
  const now = clock.now();
  const { states, signing, until } = timelineOf(stored, now);
  const [oldest] = stored;
  if (!oldest || !signing) throw faults.keyUnusable({ id: 'none' });
  const privateJwk = await openKey(directory, signing.id);
  const { d: root } = oldest.id === signing.id ? privateJwk : await openKey(directory, oldest.id);
  if (root === undefined) throw faults.keyUnusable({ id: oldest.id });
  const those = (wanted: readonly KeyState[]) => stored.filter((key) => wanted.includes(states.get(key) ?? 'over'));
  const old = those(known).map(publish);
  const listed = new Set(those(published).map(({ id }) => id));
  const ring: KeyRing = {
    signing: { kid: signing.id, privateKey: createPrivateKey({ key: privateJwk, format: 'jwk' }) },
    root,
    published: old.filter(({ kid }) => listed.has(kid)),
    known: old,
  };
  return { ring, from: now, until: Math.min(until, Math.max(dueAt(stored, await settings()), now + looksApart)) };
}

/** Another process may remove a key, or make one, between two looks at the store. */
const loadSurely = (services: KeyServices): Promise<Loaded> =>
  load(services).catch((error: unknown) => {
    if (isFault(error, 'directory.notFound') || isFault(error, 'oidc.keyUnusable')) return load(services);
    throw error;
  });

export function createKeys(services: KeyServices): Keys {
  const { directory, clock } = services;
  let current: Promise<Loaded> | undefined;
  const forget = (): void => {
    current = undefined;
  };
  directory.onChange(entities.signingKey, forget);
  directory.onChange(entities.organization, forget);

  async function loaded(): Promise<Loaded> {
    const loading = current ?? loadSurely(services);
    current = loading;
    try {
      return await loading;
    } catch (error) {
      if (current === loading) forget();
      throw error;
    }
  }

  return {
    async ring(kid) {
      const found = await loaded();
      const now = clock.now();
      const { ring, from, until } = found;
      const isOver = now >= until || now < from;
      const isMissing = kid !== undefined && now >= from + looksApart && !ring.known.some((key) => key.kid === kid);
      if (!isOver && !isMissing) return ring;
      const before = await current;
      if (before === found) forget();
      return (await loaded()).ring;
    },
  };
}
