import type { Outside } from '../../connectors/index.ts';
import { type Clock, digest, newId, type Observe } from '../../kernel/index.ts';
import { type Authority, issuerOf } from '../authority.ts';
import type { Application, Clients } from '../clients.ts';
import { formOf } from '../form-of.ts';
import { signJwt } from '../jwt.ts';
import type { Keys } from '../keys.ts';
import type { Proof } from '../session-jars.ts';

/** OpenID Connect Back-Channel Logout 1.0: applications learn that a session has ended without the browser's help. */
export interface LogoutNotices {
  /** Returns at once; what becomes of it is observed. */
  tell(origin: string, ended: readonly Proof[]): void;
}

interface Services {
  readonly tenantId: string;
  readonly clients: Clients;
  readonly keys: Keys;
  readonly outside: Outside;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly authorityOf: (id: string) => Promise<Authority | undefined>;
}

/** The claim that says what a logout token is (§2.4). */
const event = 'http://schemas.openid.net/event/backchannel-logout';

/** Seconds a logout token is good for: as long as all tries take, and no more (§2.4). */
const goodFor = 120;

/** Of one try, and of an answer, which nobody reads. */
const limits = { milliseconds: 5_000, bytes: 16_384 } as const;

/** Milliseconds before each try. */
const pauses: readonly number[] = [0, 1_000, 5_000];

/** Applications told of one sign-out, and tries under way in one tenant; what is beyond is dropped, and said so. */
const [mostAtOnce, mostUnderWay] = [100, 500];

/** The `sid` by which one application knows a session; others know it by another, so that they cannot compare notes. */
export const sidFor = (session: string, clientId: string): string => digest(`sid ${session} ${clientId}`);

/** Whether an application wants to be told, and so has to know sessions by name. */
export const isTold = ({ settings }: Application): boolean => settings.backChannelLogoutUri !== null;

/** A flow may keep to what B2C's oldest tokens said of a person, which is nothing. */
const hasSubject = (authority: Authority): boolean => authority.kind === 'tenant' || authority.hasSubject;

interface Notice {
  readonly app: Application;
  readonly url: string;
  readonly token: string;
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => void setTimeout(resolve, milliseconds).unref());

export function createLogoutNotices(services: Services): LogoutNotices {
  const { tenantId, clients, keys, outside, clock, observe, authorityOf } = services;
  let underWay = 0;

  /** As the ID tokens of that application said it: issuer, subject and session are theirs to compare. */
  async function noticeFor(origin: string, proof: Proof, clientId: string): Promise<Notice | undefined> {
    const app = await clients.find(clientId);
    const authority = await authorityOf(proof.via[clientId] ?? proof.flowId);
    const url = app?.settings.backChannelLogoutUri;
    if (!url || !authority) return undefined;
    const named = app.settings.isBackChannelLogoutSessionRequired || !hasSubject(authority);
    const now = clock.now();
    const claims = {
      iss: issuerOf(origin, tenantId, authority),
      aud: app.appId,
      iat: now,
      exp: now + goodFor,
      jti: newId(),
      events: { [event]: {} },
      ...(hasSubject(authority) ? { sub: formOf(authority, tenantId).subjectOf(proof.userId, app.appId) } : {}),
      ...(named ? { sid: sidFor(proof.sid, app.appId) } : {}),
    };
    return { app, url, token: signJwt((await keys.ring()).signing, claims, 'logout+jwt') };
  }

  /** Undefined: there is sense in another try. */
  async function attempt({ url, token }: Notice): Promise<'accepted' | 'refused' | undefined> {
    const body = new URLSearchParams({ logout_token: token }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await outside.send({ target: 'logout', method: 'POST', url, headers, body, ...limits });
    if (answer.kind === 'failed' || answer.status >= 500) return undefined;
    return answer.status === 200 || answer.status === 204 ? 'accepted' : 'refused';
  }

  async function deliver(notice: Notice): Promise<void> {
    let [attempts, outcome]: [number, 'accepted' | 'refused' | undefined] = [0, undefined];
    for (const before of pauses) {
      if (before > 0) await pause(before);
      attempts += 1;
      outcome = await attempt(notice);
      if (outcome) break;
    }
    const { appId } = notice.app;
    observe({ kind: 'logout.told', tenantId, appId, outcome: outcome ?? 'unreachable', attempts });
  }

  async function begin(origin: string, ended: readonly Proof[]): Promise<void> {
    const parties = ended.flatMap((proof) => proof.clients.map((clientId) => ({ proof, clientId })));
    if (parties.length > mostAtOnce) {
      observe({ kind: 'warning', message: `Of a sign-out ${parties.length - mostAtOnce} applications were not told.` });
    }
    for (const { proof, clientId } of parties.slice(0, mostAtOnce)) {
      const notice = await noticeFor(origin, proof, clientId);
      if (!notice) continue;
      if (underWay >= mostUnderWay) {
        observe({ kind: 'logout.told', tenantId, appId: clientId, outcome: 'unreachable', attempts: 0 });
        continue;
      }
      underWay += 1;
      deliver(notice)
        .catch(failed)
        .finally(() => {
          underWay -= 1;
        });
    }
  }

  const failed = (error: unknown): void =>
    observe({ kind: 'warning', message: 'An application was not told of a sign-out.', error });

  return {
    tell(origin, ended) {
      begin(origin, ended).catch(failed);
    },
  };
}
