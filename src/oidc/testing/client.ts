import { system } from '../../kernel/index.ts';
import { type Draft, entities } from '../../model/index.ts';
import { type House, ids, origin, secret } from './harness.ts';
import { authorizeUrl, type TokenAnswer } from './visitor.ts';

type Credentials = NonNullable<Draft<typeof entities.application>['passwordCredentials']>;
type Settings = Partial<NonNullable<Draft<typeof entities.application>['settings']>>;

/** Changes an application of the first tenant, as an administrator would. */
export async function change(
  house: House,
  appId: string,
  patch: Partial<Draft<typeof entities.application>>,
): Promise<void> {
  const { directory } = house.contoso;
  const filter = { op: 'eq', path: ['appId'], value: appId } as const;
  const { items } = await directory.find({ type: entities.application, filter, limit: 1 });
  const id = items[0]?.entity.id ?? '';
  await directory.update(system('test'), { type: entities.application, id }, patch);
}

export const configure = (house: House, appId: string, settings: Settings): Promise<void> =>
  change(house, appId, { settings: settings as NonNullable<Draft<typeof entities.application>['settings']> });

/** The secret of all applications here. */
export const addSecret = (house: House, appId: string): Promise<void> =>
  change(house, appId, { passwordCredentials: [{ secretText: secret }] as unknown as Credentials });

export interface Asking {
  readonly flow?: string;
  readonly tenant?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Posts a form to an endpoint below `oauth2/v2.0`; null takes a parameter away. */
export async function ask(
  house: House,
  endpoint: string,
  form: Readonly<Record<string, string | null>>,
  { flow = 'b2c_1_susi', tenant = 'contoso.onmicrosoft.com', headers = {} }: Asking = {},
): Promise<TokenAnswer> {
  const sent = Object.entries(form).flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
  return askRaw(house, endpoint, new URLSearchParams(Object.fromEntries(sent)).toString(), { flow, tenant, headers });
}

/** The same with a body as it is. */
export async function askRaw(
  house: House,
  endpoint: string,
  body: string,
  { flow = 'b2c_1_susi', tenant = 'contoso.onmicrosoft.com', headers = {} }: Asking = {},
): Promise<TokenAnswer> {
  const path = flow === '' ? `/${tenant}` : `/${tenant}/${flow}`;
  const response = await house.fetch(`${origin}${path}/oauth2/v2.0/${endpoint}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body,
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
}

export const basic = (id: string, password: string): string =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(password)}`).toString('base64')}`;

/** Where the web application sends a person, without a challenge; null takes a parameter away. */
export const webAuthorizeUrl = (
  changes: Readonly<Record<string, string | null>> = {},
  flow: string = 'B2C_1_susi',
): string =>
  authorizeUrl(
    {
      client_id: ids.web,
      redirect_uri: 'http://localhost:3001/cb',
      response_mode: 'query',
      scope: `openid offline_access ${ids.web}`,
      code_challenge: null,
      code_challenge_method: null,
      ...changes,
    },
    flow,
  );

/** A redemption by the web application, without its proof. */
export const webRedemption = (code: string): Record<string, string> => ({
  grant_type: 'authorization_code',
  client_id: ids.web,
  redirect_uri: 'http://localhost:3001/cb',
  code,
});
