import { documentReply, html, type Reply } from '../http/index.ts';
import { renderShell } from './layouts/shell.ts';
import { plainLook } from './look.ts';
import { createVoice, type Languages } from './words.ts';

/** What a person and their support need to know about a request that ended here. */
export interface ErrorInfo {
  readonly status: number;
  /** `AADB2C…`, shown before the message. */
  readonly code?: string;
  /** For support; shown small. Never holds a secret. */
  readonly message: string;
  readonly correlationId: string;
  /** `2026-11-21 10:00:00Z`, as support tools of B2C print it. */
  readonly timestamp: string;
}

/** Words for a status; every other status has the words of `trouble`. */
const kinds: Readonly<Record<number, string>> = {
  404: 'notFound',
  410: 'expired',
  413: 'tooLarge',
  501: 'notRunnable',
};

/** The page where a request ends that cannot be sent back to an application (b2c contract e.1, `globalexception`). */
export function errorPage(info: ErrorInfo, locales: readonly string[], words: Languages): Reply {
  const voice = createVoice(words, locales);
  const kind = kinds[info.status] ?? 'trouble';
  const heading = voice.say(`errorPage.${kind}.heading`);
  const detail =
    info.code === undefined || info.message.startsWith(info.code) ? info.message : `${info.code}: ${info.message}`;
  return documentReply(
    info.status,
    renderShell({
      voice,
      look: plainLook,
      title: heading,
      container: 'exception_container',
      dataName: 'GlobalException',
      content: html`<div class="error-page-content"><div class="heading"><h1>${heading}</h1></div>
<p class="error-page-help">${voice.say(`errorPage.${kind}.help`)}</p>
<div class="error-page-messagedetails">
<p>${voice.say('errorPage.support')}</p>
<div class="error-page-detail">${detail}</div>
<div class="error-page-correlationid">${voice.say('errorPage.correlationId')}: <span class="copyable">${info.correlationId}</span></div>
<div class="error-page-timestamp">${voice.say('errorPage.timestamp')}: <span class="copyable">${info.timestamp}</span></div>
</div></div>`,
    }),
  );
}

/** Where a sign-out ends that names no application to return to (b2c contract b.7). */
export function signedOutPage(locales: readonly string[], words: Languages): Reply {
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
