import type { Directory } from '../directory/index.ts';
import type { EpochSeconds } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import type { Store } from '../store/index.ts';
import { endOf, laneIn } from './delivery.ts';

const type = entities.webhookDelivery;
const path = ['queue'];
const order = [{ path, descending: false }];

/** A delivery that waits, and until when. */
export interface Waiting {
  readonly id: string;
  readonly due: EpochSeconds;
}

/** The lanes in which something waits: one look for each, however much there is. */
export async function* lanesIn(directory: Pick<Directory, 'find'>): AsyncGenerator<string> {
  let from = '0';
  for (;;) {
    const filter = { op: 'ge', path, value: from } as const;
    const { items } = await directory.find({ type, filter, order, limit: 1 });
    const queue = items[0]?.entity.queue;
    if (!queue) return;
    const lane = laneIn(queue);
    yield lane;
    from = endOf(lane);
  }
}

/** What waits in a lane, the longest due first. */
export async function firstIn(
  directory: Pick<Directory, 'find'>,
  lane: string,
  limit: number,
): Promise<readonly Waiting[]> {
  const filter = { op: 'ge', path, value: `${lane}/` } as const;
  const { items } = await directory.find({ type, filter, order, limit });
  return items.flatMap(({ entity: { id, queue } }) => {
    if (!queue || laneIn(queue) !== lane) return [];
    return [{ id, due: Date.parse(queue.slice(lane.length + 1)) / 1000 }];
  });
}

/** Whether anything waits in a tenant that may not be open. */
export async function hasWaiting(store: Store): Promise<boolean> {
  const query = { type, filter: { op: 'ge', path, value: '0' }, order, limit: 1 } as const;
  return (await store.read((reader) => reader.find(query))).items.length > 0;
}
