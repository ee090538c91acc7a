import pg from 'pg';
import type { Observe } from '../../kernel/index.ts';
import { clientOptions, placeOf } from './client-options.ts';
import type { Place, Settings } from './settings.ts';
import { sentenceOf } from './translate.ts';

/** How long one server may take to answer a look; who is slower is taken for gone. */
const lookMilliseconds = 2_000;
/** The same for one that has a connection already. */
const answerMilliseconds = 3_000;
/** However many ask, servers that do not answer are not asked more often. */
const pauseMilliseconds = 250;

/** What a server says of itself. A promotion begins another timeline, so a former primary that comes back has an earlier one. */
interface Standing {
  /** It takes no writes: a standby, or one that was closed for writing. */
  readonly reading: boolean;
  /** The same for a primary and all its standbys; null where it is not asked for. */
  readonly system: string | null;
  /** Eight hexadecimal digits, in the order of time; null in a standby, and where it is not asked for. */
  readonly timeline: string | null;
}

const readingQuestion = `pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS reading`;
/** For one server alone. */
const alone = `SELECT ${readingQuestion}, NULL AS system, NULL AS timeline`;
/** One of several. */
const among = `SELECT ${readingQuestion}, (SELECT system_identifier::text FROM pg_control_system()) AS system,
  CASE WHEN NOT pg_is_in_recovery() THEN left(pg_walfile_name(pg_current_wal_lsn()), 8) END AS timeline`;

/** None of several servers takes writes at the moment, and why each of them does not. */
export class NoPrimary extends Error {
  readonly found: readonly (readonly [place: Place, error: unknown])[];

  constructor(found: NoPrimary['found']) {
    super(
      `no server takes writes: ${found.map(([place, error]) => `${placeOf(place)}: ${sentenceOf(error)}`).join('; ')}`,
    );
    this.found = found;
  }
}

/** Told as PostgreSQL tells whoever writes to a standby. */
const readingOnly = (words: string): Error => Object.assign(new Error(words), { code: '25006' });

type Known = Pick<Standing, 'system' | 'timeline'>;
interface Candidate extends Known {
  readonly place: Place;
}

const timelineOf = ({ timeline }: Known): string => timeline ?? '';

/**
 * Which of the servers takes writes. Everything is asked of it, reading too, since a standby is behind and a former primary is wrong.
 * Of the servers that take writes the one on the latest timeline is the primary; whoever has known one never takes an earlier one again.
 */
export class Primary {
  readonly settings: Settings;
  readonly #observe: Observe;
  readonly #listeners: (() => void)[] = [];
  #place: Place;
  #known: Known = { system: null, timeline: null };
  #era: number;
  #looking: Promise<void> | undefined;

  /** `observe` is told of every change of the primary. */
  constructor(settings: Settings, observe: Observe) {
    const [usual] = settings.places;
    if (!usual) throw new Error('a database without a server');
    this.settings = settings;
    this.#observe = observe;
    this.#place = usual;
    // One server alone is never chosen.
    this.#era = this.isOneOfSeveral ? 0 : 1;
  }

  get isOneOfSeveral(): boolean {
    return this.settings.places.length > 1;
  }

  /** Where new connections lead. */
  get place(): Place {
    return this.#place;
  }

  /** Another number whenever another server has become the primary. */
  get era(): number {
    return this.#era;
  }

  /** Asks at the other end of a connection, after `first` in the same turn. Rejects unless it is the primary. */
  async admit(client: pg.ClientBase, first = ''): Promise<void> {
    await this.#standingOf(client, first);
  }

  /** Asks every server. Rejects with `NoPrimary` when none is it. Whoever comes while one look is under way, or just after, shares it. */
  look(): Promise<void> {
    this.#looking ??= this.#lookAround().finally(() => {
      setTimeout(() => {
        this.#looking = undefined;
      }, pauseMilliseconds).unref();
    });
    return this.#looking;
  }

  /** Every connection there is may lead nowhere any more. */
  mistrust(): void {
    for (const left of this.#listeners) left();
  }

  /** Calls when connections made so far are of no use: another server has become the primary, or they were mistrusted. */
  onLeft(left: () => void): void {
    this.#listeners.push(left);
  }

  async #standingOf(client: pg.ClientBase, first = ''): Promise<Known> {
    // The driver reads the limit, which its types do not name.
    const query = { text: `${first};${this.isOneOfSeveral ? among : alone}`, query_timeout: answerMilliseconds };
    const found: unknown = await client.query(query);
    const results = (Array.isArray(found) ? found : [found]) as readonly pg.QueryResult<Standing>[];
    const standing = results.at(-1)?.rows[0];
    if (!standing || standing.reading) throw readingOnly('it can only be read; this is a standby');
    const { system } = this.#known;
    if (system !== null && standing.system !== system) throw readingOnly('it is the server of another database');
    if (timelineOf(standing) < timelineOf(this.#known))
      throw readingOnly('it was the primary before another took its place');
    return standing;
  }

  async #ask(place: Place): Promise<Candidate> {
    const options = { ...clientOptions(this.settings, place), connectionTimeoutMillis: lookMilliseconds };
    const client = new pg.Client(options);
    client.on('error', () => undefined);
    try {
      await client.connect();
      return { place, ...(await this.#standingOf(client)) };
    } finally {
      void client.end().catch(() => undefined);
    }
  }

  /** The one on the latest timeline. Two on the same are a cluster torn apart, of which only the one in use is trusted. */
  #chosen(candidates: readonly Candidate[]): Candidate | undefined {
    const latest = candidates.map(timelineOf).toSorted().at(-1);
    const rivals = candidates.filter((one) => timelineOf(one) === latest);
    return rivals.length === 1 ? rivals[0] : rivals.find(({ place }) => this.#era > 0 && place === this.#place);
  }

  async #lookAround(): Promise<void> {
    const { places } = this.settings;
    const asked = await Promise.allSettled(places.map((place) => this.#ask(place)));
    const found = this.#chosen(asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
    if (!found) throw new NoPrimary(places.map((place, index) => [place, whyNot(asked[index])]));
    const isKnown = found.place === this.#place && found.timeline === this.#known.timeline;
    if (isKnown && this.#era > 0) return;
    this.#place = found.place;
    this.#known = { system: found.system, timeline: found.timeline };
    this.#era += 1;
    const message = `The primary of the database is now at ${placeOf(found.place)}.`;
    if (this.#era > 1) this.#observe({ kind: 'warning', message });
    this.mistrust();
  }
}

const whyNot = (asked: PromiseSettledResult<unknown> | undefined): unknown =>
  asked?.status === 'rejected' ? asked.reason : new Error('it takes writes, and so does another one');
