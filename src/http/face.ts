import type { IncomingHttpHeaders } from 'node:http';

/** One HTTP request on its way through the server. */
export interface Exchange {
  readonly method: string;
  /** Absolute; its origin is the public one the request was made to (already checked against the allow-list). */
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** Reads the whole body once; later calls give the same bytes. Throws `http.tooLarge` (413) beyond the limit, before reading on. */
  body(): Promise<Buffer>;
  /** Address of the peer, for counters; never trusted from a header. */
  readonly remoteAddress: string;
  /** UUID; the `client-request-id` of the caller when it is a UUID, else new. Shown on error pages and logged. */
  readonly correlationId: string;
  /** The path as a template, for logs and metrics: what stands in its place may be an id, a name or a ticket. */
  readonly route: string;
}

export interface Reply {
  readonly status: number;
  /** Names in lower case; a list sends the header several times. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** The same bytes again, the very object, are compressed once; so nobody may change them. */
  readonly body?: string | Buffer;
  /** The body as a gzip file, a character for each byte, from whom it costs less than compressing the body does. */
  readonly gzipped?: () => string;
}

/** One protocol the server speaks. The first face whose `answers` says yes handles the request. */
export interface Face {
  readonly name: string;
  answers(url: URL): boolean;
  /** `Exchange.route` of an address that it answers, one of a bounded number. Absent: all of its addresses count as one. */
  routeOf?(url: URL): string;
  /** It decodes paths by itself, and says in its own words that one cannot be decoded; for the others the listener does. */
  readonly decodesPaths?: true;
  handle(exchange: Exchange): Promise<Reply>;
}
