import type { Ephemeral, StoreReader, StoreTransaction } from '../store.ts';
import { insert, update } from './entity.ts';
import { link, unlink } from './link.ts';
import type { TransactionParts } from './record.ts';
import { remove } from './remove.ts';
import type { Script } from './script.ts';

/** What an engine adds to the scripts. */
export interface Means {
  readonly reader: StoreReader;
  readonly ephemeral: Ephemeral;
  readonly play: <T>(script: Script<T>) => Promise<T>;
}

export const sqlTransaction = (parts: TransactionParts, { reader, ephemeral, play }: Means): StoreTransaction => ({
  ...reader,
  ephemeral,
  insert: (row, by) => play(insert(parts, row, by)),
  update: (row, by, properties, ifMatch) => play(update(parts, row, by, properties, ifMatch)),
  remove: (ref, by, ifMatch) => play(remove(parts, ref, by, ifMatch)),
  link: (source, navigation, target, by) => play(link(parts, source, navigation, target, by)),
  unlink: (source, navigation, target, by) => play(unlink(parts, source, navigation, target, by)),
});
