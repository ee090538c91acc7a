import { emailAttribute } from '../../identity/index.ts';
import { fold } from '../../model/index.ts';
import { attributeWords } from '../attributes/built-in.ts';
import type { CollectedAttribute } from '../attributes/collected-attribute.ts';
import { type Complaint, complaintWords, type FormRemarks, missing, remarksFor } from '../attributes/complaint.ts';
import { fieldOf } from '../attributes/field.ts';
import { readAttributes, shownOn, typedIn } from '../attributes/form.ts';
import { prefilled } from '../attributes/prefilled.ts';
import { emailMaxLength, isSignInAddress, readingWords } from '../attributes/read.ts';
import type { Facts, ForeignFacts } from '../facts.ts';
import { faults } from '../faults.ts';
import { wordsOf } from '../page-words.ts';
import {
  type Proof,
  type ProofControl,
  pressProof,
  proofOf,
  proofWords,
  sendsCode,
  unproved,
  verificationOf,
  verifyProof,
} from '../proof/control.ts';
import { type Field, type Message, proofNames, type Screen, type Text } from '../screen.ts';
import type { Input, Outcome, Step, StepContext } from '../step.ts';

export interface SocialSignUpSettings {
  readonly attributes: readonly CollectedAttribute[];
  /** Where the flow collects an address; `proof`: one that the provider has not proved must be proved with a code. */
  readonly email?: { readonly label: Text; readonly proof: boolean };
  /** In place of the page's own. */
  readonly heading?: Text;
  readonly intro?: Text;
}

/** B2C spells it so (b2c contract e.1). */
export const socialPage = 'socialccountsignup';

const { word, failure, cancel } = wordsOf(socialPage);

const control: ProofControl = {
  field: emailAttribute,
  channel: 'email',
  purpose: 'addressVerification',
  screenId: socialPage,
};

/** Kept between the screens of the step. */
interface Entries {
  readonly address: string;
  readonly proof: Proof;
  /** By claim. */
  readonly typed: Readonly<Record<string, string>>;
}

interface Remarks extends Partial<FormRemarks> {
  readonly proof?: readonly Message[];
}

/** Throws `flows.unproved`: only somebody whom a provider has proved gets an account without a name of this tenant. */
function factsOf({ journey: { facts } }: StepContext): Facts & Required<Pick<Facts, 'foreign'>> {
  const { foreign, userId } = facts;
  if (!foreign || userId !== undefined) throw faults.unproved({ step: 'socialSignUp' });
  return { ...facts, foreign };
}

const isProvedBy = ({ email, isEmailVerified }: ForeignFacts, address: string): boolean =>
  isEmailVerified && fold(email ?? '') === fold(address);

/** What the provider told, in the fields it fits. */
function beginning(
  { attributes }: SocialSignUpSettings,
  { foreign, prefill = {} }: ReturnType<typeof factsOf>,
): Entries {
  const address = String(prefill[emailAttribute] ?? '').slice(0, emailMaxLength);
  const isProved = address !== '' && isProvedBy(foreign, address);
  return {
    address,
    proof: isProved ? { state: 'verified', address } : unproved,
    typed: typedIn(attributes, {}, prefilled(attributes, prefill)),
  };
}

const emailField = (label: Text, { address, proof }: Entries, asksProof: boolean, errors: readonly Text[]): Field => ({
  name: emailAttribute,
  input: 'email',
  label,
  required: true,
  autocomplete: 'email',
  maxLength: emailMaxLength,
  ...(address === '' ? {} : { value: address }),
  ...(asksProof && proof.state !== 'initial' ? { readOnly: true } : {}),
  ...(errors.length > 0 ? { errors } : {}),
});

function show(
  { attributes, email, heading, intro }: SocialSignUpSettings,
  entries: Entries,
  remarks: Remarks = {},
): Outcome {
  const errorsOf = (name: string): readonly Text[] => remarks.errors?.[name] ?? [];
  const screen: Screen = {
    id: socialPage,
    heading: heading ?? word('heading'),
    intro: intro ?? word('initial_intro'),
    messages: remarks.messages ?? [],
    ...(email?.proof ? { verification: verificationOf(control, entries.proof, remarks.proof) } : {}),
    fields: [
      ...(email ? [emailField(email.label, entries, email.proof, errorsOf(emailAttribute))] : []),
      ...shownOn(attributes).map((one) => fieldOf(one, entries.typed[one.claim], errorsOf(one.claim))),
    ],
    actions: [{ name: 'continue', label: word('button_continue'), style: 'primary' }, cancel],
  };
  return { kind: 'show', memo: entries, screen };
}

