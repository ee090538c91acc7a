import { emailMaxLength, isSignInAddress } from '../attributes/read.ts';
import { chosenProvider, providerActions } from '../foreign.ts';
import { wordsOf } from '../page-words.ts';
import type { OfferedProvider } from '../plan.ts';
import type { Action, Field, Message, Text } from '../screen.ts';
import type { Input, Outcome, Step, StepContext } from '../step.ts';
import { type ForeignPage, foreignWords, leaveFor, type MaybeAbroad, returnTo } from '../steps/foreign-turn.ts';

export interface CreateAccountSettings {
  /** `emailCode`: the address is asked for here, and proved by a code on the next page. */
  readonly accounts: readonly ('emailCode' | 'emailWithPassword')[];
  readonly providers: readonly OfferedProvider[];
}

interface Entries extends MaybeAbroad {
  readonly address: string;
}

const page = 'idpselections';
const { word, cancel } = wordsOf(page);

/** Element id of the contract (b2c contract e.4). */
const withPassword = 'SignUpWithLogonEmailExchange';

type Shown = Extract<Outcome, { kind: 'show' }>;

function show(
  { accounts, providers }: CreateAccountSettings,
  { address }: Entries,
  remarks: { readonly messages?: readonly Message[]; readonly error?: Text } = {},
): Shown {
  const byCode = accounts.includes('emailCode');
  const email: Field = {
    name: 'email',
    input: 'email',
    label: { id: 'attribute.email' },
    required: true,
    autocomplete: 'email',
    maxLength: emailMaxLength,
    ...(address === '' ? {} : { value: address }),
    ...(remarks.error ? { errors: [remarks.error] } : {}),
  };
  const next: Action = { name: 'continue', label: word('button_continue'), style: 'primary' };
  const password: Action = { name: withPassword, label: word(withPassword), style: 'secondary' };
  return {
    kind: 'show',
    memo: { address } satisfies Entries,
    screen: {
      id: page,
      heading: word('signup_heading'),
      intro: word('signup_intro'),
      messages: remarks.messages ?? [],
      fields: byCode ? [email] : [],
      actions: [
        ...(byCode ? [next] : []),
        ...(accounts.includes('emailWithPassword') ? [password] : []),
        ...providerActions(providers),
        { ...cancel, style: 'link' },
      ],
    },
  };
}

const foreignPage = (settings: CreateAccountSettings, entries: Entries): ForeignPage => ({
  id: page,
  signsUp: () => true,
  show: (messages) => show(settings, entries, { messages }),
});

/** To the page on which an address is proved and a password chosen. */
const toPassword = (address: string): Outcome => ({
  kind: 'next',
  learned: { intent: 'signUp', accountKind: 'emailWithPassword', ...(address === '' ? {} : { emailHint: address }) },
});

/** To the code, whoever the address belongs to: nobody learns here who has an account. */
function toCode(settings: CreateAccountSettings, entries: Entries): Outcome {
  const { address } = entries;
  const field: Text = { id: 'attribute.email' };
  const id = address === '' ? 'field.required' : 'field.notAnEmail';
  if (!isSignInAddress(address)) return show(settings, entries, { error: { id, values: { field } } });
  return { kind: 'next', learned: { intent: 'signUp', accountKind: 'emailCode', signInName: address } };
}

async function answer(
  context: StepContext,
  settings: CreateAccountSettings,
  { action, values }: Input,
): Promise<Outcome> {
  const before = context.journey.memo as Entries;
  const address = (values['email'] ?? before.address)
    .trim()
    .normalize('NFC')
    .slice(0, emailMaxLength + 1);
  const entries: Entries = { address };
  const provider = chosenProvider(settings.providers, action);
  if (provider) return leaveFor(context, foreignPage(settings, entries), provider);
  switch (action) {
    case 'cancel':
      return { kind: 'refuse', refusal: 'cancelled' };
    case withPassword:
      return toPassword(address);
    default:
      return toCode(settings, entries);
  }
}

/** How a newcomer wants to be known at the tenant: by an address, by a password, or by another provider (b2c contract i, row 2). */
export const createAccount: Step<CreateAccountSettings> = {
  kind: 'createAccount',
  words: [
    'attribute.email',
    'field.required',
    'field.notAnEmail',
    ...['signup_heading', 'signup_intro', 'button_continue', 'button_cancel', withPassword].map(
      (name) => `${page}.${name}`,
    ),
    ...foreignWords(page),
  ],
  explain: ({ accounts, providers }) =>
    `Asks how the new person wants to be known: ${[...accounts, ...providers.map(({ id }) => id)].join(', ')}`,
  async enter({ journey: { facts, loginHint } }, settings) {
    const hint = facts.emailHint ?? facts.signInName ?? loginHint ?? '';
    const address = isSignInAddress(hint) ? hint : '';
    const isOnlyWay = !settings.accounts.includes('emailCode') && settings.providers.length === 0;
    return isOnlyWay ? toPassword(address) : show(settings, { address });
  },
  submit: answer,
  comeBack: (context, settings, came) =>
    returnTo(context, foreignPage(settings, context.journey.memo as Entries), came),
};
