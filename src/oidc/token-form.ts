import type { User } from '../identity/index.ts';
import type { EpochSeconds } from '../kernel/index.ts';
import type { SignIn } from './records.ts';

export type Payload = Readonly<Record<string, unknown>>;

/** Who issues, to whom, when: what both tokens have in common. */
export interface Issue {
  readonly issuer: string;
  readonly clientId: string;
  readonly now: EpochSeconds;
}

/** What an API answered about a person takes the place of what the directory says; an empty text takes it away (b2c contract f.3). */
export const withAnswers = (claims: Payload, answered: Payload = {}): Payload =>
  Object.fromEntries(Object.entries({ ...claims, ...answered }).filter(([, value]) => value !== ''));

/** Who proved a person in place of this tenant. */
export interface Provenance {
  readonly identityProvider?: string;
  readonly identityProviderAccessToken?: string;
}

/** What the tokens of an authority look like. */
export interface TokenForm {
  /** What is said of a person, frozen into what the sign-in is remembered by. */
  claims(user: User, from?: Provenance): Payload;
  /** The `sub` by which a client knows a person. */
  subjectOf(userId: string, clientId: string): string;
  /** `bound`: `nonce` only when one was sent; hashes only beside what they are of (clients/REQUIREMENTS.md §0.11, §0.12). */
  idToken(issue: Issue, signIn: SignIn, bound: Payload): Payload;
  /** `key`: thumbprint of the one it is bound to (RFC 9449 §6). */
  accessToken(issue: Issue, signIn: SignIn, resource: NonNullable<SignIn['resource']>, key?: string): Payload;
  userinfo(user: User, clientId: string, scopes: readonly string[]): Payload;
  /** MSAL keeps one account for each (clients/REQUIREMENTS.md §0.8). */
  clientInfo(signIn: SignIn): string;
  /** What a token answer says of the person beside the tokens. */
  about(signIn: SignIn, wantsClientInfo: boolean): Payload;
  /** The scopes that an answer says were granted. */
  scope(signIn: SignIn): string;
  /** For discovery. */
  readonly supported: readonly string[];
}
