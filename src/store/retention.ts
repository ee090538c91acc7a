import { type EpochSeconds, isoDateTime } from '../kernel/index.ts';
import type { EntityType } from '../model/index.ts';
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
}

/** Every log of the model. Throws `store.undeclared` for one whose time is not indexed. */
export function logsOf({ families }: Catalogue): readonly Log[] {
  return families.flatMap((family) =>
    family.types.flatMap((type) => {
      if (!type.log) return [];
      const { time: name, retentionDays } = type.log;
      const time = family.hot.find((property) => property.name === name && property.kind === 'text');
      if (!time) throw faults.undeclared({ name: `${type.name}/${name} (indexed)` });
      return [{ family, type, time, retentionDays }];
    }),
  );
}

/** Entries of the log with a lesser time are over. Times are compared as text, folded like all text. */
export const oldestKept = ({ retentionDays }: Pick<Log, 'retentionDays'>, now: EpochSeconds): string =>
  foldText(isoDateTime(daysBefore(now, retentionDays)));
