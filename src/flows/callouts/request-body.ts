import { mailIssuer } from '../../identity/index.ts';
import type { AttributeValue } from '../attributes/read.ts';
import type { ConnectorAudience, ConnectorStep } from './connector-step.ts';

/** A name of an account as Graph writes it. */
export interface SentIdentity {
  readonly signInType: string;
  readonly issuer: string;
  readonly issuerAssignedId: string;
}

/** Whom an API is told of. What is not known is absent; a password is never part of it. */
export interface Subject {
  readonly email?: string;
  readonly identities: readonly SentIdentity[];
  /** Of somebody who has an account. */
  readonly objectId?: string;
  /** By attribute id. */
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** On whose behalf. */
export interface Occasion {
  readonly clientId: string;
  /** RFC 5646. */
  readonly locale: string | undefined;
}

/** Built-in attributes as the samples of the contract order them. */
const builtIn = [
  'displayName',
  'givenName',
  'surname',
  'jobTitle',
  'streetAddress',
  'city',
  'postalCode',
  'state',
  'country',
] as const;

/** Providers whose people flows for guests tell an API of by their identities (b2c contract f.2). */
const guestIssuers: readonly string[] = ['google.com', 'facebook.com', mailIssuer];

type Members = Readonly<Record<string, unknown>>;

const given = (name: string, value: unknown): Members => (value === undefined || value === '' ? {} : { [name]: value });

/** "If a claim does not have a value … the claim will not be sent" (b2c contract f.2). */
const claims = (attributes: Subject['attributes'], names: readonly string[]): Members =>
  Object.fromEntries(names.flatMap((name) => Object.entries(given(name, attributes[name]))));

/** The body of a call, with members as the contract names them (b2c contract f.2). */
export function connectorBody(
  step: ConnectorStep,
  audience: ConnectorAudience,
  { email, identities: all, objectId, attributes }: Subject,
  { clientId, locale }: Occasion,
): Members {
  const isGuest = audience === 'b2x';
  const identities = isGuest ? all.filter(({ issuer }) => guestIssuers.includes(issuer)) : all;
  const { displayName, ...others } = claims(attributes, builtIn);
  const custom = Object.keys(attributes).filter((name) => name.startsWith('extension_'));
  return {
    ...given('email', email),
    ...(identities.length > 0 ? { identities } : {}),
    ...given('displayName', displayName),
    ...given('objectId', objectId),
    ...others,
    ...claims(attributes, custom.sort()),
    ...(isGuest ? {} : { step, client_id: clientId }),
    ...given('ui_locales', locale),
  };
}
