import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { decodeAttestationObject, decodeClientDataJSON, isoBase64URL, isoCBOR } from '@simplewebauthn/server/helpers';

/** Characters of an answer; the largest that a browser sends for a key without attestation is a tenth of it. */
const longest = 16_384;

/** Characters of a credential id in base64url: 1023 bytes (WebAuthn §4). */
const longestId = 1364;

/** WebAuthn §5.8.4, and what older browsers say for `hybrid`. */
const knownTransports = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'];

const base64url = /^[A-Za-z0-9_-]+$/;

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isBinary = (value: unknown): value is string => typeof value === 'string' && base64url.test(value);

function parsed(answer: string): Members | undefined {
  if (answer.length > longest) return undefined;
  try {
    const value: unknown = JSON.parse(answer);
    return isMembers(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What both kinds of answers have (WebAuthn §5.1); every binary value is base64url. */
interface Credential {
  readonly id: string;
  readonly response: Members;
}

function credentialIn(answer: string, binaries: readonly string[]): Credential | undefined {
  const { id, rawId, type, response } = parsed(answer) ?? {};
  if (!isBinary(id) || id.length > longestId || rawId !== id || type !== 'public-key') return undefined;
  if (!isMembers(response) || !['clientDataJSON', ...binaries].every((name) => isBinary(response[name]))) {
    return undefined;
  }
  return isFromOwnPage(String(response['clientDataJSON'])) ? { id, response } : undefined;
}

/** No page of another origin may show ours in a frame, so no answer comes from one (WebAuthn §13.4.2). */
function isFromOwnPage(clientDataJSON: string): boolean {
  try {
    const { crossOrigin, topOrigin } = decodeClientDataJSON(clientDataJSON);
    return crossOrigin !== true && topOrigin === undefined;
  } catch {
    return false;
  }
}

/**
 * Whatever vouches for the authenticator is left out unread: no statement was asked for (WebAuthn §5.4.7), and to check one that somebody
 * made up can mean to fetch what it names.
 */
function withoutStatement(attestationObject: string): string | undefined {
  try {
    const authData = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject)).get('authData');
    const bare = new Map<string, string | Uint8Array | Map<string, never>>([
      ['fmt', 'none'],
      ['attStmt', new Map<string, never>()],
      ['authData', authData],
    ]);
    return isoBase64URL.fromBuffer(isoCBOR.encode(bare));
  } catch {
    return undefined;
  }
}

const textOf = (response: Members, name: string): string => String(response[name]);

/** What both kinds of answers say of the credential (WebAuthn §5.1). */
const named = (id: string) => ({ id, rawId: id, type: 'public-key', clientExtensionResults: {} }) as const;

const asked = (response: Parameters<typeof textOf>[0]) => ({ clientDataJSON: textOf(response, 'clientDataJSON') });

/** What a browser sent for `navigator.credentials.create`; undefined when it can be none. Proves nothing yet. */
export function creationIn(answer: string): RegistrationResponseJSON | undefined {
  const found = credentialIn(answer, ['attestationObject']);
  if (!found) return undefined;
  const { id, response } = found;
  const attestationObject = withoutStatement(textOf(response, 'attestationObject'));
  if (attestationObject === undefined) return undefined;
  const { transports } = response;
  const known = Array.isArray(transports) ? knownTransports.filter((one) => transports.includes(one)) : [];
  return { ...named(id), response: { ...asked(response), attestationObject, transports: known } };
}

/** The same for `navigator.credentials.get`. */
export function useIn(answer: string): AuthenticationResponseJSON | undefined {
  const found = credentialIn(answer, ['authenticatorData', 'signature']);
  if (!found) return undefined;
  const { id, response } = found;
  const { userHandle } = response;
  return {
    ...named(id),
    response: {
      ...asked(response),
      authenticatorData: textOf(response, 'authenticatorData'),
      signature: textOf(response, 'signature'),
      ...(isBinary(userHandle) ? { userHandle } : {}),
    },
  };
}
