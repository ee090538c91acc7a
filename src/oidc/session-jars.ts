import { parseCookies, serializeCookie } from '../http/index.ts';
import { digest, type EpochSeconds, Fault, newSecret } from '../kernel/index.ts';
import type { Ephemeral } from '../store/index.ts';
import { lifetimes } from './lifetimes.ts';

/** That somebody proved who they are at this browser, and what for. */
export interface Proof {
  readonly userId: string;
  readonly authTime: EpochSeconds;
  /** RFC 8176 names. */
  readonly amr: readonly string[];
  /** By whom the person was proved, when not by this tenant. */
  readonly foreign?: { readonly provider: string; readonly issuer: string };
  readonly flowId: string;
  /** Names the session for as long as it lasts; applications know it by names made of this one. */
  readonly sid: string;
  /** The flow that each application used it at last, by client id: its tokens name that flow's issuer. */
  readonly via: Readonly<Record<string, string>>;
  /** Client ids of the applications it has been used for, the first one first. */
  readonly clients: readonly string[];
  /** The person asked to stay signed in. */
  readonly kept: boolean;
  /** When it was used last. */
  readonly used: EpochSeconds;
}

/** By the place that the scope of a flow gives them. */
export type Proofs = Readonly<Record<string, Proof>>;

/** What one cookie stands for; without a secret: there is no such cookie. */
export interface Jar {
  readonly secret?: string;
  readonly revision: number;
  readonly proofs: Proofs;
}

/** `brief` ends when the browser is closed, `lasting` outlasts that. */
export type Which = 'brief' | 'lasting';

/** `set-cookie` values. */
export type Cookies = readonly string[];

/** Proofs at rest, found by the digest of a cookie. */
export interface Jars {
  read(cookieHeader: string | undefined, which: Which): Promise<Jar>;
  /** Under a new secret; the old one opens nothing any more. Without proofs nothing is left. */
  renew(which: Which, jar: Jar, proofs: Proofs, maxAgeSeconds?: number): Promise<readonly [Jar, Cookies]>;
  /** Under its secret as it is; false: another request has made something else of it meanwhile, which stays. */
  amend(which: Which, jar: Jar, proofs: Proofs): Promise<boolean>;
  cookie(which: Which, value: string, maxAgeSeconds: number | undefined): string;
}

const noJar: Jar = { revision: 0, proofs: {} };

/** Places of one browser. */
const mostProofs = 50;

/** Those used last, if there are too many. */
const bounded = (proofs: Proofs): Proofs =>
  Object.fromEntries(
    Object.entries(proofs)
      .sort(([, a], [, b]) => b.used - a.used)
      .slice(0, mostProofs),
  );

const ttlSeconds = { brief: lifetimes.longestSession, lasting: lifetimes.longestKeptSession };

export function createJars({
  ephemeral,
  tenantId,
}: {
  readonly ephemeral: Ephemeral;
  readonly tenantId: string;
}): Jars {
  const names = { brief: `x-ms-cpim-sso_${tenantId}`, lasting: `x-ms-cpim-sso-kept_${tenantId}` };

  const cookie: Jars['cookie'] = (which, value, maxAgeSeconds) =>
    serializeCookie(names[which], value, {
      // Silent renewals look at it from a frame in the application's page.
      sameSite: 'None',
      ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
    });

  const put = (which: Which, secret: string, proofs: Proofs, revision: number): Promise<number> => {
    const record = { id: digest(secret), payload: { proofs: bounded(proofs) }, ttlSeconds: ttlSeconds[which] };
    return ephemeral.put('oidc.Session', record, revision);
  };

  return {
    async read(header, which) {
      const secret = parseCookies(header).get(names[which]);
      const held = secret ? await ephemeral.get('oidc.Session', digest(secret)) : undefined;
      if (!secret || !held) return noJar;
      const { proofs = {} } = held.payload as { readonly proofs?: Proofs };
      return { secret, revision: held.revision, proofs };
    },
    async renew(which, jar, proofs, maxAgeSeconds) {
      if (jar.secret !== undefined) await ephemeral.remove('oidc.Session', digest(jar.secret));
      if (Object.keys(proofs).length === 0) return [noJar, jar.secret === undefined ? [] : [cookie(which, '', 0)]];
      const secret = newSecret();
      const revision = await put(which, secret, proofs, 0);
      return [{ secret, revision, proofs }, [cookie(which, secret, maxAgeSeconds)]];
    },
    async amend(which, { secret, revision }, proofs) {
      if (secret === undefined) return false;
      try {
        await put(which, secret, proofs, revision);
        return true;
      } catch (error) {
        if (error instanceof Fault && error.code === 'store.stale') return false;
        throw error;
      }
    },
    cookie,
  };
}
