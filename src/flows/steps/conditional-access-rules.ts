import { BlockList, isIP, isIPv4 } from 'node:net';
import { fold } from '../../model/index.ts';
import type { DeviceStanding } from '../known-devices.ts';
import type { B2cFlow } from '../recipes/recipe.ts';

/** A rule as it stands in the flow. */
export type AccessRule = B2cFlow['settings']['conditionalAccess']['rules'][number];

/** What is known of a sign-in. */
export interface Attempt {
  /** Client id. */
  readonly application: string;
  /** IP address. */
  readonly address: string;
  readonly device: DeviceStanding;
}

/** What the rules that fit come to, and which of them decided. */
export interface Ruling {
  readonly control: AccessRule['control'];
  readonly rules: readonly AccessRule[];
}

const mapped = /^::ffff:(?<inner>\d{1,3}(?:\.\d{1,3}){3})(?:\/(?<length>\d+))?$/i;

/** Of an IPv4 network in the form of IPv6 (RFC 4291 §2.5.5.2) the network itself. */
function plain(network: string): string {
  const { inner, length } = mapped.exec(network)?.groups ?? {};
  if (inner === undefined) return network;
  const bits = length === undefined ? 32 : Number(length) - 96;
  return bits < 0 ? network : `${inner}/${bits}`;
}

/** The address without the name of a network card (RFC 4007 §11), which only its own machine understands. */
const bare = (address: string): string => address.split('%')[0] ?? '';

function includes(networks: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [start = '', length] = plain(network).split('/');
    const family = isIPv4(start) ? 'ipv4' : 'ipv6';
    list.addSubnet(bare(start), length === undefined ? (family === 'ipv4' ? 32 : 128) : Number(length), family);
  }
  const [asked = ''] = plain(bare(address)).split('/');
  // BlockList looks into addresses of IPv4 in the form of IPv6, however they are written.
  return isIP(asked) !== 0 && list.check(asked, isIPv4(asked) ? 'ipv4' : 'ipv6');
}

/** A browser that is to stand in for a second factor was once vouched for by one. */
const isNew = (device: DeviceStanding, control: AccessRule['control']): boolean =>
  control === 'requireMultifactor' ? device !== 'proved' : device === 'new';

function fits(rule: AccessRule, { application, address, device }: Attempt): boolean {
  const { includeApplications, includeNetworks, excludeNetworks, isNewDeviceOnly } = rule;
  if (isNewDeviceOnly && !isNew(device, rule.control)) return false;
  if (includeApplications.length > 0 && !includeApplications.some((id) => fold(id) === fold(application))) return false;
  if (includes(excludeNetworks, address)) return false;
  return includeNetworks.length === 0 || includes(includeNetworks, address);
}

const strictest: readonly AccessRule['control'][] = ['block', 'requireMultifactor', 'allow'];

/** The strictest of the rules that fit counts (b2c contract j); where none fits everybody may come in. */
export function rulingFor(rules: readonly AccessRule[], attempt: Attempt): Ruling {
  const fitting = rules.filter((rule) => fits(rule, attempt));
  for (const control of strictest) {
    const deciding = fitting.filter((one) => one.control === control);
    if (deciding.length > 0) return { control, rules: deciding };
  }
  return { control: 'allow', rules: [] };
}

/** The rule tells a sign-in that is out of the ordinary from others, so that whoever it is may not be the owner of the account. */
export const meansRisk = ({ isNewDeviceOnly, includeNetworks, excludeNetworks }: AccessRule): boolean =>
  isNewDeviceOnly || includeNetworks.length > 0 || excludeNetworks.length > 0;
