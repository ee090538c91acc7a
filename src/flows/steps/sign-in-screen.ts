import type { NameKind, PasskeyChallenge } from '../../identity/index.ts';
import { providerActions } from '../foreign.ts';
import { type AccountKind, accountsNamed, hasPassword, namesOf } from '../local-accounts.ts';
import type { PasskeySettings } from '../passkey.ts';
import type { OfferedProvider } from '../plan.ts';
import type { Action, Field, Message, Screen, Text } from '../screen.ts';
import type { MaybeAbroad } from './foreign-turn.ts';
import { foreignWords } from './foreign-turn.ts';
import { consentOn, consentWord } from './phone-number.ts';
import { nameFieldOf, nameWords } from './sign-in-name.ts';

export interface SignInSettings {
  /** The unified page, or the one of flows that sign nobody up. */
  readonly page: 'signuporsignin' | 'localaccountsignin';
  /** None: only foreign providers sign in. */
  readonly accounts: readonly AccountKind[];
  readonly providers: readonly OfferedProvider[];
  readonly email: { readonly label: Text };
  /**
   * What "Forgot your password?" does: ends the journey with AADB2C90118, for the application to start a reset, or goes on to a reset
   * in this journey. Absent: there are no passwords.
   */
  readonly forgotPassword?: 'refuse' | 'reset';
  /** Offers to create an account. */
  readonly signUp: boolean;
  /** Ids of the providers whose people may create one; absent: all of them. */
  readonly newcomersFrom?: readonly string[];
  /** A password belongs to a principal name too: people of the tenant who have no other name. */
  readonly asksPrincipalNames?: true;
  /** Offers to stay signed in on this browser. */
  readonly keepSignedIn: boolean;
  /** Passwords that have to be changed and can be, in a later step of the flow. */
  readonly changes: readonly ('forced' | 'expired')[];
  /** A passkey signs in; absent: it does not. */
  readonly passkey?: PasskeySettings;
}

/** What a screen says besides its constant parts. */
export interface Entries extends MaybeAbroad {
  readonly name: string;
  readonly keep: boolean;
  /** The name is known and belongs to a password. */
  readonly asksPassword: boolean;
  /** Of the passkey that the page offers. */
  readonly challenge?: PasskeyChallenge;
}

export interface Remarks {
  readonly messages?: readonly Message[];
  readonly errors?: { readonly name?: Text; readonly password?: Text };
}

const words = [
  'heading',
  'password',
  'remember_me',
  'button_signin',
  'button_next',
  'email_code_link',
  'forgotpassword_link',
  'requiredField_generic',
  'requiredField_password',
  'invalid_generic',
  'invalid_number',
  'invalid_email_phone',
  'DefaultMessage',
  'UserMessageIfUserAccountLocked',
  'UserMessageIfUserAccountDisabled',
  'UserMessageIfPasswordExpired',
  'passkey_refused',
  consentWord,
  ...nameWords,
] as const;

const pages: readonly SignInSettings['page'][] = ['signuporsignin', 'localaccountsignin'];

export const signInWords: readonly string[] = [
  ...pages.flatMap((page) => [...words.map((name) => `${page}.${name}`), ...foreignWords(page)]),
  ...['createaccount_intro', 'createaccount_one_link'].map((name) => `signuporsignin.${name}`),
];

/** The field for the name on this page. */
export const nameField = ({ page, accounts, email }: SignInSettings) =>
  nameFieldOf(page, namesOf(accounts), email.label);

/** Some accounts are this tenant's own. */
const asksName = ({ accounts }: SignInSettings): boolean => accounts.length > 0;

/** True when whatever name is typed belongs to a password: then both are asked on one page. */
export function asksPasswordAtOnce({ accounts }: SignInSettings): boolean {
  return accounts.length > 0 && namesOf(accounts).every((name) => takesPassword(accounts, name));
}

export const takesPassword = (accounts: readonly AccountKind[], name: NameKind): boolean =>
  accountsNamed(accounts, name).some(hasPassword);

/** People with a password may have a code mailed instead. */
const offersCodeInstead = ({ accounts }: SignInSettings): boolean =>
  accounts.includes('emailCode') && accounts.includes('emailWithPassword');

export function signInScreen(settings: SignInSettings, entries: Entries, remarks: Remarks = {}): Screen {
  const { page } = settings;
  const { asksPassword } = entries;
  return {
    id: page,
    heading: { id: `${page}.heading` },
    messages: remarks.messages ?? [],
    fields: [
      ...(asksName(settings) ? [fieldForName(settings, entries, remarks.errors?.name)] : []),
      ...(asksPassword ? [passwordField(page, remarks.errors?.password)] : []),
      ...(settings.keepSignedIn ? [rememberField(page, entries.keep)] : []),
    ],
    actions: actionsOf(settings, asksPassword),
  };
}

function fieldForName(settings: SignInSettings, { name: value }: Entries, error: Text | undefined): Field {
  const { name, input, label } = nameField(settings);
  return {
    name,
    input,
    label,
    required: true,
    autocomplete: 'username',
    ...(input === 'phone' ? { help: consentOn(settings.page) } : {}),
    ...(value === '' ? {} : { value }),
    ...(error ? { errors: [error] } : {}),
  };
}

const passwordField = (page: string, error: Text | undefined): Field => ({
  name: 'password',
  input: 'password',
  label: { id: `${page}.password` },
  required: true,
  autocomplete: 'current-password',
  ...(error ? { errors: [error] } : {}),
});

const rememberField = (page: string, keep: boolean): Field => ({
  name: 'rememberMe',
  input: 'checkbox',
  label: { id: `${page}.remember_me` },
  required: false,
  ...(keep ? { value: 'true' } : {}),
});

function actionsOf(settings: SignInSettings, asksPassword: boolean): readonly Action[] {
  const word = (name: string): Text => ({ id: `${settings.page}.${name}` });
  const next = word(asksPassword ? 'button_signin' : 'button_next');
  const code: Action = { name: 'emailCode', label: word('email_code_link'), style: 'secondary' };
  const forgot: Action = { name: 'forgotPassword', label: word('forgotpassword_link'), style: 'link' };
  const create: Action = {
    name: 'createAccount',
    label: word('createaccount_one_link'),
    style: 'link',
    intro: word('createaccount_intro'),
  };
  return [
    ...(asksName(settings) ? [{ name: 'next', label: next, style: 'primary' } as const] : []),
    ...(asksPassword && offersCodeInstead(settings) ? [code] : []),
    ...(settings.forgotPassword ? [forgot] : []),
    ...providerActions(settings.providers),
    // Where only providers sign in, their buttons lead to a new account too.
    ...(settings.signUp && asksName(settings) ? [create] : []),
  ];
}
