import type { NewAuthenticator } from '../identity/index.ts';
import type { AttributeValue } from './attributes/read.ts';
import type { AccountKind } from './local-accounts.ts';

/** What a person said of their age, and where they live, whose law says what it means. */
export interface StatedAge {
  /** RFC 3339 full-date. */
  readonly dateOfBirth: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

/** Whom a foreign provider has proved in this journey (b2c contract g). Nothing of it was typed by the person. */
export interface ForeignFacts {
  /** Id of the provider, e.g. `Google-OAUTH`. */
  readonly provider: string;
  /** `identities.issuer`; the claim `idp`. */
  readonly issuer: string;
  readonly issuerAssignedId: string;
  /** What the provider calls their address; decides nothing and links nothing. */
  readonly email?: string;
  /** The provider says that it has proved that address. */
  readonly isEmailVerified: boolean;
  /** For the claim `idp_access_token`. */
  readonly accessToken?: string;
}

/** What the journey has established. Grows; a step reads what earlier steps learned. Never holds a password in clear. */
export interface Facts {
  /** Which way the person took at a fork. */
  readonly intent?: 'signIn' | 'signUp' | 'resetPassword';
  /** As it was typed, folded by nobody: an e-mail address, a user name or an E.164 number. */
  readonly signInName?: string;
  /** What kind of account is to be created. */
  readonly accountKind?: AccountKind;
  /** An address or other name that was typed on the way and is not proved: fills in a field, decides nothing. */
  readonly emailHint?: string;
  readonly userId?: string;
  /** Stands for the person in place of a name of their own. */
  readonly foreign?: ForeignFacts;
  /** Fills in a form before the person does, by attribute id: what a provider told, or an API answered. Proves nothing. */
  readonly prefill?: Readonly<Record<string, AttributeValue>>;
  /** What an API adds to the first tokens in place of what the directory says, by the names that tokens have; never in the directory. */
  readonly tokenClaims?: Readonly<Record<string, unknown>>;
  /** The API that is asked before an account is created, if the flow has one, lets this person have it. */
  readonly isApproved?: true;
  /** The extension that is shown what was filled in lets this person have an account, or none listens for the application. */
  readonly isAccepted?: true;
  /** Set when this journey created the user; the `newUser` claim. */
  readonly newUser?: boolean;
  /** Where a code goes when the new account cannot be signed in to any more; kept with it. */
  readonly recoveryEmail?: string;
  /** Addresses proved in this journey, lower case. */
  readonly provedEmails?: readonly string[];
  /** Numbers proved in this journey, E.164. */
  readonly provedPhones?: readonly string[];
  /**
   * The password must be replaced before anybody comes in: it was right but set by an administrator, or too old; or its owner has forgotten
   * it. Null: it has been replaced in this journey.
   */
  readonly mustChangePassword?: 'forced' | 'expired' | 'forgotten' | null;
  /** Which password the account had when its owner was proved (`passwordMark`): one that was set afterwards is not replaced. */
  readonly passwordMark?: string;
  /** Argon2id hash of the password chosen in this journey, until the user is created with it. */
  readonly passwordHash?: string;
  /** Attribute values collected, by attribute id. */
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** Authentication methods used, RFC 8176 names, and `fed`: somebody else has proved them. */
  readonly amr?: readonly string[];
  /** The person asked to stay signed in on this browser. */
  readonly keepSignedIn?: boolean;
  /** Decided by the settings and rules of the flow; `proved` by the step that looked at the factor. Absent: nothing asks for one. */
  readonly secondFactor?: 'required' | 'proved';
  /** Said to the gate by a person who has no account yet that could keep it. */
  readonly age?: StatedAge;
  /** Second factors and passkeys set up in this journey; kept once the journey knows whose they are. */
  readonly enrolled?: readonly NewAuthenticator[];
}

/** An amr value of sessions and tokens that says that two factors were proved (RFC 8176 §2). */
export const provedTwice = 'mfa';

/** Who has come in, once nothing is owed any more; undefined: nobody is proved, or a second factor or a new password is still to come. */
export function arrivedUser({ userId, amr = [], secondFactor, mustChangePassword }: Facts): string | undefined {
  const owes = secondFactor === 'required' || typeof mustChangePassword === 'string';
  return amr.length === 0 || owes ? undefined : userId;
}
