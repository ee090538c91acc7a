import type { Letter } from './connectors/index.ts';
import type { Words } from './flows/index.ts';
import { attributes, html, printHtml } from './http/index.ts';
import type { InvitationLetter } from './identity/index.ts';

/** The letters of one invitation, in its language: to the guest, and the same to whoever gets a copy. */
export function invitationLetters(invitation: InvitationLetter, tenantName: string, words: Words): readonly Letter[] {
  const { to, cc, displayName, url, message, language } = invitation;
  const locales = language === undefined ? [] : [language];
  const say = (id: string): string => words.text(id, { tenant: tenantName, name: displayName }, locales);
  // A second line would be a header of its own.
  const subject = say('mail.invitation.email_subject')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const lines = [
    say('mail.invitation.email_greeting'),
    say('mail.invitation.email_message'),
    ...(message ? [message] : []),
    say('mail.invitation.email_link'),
  ];
  const { tag, direction } = words.choose(locales);
  const paragraphs = lines.map((line) => html`<p>${line}</p>`);
  const letter = {
    subject,
    text: [...lines, url].join('\n\n'),
    html: printHtml(
      html`<div${attributes({ lang: tag, dir: direction })}>${paragraphs}<p><a href="${url}" dir="ltr">${url}</a></p></div>`,
    ),
    purpose: 'invitation',
  };
  return [to, ...cc].map((address) => ({ ...letter, to: address }));
}
