import { type AccountKind, accountKinds } from '../local-accounts.ts';
import { wordsOf } from '../page-words.ts';
import type { Action, Screen } from '../screen.ts';
import type { Step } from '../step.ts';

export interface SignUpChoiceSettings {
  /** More than one. */
  readonly accounts: readonly AccountKind[];
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

const screenOf = ({ accounts }: SignUpChoiceSettings): Screen => ({
  id: page,
  heading: word('signup_heading'),
  intro: word('signup_intro'),
  messages: [],
  fields: [],
  actions: [
    ...accounts.map((kind): Action => ({ name: exchanges[kind], label: word(exchanges[kind]), style: 'secondary' })),
    { ...cancel, style: 'link' },
  ],
});

/** Which kind of account a person wants, where the flow offers several and nothing that was typed has told. */
export const signUpChoice: Step<SignUpChoiceSettings> = {
  kind: 'signUpChoice',
  words: ['signup_heading', 'signup_intro', 'button_cancel', ...Object.values(exchanges)].map(
    (name) => `${page}.${name}`,
  ),
  explain: ({ accounts }) => `Asks which kind of account the person wants: ${accounts.join(', ')}`,
  async enter(_, settings) {
    return { kind: 'show', screen: screenOf(settings) };
  },
  async submit(_, settings, { action }) {
    const accountKind = accountKinds.find((kind) => exchanges[kind] === action && settings.accounts.includes(kind));
    return accountKind
      ? { kind: 'next', learned: { accountKind, intent: 'signUp' } }
      : { kind: 'refuse', refusal: 'cancelled' };
  },
};
