import { fold } from '../../model/index.ts';
import { attributeWords } from '../attributes/built-in.ts';
import { emailMaxLength, readingWords } from '../attributes/read.ts';
import { type Checking, checkCode, sendCode } from '../proof/email-code.ts';
import { letterWords } from '../proof/letter.ts';
import { type Message, proofNames } from '../screen.ts';
import type { Input, Outcome, Step, StepContext } from '../step.ts';
import { checkEmail, readForm, remarksOn } from './sign-up-form.ts';
import {
  type Entries,
  failure,
  type LocalSignUpSettings,
  type Proof,
  type Remarks,
  screenId,
  signUpScreen,
  word,
} from './sign-up-screen.ts';

const purpose = 'signUp.emailCode';
const names = proofNames('email');

const checkFailures: Readonly<Record<Exclude<Checking, 'proved'>, string>> = {
  wrong: 'ver_fail_retry',
  expired: 'ver_fail_code_expired',
  spent: 'ver_fail_no_retry',
  tooMany: 'ver_fail_throttled',
};

const initial: Proof = { state: 'initial' };

async function show(
  context: StepContext,
  settings: LocalSignUpSettings,
  entries: Entries,
  remarks?: Remarks,
): Promise<Outcome> {
  // What the rules say about an empty password is what a person has to know before choosing one.
  const help = await context.identity.checkPassword('');
  return { kind: 'show', memo: entries, screen: signUpScreen(settings, entries, help, remarks) };
}

/** Joins what was sent with what is kept: a page that asks for the proof alone sends nothing else. */
function entriesOf({ attributes }: LocalSignUpSettings, { email, typed, proof }: Entries, { values }: Input): Entries {
  // NFC, so that the letter goes to the very address that is compared later: U+212A is not K to a mail server, but is to `fold`.
  const sent = (values['email'] ?? email).trim().normalize('NFC');
  // A proof is of one address: another one in the field begins anew (security.md §5 no. 4).
  const same = proof.state !== 'initial' && fold(proof.address) === fold(sent);
  const kept = attributes.flatMap(({ claim }) => {
    const value = values[claim] ?? typed[claim];
    return value === undefined ? [] : [[claim, value] as const];
  });
  return { email: sent, typed: Object.fromEntries(kept), proof: same ? proof : initial };
}

/** Mails a code, without looking whether the address has an account: the answer must not tell. */
async function send(context: StepContext, settings: LocalSignUpSettings, entries: Entries): Promise<Outcome> {
  const wrong = checkEmail(settings, entries.email);
  if (wrong.length > 0) return show(context, settings, entries, remarksOn(wrong));
  const sent: Entries = { ...entries, proof: { state: 'sent', address: entries.email } };
  const sending = await sendCode(context, purpose, entries.email);
  switch (sending.kind) {
    case 'sent':
      return show(context, settings, sent);
    case 'tooSoon': {
      const text = word('ver_resend_wait', { seconds: String(sending.seconds) });
      return show(context, settings, sent, { proof: [{ tone: 'info', text }] });
    }
    case 'tooMany':
      return show(context, settings, entries, { proof: [failure('ver_fail_throttled')] });
    case 'failed':
      return show(context, settings, { ...entries, proof: initial }, { proof: [failure('ver_fail_server')] });
    default:
      return sending satisfies never;
  }
}

/** What the proof is after looking at the typed code, and the message when it is still missing. */
async function verify(context: StepContext, entries: Entries, typed: string): Promise<[Entries, Message?]> {
  const { proof } = entries;
  if (proof.state !== 'sent') return [entries];
  if (typed.trim() === '') return [entries, failure('ver_code_required')];
  const checking = await checkCode(context, purpose, proof.address, typed);
  if (checking !== 'proved') return [entries, failure(checkFailures[checking])];
  return [{ ...entries, proof: { state: 'verified', address: proof.address } }];
}

/** Throws `identity.busy`; nothing of the journey is lost then. */
async function complete(
  context: StepContext,
  settings: LocalSignUpSettings,
  before: Entries,
  input: Input,
): Promise<Outcome> {
  // "Create" with a code in its field means both: nobody has to know that there are two buttons.
  const typed = input.values[names.code] ?? '';
  const [entries, problem] = typed === '' ? [before] : await verify(context, before, typed);
  const { proof } = entries;
  // What was proved, not what was sent again in other letters.
  const email = proof.state === 'verified' ? proof.address : entries.email;
  if (settings.email.proof && proof.state !== 'verified') {
    const unproved = failure('UserMessageIfClaimNotVerified', { field: settings.email.label });
    return show(context, settings, entries, { messages: [unproved], ...(problem ? { proof: [problem] } : {}) });
  }
  const form = await readForm(context, settings, entries, input.values);
  if (form.kind === 'faulty') return show(context, settings, entries, form.remarks);
  // Asked only once the address is proved, so that nobody can ask which addresses exist (b2c contract j).
  if (await context.identity.findBySignInName(email)) {
    return show(context, settings, entries, { messages: [failure('UserMessageIfClaimsPrincipalAlreadyExists')] });
  }
  const passwordHash = await context.identity.hashPassword(form.password);
  const proved = proof.state === 'verified' ? { provedEmails: [fold(proof.address)] } : {};
  return {
    kind: 'next',
    learned: { signInName: email, passwordHash, attributes: form.attributes, amr: ['pwd'], ...proved },
  };
}

/** One page on which a person proves an address, chooses a password and fills in what the flow asks for. */
export const localSignUp: Step<LocalSignUpSettings> = {
  kind: 'localSignUp',
  words: [
    ...attributeWords,
    ...['attribute.yes', 'attribute.no', 'field.passwordsDiffer'],
    ...readingWords,
    ...letterWords,
    ...[
      'heading',
      'initial_intro',
      'newPassword',
      'reenterPassword',
      'button_continue',
      'button_cancel',
      'ver_intro_msg',
      'ver_info_msg',
      'ver_success_msg',
      'ver_resend_wait',
      'ver_code_required',
      'ver_fail_server',
      ...Object.values(checkFailures),
      'error_requiredFieldMissing',
      'error_fieldIncorrect',
      'error_passwordEntryMismatch',
      'UserMessageIfClaimNotVerified',
      'UserMessageIfClaimsPrincipalAlreadyExists',
    ].map((name) => `${screenId}.${name}`),
  ],
  async enter(context, settings) {
    const hint = context.journey.facts.emailHint ?? context.journey.loginHint ?? '';
    return show(context, settings, { email: hint.slice(0, emailMaxLength), typed: {}, proof: initial });
  },
  async submit(context, settings, input) {
    const entries = entriesOf(settings, context.journey.memo as Entries, input);
    switch (input.action) {
      case 'cancel':
        return { kind: 'refuse', refusal: 'cancelled' };
      case names.send:
      case names.resend:
        return send(context, settings, entries);
      case names.verify: {
        const [next, problem] = await verify(context, entries, input.values[names.code] ?? '');
        return show(context, settings, next, problem ? { proof: [problem] } : {});
      }
      case names.edit:
        return show(context, settings, { ...entries, proof: initial });
      default:
        return complete(context, settings, entries, input);
    }
  },
};
