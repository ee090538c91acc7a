import { fold } from '../../model/index.ts';
import { attributeWords } from '../attributes/built-in.ts';
import { isSignInAddress } from '../attributes/read.ts';
import type { Facts } from '../facts.ts';
import { faults } from '../faults.ts';
import { type ProofTurn, proofOf, sendProof, unproved, verifyProof } from '../proof/control.ts';
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
} from './code-sign-in-screen.ts';
import { consentWord, phoneNumberOf } from './phone-number.ts';

const channels: Readonly<Record<Entries['channel'], Channel>> = { sms: phone, email: mail };

type Remarks = Parameters<typeof codeScreen>[3];

const show = (settings: CodeSignInSettings, entries: Entries, remarks?: Remarks): Outcome => ({
  kind: 'show',
  memo: entries,
  screen: codeScreen(channels[entries.channel], settings, entries, remarks),
});

const turned = (settings: CodeSignInSettings, entries: Entries, { proof, messages }: ProofTurn): Outcome =>
  show(settings, { ...entries, proof }, { proof: messages });

/** As a code is sent to it; `undefined`: none can be. */
const destinationOf = ({ channel, address }: Entries): string | undefined => {
  if (channel === 'sms') return phoneNumberOf(address);
  return isSignInAddress(address) ? address : undefined;
};

/** To whatever was typed: whether there is such an account plays no part, and nothing on the page tells. */
async function send(context: StepContext, settings: CodeSignInSettings, entries: Entries): Promise<Outcome> {
  const { control, invalid } = channels[entries.channel];
  const address = destinationOf(entries);
  if (address === undefined) return show(settings, entries, { error: invalid });
  return turned(settings, { ...entries, address }, await sendProof(context, control, entries.proof, address));
}

function entriesOf({ channel, address, proof }: Entries, { values }: Input): Entries {
  const sent = (values[channels[channel].control.field] ?? address).trim().normalize('NFC');
  const next = (channel === 'sms' ? phoneNumberOf(sent) : undefined) ?? sent;
  return { channel, address: next, proof: proofOf(proof, next) };
}

async function verify(
  context: StepContext,
  settings: CodeSignInSettings,
  entries: Entries,
  typed: string,
): Promise<Outcome> {
  const turn = await verifyProof(context, channels[entries.channel].control, entries.proof, typed);
  const { proof } = turn;
  return proof.state === 'verified'
    ? proved(context, settings, { ...entries, address: proof.address, proof })
    : turned(settings, entries, turn);
}

/** Who has this number or address; asked only now that the person has proved to have it. */
async function proved(context: StepContext, settings: CodeSignInSettings, entries: Entries): Promise<Outcome> {
  const { channel, address } = entries;
  const found = await context.identity.findBySignInName(address, [channel === 'sms' ? 'phone' : 'email']);
  if (found?.accountEnabled) {
    const { method } = channels[channel];
    return { kind: 'next', learned: { userId: found.id, amr: [method], ...learnedOf(context, entries) } };
  }
  const failed = { reason: found ? 'disabled' : 'wrong', signInName: address, account: found } as const;
  const screen = endScreen(channels[channel], found ? 'disabled' : 'unknown', settings.signUp);
  return { kind: 'show', memo: entries, screen, failed };
}

function learnedOf({ journey: { facts } }: StepContext, { channel, address }: Entries): Facts {
  const { provedPhones = [], provedEmails = [] } = facts;
  return channel === 'sms'
    ? { signInName: address, provedPhones: [...provedPhones, address] }
    : { signInName: address, provedEmails: [...provedEmails, fold(address)] };
}

/** Goes on into sign-up with what is proved. Throws `flows.unproved` when nothing is. */
function createAccount(context: StepContext, entries: Entries): Outcome {
  if (entries.proof.state !== 'verified') throw faults.unproved({ step: 'codeSignIn' });
  const { account: accountKind } = channels[entries.channel];
  return { kind: 'next', learned: { intent: 'signUp', accountKind, ...learnedOf(context, entries) } };
}

/** Signs a person in with a code that is sent to the number or address they named. */
export const codeSignIn: Step<CodeSignInSettings> = {
  kind: 'codeSignIn',
  words: [...attributeWords, ...codeSignInWords, 'phoneSignIn.nationalNumber', `phoneSignIn.${consentWord}`],
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
    return send(context, settings, { channel, address: signInName, proof: unproved });
  },
  async submit(context, settings, input) {
    const memo = context.journey.memo as Entries;
    const names = proofNames(channels[memo.channel].control);
    const entries = entriesOf(memo, input);
    const verifyTyped = () => verify(context, settings, entries, input.values[names.code] ?? '');
    switch (input.action) {
      case 'cancel':
        return { kind: 'refuse', refusal: 'cancelled' };
      case 'createAccount':
        return createAccount(context, memo);
      case names.send:
      case names.resend:
        return send(context, settings, entries);
      case names.edit:
        return show(settings, { ...entries, proof: unproved });
      case names.verify:
        return verifyTyped();
      default:
        // "Continue" does whatever comes next.
        return entries.proof.state === 'initial' ? send(context, settings, entries) : verifyTyped();
    }
  },
};
