import { bytesOf, type Versioned } from '../directory/index.ts';
import type { EntityType } from '../model/index.ts';
import { faults } from './faults.ts';

type Found = Versioned<EntityType>;

/** What may be shown beside the entities of one read: entities in all, and their bytes. */
const most = { entities: 10_000, bytes: 16_777_216 } as const;

/** What is left for one answer. */
export interface Budget {
  /** The entities as they are shown, without their media streams. Throws `graph.tooMuchBeside` when they were too many in all. */
  spend(items: readonly Found[]): readonly Found[];
}

/** A whole budget, for one answer. */
export function besideBudget(): Budget {
  let { entities, bytes }: { entities: number; bytes: number } = most;
  return {
    spend(items) {
      const shown = items.map(withoutStream);
      entities -= shown.length;
      bytes -= shown.reduce((sum, { entity }) => sum + bytesOf(entity), 0);
      if (entities < 0 || bytes < 0) throw faults.tooMuchBeside();
      return shown;
    },
  };
}

/** Content has an address of its own, and would only be kept in memory here. */
function withoutStream(found: Found): Found {
  const { stream } = found.type;
  return stream ? { ...found, entity: { ...found.entity, [stream.property]: null } } : found;
}
