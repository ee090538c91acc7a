import { type Clock, digest, type EpochSeconds, newSecret } from '../kernel/index.ts';
import type { Ephemeral } from '../store/index.ts';
import type { Authority } from './authority.ts';
import { lifetimes } from './lifetimes.ts';
import { type Cookies, createJars, type Jar, type Proof, type Proofs } from './session-jars.ts';

/** What is known of a browser: what ends when it is closed, and what outlasts that. Each has a cookie of its own. */
export interface BrowserSession {
  readonly brief: Jar;
  readonly lasting: Jar;
}

/** Where a sign-in happens. */
export interface Place {
  readonly authority: Authority;
  readonly clientId: string;
}

/** Single sign-on of one tenant (b2c contract j): who has proved themselves at a browser, kept apart as the scopes of flows say. */
export interface Sessions {
  open(cookie: string | undefined): Promise<BrowserSession>;
  /**
   * After a journey: adds what was proved. The secrets of the browser are new from then on, so that nobody who knew them before
   * is signed in too.
   */
  remember(
    session: BrowserSession,
    at: Place,
    proved: Pick<Proof, 'userId' | 'authTime' | 'amr' | 'kept' | 'sid' | 'foreign'>,
  ): Promise<Cookies>;
  /** After single sign-on: its time begins anew, where the flow says so. */
  touch(session: BrowserSession, at: Place): Promise<Cookies>;
  /** At a flow that keeps nobody signed in: what was to outlast the browser ends with it. */
  settle(
    session: BrowserSession,
    authority: Authority,
  ): Promise<{ readonly session: BrowserSession; readonly cookies: Cookies }>;
  /** Signs out: of one place, or of all; one person, or whoever it is. Resolves to what has ended. */
  end(
    session: BrowserSession,
    slot?: string,
    userId?: string,
  ): Promise<{ readonly cookies: Cookies; readonly ended: readonly Proof[] }>;
  /** For as long as anything that rests on it could be under way. */
  hasEnded(sid: string): Promise<boolean>;
}

/** Which proofs a flow may use and whose time they share; undefined: it uses none and leaves none. */
export function slotOf({ authority, clientId }: Place): string | undefined {
  const { scope } = authority.session;
  switch (scope) {
    case 'tenant':
      return 'tenant';
    case 'application':
      return `application ${clientId}`;
    case 'policy':
      return `policy ${authority.id.toLowerCase()}`;
    case 'directory':
      return 'directory';
    case 'disabled':
      return undefined;
    default:
      return scope satisfies never;
  }
}

/** A flow decides itself how old a session may be that it uses, whichever flow it began at. */
function isAlive({ kept, authTime, used }: Proof, { session }: Authority, now: EpochSeconds): boolean {
  const seconds = kept ? (session.keptSeconds ?? session.seconds) : session.seconds;
  return now < (session.absolute ? authTime : used) + seconds;
}

/** What the browser has proved and this place may use. */
export function standingAt({ brief, lasting }: BrowserSession, at: Place, now: EpochSeconds): Proof | undefined {
  const slot = slotOf(at) ?? '';
  const proof = brief.proofs[slot] ?? lasting.proofs[slot];
  return proof && isAlive(proof, at.authority, now) ? proof : undefined;
}

/** Applications of one place that are remembered. */
const mostClients = 100;

const longest = lifetimes.longestKeptSession;

/** How long the browser keeps a cookie: as long as its only proof lives; of several, each flow says itself how old is too old. */
const cookieSeconds = (proofs: Proofs, keptSeconds: number): number =>
  Object.keys(proofs).length > 1 ? longest : keptSeconds;

const without = (proofs: Proofs, slot: string): Proofs =>
  Object.fromEntries(Object.entries(proofs).filter(([name]) => name !== slot));

/** The applications of a session, with one more. */
function takingPart(
  { clients, via }: Pick<Proof, 'clients' | 'via'>,
  { authority, clientId }: Place,
): Pick<Proof, 'clients' | 'via'> {
  const all = [...new Set([...clients, clientId])].slice(0, mostClients);
  return { clients: all, via: all.includes(clientId) ? { ...via, [clientId]: authority.id } : via };
}

/** What a place has, however old. */
function foundAt({ brief, lasting }: BrowserSession, at: Place): Proof | undefined {
  const slot = slotOf(at) ?? '';
  return brief.proofs[slot] ?? lasting.proofs[slot];
}

/** Who proves themselves again goes on with their session. */
function sameAt(session: BrowserSession, at: Place, userId: string): Proof | undefined {
  const proof = foundAt(session, at);
  return proof?.userId === userId ? proof : undefined;
}

