/** What nodes keep of the tenant itself: its settings, its applications, its keys, whom it tells. */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { newAccount } from '../../support/accounts.ts';
import { graph } from '../../support/federation.ts';
import { newApplication } from '../../support/flow-settings.ts';
import { authorize, redirectUri } from '../../support/sign-in.ts';
import { seeded, type Usher } from '../../support/usher.ts';
import { newVisitor } from '../../support/visitor.ts';
import type { Fleet } from '../fleet.ts';
import { type Cache, isOdd } from './cache.ts';

type Json = Readonly<Record<string, unknown>>;

const setTenant = async (front: Usher, settings: object): Promise<void> =>
  void (await graph(front, 'PATCH', `/v1.0/organization/${seeded.tenantId}`, { settings }));

const tokenEndpoint = ({ url }: Usher): string => `${url}/${seeded.tenant}/${seeded.flow}/oauth2/v2.0/token`;

interface PublishedKey {
  readonly kid: string;
  readonly kty: string;
}

/** The keys of the tenant as the node publishes them. */
export async function publishedKeys({ url }: Usher, tenant: string = seeded.tenant): Promise<readonly PublishedKey[]> {
  const response = await fetch(`${url}/${tenant}/discovery/v2.0/keys`);
  return ((await response.json()) as { readonly keys: readonly PublishedKey[] }).keys;
}

/** A tenant that is made and removed by the command, as an operator does. */
async function newTenant({ command, front }: Pick<Fleet, 'command' | 'front'>) {
  const domain = `t${randomBytes(6).toString('hex')}.example`;
  await command('tenant', 'create', domain);
  const metadata = `${front.url}/${domain}/v2.0/.well-known/openid-configuration`;
  return {
    domain,
    remove: () => command('tenant', 'delete', domain),
    async isOpen() {
      const response = await fetch(metadata);
      await response.arrayBuffer();
      return response.status === 200;
    },
  };
}

