import { emailMaxLength, isSignInAddress } from '../attributes/read.ts';
import { wordsOf } from '../page-words.ts';
import { type Proof, type ProofControl, pressProof, proofWords, unproved, verificationOf } from '../proof/control.ts';
import { type Field, type Message, proofNames, type Screen, type Text } from '../screen.ts';
import type { Input } from '../step.ts';
import {
  emailOnRecord,
  type FactorWay,
  maskedEmail,
  type Scene,
  type Stage,
  type Turn,
} from './second-factor-scene.ts';

const screenId = 'selfasserted';
const { word, cancel } = wordsOf(screenId);

/** Plain data between the pages. */
interface Memo {
  readonly proof: Proof;
  /** What was typed where no address is on record. */
  readonly typed: string;
}

const label: Text = { id: 'attribute.email' };

const controlFor = (onRecord: string | undefined): ProofControl => ({
  field: 'email',
  channel: 'email',
  purpose: 'multifactorCode',
  control: 'emailVerificationControl',
  screenId,
  ...(onRecord === undefined ? {} : { isFixed: true }),
});

function show(scene: Scene, memo: Memo, messages: readonly Message[] = [], error?: Text): Turn {
  const onRecord = emailOnRecord(scene);
  const { proof, typed } = memo;
  const field: Field = {
    name: 'email',
    input: 'email',
    label,
    required: true,
    autocomplete: 'email',
    maxLength: emailMaxLength,
    ...(onRecord === undefined && proof.state === 'initial' ? {} : { readOnly: true }),
    value: onRecord === undefined ? typed : maskedEmail(scene, onRecord),
    ...(error ? { errors: [error] } : {}),
  };
  const screen: Screen = {
    id: screenId,
    heading: word('mfa_heading'),
    intro: word('mfa_email_intro'),
    messages: [],
    verification: verificationOf(controlFor(onRecord), proof, messages),
    fields: [field],
    actions: [cancel],
  };
  return { kind: 'show', screen, memo };
}

async function answer(scene: Scene, { proof, typed: before }: Memo, { action, values }: Input): Promise<Turn> {
  const onRecord = emailOnRecord(scene);
  const control = controlFor(onRecord);
  const typed = (values['email'] ?? before).trim().normalize('NFC').slice(0, emailMaxLength);
  const address = proof.state === 'sent' ? proof.address : (onRecord ?? typed);
  const names = proofNames(control);
  if (action === names.send && !isSignInAddress(address)) {
    return show(scene, { proof, typed }, [], { id: 'field.notAnEmail', values: { field: label } });
  }
  const press = { action, address, typed: values[names.code] ?? '' };
  const turn = await pressProof(scene.context, control, proof, press);
  const now = turn?.proof ?? proof;
  if (now.state !== 'verified') return show(scene, { proof: now, typed }, turn?.messages);
  return provedBy(scene, now.address);
}

/** Whoever has an address on record is asked for that one from now on. */
export function provedBy({ own }: Scene, address: string): Turn {
  const kept = own.find((one) => one.kind === 'email');
  return {
    kind: 'proved',
    amr: 'otp',
    ...(kept ? { used: kept.id } : { enrolled: { kind: 'email', content: address } }),
  };
}

const stage: Stage = {
  begin: async (scene) => show(scene, { proof: unproved, typed: '' }),
  answer: (scene, memo, input) => answer(scene, memo as Memo, input),
};

/** A code to the address on record, else to one that is proved with it (b2c contract e.1, MFA e-mail). */
export const emailWay: FactorWay = {
  name: 'email',
  label: 'way_email',
  words: [
    'attribute.email',
    'field.notAnEmail',
    ...proofWords(screenId),
    ...['mfa_heading', 'mfa_email_intro', 'button_cancel'].map((name) => `${screenId}.${name}`),
  ],
  canVerify: (scene) => emailOnRecord(scene) !== undefined,
  verify: stage,
  enrol: stage,
};
