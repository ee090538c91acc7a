import { type NameKind, type PasswordProof, passwordMark } from '../../identity/index.ts';
import { isSignInAddress } from '../attributes/read.ts';
import { passwordSubmitWords, submitPassword } from '../extensions/password-submit.ts';
import type { Facts } from '../facts.ts';
import { chosenProvider, hintedProvider } from '../foreign.ts';
import { accountsNamed, namesOf } from '../local-accounts.ts';
import { passkeyAction } from '../passkey.ts';
import type { Message, Text } from '../screen.ts';
import type { Input, Outcome, Step, StepContext } from '../step.ts';
import { type ForeignPage, leaveFor, returnTo } from './foreign-turn.ts';
import { phoneNumberOf } from './phone-number.ts';
import { nameMaxLength, readName } from './sign-in-name.ts';
import { offeringPasskey, signInWithPasskey } from './sign-in-passkey.ts';
import {
  asksPasswordAtOnce,
  type Entries,
  nameField,
  type Remarks,
  type SignInSettings,
  signInScreen,
  signInWords,
  takesPassword,
} from './sign-in-screen.ts';

const failures = {
  // One message for a wrong password and an unknown account, so that nobody can ask which names exist.
  wrong: 'DefaultMessage',
  locked: 'UserMessageIfUserAccountLocked',
  disabled: 'UserMessageIfUserAccountDisabled',
  // What B2C says when a password must be changed and the flow has no step to change it in.
  expired: 'UserMessageIfPasswordExpired',
} as const;

const show = (settings: SignInSettings, { abroad: _returned, ...entries }: Entries, remarks?: Remarks) =>
  ({ kind: 'show', memo: entries, screen: signInScreen(settings, entries, remarks) }) as const;

const foreignPage = (settings: SignInSettings, entries: Entries): ForeignPage => ({
  id: settings.page,
  signsUp: (id) => settings.signUp && (settings.newcomersFrom?.includes(id) ?? true),
  show: (messages) => show(settings, entries, { messages }),
});

const typedName = (settings: SignInSettings, { values }: Input): string =>
  (values[nameField(settings).name] ?? '').trim().normalize('NFC').slice(0, nameMaxLength);

const entriesOf = (settings: SignInSettings, before: Entries, input: Input): Entries => ({
  ...before,
  name: typedName(settings, input),
  keep: settings.keepSignedIn && input.values['rememberMe'] === 'true',
});

/** What is known of everybody who signs in here, however. */
const signingIn = ({ keep }: Entries, signInName: string): Facts => ({
  intent: 'signIn',
  signInName,
  ...(keep ? { keepSignedIn: true } : {}),
});

function problemOf(settings: SignInSettings, name: string, kind: NameKind | undefined): Text | undefined {
  const { page, accounts } = settings;
  const values = { field: nameField(settings).label };
  if (name === '') return { id: `${page}.requiredField_generic`, values };
  const names = namesOf(accounts);
  const isPhoneOnly = !names.includes('email') && !names.includes('userName');
  // Only the field for numbers alone has a choice of country; elsewhere it is asked for on the next page.
  if (isPhoneOnly && phoneNumberOf(name) === undefined) return { id: `${page}.invalid_number`, values };
  const isWrong = kind === undefined || (kind === 'email' && !takesPassword(accounts, kind) && !isSignInAddress(name));
  if (!isWrong) return undefined;
  return { id: `${page}.${names.includes('phone') ? 'invalid_email_phone' : 'invalid_generic'}`, values };
}

async function next(context: StepContext, settings: SignInSettings, entries: Entries, input: Input): Promise<Outcome> {
  const { page, accounts } = settings;
  const { name } = entries;
  const kind = readName(name, namesOf(accounts));
  const password = input.values['password'] ?? '';
  const problem = problemOf(settings, name, kind);
  const errors = {
    ...(problem ? { name: problem } : {}),
    ...(entries.asksPassword && password === '' && (!kind || takesPassword(accounts, kind))
      ? { password: { id: `${page}.requiredField_password` } }
      : {}),
  };
  if (!kind || problem) return show(settings, entries, { errors });
  if (!takesPassword(accounts, kind)) {
    const signInName = kind === 'phone' ? (phoneNumberOf(name) ?? name) : name;
    return { kind: 'next', learned: signingIn(entries, signInName) };
  }
  if (!entries.asksPassword) return show(settings, { ...entries, asksPassword: true });
  if (password === '') return show(settings, entries, { errors });
  return withPassword(context, settings, entries, { kind, password });
}

async function withPassword(
  context: StepContext,
  settings: SignInSettings,
  entries: Entries,
  { kind, password }: { readonly kind: NameKind; readonly password: string },
): Promise<Outcome> {
  const { page } = settings;
  const { name } = entries;
  const kinds = settings.asksPrincipalNames ? [kind, 'principalName' as const] : [kind];
  const { proof, said } = await submitPassword(context, { page, name, password, kinds });
  const outcome = proofOutcome(settings, entries, proof);
  if (!said || outcome.kind !== 'show') return outcome;
  return { ...outcome, ...show(settings, entries, { messages: said }) };
}

