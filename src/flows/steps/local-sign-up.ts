import { fold } from '../../model/index.ts';
import { attributeWords } from '../attributes/built-in.ts';
import { complaintWords } from '../attributes/complaint.ts';
import { emailMaxLength, readingWords } from '../attributes/read.ts';
import { type ProofTurn, proofOf, proofWords, sendProof, unproved, verifyProof } from '../proof/control.ts';
import { proofNames } from '../screen.ts';
import type { Input, Outcome, Step, StepContext } from '../step.ts';
import { newPasswordFields, newPasswordWords } from './new-password-fields.ts';
import { checkEmail, readForm, remarksOn } from './sign-up-form.ts';
import {
  control,
  type Entries,
  failure,
  type LocalSignUpSettings,
  type Remarks,
  screenId,
  signUpScreen,
} from './sign-up-screen.ts';

const names = proofNames(control);

async function show(
  context: StepContext,
  settings: LocalSignUpSettings,
  entries: Entries,
  remarks?: Remarks,
): Promise<Outcome> {
  const passwords = await newPasswordFields(context, screenId, remarks?.errors);
  return { kind: 'show', memo: entries, screen: signUpScreen(settings, entries, passwords, remarks) };
}

/** Joins what was sent with what is kept: a page that asks for the proof alone sends nothing else. */
function entriesOf({ attributes }: LocalSignUpSettings, { email, typed, proof }: Entries, { values }: Input): Entries {
  // NFC, so that the letter goes to the very address that is compared later: U+212A is not K to a mail server, but is to `fold`.
  const sent = (values['email'] ?? email).trim().normalize('NFC');
  const kept = attributes.flatMap(({ claim }) => {
    const value = values[claim] ?? typed[claim];
    return value === undefined ? [] : [[claim, value] as const];
  });
  return { email: sent, typed: Object.fromEntries(kept), proof: proofOf(proof, sent) };
}

/** Mails a code to what is in the field, once it can be an address. */
async function send(context: StepContext, settings: LocalSignUpSettings, entries: Entries): Promise<Outcome> {
  const wrong = checkEmail(settings, entries.email);
  if (wrong.length > 0) return show(context, settings, entries, remarksOn(wrong));
  return turned(context, settings, entries, await sendProof(context, control, entries.proof, entries.email));
}

const turned = (context: StepContext, settings: LocalSignUpSettings, entries: Entries, turn: ProofTurn) =>
  show(context, settings, { ...entries, proof: turn.proof }, { proof: turn.messages });

/** Throws `identity.busy`; nothing of the journey is lost then. */
async function complete(
  context: StepContext,
  settings: LocalSignUpSettings,
  before: Entries,
  input: Input,
): Promise<Outcome> {
  // "Create" with a code in its field means both: nobody has to know that there are two buttons.
  const typed = input.values[names.code] ?? '';
  const turn: ProofTurn =
    typed === '' ? { proof: before.proof, messages: [] } : await verifyProof(context, control, before.proof, typed);
  const { proof } = turn;
  const entries: Entries = { ...before, proof };
  // What was proved, not what was sent again in other letters.
  const email = proof.state === 'verified' ? proof.address : entries.email;
  if (settings.email.proof && proof.state !== 'verified') {
    const missing = failure('UserMessageIfClaimNotVerified', { field: settings.email.label });
    return show(context, settings, entries, { messages: [missing], proof: turn.messages });
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
    ...['attribute.yes', 'attribute.no'],
    ...newPasswordWords(screenId),
    ...complaintWords(screenId),
    ...readingWords,
    ...proofWords(screenId),
    ...[
      'heading',
      'initial_intro',
      'button_continue',
      'button_cancel',
      'UserMessageIfClaimNotVerified',
      'UserMessageIfClaimsPrincipalAlreadyExists',
    ].map((name) => `${screenId}.${name}`),
  ],
  async enter(context, settings) {
    const hint = context.journey.facts.emailHint ?? context.journey.loginHint ?? '';
    return show(context, settings, { email: hint.slice(0, emailMaxLength), typed: {}, proof: unproved });
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
        const turn = await verifyProof(context, control, entries.proof, input.values[names.code] ?? '');
        return turned(context, settings, entries, turn);
      }
      case names.edit:
        return show(context, settings, { ...entries, proof: unproved });
      default:
        return complete(context, settings, entries, input);
    }
  },
};
