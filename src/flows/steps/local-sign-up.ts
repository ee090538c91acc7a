import { relyingPartyId } from '../../identity/index.ts';
import { fold } from '../../model/index.ts';
import { attributeWords } from '../attributes/built-in.ts';
import { complaintWords } from '../attributes/complaint.ts';
import { typedIn } from '../attributes/form.ts';
import { prefilled } from '../attributes/prefilled.ts';
import { emailMaxLength, readingWords } from '../attributes/read.ts';
import type { Facts } from '../facts.ts';
import { wordsOf } from '../page-words.ts';
import {
  type ProofControl,
  type ProofTurn,
  pressProof,
  proofOf,
  proofWords,
  sendsCode,
  unproved,
  verifyProof,
} from '../proof/control.ts';
import { proofNames } from '../screen.ts';
import type { Input, Outcome, Step, StepContext } from '../step.ts';
import { newPasswordFields, newPasswordWords } from './new-password-fields.ts';
import { consentWord, looksLikePhone, phoneNumberOf } from './phone-number.ts';
import { userNamePattern } from './sign-in-name.ts';
import { checkContact, readForm, remarksOn, signUpFormWords } from './sign-up-form.ts';
import {
  asksProof,
  contactLabel,
  type Entries,
  type LocalSignUpSettings,
  type Remarks,
  shapeOf,
  signUpPages,
  signUpScreen,
  userNameField,
  userNameLabel,
  userNameMaxLength,
  withPasskey,
} from './sign-up-screen.ts';

/** Numbers are compared and written to in one form. */
const canonical = (settings: LocalSignUpSettings, contact: string): string =>
  (shapeOf(settings).contact.channel === 'sms' ? phoneNumberOf(contact) : undefined) ?? contact;

/** What was proved before this page as the name of the new account: by a code that was to sign the person in. */
function provedBefore(settings: LocalSignUpSettings, { signInName, provedEmails, provedPhones }: Facts) {
  if (signInName === undefined) return undefined;
  const { contact, alwaysProved } = shapeOf(settings);
  const proved = contact.channel === 'sms' ? provedPhones : provedEmails;
  return alwaysProved && proved?.includes(fold(signInName)) ? signInName : undefined;
}

async function show(
  context: StepContext,
  settings: LocalSignUpSettings,
  entries: Entries,
  remarks?: Remarks,
): Promise<Outcome> {
  const { contact, password } = shapeOf(settings);
  const passwords = password ? await newPasswordFields(context, contact.screenId, remarks?.errors) : [];
  const { proof } = entries;
  const isFixed = proof.state === 'verified' && provedBefore(settings, context.journey.facts) === proof.address;
  const form = { settings, entries, passwords, isFixed, offersPasskey: offersPasskey(context, settings) };
  return { kind: 'show', memo: entries, screen: signUpScreen(form, remarks) };
}

/** The flow lets a passkey stand in for the password, and the browser asked for a host that can have passkeys. */
const offersPasskey = ({ journey: { sender } }: StepContext, settings: LocalSignUpSettings): boolean =>
  settings.isPasswordOptional === true && relyingPartyId(sender.origin) !== undefined;

/** Joins what was sent with what is kept: a page that asks for the proof alone sends nothing else. */
function entriesOf(settings: LocalSignUpSettings, before: Entries, { values }: Input): Entries {
  const { contact, typed, proof, userName } = before;
  // NFC, so that the letter goes to the very address that is compared later: U+212A is not K to a mail server, but is to `fold`.
  const sent = (values[shapeOf(settings).contact.field] ?? contact).trim().normalize('NFC');
  const next = canonical(settings, sent);
  return {
    userName: (values[userNameField] ?? userName).trim(),
    contact: next,
    typed: typedIn(settings.attributes, values, typed),
    proof: proofOf(proof, next),
  };
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
  const { contact: control, userName, password: hasPassword } = shapeOf(settings);
  const { failure } = wordsOf(control.screenId);
  const takesPasskey = input.action === withPasskey && offersPasskey(context, settings);
  // "Create" with a code in its field means both: nobody has to know that there are two buttons.
  const typed = input.values[proofNames(control).code] ?? '';
  const turn: ProofTurn =
    typed === '' ? { proof: before.proof, messages: [] } : await verifyProof(context, control, before.proof, typed);
  const { proof } = turn;
  // What was proved, not what was sent again in other letters.
  const contact = proof.state === 'verified' ? proof.address : before.contact;
  const entries: Entries = { ...before, proof };
  if (asksProof(settings) && proof.state !== 'verified') {
    const missing = failure('UserMessageIfClaimNotVerified', { field: contactLabel(settings) });
    return show(context, settings, entries, { messages: [missing], proof: turn.messages });
  }
  const form = await readForm(context, settings, entries, {
    values: input.values,
    password: hasPassword && !takesPasskey,
  });
  if (form.kind === 'faulty') return show(context, settings, entries, form.remarks);
  // Asked only once the address or number is proved, so that nobody can ask which ones have accounts (b2c contract j).
  const signInName = userName ? entries.userName : contact;
  if (await context.identity.findBySignInName(signInName)) {
    const field = userName ? userNameLabel : contactLabel(settings);
    const taken = failure('UserMessageIfClaimsPrincipalAlreadyExists', { field });
    return show(context, settings, entries, { messages: [taken] });
  }
  const { password, attributes } = form;
  const ofPassword =
    password === undefined
      ? provedByCode(control, takesPasskey)
      : { amr: ['pwd'], passwordHash: await context.identity.hashPassword(password, context.journey.sender.address) };
  return {
    kind: 'next',
    // A password is typed again, as after any other complaint of this page: it is in no memo.
    again: entries,
    learned: {
      intent: 'signUp',
      accountKind: settings.account,
      signInName,
      attributes,
      ...ofPassword,
      ...(userName ? { recoveryEmail: contact } : {}),
      ...provedNow(context.journey.facts, settings, proof.state === 'verified' ? proof.address : undefined),
    },
  };
}

