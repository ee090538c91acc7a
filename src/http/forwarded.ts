import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { TLSSocket } from 'node:tls';
import { faults } from './faults.ts';

/** The proxies in front of a server. */
export interface Proxies {
  /** Networks such as `10.0.0.0/8`, or addresses. Whoever sends from elsewhere is believed nothing. */
  readonly trusted: readonly string[];
  /** How many of them a request passes at most. */
  readonly hops: number;
}

/** Whoever asks, and whether it is an address: `::ffff:192.0.2.1` is the version 4 one in it (RFC 4291 §2.5.5.2). */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');

/** An entry of `X-Forwarded-For`, to which some proxies add a port. */
function addressIn(entry: string): string | undefined {
  const text = entry.trim();
  const [, bracketed] = /^\[([0-9a-f:.]+)\](?::\d+)?$/i.exec(text) ?? [];
  const [, withPort] = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text) ?? [];
  const address = plainAddress(bracketed ?? withPort ?? text);
  return isIP(address) === 0 ? undefined : address;
}

function listOf(networks: readonly string[]): (address: string) => boolean {
  if (networks.length === 0) return () => false;
  const list = new BlockList();
  const familyOf = (address: string) => (isIP(address) === 4 ? 'ipv4' : 'ipv6');
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return (address) => isIP(address) !== 0 && list.check(address, familyOf(address));
}

const valuesOf = ({ headers }: IncomingMessage, name: string): readonly string[] => {
  const value = headers[name];
  return value === undefined ? [] : String(value).split(',');
};

/** What came in plain HTTP has to come from a proxy that says that it came to it over HTTPS. */
function demandHttps(request: IncomingMessage, trusted: boolean): void {
  if (!trusted) throw faults.unproxied();
  const schemes = valuesOf(request, 'x-forwarded-proto').map((scheme) => scheme.trim().toLowerCase());
  if (schemes.length === 0 || schemes.some((scheme) => scheme !== 'https')) throw faults.unencrypted();
}

/**
 * Tells the address of whoever sent a request. `X-Forwarded-For` is read from its end, since everything before what the trusted proxies added
 * may be made up. Throws `http.unproxied` and `http.unencrypted` for what did not come over HTTPS, as far as it can be known.
 */
export function senders({ trusted, hops }: Proxies): (request: IncomingMessage) => string {
  const trusts = listOf(trusted);
  return (request) => {
    let address = plainAddress(request.socket.remoteAddress ?? '');
    if (!(request.socket instanceof TLSSocket)) demandHttps(request, trusts(address));
    const entries = [...valuesOf(request, 'x-forwarded-for')];
    for (let hop = 0; hop < hops && trusts(address); hop += 1) {
      const before = addressIn(entries.pop() ?? '');
      if (before === undefined) break;
      address = before;
    }
    return address;
  };
}
