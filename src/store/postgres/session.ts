import type { PoolClient, QueryConfig, QueryResult } from 'pg';
import type { Fragment } from '../sql/fragment.ts';
import type { Ask, Script } from '../sql/script.ts';
import { named } from './statements.ts';

/** Numbers of the sequence that a transaction has drawn and not used, and how it draws more. */
export interface Drawn {
  readonly ready: number[];
  readonly more: Fragment;
}

const dayMilliseconds = 24 * 3_600_000;

/** What one connection may keep prepared; one that has more is closed and another takes its place. */
const mostPrepared = 500;
const prepared = new WeakMap<PoolClient, Set<string>>();

/** The function of PostgreSQL that waits until a standby has what is committed. */
const standbyWait = 'SyncRepWaitForLSN';
const unconfirmed = new WeakSet<PoolClient>();

/**
 * A server that waits for a standby, and is told to wait no longer (`pg_cancel_backend`), warns and then says that all went well, though
 * the commit is nowhere but there.
 */
export function heedWarnings(client: PoolClient): void {
  client.on('notice', ({ routine }) => {
    if (routine === standbyWait) unconfirmed.add(client);
  });
}

/**
 * One connection while somebody has it. Whatever is asked at the same time is done one after the other, a script as a whole.
 * Calls reject with the driver's own errors.
 */
export class Session {
  readonly #client: PoolClient;
  readonly #prepared: Set<string>;
  #limitMilliseconds: number;
  #failure: unknown;
  #abandoned = false;
  #last: Promise<unknown> = Promise.resolve();

  /** `limitMilliseconds`: without an answer after that long, whatever the server's own limits, the network is taken for dead. */
  constructor(client: PoolClient, limitMilliseconds: number) {
    this.#client = client;
    this.#limitMilliseconds = limitMilliseconds;
    this.#prepared = prepared.get(client) ?? new Set();
    prepared.set(client, this.#prepared);
  }

  /** The first error of the database; after it a transaction can only be undone, whatever its caller made of the error. */
  get failure(): unknown {
    return this.#failure;
  }

  /** The row type is the caller's claim about its own SQL. */
  all<R>(statement: Fragment): Promise<readonly R[]> {
    return this.#inTurn(() => this.#rows<R>(statement));
  }

  /** Resolves to the number of rows changed. */
  run(statement: Fragment): Promise<number> {
    return this.#inTurn(() => this.#count(statement));
  }

  /** Text without values, of one statement or several; resolves to what each gave. */
  exec(text: string): Promise<readonly QueryResult[]> {
    return this.#inTurn(() => this.#text(text));
  }

  /** Puts what a script asks, and throws what it throws. */
  play<T>(script: Script<T>, numbers?: Drawn): Promise<T> {
    return this.#inTurn(async () => {
      let step = script.next();
      while (!step.done) step = script.next(await this.#answer(step.value, numbers));
      return step.value;
    });
  }

  /** From here on an answer may take hours, while tables are changed. */
  takeTime(): void {
    this.#limitMilliseconds = dayMilliseconds;
  }

  /** From here on an answer that takes longer is taken for none. */
  expectWithin(milliseconds: number): void {
    this.#limitMilliseconds = milliseconds;
  }

  /** Waits for nothing that is under way: the connection will be closed. */
  abandon(): void {
    this.#abandoned = true;
  }

  /** Gives the connection back, unless it is `broken`, abandoned or overfull. */
  release(broken: boolean): void {
    this.#client.release(broken || this.#abandoned || this.#prepared.size > mostPrepared);
  }

  #answer(ask: Ask, numbers: Drawn | undefined): Promise<unknown> {
    switch (ask.wanted) {
      case 'rows':
        return this.#rows(ask.statement);
      case 'count':
        return this.#count(ask.statement);
      case 'number':
        return this.#number(numbers);
      case 'definition':
        return this.#text(ask.text);
      default:
        return ask satisfies never;
    }
  }

  async #number(numbers: Drawn | undefined): Promise<number> {
    if (!numbers) throw new Error('Outside of a transaction no numbers are drawn.');
    const { ready, more } = numbers;
    if (ready.length === 0) ready.push(...(await this.#rows<{ number: number }>(more)).map(({ number }) => number));
    const [next = Number.NaN] = ready.splice(0, 1);
    return next;
  }

  async #rows<R>(statement: Fragment): Promise<readonly R[]> {
    return (await this.#ask(statement)).rows as R[];
  }

  async #count(statement: Fragment): Promise<number> {
    return (await this.#ask(statement)).rowCount ?? 0;
  }

  async #text(text: string): Promise<readonly QueryResult[]> {
    const found: unknown = await this.#watched(this.#client.query(this.#limited({ text })));
    return (Array.isArray(found) ? found : [found]) as QueryResult[];
  }

  #ask({ sql: asked, values }: Fragment): Promise<QueryResult> {
    const statement = named(asked);
    this.#prepared.add(statement.name);
    return this.#watched(this.#client.query(this.#limited({ ...statement, values: values.map(sendable) })));
  }

  /** The driver reads this member, which its types do not name. */
  #limited<Q extends QueryConfig>(query: Q): Q & { readonly query_timeout: number } {
    return { ...query, query_timeout: this.#limitMilliseconds };
  }

  async #watched<T>(answer: Promise<T>): Promise<T> {
    try {
      const given = await answer;
      // 08007: nobody knows how the transaction ended.
      if (unconfirmed.has(this.#client))
        throw Object.assign(new Error('no standby has confirmed it'), { code: '08007' });
      return given;
    } catch (error) {
      this.#failure ??= error;
      throw error;
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

/** Text never holds U+0000 in PostgreSQL; what is looked for with one is then looked for with what it compares as. */
const sendable = (value: string | number | null): string | number | null =>
  typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
