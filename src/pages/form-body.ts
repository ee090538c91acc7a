import { type Exchange, httpFaults, readForm } from '../http/index.ts';

/** The body as a form, if it is no larger than this many bytes. Throws `http.tooLarge` and what `readForm` throws. */
export async function readBounded(exchange: Exchange, limit: number): Promise<ReadonlyMap<string, string>> {
  const tooLarge = (bytes: number): boolean => bytes > limit;
  if (tooLarge(Number(exchange.headers['content-length'] ?? 0)) || tooLarge((await exchange.body()).length)) {
    throw httpFaults.tooLarge({ limit });
  }
  return readForm(exchange);
}
