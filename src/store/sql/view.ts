import type { Catalogue } from '../catalogue.ts';
import type { Dialect } from './dialect.ts';

/** One tenant's part of a database with this model. */
export interface View {
  readonly tenantId: string;
  readonly catalogue: Catalogue;
  readonly dialect: Dialect;
}