/** The session of another person, which ends when this one comes in their place. */
export function replacedAt(session: BrowserSession, at: Place, userId: string): readonly Proof[] {
  const proof = foundAt(session, at);
  return proof && proof.userId !== userId ? [proof] : [];
}

/** The name of the session that a person has, or begins, at a place; undefined: nobody is kept signed in there. */
export const sidAt = (session: BrowserSession, at: Place, userId: string): string | undefined =>
  slotOf(at) === undefined ? undefined : (sameAt(session, at, userId)?.sid ?? newSecret());

/** As it is after being used at a place; undefined: as it was. */
function usedAt(proof: Proof, { authority, clientId }: Place, now: EpochSeconds): Proof | undefined {
  const known = proof.via[clientId] === authority.id;
  const { absolute } = authority.session;
  if (absolute && known) return undefined;
  return { ...proof, ...takingPart(proof, { authority, clientId }), used: absolute ? proof.used : now };
}

export function createSessions(services: {
  readonly tenantId: string;
  readonly ephemeral: Ephemeral;
  readonly clock: Clock;
}): Sessions {
  const { clock, ephemeral } = services;
  const { read, renew, amend, cookie } = createJars(services);

  const endOf = (sid: string): string => digest(`end of ${sid}`);

  /** Said before the proofs go, so that nothing that rests on them slips through. */
  async function mark(ended: readonly Proof[]): Promise<void> {
    const ttlSeconds = lifetimes.interaction;
    await Promise.all(
      ended.map(({ sid }) => ephemeral.put('oidc.Session', { id: endOf(sid), payload: {}, ttlSeconds })),
    );
  }

  return {
    async open(header) {
      const [brief, lasting] = await Promise.all([read(header, 'brief'), read(header, 'lasting')]);
      return { brief, lasting };
    },
    async remember({ brief, lasting }, at, proved) {
      const slot = slotOf(at);
      if (slot === undefined) return [];
      const { keptSeconds } = at.authority.session;
      const kept = proved.kept && keptSeconds !== undefined;
      await mark(replacedAt({ brief, lasting }, at, proved.userId));
      const before = sameAt({ brief, lasting }, at, proved.userId) ?? { clients: [], via: {} };
      const proof: Proof = { ...proved, kept, flowId: at.authority.id, ...takingPart(before, at), used: clock.now() };
      const added = { [slot]: proof };
      const [, one] = await renew('brief', brief, { ...without(brief.proofs, slot), ...(kept ? {} : added) });
      const others = { ...without(lasting.proofs, slot), ...(kept ? added : {}) };
      const [, two] = await renew('lasting', lasting, others, kept ? cookieSeconds(others, keptSeconds) : longest);
      return [...one, ...two];
    },
    async touch({ brief, lasting }, at) {
      const slot = slotOf(at) ?? '';
      const which = brief.proofs[slot] ? 'brief' : 'lasting';
      const jar = which === 'brief' ? brief : lasting;
      const proof = jar.proofs[slot];
      const used = proof && usedAt(proof, at, clock.now());
      if (!used || !(await amend(which, jar, { ...jar.proofs, [slot]: used })) || which === 'brief') return [];
      const { keptSeconds = longest } = at.authority.session;
      const seconds = cookieSeconds(jar.proofs, keptSeconds);
      return used.used === proof.used ? [] : [cookie('lasting', jar.secret ?? '', seconds)];
    },
    async settle(session, { session: { keptSeconds } }) {
      const { brief, lasting } = session;
      if (keptSeconds !== undefined || Object.keys(lasting.proofs).length === 0) return { session, cookies: [] };
      const moved = Object.entries(lasting.proofs).map(([slot, proof]) => [slot, { ...proof, kept: false }] as const);
      const [jar, one] = await renew('brief', brief, { ...Object.fromEntries(moved), ...brief.proofs });
      const [none, two] = await renew('lasting', lasting, {});
      return { session: { brief: jar, lasting: none }, cookies: [...one, ...two] };
    },
    async end({ brief, lasting }, slot, userId) {
      const ends = ([name, proof]: readonly [string, Proof]): boolean =>
        (slot === undefined || name === slot) && (userId === undefined || proof.userId === userId);
      const all = [brief.proofs, lasting.proofs].flatMap((proofs) => Object.entries(proofs));
      const ended = all.filter(ends).map(([, proof]) => proof);
      await mark(ended);
      const rest = (proofs: Proofs): Proofs => Object.fromEntries(Object.entries(proofs).filter((one) => !ends(one)));
      const [, one] = await renew('brief', brief, rest(brief.proofs));
      const [, two] = await renew('lasting', lasting, rest(lasting.proofs), longest);
      return { cookies: [...one, ...two], ended };
    },
    hasEnded: async (sid) => (await ephemeral.get('oidc.Session', endOf(sid))) !== undefined,
  };
}
