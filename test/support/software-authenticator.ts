import { createHash, generateKeyPairSync, type JsonWebKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';

/** What a dishonest or broken authenticator or browser does otherwise. */
export interface Mischief {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly crossOrigin?: boolean;
  readonly signCount?: number;
  readonly userHandle?: string | null;
  /** Asked for no finger and no PIN. */
  readonly isUserVerified?: boolean;
  readonly isUserPresent?: boolean;
  readonly isBackupEligible?: boolean;
  /** Changes the signed bytes after signing. */
  readonly tampers?: boolean;
  /** The id in the answer is another than the one that was made. */
  readonly id?: string;
  /** Of a new key, in place of a random one. */
  readonly credentialId?: string;
  /** COSE algorithm that the key claims. */
  readonly algorithm?: number;
}

interface Key {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly userHandle: string;
  signCount: number;
}

type Options = Readonly<Record<string, unknown>>;

const bytes = (text = ''): Buffer => Buffer.from(text, 'base64url');

const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest();

type Cose = Map<number, number | Uint8Array>;

/** Keys of one kind, and how they look to others (RFC 9053 §7, RFC 8230 §4). */
const kinds = {
  ES256: {
    algorithm: -7,
    make: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    cose: ({ x, y }: JsonWebKey, algorithm: number): Cose =>
      new Map<number, number | Uint8Array>([
        [1, 2],
        [3, algorithm],
        [-1, 1],
        [-2, bytes(x)],
        [-3, bytes(y)],
      ]),
    hash: 'sha256',
  },
  EdDSA: {
    algorithm: -8,
    make: () => generateKeyPairSync('ed25519'),
    cose: ({ x }: JsonWebKey, algorithm: number): Cose =>
      new Map<number, number | Uint8Array>([
        [1, 1],
        [3, algorithm],
        [-1, 6],
        [-2, bytes(x)],
      ]),
    hash: null,
  },
  RS256: {
    algorithm: -257,
    make: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    cose: ({ n, e }: JsonWebKey, algorithm: number): Cose =>
      new Map<number, number | Uint8Array>([
        [1, 3],
        [3, algorithm],
        [-1, bytes(n)],
        [-2, bytes(e)],
      ]),
    hash: 'sha256',
  },
} as const;

export interface Making {
  /** Each use raises the count, as some security keys do it. */
  readonly counts?: boolean;
  readonly kind?: keyof typeof kinds;
}

/** Browser and authenticator in one, with keys in memory. */
export class SoftwareAuthenticator {
  readonly keys: Key[] = [];
  readonly origin: string;
  readonly counts: boolean;
  readonly kind: keyof typeof kinds;

  constructor(origin: string, { counts = false, kind = 'ES256' }: Making = {}) {
    this.origin = origin;
    this.counts = counts;
    this.kind = kind;
  }

  /** What the page sends after `navigator.credentials.create`. */
  create(options: Options, mischief: Mischief = {}): string {
    const { user, rp } = options as { user: { id: string }; rp: { id: string } };
    const { make, cose, algorithm } = kinds[this.kind];
    const credentialId = mischief.credentialId ?? randomBytes(32).toString('base64url');
    const key: Key = { ...make(), id: credentialId, userHandle: user.id, signCount: 0 };
    this.keys.push(key);
    const publicKey = cose(key.publicKey.export({ format: 'jwk' }), mischief.algorithm ?? algorithm);
    const id = Buffer.from(key.id, 'base64url');
    const length = Buffer.from([id.length >> 8, id.length & 255]);
    const credential = Buffer.concat([Buffer.alloc(16), length, id, isoCBOR.encode(publicKey)]);
    const authData = Buffer.concat([this.#data(rp.id, key, mischief, 0x40), credential]);
    const object = new Map<string, string | Uint8Array | Map<string, never>>([
      ['fmt', 'none'],
      ['attStmt', new Map<string, never>()],
      ['authData', authData],
    ]);
    return this.#answer(mischief.id ?? key.id, {
      clientDataJSON: this.#client('webauthn.create', options, mischief).toString('base64url'),
      attestationObject: Buffer.from(isoCBOR.encode(object)).toString('base64url'),
      transports: ['internal', 'made-up'],
    });
  }

  /** What the page sends after `navigator.credentials.get`, answered with the key made last or the one given. */
  get(options: Options, mischief: Mischief = {}, key = this.keys.at(-1)): string {
    if (!key) throw new TypeError('there is no key');
    const rpId = String(options['rpId']);
    if (this.counts) key.signCount += 1;
    const authData = this.#data(rpId, key, mischief, 0);
    const client = this.#client('webauthn.get', options, mischief);
    const signature = sign(kinds[this.kind].hash, Buffer.concat([authData, sha256(client)]), key.privateKey);
    if (mischief.tampers) authData.writeUInt32BE(authData.readUInt32BE(33) + 1, 33);
    const userHandle = mischief.userHandle === undefined ? key.userHandle : mischief.userHandle;
    return this.#answer(mischief.id ?? key.id, {
      clientDataJSON: client.toString('base64url'),
      authenticatorData: authData.toString('base64url'),
      signature: signature.toString('base64url'),
      ...(userHandle === null ? {} : { userHandle }),
    });
  }

  /** Authenticator data without credential (WebAuthn §6.1). */
  #data(rpId: string, { signCount }: Key, mischief: Mischief, more: number): Buffer {
    const { isUserVerified = true, isUserPresent = true, isBackupEligible = false } = mischief;
    const flags = (isUserPresent ? 1 : 0) | (isUserVerified ? 4 : 0) | (isBackupEligible ? 8 : 0) | more;
    const rest = Buffer.alloc(5);
    rest.writeUInt8(flags, 0);
    rest.writeUInt32BE(mischief.signCount ?? signCount, 1);
    return Buffer.concat([sha256(mischief.rpId ?? rpId), rest]);
  }

  #client(type: string, options: Options, mischief: Mischief): Buffer {
    const challenge = mischief.challenge ?? options['challenge'];
    const { origin = this.origin, crossOrigin = false } = mischief;
    return Buffer.from(JSON.stringify({ type: mischief.type ?? type, challenge, origin, crossOrigin }));
  }

  #answer(id: string, response: Options): string {
    return JSON.stringify({ id, rawId: id, type: 'public-key', clientExtensionResults: {}, response });
  }
}
