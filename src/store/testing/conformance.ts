import { after, before, describe } from 'node:test';
import { type AdjustableClock, adjustableClock, newId, silent } from '../../kernel/index.ts';
import type { Database, OpenOptions } from '../store.ts';
import { types } from './contract.ts';
import { changeLog } from './contract-change-log.ts';
import { containment } from './contract-containment.ts';
import { ephemerals } from './contract-ephemerals.ts';
import { filters } from './contract-filters.ts';
import { links } from './contract-links.ts';
import { paging } from './contract-paging.ts';
import { rollback } from './contract-rollback.ts';
import { rows } from './contract-rows.ts';
import { tenants } from './contract-tenants.ts';
import { uniqueness } from './contract-uniqueness.ts';

/**
 * The contract of the port as tests: every engine passes them unchanged. They use a tenant of their own each, so the
 * database may be shared and need not be empty.
 */
export function conformance(name: string, open: (options: OpenOptions) => Promise<Database>): void {
  describe(`${name} keeps the contract of the store`, () => {
    const clock: AdjustableClock = adjustableClock();
    let database: Database;
    const fresh = () => database.tenant(newId());
    before(async () => {
      database = await open({ clock, observe: silent, types });
    });
    after(() => database.close());

    rows(fresh);
    uniqueness(fresh);
    filters(fresh);
    paging(fresh);
    links(fresh);
    containment(fresh);
    rollback(fresh, () => database);
    changeLog(fresh, clock, () => database);
    ephemerals(fresh, clock, () => database);
    tenants(() => database);
  });
}