function proofOutcome(settings: SignInSettings, entries: Entries, proof: PasswordProof): Outcome {
  const { name } = entries;
  if (proof.kind === 'proved') {
    return { kind: 'next', learned: { ...signingIn(entries, name), userId: proof.user.id, amr: ['pwd'] } };
  }
  if (proof.kind === 'expired') {
    const mustChangePassword = proof.forced ? 'forced' : 'expired';
    if (settings.changes.includes(mustChangePassword)) {
      const { id: userId } = proof.account;
      const change = { mustChangePassword, passwordMark: passwordMark(proof.account) } as const;
      return { kind: 'next', learned: { ...signingIn(entries, name), userId, amr: ['pwd'], ...change } };
    }
  }
  const { kind: reason, account } = proof;
  const text: Text = { id: `${settings.page}.${failures[reason]}`, values: { field: nameField(settings).label } };
  const shown = show(settings, entries, { messages: [{ tone: 'error', text }] });
  return { ...shown, failed: { reason, account, signInName: name } };
}

/** A code to the address in place of the password. */
function withCode(settings: SignInSettings, entries: Entries): Outcome {
  if (isSignInAddress(entries.name)) return { kind: 'next', learned: signingIn(entries, entries.name) };
  const id = entries.name === '' ? 'requiredField_generic' : 'invalid_generic';
  const name: Text = { id: `${settings.page}.${id}`, values: { field: nameField(settings).label } };
  return show(settings, entries, { errors: { name } });
}

/** What was typed is kept, so that it need not be typed again on the next page; and it tells which account, where only one fits. */
function createAccount({ accounts }: SignInSettings, { name }: Entries): Outcome {
  const kind = name === '' ? undefined : readName(name, namesOf(accounts));
  const fitting = kind ? accountsNamed(accounts, kind) : [];
  const [accountKind, ...others] = fitting;
  return {
    kind: 'next',
    learned: {
      intent: 'signUp',
      ...(name === '' ? {} : { emailHint: name }),
      ...(accountKind && others.length === 0 ? { accountKind } : {}),
    },
  };
}

/**
 * The page where a person says who they are: by a name and a password, or by a name alone, to which a code is sent in a later step; or
 * goes on to create an account. What is asked for depends on the looks of the name, never on whether there is such an account.
 */
export const signInStep: Step<SignInSettings> = {
  kind: 'signIn',
  words: ['attribute.email', ...signInWords, ...['signuporsignin', 'localaccountsignin'].flatMap(passwordSubmitWords)],
  explain({ accounts, providers, signUp, passkey }) {
    const ways = [...accounts, ...providers.map(({ id }) => id), ...(passkey ? ['passkey'] : [])];
    return `Asks who the person is (${ways.join(', ')})${signUp ? ', or leads to a new account' : ''}`;
  },
  async enter(context, settings) {
    const name = (context.journey.loginHint ?? '').slice(0, nameMaxLength);
    const entries = { name, keep: false, asksPassword: asksPasswordAtOnce(settings) };
    const provider = hintedProvider(settings.providers, context);
    const outcome = provider
      ? await leaveFor(context, foreignPage(settings, entries), provider)
      : show(settings, entries);
    return offeringPasskey(context, settings, outcome);
  },
  submit: async (context, settings, input) =>
    offeringPasskey(context, settings, await answer(context, settings, input)),
  async comeBack(context, settings, came) {
    const page = foreignPage(settings, context.journey.memo as Entries);
    return offeringPasskey(context, settings, await returnTo(context, page, came));
  },
};

async function answer(context: StepContext, settings: SignInSettings, input: Input): Promise<Outcome> {
  const entries = entriesOf(settings, context.journey.memo as Entries, input);
  const provider = chosenProvider(settings.providers, input.action);
  if (provider) return leaveFor(context, foreignPage(settings, entries), provider);
  switch (input.action) {
    case 'forgotPassword':
      return forgotPassword(settings, entries);
    case 'createAccount':
      return createAccount(settings, entries);
    case 'emailCode':
      return withCode(settings, entries);
    case passkeyAction:
      return withPasskey(context, settings, entries, input);
    default:
      return next(context, settings, entries, input);
  }
}

/** Nobody learns why: whether there is such a passkey, or such an account, or what of it was not right. */
async function withPasskey(
  context: StepContext,
  settings: SignInSettings,
  entries: Entries,
  input: Input,
): Promise<Outcome> {
  if (!settings.passkey) return show(settings, entries);
  const came = await signInWithPasskey(context, settings.passkey, entries, input);
  if (came.kind === 'next') return came;
  const refused: Message = { tone: 'error', text: { id: `${settings.page}.passkey_refused` } };
  return { ...show(settings, entries, { messages: [refused] }), failed: came.failed };
}

function forgotPassword({ forgotPassword: does }: SignInSettings, { name }: Entries): Outcome {
  if (does !== 'reset') return { kind: 'refuse', refusal: 'forgotPassword' };
  return { kind: 'next', learned: { intent: 'resetPassword', ...(name === '' ? {} : { emailHint: name }) } };
}
