import type { PasskeyCeremony } from '../flows/index.ts';
import { attributes, type Html, html } from '../http/index.ts';
import { own } from './answer.ts';
import type { Voice } from './words.ts';

/** Name of the value that holds the browser's answer. */
const answerName = 'passkey';

const ceremonies = {
  create: { label: 'page.passkey.create', look: 'primary' },
  get: { label: 'page.passkey.get', look: 'secondary' },
} as const;

/**
 * What `passkey.js` works on. Hidden until a script finds that the browser can do it; without, the page has its other ways. The
 * script fills in the value and presses the hidden button.
 */
export function renderPasskey(passkey: PasskeyCeremony | undefined, voice: Voice): Html | undefined {
  if (!passkey) return undefined;
  const { ceremony, options, action, isConditional = false } = passkey;
  const data = attributes({
    'data-ceremony': ceremony,
    'data-options': JSON.stringify(options),
    'data-conditional': isConditional,
  });
  const { label, look } = ceremonies[ceremony];
  return html`<div id="passkey" class="passkey" hidden${data}>
<div class="error pageLevel" role="alert" data-failed="${voice.say('page.passkey.failed')}" hidden></div>
<button type="button" class="${look}" data-start>${voice.say(label)}</button>
<input type="hidden" name="${answerName}" value="">
<button type="submit" name="${own.action}" value="${action}" formnovalidate hidden tabindex="-1" data-send></button></div>`;
}
