import {
  constants,
  createCipheriv,
  createHash,
  createHmac,
  publicEncrypt,
  randomBytes,
  X509Certificate,
} from 'node:crypto';
import { type EntityOf, entities, fold } from '../../model/index.ts';
import type { StepContext } from '../step.ts';
import { type CallFailure, failed } from './failure.ts';
import type { Subscription } from './subscriptions.ts';

type Application = EntityOf<typeof entities.application>;

/** A password on its way to an API that knows whether it is right. */
export interface SubmittedPassword {
  readonly password: string;
  /** The API sends it back: so it has read what it was sent. */
  readonly nonce: string;
  readonly userName: string;
}

/** Seconds. */
const lifetime = 600;

const encode = (value: string | Buffer): string => Buffer.from(value).toString('base64url');

/**
 * Compact JWE (RFC 7516 §3.1) with RSA-OAEP and A128CBC-HS256 (RFC 7518 §4.3, §5.2.3), which is what published code for this event reads.
 */
export function encrypted(text: string, certificate: X509Certificate, kid: string): string {
  const x5t = createHash('sha1').update(certificate.raw).digest('base64url');
  const header = encode(JSON.stringify({ alg: 'RSA-OAEP', enc: 'A128CBC-HS256', kid, x5t, typ: 'JWT' }));
  const key = randomBytes(32);
  const [macKey, encryptionKey] = [key.subarray(0, 16), key.subarray(16)];
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const wrapped = publicEncrypt({ key: certificate.publicKey, padding, oaepHash: 'sha1' }, key);
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-128-cbc', encryptionKey, iv);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const aad = Buffer.from(header, 'ascii');
  const bits = Buffer.alloc(8);
  bits.writeBigUInt64BE(BigInt(aad.length) * 8n);
  const tag = createHmac('sha256', macKey).update(aad).update(iv).update(body).update(bits).digest().subarray(0, 16);
  return [header, encode(wrapped), encode(iv), encode(body), encode(tag)].join('.');
}

async function applicationOf(resourceId: string, { directory }: StepContext): Promise<Application | undefined> {
  const value = resourceId.slice(resourceId.lastIndexOf('/') + 1).toLowerCase();
  const { items } = await directory.find({
    type: entities.application,
    filter: { op: 'eq', path: ['appId'], value },
    limit: 1,
  });
  return items[0]?.entity;
}

function certificateOf({ tokenEncryptionKeyId: id, keyCredentials }: Application): X509Certificate | undefined {
  const found = keyCredentials.find(({ keyId }) => keyId !== null && id !== null && fold(keyId) === fold(id));
  return found?.key ? new X509Certificate(Buffer.from(found.key, 'base64')) : undefined;
}

/**
 * What the request says of the password: encrypted, when the application of the extension names a key for it (`tokenEncryptionKeyId`), as it
 * was typed otherwise.
 */
export async function passwordContext(
  context: StepContext,
  { extension }: Subscription,
  { password, nonce, userName }: SubmittedPassword,
): Promise<{ readonly kind: 'told'; readonly own: Readonly<Record<string, unknown>> } | CallFailure> {
  const authentication = extension?.authenticationConfiguration;
  const resourceId = authentication?.['@odata.type'] === 'azureAdTokenAuthentication' ? authentication.resourceId : '';
  const application = await applicationOf(resourceId, context);
  if (!application?.tokenEncryptionKeyId) {
    return { kind: 'told', own: { passwordContext: { userPassword: password, nonce } } };
  }
  const certificate = certificateOf(application);
  if (!certificate) return failed('unexpected', 'The tokenEncryptionKeyId of the application names no certificate.');
  const now = context.clock.now();
  const claims = {
    aud: application.appId,
    iss: resourceId,
    iat: now,
    nbf: now,
    exp: now + lifetime,
    'user-password': password,
    username: userName,
    nonce,
  };
  const kid = application.tokenEncryptionKeyId;
  const encryptedPasswordContext = encrypted(JSON.stringify(claims), certificate, kid);
  return { kind: 'told', own: { encryptedPasswordContext } };
}
