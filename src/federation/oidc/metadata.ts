import type { ServerMetadata } from 'openid-client';
import { flawOfOutsideUrl } from '../../kernel/index.ts';
import { failed, type Members, type Reading } from '../oauth2-answer.ts';

/** What a provider's metadata has to be like. */
export interface Expected {
  readonly metadataUrl: string;
  /** Absent: any issuer. One way or the other it has to be at the origin of the metadata. */
  readonly issuer?: string;
  /** Another issuer that may be named: development, where an origin of the machine stands in for a provider. */
  readonly standsFor?: string;
  readonly responseType: 'code' | 'id_token';
}

/** Origins that publish the metadata of issuers at another one: Entra ID for tokens of its first version. */
const publishesFor: Readonly<Record<string, string>> = {
  'https://login.microsoftonline.com': 'https://sts.windows.net',
};

/** UTF-16 units of `identities.issuer`. */
const longestIssuer = 512;

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string').slice(0, 50) : [];

/** Why the issuer is not one whom this metadata may speak for. People's accounts are found by it, so no provider may name another's. */
function flawOfIssuer(issuer: string, { issuer: expected, standsFor, metadataUrl }: Expected): string | undefined {
  if (expected !== undefined && issuer !== expected) return 'its issuer is another than the configured one';
  if (issuer === standsFor) return undefined;
  if (issuer.length > longestIssuer) return 'its issuer is too long';
  if (/[{}]/.test(issuer)) return 'its issuer stands for many tenants; the metadata address has to name one of them';
  const flaw = flawOfOutsideUrl(issuer);
  if (flaw !== undefined) return `its issuer is unusable: ${flaw}`;
  if (/[?#]/.test(issuer)) return 'its issuer has a query';
  const [own, told] = [new URL(metadataUrl).origin, new URL(issuer).origin];
  return told === own || told === publishesFor[own] ? undefined : 'its issuer is at another origin than the metadata';
}

/** Those members that are used, or what is wrong with them (OpenID Connect Discovery §3, §4.3). */
export function readMetadata(members: Members, expected: Expected): Reading<ServerMetadata> {
  const { issuer } = members;
  if (typeof issuer !== 'string') return failed('it names no issuer');
  const flaw = flawOfIssuer(issuer, expected);
  if (flaw !== undefined) return failed(flaw);
  const url = (name: string): string | undefined => {
    const value = members[name];
    return typeof value === 'string' && flawOfOutsideUrl(value) === undefined ? value : undefined;
  };
  const needed = [
    'authorization_endpoint',
    'jwks_uri',
    ...(expected.responseType === 'code' ? ['token_endpoint'] : []),
  ];
  const missing = needed.find((name) => url(name) === undefined);
  if (missing !== undefined) return failed(`'${missing}' is no address that may be called`);
  const addresses = [...needed, 'userinfo_endpoint', 'end_session_endpoint'].flatMap((name) => {
    const value = url(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const algorithms = texts(members['id_token_signing_alg_values_supported']);
  const metadata = {
    issuer,
    ...Object.fromEntries(addresses),
    ...(algorithms.length > 0 ? { id_token_signing_alg_values_supported: [...algorithms] } : {}),
    token_endpoint_auth_methods_supported: [...texts(members['token_endpoint_auth_methods_supported'])],
    ...(members['authorization_response_iss_parameter_supported'] === true
      ? { authorization_response_iss_parameter_supported: true }
      : {}),
  };
  return { kind: 'read', value: metadata };
}
