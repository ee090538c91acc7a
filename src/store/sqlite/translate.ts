import { Fault } from '../../kernel/index.ts';
import { faults } from '../faults.ts';
import { NotMigratable } from './migrate.ts';

/** Errors of the driver and the file system as `store.unusable`; faults and errors of the caller's own code stay as they are. */
export function translatorFor(url: string): (error: unknown) => unknown {
  return (error) => {
    if (error instanceof Fault || !(error instanceof Error)) return error;
    if (error instanceof NotMigratable) return faults.unusable({ url, reason: error.message }, error);
    const code = 'code' in error ? error.code : undefined;
    const ours = code === 'ERR_SQLITE_ERROR' || ('syscall' in error && typeof code === 'string');
    return ours ? faults.unusable({ url, reason: `${error.message}.` }, error) : error;
  };
}
