/**
 * What may be told of a piece of work that is traced: names, codes, numbers and ids of what is configured. Never a personal value, a secret,
 * a query, or an address that holds one.
 */
export interface SpanFacts {
  /** Of the journey, where there is one; work below a span has it too. */
  readonly 'usher.correlation_id'?: string;
  readonly 'usher.tenant.id'?: string;
  readonly 'usher.flow.id'?: string;
  /** Kind of a step. */
  readonly 'usher.step'?: string;
  readonly 'usher.outcome'?: string;
  readonly 'usher.grant'?: string;
  readonly 'usher.purpose'?: string;
  /** Milliseconds that work waited in line before it began. */
  readonly 'usher.queue.milliseconds'?: number;
  readonly 'http.request.method'?: string;
  /** As a template: `/{tenant}/{flow}/oauth2/v2.0/token`. */
  readonly 'http.route'?: string;
  readonly 'http.response.status_code'?: number;
  readonly 'server.address'?: string;
  readonly 'server.port'?: number;
  readonly 'db.system.name'?: string;
  readonly 'db.operation.name'?: string;
}

/** A piece of work that is traced. */
export interface Span {
  tell(facts: SpanFacts): void;
  /** The work came to nothing; `code` is a fault's, or the class of an error. Work that throws says so by itself. */
  failed(code: string): void;
}

export interface SpanStart {
  /** Of bounded variety. */
  readonly name: string;
  /** `server`: for whoever sent a request; `client`: it waits for another system. */
  readonly kind?: 'server' | 'client' | 'internal';
  readonly facts?: SpanFacts;
  /** Headers of a request that may say which trace it belongs to (W3C Trace Context). */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** By what a log line is found from a trace (W3C Trace Context §3.2). */
export interface TraceIds {
  readonly traceId: string;
  readonly spanId: string;
}

/** Follows work through the rooms. Whatever awaits inside `run` belongs to the span. */
export interface Trace {
  span<T>(start: SpanStart, run: (span: Span) => Promise<T>): Promise<T>;
  /** Of the span under way; undefined: nothing is traced here. */
  current(): TraceIds | undefined;
  /** Headers by which somebody who is called may continue the trace. */
  onward(): Readonly<Record<string, string>>;
  /** The same function, which when it is called later still belongs to the span under way now. */
  bound<A extends readonly unknown[]>(run: (...args: A) => void): (...args: A) => void;
}

const unseen: Span = { tell: () => undefined, failed: () => undefined };
const nothing: Readonly<Record<string, string>> = {};

/** Nothing is traced, and that costs nothing. */
export const untraced: Trace = {
  span: (_, run) => run(unseen),
  current: () => undefined,
  onward: () => nothing,
  bound: (run) => run,
};
