import assert from 'node:assert/strict';
import { ClientSecretCredential } from '@azure/identity';
import { AzureIdentityAuthenticationProvider } from '@microsoft/kiota-authentication-azure';
import {
  createGraphBetaServiceClient,
  extendGraphBetaServiceClient,
  GraphBetaRequestAdapter,
} from '@microsoft/msgraph-beta-sdk';
import { seeded, type Usher } from '../usher.ts';
import { type Fluent, folder, type Page } from './fluent.ts';
import { paths } from './paths.ts';

export type GraphSdk = Fluent<typeof paths>;

export interface SdkOptions {
  readonly version?: 'v1.0' | 'beta';
  /** None: that of the host that is called, as the client chooses when it is told nothing. */
  readonly scopes?: string[];
  readonly secret?: string;
}

/** Microsoft's client with Microsoft's credential, told nothing but where the server is. */
export function graphSdk(
  usher: Usher,
  { version = 'beta', scopes, secret = seeded.secret }: SdkOptions = {},
): GraphSdk {
  const credential = new ClientSecretCredential(seeded.tenantId, seeded.daemon, secret, {
    authorityHost: usher.url,
    disableInstanceDiscovery: true,
  });
  const provider = new AzureIdentityAuthenticationProvider(
    credential,
    scopes,
    undefined,
    new Set([new URL(usher.url).hostname]),
  );
  const adapter = new GraphBetaRequestAdapter(provider);
  adapter.baseUrl = `${usher.url}/${version}`;
  const { navigationMetadata } = folder(paths).build('{+baseurl}');
  extendGraphBetaServiceClient(navigationMetadata);
  return createGraphBetaServiceClient(adapter) as unknown as GraphSdk;
}

/** What an answer must hold. */
export function there<T>(value: T | null | undefined): T {
  assert.ok(value !== undefined && value !== null);
  return value;
}

export const ids = (page: Page<{ readonly id?: string | null }> | undefined): readonly string[] =>
  there(page?.value).map(({ id }) => there(id));
