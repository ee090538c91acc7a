import { chosenProvider, hintedProvider, providerActions } from '../foreign.ts';
import { type AccountKind, accountKinds } from '../local-accounts.ts';
import { wordsOf } from '../page-words.ts';
import type { OfferedProvider } from '../plan.ts';
import type { Action, Message, Screen } from '../screen.ts';
import type { Step } from '../step.ts';
import { type ForeignPage, foreignWords, leaveFor, returnTo } from './foreign-turn.ts';

export interface SignUpChoiceSettings {
  readonly accounts: readonly AccountKind[];
  readonly providers: readonly OfferedProvider[];
}

/** B2C's page for a choice between ways in (b2c contract e.1). */
const page = 'idpselections';

/** Element ids: those of the b2c contract (e.4) where it has any. */
const exchanges: Readonly<Record<AccountKind, string>> = {
  emailWithPassword: 'SignUpWithLogonEmailExchange',
  userName: 'SignUpWithLogonNameExchange',
  phone: 'SignUpWithPhoneExchange',
  emailCode: 'SignUpWithEmailCodeExchange',
};

const { word, cancel } = wordsOf(page);

const screenOf = ({ accounts, providers }: SignUpChoiceSettings, messages: readonly Message[]): Screen => ({
  id: page,
  heading: word('signup_heading'),
  intro: word('signup_intro'),
  messages,
  fields: [],
  actions: [
    ...accounts.map((kind): Action => ({ name: exchanges[kind], label: word(exchanges[kind]), style: 'secondary' })),
    ...providerActions(providers),
    { ...cancel, style: 'link' },
  ],
});

const show = (settings: SignUpChoiceSettings, messages: readonly Message[] = []) =>
  ({ kind: 'show', screen: screenOf(settings, messages) }) as const;

/** Whoever has an account already is signed in to it (b2c contract d.3). */
const foreignPage = (settings: SignUpChoiceSettings): ForeignPage => ({
  id: page,
  signsUp: () => true,
  show: (messages) => show(settings, messages),
});

/** How a person wants to sign in from now on, where the flow offers several ways and nothing that was typed has told. */
export const signUpChoice: Step<SignUpChoiceSettings> = {
  kind: 'signUpChoice',
  words: [
    ...['signup_heading', 'signup_intro', 'button_cancel', ...Object.values(exchanges)].map(
      (name) => `${page}.${name}`,
    ),
    ...foreignWords(page),
  ],
  explain: ({ accounts, providers }) =>
    `Asks which kind of account the person wants: ${[...accounts, ...providers.map(({ id }) => id)].join(', ')}`,
  async enter(context, settings) {
    // Who came from the sign-in page has seen there where the application wants them to go.
    const isFirst = context.journey.facts.intent === undefined;
    const provider = isFirst ? hintedProvider(settings.providers, context) : undefined;
    return provider ? leaveFor(context, foreignPage(settings), provider) : show(settings);
  },
  async submit(context, settings, { action }) {
    const provider = chosenProvider(settings.providers, action);
    if (provider) return leaveFor(context, foreignPage(settings), provider);
    const accountKind = accountKinds.find((kind) => exchanges[kind] === action && settings.accounts.includes(kind));
    return accountKind
      ? { kind: 'next', learned: { accountKind, intent: 'signUp' } }
      : { kind: 'refuse', refusal: 'cancelled' };
  },
  comeBack: (context, settings, answer) => returnTo(context, foreignPage(settings), answer),
};
