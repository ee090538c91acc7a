/** The part of an address before its `@`. */
export const localPartOf = (email: string): string => email.slice(0, email.lastIndexOf('@'));

/**
 * The principal name that Microsoft Entra gives a guest: `adele_fabrikam.example#EXT#@contoso.onmicrosoft.com` (b2c contract i). A domain has
 * a dot and no `_`, so that no two addresses come to one name, and what has no dot behind its last `_` is no address.
 */
export const guestPrincipalName = (email: string, domain: string): string =>
  `${email.toLowerCase().replace('@', '_')}#EXT#@${domain}`;

/** A published page for approvals spells it `#EXT@` (b2c contract i): one person is not to have two names. */
export const normalPrincipalName = (name: string): string => name.replace(/#EXT@/i, '#EXT#@');

/** Of a guest without an address, or whose address is in the name of somebody else. */
export const otherPrincipalName = (id: string, domain: string): string => `guest_${id}#EXT#@${domain}`;
