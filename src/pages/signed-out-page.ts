import type { Words } from '../flows/index.ts';
import { documentReply, html, type Reply } from '../http/index.ts';
import { renderShell } from './layouts/shell.ts';
import { plainLook } from './look.ts';
import { createVoice } from './words.ts';

/** Where a sign-out ends that names no application to return to (b2c contract b.7). */
export function signedOutPage(locales: readonly string[], words: Words): Reply {
  const voice = createVoice(words, locales);
  const heading = voice.say('signedOut.heading');
  return documentReply(
    200,
    renderShell({
      voice,
      look: plainLook,
      title: heading,
      container: 'exception_container',
      dataName: 'SignedOut',
      content: html`<div class="heading"><h1>${heading}</h1></div><p>${voice.say('signedOut.help')}</p>`,
    }),
  );
}
