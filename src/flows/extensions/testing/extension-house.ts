import { type EventApi, eventApi } from '../../../../test/support/event-api.ts';
import { entities, graphAppId, graphPermissions } from '../../../model/index.ts';
import type { Facts } from '../../facts.ts';
import type { StepContext } from '../../step.ts';
import { contextFor, type House, openHouse, seed } from '../../testing/harness.ts';
import { admin } from '../../testing/on-every-engine.ts';
import type { ExtensionEvent } from '../event.ts';

/** The application people sign in to. */
export const appId = '11111111-1111-4111-8111-111111111111';
/** The application that stands for the API. */
export const apiAppId = '77777777-7777-4777-8777-777777777777';

const types = {
  attributeCollectionStart: ['AttributeCollectionStart', 'AttributeCollectionStart'],
  attributeCollectionSubmit: ['AttributeCollectionSubmit', 'AttributeCollectionSubmit'],
  tokenIssuanceStart: ['TokenIssuanceStart', 'TokenIssuanceStart'],
  emailOtpSend: ['EmailOtpSend', 'OtpSend'],
  passwordSubmit: ['PasswordSubmit', 'PasswordSubmit'],
} as const satisfies Readonly<Record<ExtensionEvent, readonly [string, string]>>;

type Members = Readonly<Record<string, unknown>>;

/** A tenant with an API that really listens, and whatever is to call it. */
export interface ExtensionHouse extends House {
  readonly api: EventApi;
  /** Registers the API for an event; the id of the extension. */
  extension(event: ExtensionEvent, members?: Members): Promise<string>;
  /** Lets a listener for `appId` call it; the id of the listener. */
  listener(event: ExtensionEvent, extension: string, members?: Members, handler?: Members): Promise<string>;
  /** Both. */
  listens(event: ExtensionEvent, handler?: Members): Promise<{ readonly extension: string; readonly listener: string }>;
  /** What a step is given in a journey of the application. */
  context(facts: Facts, journey?: Partial<StepContext['journey']>): StepContext & { readonly notes: readonly string[] };
}

export async function openExtensionHouse(): Promise<ExtensionHouse> {
  const house = await openHouse();
  const { directory } = house;
  await directory.create(seed, entities.application, {
    appId: apiAppId,
    displayName: 'Events API',
    requiredResourceAccess: [
      {
        resourceAppId: graphAppId,
        resourceAccess: [{ id: graphPermissions['CustomAuthenticationExtension.Receive.Payload'], type: 'Role' }],
      },
    ],
  });
  const api = await eventApi();
  const extension: ExtensionHouse['extension'] = async (event, members = {}) => {
    const type = entities[`on${types[event][1]}CustomExtension`];
    const { entity } = await directory.create(admin, type, {
      displayName: 'Events',
      endpointConfiguration: { '@odata.type': 'httpRequestEndpoint', targetUrl: api.url },
      authenticationConfiguration: {
        '@odata.type': 'azureAdTokenAuthentication',
        resourceId: `api://127.0.0.1/${apiAppId}`,
      },
      ...members,
    });
    return entity.id;
  };
  const listener: ExtensionHouse['listener'] = async (event, id, members = {}, handler = {}) => {
    const type = entities[`on${types[event][0]}Listener`];
    const migration = event === 'passwordSubmit' ? 'onPasswordMigrationCustomExtensionHandler' : undefined;
    const draft = {
      conditions: { applications: { includeApplications: [{ appId }] } },
      handler: { '@odata.type': migration ?? `on${types[event][1]}CustomExtensionHandler`, ...handler },
      ...members,
    };
    const created = await directory.create(admin, type, draft, { links: { 'handler/customExtension': [id] } });
    return created.entity.id;
  };
  return {
    ...house,
    api,
    extension,
    listener,
    async listens(event, handler) {
      const id = await extension(event);
      return { extension: id, listener: await listener(event, id, {}, handler) };
    },
    context(facts, journey) {
      const notes: string[] = [];
      const note: StepContext['note'] = ({ came, because = {} }) =>
        void notes.push(['code' in because ? `${came} ${because['code']}` : came].join(' '));
      return { ...contextFor(house, facts, journey), note, notes };
    },
    async close() {
      await api.close();
      await house.close();
    },
  };
}