export const tenantCaches: readonly Cache[] = [
  {
    file: 'src/identity/tenant-settings.ts',
    what: 'the settings of the tenant',
    prepare: async ({ front }) => ({
      change: (turn) => setTenant(front, { allowPlainPkce: isOdd(turn) }),
      async sees(turn) {
        const plain = { code_challenge_method: 'plain', code_challenge: 'p'.repeat(50) };
        const { left } = await newVisitor(front).open(authorize(front, plain).url);
        return (left === undefined) === isOdd(turn);
      },
    }),
  },
  {
    file: 'src/oidc/clients.ts',
    what: 'an application',
    async prepare({ front }) {
      const { appId, id } = await newApplication(front, { spa: { redirectUris: [redirectUri] } });
      return {
        change: async (turn) =>
          void (await graph(front, 'PATCH', `/beta/applications/${id}`, { isDisabled: isOdd(turn) })),
        async sees(turn) {
          const { left, status } = await newVisitor(front).open(
            authorize(front, { client_id: appId, scope: 'openid' }).url,
          );
          return (left !== undefined || status !== 200) === isOdd(turn);
        },
      };
    },
  },
  {
    file: 'src/oidc/clients.ts',
    what: 'the origins of all applications',
    async prepare({ front }) {
      const { id } = await newApplication(front, {});
      const name = randomBytes(4).toString('hex');
      const origin = (turn: number): string => `https://${name}-${turn}.example`;
      return {
        change: async (turn) =>
          void (await graph(front, 'PATCH', `/beta/applications/${id}`, {
            spa: { redirectUris: [`${origin(turn)}/`] },
          })),
        async sees(turn) {
          const headers = { origin: origin(turn), 'access-control-request-method': 'POST' };
          const response = await fetch(tokenEndpoint(front), { method: 'OPTIONS', headers });
          await response.arrayBuffer();
          return response.headers.get('access-control-allow-origin') === origin(turn);
        },
      };
    },
  },
  {
    file: 'src/directory/audit.ts',
    what: 'the names of applications that write',
    async prepare({ front }) {
      const { id } = await newApplication(front, {});
      const name = (turn: number): string => `Daemon, turn ${turn}`;
      const daemon = `/beta/applications(appId='${seeded.daemon}')`;
      return {
        change: async (turn) => void (await graph(front, 'PATCH', daemon, { displayName: name(turn) })),
        async sees(turn) {
          const correlationId = randomUUID();
          const body = { displayName: `Written to, turn ${turn}` };
          const headers = { 'client-request-id': correlationId };
          const response = await front.graph('PATCH', `/beta/applications/${id}`, body, headers);
          assert.equal(response.status, 204, await response.text());
          const filter = encodeURIComponent(`correlationId eq '${correlationId}'`);
          const { value } = await graph(front, 'GET', `/v1.0/auditLogs/directoryAudits?$filter=${filter}`);
          return JSON.stringify((value as readonly Json[])[0]?.['initiatedBy']).includes(name(turn));
        },
      };
    },
  },
  {
    file: 'src/identity/extensions.ts',
    what: 'the properties that the tenant has added',
    async prepare({ front }) {
      const { id } = await newAccount(front);
      const name = `kept${randomBytes(4).toString('hex')}`;
      let property = '';
      return {
        async change(turn) {
          const draft = { displayName: `${name}${turn}`, dataType: 'string' };
          property = String((await graph(front, 'POST', '/beta/identity/userFlowAttributes', draft))['id']);
          await graph(front, 'PATCH', `/beta/users/${id}`, { [property]: 'x' });
        },
        // What the tenant has not got is not told of anybody.
        async sees(turn) {
          const wanted = property.replace(/\d$/, String(turn));
          return (await graph(front, 'GET', `/beta/users/${id}?$select=${wanted}`))[wanted] === 'x';
        },
      };
    },
  },
  {
    file: 'src/webhooks/subscriptions.ts',
    what: 'who wants to be told',
    async prepare({ front }) {
      const path = '/beta/usher/webhooks';
      const draft = { displayName: 'CRM', targetUrl: 'http://127.0.0.1:9/', events: ['userUpdated'] };
      const { id } = await graph(front, 'POST', path, draft);
      const account = await newAccount(front);
      const filter = encodeURIComponent(`webhookId eq '${id}'`);
      const told = async (): Promise<number> => {
        const { value } = await graph(front, 'GET', `/beta/usher/webhookDeliveries?$filter=${filter}&$top=999`);
        return (value as readonly Json[]).length;
      };
      return {
        change: async (turn) => void (await graph(front, 'PATCH', `${path}/${id}`, { isEnabled: isOdd(turn) })),
        async sees(turn) {
          const before = await told();
          await graph(front, 'PATCH', `/v1.0/users/${account.id}`, { displayName: randomUUID() });
          return (await told()) > before === isOdd(turn);
        },
      };
    },
  },
  {
    file: 'src/oidc/keys.ts',
    what: 'the keys that sign tokens',
    async prepare({ front, command }) {
      // A tenant of its own: nobody else makes keys of it at the same moment.
      const { domain } = await newTenant({ front, command });
      const made: string[] = [];
      return {
        async change() {
          const said = await command('keys', 'rotate', '--tenant', domain, '--json');
          made.push((JSON.parse(said) as { readonly id: string }).id);
        },
        async sees(turn) {
          const wanted = made[turn];
          const published = await publishedKeys(front, domain);
          return wanted !== undefined && published.some(({ kid }) => kid === wanted);
        },
      };
    },
  },
  {
    file: 'src/oidc/keys.ts',
    what: 'the kind of keys that the tenant wants',
    async prepare({ front }) {
      let before: { readonly turn: number; readonly count: number } | undefined;
      return {
        async change(turn) {
          before = { turn, count: (await publishedKeys(front)).length };
          await setTenant(front, { signingAlgorithm: isOdd(turn) ? 'ES256' : 'RS256' });
        },
        async sees(turn) {
          const { length } = await publishedKeys(front);
          return turn === before?.turn && length > before.count - Number(turn === 0);
        },
      };
    },
  },
  {
    file: 'src/tenant-rooms.ts',
    what: 'the tenants there are',
    async prepare(fleet) {
      const tenants = await Promise.all(Array.from({ length: 4 }, () => newTenant(fleet)));
      return {
        change: async (turn) => void (await tenants[turn]?.remove()),
        sees: async (turn) => (await tenants[turn]?.isOpen()) === false,
      };
    },
  },
];
