import { type EpochSeconds, isoDateTime } from '../kernel/index.ts';
import { type EntityType, familyOf } from '../model/index.ts';
import type { Catalogue, Family, HotProperty } from './catalogue.ts';
import { foldText } from './comparable.ts';
import { faults } from './faults.ts';

/** Delta queries of Graph reach back about as long. */
export const usualChangeRetentionDays = 30;

const day = 86_400;

export const daysBefore = (now: EpochSeconds, days: number): EpochSeconds => now - days * day;

/** Entities that are removed when they have been kept long enough. */
export interface Log {
  readonly family: Family;
  readonly type: EntityType;
  /** The property that says when it happened. */
  readonly time: HotProperty;
  readonly retentionDays: number;
  /** Where a tenant says how many days instead. */
  readonly chosen?: { readonly family: Family; readonly property: HotProperty };
}

/** Every log of the model. Throws `store.undeclared` for one whose time, or whose tenant's choice, is not indexed. */
export function logsOf({ families }: Catalogue): readonly Log[] {
  return families.flatMap((family) =>
    family.types.flatMap((type) => {
      if (!type.log) return [];
      const { time: name, retentionDays, chosen } = type.log;
      const time = indexed(family, name, 'text');
      // Where nobody can choose, because the type is not stored, all keep them alike.
      const choosing = chosen && families.find((one) => one.name === familyOf(chosen.in()).name);
      if (!chosen || !choosing) return [{ family, type, time, retentionDays }];
      const property = indexed(choosing, chosen.path.join('/'), 'number');
      return [{ family, type, time, retentionDays, chosen: { family: choosing, property } }];
    }),
  );
}

function indexed({ name: of, hot }: Family, name: string, kind: HotProperty['kind']): HotProperty {
  const found = hot.find((property) => property.name === name && property.kind === kind);
  if (!found) throw faults.undeclared({ name: `${of}/${name} (indexed)` });
  return found;
}

/** Entries of the log with a lesser time are over. Times are compared as text, folded like all text. */
export const oldestKept = ({ retentionDays }: Pick<Log, 'retentionDays'>, now: EpochSeconds): string =>
  foldText(isoDateTime(daysBefore(now, retentionDays)));
