import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { graphAppId, graphPermissions } from '../../src/model/index.ts';
import { newClientKey } from '../support/client-key.ts';
import { redirectUri } from '../support/sign-in.ts';
import { seeded, startUsher, temporaryFolder, type Usher } from '../support/usher.ts';

/** The tenant beside the seeded one: the same application ids, the same flow, other people and another secret. */
export const fabrikam = {
  id: 'bbbbbbbb-0000-4000-8000-00000000000b',
  domain: 'fabrikam.onmicrosoft.com',
  secret: 'another-secret',
  user: 'fabrizio@fabrikam.example',
  password: 'A long pass phrase 42!',
} as const;

/** Applications that both tenants know by the same id, the same secret and the same key: nothing but the tenant tells them apart. */
export const shared = {
  web: '66666666-6666-4666-8666-666666666666',
  signing: '77777777-7777-4777-8777-777777777777',
  secret: 'the same secret in both',
  key: newClientKey(),
} as const;

const sharedApplications = [
  {
    appId: shared.web,
    displayName: 'In both',
    web: { redirectUris: [redirectUri] },
    passwordCredentials: [{ displayName: 'test', secretText: shared.secret }],
    settings: { isDeviceFlowAllowed: true, isRevocationAllowed: true, isIntrospectionAllowed: true },
  },
  {
    appId: shared.signing,
    displayName: 'Signs in both',
    settings: { jwks: JSON.stringify({ keys: [shared.key.jwk] }), isIntrospectionAllowed: true },
  },
];

const contosoSeed = {
  tenant: { id: seeded.tenantId, domains: [seeded.tenant], displayName: 'Contoso' },
  applications: sharedApplications,
};

const fabrikamSeed = {
  tenant: { id: fabrikam.id, domains: [fabrikam.domain], displayName: 'Fabrikam' },
  applications: [
    ...sharedApplications,
    { appId: seeded.spa, displayName: 'Single-page app', spa: { redirectUris: [redirectUri] } },
    {
      appId: seeded.daemon,
      displayName: 'Daemon',
      passwordCredentials: [{ displayName: 'test', secretText: fabrikam.secret }],
      requiredResourceAccess: [
        {
          resourceAppId: graphAppId,
          resourceAccess: Object.values(graphPermissions).map((id) => ({ id, type: 'Role' })),
        },
      ],
    },
  ],
  b2cUserFlows: [{ id: seeded.flow, userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 3 }],
  users: [
    {
      displayName: 'Fabrizio',
      identities: [{ signInType: 'emailAddress', issuer: fabrikam.domain, issuerAssignedId: fabrikam.user }],
      passwordProfile: { password: fabrikam.password, forceChangePasswordNextSignIn: false },
      passwordPolicies: 'DisablePasswordExpiration',
    },
  ],
};

/** A server with both tenants on SQLite, whose file is in the folder. */
export async function startBoth(folder: string): Promise<Usher> {
  const seeds = [contosoSeed, fabrikamSeed].map((seed, index) => {
    const file = join(temporaryFolder(), `${index}.json`);
    writeFileSync(file, JSON.stringify(seed));
    return file;
  });
  return startUsher({ data: folder, args: seeds.flatMap((file) => ['--seed', file]) });
}

/** A token for Graph of the other tenant's daemon, who may do everything there. */
export async function tokenOfFabrikam(usher: Usher): Promise<string> {
  const response = await fetch(`${usher.url}/${fabrikam.domain}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: seeded.daemon,
      client_secret: fabrikam.secret,
      scope: 'https://graph.microsoft.com/.default',
    }),
  });
  const { access_token: token } = (await response.json()) as { readonly access_token?: string };
  assert.ok(token, `no token of the other tenant: ${response.status}`);
  return token;
}

const translated = (body: unknown): string =>
  JSON.stringify(body).replaceAll(seeded.tenant, fabrikam.domain).replaceAll(seeded.password, fabrikam.password);

/** The server as an administrator of the other tenant sees it, whose bodies have that one's domain and passwords as its rules want them. */
export function asFabrikam(usher: Usher, token: string): Usher {
  return {
    ...usher,
    graphToken: async () => token,
    graph: (method, path, body, headers = {}) =>
      fetch(`${usher.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: translated(body) }),
      }),
  };
}
