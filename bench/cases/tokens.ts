import { daemonForm, seeded } from '../../test/support/usher.ts';
import { type Bench, closeAll } from '../bench.ts';
import { refreshForm, signIn, tokensIn } from '../client/sign-in.ts';
import { providerCredentials, providerRefreshes } from '../floors/provider-client.ts';
import { computingFloor, foreignFloor, type ServingFloor } from '../floors/start.ts';
import { lanes, type Subject } from '../measure.ts';
import { share } from '../report.ts';
import { formHeaders, startTarget, type Target, tokenPath } from '../target.ts';

const atOnce = 8;
const signatures = () => computingFloor('RS256 signatures, 2048 bits', 'signature', 'rs256');

/** One application that refreshes again and again with what it got last. */
export async function refreshLane(target: Target, email = target.anybody().mail): Promise<() => Promise<void>> {
  const connection = target.connect();
  const path = tokenPath();
  let held = (await signIn(target, connection, email)).refresh_token ?? '';
  return async () => {
    const answer = await connection.ask({ method: 'POST', path, headers: formHeaders, body: refreshForm(held) });
    held = tokensIn(answer).refresh_token ?? '';
  };
}

export function credentialsLane(target: Target): () => Promise<void> {
  const connection = target.connect();
  const path = `/${seeded.tenantId}/oauth2/v2.0/token`;
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const body = daemonForm().toString();
  return async () => void tokensIn(await connection.ask({ method: 'POST', path, headers, body }));
}

function bareSubjects(
  floor: ServingFloor | undefined,
  key: string,
  name: string,
  lane: (floor: ServingFloor) => (() => Promise<void>) | Promise<() => Promise<void>>,
): readonly Subject[] {
  return floor ? [{ key, name, pid: floor.pid, run: lanes(atOnce, () => lane(floor)) }] : [];
}

/** Refresh with rotation: an ID token and an access token, two signatures. */
export async function refresh(): Promise<Bench> {
  const target = await startTarget();
  const signing = await signatures();
  const provider = await foreignFloor('provider', ['sqlite']);
  return {
    subjects: [
      { key: 'refresh', name: 'refresh with rotation', pid: target.pid, run: lanes(atOnce, () => refreshLane(target)) },
      signing,
      ...bareSubjects(provider, 'bare refresh', 'floor: refresh of bare oidc-provider, SQLite', providerRefreshes),
    ],
    goals: [
      {
        goal: 'refresh with rotation, per core ÷ RS256 signatures per core',
        better: 'more',
        must: 0.2,
        aim: 0.3,
        by: share('refresh', 'signature'),
      },
    ],
    close: () => closeAll(signing, provider, target),
  };
}

export async function clientCredentials(): Promise<Bench> {
  const target = await startTarget();
  const signing = await signatures();
  const provider = await foreignFloor('provider', ['sqlite']);
  return {
    subjects: [
      {
        key: 'credentials',
        name: 'client credentials',
        pid: target.pid,
        run: lanes(atOnce, () => credentialsLane(target)),
      },
      signing,
      ...bareSubjects(
        provider,
        'bare credentials',
        'floor: client credentials of bare oidc-provider',
        providerCredentials,
      ),
    ],
    goals: [
      {
        goal: 'client credentials, per core ÷ RS256 signatures per core',
        better: 'more',
        must: 0.45,
        aim: 0.65,
        by: share('credentials', 'signature'),
      },
    ],
    close: () => closeAll(signing, provider, target),
  };
}
