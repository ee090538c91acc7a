import type { Limits } from '../limits.ts';
import type { StoreReader } from '../store.ts';
import { linkedRows } from './linked.ts';
import { findPage } from './page.ts';
import { rowOf } from './rows.ts';
import type { Script } from './script.ts';
import type { View } from './view.ts';

/** One tenant's entities, read by whoever plays the scripts. */
export const sqlReader = (view: View, limits: Limits, play: <T>(script: Script<T>) => Promise<T>): StoreReader => ({
  get: (ref) => play(rowOf(view, ref)),
  find: (query) => play(findPage(view, query, limits)),
  linked: (sources, navigation, most) => play(linkedRows(view, sources, navigation, most)),
});
