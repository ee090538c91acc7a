import { Fault, isFault } from '../../kernel/index.ts';
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

/** Result codes of SQLite (https://sqlite.org/rescode.html) that may go by themselves: when there is room again, or the disk is back. */
const passing: Readonly<Record<number, (cause: Error) => Fault>> = {
  5: (cause) => faults.contended({}, cause),
  8: (cause) => faults.readOnly({}, cause),
  10: (cause) => faults.unavailable({}, cause),
  13: (cause) => faults.full({}, cause),
  14: (cause) => faults.unavailable({}, cause),
};

/** Whether something could not be written, whatever it was. */
export function isOfTheDisk(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (isFault(error, 'store.moved')) return true;
  if ('errcode' in error && typeof error.errcode === 'number') return Object.hasOwn(passing, error.errcode & 0xff);
  return 'syscall' in error;
}

/** What the file system may say of itself when a commit is brought onto the disk. */
const noRoom = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** The same for a database that was opened and worked: what may pass is told so, and asking again is worth while. */
export function whileOpen(translate: (error: unknown) => unknown): (error: unknown) => unknown {
  return (error) => {
    if (!(error instanceof Error) || error instanceof Fault) return error;
    if ('errcode' in error && typeof error.errcode === 'number')
      return (passing[error.errcode & 0xff] ?? translate)(error);
    if (!('syscall' in error && 'code' in error)) return translate(error);
    return noRoom.has(String(error.code)) ? faults.full({}, error) : faults.unavailable({}, error);
  };
}
