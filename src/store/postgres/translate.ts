import { Fault } from '../../kernel/index.ts';
import { faults } from '../faults.ts';

/** SQLSTATE of PostgreSQL (manual, appendix A); undefined for every other error. */
function sqlStateOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

const conflicts = new Set(['40001', '40P01', '23505']);

/** The work may be done again from its beginning: serialization failure, deadlock, and a value that somebody took meanwhile. */
export const isConflict = (error: unknown): boolean => conflicts.has(sqlStateOf(error) ?? '');

/** Connection exceptions, too many of them, a server that is stopping or starting, one that has become a standby. */
const away = /^(08|53300|57P0|25006)/;
/** What the driver says without a code. */
const lost =
  /Connection terminated|Connection ended|connection error and is not queryable|Client was closed|Client has encountered|Query read timeout/;

/** No answer came in the time that the driver was told, and no end of the connection either. */
export const isSilent = (error: unknown): boolean => error instanceof Error && error.message === 'Query read timeout';

/** The connection is of no use to anybody any more. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof Fault) return false;
  const state = sqlStateOf(error);
  return state === undefined ? 'syscall' in error || lost.test(error.message) : away.test(state);
}

const states: Readonly<Record<string, () => Fault>> = {
  // Statements are cancelled by nothing but their own time limit.
  '57014': () => faults.slow(),
  '55P03': () => faults.contended(),
  '40001': () => faults.contended(),
  '40P01': () => faults.contended(),
  '23505': () => faults.contended(),
  '53100': () => faults.full(),
  '54000': () => faults.tooLarge(),
  // A table, column or schema that is not there: the process was started with another model than the one in force.
  '42P01': () => faults.outdated(),
  '42703': () => faults.outdated(),
  '3F000': () => faults.outdated(),
};

/** Out of memory or locks, and failures of the machine below: nothing that the request could have done otherwise. */
const short = /^(53|58)/;

/** A connection could not be had or was lost; why stands in the log alone. */
export function unavailable(error: unknown): Fault {
  const cause = withoutDetails(error);
  return faults.unavailable({}, faults.disconnected({ reason: cause.message }, cause));
}

/**
 * Errors of the driver as faults; faults and errors of the caller's own code stay as they are. Of what the server said only
 * the sentence is kept, for the log: its details hold values.
 */
export function translate(error: unknown): unknown {
  if (error instanceof Fault || !(error instanceof Error)) return error;
  if (isLost(error)) return unavailable(error);
  const state = sqlStateOf(error);
  if (state === undefined) return error;
  if (!Object.hasOwn(states, state) && short.test(state)) return unavailable(error);
  return states[state]?.() ?? faults.refused({ code: state }, withoutDetails(error));
}

/** A sentence about an error of the driver. */
export function sentenceOf(error: unknown): string {
  // Node puts what it tried at several addresses into one error without words.
  const said = error instanceof AggregateError ? error.errors.map((one) => sentenceOf(one)).join('; ') : '';
  if (said !== '') return said;
  return error instanceof Error ? error.message : String(error);
}

/** The code of what went wrong: an SQLSTATE, or that of Node's error. */
export function codeOf(error: unknown): string | undefined {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error && 'code' in first && typeof first.code === 'string' ? first.code : undefined;
}

function withoutDetails(error: unknown): Error {
  const code = codeOf(error);
  const state = sqlStateOf(error);
  const message = state === undefined ? sentenceOf(error) : `${state}: ${sentenceOf(error)}`;
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}
