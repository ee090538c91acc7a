import { isIPv6 } from 'node:net';

const groups = 8;
/** Of IPv6: 64 bits, what one household or server is given (RFC 6177 §2). */
const networkGroups = 4;

/**
 * Whoever can send from one of these addresses can send from all: an IPv4 address, or the network of an IPv6 address. An IPv4
 * address in IPv6 form is the IPv4 address (RFC 4291 §2.5.5.2).
 */
export function networkOf(address: string): string {
  const [bare = ''] = address.split('%');
  if (!isIPv6(bare)) return bare;
  const mapped = /^::ffff:(?<ipv4>\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.groups?.['ipv4'];
  if (mapped !== undefined) return mapped;
  const [head = '', tail = ''] = bare.split('::');
  const [first, last] = [head, tail].map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: groups - (first?.length ?? 0) - (last?.length ?? 0) }, () => '0');
  const all = bare.includes('::') ? [...(first ?? []), ...zeros, ...(last ?? [])] : bare.split(':');
  const network = all.slice(0, networkGroups).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}
