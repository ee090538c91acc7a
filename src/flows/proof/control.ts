import { fold } from '../../model/index.ts';
import { wordsOf } from '../page-words.ts';
import type { Message, Verification } from '../screen.ts';
import { proofNames } from '../screen.ts';
import type { StepContext } from '../step.ts';
import type { Destination } from './destination.ts';
import { type Checking, checkCode, sendCode } from './one-time-code.ts';

/** How far the proof of an address or number has come; `address` is the one a code was sent to. Plain data, kept by the step. */
export type Proof = { readonly state: 'initial' } | { readonly state: 'sent' | 'verified'; readonly address: string };

export const unproved: Proof = { state: 'initial' };

/** One proof on one page: which field, by which channel, for what, and whose words. */
export interface ProofControl
  extends Pick<Destination, 'channel' | 'purpose'>,
    Pick<Verification, 'field' | 'control'> {
  /** The page whose words are said: `{screenId}.ver_info_msg`. */
  readonly screenId: string;
  /** The person cannot change the address: it is on record. */
  readonly isFixed?: true;
}

/** What pressing something came to. `messages` are about the proof; empty: what its state says by itself. */
export interface ProofTurn {
  readonly proof: Proof;
  readonly messages: readonly Message[];
}

const checkFailures: Readonly<Record<Exclude<Checking, 'proved'>, string>> = {
  wrong: 'ver_fail_retry',
  expired: 'ver_fail_code_expired',
  spent: 'ver_fail_no_retry',
  tooMany: 'ver_fail_throttled',
};

/** Message ids that a page with a proof needs, without the page. */
const said: readonly string[] = [
  'ver_intro_msg',
  'ver_info_msg',
  'ver_success_msg',
  'ver_resend_wait',
  'ver_code_required',
  'ver_fail_server',
  ...Object.values(checkFailures),
];

export const proofWords = (screenId: string): readonly string[] => said.map((name) => `${screenId}.${name}`);

const stateMessages: Readonly<Record<Proof['state'], readonly [Message['tone'], string]>> = {
  initial: ['info', 'ver_intro_msg'],
  sent: ['info', 'ver_info_msg'],
  verified: ['success', 'ver_success_msg'],
};

/** The control as its page shows it; `messages` in place of what the state says by itself. */
export function verificationOf(control: ProofControl, proof: Proof, messages: readonly Message[] = []): Verification {
  const [tone, name] = stateMessages[proof.state];
  const { field, control: style, isFixed } = control;
  return {
    field,
    ...(style ? { control: style } : {}),
    ...(isFixed ? { isFixed } : {}),
    state: proof.state,
    messages: messages.length > 0 ? messages : [{ tone, text: wordsOf(control.screenId).word(name) }],
  };
}

/** A proof is of one address: another one in the field begins anew (security.md §5 no. 4). */
export const proofOf = (proof: Proof, address: string): Proof =>
  proof.state !== 'initial' && fold(proof.address) === fold(address) ? proof : unproved;

/** Sends a code, without looking whether the address has an account: the answer must not tell. */
async function sendProof(
  context: StepContext,
  control: ProofControl,
  proof: Proof,
  address: string,
): Promise<ProofTurn> {
  const { channel, purpose, screenId } = control;
  const { failure, info } = wordsOf(screenId);
  const sent: Proof = { state: 'sent', address };
  const sending = await sendCode(context, { channel, purpose, address });
  switch (sending.kind) {
    case 'sent':
      return { proof: sent, messages: [] };
    case 'tooSoon': {
      const time = { amount: sending.seconds, unit: 'second' } as const;
      return { proof: sent, messages: [info('ver_resend_wait', { time })] };
    }
    case 'tooMany':
      return { proof, messages: [failure('ver_fail_throttled')] };
    case 'failed':
      return { proof: unproved, messages: [failure('ver_fail_server')] };
    default:
      return sending satisfies never;
  }
}

/** Looks at the typed code. A proof that waits for none stays as it is. */
export async function verifyProof(
  context: StepContext,
  control: ProofControl,
  proof: Proof,
  typed: string,
): Promise<ProofTurn> {
  if (proof.state !== 'sent') return { proof, messages: [] };
  const { failure } = wordsOf(control.screenId);
  if (typed.trim() === '') return { proof, messages: [failure('ver_code_required')] };
  const { channel, purpose } = control;
  const checking = await checkCode(context, { channel, purpose, address: proof.address }, typed);
  if (checking !== 'proved') return { proof, messages: [failure(checkFailures[checking])] };
  return { proof: { state: 'verified', address: proof.address }, messages: [] };
}

/** The button of the control that stands for "continue" on a page that has nothing else to go on with. */
export const nextPress = (control: ProofControl, { state }: Proof): string =>
  state === 'initial' ? proofNames(control).send : proofNames(control).verify;

/** True for the buttons that send a code: what is in the field must be an address or number. */
export function sendsCode(control: ProofControl, action: string): boolean {
  const { send, resend } = proofNames(control);
  return action === send || action === resend;
}

/**
 * What one of the control's own buttons came to; `undefined`: it was another button. `address` is what the field holds, already
 * found to be well formed by the step.
 */
export async function pressProof(
  context: StepContext,
  control: ProofControl,
  proof: Proof,
  press: { readonly action: string; readonly address: string; readonly typed: string },
): Promise<ProofTurn | undefined> {
  const names = proofNames(control);
  switch (press.action) {
    case names.send:
    case names.resend:
      return sendProof(context, control, proof, press.address);
    case names.verify:
      return verifyProof(context, control, proof, press.typed);
    case names.edit:
      return { proof: unproved, messages: [] };
    default:
      return undefined;
  }
}
