import { emailAttribute, type User } from '../../identity/index.ts';
import { fold } from '../../model/index.ts';
import { isSignInAddress } from '../attributes/read.ts';
import type { Facts, ForeignFacts } from '../facts.ts';
import { faults } from '../faults.ts';
import { mailFacts, personAt } from '../guests/mail-person.ts';
import { nextPress, pressProof, proofOf, sendsCode, unproved } from '../proof/control.ts';
import { proofNames } from '../screen.ts';
import type { Input, Outcome, Step, StepContext } from '../step.ts';
import {
  type Channel,
  type CodeSignInSettings,
  codeScreen,
  codeSignInWords,
  type Entries,
  endScreen,
  mail,
  phone,
  type SignInEnd,
} from './code-sign-in-screen.ts';
import { consentWord, phoneNumberOf } from './phone-number.ts';

const channels: Readonly<Record<Entries['channel'], Channel>> = { sms: phone, email: mail };

type Remarks = Parameters<typeof codeScreen>[3];

const show = (settings: CodeSignInSettings, entries: Entries, remarks?: Remarks): Outcome => ({
  kind: 'show',
  memo: entries,
  screen: codeScreen(channels[entries.channel], settings, entries, remarks),
});

/** As a code is sent to it; `undefined`: none can be. */
const destinationOf = ({ channel, address }: Entries): string | undefined => {
  if (channel === 'sms') return phoneNumberOf(address);
  return isSignInAddress(address) ? address : undefined;
};

function entriesOf({ channel, address, proof }: Entries, { values }: Input): Entries {
  const sent = (values[channels[channel].control.field] ?? address).trim().normalize('NFC');
  const next = (channel === 'sms' ? phoneNumberOf(sent) : undefined) ?? sent;
  return { channel, address: next, proof: proofOf(proof, next) };
}

/**
 * One of the buttons of the proof, or "continue", which does whatever comes next. A code goes to whatever was typed: whether there is such
 * an account plays no part, and nothing on the page tells.
 */
async function press(
  context: StepContext,
  settings: CodeSignInSettings,
  entries: Entries,
  { action, values }: Input,
): Promise<Outcome> {
  const { control, invalid } = channels[entries.channel];
  const pressed = action === 'continue' ? nextPress(control, entries.proof) : action;
  const address = destinationOf(entries);
  if (address === undefined && sendsCode(control, pressed)) return show(settings, entries, { error: invalid });
  const typed = values[proofNames(control).code] ?? '';
  const turn = await pressProof(context, control, entries.proof, { action: pressed, address: address ?? '', typed });
  const { proof = entries.proof, messages = [] } = turn ?? {};
  if (proof.state === 'verified') return proved(context, settings, { ...entries, address: proof.address, proof });
  return show(settings, { ...entries, address: address ?? entries.address, proof }, { proof: messages });
}

/** Who has this number or address; asked only now that the person has proved to have it. */
async function proved(context: StepContext, settings: CodeSignInSettings, entries: Entries): Promise<Outcome> {
  const { channel, address } = entries;
  const person = await personOf(context, settings, entries);
  const { user } = person;
  if (user?.accountEnabled && person.end === undefined) {
    const { method } = channels[channel];
    const { foreign } = person;
    const learned: Facts = {
      intent: 'signIn',
      userId: user.id,
      amr: [method],
      ...(foreign ? { foreign } : {}),
      ...learnedOf(context, entries),
    };
    return { kind: 'next', learned };
  }
  if (!user && settings.guests === 'signUp') return createAccount(context, settings, entries);
  const failed = {
    reason: user?.accountEnabled === false ? 'disabled' : 'wrong',
    signInName: address,
    account: user,
  } as const;
  const end = failed.reason === 'disabled' ? 'disabled' : (person.end ?? 'unknown');
  return { kind: 'show', memo: entries, screen: endScreen(channels[channel], end, settings.signUp), failed };
}

/** `end`: why the code lets nobody in. */
interface Found {
  readonly user: User | undefined;
  readonly foreign?: ForeignFacts | undefined;
  readonly end?: SignInEnd;
}

async function personOf(
  context: StepContext,
  { guests }: CodeSignInSettings,
  { channel, address }: Entries,
): Promise<Found> {
  if (!guests)
    return { user: await context.identity.findBySignInName(address, [channel === 'sms' ? 'phone' : 'email']) };
  const person = await personAt(context, address);
  switch (person.kind) {
    case 'known':
      return { user: person.user, foreign: person.foreign };
    case 'hasPassword':
      return { user: person.user, end: 'hasPassword' };
    case 'unknown':
      return { user: undefined };
    default:
      return person satisfies never;
  }
}

function learnedOf({ journey: { facts } }: StepContext, { channel, address }: Entries): Facts {
  const { provedPhones = [], provedEmails = [] } = facts;
  return channel === 'sms'
    ? { signInName: address, provedPhones: [...provedPhones, address] }
    : { signInName: address, provedEmails: [...provedEmails, fold(address)] };
}

/** Goes on into sign-up with what is proved. Throws `flows.unproved` when nothing is. */
function createAccount(context: StepContext, { guests }: CodeSignInSettings, entries: Entries): Outcome {
  const { channel, address, proof } = entries;
  if (proof.state !== 'verified') throw faults.unproved({ step: 'codeSignIn' });
  const { account: accountKind, method } = channels[channel];
  // Of a guest the address is all that is known, and it is proved; others prove more on the next page.
  const guest = guests ? { foreign: mailFacts(address), amr: [method], prefill: { [emailAttribute]: address } } : {};
  return { kind: 'next', learned: { intent: 'signUp', accountKind, ...guest, ...learnedOf(context, entries) } };
}

/** Signs a person in with a code that is sent to the number or address they named. */
export const codeSignIn: Step<CodeSignInSettings> = {
  kind: 'codeSignIn',
  words: ['attribute.email', ...codeSignInWords, 'phoneSignIn.nationalNumber', `phoneSignIn.${consentWord}`],
  explain({ accounts }) {
    const ways = [
      ...(accounts.includes('phone') ? ['a text message'] : []),
      ...(accounts.includes('emailCode') ? ['an e-mail'] : []),
    ];
    return `Sends a code by ${ways.join(' or ')} and asks for it`;
  },
  async enter(context, settings) {
    const { signInName } = context.journey.facts;
    const channel = signInName?.includes('@') ? 'email' : 'sms';
    if (signInName === undefined || !settings.accounts.includes(channels[channel].account)) {
      throw faults.unproved({ step: 'codeSignIn' });
    }
    const { send: action } = proofNames(channels[channel].control);
    return press(context, settings, { channel, address: signInName, proof: unproved }, { action, values: {} });
  },
  async submit(context, settings, input) {
    const memo = context.journey.memo as Entries;
    switch (input.action) {
      case 'cancel':
        return { kind: 'refuse', refusal: 'cancelled' };
      case 'createAccount':
        return createAccount(context, settings, memo);
      default:
        return press(context, settings, entriesOf(memo, input), input);
    }
  },
};
