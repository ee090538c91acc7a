import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
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

const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest();

/** Browser and authenticator in one, with keys in memory (ES256). `counts`: each use raises its count, as some security keys do. */
export class SoftwareAuthenticator {
  readonly keys: Key[] = [];
  readonly origin: string;
  readonly counts: boolean;

  constructor(origin: string, counts = false) {
    this.origin = origin;
    this.counts = counts;
  }

  /** What the page sends after `navigator.credentials.create`. */
  create(options: Options, mischief: Mischief = {}): string {
    const { user, rp } = options as { user: { id: string }; rp: { id: string } };
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const credentialId = mischief.credentialId ?? randomBytes(32).toString('base64url');
    const key: Key = { ...pair, id: credentialId, userHandle: user.id, signCount: 0 };
    this.keys.push(key);
    const jwk = key.publicKey.export({ format: 'jwk' });
    const cose = new Map<number, number | Uint8Array>([
      [1, 2],
      [3, mischief.algorithm ?? -7],
      [-1, 1],
      [-2, Buffer.from(jwk.x ?? '', 'base64url')],
      [-3, Buffer.from(jwk.y ?? '', 'base64url')],
    ]);
    const id = Buffer.from(key.id, 'base64url');
    const length = Buffer.from([id.length >> 8, id.length & 255]);
    const credential = Buffer.concat([Buffer.alloc(16), length, id, isoCBOR.encode(cose)]);
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
    const signature = sign('sha256', Buffer.concat([authData, sha256(client)]), key.privateKey);
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
