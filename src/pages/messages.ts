import type { Field, Message, Screen, Text } from '../flows/index.ts';
import { attributes, type Html, html } from '../http/index.ts';
import { controlId, fieldErrors } from './fields.ts';
import { icons } from './icons.ts';
import type { Voice } from './words.ts';

/** Ids of page errors in the b2c contract (e.4), by the end of the message id in which they occur. */
const pageErrorIds = ['requiredFieldMissing', 'fieldIncorrect', 'passwordEntryMismatch', 'captchaUnresolved'] as const;

const otherPageError = 'claimVerificationServerError';

/** Ends of the ids of messages about a proof (b2c contract e.4): `email_fail_retry`, … */
const proofEnds = [
  'fail_no_retry',
  'fail_retry',
  'fail_throttled',
  'fail_code_expired',
  'fail_server',
  'incorrect_format',
] as const;

const plain = (id: string): string => id.replace(/[^a-z]/gi, '').toLowerCase();

const messageId = (text: Text): string => ('id' in text ? plain(text.id) : '');

const pageErrorId = ({ text }: Message): string =>
  pageErrorIds.find((id) => messageId(text).includes(id.toLowerCase())) ?? otherPageError;

/** The ending of the element id of a message about a proof. */
export function proofEnd({ tone, text }: Message): string {
  if (tone !== 'error') return tone;
  return proofEnds.find((end) => messageId(text).includes(plain(end))) ?? 'fail_retry';
}

export const iconOf = (tone: Message['tone']): Html =>
  ({ error: icons.alert, success: icons.check, info: icons.letter })[tone];

const classOf: Readonly<Record<Message['tone'], string>> = {
  error: 'error pageLevel',
  success: 'verificationSuccessText',
  info: 'verificationInfoText',
};

/** Says itself which field it is about. */
const namesField = (text: Text): boolean => 'id' in text && text.values?.['field'] !== undefined;

function problem(field: Field, voice: Voice): Html {
  const errors = fieldErrors(field, voice).join(' ');
  const target = `#${controlId(field)}`;
  if ((field.errors ?? []).some(namesField)) return html`<li><a href="${target}">${errors}</a></li>`;
  return html`<li><a href="${target}">${voice.tell(field.label)}</a>: ${errors}</li>`;
}

function problems(screen: Screen, voice: Voice): Html | undefined {
  const wrong = screen.fields.filter((field) => (field.errors ?? []).length > 0);
  return wrong.length < 2 ? undefined : html`<ul>${wrong.map((field) => problem(field, voice))}</ul>`;
}

/** A box a kind of problem, each with its own id; the list comes in the last one. The style sheet joins them. */
function renderErrors(screen: Screen, voice: Voice): Html {
  const list = problems(screen, voice);
  const texts = new Map<string, string[]>();
  for (const message of screen.messages.filter(({ tone }) => tone === 'error')) {
    const id = pageErrorId(message);
    texts.set(id, [...(texts.get(id) ?? []), voice.tell(message.text)]);
  }
  if (texts.size === 0 && list) texts.set('fieldIncorrect', [voice.say('page.problems')]);
  const boxes = [...texts].map(
    ([id, lines], index) =>
      html`<div class="error pageLevel"${attributes({ id })} role="alert" tabindex="-1">${icons.alert}<div>${lines.map(
        (line) => html`<p>${line}</p>`,
      )}${index === texts.size - 1 && list}</div></div>`,
  );
  return html`${boxes}`;
}

/** What concerns the whole page, and, when several fields are wrong, a list that leads to each of them. */
export function renderMessages(screen: Screen, voice: Voice): Html {
  const others = screen.messages.filter(({ tone }) => tone !== 'error');
  return html`${renderErrors(screen, voice)}${others.map(
    ({ tone, text }) =>
      html`<div class="${classOf[tone]}" role="status">${iconOf(tone)}<p>${voice.tell(text)}</p></div>`,
  )}`;
}
