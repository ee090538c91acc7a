import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import type { Usher } from './usher.ts';

/** What of a log fulfils a filter, as soon as it is enough: logs are written behind the requests, within a second or so. */
export async function logged<T>(
  usher: Usher,
  log: 'auditLogs/signIns' | 'usher/journeys' | 'usher/connectorCalls',
  filter: string,
  isEnough = (found: readonly T[]): boolean => found.length > 0,
): Promise<readonly T[]> {
  for (let tries = 0; tries < 200; tries += 1) {
    const response = await usher.graph('GET', `/beta/${log}?$top=999&$filter=${encodeURIComponent(filter)}`);
    const { value } = (await response.json()) as { readonly value: readonly T[] };
    assert.equal(response.status, 200, JSON.stringify(value));
    if (isEnough(value)) return value;
    await wait(50);
  }
  return assert.fail(`${log} has nothing that will do where ${filter}`);
}
