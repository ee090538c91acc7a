import type { Letter } from './connectors/index.ts';
import { html, printHtml } from './http/index.ts';
import type { InvitationLetter } from './identity/index.ts';

/** The letters of one invitation: to the guest, and the same to whoever gets a copy. */
export function invitationLetters(invitation: InvitationLetter, tenantName: string): readonly Letter[] {
  const { to, cc, displayName, url, message } = invitation;
  // A second line would be a header of its own.
  const subject = `${tenantName} has invited you`.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  const lines = [
    `Hello ${displayName},`,
    `${tenantName} has invited you to sign in as a guest.`,
    ...(message ? [message] : []),
    'Follow this link to accept:',
  ];
  const paragraphs = lines.map((line) => html`<p>${line}</p>`);
  const letter = {
    subject,
    text: [...lines, url].join('\n\n'),
    html: printHtml(html`${paragraphs}<p><a href="${url}">${url}</a></p>`),
    purpose: 'invitation',
  };
  return [to, ...cc].map((address) => ({ ...letter, to: address }));
}
