import { badSetting } from '../faults.ts';

/** One address with the name that people see in its place, which may be empty (RFC 5322 §3.4 `mailbox`). */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/**
 * One address, and nothing in it that a header or a command could read as more (RFC 5321 §4.1.2). Quoted local parts and
 * addresses in brackets are none, which no mail service offers people.
 */
export const isOneAddress = (text: string): boolean =>
  text.length <= 254 && /^[^\s\p{C}<>()[\]\\,;:"@]+@[^\s\p{C}<>()[\]\\,;:"@]+$/u.test(text);

/** Reads `ADDRESS` or `NAME <ADDRESS>`. Throws `connectors.badSetting`. */
export function readMailbox(text: string | undefined): Mailbox {
  if (text === undefined) throw badSetting('mailFrom', "is needed with '--smtp-url'");
  const { name = '', address = text.trim() } = /^(?<name>[^<>]*)<(?<address>[^<>]*)>\s*$/.exec(text)?.groups ?? {};
  if (!isOneAddress(address)) throw badSetting('mailFrom', "must be ADDRESS or 'NAME <ADDRESS>'");
  return { name: displayName(name.trim().replace(/^"(.*)"$/, '$1')), address };
}

/** One line without control characters, of a length that mail programs show. */
export const displayName = (text: string): string =>
  text
    .replaceAll(/[\s\p{C}]+/gu, ' ')
    .trim()
    .slice(0, 100);

/** The name a letter comes under: the tenant's; with a name of our own, that one on behalf of the tenant, as Azure AD B2C does. */
export function senderName(own: string, tenant: string): string {
  if (tenant === '') return own;
  return displayName(own === '' ? tenant : `${own} on behalf of ${tenant}`);
}
