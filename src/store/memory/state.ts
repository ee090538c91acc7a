import type { EntityType, Place } from '../../model/index.ts';
import type { KeptEphemeral } from '../ephemeral-rules.ts';
import type { Change } from '../store.ts';
import { Layer, type Table } from './layer.ts';

export interface StoredRow {
  /** Where it is found among the rows: family, scope and folded id. */
  readonly at: string;
  readonly family: string;
  readonly scope: string;
  /** The folded id. */
  readonly key: string;
  readonly id: string;
  readonly type: EntityType;
  readonly etag: string;
  /** Grows with every creation. */
  readonly created: number;
  readonly within?: Place;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface StoredLink {
  readonly at: string;
  readonly source: string;
  readonly navigation: string;
  readonly target: string;
  readonly sequence: number;
}

export interface StoredEphemeral extends KeptEphemeral {
  readonly stamp: number;
}

/** Everything one tenant has. `claims`: unique values and tuples, and which row holds them. */
export interface TenantTables {
  readonly rows: Table<StoredRow>;
  readonly claims: Table<string>;
  readonly links: Table<StoredLink>;
  readonly ephemerals: Table<StoredEphemeral>;
}

export interface TenantState extends TenantTables {
  readonly rows: Map<string, StoredRow>;
  readonly claims: Map<string, string>;
  readonly links: Map<string, StoredLink>;
  readonly ephemerals: Map<string, StoredEphemeral>;
  /** The change log, oldest first. */
  readonly log: Change[];
}

export const emptyState = (): TenantState => ({
  rows: new Map(),
  claims: new Map(),
  links: new Map(),
  ephemerals: new Map(),
  log: [],
});

/** The state as one transaction sees it. */
export function layerOver(state: TenantState): TenantTables & { merge(): void } {
  const rows = new Layer(state.rows);
  const claims = new Layer(state.claims);
  const links = new Layer(state.links);
  const ephemerals = new Layer(state.ephemerals);
  return {
    rows,
    claims,
    links,
    ephemerals,
    merge() {
      for (const layer of [rows, claims, links, ephemerals]) layer.merge();
    },
  };
}
