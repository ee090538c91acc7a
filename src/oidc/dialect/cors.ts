import type { Reply } from '../../http/index.ts';
import type { Application, Clients } from '../clients.ts';
import { redirectUrisOf } from './redirect-uri.ts';

export type Headers = Readonly<Record<string, string>>;

/** Metadata and keys are public: any page may read them (clients/REQUIREMENTS.md §0.4). */
export const openToAll: Headers = { 'access-control-allow-origin': '*' };

/** Lets one page read the answer. Always with `vary`, since a cache must not give it to another. */
const openTo = (origin: string | undefined, allowed: boolean): Headers =>
  origin !== undefined && allowed ? { 'access-control-allow-origin': origin, vary: 'Origin' } : { vary: 'Origin' };

/** Before it is known who asks: to pages of single-page applications of the tenant. */
export const openToEverySpa = async (origin: string | undefined, clients: Pick<Clients, 'isSpaOrigin'>) =>
  openTo(origin, origin !== undefined && (await clients.isSpaOrigin(origin)));

/** To pages of one application, where they are registered as such. */
export const openToPagesOf = (app: Application, origin: string | undefined): Headers =>
  openTo(
    origin,
    redirectUrisOf(app, 'spa').some((uri) => URL.parse(uri)?.origin === origin),
  );

/** The answer to a preflight (Fetch §4.8). */
export function preflight(headers: Headers, asked: string | string[] | undefined, methods: string): Reply {
  const allowed = headers['access-control-allow-origin'] !== undefined;
  const names = (Array.isArray(asked) ? asked.join(', ') : asked) ?? '';
  const safe = /^[\w\-, ]{1,500}$/.test(names) ? { 'access-control-allow-headers': names } : {};
  const granted = { 'access-control-allow-methods': methods, 'access-control-max-age': '3600', ...safe };
  return { status: 204, headers: { ...headers, ...(allowed ? granted : {}) } };
}
