import type { Fault } from '../kernel/index.ts';

/** When it is worth asking again what cannot be answered now (RFC 9110 §10.2.3): as the fault says in `retryAfterSeconds`, else in a second. */
export function retryAfterOf({ status, data }: Pick<Fault, 'status' | 'data'>): Readonly<Record<string, string>> {
  if (status !== 429 && status !== 503) return {};
  return { 'retry-after': String(Math.max(1, Math.ceil(Number(data['retryAfterSeconds'] ?? 1)))) };
}
