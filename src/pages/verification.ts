import {
  type Field,
  type Message,
  proofActionsOf,
  proofNames,
  type Screen,
  type Verification,
} from '../flows/index.ts';
import { attributes, type Html, html } from '../http/index.ts';
import { renderButton } from './actions.ts';
import { controlClass, renderField } from './fields.ts';
import { iconOf, proofEnd } from './messages.ts';
import type { Voice } from './words.ts';

const styles = { send: 'primary', verify: 'primary', resend: 'link', edit: 'link' } as const;

/** Of the older pages, and of display controls (b2c contract e.4). */
const buttonClasses = {
  older: { send: 'sendButton', verify: 'verifyButton', resend: 'sendButton', edit: 'editButton' },
  control: { send: 'sendCode', verify: 'verifyCode', resend: 'sendNewCode', edit: 'changeClaims' },
} as const;

/** Element id of something said about a proof. Before a code is sent it introduces, then it informs. */
function noteId({ field, control, state }: Verification, message: Message): string {
  if (control !== undefined) return `${control}_${message.tone}_message`;
  return `${field}_${message.tone === 'info' && state === 'initial' ? 'intro' : proofEnd(message)}`;
}

/** Numbers are spoken of in other words than addresses. */
const words = {
  address: { edit: 'page.verification.edit', verified: 'page.verification.verified' },
  number: { edit: 'page.verification.editPhone', verified: 'page.verification.verifiedPhone' },
} as const;

const wordsFor = ({ input }: Field) => ({
  send: 'page.verification.send',
  verify: 'page.verification.verify',
  resend: 'page.verification.resend',
  sent: 'page.verification.sent',
  ...words[input === 'phone' ? 'number' : 'address'],
});

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
function statusOf({ state, messages }: Verification, field: Field): readonly Message[] {
  if (state === 'initial' || messages.length > 0) return messages;
  return [{ tone: state === 'sent' ? 'info' : 'success', text: { id: wordsFor(field)[state] } }];
}

function renderNotes(verification: Verification, field: Field, voice: Voice): Html {
  const { state } = verification;
  const shown = statusOf(verification, field).filter((message) => !(state === 'sent' && isCodeProblem(message)));
  const ids = shown.map((message) => noteId(verification, message));
  return html`${shown.map((message, index) => {
    const { tone, text } = message;
    const id = ids.indexOf(ids[index] ?? '') === index ? ids[index] : undefined;
    const role = tone === 'error' ? 'alert' : 'status';
    return html`<div class="${noteClass[tone]}"${attributes({ id })} role="${role}">${iconOf(tone)}<p>${voice.tell(text)}</p></div>`;
  })}`;
}

function renderCode(verification: Verification, voice: Voice, focus: string | undefined): Html {
  const wrong = verification.messages.find(isCodeProblem);
  return html`<div class="verificationCode TextBox ${proofNames(verification).code}_li VerificationCode">${renderField(
    codeField(verification),
    voice,
    {
      focus,
      ...(wrong ? { errorId: noteId(verification, wrong) } : {}),
    },
  )}</div>`;
}

function renderButtons(verification: Verification, field: Field, voice: Voice): Html {
  const { control } = verification;
  const classes = buttonClasses[control === undefined ? 'older' : 'control'];
  const names = proofNames(verification);
  const buttons = proofActionsOf(verification).map((what) =>
    renderButton(
      {
        action: names[what],
        label: voice.say(wordsFor(field)[what]),
        style: styles[what],
        needsFields: what === 'send' || what === 'verify',
      },
      classes[what],
    ),
  );
  return html`<div class="buttons verify" data-claim_id="${field.name}">${buttons}</div>`;
}

/** The proved field with everything its proof needs. */
export function renderVerification(
  field: Field,
  verification: Verification,
  voice: Voice,
  focus: string | undefined,
): Html {
  const { state, control, isFixed = false } = verification;
  const shown: Field = state === 'initial' && !isFixed ? field : { ...field, readOnly: true };
  const content = [
    renderField(shown, voice, { focus }),
    renderNotes(verification, field, voice),
    state === 'sent' && renderCode(verification, voice, focus),
    renderButtons(verification, field, voice),
  ];
  const className = `${controlClass[field.input]} ${field.name}_li`;
  if (control === undefined) return html`<li class="${className} proof ${state}">${content}</li>`;
  return html`<li class="VerificationControl ${control}_li ${className}"><div class="verificationControlContent proof ${state}" id="${control}">${content}</div></li>`;
}
