import type { Outbox, OutboxMessage } from '../connectors/index.ts';
import { type Html, html } from '../http/index.ts';
import { renderShell } from './shell.ts';

/** Messages on one page; the JSON answer has them all. */
const most = 50;

const titles = { email: 'Mail', sms: 'Text message' } as const;

/** A mail is known by its subject and folded away; a text message has none and is short enough to stand there. */
function renderMessage({ channel, to, subject, text, code, sentDateTime }: OutboxMessage, level: 2 | 3): Html {
  const title = subject || titles[channel];
  const heading = level === 2 ? html`<h2>${title}</h2>` : html`<h3>${title}</h3>`;
  return html`<li class="letter"><div class="meta"><span>To ${to}</span><time datetime="${sentDateTime}">${sentDateTime}</time></div>${heading}${
    code !== null &&
    html`<p class="code"><code>${code}</code><button type="button" class="quiet" data-copy="${code}">Copy<span class="unseen"> code ${code}</span></button></p>`
  }${
    channel === 'sms'
      ? html`<p class="said">${text}</p>`
      : html`<details><summary>Whole message</summary><pre>${text}</pre></details>`
  }</li>`;
}

export function renderLetters(messages: readonly OutboxMessage[], level: 2 | 3): Html {
  if (messages.length === 0) {
    return html`<p class="empty">No messages yet. Codes that user flows send will appear here.</p>`;
  }
  return html`<ul class="letters">${messages.map((message) => renderMessage(message, level))}</ul>`;
}

/** Whether anybody but the developer gets these messages, in a sentence. */
function whereTheyGo(leaving: Outbox['leaving']): string {
  const [mails, texts] = [leaving.includes('email'), leaving.includes('sms')];
  if (mails && texts) return 'Mails and text messages are really sent, and those that were sent are shown here.';
  if (mails) return 'Mails are really sent; text messages are kept on this machine.';
  if (texts) return 'Text messages are really sent; mails are kept on this machine.';
  return 'Nothing leaves this machine. What a user flow mails or texts is kept here instead.';
}

/** What was sent, or would have been, newest first; the page looks for news by itself. */
export function renderOutboxPage(messages: readonly OutboxMessage[], leaving: Outbox['leaving']): Html {
  return renderShell(
    'outbox',
    'Outbox',
    html`<main class="narrow" data-outbox="${messages[0]?.id ?? ''}"><h1>Outbox</h1>
<p class="lead">${whereTheyGo(leaving)} Newest first.</p>
${renderLetters(messages.slice(0, most), 2)}</main>`,
  );
}
