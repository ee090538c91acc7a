import { type NameKind, nameKinds } from '../identity/index.ts';
import { type EntityOf, type entities, fold } from '../model/index.ts';

/**
 * Kinds of local accounts, by what people sign in with (b2c contract d.2): an e-mail address or a user name and a password, or a code
 * that is sent to their number or address.
 */
export const accountKinds = ['emailWithPassword', 'userName', 'phone', 'emailCode'] as const;

export type AccountKind = (typeof accountKinds)[number];

/** What a tenant lets its flows offer (`policies/b2cAuthenticationMethodsPolicy`). */
export type AccountSwitches = Pick<
  EntityOf<typeof entities.b2cAuthenticationMethodsPolicy>,
  | 'isEmailPasswordAuthenticationEnabled'
  | 'isUserNameAuthenticationEnabled'
  | 'isPhoneOneTimePasswordAuthenticationEnabled'
>;

/** `authenticationMethods` and the built-in provider that stand for a kind, and the switch of the tenant. Graph has no method and no switch for codes by e-mail. */
const sources: Readonly<
  Record<
    AccountKind,
    { readonly method?: string; readonly provider?: string; readonly allowedBy?: keyof AccountSwitches }
  >
> = {
  emailWithPassword: {
    method: 'emailWithPassword',
    provider: 'EmailPassword-OAUTH',
    allowedBy: 'isEmailPasswordAuthenticationEnabled',
  },
  userName: { method: 'userName', allowedBy: 'isUserNameAuthenticationEnabled' },
  phone: { method: 'phoneWithOneTimePassword', allowedBy: 'isPhoneOneTimePasswordAuthenticationEnabled' },
  emailCode: { provider: 'EmailOtpSignup-OAUTH' },
};

const includes = (names: readonly string[], name: string | undefined): boolean =>
  name !== undefined && names.some((one) => fold(one.trim()) === fold(name));

/** `authenticationMethods` of a new flow: local accounts unless only other providers were sent (Graph contract c.3). */
export function methodsFor(providers: readonly string[]): string {
  const { method = '0', provider } = sources.emailWithPassword;
  return providers.length === 0 || includes(providers, provider) ? method : '0';
}

/**
 * The kinds of local accounts that a flow offers. A kind is offered when the flow was made for it (`authenticationMethods`) or its
 * built-in provider is linked now; so linking it later adds it, unlinking takes away only what linking had added, and linking or
 * unlinking other providers changes nothing. A kind that the tenant has switched off is not offered, whatever the flow says, until
 * it is switched on again; accounts of that kind stay. Graph's documentation is silent here: the rule is ours.
 */
export function offeredAccounts(
  authenticationMethods: unknown,
  providers: readonly string[],
  switches: AccountSwitches,
): readonly AccountKind[] {
  const methods = typeof authenticationMethods === 'string' ? authenticationMethods.split(',') : [];
  return accountKinds.filter((kind) => {
    const { method, provider, allowedBy } = sources[kind];
    const isWanted = includes(methods, method) || includes(providers, provider);
    return isWanted && (allowedBy === undefined || switches[allowedBy]);
  });
}

/** Why no kind is offered, for administrators. */
export function whyNone(authenticationMethods: unknown, providers: readonly string[]): string {
  const methods = typeof authenticationMethods === 'string' ? authenticationMethods.split(',') : [];
  const shut = accountKinds.flatMap((kind) => {
    const { method, provider, allowedBy } = sources[kind];
    const isWanted = includes(methods, method) || includes(providers, provider);
    return isWanted && allowedBy !== undefined ? [allowedBy] : [];
  });
  return shut.length > 0
    ? `What the flow offers is switched off for the tenant: policies/b2cAuthenticationMethodsPolicy, ${shut.join(', ')}.`
    : 'The flow offers no local accounts: neither authenticationMethods nor a built-in identity provider names any.';
}

/** Names of each kind of account. */
const nameKindOf: Readonly<Record<AccountKind, NameKind>> = {
  emailWithPassword: 'email',
  userName: 'userName',
  phone: 'phone',
  emailCode: 'email',
};

/** What can be typed as a name where these kinds of accounts are offered. */
export const namesOf = (accounts: readonly AccountKind[]): readonly NameKind[] =>
  nameKinds.filter((kind) => accounts.some((account) => nameKindOf[account] === kind));

/** Accounts that are signed in to with this kind of name. */
export const accountsNamed = (accounts: readonly AccountKind[], name: NameKind): readonly AccountKind[] =>
  accounts.filter((account) => nameKindOf[account] === name);

export const hasPassword = (account: AccountKind): boolean => account === 'emailWithPassword' || account === 'userName';
