import { entities, fold } from '../model/index.ts';

/** What every tenant has from the start, as tables (Graph contract c.4, c.5). */

/** The attribute that is the sign-in name of a local account; each other one is kept in the property of `user` of its id. */
export const emailAttribute = 'email';

interface BuiltInAttribute {
  readonly id: 'email' | keyof typeof entities.user.properties;
  readonly displayName: string;
  readonly description: string;
  /** Name in a token (b2c contract c.3). */
  readonly claim: string;
}

export const builtInAttributes = [
  { id: 'city', claim: 'city', displayName: 'City', description: 'Your city' },
  {
    id: 'country',
    claim: 'country',
    displayName: 'Country/Region',
    description: 'The country/region in which the user is located.',
  },
  { id: 'displayName', claim: 'name', displayName: 'Display Name', description: 'Display Name of the User.' },
  { id: emailAttribute, claim: 'emails', displayName: 'Email Address', description: 'Email address of the user' },
  { id: 'givenName', claim: 'given_name', displayName: 'Given Name', description: 'First name of the user.' },
  { id: 'jobTitle', claim: 'jobTitle', displayName: 'Job Title', description: 'What the user works as.' },
  {
    id: 'postalCode',
    claim: 'postalCode',
    displayName: 'Postal Code',
    description: "Postal code of the user's address.",
  },
  {
    id: 'state',
    claim: 'state',
    displayName: 'State/Province',
    description: "State or province of the user's address.",
  },
  {
    id: 'streetAddress',
    claim: 'streetAddress',
    displayName: 'Street Address',
    description: "Street and house number of the user's address.",
  },
  { id: 'surname', claim: 'family_name', displayName: 'Surname', description: 'Family name of the user.' },
] as const satisfies readonly BuiltInAttribute[];

export type BuiltInAttributeId = (typeof builtInAttributes)[number]['id'];

export const builtInAttributeIds: readonly BuiltInAttributeId[] = builtInAttributes.map(({ id }) => id);

/** Characters of a custom text attribute (b2c contract h.1), and of a sign-in name. */
export const customMaxLength = 256;
const signInNameMaxLength = 100;

/** Characters the directory keeps of an attribute, by its id without regard to case. */
export function attributeMaxLength(attributeId: string): number {
  const id = builtInAttributeIds.find((one) => fold(one) === fold(attributeId));
  if (id === undefined) return customMaxLength;
  if (id === emailAttribute) return signInNameMaxLength;
  const { type } = entities.user.properties[id];
  return type.kind === 'string' ? (type.maxLength ?? customMaxLength) : customMaxLength;
}

/** Providers the server itself is. */
export const builtInProviders = [
  { id: 'EmailPassword-OAUTH', identityProviderType: 'EmailPassword', displayName: 'Email with password' },
  { id: 'EmailOtpSignup-OAUTH', identityProviderType: 'EmailOTP', displayName: 'Email one-time passcode' },
  { id: 'AADSignup-OAUTH', identityProviderType: 'AADSignup', displayName: 'Azure Active Directory Sign up' },
  { id: 'MSASignup-OAUTH', identityProviderType: 'MicrosoftAccount', displayName: 'MicrosoftAccount' },
] as const;

/** `identityProviderType` of a social provider -> its id: a tenant has one of each. */
export const socialProviderIds: Readonly<Record<string, string>> = {
  Microsoft: 'MSA-OIDC',
  Google: 'Google-OAUTH',
  Facebook: 'Facebook-OAUTH',
  Amazon: 'Amazon-OAUTH',
  LinkedIn: 'LinkedIn-OAUTH',
  Weibo: 'Weibo-OAUTH',
  QQ: 'QQ-OAUTH',
  WeChat: 'WeChat-OAUTH',
  Twitter: 'Twitter-OAUTH',
  GitHub: 'GitHub-OAUTH',
};

export const appleProviderId = 'Apple-Managed-OIDC';

/** A tenant is B2C, workforce and external at once, so this is the union of what each of them lists (Graph contract c.5). */
export const availableProviderTypes: readonly string[] = [
  ...Object.keys(socialProviderIds),
  'AppleManaged',
  'OpenIdConnect',
  'MicrosoftAccount',
  'EmailOTP',
];

/** What the first generation of the API calls them (Graph contract c.5). */
export const legacyProviderTypes: readonly string[] = [
  ...Object.keys(socialProviderIds),
  'OpenIDConnect',
  'MicrosoftAccount',
  'EmailOTP',
].sort();

/** Identity providers of a tenant, built-in ones included; Microsoft documents no limit. */
export const maximumProviders = 300;
