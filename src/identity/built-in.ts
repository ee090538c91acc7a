/** What every tenant has from the start, as tables (Graph contract c.4, c.5). */

/** Property of `user` that a built-in attribute is kept in; `email` is the sign-in name. */
export interface BuiltInAttribute {
  readonly id: string;
  readonly displayName: string;
  readonly description: string;
}

export const builtInAttributes = [
  { id: 'city', displayName: 'City', description: 'Your city' },
  {
    id: 'country',
    displayName: 'Country/Region',
    description: 'The country/region in which the user is located.',
  },
  { id: 'displayName', displayName: 'Display Name', description: 'Display Name of the User.' },
  { id: 'email', displayName: 'Email Address', description: 'Email address of the user' },
  { id: 'givenName', displayName: 'Given Name', description: 'First name of the user.' },
  { id: 'jobTitle', displayName: 'Job Title', description: 'What the user works as.' },
  { id: 'postalCode', displayName: 'Postal Code', description: "Postal code of the user's address." },
  { id: 'state', displayName: 'State/Province', description: "State or province of the user's address." },
  { id: 'streetAddress', displayName: 'Street Address', description: "Street and house number of the user's address." },
  { id: 'surname', displayName: 'Surname', description: 'Family name of the user.' },
] as const satisfies readonly BuiltInAttribute[];

/** Providers the server itself is. */
export const builtInProviders = [
  { id: 'EmailPassword-OAUTH', identityProviderType: 'EmailPassword', displayName: 'Email with password' },
  { id: 'EmailOtpSignup-OAUTH', identityProviderType: 'EmailOTP', displayName: 'Email one-time passcode' },
  { id: 'AADSignup-OAUTH', identityProviderType: 'AADSignup', displayName: 'Azure Active Directory Sign up' },
  { id: 'MSASignup-OAUTH', identityProviderType: 'MicrosoftAccount', displayName: 'Microsoft Account' },
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
