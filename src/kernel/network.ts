import { isIPv6 } from 'node:net';

/** `::ffff:192.0.2.1`: a version 4 address on a socket of version 6 (RFC 4291 §2.5.5.2). */
const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;

const groupsOf = (text: string): readonly string[] => (text === '' ? [] : text.split(':'));

/**
 * What is counted as one sender: a version 4 address, or the /64 of a version 6 address, of which everybody who has one has 2⁶⁴
 * (RFC 6177 §2). What is no address stands for itself.
 */
export function networkOf(address: string): string {
  const [plain = ''] = address.split('%', 1);
  const four = mapped.exec(plain)?.[1];
  if (four !== undefined) return four;
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::');
  const [first, last] = [groupsOf(head), groupsOf(tail ?? '')];
  const zeros = Array.from({ length: tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length) }, () => '0');
  const groups = [...first, ...zeros, ...last].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/** The machine itself. */
export const isOwnAddress = (address: string): boolean =>
  address === '::1' || /^127\./.test(mapped.exec(address)?.[1] ?? address);
