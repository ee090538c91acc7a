import type { Catalogue } from '../catalogue.ts';
import type { Dialect } from './dialect.ts';
import type { KnownRows } from './known-rows.ts';

/** One tenant's part of a database with this model. */
export interface View {
  readonly tenantId: string;
  readonly catalogue: Catalogue;
  readonly dialect: Dialect;
  /** Where rows that are read are kept; absent: nowhere. */
  readonly known?: KnownRows;
}
