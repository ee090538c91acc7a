const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const pattern = new RegExp(`^${label}([.]${label})+$`);

/** A host name of two labels or more in lower case (RFC 1123 §2.1), as tenants have them. */
export const isDomainName = (text: string): boolean => text.length <= 253 && pattern.test(text);