/** Joins what was sent with what is kept: a page that asks for the proof alone sends nothing else. */
function entriesOf({ attributes }: SocialSignUpSettings, before: Entries, { values }: Input): Entries {
  const address = (values[emailAttribute] ?? before.address).trim().normalize('NFC');
  return { address, proof: proofOf(before.proof, address), typed: typedIn(attributes, values, before.typed) };
}

function checkAddress({ email }: SocialSignUpSettings, { address }: Entries): readonly Complaint[] {
  if (!email || isSignInAddress(address)) return [];
  if (address === '') return [missing(emailAttribute, email.label)];
  const texts = [{ id: 'field.notAnEmail', values: { field: email.label } }];
  return [{ field: emailAttribute, summary: 'error_fieldIncorrect', texts }];
}

/** What was asked for is as the person says, also where they left it empty; the rest stays as the provider told it. */
function learnedFrom(
  context: StepContext,
  settings: SocialSignUpSettings,
  entries: Entries,
  values: Facts['attributes'],
): Facts {
  const { prefill = {}, provedEmails = [], foreign } = factsOf(context);
  const asked = [...settings.attributes.map(({ id }) => id), ...(settings.email ? [emailAttribute] : [])].map(fold);
  const rest = Object.entries(prefill).filter(([id]) => !asked.includes(fold(id)));
  const { address, proof } = entries;
  // What the provider has proved is not proved by this tenant.
  const isProvedHere = proof.state === 'verified' && !isProvedBy(foreign, address);
  return {
    prefill: Object.fromEntries(rest),
    attributes: { ...values, ...(settings.email ? { [emailAttribute]: address } : {}) },
    ...(isProvedHere ? { provedEmails: [...provedEmails, fold(address)] } : {}),
  };
}

const asks = ({ email, attributes }: SocialSignUpSettings): boolean =>
  email !== undefined || shownOn(attributes).length > 0;

async function complete(
  context: StepContext,
  settings: SocialSignUpSettings,
  before: Entries,
  code: string,
): Promise<Outcome> {
  const { email } = settings;
  const turn =
    code === '' ? { proof: before.proof, messages: [] } : await verifyProof(context, control, before.proof, code);
  const { proof } = turn;
  const entries = { ...before, proof, address: proof.state === 'verified' ? proof.address : before.address };
  if (email?.proof && proof.state !== 'verified') {
    const missingProof = failure('UserMessageIfClaimNotVerified', { field: email.label });
    return show(settings, entries, { messages: [missingProof], proof: turn.messages });
  }
  const { values, complaints } = readAttributes(settings.attributes, entries.typed);
  const all = [...checkAddress(settings, entries), ...complaints];
  if (all.length > 0) return show(settings, entries, remarksFor(socialPage, all));
  // A page without anything to fill in is not one to come back to.
  const again = asks(settings) ? { again: entries } : {};
  return { kind: 'next', ...again, learned: learnedFrom(context, settings, entries, values) };
}

/**
 * What the flow asks of people whom a foreign provider has proved and who have no account yet, filled in as far as the provider told (b2c
 * contract d.3 row 4d). Whatever address they type leads to no other account (security.md §5 no. 4, 18).
 */
export const socialSignUp: Step<SocialSignUpSettings> = {
  kind: 'socialSignUp',
  words: [
    ...attributeWords,
    ...['attribute.yes', 'attribute.no'],
    ...readingWords,
    ...complaintWords(socialPage),
    ...proofWords(socialPage),
    ...['heading', 'initial_intro', 'button_continue', 'button_cancel', 'UserMessageIfClaimNotVerified'].map(
      (name) => `${socialPage}.${name}`,
    ),
  ],
  explain({ attributes, email }) {
    const asked = [...(email ? [emailAttribute] : []), ...attributes.map(({ claim }) => claim)];
    return `People whom a provider has proved, and who have no account yet, fill in ${asked.join(', ')}`;
  },
  async enter(context, settings) {
    const entries = beginning(settings, factsOf(context));
    return asks(settings) ? show(settings, entries) : complete(context, settings, entries, '');
  },
  async again(context, settings, messages) {
    factsOf(context);
    return show(settings, context.journey.memo as Entries, { messages });
  },
  async submit(context, settings, input) {
    factsOf(context);
    const { action, values } = input;
    if (action === 'cancel') return { kind: 'refuse', refusal: 'cancelled' };
    const entries = entriesOf(settings, context.journey.memo as Entries, input);
    const code = values[proofNames(control).code] ?? '';
    if (settings.email?.proof) {
      const wrong = sendsCode(control, action) ? checkAddress(settings, entries) : [];
      if (wrong.length > 0) return show(settings, entries, remarksFor(socialPage, wrong));
      const turn = await pressProof(context, control, entries.proof, { action, address: entries.address, typed: code });
      if (turn) return show(settings, { ...entries, proof: turn.proof }, { proof: turn.messages });
    }
    return complete(context, settings, entries, code);
  },
};
