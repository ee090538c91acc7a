import type { OutboxMessage } from '../connectors/index.ts';
import { type Html, html } from '../http/index.ts';
import { renderShell } from './shell.ts';

/** Messages on one page; the JSON answer has them all. */
const most = 50;

export function renderMessage({ to, subject, text, code, sentDateTime }: OutboxMessage, level: 2 | 3): Html {
  const heading = level === 2 ? html`<h2>${subject}</h2>` : html`<h3>${subject}</h3>`;
  return html`<li class="letter"><div class="meta"><span>To ${to}</span><time datetime="${sentDateTime}">${sentDateTime}</time></div>${heading}${
    code !== null &&
    html`<p class="code"><code>${code}</code><button type="button" class="quiet" data-copy="${code}">Copy<span class="unseen"> code ${code}</span></button></p>`
  }<details><summary>Whole message</summary><pre>${text}</pre></details></li>`;
}

export function renderLetters(messages: readonly OutboxMessage[], level: 2 | 3): Html {
  if (messages.length === 0) {
    return html`<p class="empty">No messages yet. Codes that user flows send will appear here.</p>`;
  }
  return html`<ul class="letters">${messages.map((message) => renderMessage(message, level))}</ul>`;
}

/** What would have been sent, newest first; the page looks for news by itself. */
export function renderOutboxPage(messages: readonly OutboxMessage[]): Html {
  return renderShell(
    'outbox',
    'Outbox',
    html`<main class="narrow" data-outbox="${messages[0]?.id ?? ''}"><h1>Outbox</h1>
<p class="lead">Nothing leaves this machine. What a user flow mails is kept here instead, newest first.</p>
${renderLetters(messages.slice(0, most), 2)}</main>`,
  );
}