/** Nothing yet, where the person goes on to make a passkey. */
const provedByCode = ({ channel }: ProofControl, takesPasskey: boolean): Facts =>
  takesPasskey ? {} : { amr: [channel === 'sms' ? 'sms' : 'otp'] };

function provedNow(facts: Facts, settings: LocalSignUpSettings, address: string | undefined): Facts {
  if (address === undefined) return {};
  const { provedEmails = [], provedPhones = [] } = facts;
  return shapeOf(settings).contact.channel === 'sms'
    ? { provedPhones: [...provedPhones, address] }
    : { provedEmails: [...provedEmails, fold(address)] };
}

/** What was typed before fills in the field it fits. */
function hinted(settings: LocalSignUpSettings, hint: string): Pick<Entries, 'userName' | 'contact'> {
  const { contact, userName } = shapeOf(settings);
  const isAddress = hint.includes('@');
  return {
    userName: userName && userNamePattern.test(hint) ? hint.slice(0, userNameMaxLength) : '',
    contact: (contact.channel === 'sms' ? looksLikePhone(hint) : isAddress || !userName)
      ? canonical(settings, hint.slice(0, emailMaxLength))
      : '',
  };
}

const words = [
  'heading',
  'initial_intro',
  'button_continue',
  'button_cancel',
  'passkey_link',
  'UserMessageIfClaimNotVerified',
  'UserMessageIfClaimsPrincipalAlreadyExists',
] as const;

/** One page on which a person proves an address or number, chooses a name and a password, and fills in what the flow asks for. */
export const localSignUp: Step<LocalSignUpSettings> = {
  kind: 'localSignUp',
  words: [
    ...attributeWords,
    ...[
      'attribute.yes',
      'attribute.no',
      'localaccountsignup.UserId',
      'phoneSignUp.nationalNumber',
      `phoneSignUp.${consentWord}`,
    ],
    ...newPasswordWords('localaccountsignup'),
    ...readingWords,
    ...signUpFormWords,
    ...signUpPages.flatMap((page) => [
      ...complaintWords(page),
      ...proofWords(page),
      ...words.map((name) => `${page}.${name}`),
    ]),
  ],
  explain(settings) {
    const { contact, userName, password } = shapeOf(settings);
    const asked = settings.attributes.map(({ claim, required }) => (required ? claim : `${claim} (optional)`));
    const what = contact.channel === 'sms' ? 'a number' : 'an address';
    const did = [
      asksProof(settings) ? `proves ${what} with a code` : `enters ${what}`,
      ...(userName ? ['chooses a user name'] : []),
      ...(password ? [`chooses a password${settings.isPasswordOptional ? ' unless they want a passkey' : ''}`] : []),
      ...(asked.length > 0 ? [`fills in ${asked.join(', ')}`] : []),
    ];
    return `On one page the person ${new Intl.ListFormat('en').format(did)}`;
  },
  async enter(context, settings) {
    const { facts, loginHint } = context.journey;
    const address = provedBefore(settings, facts);
    const typed = typedIn(settings.attributes, {}, prefilled(settings.attributes, facts.prefill));
    const begun = { typed, userName: '', proof: unproved };
    if (address !== undefined) {
      return show(context, settings, { ...begun, contact: address, proof: { state: 'verified', address } });
    }
    return show(context, settings, { ...begun, ...hinted(settings, facts.emailHint ?? loginHint ?? '') });
  },
  again: (context, settings, messages) => show(context, settings, context.journey.memo as Entries, { messages }),
  async submit(context, settings, input) {
    const entries = entriesOf(settings, context.journey.memo as Entries, input);
    const control = shapeOf(settings).contact;
    const { action, values } = input;
    if (action === 'cancel') return { kind: 'refuse', refusal: 'cancelled' };
    if (sendsCode(control, action)) {
      const wrong = checkContact(settings, entries.contact);
      if (wrong.length > 0) return show(context, settings, entries, remarksOn(settings, wrong));
    }
    const typed = values[proofNames(control).code] ?? '';
    const press = { action, address: entries.contact, typed };
    const turn = await pressProof(context, control, entries.proof, press);
    return turn ? turned(context, settings, entries, turn) : complete(context, settings, entries, input);
  },
};
