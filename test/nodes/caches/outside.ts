/** What nodes keep of whom they ask in the middle of a journey, and of who is asked for newcomers. */
import { randomBytes } from 'node:crypto';
import { newAccount } from '../../support/accounts.ts';
import { answering } from '../../support/event-api.ts';
import { connect, newConnector } from '../../support/example.ts';
import { graph } from '../../support/federation.ts';
import { newApplication, newFlow } from '../../support/flow-settings.ts';
import { json, type ListeningApi, listeningApi } from '../../support/listening-api.ts';
import { authorize, codeFor, redirectUri } from '../../support/sign-in.ts';
import { seeded, type Usher } from '../../support/usher.ts';
import { newVisitor } from '../../support/visitor.ts';
import { type Cache, isOdd } from './cache.ts';

const named = (type: string, members: object) => ({ '@odata.type': `#microsoft.graph.${type}`, ...members });

/** The right to be called on events (Graph contract a.9). */
const receivePayload = {
  resourceAppId: '00000003-0000-0000-c000-000000000000',
  resourceAccess: [{ id: '214e810f-fda8-4fd7-a475-29461495eb00', type: 'Role' }],
};

/** A resource is named by a domain with a dot in it. */
const originOf = ({ port }: ListeningApi): string => `http://127.0.0.1:${port}`;

const newSpa = async (front: Usher): Promise<string> =>
  (await newApplication(front, { spa: { redirectUris: [redirectUri] } })).appId;

/** An extension at the API that adds claims to the tokens of the application; resolves to its address in Graph. */
async function addsClaims(front: Usher, api: ListeningApi, appId: string): Promise<string> {
  const apiApp = await newApplication(front, { requiredResourceAccess: [receivePayload] });
  const path = '/v1.0/identity/customAuthenticationExtensions';
  const extension = named('onTokenIssuanceStartCustomExtension', {
    endpointConfiguration: named('httpRequestEndpoint', { targetUrl: originOf(api) }),
    authenticationConfiguration: named('azureAdTokenAuthentication', {
      resourceId: `api://127.0.0.1/${apiApp.appId}`,
    }),
    clientConfiguration: { timeoutInMilliseconds: 2000, maximumRetries: 0 },
  });
  const { id } = await graph(front, 'POST', path, extension);
  const handler = named('onTokenIssuanceStartCustomExtensionHandler', { customExtension: { id } });
  const conditions = { applications: { includeApplications: [{ appId }] } };
  const listener = named('onTokenIssuanceStartListener', { conditions, handler });
  await graph(front, 'POST', '/beta/identity/authenticationEventListeners', listener);
  return `${path}/${id}`;
}

export const outsideCaches: readonly Cache[] = [
  {
    file: 'src/flows/extensions/subscriptions.ts',
    what: 'the extensions that are called on events',
    async prepare({ front }) {
      const [api, appId] = [await listeningApi(), await newSpa(front)];
      api.answering = json(answering('tokenIssuanceStart', 'provideClaimsForToken', { claims: { turn: 'yours' } }));
      const extension = await addsClaims(front, api, appId);
      const visitor = newVisitor(front);
      return {
        async change(turn) {
          const endpointConfiguration = named('httpRequestEndpoint', { targetUrl: `${originOf(api)}/turn-${turn}` });
          await graph(
            front,
            'PATCH',
            extension,
            named('onTokenIssuanceStartCustomExtension', { endpointConfiguration }),
          );
        },
        async sees(turn) {
          await codeFor(visitor, authorize(front, { client_id: appId, scope: 'openid' }, ''));
          return api.calls.at(-1)?.url === `/turn-${turn}`;
        },
        end: api.close,
      };
    },
  },
  {
    file: 'src/flows/events/contenders.ts',
    what: 'the flows that newcomers of an application are led to',
    async prepare({ front }) {
      const appId = await newSpa(front);
      const id = `B2X_1_f${randomBytes(6).toString('hex')}`;
      const flow = { id, userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 1 };
      const identityProviders = [{ id: 'EmailOtpSignup-OAUTH' }];
      await graph(front, 'POST', '/beta/identity/b2xUserFlows', { ...flow, identityProviders });
      const path = '/beta/identity/events/onSignupStart';
      const sourceFilter = { includeApplications: [appId] };
      const listener = named('invokeUserFlowListener', { priority: 100, sourceFilter, userFlow: { id } });
      let made = '';
      return {
        async change(turn) {
          if (isOdd(turn)) made = String((await graph(front, 'POST', path, listener))['id']);
          else if (turn > 0) await graph(front, 'DELETE', `${path}/${made}`);
        },
        async sees(turn) {
          const { html } = await newVisitor(front).open(
            authorize(front, { client_id: appId, scope: 'openid' }, '').url,
          );
          return html.includes('id="createAccount"') === isOdd(turn);
        },
      };
    },
  },
  {
    file: 'src/flows/callouts/connector-calls.ts',
    what: 'the attributes that an API is told of',
    async prepare({ front }) {
      const [api, flow, account] = [await listeningApi(), await newFlow(front), await newAccount(front)];
      await connect(front, flow, 'preTokenIssuance', await newConnector(front, api.origin));
      const visitor = newVisitor(front);
      const name = `told${randomBytes(4).toString('hex')}`;
      let id = '';
      return {
        async change(turn) {
          const draft = { displayName: `${name}${turn}`, dataType: 'string' };
          id = String((await graph(front, 'POST', '/beta/identity/userFlowAttributes', draft))['id']);
          await graph(front, 'PATCH', `/beta/users/${account.id}`, { [id]: 'x' });
        },
        async sees(turn) {
          await codeFor(visitor, authorize(front, { scope: 'openid' }, flow), account.email, seeded.password);
          return Object.hasOwn(api.calls.at(-1)?.body ?? {}, id.replace(/\d$/, String(turn)));
        },
        end: api.close,
      };
    },
  },
];
