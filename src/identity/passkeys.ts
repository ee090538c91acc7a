import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { type EpochSeconds, newSecret } from '../kernel/index.ts';
import type { Authenticators, Passkey } from './authenticators.ts';
import type { creationIn, useIn } from './passkey-answer.ts';
import { knownAaguid, passkeyName } from './passkey-names.ts';
import type { User } from './user.ts';

/** Loaded with the first passkey: it takes 27 MB, and many tenants have none. */
const webauthn = () => import('@simplewebauthn/server');

/** The same library reads the answers. */
const answers = () => import('./passkey-answer.ts');

/** WebAuthn §5.8.6. */
export type UserVerification = 'required' | 'preferred' | 'discouraged';

/** What a browser was asked, kept by the server until the answer comes; good for one answer. Plain data. */
export interface PasskeyChallenge {
  /** 32 random bytes, base64url. */
  readonly challenge: string;
  /** Where it was asked; the answer must come from there. */
  readonly origin: string;
  readonly userVerification: UserVerification;
  /** Of the owner of a new passkey, base64url. */
  readonly userHandle?: string;
}

/** What a page asks the browser, and what is kept to check the answer. */
export interface PasskeyQuestion {
  readonly challenge: PasskeyChallenge;
  /** As JSON (WebAuthn §5.4, §5.5). */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Where and how a passkey is asked for. */
export interface PasskeyPlace {
  /** One of the server's own; undefined: no browser asks. */
  readonly origin: string | undefined;
  readonly userVerification: UserVerification;
}

/** Whose passkey is made. */
export interface PasskeyOwner {
  /** Absent: the account is still to be created. */
  readonly userId?: string;
  /** The name to sign in with, for the browser's list of passkeys. */
  readonly name: string;
  readonly displayName: string;
}

export interface MadePasskey {
  readonly passkey: Passkey;
  /** The authenticator has asked for a finger, a face or a PIN. */
  readonly isUserVerified: boolean;
}

/** `account`: for the log alone; whoever tries must not learn it. */
export type PasskeyProof =
  | { readonly kind: 'proved'; readonly user: User; readonly passkey: Passkey; readonly isUserVerified: boolean }
  | { readonly kind: 'wrong' | 'disabled'; readonly account: User | undefined };

/** Passkeys of one tenant (WebAuthn Level 3). */
export interface Passkeys {
  /** Undefined: there can be none at this place, or the owner has as many as can be. */
  toCreate(place: PasskeyPlace, owner: PasskeyOwner): Promise<PasskeyQuestion | undefined>;
  /** What a browser has made; undefined when the answer is not right. Keeps nothing; who vouches for it is for the caller to say. */
  created(challenge: PasskeyChallenge, answer: string, userAgent: string | undefined): Promise<MadePasskey | undefined>;
  /** Without `userId` any passkey of any account will do, and none is named; undefined: there can be none at this place. */
  toUse(place: PasskeyPlace, userId?: string): Promise<PasskeyQuestion | undefined>;
  /** Whose passkey has answered; `userId`: it must be that one's. */
  prove(challenge: PasskeyChallenge, answer: string, at: EpochSeconds, userId?: string): Promise<PasskeyProof>;
}

/** EdDSA, ES256, RS256 (IANA COSE algorithms): what browsers and Windows have between them. */
const algorithms = [-8, -7, -257];

/** As long as WebAuthn §15.1 recommends at least. */
const timeoutMilliseconds = 300_000;

/** Random bytes of a user handle: nobody learns anything from it about whose it is (WebAuthn §14.6.1). */
const handleBytes = 64;

/** The host name of the origin; undefined for addresses, which can have no passkeys (WebAuthn §5.1.2, valid domain string). */
export function relyingPartyId(origin: string | undefined): string | undefined {
  const host = origin !== undefined && URL.canParse(origin) ? new URL(origin).hostname : '';
  return host === '' || host.startsWith('[') || isIP(host) !== 0 ? undefined : host;
}

/** What an authenticator of ours says, or undefined for whatever cannot be read or is not right. */
async function checked<T>(check: () => Promise<T>): Promise<T | undefined> {
  try {
    return await check();
  } catch {
    // The library throws for every wrong answer, and the answer is whatever somebody sent.
    return undefined;
  }
}

const expected = ({ challenge, origin, userVerification }: PasskeyChallenge) => ({
  expectedChallenge: challenge,
  expectedOrigin: origin,
  expectedRPID: relyingPartyId(origin) ?? '',
  requireUserVerification: userVerification === 'required',
});

const named = ({ credentialId: id, transports }: Passkey) => ({ id, transports: [...transports] });

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'base64url'));

interface PasskeyServices {
  readonly authenticators: Authenticators;
  /** What people know the tenant as. */
  readonly tenantName: () => Promise<string>;
  /** Authentication methods of one person. */
  readonly maximum: number;
  find(userId: string): Promise<User | undefined>;
}

