import { type Field, type Message, proofNames, type Screen, type Verification } from '../flows/index.ts';
import { type Html, html } from '../http/index.ts';
import { type Button, renderButton } from './actions.ts';
import { controlClass, renderField } from './fields.ts';
import { iconOf, proofEnd } from './messages.ts';
import type { Voice } from './words.ts';

type Offer = readonly ['send' | 'verify' | 'resend' | 'edit', Button['style']];

const offers: Readonly<Record<Verification['state'], readonly Offer[]>> = {
  initial: [['send', 'primary']],
  sent: [
    ['verify', 'primary'],
    ['resend', 'link'],
    ['edit', 'link'],
  ],
  verified: [['edit', 'link']],
};

const buttonClass = { send: 'sendButton', verify: 'verifyButton', resend: 'sendButton', edit: 'editButton' } as const;

/** The proof that stands in the way of the rest of the page, if any. */
export const pending = ({ verification }: Screen): Verification | undefined =>
  verification?.state === 'verified' ? undefined : verification;

/** What the main button of an unfinished proof does. */
export const nextOf = (verification: Verification): string =>
  proofNames(verification)[verification.state === 'initial' ? 'send' : 'verify'];

/** What may be wrong with the code itself, and not with the sending of it. */
const codeProblems: readonly string[] = ['fail_retry', 'fail_no_retry', 'fail_code_expired'];

const isCodeProblem = (message: Message): boolean =>
  message.tone === 'error' && codeProblems.includes(proofEnd(message));

/** The field for the code, as if the screen had listed it. What is wrong with the code is said beside it. */
export function codeField(verification: Verification): Field {
  const errors = verification.messages.filter(isCodeProblem).map(({ text }) => text);
  return {
    name: proofNames(verification).code,
    input: 'code',
    label: { id: 'page.verification.code' },
    required: true,
    maxLength: 16,
    ...(errors.length > 0 ? { errors } : {}),
  };
}

const noteClass: Readonly<Record<Message['tone'], string>> = {
  error: 'verificationErrorText error',
  success: 'verificationSuccessText',
  info: 'verificationInfoText',
};

/** Said when the step itself has no words for it: that a code is under way, or that the proof succeeded. */
function statusOf({ state, messages }: Verification): readonly Message[] {
  const tone = ({ initial: undefined, sent: 'info', verified: 'success' } as const)[state];
  if (tone === undefined || messages.length > 0) return messages;
  return [{ tone, text: { id: `page.verification.${state}` } }];
}

function renderNotes(verification: Verification, voice: Voice): Html {
  const { field, state } = verification;
  const shown = statusOf(verification).filter((message) => !(state === 'sent' && isCodeProblem(message)));
  return html`${shown.map((message) => {
    const { tone, text } = message;
    const id = `${field}_${proofEnd(message)}`;
    const role = tone === 'error' ? 'alert' : 'status';
    return html`<div class="${noteClass[tone]}" id="${id}" role="${role}">${iconOf(tone)}<p>${voice.tell(text)}</p></div>`;
  })}`;
}

function renderCode(verification: Verification, voice: Voice, focus: string | undefined): Html {
  const wrong = verification.messages.find(isCodeProblem);
  return html`<div class="verificationCode">${renderField(codeField(verification), voice, {
    focus,
    ...(wrong ? { errorId: `${verification.field}_${proofEnd(wrong)}` } : {}),
  })}</div>`;
}

function renderButtons(verification: Verification, voice: Voice): Html {
  const { field, state, isFixed } = verification;
  const names = proofNames(verification);
  const offered = offers[state].filter(([what]) => what !== 'edit' || !isFixed);
  const buttons = offered.map(([what, style]) =>
    renderButton(
      {
        action: names[what],
        label: voice.say(`page.verification.${what}`),
        style,
        needsFields: what === 'send' || what === 'verify',
      },
      buttonClass[what],
    ),
  );
  return html`<div class="buttons verify" data-claim_id="${field}">${buttons}</div>`;
}

/** The proved field with everything its proof needs. */
export function renderVerification(
  field: Field,
  verification: Verification,
  voice: Voice,
  focus: string | undefined,
): Html {
  const { state } = verification;
  const shown: Field = state === 'initial' ? field : { ...field, readOnly: true };
  return html`<li class="${controlClass[field.input]} ${field.name}_li proof ${state}">${[
    renderField(shown, voice, { focus }),
    renderNotes(verification, voice),
    state === 'sent' && renderCode(verification, voice, focus),
    renderButtons(verification, voice),
  ]}</li>`;
}
