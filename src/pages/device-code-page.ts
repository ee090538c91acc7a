import type { Field, Presentation, Words } from '../flows/index.ts';
import { documentReply, type Html, html, type Reply } from '../http/index.ts';
import { renderField } from './fields.ts';
import { renderShell } from './layouts/shell.ts';
import { lookOf } from './look.ts';
import { createVoice, type Voice } from './words.ts';

interface DeviceForm {
  readonly action: string;
  readonly csrf: string;
  readonly userCode: string;
}

/** A page on which a device is let in (RFC 8628 §3.3): the code, whose device it is, and what became of it. */
export type DeviceCodeView =
  | (DeviceForm & { readonly kind: 'enter'; readonly problem?: 'unknown' | 'tooMany' })
  | (DeviceForm & { readonly kind: 'confirm'; readonly appName: string })
  | { readonly kind: 'done' | 'denied' };

interface Surroundings {
  readonly words: Words;
  /** Languages best first. */
  readonly locales: readonly string[];
  readonly presentation: Presentation | undefined;
  readonly tenantName: string;
}

const fieldName = 'user_code';

const button = (action: string, label: string, style: 'primary' | 'secondary'): Html =>
  html`<button type="submit" id="${action}" name="action" value="${action}" class="${style}">${label}</button>`;

const form = ({ action, csrf }: DeviceForm, content: Html): Html =>
  html`<form id="deviceCode" method="post" action="${action}" autocomplete="off">
<input type="hidden" name="csrf" value="${csrf}">
${content}
</form>`;

function enter(view: DeviceCodeView & { kind: 'enter' }, voice: Voice): Html {
  const { userCode, problem } = view;
  const field: Field = {
    name: fieldName,
    input: 'text',
    label: { id: 'device.code' },
    required: true,
    autocomplete: 'off',
    maxLength: 64,
    help: [{ id: 'device.codeHelp' }],
    ...(userCode === '' ? {} : { value: userCode }),
    ...(problem === undefined ? {} : { errors: [{ id: `device.${problem}` }] }),
  };
  const list = html`<div class="attr"><ul><li class="TextBox">${renderField(field, voice, { focus: fieldName })}</li></ul></div>`;
  return form(view, html`${list}<div class="buttons">${button('find', voice.say('device.next'), 'primary')}</div>`);
}

/** The first button is what Enter presses: whoever was talked into this lets nobody in by haste. */
function confirm(view: DeviceCodeView & { kind: 'confirm' }, voice: Voice): Html {
  const { userCode, appName } = view;
  return form(
    view,
    html`<input type="hidden" name="${fieldName}" value="${userCode}">
<p>${voice.say('device.asks', { app: appName })}</p>
<p><strong class="device-code">${userCode}</strong></p>
<p>${voice.say('device.warning')}</p>
<div class="buttons">${button('cancel', voice.say('device.cancel'), 'secondary')}${button('continue', voice.say('device.continue'), 'primary')}</div>`,
  );
}

function contentOf(view: DeviceCodeView, voice: Voice): Html {
  switch (view.kind) {
    case 'enter':
      return enter(view, voice);
    case 'confirm':
      return confirm(view, voice);
    case 'done':
    case 'denied':
      return html``;
    default:
      return view satisfies never;
  }
}

/** Draws a page of the device flow in the looks of its user flow. Works without scripts. */
export function deviceCodePage(view: DeviceCodeView, around: Surroundings): Reply {
  const { words, locales, presentation, tenantName } = around;
  const voice = createVoice(words, locales);
  const heading = voice.say(`device.${view.kind}.heading`);
  const wrong = view.kind === 'enter' && view.problem !== undefined;
  const look = lookOf(presentation, 'deviceCode');
  const document = renderShell({
    voice,
    title: wrong ? voice.say('page.titleError', { title: heading }) : heading,
    container: 'self_asserted_container',
    dataName: 'DeviceCode',
    hasForm: view.kind === 'enter' || view.kind === 'confirm',
    content: html`<div class="heading"><h1>${heading}</h1></div><div class="intro"><p>${voice.say(`device.${view.kind}.intro`)}</p></div>
${contentOf(view, voice)}`,
    look,
    tenantName,
  });
  return documentReply(200, document, { sources: look.sources });
}