export function createPasskeys({ authenticators, tenantName, maximum, find }: PasskeyServices): Passkeys {
  async function passkeysOf(userId: string | undefined): Promise<readonly Passkey[] | undefined> {
    const own = userId === undefined ? [] : await authenticators.of(userId);
    const passkeys = own.flatMap((one) => (one.kind === 'passkey' ? [one.content] : []));
    return own.length < maximum ? passkeys : undefined;
  }

  return {
    async toCreate({ origin, userVerification }, { userId, name, displayName }) {
      const rpID = relyingPartyId(origin);
      const own = await passkeysOf(userId);
      if (rpID === undefined || origin === undefined || !own) return undefined;
      const userHandle = own[0]?.userHandle ?? randomBytes(handleBytes).toString('base64url');
      const challenge = { challenge: newSecret(), origin, userVerification, userHandle };
      const { generateRegistrationOptions } = await webauthn();
      const options = await generateRegistrationOptions({
        rpID,
        rpName: await tenantName(),
        userID: bytesOf(userHandle),
        userName: name,
        userDisplayName: displayName,
        challenge: bytesOf(challenge.challenge),
        timeout: timeoutMilliseconds,
        attestationType: 'none',
        excludeCredentials: own.map(named),
        authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification },
        supportedAlgorithmIDs: algorithms,
      });
      return { challenge, options: { ...options } };
    },
    async created(challenge, answer, userAgent) {
      const response = (await answers()).creationIn(answer);
      const made = response && (await checked(() => madeOf(challenge, response, userAgent)));
      // Whoever knows the id of somebody's passkey must not have it too (WebAuthn §7.1 step 26).
      return made && !(await authenticators.passkey(made.passkey.credentialId)) ? made : undefined;
    },
    async toUse({ origin, userVerification }, userId) {
      const rpID = relyingPartyId(origin);
      if (rpID === undefined || origin === undefined) return undefined;
      const own = userId === undefined ? [] : await authenticators.of(userId);
      const challenge = { challenge: newSecret(), origin, userVerification };
      const { generateAuthenticationOptions } = await webauthn();
      const options = await generateAuthenticationOptions({
        rpID,
        challenge: bytesOf(challenge.challenge),
        timeout: timeoutMilliseconds,
        allowCredentials: own.flatMap((one) => (one.kind === 'passkey' ? [named(one.content)] : [])),
        userVerification,
      });
      return { challenge, options: { ...options } };
    },
    async prove(challenge, answer, at, userId) {
      const response = (await answers()).useIn(answer);
      const found = response && (await authenticators.passkey(response.id));
      if (!found || (userId !== undefined && found.userId !== userId)) return { kind: 'wrong', account: undefined };
      const account = await find(found.userId);
      const seen = await checked(() => use(challenge, response, found.content, userId === undefined));
      if (!account || !seen || !(await authenticators.usePasskey(found.id, seen, at)))
        return { kind: 'wrong', account };
      if (!account.accountEnabled) return { kind: 'disabled', account };
      return { kind: 'proved', user: account, passkey: found.content, isUserVerified: seen.isUserVerified };
    },
  };
}

/** The answer is what was asked for (WebAuthn §7.1). */
async function madeOf(
  challenge: PasskeyChallenge,
  response: NonNullable<ReturnType<typeof creationIn>>,
  userAgent: string | undefined,
): Promise<MadePasskey | undefined> {
  const { userHandle } = challenge;
  const rules = { ...expected(challenge), supportedAlgorithmIDs: algorithms };
  const { verifyRegistrationResponse } = await webauthn();
  const { verified, registrationInfo: info } = await verifyRegistrationResponse({ response, ...rules });
  // The library does not compare the two ids.
  if (!verified || info.credential.id !== response.id || userHandle === undefined) return undefined;
  const aaguid = knownAaguid(info.aaguid);
  const passkey: Passkey = {
    userHandle,
    credentialId: info.credential.id,
    publicKey: Buffer.from(info.credential.publicKey).toString('base64url'),
    signCount: info.credential.counter,
    transports: info.credential.transports ?? [],
    aaguid,
    isBackupEligible: info.credentialDeviceType === 'multiDevice',
    isBackedUp: info.credentialBackedUp,
    isVouchedFor: false,
    displayName: passkeyName(aaguid, userAgent),
  };
  return { passkey, isUserVerified: info.userVerified };
}

/** The answer is signed with the passkey (WebAuthn §7.2). `namesOwner`: it must say itself whose it is. */
async function use(
  challenge: PasskeyChallenge,
  response: NonNullable<ReturnType<typeof useIn>>,
  { credentialId, publicKey, signCount, userHandle, isBackupEligible }: Passkey,
  namesOwner: boolean,
): Promise<{ readonly signCount: number; readonly isBackedUp: boolean; readonly isUserVerified: boolean } | undefined> {
  const said = response.response.userHandle ?? (namesOwner ? '' : userHandle);
  if (said !== userHandle) return undefined;
  const { verifyAuthenticationResponse } = await webauthn();
  const { verified, authenticationInfo: info } = await verifyAuthenticationResponse({
    response,
    ...expected(challenge),
    credential: { id: credentialId, publicKey: bytesOf(publicKey), counter: signCount },
  });
  // Whether a key can leave its device never changes (step 20).
  if (!verified || (info.credentialDeviceType === 'multiDevice') !== isBackupEligible) return undefined;
  return { signCount: info.newCounter, isBackedUp: info.credentialBackedUp, isUserVerified: info.userVerified };
}
