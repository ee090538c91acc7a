import { BlockList, isIP } from 'node:net';

/** Servers that may be called although their addresses are not public. */
export interface Allowance {
  /** Lower case, without brackets; absent: by address alone. */
  readonly host?: string;
  /** Absent: any. */
  readonly port?: number;
  /** Absent: wherever the name leads. */
  readonly network?: BlockList;
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 4 ? 'ipv4' : 'ipv6');

function networkOf(address: string, prefix: string): BlockList | undefined {
  const bits = Number(prefix);
  if (isIP(address) === 0 || !/^\d{1,3}$/.test(prefix) || bits > (isIP(address) === 4 ? 32 : 128)) return undefined;
  const network = new BlockList();
  network.addSubnet(address, bits, familyOf(address));
  return network;
}

/** `10.1.0.0/16`, `fd00::/8`, `api.internal`, `localhost:9000`, `[::1]:9000`; undefined for anything else. */
export function readAllowance(text: string): Allowance | undefined {
  const [, base = '', prefix = ''] = /^([0-9a-f:.]+)\/(\d+)$/i.exec(text) ?? [];
  if (base !== '') {
    const network = networkOf(base, prefix);
    return network && { network };
  }
  if (!/^[\w.:[\]-]{1,260}$/.test(text) || !URL.canParse(`https://${text}`)) return undefined;
  // With a port of its own, so that one that is written is never the scheme's.
  const { hostname, port } = new URL(`usher://${text}`);
  if (hostname === '' || text.endsWith(':')) return undefined;
  const host = hostname.toLowerCase().replace(/^\[|\]$/g, '');
  return { host, ...(port === '' ? {} : { port: Number(port) }) };
}

/** Whether a server may be called: by the host of its URL, its port, and the address that the host leads to. */
export const allows = (
  { host, port, network }: Allowance,
  called: { readonly host: string; readonly port: number; readonly address: string },
): boolean =>
  (host === undefined || host === called.host) &&
  (port === undefined || port === called.port) &&
  (network === undefined || (isIP(called.address) !== 0 && network.check(called.address, familyOf(called.address))));
